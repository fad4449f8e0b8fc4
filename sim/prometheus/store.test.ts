// The store keeps what it is given, refuses what is out of order, and forgets what is too old.
import { describe, expect, it } from 'vitest';
import { buildMatcher, type Matcher } from './storage/matcher';
import { SampleBuffer } from './storage/sample-buffer';
import { SeriesStore } from './store';

const HOUR_MS = 3_600_000;

function readAll(store: SeriesStore, matchers: readonly Matcher[], fromMs = 0, toMs = Number.MAX_SAFE_INTEGER) {
  const buffer = new SampleBuffer();
  return store.select(matchers).map((series) => {
    store.read(series, fromMs, toMs, buffer);
    return Array.from({ length: buffer.count }, (_, i) => [buffer.times[i], buffer.isStale(i) ? 'stale' : buffer.values[i]]);
  });
}

const NAMED = [buildMatcher('__name__', '=', 'x')];

describe('SeriesStore', () => {
  it('returns samples over several sealed chunks and the open one, inside the asked span only', () => {
    const store = new SeriesStore({ retentionMs: 24 * HOUR_MS });
    const expected: [number, number][] = [];
    for (let i = 0; i < 500; i++) {
      expect(store.append({ __name__: 'x' }, 1000 + i * 10, i * i)).toBe(true);
      expected.push([1000 + i * 10, i * i]);
    }
    expect(readAll(store, NAMED)).toEqual([expected]);
    expect(readAll(store, NAMED, 1995, 3300)).toEqual([expected.filter(([t]) => t >= 1995 && t <= 3300)]);
    expect(readAll(store, NAMED, 1000, 1000)).toEqual([[[1000, 0]]]);
    expect(readAll(store, NAMED, 6001, 9000)).toEqual([[]]);
    expect(readAll(store, NAMED, 0, 999)).toEqual([[]]);
  });

  it('keeps series apart whose scrapes begin together and then drift', () => {
    const store = new SeriesStore({ retentionMs: 24 * HOUR_MS });
    const timeOf = (series: number, i: number): number => (i < 3 ? i * 100 : i * 100 + (series % 3) * 7);
    for (let i = 0; i < 300; i++) for (let s = 0; s < 9; s++) store.append({ __name__: 'x', s: String(s) }, timeOf(s, i), s * 1000 + i);
    readAll(store, NAMED).forEach((samples, s) => {
      expect(samples).toEqual(Array.from({ length: 300 }, (_, i) => [timeOf(s, i), s * 1000 + i]));
    });
  });

  it('refuses out-of-order and repeated timestamps', () => {
    const store = new SeriesStore({ retentionMs: HOUR_MS });
    expect(store.append({ __name__: 'x' }, 100, 1)).toBe(true);
    expect(store.append({ __name__: 'x' }, 100, 2)).toBe(false);
    expect(store.append({ __name__: 'x' }, 99, 2)).toBe(false);
    expect(readAll(store, NAMED)).toEqual([[[100, 1]]]);
  });

  it('tells stale markers from NaN, in open and sealed chunks', () => {
    const store = new SeriesStore({ retentionMs: 24 * HOUR_MS });
    const ref = store.referTo({ __name__: 'x' });
    for (let i = 1; i <= 130; i++) {
      if (i % 40 === 0) store.markStale(ref, i);
      else store.appendTo(ref, i, i % 7 === 0 ? Number.NaN : i);
    }
    const [samples] = readAll(store, NAMED);
    expect(samples?.[39]).toEqual([40, 'stale']);
    expect(samples?.[119]).toEqual([120, 'stale']);
    expect(samples?.[6]).toEqual([7, Number.NaN]);
    expect(samples?.[128]).toEqual([129, 129]);
  });

  it('treats an empty label as absent', () => {
    const store = new SeriesStore({ retentionMs: HOUR_MS });
    expect(store.referTo({ __name__: 'x', a: '' })).toBe(store.referTo({ __name__: 'x' }));
    expect(store.labelNames()).toEqual(['__name__']);
  });

  it('forgets series, index entries and chunks past retention, and keeps the rest', () => {
    const store = new SeriesStore({ retentionMs: HOUR_MS });
    const old = store.referTo({ __name__: 'x', pod: 'old' });
    const alive = store.referTo({ __name__: 'x', pod: 'alive' });
    for (let i = 0; i < 4 * 720; i++) {
      const timestampMs = 1 + i * 5000;
      if (i < 100) store.appendTo(old, timestampMs, i);
      store.appendTo(alive, timestampMs, i);
    }
    expect(store.hasSeries(old)).toBe(false);
    expect(store.appendTo(old, 1e9, 1)).toBe(false);
    expect(store.labelValues('pod')).toEqual(['alive']);
    const [samples] = readAll(store, NAMED);
    const newestMs = 1 + (4 * 720 - 1) * 5000;
    expect(samples?.at(-1)).toEqual([newestMs, 4 * 720 - 1]);
    // Whole chunks of 120 samples are dropped, at most every 24th of the retention.
    const oldestMs = Number(samples?.[0]?.[0]);
    expect(oldestMs).toBeLessThanOrEqual(newestMs - HOUR_MS);
    expect(oldestMs).toBeGreaterThan(newestMs - HOUR_MS - 120 * 5000 - HOUR_MS / 24);
    const again = store.referTo({ __name__: 'x', pod: 'old' });
    expect(again).not.toBe(old);
  });

  it('frees the segments of sealed chunks', () => {
    const store = new SeriesStore({ retentionMs: HOUR_MS });
    let seed = 1;
    for (let i = 0; i < 1500; i++) {
      for (let s = 0; s < 40; s++) {
        seed = (seed * 16_807) % 2_147_483_647;
        store.append({ __name__: 'x', s: String(s) }, 1 + i * 5000, seed / 2_147_483_647);
      }
    }
    expect(store.sealedBytes).toBeGreaterThan(0);
    // 720 samples per hour and series, 9 bytes each, in segments of 1 MiB.
    expect(store.sealedBytes).toBeLessThanOrEqual(2 * 1024 * 1024);
  });

  describe('select', () => {
    const store = new SeriesStore({ retentionMs: HOUR_MS });
    store.append({ __name__: 'x', a: '1', b: 'p' }, 1, 1);
    store.append({ __name__: 'x', a: '2' }, 1, 1);
    store.append({ __name__: 'y', a: '2', b: 'q' }, 1, 1);
    const found = (...matchers: Matcher[]): string[] => store.select(matchers).map((series) => series.labels.toString());

    it('intersects matchers', () => {
      expect(found(buildMatcher('__name__', '=', 'x'), buildMatcher('a', '=', '2'))).toEqual(['{__name__="x", a="2"}']);
      expect(found(buildMatcher('a', '=~', '1|2'), buildMatcher('__name__', '!=', 'x'))).toEqual(['{__name__="y", a="2", b="q"}']);
    });

    it('lets matchers that accept the empty string find series without the label', () => {
      expect(found(buildMatcher('__name__', '=', 'x'), buildMatcher('b', '=', ''))).toEqual(['{__name__="x", a="2"}']);
      expect(found(buildMatcher('__name__', '=', 'x'), buildMatcher('b', '!=', 'p'))).toEqual(['{__name__="x", a="2"}']);
      expect(found(buildMatcher('b', '=~', 'q?'))).toHaveLength(2);
      expect(found()).toHaveLength(3);
    });

    it('anchors regular expressions on both sides and keeps creation order', () => {
      expect(found(buildMatcher('__name__', '=~', '[xy]'))).toHaveLength(3);
      expect(found(buildMatcher('b', '=~', 'p|qq'))).toHaveLength(1);
      expect(found(buildMatcher('a', '=~', '.+'))[2]).toContain('"y"');
      expect(() => buildMatcher('a', '=~', '(')).toThrow();
    });
  });

  it('lists every distinct description of a metric once', () => {
    const store = new SeriesStore({ retentionMs: HOUR_MS });
    const one = { type: 'counter', help: 'h', unit: '' };
    store.describe('x', one);
    store.describe('x', { ...one });
    store.describe('x', { ...one, help: 'other' });
    expect(store.metadata().get('x')).toEqual([one, { ...one, help: 'other' }]);
  });
});
