// The collector against a scripted backend and a clock of its own: what is asked when, what is shared, and what a failure leaves.
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { edge, type Row } from './testing/answers';
import { bench, closeBenches, find, rowsOf, unknown } from './testing/collector-bench';

afterEach(closeBenches);

const away = (): never => {
  throw new Failure('metricsTimeout', 'no answer', 'wait');
};
describe('TelemetryCollector', () => {
  it('gives the base of the whole mesh by two queries, at one instant', async () => {
    const { source, clock, ask, names, collector } = bench();
    clock.ms += 321;
    const snapshot = await ask();
    expect(snapshot).toMatchObject({
      atMs: 1_700_000_000_000,
      windowSeconds: 60,
      bucketBoundsMs: [],
      quantilesAtMs: null,
      warnings: [],
      cost: { queries: 2 },
    });
    expect(snapshot.observations.map((o) => o.protocol)).toEqual(['http', 'http', 'tcp']);
    expect(names().filter((name) => name !== 'identity')).toEqual(['source', 'destination']);
    expect(new Set(source.asked.map((query) => query.atMs))).toEqual(new Set([1_700_000_000_000]));
    expect(collector.capabilities()?.version).toBe('2.42.0');
  });

  it('adds latency and throughput by one query each, at first without the hosts that only callers report', async () => {
    const sourceOnly = 'reporter="source", destination_service="x.shop.svc.cluster.local"';
    const { source, clock, ask, late, collector } = bench((query) =>
      query.name === 'duration' && query.promql.includes(sourceOnly)
        ? [...rowsOf(query), [edge('a', 'x', { ...unknown, reporter: 'source' }), 30]]
        : rowsOf(query),
    );
    const first = await ask({ overlays: ['latency', 'throughput'] });
    expect(find(first, 'b')).toMatchObject({ durationMsPerSecond: 200, responseBytesPerSecond: 4000, requestBytesPerSecond: null });
    expect(find(first, 'x')).toMatchObject({ requestsPerSecond: 2, durationMsPerSecond: null });
    expect(first.cost.queries).toBe(4);
    expect(source.asked.slice(0, 4).filter(({ promql }) => promql.includes(sourceOnly))).toEqual([]);
    await collector.settle();
    const rest = source.asked.filter(({ promql }) => promql.includes(sourceOnly));
    expect(rest.map(({ name, promql }) => [name, promql.includes('"destination"')])).toEqual([
      ['duration', false],
      ['bytes', false],
    ]);
    expect(late.map(({ snapshot }) => [find(snapshot, 'x')?.durationMsPerSecond, find(snapshot, 'b')?.durationMsPerSecond])).toEqual([
      [30, 200],
    ]);
    clock.ms += 15_000;
    const second = await ask({ overlays: ['latency', 'throughput'] });
    expect([second.cost.queries, find(second, 'x')?.durationMsPerSecond]).toEqual([4, 30]);
    const streams = source.asked.filter(({ name, promql }) => name !== 'identity' && !rest.some((own) => own.promql === promql));
    expect(new Set(streams.map((query) => query.stream))).toEqual(new Set(['60s ']));
  });

  it('shares equal requests under way, whoever asks', async () => {
    const { ask, names } = bench();
    const [a, b, c] = await Promise.all([ask(), ask({ overlays: [] }), ask({ windowSeconds: 300 })]);
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    expect(names().filter((name) => name === 'source')).toHaveLength(2);
  });

  it('asks only for the namespaces that are watched', async () => {
    const { source, ask } = bench();
    await ask({ namespaces: ['b', 'a', 'b'] });
    expect(source.asked[0]?.promql).toContain('destination_workload_namespace=~"a|b"');
    expect((await ask({ namespaces: [] })).observations).toHaveLength(3);
    expect(source.asked.at(-1)?.promql).not.toContain('a|b');
  });

  it('tells clusters apart once the backend knows several', async () => {
    const { source, ask } = bench();
    source.capabilities = { version: null, scrapeIntervalSeconds: 15, metrics: new Set(), clusters: ['east', 'west'], notes: [] };
    await ask();
    expect(source.asked[0]?.promql).toContain('source_cluster');
  });

  it('fails with the base, in the backend’s words, and gives up the rest', async () => {
    const signals: AbortSignal[] = [];
    const { ask } = bench((query, _, signal) => {
      if (query.name === 'destination') return away();
      if (query.name === 'source') {
        signals.push(signal);
        return new Promise(() => undefined);
      }
      return rowsOf(query);
    });
    await expect(ask()).rejects.toMatchObject({ code: 'metricsTimeout', detail: 'no answer' });
    expect(signals[0]?.aborted).toBe(true);
  });

  it('works when the backend cannot say what it holds, and asks again later', async () => {
    const { source, clock, ask } = bench();
    source.capabilities = null;
    expect((await ask()).observations).toHaveLength(3);
    await ask({ atMs: clock.ms + 1000 });
    expect(source.probes).toBe(1);
    clock.ms += 31_000;
    await ask();
    expect(source.probes).toBe(2);
  });

  it('keeps the last good values of an overlay that fails, and says so', async () => {
    let fails = false;
    const { clock, ask } = bench((query) => {
      if (fails && (query.name === 'duration' || query.name === 'bytes')) return away();
      const rows = rowsOf(query);
      return fails && query.name === 'destination' ? rows.map(([labels, value]): Row => [labels, value * 2]) : rows;
    });
    const overlays = ['latency', 'throughput'] as const;
    await ask({ overlays });
    fails = true;
    clock.ms += 60_000;
    const carried = await ask({ overlays });
    expect(find(carried, 'b')).toMatchObject({ requestsPerSecond: 20, durationMsPerSecond: 400, responseBytesPerSecond: 4000 });
    expect(carried.warnings).toEqual([
      'Average latency is of 22:13:20 UTC: Prometheus did not answer in time: no answer',
      'Throughput is of 22:13:20 UTC: Prometheus did not answer in time: no answer',
    ]);
    clock.ms += 900_000;
    const tooOld = await ask({ overlays });
    expect(find(tooOld, 'b')?.durationMsPerSecond).toBeNull();
    expect(tooOld.warnings[0]).toMatch(/^Average latency is missing: /);
    fails = false;
    clock.ms += 1000;
    expect((await ask({ overlays })).warnings).toEqual([]);
  });

  it('passes on the backend’s warnings', async () => {
    const { source, ask } = bench();
    source.warnings = ['a store is lost'];
    expect((await ask()).warnings).toEqual(['a store is lost']);
  });

  it('reads quantiles apart: late the first time, then from memory, at most a quarter of the time', async () => {
    const { clock, ask, late, names, collector } = bench((query, own) => {
      if (query.name === 'buckets' && !query.promql.includes('"source"')) own.ms += 6000;
      return rowsOf(query);
    });
    const count = (): number => names().filter((name) => name === 'buckets').length;
    const first = await ask({ overlays: ['quantiles'] });
    expect(first.quantilesAtMs).toBeNull();
    await collector.settle();
    // Once with the identities, once with the quantiles as well.
    expect(late.map(({ request }) => request.overlays)).toEqual([['quantiles'], ['quantiles']]);
    const completed = late[1]?.snapshot;
    expect(completed?.identities.size).toBe(1);
    expect([completed?.atMs, completed?.bucketBoundsMs]).toEqual([first.atMs, [10, Number.POSITIVE_INFINITY]]);
    expect(completed?.observations.map((o) => o.durationBuckets && [...o.durationBuckets])).toEqual([[0, 2], [4, 10], null]);
    expect(count()).toBe(2);
    clock.ms += 9000;
    const second = await ask({ overlays: ['quantiles'] });
    expect([second.quantilesAtMs, count()]).toEqual([first.atMs, 2]);
    clock.ms += 9001;
    await ask({ overlays: ['quantiles'] });
    await collector.settle();
    expect([count(), late.length]).toEqual([4, 2]);
  });

  it('waits for quantiles of the past, and leaves no stream behind', async () => {
    const { source, clock, ask, names, late } = bench();
    const snapshot = await ask({ live: false, windowSeconds: 3600, overlays: ['quantiles', 'latency'], atMs: clock.ms - 86_400_000 });
    expect(snapshot.quantilesAtMs).toBe(snapshot.atMs);
    expect(find(snapshot, 'b')?.durationBuckets).not.toBeNull();
    expect(names().filter((name) => name === 'buckets')).toHaveLength(2);
    expect(source.asked.every((query) => query.stream === null && query.atMs === snapshot.atMs)).toBe(true);
    expect(source.asked.find((query) => query.name === 'identity')?.promql).toContain('last_over_time');
    expect(late).toEqual([]);
  });

  it('says that quantiles are missing, and keeps those it had', async () => {
    let fails = true;
    const { clock, ask, collector } = bench((query) => (fails && query.name === 'buckets' ? away() : rowsOf(query)));
    await ask({ overlays: ['quantiles'] });
    await collector.settle();
    clock.ms += 1000;
    expect((await ask({ overlays: ['quantiles'] })).warnings).toEqual([
      'Quantiles are missing: Prometheus did not answer in time: no answer',
    ]);
    fails = false;
    await collector.settle();
    clock.ms += 1000;
    await ask({ overlays: ['quantiles'] });
    await collector.settle();
    fails = true;
    clock.ms += 1000;
    const had = await ask({ overlays: ['quantiles'] });
    expect([had.warnings, had.quantilesAtMs === null]).toEqual([[], false]);
  });

  it('asks for identities every five minutes, and completes the first snapshot without making it wait', async () => {
    let hang = false;
    const { clock, ask, names, collector, late } = bench((query, _, signal) =>
      hang && query.name === 'identity'
        ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))))
        : rowsOf(query),
    );
    const count = (): number => names().filter((name) => name === 'identity').length;
    const first = await ask();
    expect([first.identities.size, late.length]).toEqual([0, 0]);
    await collector.settle();
    expect(late).toMatchObject([{ snapshot: { atMs: first.atMs, observations: first.observations } }]);
    expect(Object.fromEntries(late[0]?.snapshot.identities ?? [])).toEqual({ 'home/shop/a': { app: 'a-app', version: 'v2' } });
    clock.ms += 290_000;
    expect((await ask()).identities.size).toBe(1);
    expect(count()).toBe(2);
    hang = true;
    clock.ms += 20_000;
    expect((await ask()).identities.size).toBe(1);
    expect(count()).toBe(4);
  });

  it('recommends longer intervals under load', async () => {
    const { clock, ask, collector } = bench((query, own) => {
      if (query.name === 'source') own.ms += 8000;
      return rowsOf(query);
    });
    expect(collector.recommendedIntervalMs(15_000)).toBe(15_000);
    await ask();
    expect(collector.recommendedIntervalMs(15_000)).toBe(24_000);
    clock.ms += 200_000;
    expect(collector.recommendedIntervalMs(15_000)).toBe(15_000);
  });

  it.each<[string, string, string, readonly string[]]>([
    ['one cluster', 'west', '', ['home>home']],
    ['several clusters', 'west', 'east', ['west>east']],
  ])(
    'sees in the first answer whether the metrics are of %s, where the backend does not tell',
    async (_, source, destination, expected) => {
      const {
        ask,
        collector,
        source: backend,
      } = bench((query) =>
        query.name === 'destination' ? [[edge('a', 'b', { source_cluster: source, destination_cluster: destination }), 1]] : [],
      );
      backend.tellsClusters = false;
      const [own] = (await ask()).observations;
      expect([`${own?.source.cluster}>${own?.destination.cluster}`]).toEqual(expected);
      expect(backend.asked[0]?.promql).toContain('source_cluster');
      await collector.settle();
    },
  );

  it.each<[readonly string[], boolean]>([
    [['west'], false],
    [['east', 'west'], true],
    [[], true],
  ])('asks for clusters from the first query on only where there may be several: %j', async (clusters, asked) => {
    const { ask, collector, source: backend } = bench(rowsOf);
    backend.capabilities = { version: null, scrapeIntervalSeconds: null, metrics: new Set(), clusters, notes: [] };
    await ask();
    expect(backend.asked.length).toBeGreaterThan(0);
    for (const { promql } of backend.asked.slice(0, 2)) expect(promql.includes('source_cluster')).toBe(asked);
    await collector.settle();
  });

  it('is given up by its caller or by closing', async () => {
    const { ask, collector } = bench((query, _, signal) =>
      query.name === 'source'
        ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Failure('metricsTimeout', 'given up', ''))))
        : rowsOf(query),
    );
    const caller = new AbortController();
    const own = ask({}, caller.signal).catch((error: unknown) => String(error));
    caller.abort(new Error('left'));
    expect(await own).toBe('Error: left');
    const other = ask({ windowSeconds: 300 }).catch((error: unknown) => String(error));
    await collector.close();
    expect(await other).toMatch(/closed/);
  });
});
