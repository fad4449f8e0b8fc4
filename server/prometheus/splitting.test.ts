// Queries in parts: what is refused for its size is asked again in parts that together are the whole, remembered, and grown back; alone by
// scripted refusals, and against a real Prometheus with a small limit of samples (the one on the PATH; skipped without).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MESH_SHAPES } from '../../bench/data/mesh';
import { prometheusInstalled, startPrometheusOn } from '../../bench/data/prometheus';
import { writeWal } from '../../bench/data/write-wal';
import { Failure } from '../../model/failure';
import type { TrafficSnapshot } from '../../model/traffic';
import type { VectorQuery } from '../ports';
import { TelemetryCollector } from '../telemetry/collect';
import { createPrometheusClient } from './client';
import { PROMETHEUS_DEFAULTS } from './options';
import { buildParts, joinColumns, Splitting } from './splitting';

const signal = new AbortController().signal;
const QUERY: VectorQuery = { name: 'source', stream: '60s', promql: 'sum by (ns) (rate(x[1m]))', labels: ['ns'], splitBy: ['ns'] };
const NAMES = Array.from({ length: 40 }, (_, i) => `team-${i}`);
const tooLarge = (): Failure => new Failure('metricsTooLarge', 'too many samples', 'ask for less');

const partOf = (promql: string): string => /\{(.*?)\}/.exec(promql)?.[1] ?? '';
/** Whether a matcher of buildParts takes a value; RE2 and JavaScript agree on these patterns. */
function matches(matcher: string, value: string): boolean {
  const [, operator = '', quoted = ''] = /^\w+(=~|!~)(".*")$/.exec(matcher) ?? [];
  const isIn = new RegExp(`^(?:${String(JSON.parse(quoted))})$`).test(value);
  return operator === '=~' ? isIn : !isIn;
}

describe('buildParts', () => {
  const takes = (part: string, value: readonly [string, string]): boolean =>
    [...part.matchAll(/(\w+)((?:=~|!~)"(?:[^"\\]|\\.)*")/g)].every(([, label = '', rest = '']) =>
      matches(`${label}${rest}`, value[label === 'to' ? 0 : 1]),
    );
  it('gives each pair of values to exactly one part, also values that are not listed', () => {
    for (const parts of [2, 4, 8, 16, 32])
      for (const listed of [NAMES, [], ['a.b', 'a|b', '"', '\\'], ['one', 'two', 'three']]) {
        const labels = [
          { label: 'to', values: listed },
          { label: 'from', values: NAMES },
        ];
        const built = buildParts(labels, parts);
        expect(built).toHaveLength(parts);
        for (const to of [...NAMES.slice(0, 9), 'default', '', 'unknown', 'a.b', 'a|b', 'Ünïcode', '9x', 'one'])
          for (const from of ['', 'team-1', 'team-7', 'unknown'])
            expect(
              built.filter((part) => takes(part, [to, from])),
              `${to} from ${from} of ${parts}`,
            ).toHaveLength(1);
      }
  });
  it('spreads listed values evenly', () => {
    const parts = buildParts([{ label: 'ns', values: NAMES }], 8);
    expect(parts.map((matcher) => NAMES.filter((name) => matches(matcher, name)).length)).toEqual([5, 5, 5, 5, 5, 5, 5, 5]);
  });
});

