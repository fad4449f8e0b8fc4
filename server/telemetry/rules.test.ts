// The recording rules: the shipped file is the one that is written from the query plan, Prometheus takes it, and a snapshot read from what
// it records equals one that is computed. The file is written by `npx vitest run server/telemetry/rules.test.ts -u`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadRules, type RecordedSeries } from '../../bench/data/load-rules';
import { MESH_SHAPES } from '../../bench/data/mesh';
import { prometheusInstalled, type RunningPrometheus, startPrometheusOn } from '../../bench/data/prometheus';
import { writeWal } from '../../bench/data/write-wal';
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import type { MetricsSource } from '../ports';
import { createPrometheusClient } from '../prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../prometheus/options';
import { type CollectRequest, TelemetryCollector } from './collect';
import { quantileOf } from './quantile';
import { encodeRuleFile, MARKER, RULE_GROUPS } from './rules';

const FILE = join(import.meta.dirname, '../../charts/heddle/files/recording-rules.yaml');
const signal = new AbortController().signal;

describe('the rule file', () => {
  it('is the one that is shipped, and says what the groups say', async () => {
    await expect(encodeRuleFile()).toMatchFileSnapshot(FILE);
    expect(parse(encodeRuleFile())).toEqual({
      groups: RULE_GROUPS.map(({ name, intervalSeconds, rules }) => ({
        name,
        interval: `${intervalSeconds}s`,
        rules: rules.map(({ record, expr, labels }) => ({ record, expr, ...(Object.keys(labels).length === 0 ? {} : { labels }) })),
      })),
    });
  });

  it('ends each group with its marker, which names its interval', () => {
    for (const { rules, intervalSeconds } of RULE_GROUPS) {
      expect(rules.at(-1)).toMatchObject({ record: MARKER, labels: { interval: String(intervalSeconds) } });
      expect(rules.filter(({ record }) => record === MARKER)).toHaveLength(1);
    }
  });

  it.skipIf(spawnSync('promtool', ['--version']).status !== 0)('is valid for promtool', () => {
    const checked = spawnSync('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', FILE], { encoding: 'utf8' });
    expect(`${checked.stdout}${checked.stderr}`).toContain(`${RULE_GROUPS.flatMap(({ rules }) => rules).length} rules found`);
    expect(checked.status).toBe(0);
  });
});

