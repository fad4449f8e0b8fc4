// How far apart samples are, by the newest of them.
import { describe, expect, it } from 'vitest';
import { medianSpacing } from './capabilities';

const at = (...seconds: readonly number[]): readonly (readonly [number, number])[] => seconds.map((second) => [second, 1]);

describe('medianSpacing', () => {
  it('is that of the newest samples, whatever was scraped before', () => {
    expect(medianSpacing(at(0, 15, 30, 45, 60, 75, 80, 85, 90))).toBe(5);
    expect(medianSpacing(at(0, 5, 10, 15, 30, 45, 60))).toBe(15);
  });
  it('bears a scrape that failed', () => {
    expect(medianSpacing(at(0, 5, 10, 20, 25, 30))).toBe(5);
  });
  it('is not told by two samples', () => {
    expect(medianSpacing(at(0, 5))).toBeNull();
    expect(medianSpacing(at(0, 5, 10))).toBe(5);
  });
});
