// Tables are joined on labels, heatmaps are differences of buckets, and what was before is drawn at the time of now.
import { describe, expect, it } from 'vitest';
import type { PanelSeries } from '../../model/dashboard';
import { askBefore, readComparison, secondsOf, wordComparison } from './comparisons';
import { buildGrafanaHref } from './grafana-link';
import { buildHeat } from './heat-cells';
import { joinRows } from './join-rows';

const series = (target: string, labels: Readonly<Record<string, string>>, ...values: readonly (number | null)[]): PanelSeries => ({
  target,
  name: target,
  labels,
  points: values.map((value, i) => [1000 + i * 10, value]),
});

describe('joinRows', () => {
  const keys = ['workload', 'service'];
  it('joins on all keys, and lets a series of fewer labels belong to every row that it does not contradict', () => {
    const rows = joinRows({ keys }, [
      series('A', { workload: 'w1', service: 's1' }, 1, 2),
      series('A', { workload: 'w1', service: 's2' }, 3),
      series('A', { workload: 'w2', service: 's1' }, 4),
      series('B', { workload: 'w1' }, 9, null),
      series('C', {}, 7),
    ]);
    expect(rows).toEqual([
      { keys: ['w1', 's1'], values: { A: 2, B: 9 } },
      { keys: ['w1', 's2'], values: { A: 3, B: 9 } },
      { keys: ['w2', 's1'], values: { A: 4 } },
    ]);
  });
});

describe('buildHeat', () => {
  it('takes each bucket without those below it', () => {
    const heat = buildHeat([series('A', { le: '+Inf' }, 10, 12), series('A', { le: '1' }, 4, 4), series('A', { le: '5' }, 9, 12)]);
    expect(heat).toEqual({
      bounds: [1, 5, Number.POSITIVE_INFINITY],
      instants: [1000, 1010],
      cells: [
        [4, 4],
        [5, 8],
        [1, 0],
      ],
      most: 8,
    });
    expect(buildHeat([])).toMatchObject({ bounds: [], instants: [], most: 0 });
  });
});

describe('buildGrafanaHref', () => {
  it('takes variables and range along', () => {
    const base = 'https://g.example.com/d/x';
    expect(buildGrafanaHref(base, { service: ['a b'], pod: [] }, { rangeSeconds: 1800, atSeconds: null })).toBe(
      'https://g.example.com/d/x?var-service=a+b&var-pod=%24__all&from=now-1800s&to=now',
    );
    expect(buildGrafanaHref(base, {}, { rangeSeconds: 60, atSeconds: 100 })).toBe('https://g.example.com/d/x?from=40000&to=100000');
  });
});

describe('a comparison', () => {
  it('is with the period before, or with a time before', () => {
    expect([secondsOf('none', 1800), secondsOf('period', 1800), secondsOf('86400', 1800)]).toEqual([0, 1800, 86_400]);
    expect([wordComparison('none', 1800), wordComparison('period', 1800), wordComparison('604800', 1800)]).toEqual([
      '',
      '30 minutes before',
      '1 week before',
    ]);
    expect([readComparison('86400'), readComparison('1'), readComparison(null)]).toEqual(['86400', 'none', 'none']);
  });
  it('asks the same so much earlier', () => {
    const now = 1_700_000_059_999;
    expect(askBefore(new URLSearchParams('range=1h&by=code'), 60, now).toString()).toBe('range=1h&by=code&at=1699999980');
    expect(askBefore(new URLSearchParams('at=1700000000'), 86_400, now).toString()).toBe('at=1699913600');
  });
});