const root = mkdtempSync(join(tmpdir(), 'heddle-rules-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const END_MS = 1_700_000_010_000;

describe.skipIf(!prometheusInstalled())('a mesh with recorded series in a real Prometheus', () => {
  let prometheus: RunningPrometheus;
  let source: MetricsSource;
  const open: TelemetryCollector[] = [];
  const asked: string[] = [];
  const clock = { ms: END_MS, now: () => clock.ms, after: () => () => undefined };
  /** A collector that sees the rules or does not. */
  const collectorOf = (rules: boolean): TelemetryCollector => {
    const own: MetricsSource = {
      ...source,
      fetchVector: async (query, atMs, options) => {
        asked.push(query.promql);
        return source.fetchVector(rules || query.name !== 'rules' ? query : { ...query, promql: 'vector(1) > 1' }, atMs, options);
      },
    };
    const made = new TelemetryCollector({
      source: own,
      clock,
      homeCluster: 'Kubernetes',
      deadlineMs: 30_000,
      slowDeadlineMs: 30_000,
      onLate: () => undefined,
    });
    open.push(made);
    return made;
  };
  const OVERLAYS = ['latency', 'throughput', 'requestThroughput', 'quantiles'] as const;
  const ask = (collector: TelemetryCollector, more: Partial<CollectRequest> = {}): Promise<TrafficSnapshot> =>
    collector.collect({ windowSeconds: 60, atMs: END_MS, namespaces: null, overlays: OVERLAYS, live: false, ...more }, signal);
  const key = (o: Observation): string => [o.source.workload, o.destination.workload, o.service.host, o.protocol].join('|');

  /** All numbers of a snapshot by edge and name. */
  function numbersOf({ observations, bucketBoundsMs }: TrafficSnapshot): Map<string, number> {
    const numbers = new Map<string, number>();
    for (const o of observations) {
      const put = (name: string, value: number | null | undefined): void => {
        if (typeof value === 'number') numbers.set(`${key(o)} ${name}`, value);
      };
      put('rps', o.requestsPerSecond);
      for (const r of o.responses) put(`${r.code} ${r.grpcStatus ?? ''} ${r.flags}`, r.requestsPerSecond);
      put('sent', o.tcpSentBytesPerSecond);
      put('received', o.tcpReceivedBytesPerSecond);
      put('mutual', o.mtls.mutual);
      put('plaintext', o.mtls.plaintext);
      put('unknown', o.mtls.unknown);
      put('duration', o.durationMsPerSecond);
      put('request bytes', o.requestBytesPerSecond);
      put('response bytes', o.responseBytesPerSecond);
      if (o.durationBuckets !== null)
        for (const q of [0.5, 0.95, 0.99]) put(`p${q}`, quantileOf(bucketBoundsMs, o.durationBuckets, q)?.valueMs);
    }
    return numbers;
  }
  function expectEqual(own: TrafficSnapshot, wanted: TrafficSnapshot, tolerance: number): void {
    const a = numbersOf(own);
    const b = numbersOf(wanted);
    expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
    for (const [name, value] of b)
      expect(Math.abs((a.get(name) ?? Number.NaN) - value), name).toBeLessThanOrEqual(Math.abs(value) * tolerance + 1e-12);
  }

  beforeAll(async () => {
    const dir = join(root, 'small');
    writeWal(dir, MESH_SHAPES.small, { steps: 12, stepSeconds: 15, endMs: END_MS, metrics: 'all' });
    prometheus = await startPrometheusOn(dir, 0);
    source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: prometheus.url, clock });
    const last: RecordedSeries = new Map();
    for (const atMs of [END_MS - 30_000, END_MS - 15_000, END_MS]) await loadRules(prometheus.url, atMs, null, last);
  }, 60_000);
  afterAll(async () => {
    for (const each of open) await each.close();
    await source.close();
    await prometheus.close();
  });

  it('shows what is computed without them, quantiles and all, and asks for no metric of Istio but where only callers report', async () => {
    const computed = await ask(collectorOf(false));
    expect(computed.recorded).toBeUndefined();
    asked.length = 0;
    const recorded = await ask(collectorOf(true));
    expect(recorded.recorded).toEqual({ edgesAtMs: END_MS, latencyAtMs: END_MS });
    expectEqual(recorded, computed, 1e-9);
    expect(recorded.observations.filter((o) => o.durationBuckets !== null).length).toBeGreaterThan(80);
    const raw = asked.filter((promql) => promql.includes('rate(istio_') && !promql.includes('reporter="source"'));
    expect(raw).toEqual([]);
  });

  it('shows the same of some namespaces, and live', async () => {
    const namespaces = [(await ask(collectorOf(false))).observations[0]?.destination.namespace ?? ''];
    expectEqual(await ask(collectorOf(true), { namespaces }), await ask(collectorOf(false), { namespaces }), 1e-9);
    const live = collectorOf(true);
    await ask(live, { live: true });
    await live.settle();
    const second = await ask(live, { live: true });
    expect(second.quantilesAtMs).toBe(END_MS);
    expectEqual(second, await ask(collectorOf(false)), 1e-9);
  });

  it('replays from them', async () => {
    asked.length = 0;
    const overlays = ['latency', 'throughput'] as const;
    const range = { windowSeconds: 60, stepSeconds: 15, fromMs: END_MS - 30_000, toMs: END_MS, namespaces: null, overlays };
    const frames = await collectorOf(true).collectFrames(range, signal);
    expect(frames.instantsMs).toHaveLength(3);
    for (const [index, atMs] of frames.instantsMs.entries())
      expectEqual(frames.frame(index), await ask(collectorOf(false), { atMs, overlays }), 1e-6);
  });

  it('computes again in the same snapshot when they have grown old, and in other windows', async () => {
    const collector = collectorOf(true);
    expect((await ask(collector)).recorded).toBeDefined();
    const late = { atMs: END_MS + 38_000, overlays: ['latency'] as const };
    clock.ms = late.atMs;
    const stale = await ask(collector, late);
    expect(stale.recorded).toBeUndefined();
    expectEqual(stale, await ask(collectorOf(false), late), 1e-12);
    const still = await ask(collectorOf(true), { atMs: END_MS + 37_000, overlays: ['latency'] });
    expect(still.recorded).toEqual({ edgesAtMs: END_MS, latencyAtMs: null });
    expect((await ask(collector, { windowSeconds: 120 })).recorded).toBeUndefined();
    clock.ms = END_MS;
  });
});

describe.skipIf(!prometheusInstalled())('the rule manager of a real Prometheus', () => {
  it('evaluates every rule without a fault', async () => {
    const dir = join(root, 'live');
    // Samples lie ahead of the clock, so that there is traffic whenever the rules are evaluated.
    writeWal(dir, MESH_SHAPES.small, { steps: 24, stepSeconds: 15, endMs: Date.now() + 240_000, metrics: 'all' });
    const ruleFile = join(root, 'rules.yml');
    writeFileSync(ruleFile, readFileSync(FILE, 'utf8').replaceAll(/interval: \d+s/g, 'interval: 1s'));
    const prometheus = await startPrometheusOn(dir, 0, { ruleFile });
    try {
      interface Rule {
        readonly name: string;
        readonly health: string;
        readonly lastError?: string;
      }
      const read = async (): Promise<readonly Rule[]> => {
        const answer = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as { data: { groups: { rules: Rule[] }[] } };
        return answer.data.groups.flatMap(({ rules }) => rules);
      };
      await expect
        .poll(async () => (await read()).filter(({ health }) => health === 'unknown'), { timeout: 20_000, interval: 100 })
        .toEqual([]);
      const rules = await read();
      expect(rules).toHaveLength(RULE_GROUPS.flatMap((group) => group.rules).length);
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
      const counts = new Map<string, number>();
      for (const record of new Set(rules.map(({ name }) => name))) {
        const answer = (await (
          await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query: `count(${record})` }).toString()}`)
        ).json()) as { data: { result: { value: [number, string] }[] } };
        counts.set(record, Number(answer.data.result[0]?.value[1] ?? 0));
      }
      for (const [record, count] of counts) expect(count, record).toBeGreaterThan(record === MARKER ? 1 : 5);
    } finally {
      await prometheus.close();
    }
  }, 60_000);
});
