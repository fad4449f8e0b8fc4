// Rules of RBAC, evaluated as Kubernetes does.
import { describe, expect, it } from 'vitest';
import type { Deed } from '../../model/account';
import { allowsDeed, decodeAccessReview, decodeRulesReview } from './rules';

const review = (rules: unknown, more: object = { incomplete: false }): unknown => ({
  status: { resourceRules: rules, nonResourceRules: [], ...more },
});
const rule = (verbs: unknown, apiGroups: unknown, resources: unknown, more: object = {}): object => ({
  verbs,
  apiGroups,
  resources,
  ...more,
});
const may = (rules: readonly object[], verb: Deed['verb'], group: string, resource: string): boolean => {
  const decoded = decodeRulesReview(review(rules));
  if (decoded === null) throw new Error('not a review');
  return allowsDeed(decoded, { verb, group, resource });
};

describe('a rule allows', () => {
  it.each([
    ['what it names', rule(['list'], [''], ['services']), true],
    ['every verb by *', rule(['*'], [''], ['services']), true],
    ['every group by *', rule(['list'], ['*'], ['services']), true],
    ['every resource by *', rule(['list'], [''], ['*']), true],
    ['not another verb', rule(['get', 'watch'], [''], ['services']), false],
    ['not another group', rule(['list'], ['apps'], ['services']), false],
    ['not another resource', rule(['list'], [''], ['pods']), false],
    ['not for named objects only', rule(['list'], [''], ['services'], { resourceNames: ['one'] }), false],
    ['not by a subresource', rule(['list'], [''], ['services/status', '*/status', '*/*']), false],
    ['not by a part of a name', rule(['lis', 'list*'], [''], ['service', 'services*']), false],
    ['nothing when it is broken', rule('list', [''], { services: true }), false],
    ['nothing when it is empty', {}, false],
  ])('%s', (_what, one, expected) => {
    expect(may([rule(['get'], ['apps'], ['deployments']), one], 'list', '', 'services')).toBe(expected);
  });

  it('only as a whole: two halves of two rules are none', () => {
    expect(may([rule(['list'], [''], ['pods']), rule(['get'], [''], ['services'])], 'list', '', 'services')).toBe(false);
  });
});

describe('reviews', () => {
  it('are rules or nothing', () => {
    for (const bad of [null, 'x', {}, { status: {} }, { status: { resourceRules: 'all' } }, []]) expect(decodeRulesReview(bad)).toBeNull();
    expect(decodeRulesReview(review(null))).toEqual({ rules: [], incomplete: false });
    expect(decodeRulesReview(review(['x', 3, null]))).toEqual({ rules: [], incomplete: false });
  });
  it('are incomplete unless they say that they are not', () => {
    for (const more of [{}, { incomplete: true }, { incomplete: 'false' }, { incomplete: null }])
      expect(decodeRulesReview(review([], more))?.incomplete).toBe(true);
  });
  it('allow unless they deny', () => {
    expect(decodeAccessReview({ status: { allowed: true } })).toBe(true);
    expect(decodeAccessReview({ status: { allowed: true, denied: true } })).toBe(false);
    expect(decodeAccessReview({ status: { allowed: false } })).toBe(false);
    for (const bad of [null, {}, { status: { allowed: 'true' } }, { status: null }]) expect(decodeAccessReview(bad)).toBeNull();
  });
});
