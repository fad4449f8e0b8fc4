// Rules added, moved, removed, switched off and on.
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../model/edit';
import { DISABLED_RULES, readDisabledRules } from './disabled-rules';
import { applyPlan } from './overlay';
import { planEdits } from './plan-edits';
import { apiObjectOf, HOST, newRuleOf, objectOf, planOf, ruleOf } from './testing/plan-of';

const vs = (...names: readonly string[]): string =>
  objectOf(
    'VirtualService',
    `{hosts: [reviews], http: [${names.map((name) => `{name: ${name}, route: [{destination: {host: reviews}}]}`).join(', ')}]}`,
  );
const names = (outcome: ReturnType<typeof planOf>): unknown => {
  const rules = outcome.specs['VirtualService/bookinfo/reviews']?.['http'];
  return Array.isArray(rules) ? rules.map(({ name }) => name) : null;
};
const rule = (index: number) => ruleOf('VirtualService', index);
const destinations = [{ host: HOST, subset: null, port: null, weight: 100 }];
const added = (index: number, parts: Partial<Extract<Edit, { type: 'addRule' }>> = {}): Edit => ({
  type: 'addRule',
  rule: rule(index),
  name: 'new',
  matches: [{ path: { type: 'prefix', value: '/a' } }],
  action: { type: 'route', destinations },
  ...parts,
});

describe('the order of rules', () => {
  it('changes by moving one', () => {
    expect(names(planOf(vs('a', 'b', 'c'), { type: 'moveRule', rule: rule(0), to: 2 }))).toEqual(['b', 'c', 'a']);
    expect(planOf(vs('a', 'b', 'c'), { type: 'moveRule', rule: rule(2), to: 0 }).words).toEqual(['rule 3 becomes rule 1']);
    expect(planOf(vs('a', 'b'), { type: 'moveRule', rule: rule(0), to: 0 }).steps).toEqual([]);
    expect(planOf(vs('a', 'b'), { type: 'moveRule', rule: rule(0), to: 2 }).problems[0]?.message).toContain(
      'none can be moved to position 3',
    );
  });

  it('is that of the list as the edits before leave it', () => {
    const outcome = planOf(vs('a', 'b', 'c'), { type: 'removeRule', rule: rule(0) }, { type: 'removeRule', rule: rule(0) });
    expect(names(outcome)).toEqual(['c']);
    expect(outcome.steps).toHaveLength(1);
  });
});

describe('a new rule', () => {
  it('stands where it is put, whole', () => {
    const outcome = planOf(vs('a', 'b'), added(1, { fault: { delay: { milliseconds: 100, percent: 1 }, abort: null }, timeoutMs: 2000 }));
    expect(names(outcome)).toEqual(['a', 'new', 'b']);
    expect(outcome.specs['VirtualService/bookinfo/reviews']?.['http']).toContainEqual({
      name: 'new',
      match: [{ uri: { prefix: '/a' } }],
      route: [{ destination: { host: HOST } }],
      fault: { delay: { percentage: { value: 1 }, fixedDelay: '0.1s' } },
      timeout: '2s',
    });
    expect(outcome.words).toEqual(['rule 2 is new: path starts with /a to reviews']);
  });

  it('is not put a second time into the same place', () => {
    const outcome = planOf(vs('a'), added(1));
    expect(planEdits(applyPlan(outcome.inventory, { steps: outcome.steps }), [added(1)]).plan.steps).toEqual([]);
  });

  it('redirects or answers', () => {
    const redirect = planOf(vs('a'), added(0, { matches: [], action: { type: 'redirect', path: '/b', authority: null, status: 302 } }));
    expect(redirect.specs['VirtualService/bookinfo/reviews']?.['http']).toContainEqual({
      name: 'new',
      redirect: { uri: '/b', redirectCode: 302 },
    });
    const answer = planOf(vs('a'), added(0, { matches: [], action: { type: 'respond', status: 404, body: 'gone' } }));
    expect(answer.specs['VirtualService/bookinfo/reviews']?.['http']).toContainEqual({
      name: 'new',
      directResponse: { status: 404, body: { string: 'gone' } },
    });
  });

  it('makes the object where there is none, with a catch-all behind it', () => {
    const outcome = planOf('', added(0, { rule: newRuleOf() }));
    expect(names(outcome)).toEqual(['new', undefined]);
    expect(names(planOf('', added(0, { rule: newRuleOf(), matches: [] })))).toEqual(['new']);
  });

  it('is refused where it cannot stand or has nothing to do', () => {
    expect(planOf(vs('a'), added(3)).problems[0]?.message).toContain('none can stand at position 4');
    expect(planOf(vs('a'), added(0, { action: { type: 'route', destinations: [] } })).problems[0]?.message).toBe(
      'the rule sends to nothing',
    );
  });

  it('is written in the words of an HTTPRoute', () => {
    const route = apiObjectOf('HTTPRoute', '{rules: [{backendRefs: [{name: reviews, port: 9080}]}]}');
    const outcome = planOf(
      route,
      added(0, { rule: ruleOf('HTTPRoute'), action: { type: 'redirect', path: null, authority: 'b.example', status: 301 } }),
    );
    expect(outcome.specs['HTTPRoute/bookinfo/reviews']?.['rules']).toContainEqual({
      name: 'new',
      matches: [{ path: { type: 'PathPrefix', value: '/a' } }],
      filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'b.example', statusCode: 301 } }],
    });
    const answer = planOf(route, added(0, { rule: ruleOf('HTTPRoute'), action: { type: 'respond', status: 404, body: null } }));
    expect(answer.problems[0]?.message).toBe('an HTTPRoute cannot answer by itself');
  });
});

