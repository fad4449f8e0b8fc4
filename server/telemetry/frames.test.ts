// Frames against snapshots: the same traffic at the same instants, by few queries, which overlapping ranges share.
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import type { Observation } from '../../model/traffic';
import type { Clock, VectorQuery } from '../ports';
import { TelemetryCollector } from './collect';
import { columnsAt, type FramesRequest, planBlocks, type TrafficFrames } from './frames';
import { edge, type Row, ScriptedSource } from './testing/answers';

const END_MS = 1_700_000_000_000;
const open: TelemetryCollector[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Traffic that changes with time: `b` is called from the middle of the range on only. */
function rowsAt(query: VectorQuery, atMs: number): readonly Row[] {
  const rate = 1 + (Math.floor(atMs / 10_000) % 7) / 8;
  const unknown = { destination_workload: 'unknown', destination_workload_namespace: 'unknown' };
  switch (query.name) {
    case 'source':
      return [[edge('a', 'x', { ...unknown, reporter: 'source', response_code: '503', response_flags: 'UH' }), rate]];
    case 'destination':
      return [
        [edge('a', 'c'), 10 * rate],
        [edge('a', 'db', { direction: 'sent', app: 'db' }), 50],
        ...(atMs > END_MS - 900_000 ? [[edge('a', 'b'), 4] satisfies Row] : []),
      ];
    case 'duration':
      return [[edge('a', 'c'), 200 * rate]];
    case 'bytes':
      return [[edge('a', 'c', { direction: 'response' }), 4096]];
    default:
      return [];
  }
}

interface Bench {
  readonly source: ScriptedSource;
  readonly collector: TelemetryCollector;
  readonly clock: { ms: number };
  frames(more?: Partial<FramesRequest>, signal?: AbortSignal): Promise<TrafficFrames>;
}
function bench(script: (query: VectorQuery, atMs: number) => readonly Row[] | Promise<readonly Row[]> = rowsAt): Bench {
  const time = { ms: END_MS + 300_000 };
  const clock: Clock = { now: () => time.ms, after: () => () => undefined };
  const source = new ScriptedSource(script);
  const collector = new TelemetryCollector({
    source,
    clock,
    homeCluster: 'home',
    deadlineMs: 1000,
    slowDeadlineMs: 2000,
    onLate: () => undefined,
  });
  open.push(collector);
  const frames: Bench['frames'] = (more = {}, signal = new AbortController().signal) =>
    collector.collectFrames(
      {
        windowSeconds: 60,
        stepSeconds: 10,
        fromMs: END_MS - 1_800_000,
        toMs: END_MS,
        namespaces: null,
        overlays: ['latency', 'throughput'],
        ...more,
      },
      signal,
    );
  return { source, collector, clock: time, frames };
}
const shown = (observations: readonly Observation[]): readonly unknown[] =>
  observations
    .map(
      ({ source, destination, service, protocol, requestsPerSecond, durationMsPerSecond, responseBytesPerSecond, tcpSentBytesPerSecond }) =>
        [
          source.workload,
          destination.workload,
          service.host,
          protocol,
          requestsPerSecond,
          durationMsPerSecond,
          responseBytesPerSecond,
          tcpSentBytesPerSecond,
        ].map((value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)),
    )
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe('collectFrames', () => {
  it('replays 30 minutes in steps of 10 s by 20 queries at most', async () => {
    const { source, frames } = bench();
    const read = await frames();
    expect(read.instantsMs).toHaveLength(181);
    expect(read.instantsMs[0]).toBe(END_MS - 1_800_000);
    expect(read.instantsMs.at(-1)).toBe(END_MS);
    expect(read.cost.queries).toBe(source.ranges.length + source.asked.length);
    expect(read.cost.queries).toBeLessThanOrEqual(20);
    expect(read.warnings).toEqual([]);
  });

  it('shows at each instant what a snapshot of that instant shows, edges under the same keys', async () => {
    const { collector, frames } = bench();
    const read = await frames();
    for (const index of [0, 1, 59, 60, 91, 120, 180]) {
      const atMs = read.instantsMs[index] ?? 0;
      const frame = read.frame(index);
      const snapshot = await collector.collect(
        { windowSeconds: 60, atMs, namespaces: null, overlays: ['latency', 'throughput'], live: false },
        new AbortController().signal,
      );
      expect(frame.atMs).toBe(atMs);
      expect(shown(frame.observations)).toEqual(shown(snapshot.observations));
      expect(frame.observations.map((o) => o.key)).toEqual(snapshot.observations.map((o) => o.key));
    }
    expect(read.frame(0).observations.some((o) => o.service.name === 'b')).toBe(false);
    expect(read.frame(180).observations.some((o) => o.service.name === 'b')).toBe(true);
    expect(() => read.frame(181)).toThrow(RangeError);
  });

  it('asks nothing again for a range that overlaps, but for what it adds', async () => {
    const { source, frames } = bench();
    await frames({ overlays: [] });
    const before = source.ranges.length;
    expect((await frames({ fromMs: END_MS - 900_000, overlays: [] })).cost.queries).toBe(0);
    expect((await frames({ fromMs: END_MS - 900_000, toMs: END_MS - 300_000, overlays: [] })).cost.queries).toBe(2);
    expect(source.ranges.length).toBe(before);
    expect((await frames({ fromMs: END_MS - 2_100_000, overlays: [] })).cost.queries).toBe(4);
    expect(source.ranges.length).toBe(before + 2);
    expect((await frames({ fromMs: END_MS - 900_000, overlays: ['latency'] })).cost.queries).toBe(3);
  });

  it('reads the newest block again, because samples come late, and older ones not', async () => {
    const { source, clock, frames } = bench();
    clock.ms = END_MS + 500;
    await frames();
    const before = source.ranges.length;
    clock.ms += 20_000;
    await frames({ toMs: END_MS + 20_000 });
    const again = source.ranges.slice(before);
    expect(again.map(({ name }) => name).sort()).toEqual(['bytes', 'destination', 'duration', 'source']);
    expect(new Set(again.map(({ endMs }) => endMs))).toEqual(new Set([END_MS + 20_000]));
  });

  it('joins equal ranges under way', async () => {
    const { source, frames } = bench();
    const [one, two] = await Promise.all([frames(), frames()]);
    expect(source.ranges.length).toBe(one.cost.queries + two.cost.queries - source.asked.length);
    expect(new Set(source.ranges.map((range) => JSON.stringify(range))).size).toBe(source.ranges.length);
  });

  it('goes on without an overlay that fails, and fails without its base', async () => {
    const broken = (name: string) =>
      bench((query, atMs) => {
        if (query.name === name) throw new Failure('metricsTimeout', 'no answer', 'wait');
        return rowsAt(query, atMs);
      });
    const read = await broken('duration').frames();
    expect(read.warnings).toEqual([expect.stringMatching(/^Average latency is missing: /)]);
    expect(read.frame(0).observations.every((o) => o.durationMsPerSecond === null)).toBe(true);
    await expect(broken('destination').frames()).rejects.toMatchObject({ code: 'metricsTimeout' });
  });

  it('refuses what holds no frame or too many', async () => {
    const { frames } = bench();
    await expect(frames({ fromMs: END_MS + 1, toMs: END_MS + 2 })).rejects.toMatchObject({ code: 'badRequest' });
    await expect(frames({ fromMs: END_MS + 400_000, toMs: END_MS + 900_000 })).rejects.toMatchObject({ code: 'badRequest' });
    await expect(frames({ fromMs: END_MS - 86_400_000, stepSeconds: 1 })).rejects.toMatchObject({ code: 'badRequest' });
  });

  it('leaves when nobody waits any more', async () => {
    const gone = new AbortController();
    const { frames } = bench((query, atMs) => {
      if (query.name === 'source') gone.abort(new Error('gone'));
      return rowsAt(query, atMs);
    });
    await expect(frames({}, gone.signal)).rejects.toThrow('gone');
  });
});

describe('planBlocks', () => {
  it('never asks more than it may', () => {
    for (const perBlock of [2, 3, 4])
      for (const frames of [1, 7, 60, 180, 181, 361, 1000, 2000])
        for (const first of [0, 1, 59, 60, 12_345]) {
          const size = planBlocks(first, first + frames - 1, perBlock);
          expect((Math.floor((first + frames - 1) / size) - Math.floor(first / size) + 1) * perBlock).toBeLessThanOrEqual(18);
        }
    expect(planBlocks(0, 179, 4)).toBe(60);
  });
});

describe('columnsAt', () => {
  it('has the series with a value at that step', () => {
    const columns = {
      steps: 2,
      labels: [['a'], ['b']],
      values: Float32Array.from([1, Number.NaN, 2, 3]),
      warnings: [],
      wallMs: 0,
      bytes: 0,
    };
    const at = columnsAt(columns, 1);
    expect([at.count, at.values[0], at.labelsOf(at.slots[0] ?? 9)]).toEqual([1, 3, ['b']]);
    expect(columnsAt(columns, 5).count).toBe(0);
  });
});
