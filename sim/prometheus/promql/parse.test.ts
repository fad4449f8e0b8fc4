// The shape of parsed queries: precedence above all, because the grammar's own tree does not have it right.
import { describe, expect, it } from 'vitest';
import { decodeDurationMs, decodeNumber, decodeString, formatDuration } from './literals';
import { parseQuery, parseSelector } from './parse';
import { QueryError } from './query-error';
import type { Expr } from './syntax';

function show(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector':
      return expr.name + (expr.offsetMs === 0 ? '' : `~${expr.offsetMs}`) + (expr.at === undefined ? '' : `@${expr.at.kind}`);
    case 'range':
      return `${show(expr.selector)}[${expr.rangeMs}]`;
    case 'subquery':
      return `${show(expr.expr)}[${expr.rangeMs}:${expr.stepMs}]${expr.offsetMs === 0 ? '' : `~${expr.offsetMs}`}`;
    case 'paren':
      return show(expr.expr);
    case 'unary':
      return `(${expr.operator}${show(expr.expr)})`;
    case 'binary':
      return `(${show(expr.left)} ${expr.operator} ${show(expr.right)})`;
    case 'aggregate':
      return `${expr.operator}(${show(expr.expr)})`;
    case 'call':
      return `${expr.name}(${expr.args.map(show).join(', ')})`;
    case 'invariant':
      return show(expr.expr);
  }
}

describe('parseQuery', () => {
  it.each([
    ['a + b * c ^ d ^ e', '(a + (b * (c ^ (d ^ e))))'],
    ['a - b - c', '((a - b) - c)'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a > b + c == d', '((a > (b + c)) == d)'],
    ['-1 ^ 2', '(-(1 ^ 2))'],
    ['2 ^ -1 ^ 2', '(2 ^ (-(1 ^ 2)))'],
    ['-a * b', '((-a) * b)'],
    ['2 * -a ^ b', '(2 * (-(a ^ b)))'],
    ['a -1', '(a - 1)'],
    ['- 1', '-1'],
    ['a + b offset 5m', '(a + b~300000)'],
    ['a + b offset 5m * c', '(a + (b~300000 * c))'],
    ['a * b @ start() + c', '((a * b@start) + c)'],
    ['-a offset -1m', '(-a~-60000)'],
    ['sum_over_time((a + b)[5m:])', 'sum_over_time((a + b)[300000:0])'],
    ['-a[5m:1m] offset 1m', undefined],
    ['a atan2 b % c', '((a atan2 b) % c)'],
    ['rate(a[1h30m] offset 1w)', 'rate(a~604800000[5400000])'],
    ['SUM(a) BY (b) # comment', 'sum(a)'],
    ['holt_winters(a[5m], 0.1, 0.2)', 'holt_winters(a[300000], 0.1, 0.2)'],
    ['label_replace(a, "holt_winters(", "x", "y", "z")', 'label_replace(a, "holt_winters(", "x", "y", "z")'],
  ])('reads %s', (query, expected) => {
    if (expected === undefined) expect(() => parseQuery(query)).toThrow(QueryError);
    else expect(show(parseQuery(query))).toBe(expected);
  });

  it('reads modifiers of binary operators', () => {
    const expr = parseQuery('a > bool on (x, y,) group_left (z) b');
    expect(expr).toMatchObject({
      kind: 'binary',
      operator: '>',
      returnBool: true,
      matching: { on: true, labels: ['x', 'y'], cardinality: 'many-to-one', include: ['z'] },
    });
    expect(parseQuery('a / ignoring(x) group_right b')).toMatchObject({ matching: { on: false, cardinality: 'one-to-many', include: [] } });
  });

  it.each([
    ['sum(', '1:5: parse error: unexpected end of input'],
    ['abs(1)', '1:5: parse error: expected type instant vector in call to function "abs", got scalar'],
    ['a +\n  abs("x")', '2:7: parse error: expected type instant vector in call to function "abs", got string'],
    ['nosuch(a)', '1:1: parse error: unknown function with name "nosuch"'],
    ['1 == 2', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['a + bool b', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['{x=""}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['a{__name__="b"}', '1:1: parse error: metric name must not be set twice: "a" or "b"'],
    ['a[5]', '1:3: parse error: bad duration syntax: "5"'],
    ['a[0s]', '1:3: parse error: duration must be greater than 0'],
    ['a offset 1m offset 1m', '1:1: parse error: offset may not be set multiple times'],
    ['', 'unknown position: parse error: no expression found in input'],
  ])('refuses %j', (query, message) => {
    expect(() => parseQuery(query)).toThrow(message);
  });

  it('takes only plain selectors as match[]', () => {
    expect(parseSelector('a{b!="c"}').map(({ name, operator, operand }) => name + operator + operand)).toEqual(['b!=c', '__name__=a']);
    for (const text of ['a offset 1m', 'a[5m]', 'sum(a)', '1', 'a @ 5']) expect(() => parseSelector(text)).toThrow(QueryError);
  });
});

describe('literals', () => {
  it('decodes durations', () => {
    expect(decodeDurationMs('1y2w3d4h5m6s7ms')).toBe(((365 + 14 + 3) * 86_400 + 4 * 3600 + 5 * 60 + 6) * 1000 + 7);
    for (const text of ['', 'm', '5', '5m1h', '1.5h', '-5m', '300000y', '5 m']) expect(decodeDurationMs(text)).toBeUndefined();
    expect(decodeDurationMs('0')).toBe(0);
  });

  it('formats durations', () => {
    const day = 86_400_000;
    expect([0, 5000, 90_000, 21_600_000, 7 * day, 8 * day, 365 * day, 1500].map(formatDuration)).toEqual([
      '0s',
      '5s',
      '1m30s',
      '6h',
      '1w',
      '8d',
      '1y',
      '1s500ms',
    ]);
  });

  it("decodes numbers with Go's bases", () => {
    expect(['0x1F', '017', '08', '1e3', '.5', 'Inf', '-inf', '+Inf'].map(decodeNumber)).toEqual([
      31,
      15,
      8,
      1000,
      0.5,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect(decodeNumber('NaN')).toBeNaN();
    for (const text of ['', '1_0', '0x', '1e', '1e400', 'infinit', '--1', ' 1', '0b1']) expect(decodeNumber(text)).toBeUndefined();
  });

  it('decodes strings in three quotings', () => {
    expect(decodeString('"a\\n\\"\\x41\\u00e9\\U0001F680\\101"')).toBe('a\n"Aé🚀A');
    expect(decodeString("'it\\'s'")).toBe("it's");
    expect(decodeString('`raw\\n"`')).toBe('raw\\n"');
    expect(decodeString('"\\xe6\\x97\\xa5"')).toBe('日');
    for (const text of ['"a', '\'a"', '"\\q"', "'\\\"'", '"a\nb"', '"\\ud800"', '"\\777"', '"\\x4"', '"'])
      expect(decodeString(text)).toBeUndefined();
  });
});
