// The load guard: a third of the time for collections, a quarter for quantiles.
import { describe, expect, it } from 'vitest';
import { Pace } from './pace';

describe('Pace', () => {
  it('recommends the refresh interval until collecting takes over a third of it', () => {
    const pace = new Pace();
    pace.noteCollection('60s', 4000, 0);
    expect(pace.recommendedIntervalMs(15_000, 0)).toBe(15_000);
    pace.noteCollection('60s', 9100, 1000);
    expect(pace.recommendedIntervalMs(15_000, 1000)).toBe(28_000);
    pace.noteCollection('300s', 5000, 1000);
    expect(pace.recommendedIntervalMs(15_000, 1000)).toBe(43_000);
    expect(pace.recommendedIntervalMs(15_000, 1000 + 121_000)).toBe(15_000);
    pace.noteCollection('60s', 900_000, 2000);
    expect(pace.recommendedIntervalMs(15_000, 2000)).toBe(300_000);
  });
  it('comes down slowly', () => {
    const pace = new Pace();
    pace.noteCollection('60s', 10_000, 0);
    pace.noteCollection('60s', 1000, 1);
    expect(pace.recommendedIntervalMs(15_000, 1)).toBe(22_000);
    for (let i = 0; i < 10; i++) pace.noteCollection('60s', 1000, 2 + i);
    expect(pace.recommendedIntervalMs(15_000, 12)).toBe(15_000);
  });
  it('lets quantiles take a quarter of the time', () => {
    const pace = new Pace();
    expect(pace.quantilesDue('s', 0)).toBe(true);
    pace.noteQuantiles('s', 6000, 10_000);
    expect(pace.quantilesDue('s', 27_999)).toBe(false);
    expect(pace.quantilesDue('s', 28_000)).toBe(true);
    expect(pace.quantilesDue('other', 11_000)).toBe(true);
  });
});
