// One mesh in every engine of this machine: the Prometheus on the PATH, one of the 3.x series, VictoriaMetrics. What the console shows of it
// is the same, but for what VictoriaMetrics computes differently by design. Engines that are not here are left out; npm test fetches them.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESH_SHAPES } from '../../bench/data/mesh';
import { findPrometheus3, prometheusInstalled, startPrometheusOn } from '../../bench/data/prometheus';
import { startVictoriaMetrics, victoriaMetricsInstalled } from '../../bench/data/victoria-metrics';
import { writeWal } from '../../bench/data/write-wal';
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import { OVERLAYS } from '../../model/wire';
import type { MetricsCapabilities, MetricsSource } from '../ports';
import { createPrometheusClient } from '../prometheus/client';
import { PROMETHEUS_DEFAULTS, type PrometheusOptions } from '../prometheus/options';
import { TelemetryCollector } from './collect';
import { fetchElementCharts, fetchPrincipals } from './element';
import { quantileOf } from './quantile';

const END_MS = 1_700_000_010_000;
const DATA = { steps: 28, stepSeconds: 15, endMs: END_MS } as const;
const clock = { now: () => END_MS, after: () => () => undefined };
const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'heddle-engines-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** What is shown of the mesh. */
interface Shown {
  readonly capabilities: MetricsCapabilities;
  readonly short: TrafficSnapshot;
  readonly long: TrafficSnapshot;
  readonly frame: TrafficSnapshot;
  readonly charts: readonly string[];
  readonly principals: number;
}

async function show(url: string, backend: PrometheusOptions['backend']): Promise<Shown> {
  const source: MetricsSource = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url, backend, clock });
  const collector = new TelemetryCollector({
    source,
    clock,
    homeCluster: 'Kubernetes',
    deadlineMs: 30_000,
    slowDeadlineMs: 30_000,
    onLate: () => undefined,
  });
  const ask = (windowSeconds: number): Promise<TrafficSnapshot> =>
    collector.collect({ windowSeconds, atMs: END_MS, namespaces: null, overlays: OVERLAYS, live: false }, signal);
  try {
    const short = await ask(60);
    const { source: from, destination: to } = short.observations.find(
      (o) => o.protocol === 'http' && o.reporter === 'destination',
    ) as Observation;
    const end = (ref: Observation['source']) =>
      ({ kind: 'workload', cluster: null, namespace: ref.namespace, workload: ref.workload }) as const;
    const selector = { source: end(from), destination: end(to), service: null, protocol: null };
    const charts = await fetchElementCharts(
      source,
      { traffic: [{ direction: 'edge', selector }], endMs: END_MS, rangeSeconds: 240, scrapeIntervalSeconds: 15, deadlineMs: 30_000 },
      signal,
    );
    const frames = await collector.collectFrames(
      { windowSeconds: 60, stepSeconds: 15, fromMs: END_MS - 60_000, toMs: END_MS, namespaces: null, overlays: ['latency'] },
      signal,
    );
    return {
      capabilities: await source.fetchCapabilities({ signal, deadlineMs: 10_000 }),
      short,
      long: await ask(300),
      frame: frames.frame(frames.instantsMs.length - 1),
      charts: charts.map(({ id }) => id),
      principals: (await fetchPrincipals(source, { traffic: selector, atMs: END_MS, windowSeconds: 60, deadlineMs: 10_000 }, signal))
        .length,
    };
  } finally {
    await collector.close();
    await source.close();
  }
}

const name = (o: Observation): string => [o.source.workload, o.destination.workload, o.service.host, o.protocol].join('|');
const edgesOf = ({ observations }: TrafficSnapshot): readonly string[] => observations.map(name).sort();
const total = ({ observations }: TrafficSnapshot): number => observations.reduce((sum, o) => sum + o.requestsPerSecond, 0);
const p95 = ({ observations, bucketBoundsMs }: TrafficSnapshot): Map<string, number> =>
  new Map(
    observations.flatMap((o) =>
      o.durationBuckets === null ? [] : [[name(o), quantileOf(bucketBoundsMs, o.durationBuckets, 0.95)?.valueMs ?? Number.NaN] as const],
    ),
  );
