// The past of a chart: moved to the instants of now, and the difference in words.
import { describe, expect, it } from 'vitest';
import { meanOf, shiftSeries, wordChange, wordDifference } from './chart-past';

const plain = (text: string | null): string => (text ?? '').replaceAll('\u00a0', ' ');
const line = (name: string, ...values: readonly (number | null)[]) => ({
  name,
  points: values.map((value, i) => [i * 10, value] as const),
});

it('is drawn at the instants of now, each line with that of now', () => {
  expect(shiftSeries([line('v1', 1, null)], 3600, '1 hour before')).toEqual([
    {
      name: 'v1 (1 hour before)',
      of: 'v1',
      points: [
        [3600, 1],
        [3610, null],
      ],
    },
  ]);
});

it('has the mean of what there is', () => {
  expect(meanOf(line('a', 1, null, 3))).toBe(2);
  expect(meanOf(line('a', null))).toBeNull();
});

describe('a difference', () => {
  it.each([
    [120, 90, '120 ms, 90 ms before: 33 % more'],
    [90, 120, '90 ms, 120 ms before: 25 % less'],
    [100, 101, '100 ms, 101 ms before: about the same'],
    [100, 1, '100 ms, 1 ms before: 100 times as much'],
    [5, 0, '5 ms, 0 ms before'],
    [0, 0, '0 ms in both'],
    [5, null, '5 ms, nothing before'],
    [null, 5, 'nothing, 5 ms before'],
    [null, null, 'nothing in either'],
  ] as const)('%s and %s before: %s', (now, before, said) => {
    expect(plain(wordDifference('ms', now, before))).toBe(said);
  });
});

it('is said line by line, those that are gone too, the first few', () => {
  const series = [line('v1', 10), line('v2', 10)];
  const past = shiftSeries([line('v1', 20), line('v0', 3)], 60, '1 minute before');
  const chart = { title: 'Request volume', unit: 'reqps', series, past } as const;
  expect(plain(wordChange(chart, '1 minute before'))).toBe(
    'Means, compared with 1 minute before. v1: 10 rps, 20 rps before: 50 % less. v2: 10 rps, nothing before. v0: nothing, 3 rps before.',
  );
  expect(wordChange({ ...chart, past: [] }, '')).toBeNull();
  const many = Array.from({ length: 9 }, (_, i) => line(`v${i}`, 1));
  expect(plain(wordChange({ ...chart, series: many }, 'x'))).toContain('3 more lines.');
});
