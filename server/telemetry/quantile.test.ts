// Quantiles against numbers worked out by hand from Prometheus' rule, and folds of histograms with different bounds.
import { describe, expect, it } from 'vitest';
import { fillBounds, foldBuckets, quantileOf } from './quantile';

const INF = Number.POSITIVE_INFINITY;
const NaN_ = Number.NaN;
const BOUNDS = [10, 50, 100, INF];
const of = (...rates: number[]): Float64Array => Float64Array.from(rates);

describe('quantileOf', () => {
  it.each<[string, number[], Float64Array, number, unknown]>([
    ['inside a bucket', BOUNDS, of(2, 6, 10, 10), 0.5, { valueMs: 10 + 40 * (3 / 4), capped: false }],
    ['in the first bucket, from zero', BOUNDS, of(8, 9, 10, 10), 0.4, { valueMs: 5, capped: false }],
    ['on a bound', BOUNDS, of(5, 5, 10, 10), 0.5, { valueMs: 10, capped: false }],
    ['past the last bound', BOUNDS, of(1, 2, 3, 10), 0.95, { valueMs: 100, capped: true }],
    ['with sinking rates, raised', BOUNDS, of(4, 3, 10, 10), 0.35, { valueMs: 10 * (3.5 / 4), capped: false }],
    ['without observations', BOUNDS, of(0, 0, 0, 0), 0.5, null],
    ['without a bucket +Inf', [10, 50], of(1, 2), 0.5, null],
    ['with one bucket only', [INF], of(3), 0.5, null],
    ['of a bound below zero', [-5, 10, INF], of(3, 4, 4), 0.1, { valueMs: -5, capped: false }],
    ['q out of range', BOUNDS, of(1, 2, 3, 4), 1.1, null],
    ['q not a number', BOUNDS, of(1, 2, 3, 4), NaN_, null],
    ['everything in one bucket', BOUNDS, of(0, 0, 7, 7), 0.99, { valueMs: 50 + 50 * 0.99, capped: false }],
    ['a bound that the series lacks', BOUNDS, of(2, NaN_, 10, 10), 0.6, { valueMs: 10 + 90 * (4 / 8), capped: false }],
  ])('%s', (_, bounds, rates, q, expected) => {
    const own = quantileOf(bounds, rates, q);
    if (expected === null || own === null) expect(own).toBe(expected);
    else expect(own).toEqual({ ...(expected as object), valueMs: expect.closeTo((expected as { valueMs: number }).valueMs, 9) });
  });
});

describe('foldBuckets', () => {
  it('adds up, so that a quantile of the fold is one of all observations', () => {
    const fold = foldBuckets(BOUNDS, [of(2, 6, 10, 10), of(0, 0, 0, 10)]);
    expect([...fold]).toEqual([2, 6, 10, 20]);
    expect(quantileOf(BOUNDS, fold, 0.95)).toEqual({ valueMs: 100, capped: true });
  });
  it('interpolates bounds that a histogram lacks', () => {
    expect([...fillBounds(BOUNDS, of(NaN_, 6, 9, 10))]).toEqual([1.2, 6, 9, 10]);
    expect([...fillBounds(BOUNDS, of(NaN_, NaN_, 10, 12))]).toEqual([1, 5, 10, 12]);
    expect([...foldBuckets(BOUNDS, [of(1, 2, 3, 4), of(NaN_, 6, 8, 10)])]).toEqual([2.2, 8, 11, 14]);
  });
  it('claims nothing above the last bound of a histogram that has more there', () => {
    expect([...fillBounds(BOUNDS, of(2, NaN_, NaN_, 10))]).toEqual([2, NaN_, NaN_, 10]);
    expect([...fillBounds(BOUNDS, of(2, NaN_, NaN_, 2))]).toEqual([2, 2, 2, 2]);
    expect(quantileOf(BOUNDS, of(2, 6, NaN_, 10), 0.9)).toEqual({ valueMs: 50, capped: true });
    const fold = foldBuckets(BOUNDS, [of(0, 0, 10, 10), of(2, 6, NaN_, 10)]);
    expect([...fold]).toEqual([2, 6, NaN_, 20]);
    expect(quantileOf(BOUNDS, fold, 0.9)).toEqual({ valueMs: 50, capped: true });
  });
});
