// Tests of linked weights: the total never changes, locked ones never move, nothing is negative.
import { describe, expect, it } from 'vitest';
import { FULL, isFull, moveWeight, shareOut, sharesOf, toPercent } from './weight-link';

/** Small seeded generator (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('moveWeight', () => {
  it('gives what one takes', () => {
    expect(moveWeight([100, 0], 1, 20, new Set())).toEqual([80, 20]);
    expect(moveWeight([50, 30, 20], 0, 80, new Set())).toEqual([80, 12, 8]);
  });
  it('shares equally among those that have nothing', () => {
    expect(moveWeight([100, 0, 0], 0, 90, new Set())).toEqual([90, 5, 5]);
  });
  it('leaves locked ones alone and stops at the room that they leave', () => {
    expect(moveWeight([50, 30, 20], 0, 60, new Set([2]))).toEqual([60, 20, 20]);
    expect(moveWeight([50, 30, 20], 0, 100, new Set([2]))).toEqual([80, 0, 20]);
  });
  it('moves nothing that is locked, and nothing when nothing else is free', () => {
    expect(moveWeight([50, 50], 0, 60, new Set([0]))).toEqual([50, 50]);
    expect(moveWeight([50, 50], 0, 60, new Set([1]))).toEqual([50, 50]);
    expect(moveWeight([100], 0, 60, new Set())).toEqual([100]);
  });
  it('keeps the total at 100, and every weight whole and not negative, whatever is done', () => {
    const random = seeded(7);
    for (let round = 0; round < 2000; round++) {
      const count = 2 + Math.floor(random() * 5);
      let weights = toPercent(Array.from({ length: count }, () => Math.floor(random() * 1000)));
      const locked = new Set(Array.from({ length: count }, (_, i) => i).filter(() => random() < 0.3));
      const before = weights;
      for (let step = 0; step < 5; step++)
        weights = moveWeight(weights, Math.floor(random() * count), Math.round(random() * 140 - 20), locked);
      expect(isFull(weights)).toBe(true);
      expect(weights.every((weight) => Number.isInteger(weight) && weight >= 0 && weight <= FULL)).toBe(true);
      for (const i of locked) expect(weights[i]).toBe(before[i]);
    }
  });
});

describe('shareOut and sharesOf', () => {
  it('rounds so that nothing is lost', () => {
    expect(shareOut([1, 1, 1], 100)).toEqual([34, 33, 33]);
    expect(shareOut([0, 0], 5)).toEqual([3, 2]);
    expect(shareOut([], 5)).toEqual([]);
    expect(toPercent([9, 1])).toEqual([90, 10]);
  });
  it('reads relative weights as Envoy does', () => {
    expect(sharesOf([3, 1])).toEqual([0.75, 0.25]);
    expect(sharesOf([0])).toEqual([1]);
    expect(sharesOf([0, 0])).toEqual([0, 0]);
  });
});
