// Ranges of a replay in the address.
import { describe, expect, it } from 'vitest';
import { MAX_FRAMES, readHistoryRange, readReplayRange, stepFor } from './replay';

const range = (text: string) => readReplayRange(new URLSearchParams(text));

describe('readReplayRange', () => {
  it('puts both ends onto the grid', () => {
    expect(range('start=1700000003&end=1700000059')).toEqual({ fromSeconds: 1_700_000_010, toSeconds: 1_700_000_050, stepSeconds: 10 });
    expect(range('start=1700000000&end=1700003600&step=1m').stepSeconds).toBe(60);
  });

  it.each([
    'start=1700000000',
    'start=x&end=1700000000',
    'start=1700000100&end=1700000000',
    'start=1700000000&end=1700100000',
    'start=1700000000&end=1700000100&step=0s',
    'start=1700000000&end=1700000100&step=2d',
    'start=1700000001&end=1700000009',
  ])('refuses %s', (text) => {
    expect(() => range(text)).toThrow();
  });
});

it.each([
  [1800, 10],
  [3600, 10],
  [10_800, 15],
  [86_400, 120],
  [2_592_000, 3600],
])('%d s are shown in steps of %d s', (seconds, step) => {
  expect(stepFor(seconds)).toBe(step);
  expect(seconds / step).toBeLessThan(MAX_FRAMES);
});

it('reads the range of the strip', () => {
  expect(readHistoryRange(new URLSearchParams())).toEqual({ rangeSeconds: 1800, toSeconds: null });
  expect(readHistoryRange(new URLSearchParams('range=3h&end=1700000000'))).toEqual({ rangeSeconds: 10_800, toSeconds: 1_700_000_000 });
  for (const text of ['range=1m', 'range=31d', 'range=x', 'end=1']) expect(() => readHistoryRange(new URLSearchParams(text))).toThrow();
});
