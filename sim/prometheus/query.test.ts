// Semantics that do not need a second Prometheus: staleness, lookback, open and closed ranges, extrapolation, limits.
import { describe, expect, it } from 'vitest';
import { evaluateInstant, evaluateRange, type QueryOptions, type QueryResult } from './query';
import { SeriesStore } from './store';

const HOUR_MS = 3_600_000;

function fill(samples: Readonly<Record<string, readonly (readonly [number, number | 'stale'])[]>>): SeriesStore {
  const store = new SeriesStore({ retentionMs: 24 * HOUR_MS });
  for (const [name, points] of Object.entries(samples)) {
    const ref = store.referTo({ __name__: name, job: 'j' });
    for (const [seconds, value] of points) {
      if (value === 'stale') store.markStale(ref, seconds * 1000);
      else store.appendTo(ref, seconds * 1000, value);
    }
  }
  return store;
}

function valuesOf(result: QueryResult): readonly number[] {
  switch (result.type) {
    case 'vector':
      return result.samples.map(({ value }) => value);
    case 'matrix':
      return result.series.flatMap(({ values }) => [...values]);
    case 'scalar':
      return [result.value];
    case 'string':
      return [];
  }
}

function at(store: SeriesStore, query: string, seconds: number, options?: QueryOptions): readonly number[] {
  return valuesOf(evaluateInstant(store, query, seconds * 1000, options));
}

describe('instant selectors', () => {
  const store = fill({
    x: [
      [0, 1],
      [15, 2],
      [30, 'stale'],
      [60, 4],
    ],
    nan: [[0, Number.NaN]],
  });

  it('see the last sample up to five minutes back, the fifth minute included in 2.x only', () => {
    expect(at(store, 'x', 15)).toEqual([2]);
    expect(at(store, 'x', 29.999)).toEqual([2]);
    expect(at(store, 'x', 360)).toEqual([4]);
    expect(at(store, 'x', 360.001)).toEqual([]);
    expect(at(store, 'x', 360, { leftOpenRanges: true })).toEqual([]);
    expect(at(store, 'x', 359.999, { leftOpenRanges: true })).toEqual([4]);
    expect(at(store, 'x', 100, { lookbackMs: 10_000 })).toEqual([]);
  });

  it('see nothing from a stale marker until the next sample, but do see NaN', () => {
    expect(at(store, 'x', 30)).toEqual([]);
    expect(at(store, 'x', 59)).toEqual([]);
    expect(at(store, 'x', 60)).toEqual([4]);
    expect(at(store, 'nan', 10)).toEqual([Number.NaN]);
  });

  it('give the same over a range as at each of its steps', () => {
    const range = evaluateRange(store, 'x', 0, 420_000, 7000);
    const instants = Array.from({ length: 61 }, (_, i) => at(store, 'x', i * 7)).flat();
    expect(valuesOf(range)).toEqual(instants);
    expect(range.type === 'matrix' && range.series[0]?.timesMs[0]).toBe(0);
  });
});

describe('range selectors', () => {
  const store = fill({ c: Array.from({ length: 9 }, (_, i) => [i * 15, i * 30] as const) });

  it('include both ends in 2.x and exclude the left one in 3.x', () => {
    expect(at(store, 'count_over_time(c[60s])', 60)).toEqual([5]);
    expect(at(store, 'count_over_time(c[60s])', 60, { leftOpenRanges: true })).toEqual([4]);
    expect(at(store, 'count_over_time(c[1m:15s])', 60)).toEqual([5]);
    expect(at(store, 'count_over_time(c[1m:15s])', 60, { leftOpenRanges: true })).toEqual([4]);
    expect(at(store, 'c[30s]', 60, { leftOpenRanges: true })).toEqual([90, 120]);
    expect(at(store, 'c[30s]', 60)).toEqual([60, 90, 120]);
  });

  it('extrapolate rates to the bounds of the range', () => {
    expect(at(store, 'rate(c[60s])', 60)).toEqual([2]);
    expect(at(store, 'increase(c[60s])', 60)).toEqual([120]);
    // 0 at second 0: the counter cannot have been lower, so there is no extrapolation to the left of it.
    expect(at(store, 'increase(c[75s])', 60)[0]).toBeCloseTo(120, 9);
    // Samples at 15…60 of [7, 67]: 90 over 45 s, extended by 8 s to the left, where zero is not reached, and by 7 s.
    expect(at(store, 'increase(c[60s])', 67)[0]).toBeCloseTo((90 / 45) * 60, 9);
    expect(at(store, 'rate(c[10s])', 60)).toEqual([]);
  });

  it('count a reset as a restart from zero', () => {
    const reset = fill({
      c: [
        [0, 100],
        [15, 130],
        [30, 10],
        [45, 40],
      ],
    });
    expect(at(reset, 'increase(c[45s])', 45)).toEqual([70]);
    expect(at(reset, 'resets(c[45s])', 45)).toEqual([1]);
    expect(at(reset, 'irate(c[45s])', 30)[0]).toBeCloseTo(10 / 15, 12);
    expect(at(reset, 'delta(c[45s])', 45)).toEqual([-60]);
  });

  it('skip stale markers', () => {
    const ended = fill({
      c: [
        [0, 1],
        [15, 2],
        [30, 'stale'],
        [45, 5],
      ],
    });
    expect(at(ended, 'count_over_time(c[1m])', 60)).toEqual([3]);
    expect(at(ended, 'c[1m]', 60)).toEqual([1, 2, 5]);
  });
});

describe('results', () => {
  const store = fill({ a: [[0, 1]], b: [[0, 2]] });

  it('have the type of the expression', () => {
    expect(evaluateInstant(store, '1 + 1', 5000)).toEqual({ type: 'scalar', timestampMs: 5000, value: 2 });
    expect(evaluateInstant(store, '"text"', 5000)).toEqual({ type: 'string', timestampMs: 5000, value: 'text' });
    expect(evaluateInstant(store, 'a[1m]', 5000).type).toBe('matrix');
    const range = evaluateRange(store, '2', 0, 2000, 1000);
    expect(valuesOf(range)).toEqual([2, 2, 2]);
  });

  it('are refused for range vectors and strings over a range', () => {
    expect(() => evaluateRange(store, 'a[1m]', 0, 1000, 1000)).toThrow('invalid expression type "range vector" for range query');
    expect(() => evaluateRange(store, '"x"', 0, 1000, 1000)).toThrow('invalid expression type "string" for range query');
  });

  it('must not hold two series with the same labels', () => {
    expect(() => at(store, '{job="j"} * 2', 0)).toThrow('vector cannot contain metrics with the same labelset');
    expect(() => at(store, 'a + on(job) group_left {job="j"}', 0)).toThrow(
      'found duplicate series for the match group {job="j"} on the right hand-side of the operation: [{__name__="b", job="j"}, ' +
        '{__name__="a", job="j"}];many-to-many matching not allowed: matching labels must be unique on one side',
    );
    expect(() => at(store, '{job="j"} + on(job) a', 0)).toThrow('many-to-one matching must be explicit');
  });

  it('give up when the time is over', () => {
    expect(() => at(store, 'a', 0, { isExpired: () => true })).toThrow('query timed out');
    let looks = 0;
    expect(at(store, 'a', 0, { isExpired: () => ++looks > 100 })).toEqual([1]);
  });

  it('give up when they would need too much memory', () => {
    expect(() => evaluateRange(store, 'a', 0, 60_000_000, 1)).toThrow('too many samples');
  });
});
