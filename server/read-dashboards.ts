// Dashboards of the operator's own: files of Grafana's exports in a directory, beside those that come with the console.
// In: a directory. Out: Dashboard[]; a file that cannot be taken over is told to the log and left out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '../model/dashboard';
import { DASHBOARDS } from './dashboards/catalogue';
import { importGrafana } from './dashboards/grafana';
import type { Logger } from './log';

/** @throws where the directory cannot be read */
export function readDashboards(directory: string | undefined, log: Pick<Logger, 'warn'>): readonly Dashboard[] {
  if (directory === undefined) return DASHBOARDS;
  const own = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      try {
        const body: unknown = JSON.parse(readFileSync(join(directory, name), 'utf8'));
        return [importGrafana(body, name)];
      } catch (error) {
        log.warn('a dashboard cannot be taken over', { file: name, why: error instanceof Error ? error.message : 'unreadable' });
        return [];
      }
    });
  // One of the operator's stands in place of ours of the same id.
  const ids = new Set(own.map(({ id }) => id));
  return [...DASHBOARDS.filter(({ id }) => !ids.has(id)), ...new Map(own.map((one) => [one.id, one])).values()];
}
