// Rounding, quantiles and numbers in bytes: against arithmetic, the telemetry's own quantile and JSON.
import { describe, expect, it } from 'vitest';
import { quantileOf } from '../telemetry/quantile';
import { JsonBytes } from './json-bytes';
import { addBuckets, quantileMs } from './quantile';
import { round4, roundShare } from './round';
import { randomOf } from './testing/random-mesh';

describe('round4', () => {
  it('keeps four significant digits, short and within 0.1 %', () => {
    const random = randomOf(1);
    for (let i = 0; i < 2000; i++) {
      const x = 10 ** (random() * 18 - 7);
      const rounded = round4(x);
      expect(Math.abs(rounded - x)).toBeLessThanOrEqual(x * 1e-3);
      expect(rounded).toBe(Number(x.toPrecision(4)));
    }
  });
  it.each([
    [0, 0],
    [Number.NaN, 0],
    [1e-9, 0],
    [-12.3456, -12.35],
    [999.96, 1000],
    [9999.6, 10000],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('%d -> %d', (x, expected) => {
    expect(round4(x)).toBe(expected);
  });
  it('shares are 0 and 1 only where nothing and everything is meant', () => {
    expect(roundShare(0, 5)).toBe(0);
    expect(roundShare(5, 5)).toBe(1);
    expect(roundShare(99_999, 100_000)).toBe(0.9999);
    expect(roundShare(1, 1_000_000)).toBe(0.0001);
    expect(roundShare(1, 3)).toBe(0.3333);
  });
});

describe('numbers in bytes', () => {
  it('are read back exactly', () => {
    const random = randomOf(2);
    const out = new JsonBytes(8);
    const decoder = new TextDecoder();
    const numbers = [0, -0, 1, 10, 0.001, 0.1, 0.0999, 123.4, 9999, 10000, 1e15, 1e21, 5e-324, -7.25, 0.1 + 0.2, 1e-7, 1 / 3, 2 ** 53];
    for (let i = 0; i < 500; i++) numbers.push(round4(10 ** (random() * 14 - 6)), random(), -random() * 1e6, Math.floor(random() * 1e9));
    for (const x of numbers) {
      out.start();
      out.number(x);
      expect(JSON.parse(decoder.decode(out.finish()))).toBe(x === 0 ? 0 : x);
    }
    out.start();
    out.number(Number.NaN);
    out.byte(32);
    out.number(Number.NEGATIVE_INFINITY);
    expect(decoder.decode(out.finish())).toBe('null null');
  });
});

describe('quantiles', () => {
  const bounds = [1, 5, 10, 25, 100, Number.POSITIVE_INFINITY];
  it('are those of the telemetry, for merged histograms with gaps too', () => {
    const random = randomOf(3);
    for (let i = 0; i < 150; i++) {
      const rows = new Float64Array(bounds.length * 2);
      const merged: Float64Array[] = [];
      for (let series = 0; series < 3; series++) {
        let count = 0;
        const buckets = Float64Array.from(bounds, () => {
          count += random() < 0.3 ? 0 : random();
          return count;
        });
        const last = buckets.length - 1;
        const gappy = buckets.map((v, b) => (b < last && random() < 0.2 ? Number.NaN : v));
        addBuckets(rows, 1, bounds, gappy);
        merged.push(gappy);
      }
      const row = rows.subarray(bounds.length);
      for (const q of [0.5, 0.9, 0.95, 0.99, 1]) {
        const expected = quantileOf(bounds, row, q)?.valueMs ?? null;
        const actual = quantileMs(q, bounds, rows, 1);
        if (expected === null) expect(actual).toBeNull();
        else expect(actual).toBeCloseTo(expected, 9);
      }
    }
  });
  it('by hand: 10 requests, 5 below 5 ms, 9 below 25 ms', () => {
    const row = Float64Array.from([0, 5, 5, 9, 9, 10]);
    expect(quantileMs(0.5, bounds, row, 0)).toBe(5);
    expect(quantileMs(0.7, bounds, row, 0)).toBe(10 + 15 * 0.5);
    expect(quantileMs(0.95, bounds, row, 0)).toBe(100);
    expect(quantileMs(0.5, bounds, new Float64Array(6), 0)).toBeNull();
    expect(quantileMs(0.5, [], row, 0)).toBeNull();
  });
});
