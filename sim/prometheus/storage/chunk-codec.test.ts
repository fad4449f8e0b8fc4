// Chunks must come back bit for bit, and mesh counters must come back small.
import { describe, expect, it } from 'vitest';
import { buildRandom } from '../differential/random';
import { CHUNK_SAMPLES, decodeChunk, encodeChunk, MAX_CHUNK_BYTES } from './chunk-codec';

function roundTrip(values: readonly number[], stale: readonly number[] = []) {
  const bytes = new Uint8Array(MAX_CHUNK_BYTES + 7);
  const length = encodeChunk(Float64Array.from(values), values.length, stale, bytes.subarray(7));
  const decoded = new Float64Array(CHUNK_SAMPLES);
  const positions: number[] = [];
  const count = decodeChunk(bytes, 7, decoded, positions);
  return { length, values: [...decoded.subarray(0, count)], stale: positions };
}

function series(valueAt: (position: number) => number): number[] {
  return Array.from({ length: CHUNK_SAMPLES }, (_, i) => valueAt(i));
}

describe('chunk codec', () => {
  it.each([
    ['a counter', series((i) => i * 37)],
    ['a counter with a reset', series((i) => (i < 60 ? i * 1000 : i - 60))],
    ['decimals', series((i) => Number((i * 17.25 + 0.123456).toFixed(6)))],
    ['negative decimals', series((i) => Number((-i * 3.7).toFixed(1)))],
    ['decimals that arrive late', series((i) => (i < 100 ? i * 2 ** 40 : i + 0.000001))],
    ['large integers', series((i) => 2 ** 48 + i)],
    ['integers beyond exact arithmetic', series((i) => 2 ** 60 * i)],
    ['irrational numbers', series((i) => Math.sin(i) * 1e-9)],
    ['special values', series((i) => [Number.NaN, Number.POSITIVE_INFINITY, -0, 0, Number.NEGATIVE_INFINITY, 1e308, 5e-324][i % 7] ?? 0)],
    ['one value', [42]],
  ])('returns %s unchanged', (_, values) => {
    const result = roundTrip(values);
    expect(result.values.map((value) => (Object.is(value, -0) ? '-0' : String(value)))).toEqual(
      values.map((value) => (Object.is(value, -0) ? '-0' : String(value))),
    );
    expect(result.length).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
  });

  it('returns random floats unchanged', () => {
    const random = buildRandom(7);
    for (let run = 0; run < 200; run++) {
      const scale = 10 ** (random.below(30) - 15);
      const values = series(() => (random.next() - 0.5) * scale);
      expect(roundTrip(values).values).toEqual(values);
    }
  });

  it('keeps the positions of stale markers, also first and last', () => {
    const stale = [0, 5, CHUNK_SAMPLES - 1];
    const values = series((i) => (stale.includes(i) ? Number.NaN : i));
    const result = roundTrip(values, stale);
    expect(result.stale).toEqual(stale);
    expect(result.values[1]).toBe(1);
    expect(result.values[5]).toBeNaN();
  });

  it('packs mesh counters small', () => {
    expect(roundTrip(series((i) => i * 9)).length).toBeLessThan(130);
    expect(roundTrip(series(() => 123_456)).length).toBeLessThan(12);
    expect(roundTrip(series((i) => Math.floor(i / 10) * 500)).length).toBeLessThan(50);
  });

  it('fits the worst case into the promised size', () => {
    const random = buildRandom(3);
    const all = series((i) => i).map((_, i) => i);
    expect(roundTrip(series(() => random.next() * 10 ** random.below(300))).length).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
    expect(
      roundTrip(
        series(() => Number.NaN),
        all,
      ).length,
    ).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
  });
});
