// Tests of row-window: top, middle, bottom, short and shrunken tables.
import { describe, expect, it } from 'vitest';
import { computeRowWindow } from './row-window';

describe('computeRowWindow', () => {
  it('draws the top with nothing above', () => {
    expect(computeRowWindow(0, 400, 40, 1000)).toEqual({ first: 0, end: 23, padTopPx: 0, padBottomPx: 977 * 40 });
  });

  it('covers what is visible in the middle and keeps the full height', () => {
    const { first, end, padTopPx, padBottomPx } = computeRowWindow(20_000, 400, 40, 1000);
    expect(first).toBeLessThanOrEqual(500);
    expect(end).toBeGreaterThanOrEqual(511);
    expect(padTopPx + (end - first) * 40 + padBottomPx).toBe(40_000);
  });

  it('shows the last page when the table became shorter than the scroll position', () => {
    const { end, padBottomPx } = computeRowWindow(39_000, 400, 40, 30);
    expect(end).toBe(30);
    expect(padBottomPx).toBe(0);
  });

  it.each([0, 1, 5])('draws all of %i rows', (count) => {
    expect(computeRowWindow(0, 400, 40, count)).toEqual({ first: 0, end: count, padTopPx: 0, padBottomPx: 0 });
  });

  it('survives a negative scroll position (elastic scrolling)', () => {
    expect(computeRowWindow(-80, 400, 40, 100).first).toBe(0);
  });
});
