// Time in the address: ranges, baselines in words, instants as they are typed; the next frame.
import { describe, expect, it } from 'vitest';
import { decodeLocal, encodeLocal } from '../ui/local-instant';
import { valueAt } from './rate-strip';
import { decodeRange, encodeRange, lastRange, readCompare, wordBaseline } from './time-url';
import { nextFrame } from './use-playing';

describe('a range', () => {
  it('is read and written', () => {
    const range = { fromSeconds: 1_700_000_000, toSeconds: 1_700_001_800 };
    expect(decodeRange(encodeRange(range))).toEqual(range);
    for (const text of ['', '1700000000', '1700001800-1700000000', 'a-b', '1-2']) expect(decodeRange(text)).toBeNull();
  });
  it('of the last minutes lies on the grid of the frames', () => {
    expect(lastRange(1_700_000_007_999, 1800, 10)).toEqual({ fromSeconds: 1_699_998_200, toSeconds: 1_700_000_000 });
  });
  it('has a next frame but at its end', () => {
    const range = { fromSeconds: 0, toSeconds: 30 };
    expect([nextFrame(10, 10, range), nextFrame(20, 10, range), nextFrame(30, 10, range)]).toEqual([20, 30, null]);
  });
});

it('a baseline is told in words', () => {
  expect(wordBaseline({ kind: 'ago', seconds: 86_400 })).toBe('Yesterday, same time');
  expect(wordBaseline({ kind: 'ago', seconds: 7200 })).toBe('2\u00a0h before');
  expect(wordBaseline({ kind: 'instant', atSeconds: 1_700_000_000 })).toMatch(/^2023-11-1\d /);
  expect([readCompare(''), readCompare('1h'), readCompare('x')]).toEqual([null, { kind: 'ago', seconds: 3600 }, null]);
});

it('an instant is typed as it is shown', () => {
  expect(decodeLocal(encodeLocal(1_700_000_003))).toBe(1_700_000_003);
  for (const text of ['', 'now', '2026-13-40T99:99', '2026-01-01']) expect(decodeLocal(text)).toBeNull();
});

it('the strip tells the last value before an instant', () => {
  const points = [
    [10, 1],
    [20, null],
    [30, 3],
  ] as const;
  expect([5, 10, 19, 25, 99].map((seconds) => valueAt(points, seconds))).toEqual([null, 1, 1, null, 3]);
});
