// The text format: escapes, times, metadata, and everything malformed.
import { describe, expect, it } from 'vitest';
import { decodeExposition, decodeSeriesText, ExpositionError } from './exposition';

describe('decodeExposition', () => {
  it('reads samples with and without labels and times', () => {
    const text = 'a 1\nb{x="y"} 2.5 1700000000123\n\n  c{x="a b}\\"",} -Inf\n# a comment\n#no space\nd\t+Inf\ne NaN';
    const { samples } = decodeExposition(text);
    expect(samples).toEqual([
      { seriesText: 'a', value: 1, timestampMs: undefined },
      { seriesText: 'b{x="y"}', value: 2.5, timestampMs: 1_700_000_000_123 },
      { seriesText: 'c{x="a b}\\"",}', value: Number.NEGATIVE_INFINITY, timestampMs: undefined },
      { seriesText: 'd', value: Number.POSITIVE_INFINITY, timestampMs: undefined },
      { seriesText: 'e', value: Number.NaN, timestampMs: undefined },
    ]);
  });

  it('reads HELP and TYPE', () => {
    const { metadata, samples } = decodeExposition(
      '# HELP a one \\\\ two\\nthree\n# TYPE a counter\n#  TYPE b  untyped\n# HELP c\n# NOTE x\n',
    );
    expect(samples).toEqual([]);
    expect(metadata).toEqual([
      { metric: 'a', help: 'one \\ two\nthree', type: undefined },
      { metric: 'a', help: undefined, type: 'counter' },
      { metric: 'b', help: undefined, type: 'unknown' },
      { metric: 'c', help: '', type: undefined },
    ]);
  });

  it.each([
    'a',
    'a ',
    'a x',
    'a 1 x',
    'a 1 2 3',
    'a 0x10',
    'a 1_0',
    'a 1e400',
    '{x="y"}',
    '1a 5',
    'a 1 -5',
    '# TYPE a gadget',
    '<html>',
    'a{x="y" 1',
  ])('refuses %j', (line) => {
    expect(() => decodeExposition(`ok 1\n${line}\n`)).toThrow(ExpositionError);
  });
});

describe('decodeSeriesText', () => {
  it('unescapes values and keeps odd ones', () => {
    expect(decodeSeriesText('a{ b = "q\\"b\\\\n\\n" , c="{}=,", d="日本 🚀" , }')).toEqual({
      __name__: 'a',
      b: 'q"b\\n\n',
      c: '{}=,',
      d: '日本 🚀',
    });
    expect(decodeSeriesText('a:b_c')).toEqual({ __name__: 'a:b_c' });
    expect(decodeSeriesText('a{}')).toEqual({ __name__: 'a' });
    expect(Object.entries(decodeSeriesText('a{__proto__="x"}'))).toContainEqual(['__proto__', 'x']);
  });

  it.each(['a{b}', 'a{b=c}', 'a{b="c}', 'a{b="c" d="e"}', 'a{1b="c"}', 'a{,}', 'a{b="c",,}', 'a b{}', '{b="c"}'])('refuses %j', (text) => {
    expect(() => decodeSeriesText(text)).toThrow(ExpositionError);
  });
});
