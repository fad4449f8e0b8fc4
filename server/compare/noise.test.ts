// The tests against noise: chance alone exceeds them hardly ever, a change that matters does. Seeded random traffic.
import { describe, expect, it } from 'vitest';
import { randomOf } from '../graph/testing/random-mesh';
import {
  averageErrorMs,
  countedSeconds,
  deviationsFor,
  latencyDeviations,
  quantileErrorMs,
  rateDeviations,
  shareDeviations,
} from './noise';
import { normalOf, poissonOf } from './testing/chance';

describe('deviationsFor', () => {
  it('is the quantile of the normal distribution, stricter with more tests', () => {
    expect(deviationsFor(1)).toBeCloseTo(1.96, 2);
    expect(deviationsFor(10)).toBeCloseTo(2.807, 2);
    expect(deviationsFor(10_000)).toBeCloseTo(4.565, 2);
    expect(deviationsFor(0)).toBe(deviationsFor(1));
  });
});

describe('countedSeconds', () => {
  it('leaves out one scrape, but never more than half of the window', () => {
    expect(countedSeconds(60, 15)).toBe(45);
    expect(countedSeconds(60, 60)).toBe(30);
    expect(countedSeconds(600, null)).toBe(585);
  });
});

/** Part of `runs` in which `test` exceeds the threshold of a single test at 5 %. */
function exceeding(runs: number, test: () => number | null): number {
  const threshold = deviationsFor(1);
  let found = 0;
  for (let i = 0; i < runs; i++) if ((test() ?? 0) > threshold) found++;
  return found / runs;
}

describe('a rate', () => {
  it.each([0.5, 3, 20, 400, 9000])('of %d requests a window exceeds noise by chance in at most 5 % of pairs', (mean) => {
    const random = randomOf(mean);
    expect(exceeding(4000, () => rateDeviations(poissonOf(random, mean), poissonOf(random, mean)))).toBeLessThan(0.05);
  });

  it('that moves by some percent as traffic does is noise, a tenth is not where nothing else is tested', () => {
    const random = randomOf(7);
    const moved = (mean: number): number => poissonOf(random, mean * (1 + 0.04 * normalOf(random)));
    expect(exceeding(2000, () => rateDeviations(moved(20_000), moved(20_000)))).toBeLessThan(0.05);
    expect(rateDeviations(20_000, 26_000)).toBeGreaterThan(deviationsFor(20));
  });

  it('that comes from nothing counts when there is enough of it', () => {
    expect(rateDeviations(0, 1)).toBe(0);
    expect(rateDeviations(0, 5)).toBeLessThan(deviationsFor(1));
    expect(rateDeviations(0, 60)).toBeGreaterThan(deviationsFor(1000));
    expect(rateDeviations(60, 0)).toBe(rateDeviations(0, 60));
    expect(rateDeviations(0, 0)).toBe(0);
  });
});

describe('a share', () => {
  it.each([
    [0.001, 3000],
    [0.02, 500],
    [0.5, 80],
    [0.3, 9],
  ])('of %d in %d requests exceeds noise by chance in at most 5 % of pairs', (share, count) => {
    const random = randomOf(count);
    const draw = (): { readonly share: number; readonly count: number } => {
      const own = Math.max(1, poissonOf(random, count));
      let hits = 0;
      for (let i = 0; i < own; i++) if (random() < share) hits++;
      return { share: hits / own, count: own };
    };
    expect(exceeding(1000, () => shareDeviations(draw(), draw()))).toBeLessThan(0.05);
  });

  it('of errors that rises from 0.1 % to 5 % is no noise', () => {
    expect(shareDeviations({ share: 0.001, count: 1000 }, { share: 0.05, count: 1000 })).toBeGreaterThan(deviationsFor(100));
    expect(shareDeviations({ share: 0, count: 1000 }, { share: 0, count: 900 })).toBe(0);
    expect(shareDeviations({ share: 1, count: 0 }, { share: 0, count: 900 })).toBeNull();
  });
});

describe('a latency', () => {
  /** Log-normal durations: median 40 ms, heavy to the right. */
  const durations = (random: () => number, count: number): readonly number[] =>
    Array.from({ length: count }, () => 40 * Math.exp(0.8 * normalOf(random)));
  const quantile = (sorted: readonly number[], q: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

  it.each([30, 300, 3000])('of %d requests exceeds noise by chance in at most 5 % of pairs', (count) => {
    const random = randomOf(count + 1);
    const sample = (): { readonly average: readonly [number, number]; readonly p95: readonly [number, number] } => {
      const all = [...durations(random, count)].sort((a, b) => a - b);
      const mean = all.reduce((sum, ms) => sum + ms, 0) / count;
      const deviation = Math.sqrt(all.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / count);
      const p95 = quantileErrorMs(0.95, count, (q) => quantile(all, q)) ?? 0;
      return { average: [mean, averageErrorMs(mean, deviation, count)], p95: [quantile(all, 0.95), p95] };
    };
    const of = ([valueMs, errorMs]: readonly [number, number]) => ({ valueMs, errorMs });
    expect(exceeding(400, () => latencyDeviations(of(sample().average), of(sample().average)))).toBeLessThan(0.05);
    expect(exceeding(400, () => latencyDeviations(of(sample().p95), of(sample().p95)))).toBeLessThan(0.05);
  });

  it('that doubles is no noise where there were some hundred requests', () => {
    const errorOf = (ms: number): number => averageErrorMs(ms, ms, 400);
    expect(latencyDeviations({ valueMs: 40, errorMs: errorOf(40) }, { valueMs: 80, errorMs: errorOf(80) })).toBeGreaterThan(
      deviationsFor(5),
    );
    expect(averageErrorMs(40, null, 400)).toBeGreaterThan(errorOf(40));
    expect(quantileErrorMs(0.5, 100, () => null)).toBeNull();
  });
});
