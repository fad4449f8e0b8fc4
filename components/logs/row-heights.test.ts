// Heights of wrapped rows, and which of them are in view.
import { describe, expect, it } from 'vitest';
import { computeTops, findWindow, ownInstantLength, ROW_PX, rowsOf } from './row-heights';

describe('a row', () => {
  it.each([
    ['short', 1],
    ['x'.repeat(100), 1],
    ['x'.repeat(101), 2],
    ['日'.repeat(60), 2],
    ['x'.repeat(90_000), 12],
    [null, 1],
    [`2026-11-28T05:00:00.000Z ${'x'.repeat(90)}`, 1],
    [`[2026-11-28T05:00:00.000Z] ${'x'.repeat(101)}`, 2],
  ])('%s', (text, expected) => {
    expect(rowsOf(text, 100)).toBe(expected);
  });

  it('leaves out an instant of its own, and nothing else', () => {
    expect(ownInstantLength('[2026-11-28T05:00:00.000Z] "GET"')).toBe(27);
    expect(ownInstantLength('2026-11-28 05:00:00,123 INFO')).toBe(24);
    expect(ownInstantLength('2026 was a year')).toBe(0);
    expect(ownInstantLength('')).toBe(0);
  });
});

describe('the window', () => {
  const lines = Array.from({ length: 1000 }, (_, i) => ({ id: i, source: 0, at: '', text: i % 2 === 0 ? 'x'.repeat(150) : 'y', cut: 0 }));
  it('is every row that is in view, and few others', () => {
    const tops = computeTops(lines, 100);
    expect(tops[1000]).toBe(1500 * ROW_PX);
    for (const top of [0, 777, 12_345, 29_000, 1e9]) {
      const { first, end } = findWindow(tops, top, 500);
      for (let i = 0; i < 1000; i++) {
        const isSeen = (tops[i + 1] ?? 0) > top && (tops[i] ?? 0) < top + 500;
        if (isSeen) expect(i >= first && i < end).toBe(true);
      }
      expect(end - first).toBeLessThan(100);
    }
  });
});