describe('a removed rule', () => {
  it('is not the last one', () => {
    expect(names(planOf(vs('a', 'b'), { type: 'removeRule', rule: rule(0) }))).toEqual(['b']);
    const last = planOf(vs('a'), { type: 'removeRule', rule: rule(0) });
    expect(last.problems[0]?.next).toBe('Delete VirtualService/bookinfo/reviews instead, or add another rule first.');
  });

  it('takes its empty list with it where another list has rules', () => {
    const both = objectOf('VirtualService', '{hosts: [reviews], http: [{name: a}], tcp: [{route: []}]}');
    expect(planOf(both, { type: 'removeRule', rule: rule(0) }).specs['VirtualService/bookinfo/reviews']).toEqual({
      hosts: ['reviews'],
      tcp: [{ route: [] }],
    });
  });
});

describe('a disabled rule', () => {
  it('is kept in an annotation and comes back to where it stood', () => {
    const off = planOf(vs('a', 'b', 'c'), { type: 'disableRule', rule: rule(1) });
    expect(names(off)).toEqual(['a', 'c']);
    expect(off.words).toEqual(['rule 2 is switched off: everything to reviews']);
    const annotations = off.steps[0]?.after?.metadata.annotations;
    expect(readDisabledRules(annotations)).toMatchObject([{ list: 'http', index: 1, rule: { name: 'b' } }]);
    const on: Edit = { type: 'enableRule', object: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' }, position: 0 };
    const { plan } = planEdits(applyPlan(off.inventory, { steps: off.steps }), [on]);
    expect(plan.steps[0]?.after).toEqual(off.steps[0]?.before);
    expect(plan.steps[0]?.words).toEqual(['rule 2 is switched on again: everything to reviews']);
  });

  it('comes back as near as the list allows', () => {
    const off = planOf(vs('a', 'b', 'c'), { type: 'disableRule', rule: rule(2) }, { type: 'removeRule', rule: rule(1) });
    const on: Edit = { type: 'enableRule', object: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' }, position: 0 };
    const { plan } = planEdits(applyPlan(off.inventory, { steps: off.steps }), [on]);
    expect(plan.steps[0]?.after?.spec['http']).toMatchObject([{ name: 'a' }, { name: 'c' }]);
  });

  it.each([
    '{',
    '[]x',
    '{"a":1}',
    '[1]',
    '[{"list":"udp","index":0,"rule":{}}]',
    '[{"list":"http","index":-1,"rule":{}}]',
    '[{"list":"http","index":0}]',
  ])('is not read from %s', (text) => {
    expect(readDisabledRules({ [DISABLED_RULES]: text })).toBeNull();
  });

  it('is not added to an annotation that cannot be read, nor when it gets too large', () => {
    const broken = `kind: VirtualService
metadata: {name: reviews, namespace: bookinfo, annotations: {${DISABLED_RULES}: "x"}}
spec: {hosts: [reviews], http: [{}, {}]}`;
    expect(planOf(broken, { type: 'disableRule', rule: rule(0) }).problems[0]?.message).toContain('cannot be read');
    const large = objectOf('VirtualService', `{hosts: [reviews], http: [{x: ${'x'.repeat(300_000)}}, {}]}`);
    expect(planOf(large, { type: 'disableRule', rule: rule(0) }).problems[0]?.message).toContain('too large');
  });
});