describe('Splitting', () => {
  function bench(limit: number, values: readonly string[] = NAMES) {
    const state = { ms: 0, limit, listed: 0 };
    const splitting = new Splitting({
      now: () => state.ms,
      listValues: () => {
        state.listed++;
        return Promise.resolve(values);
      },
    });
    const asked: string[] = [];
    const ask = () =>
      splitting.ask(QUERY, 'instant', signal, (part) => {
        asked.push(part.promql);
        const matcher = partOf(part.promql);
        const size = matcher === '' ? NAMES.length : NAMES.filter((name) => matches(matcher, name)).length;
        return size > state.limit ? Promise.reject(tooLarge()) : Promise.resolve(size);
      });
    const take = (): number => asked.splice(0).length;
    return { state, splitting, ask, take };
  }

  it('asks in as many parts as it takes, at once, and remembers', async () => {
    const { ask, take, splitting } = bench(12);
    expect((await ask()).reduce((a, b) => a + b)).toBe(NAMES.length);
    expect(take()).toBe(1 + 2 + 4);
    await ask();
    expect(take()).toBe(4);
    expect(splitting.list()).toEqual([{ query: 'source', parts: 4 }]);
  });

  it('grows back when the backend takes more, and waits longer when it does not', async () => {
    const { state, ask, take, splitting } = bench(12);
    await ask();
    take();
    state.ms = 600_000;
    await ask();
    // Two parts were tried and refused, four it stays.
    expect(take()).toBe(2 + 4);
    state.ms += 700_000;
    await ask();
    expect(take()).toBe(4);
    state.limit = 1000;
    state.ms += 600_000;
    await ask();
    expect(take()).toBe(2);
    state.ms += 1_300_000;
    await ask();
    expect(take()).toBe(1);
    expect(splitting.list()).toEqual([]);
  });

  it('gives up where parts do not help, and does not ask for ever', async () => {
    const { ask, take } = bench(0);
    await expect(ask()).rejects.toMatchObject({ code: 'metricsTooLarge' });
    expect(take()).toBeLessThanOrEqual(1 + 2 + 4 + 8 + 16 + 32);
  });

  it('splits by the first letter where values are not listed', async () => {
    const { ask, state } = bench(12, []);
    state.limit = 40;
    await ask();
    state.limit = 39;
    await expect(ask()).rejects.toMatchObject({ code: 'metricsTooLarge' });
  });

  it('asks in parts the next time after a timeout, and leaves other failures alone', async () => {
    const splitting = new Splitting({ now: () => 0, listValues: () => Promise.resolve(NAMES) });
    let failure: Failure | null = new Failure('metricsTimeout', 'no answer', 'wait');
    let asked = 0;
    const ask = () =>
      splitting.ask(QUERY, 'instant', signal, () => {
        asked++;
        return failure === null ? Promise.resolve(1) : Promise.reject(failure);
      });
    await expect(ask()).rejects.toMatchObject({ code: 'metricsTimeout' });
    expect(asked).toBe(1);
    failure = new Failure('metricsUnreachable', 'away', 'wait');
    await expect(ask()).rejects.toMatchObject({ code: 'metricsUnreachable' });
    failure = null;
    expect(await ask()).toEqual([1, 1]);
  });

  it('never splits what does not say by what', async () => {
    const splitting = new Splitting({ now: () => 0, listValues: () => Promise.resolve(NAMES) });
    const whole: VectorQuery = { name: QUERY.name, promql: QUERY.promql, labels: QUERY.labels };
    await expect(splitting.ask(whole, 'instant', signal, () => Promise.reject(tooLarge()))).rejects.toMatchObject({
      code: 'metricsTooLarge',
    });
    expect(splitting.list()).toEqual([]);
  });
});

describe('joinColumns', () => {
  it('has the rows of all parts', () => {
    const part = (label: string, value: number) => ({
      steps: 2,
      labels: [[label]],
      values: Float32Array.of(value, value),
      warnings: ['w'],
      wallMs: value,
      bytes: 5,
    });
    expect(joinColumns([part('a', 1), part('b', 2)])).toEqual({
      steps: 2,
      labels: [['a'], ['b']],
      values: Float32Array.of(1, 1, 2, 2),
      warnings: ['w'],
      wallMs: 2,
      bytes: 10,
    });
  });
});

const root = mkdtempSync(join(tmpdir(), 'heddle-splitting-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe.skipIf(!prometheusInstalled())('a real Prometheus that loads few samples', () => {
  it('shows the whole mesh all the same', async () => {
    const endMs = 1_700_000_010_000;
    const clock = { now: () => endMs, after: () => () => undefined };
    const dir = join(root, 'small');
    writeWal(dir, MESH_SHAPES.small, { steps: 12, stepSeconds: 15, endMs, metrics: 'all' });
    const read = async (flags: readonly string[]) => {
      const prometheus = await startPrometheusOn(dir, 0, { flags });
      const source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: prometheus.url, clock });
      const collector = new TelemetryCollector({
        source,
        clock,
        homeCluster: 'Kubernetes',
        deadlineMs: 30_000,
        slowDeadlineMs: 30_000,
        onLate: () => undefined,
      });
      const request = {
        windowSeconds: 60,
        atMs: endMs,
        namespaces: null,
        overlays: ['latency', 'throughput', 'quantiles'] as const,
        live: false,
      };
      try {
        const snapshot = await collector.collect(request, signal);
        const again = await collector.collect({ ...request, live: true, overlays: ['latency'] }, signal);
        return { snapshot, again, stats: source.stats() };
      } finally {
        await collector.close();
        await source.close();
        await prometheus.close();
      }
    };
    const whole = await read([]);
    const parts = await read(['--query.max-samples=6000']);
    const shown = ({ observations }: TrafficSnapshot) =>
      observations
        .map((o) => [
          o.source.workload,
          o.destination.workload,
          o.service.host,
          o.protocol,
          o.requestsPerSecond,
          o.durationMsPerSecond,
          o.durationBuckets?.at(-1) ?? null,
          o.tcpSentBytesPerSecond,
        ])
        .map((own) => own.map((value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value)).join(' '))
        .sort();
    expect(parts.snapshot.warnings).toEqual([]);
    expect(shown(parts.snapshot)).toEqual(shown(whole.snapshot));
    expect(parts.again.observations).toHaveLength(whole.again.observations.length);
    expect(parts.stats.find(({ name }) => name === 'buckets')?.sent).toBeGreaterThan(
      whole.stats.find(({ name }) => name === 'buckets')?.sent ?? 0,
    );
  }, 60_000);
});
