// Tests of sparkline: the texts and the nasty cases (nulls, bounds, foreign answers).
import { describe, expect, it } from 'vitest';
import { buildSparkPath } from './sparkline';

describe('buildSparkPath', () => {
  it('scales time to the width and the largest value to the height', () => {
    expect(
      buildSparkPath(
        [
          [100, 0],
          [110, 5],
          [120, 10],
        ],
        100,
        20,
      ),
    ).toEqual({ line: 'M0 20L50 10L100 0', area: 'M0 20L0 20L50 10L100 0L100 20Z' });
  });

  it('leaves a gap where a value is missing', () => {
    const { line } = buildSparkPath(
      [
        [0, 1],
        [10, 1],
        [20, null],
        [30, 1],
        [40, 1],
      ],
      40,
      10,
    );
    expect(line).toBe('M0 0L10 0M30 0L40 0');
  });

  it('puts a flat zero at the bottom and draws nothing of one point', () => {
    expect(
      buildSparkPath(
        [
          [0, 0],
          [10, 0],
        ],
        10,
        10,
      ).line,
    ).toBe('M0 10L10 10');
    expect(buildSparkPath([[5, 1]], 10, 10)).toEqual({ line: '', area: '' });
    expect(buildSparkPath([], 10, 10)).toEqual({ line: '', area: '' });
  });
});
