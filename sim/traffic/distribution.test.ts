// Latency distributions: mass, buckets, quantiles.
import { describe, expect, it } from 'vitest';
import { Random } from '../world/random';
import { add, constant, cumulative, cutAt, delay, logNormal, mix, quantile, repeat } from './distribution';

const below = (d: ReturnType<typeof logNormal>, bound: number, scale = 1): number => {
  const out = new Float64Array(1);
  cumulative(d, [bound], scale, out);
  return out[0] ?? Number.NaN;
};

describe('distributions', () => {
  it('have the median and the mean of a log-normal', () => {
    const d = logNormal({ medianMs: 40, sigma: 0.6 });
    expect(below(d, 40)).toBeCloseTo(0.5, 2);
    expect(d.mean / (40 * Math.exp(0.18))).toBeCloseTo(1, 1);
    expect(quantile(d, 0.5)).toBeCloseTo(40, -1);
  });

  it('add as independent values do, held against drawn samples', () => {
    const a = { medianMs: 20, sigma: 0.5 };
    const b = { medianMs: 100, sigma: 0.8 };
    const sum = add(logNormal(a), logNormal(b));
    const random = new Random(7);
    const drawn = Array.from(
      { length: 20_000 },
      () => a.medianMs * Math.exp(a.sigma * random.normal()) + b.medianMs * Math.exp(b.sigma * random.normal()),
    );
    for (const bound of [50, 100, 150, 250, 500]) {
      const share = drawn.filter((x) => x <= bound).length / drawn.length;
      expect(Math.abs(below(sum, bound) - share)).toBeLessThan(0.03);
    }
    expect(sum.mean).toBeCloseTo(logNormal(a).mean + logNormal(b).mean, 2);
  });

  it('keep constants exact', () => {
    expect(below(constant(3000), 2999)).toBe(0);
    expect(below(constant(3000), 3000)).toBe(1);
    expect(delay(constant(5), 7000).mean).toBeCloseTo(7005, 6);
  });

  it('mix by share whatever the shares sum to', () => {
    const d = mix([
      { share: 3, distribution: constant(10) },
      { share: 1, distribution: constant(1000) },
    ]);
    expect(d.mean).toBeCloseTo(257.5, 6);
    expect(below(d, 100)).toBeCloseTo(0.75, 6);
    expect(() => mix([])).toThrow('at least one part');
  });

  it('repeat whole and part times', () => {
    expect(repeat(constant(10), 0)).toBeNull();
    expect(repeat(constant(10), 3)?.mean).toBeCloseTo(30, 6);
    expect(repeat(constant(10), 1.5)?.mean).toBeCloseTo(15, 6);
    expect(repeat(constant(10), 0.25)?.mean).toBeCloseTo(2.5, 6);
  });

  it('are cut by a timeout into what is in time and what is late', () => {
    const d = logNormal({ medianMs: 100, sigma: 0.5 });
    const cut = cutAt(d, 100);
    expect(cut.above).toBeCloseTo(0.5, 2);
    expect(cut.below?.mean ?? 0).toBeLessThan(100);
    expect(cutAt(d, 1e6)).toEqual({ above: 0, below: d });
    expect(cutAt(constant(50), 10)).toMatchObject({ above: 1, below: null });
  });

  it('stretch by a scale', () => {
    const d = logNormal({ medianMs: 100, sigma: 0.4 });
    expect(below(d, 200, 2)).toBeCloseTo(below(d, 100), 6);
  });

  it('have non-decreasing cumulative shares ending at one', () => {
    const d = logNormal({ medianMs: 3, sigma: 1, tail: { share: 0.1, medianMs: 900, sigma: 0.5 } });
    const bounds = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 1e7];
    const out = new Float64Array(bounds.length);
    cumulative(d, bounds, 1, out);
    expect([...out]).toEqual([...out].sort((a, b) => a - b));
    expect(out[out.length - 1]).toBeCloseTo(1, 9);
  });
});
