// Tests of chart-data: series with different instants, gaps, names that look like paths, units.
import { describe, expect, it } from 'vitest';
import type { ElementChart } from '../../model/wire';
import { buildRows, formatValue, wordChart } from './chart-data';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('buildRows', () => {
  it('joins series by instant with gaps', () => {
    const rows = buildRows([
      {
        name: 'a.b[0]',
        points: [
          [10, 1],
          [30, null],
        ],
      },
      {
        name: 'atMs',
        points: [
          [20, 5],
          [10, 2],
        ],
      },
    ]);
    expect(rows).toEqual([
      { atMs: 10_000, s0: 1, s1: 2 },
      { atMs: 20_000, s0: null, s1: 5 },
      { atMs: 30_000, s0: null, s1: null },
    ]);
    expect(buildRows([])).toEqual([]);
  });
});

describe('wordChart', () => {
  it('says now, least and most of each series', () => {
    const chart: ElementChart = {
      id: 'latency',
      direction: 'inbound',
      title: 'Latency',
      unit: 'ms',
      promql: [],
      series: [
        {
          name: 'P95',
          points: [
            [1, 80],
            [2, 300],
            [3, 120],
            [4, null],
          ],
        },
        { name: 'P99', points: [[1, null]] },
      ],
    };
    expect(plain(wordChart(chart))).toBe('Latency. P95: now 120 ms, between 80 ms and 300 ms. P99: no values.');
  });

  it.each([
    ['rps', 2, '2 rps'],
    ['percent', 4.2, '4.2 %'],
    ['percent', null, '–'],
    ['ms', 1500, '1.5 s'],
    ['Bps', 2048, '2 KiB/s'],
  ] as const)('formats %s %s as %s', (unit, value, text) => {
    expect(plain(formatValue(unit, value))).toBe(text);
  });
});
