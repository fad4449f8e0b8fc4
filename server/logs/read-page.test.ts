// Pages of logs: paged back to the beginning, every line comes once and each container's in its order.
import { describe, expect, it } from 'vitest';
import { decodeLogQuery, encodeLogQuery, type LogQuery } from '../../model/log-query';
import { readPage } from './read-page';
import { at, ScriptedLogs } from './testing/scripted-logs';

const NEVER = new AbortController().signal;
const sources = [
  { pod: 'web-0', container: 'app' },
  { pod: 'web-0', container: 'istio-proxy' },
];
const parts = (port: ScriptedLogs) => ({ port, credential: { kind: 'console' }, namespace: 'shop', nowMs: Date.parse(at(59)) }) as const;
const ask = (given: Partial<LogQuery>): LogQuery => decodeLogQuery(encodeLogQuery({ sources, tail: 10, ...given }));

describe('a page', () => {
  it('brings the last lines of all by time', async () => {
    const port = new ScriptedLogs();
    port.write('web-0/app', { at: at(1), text: 'a1' }, { at: at(3), text: 'a2' });
    port.write('web-0/istio-proxy', { at: at(2), text: 'p1' }, { at: at(4), text: 'p2' });
    const page = await readPage(parts(port), ask({}), NEVER);
    expect(page.rows.map(([source, , text]) => `${source} ${text ?? ''}`)).toEqual(['0 a1', '1 p1', '0 a2', '1 p2']);
    expect(page.complete).toBe(true);
  });

  it('leads back to the beginning, page by page, without doubling or losing a line', async () => {
    const port = new ScriptedLogs();
    // Several lines of one instant, one container far busier than the other.
    const busy = Array.from({ length: 400 }, (_, i) => ({ at: at(10 + Math.floor(i / 3) * 0.1), text: `busy ${i}` }));
    const quiet = Array.from({ length: 9 }, (_, i) => ({ at: at(5 + i * 5), text: `quiet ${i}` }));
    port.write('web-0/istio-proxy', ...busy);
    port.write('web-0/app', ...quiet);
    const pages: string[][] = [];
    let before: string | null = null;
    for (let i = 0; i < 100; i++) {
      const page = await readPage(parts(port), ask({ tail: 50, before }), NEVER);
      pages.unshift(page.rows.map(([, , text]) => text ?? ''));
      before = page.rows[0]?.[1] ?? before;
      if (page.complete) break;
      expect(page.rows.length).toBeGreaterThan(0);
    }
    const all = pages.flat();
    expect(all).toHaveLength(409);
    expect(all.filter((text) => text.startsWith('busy'))).toEqual(busy.map(({ text }) => text));
    expect(all.filter((text) => text.startsWith('quiet'))).toEqual(quiet.map(({ text }) => text));
  });

  it('does not go behind the asked beginning', async () => {
    const port = new ScriptedLogs();
    port.write('web-0/app', ...Array.from({ length: 50 }, (_, i) => ({ at: at(i), text: `${i}` })));
    const page = await readPage(
      parts(port),
      ask({ sources: [{ pod: 'web-0', container: 'app' }], sinceSeconds: 20, before: at(45), tail: 100 }),
      NEVER,
    );
    expect(page.rows.map(([, , text]) => text)).toEqual(['39', '40', '41', '42', '43', '44']);
    expect(page.complete).toBe(true);
  });

  it('tells which containers brought nothing, and why', async () => {
    const port = new ScriptedLogs();
    port.write('web-0/app', { at: at(1), text: 'a1' });
    port.refusals.set('web-0/istio-proxy', { outcome: 'refused', why: 'waiting', detail: 'PodInitializing' });
    const page = await readPage(parts(port), ask({}), NEVER);
    expect(page.rows).toHaveLength(1);
    expect(page.reports).toEqual([{ source: 1, state: 'waiting', detail: 'PodInitializing' }]);
  });
});
