// The scanner of range answers against JSON.parse: any cut of the body, gaps, foreign layouts, broken bodies.
import { describe, expect, it } from 'vitest';
import { RangeScanner } from './scan-range';

const STEPS = { startMs: 1_700_000_000_000, stepMs: 10_000, count: 4 };
const LABELS = ['a', 'b'];
const answer = (result: unknown, more = ''): string =>
  `{"status":"success","data":{"resultType":"matrix","result":${JSON.stringify(result)}}${more}}`;
const SERIES = [
  {
    metric: { __name__: 'x', a: 'one "quoted" ]]}', b: 'ü' },
    values: [
      [1_700_000_000, '1.5'],
      [1_700_000_010, '2'],
      [1_700_000_030, '4e-3'],
    ],
  },
  {
    metric: { b: 'only' },
    values: [
      [1_700_000_020.0, 'NaN'],
      [1_700_000_030.001, '7'],
    ],
  },
  { metric: {}, values: [[1_700_000_010, '+Inf']] },
];

function scan(
  text: string,
  cut: number,
): { readonly labels: readonly (readonly string[])[]; readonly values: readonly number[]; readonly warnings: readonly string[] } {
  const scanner = new RangeScanner(LABELS, STEPS);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += cut) scanner.push(bytes.subarray(at, at + cut));
  const { labels, values, warnings } = scanner.end();
  return { labels, values: [...values], warnings };
}
const EXPECTED = {
  labels: [
    ['one "quoted" ]]}', 'ü'],
    ['', 'only'],
    ['', ''],
  ],
  values: [1.5, 2, Number.NaN, Math.fround(0.004), Number.NaN, Number.NaN, Number.NaN, 7, ...Array.from({ length: 4 }, () => Number.NaN)],
  warnings: [],
};

describe('RangeScanner', () => {
  it('reads the same however the body is cut', () => {
    for (const cut of [1, 2, 7, 31, 64, 10_000]) expect(scan(answer(SERIES), cut)).toEqual(EXPECTED);
  });

  it('reads a body with white space, and one whose keys stand in another order', () => {
    expect(scan(JSON.stringify(JSON.parse(answer(SERIES)), null, 2), 13)).toEqual(EXPECTED);
    expect(scan(answer(SERIES.map(({ metric, values }) => ({ values, metric }))), 50)).toEqual(EXPECTED);
  });

  it('keeps more series than it made room for, and the warnings', () => {
    const many = Array.from({ length: 700 }, (_, i) => ({ metric: { a: String(i) }, values: [[1_700_000_000, String(i)]] }));
    const { labels, values, warnings } = scan(answer(many, ',"warnings":["a store is away"]'), 4096);
    expect(labels.map(([a]) => a)).toEqual(many.map(({ metric }) => metric.a));
    expect(labels.map((_, i) => values[i * 4])).toEqual(many.map((_, i) => i));
    expect(warnings).toEqual(['a store is away']);
  });

  it('refuses what is broken off, of another type, or an error', () => {
    const text = answer(SERIES);
    for (const length of [0, 20, 90, 150, text.length - 5])
      expect(() => scan(text.slice(0, length), 64), String(length)).toThrow(expect.objectContaining({ code: 'metricsMalformed' }));
    expect(() => scan(text.replace('matrix', 'vector'), 64)).toThrow(expect.objectContaining({ code: 'metricsMalformed' }));
    expect(() => scan(text.replace('[1700000010,', '[oops,'), 64)).toThrow(expect.objectContaining({ code: 'metricsMalformed' }));
    expect(() =>
      scan('{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}', 64),
    ).toThrow(expect.objectContaining({ code: 'metricsTooLarge' }));
  });

  it('reads no series at all', () => {
    expect(scan(answer([]), 10)).toEqual({ labels: [], values: [], warnings: [] });
  });
});
