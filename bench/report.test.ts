// A broken budget is seen, a number that is none breaks every budget, and the table says both.
import { describe, expect, it } from 'vitest';
import { brokenBudgets, type Measurement, renderReport, type SuiteReport } from './report';

const measured = (name: string, value: number, budget: Measurement['budget']): Measurement => ({
  name,
  value,
  unit: 'ms',
  budget,
  note: '',
});
const report = (measurements: readonly Measurement[]): SuiteReport => ({
  suite: 'plan',
  skipped: null,
  measurements,
  raw: {},
  load: [1, 2],
  seconds: 3,
});

describe('brokenBudgets', () => {
  it('names what is over, under or not a number, and nothing else', () => {
    const all = [
      measured('at its limit', 10, { atMost: 10 }),
      measured('over', 10.1, { atMost: 10 }),
      measured('under', 1.9, { atLeast: 2 }),
      measured('enough', 2, { atLeast: 2 }),
      measured('no number', Number.NaN, { atMost: 10 }),
      measured('only told', 1e9, null),
    ];
    expect(brokenBudgets([report(all)]).map(({ name }) => name)).toEqual(['over', 'under', 'no number']);
  });
});

describe('renderReport', () => {
  it('shows budget and verdict beside each number', () => {
    const text = renderReport(report([measured('a', 5, { atMost: 10 }), measured('b', 15, { atMost: 10 }), measured('c', 1.234, null)]));
    expect(text.split('\n').slice(0, 4)).toEqual([
      'plan  (3 s, load average 1.0 → 2.0)',
      '  a     5 ms  ≤ 10 ms  ok',
      '  b    15 ms  ≤ 10 ms  OVER',
      '  c  1.23 ms',
    ]);
  });

  it('says why a suite was skipped', () => {
    expect(renderReport({ ...report([]), skipped: 'there is no build' })).toContain('skipped: there is no build');
  });
});
