// Tests of charts/heddle/providers: the settings that each page tells to use are settings that the chart and the console take.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { decodeConfig } from '../../config';
import { renderChart } from './render-chart';

const CHART = join(import.meta.dirname, '../../../charts/heddle');
const PAGES = readdirSync(join(CHART, 'providers'));
const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);

/** Blocks of YAML that are values of the chart: those with `config`. */
const valuesIn = (page: string): readonly Readonly<Record<string, unknown>>[] =>
  [...readFileSync(join(CHART, 'providers', page), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text]): unknown => parse(text ?? ''))
    .filter(isRecord)
    .filter((values) => 'config' in values);

describe.each(PAGES)('%s', (page) => {
  it('tells to set what the chart and the console take', () => {
    const all = valuesIn(page);
    expect(all.length).toBeGreaterThan(0);
    for (const values of all) {
      expect(() => renderChart(CHART, values)).not.toThrow();
      const secrets = isRecord(values['secrets']) ? Object.keys(values['secrets']) : [];
      const environment = Object.fromEntries(secrets.map((name) => [name, 'a-secret-of-thirty-two-characters-or-more']));
      const config = decodeConfig(stringify(values['config']), environment, '/');
      expect(['openid', 'header']).toContain(config['auth.strategy']);
    }
  });

  it('names the addresses of the console that the provider must know', () => {
    expect(readFileSync(join(CHART, 'providers', page), 'utf8')).toContain('https://mesh.example.com/heddle/api/auth/callback');
  });
});
