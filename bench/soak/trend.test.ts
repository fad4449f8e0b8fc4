// Tests of the trend: a steady leak is seen under noise, peaks and steps back are none.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../data/random';
import { slopeOf } from './trend';

describe('slopeOf', () => {
  const random = createRandom(3);
  const noise = Array.from({ length: 24 }, () => random.next() * 10);

  it('sees a leak smaller than the noise', () => {
    expect(slopeOf(noise.map((value, i) => 100 + value + 2 * i))).toBeCloseTo(2, 0);
    expect(Math.abs(slopeOf(noise))).toBeLessThan(0.4);
  });

  it('is not led astray by single peaks', () => {
    const peaks = noise.map((value, i) => (i % 9 === 8 ? value + 500 : value));
    expect(Math.abs(slopeOf(peaks))).toBeLessThan(0.6);
  });

  it('has nothing to say of one reading', () => {
    expect(slopeOf([5])).toBe(0);
    expect(slopeOf([])).toBe(0);
  });
});
