// Tests of chart-data: series with different instants, gaps, names that look like paths, units.
import { describe, expect, it } from 'vitest';
import { buildRows, formatValue, type LineChart, thinRows, wordChart } from './chart-data';
import { type ChartMarker, placeMarkers } from './markers';

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
    const chart: LineChart = {
      title: 'Latency',
      unit: 'ms',
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
    expect(plain(wordChart({ ...chart, series: [], baseline: 90, limit: 180 }))).toBe(
      'Latency. Before: 90 ms. The guard trips above 180 ms.',
    );
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

it('thins a table evenly and keeps its end', () => {
  const rows = Array.from({ length: 241 }, (_, i) => ({ atMs: i }));
  const thin = thinRows(rows, 60).map(({ atMs }) => atMs);
  expect(thin.length).toBeLessThanOrEqual(60);
  expect(thin.at(-1)).toBe(240);
  expect(new Set(thin.slice(1).map((atMs, i) => (atMs ?? 0) - (thin[i] ?? 0))).size).toBe(1);
  expect(thinRows(rows.slice(0, 3), 60)).toHaveLength(3);
});

it('places the markers of a range, oldest first', () => {
  const marker = (atMs: number): ChartMarker => ({ id: String(atMs), atMs, what: '', who: '', hosts: [], href: '' });
  const placed = placeMarkers([marker(150), marker(99), marker(100), marker(201)], 100, 200);
  expect(placed.map(({ marker: { atMs }, share }) => [atMs, share])).toEqual([
    [100, 0],
    [150, 0.5],
  ]);
  expect(placeMarkers([marker(100)], 100, 100)).toEqual([]);
});
