// Variables in PromQL: whatever a value says, it stays inside of its literal.
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { bindVariables, type Intervals } from './bind';

const INTERVALS: Intervals = { rateSeconds: 60, stepSeconds: 15, rangeSeconds: 1800 };
const bind = (promql: string, choice: Record<string, readonly string[]> = {}): string => bindVariables(promql, choice, INTERVALS);
const parses = (promql: string): boolean => {
  let clean = true;
  parser.parse(promql).iterate({
    enter: (node) => {
      if (node.type.isError) clean = false;
    },
  });
  return clean;
};

describe('bindVariables', () => {
  it('fills in what Grafana fills in by itself', () => {
    expect(bind('rate(x[$__rate_interval])')).toBe('rate(x[60s])');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's notation
    expect(bind('rate(x[${__interval}]) * $__range_s')).toBe('rate(x[15s]) * 1800');
  });

  it('matches any value where none is chosen, and several as alternatives', () => {
    expect(bind('x{a=~"$v"}', { v: [] })).toBe('x{a=~".*"}');
    expect(bind('x{a=~"$v"}', { v: ['a.b', 'c'] })).toBe('x{a=~"(a\\\\.b|c)"}');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's notation
    expect(bind('x{a=~"^${v:regex}$"}', { v: ['a'] })).toBe('x{a=~"^a$"}');
    expect(bind('x{a="[[v]]"}', { v: ['a.b'] })).toBe('x{a="a.b"}');
  });

  it.each(['"} or vector(1) or x{a="', "'", '\\', '\n', '`', '.*', '$w', '"', '{{x}}'])('keeps %j inside of its literal', (value) => {
    for (const template of ['x{a="$v"}', "x{a='$v'}", 'x{a=~"$v"}', 'x{a=`$v`}']) {
      const bound = bind(template, { v: [value], w: ['never'] });
      expect(parses(bound)).toBe(true);
      expect(bound).not.toContain('never');
      // One selector with one matcher, whatever the value says.
      let matchers = 0;
      parser.parse(bound).iterate({
        enter: (node) => {
          if (/Matcher$/.test(node.name) && node.name !== 'LabelMatchers') matchers += 1;
        },
      });
      expect(matchers).toBe(1);
    }
  });

  it('refuses text outside of quotes', () => {
    expect(bind('rate(x[$w])', { w: ['5m'] })).toBe('rate(x[5m])');
    expect(() => bind('rate(x[$w])', { w: ['5m]) or (x[1m'] })).toThrow(/outside of quotes/);
    expect(() => bind('rate(x[$w])', { w: [] })).toThrow(/outside of quotes/);
    expect(() => bind('x{a="$unknown"}', {})).toThrow(/variable \$unknown/);
  });
});
