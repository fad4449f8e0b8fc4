// Baselines in the address: read, written, refused.
import { expect, it } from 'vitest';
import { decodeBaseline, encodeBaseline, readBaseline } from './comparison';

it.each(['1700000000', '1h', '1d', '7d', '5m'])('%s is read and written', (text) => {
  const baseline = decodeBaseline(text);
  expect(baseline).not.toBeNull();
  expect(baseline === null ? '' : encodeBaseline(baseline)).toBe(text);
});

it.each(['', '90', '1700', '30s', '31d', 'yesterday', '-1h', '1w', '170000000000'])(
  '%j is refused, with a word on what to write',
  (text) => {
    expect(decodeBaseline(text)).toBeNull();
    expect(() => readBaseline(new URLSearchParams({ with: text }))).toThrow(/expected an instant/);
  },
);
