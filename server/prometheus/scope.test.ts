// Matchers reach every selector and nothing else.
import { describe, expect, it } from 'vitest';
import { applyScope } from './scope';

const scope = { mesh: 'a"b\\c', cluster: 'x' };
const M = 'mesh="a\\"b\\\\c",cluster="x"';

describe('applyScope', () => {
  it.each([
    ['up', `up{${M}}`],
    ['up{}', `up{${M}}`],
    ['up{a="b"}', `up{${M},a="b"}`],
    ['{__name__="up"}', `{${M},__name__="up"}`],
    [
      'sum by (mesh) (rate(a{b="{}"}[5m] offset 1h)) > 0 or label_replace(c, "d", "up", "e", "up")',
      `sum by (mesh) (rate(a{${M},b="{}"}[5m] offset 1h)) > 0 or label_replace(c{${M}}, "d", "up", "e", "up")`,
    ],
    [
      'max_over_time(rate(a[1m])[5m:1m]) / on (x) group_left b{c="d",}',
      `max_over_time(rate(a{${M}}[1m])[5m:1m]) / on (x) group_left b{${M},c="d",}`,
    ],
  ])('%s', (promql, scoped) => {
    expect(applyScope(promql, scope)).toBe(scoped);
  });
  it('leaves a query as it is without a scope', () => {
    expect(applyScope('up{', {})).toBe('up{');
  });
  it('refuses what is no PromQL', () => {
    expect(() => applyScope('sum(', scope)).toThrow(/not PromQL/);
  });
});