const apart = (a: number, b: number): number => Math.abs(a - b) / Math.max(1e-9, Math.abs(b));
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe.skipIf(!prometheusInstalled())('one mesh in several engines', () => {
  const prometheus3 = findPrometheus3();
  let reference: Shown;
  const dataFor = (engine: string): string => {
    const dir = join(root, engine);
    cpSync(join(root, 'data'), dir, { recursive: true });
    return dir;
  };
  const showPrometheus = async (engine: string, binary?: string): Promise<Shown> => {
    const running = await startPrometheusOn(dataFor(engine), 0, binary === undefined ? {} : { binary });
    try {
      return await show(running.url, 'prometheus');
    } finally {
      await running.close();
    }
  };
  beforeAll(async () => {
    writeWal(join(root, 'data'), MESH_SHAPES.small, { ...DATA, metrics: 'all' });
    reference = await showPrometheus('path');
  }, 60_000);

  it('shows traffic, quantiles, charts, principals and a replay', () => {
    expect(edgesOf(reference.short).length).toBeGreaterThan(100);
    expect(p95(reference.short).size).toBeGreaterThan(80);
    expect(reference.charts).toEqual(expect.arrayContaining(['rate', 'latency']));
    expect(reference.principals).toBe(1);
    expect(edgesOf(reference.frame)).toEqual(edgesOf(reference.short));
  });

  it.skipIf(prometheus3 === null)(
    'shows the same of Prometheus 3',
    async () => {
      const shown = await showPrometheus('three', prometheus3 ?? '');
      expect(shown.capabilities.version).toMatch(/^3\./);
      for (const window of ['short', 'long', 'frame'] as const) {
        expect(edgesOf(shown[window])).toEqual(edgesOf(reference[window]));
        shown[window].observations.forEach((o) => {
          const wanted = reference[window].observations.find((other) => name(other) === name(o));
          expect(apart(o.requestsPerSecond, wanted?.requestsPerSecond ?? Number.NaN), name(o)).toBeLessThan(1e-6);
        });
      }
      for (const [edge, value] of p95(shown.short))
        expect(apart(value, p95(reference.short).get(edge) ?? Number.NaN), edge).toBeLessThan(1e-9);
      expect(shown.charts).toEqual(reference.charts);
    },
    60_000,
  );

  it.skipIf(!victoriaMetricsInstalled())(
    'shows of VictoriaMetrics the same edges, at rates that differ by some percent',
    async () => {
      const running = await startVictoriaMetrics(join(root, 'victoria'), MESH_SHAPES.small, DATA);
      let shown: Shown;
      try {
        shown = await show(running.url, 'victoriametrics');
      } finally {
        await running.close();
      }
      expect(shown.capabilities).toMatchObject({ clusters: ['Kubernetes'], scrapeIntervalSeconds: 15 });
      expect(shown.capabilities.notes).toEqual([expect.stringContaining('extrapolation')]);
      expect(edgesOf(shown.long)).toEqual(edgesOf(reference.long));
      expect(apart(total(shown.long), total(reference.long))).toBeLessThan(0.02);
      expect(apart(total(shown.short), total(reference.short))).toBeLessThan(0.05);
      const rates = new Map(reference.long.observations.map((o) => [name(o), o.requestsPerSecond]));
      const differences = shown.long.observations
        .filter((o) => o.protocol !== 'tcp')
        .map((o) => apart(o.requestsPerSecond, rates.get(name(o)) ?? 0));
      expect(median(differences)).toBeLessThan(0.05);
      const quantiles = p95(reference.long);
      expect(median([...p95(shown.long)].map(([edge, value]) => apart(value, quantiles.get(edge) ?? Number.NaN)))).toBeLessThan(0.1);
      expect(shown.charts).toEqual(reference.charts);
      expect(shown.principals).toBe(1);
      expect(edgesOf(shown.frame).length).toBeGreaterThan(100);
    },
    60_000,
  );
});
