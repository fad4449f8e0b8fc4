// Two changes of one object: what does not overlap is merged, what does is named with both sides.
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../model/change';
import type { JsonObject } from '../../../model/inventory';
import { manifestJson, manifestOf } from './manifest-of';
import { applyPlan } from './overlay';
import { planEdits } from './plan-edits';
import { rebaseReverse } from './rebase-reverse';
import { objectOf, planOf, ruleOf, yaml } from './testing/plan-of';
import { randomEdit, randomInventory, randomOf } from './testing/random-config';
import { threeWay } from './three-way';

const manifest = (spec: string): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo' },
  // The tests write objects.
  spec: yaml(spec) as JsonObject,
});
const merge = (base: string, mine: string, theirs: string): unknown => {
  const { merged, conflicts } = threeWay(manifest(base), manifest(mine), manifest(theirs));
  return conflicts.length > 0 ? conflicts.map(({ path }) => path) : merged?.spec;
};

describe('threeWay', () => {
  it.each<[string, string, string, string, string]>([
    ['fields of one object', '{a: 1, b: 1}', '{a: 2, b: 1}', '{a: 1, b: 2}', '{a: 2, b: 2}'],
    ['fields that each adds and removes', '{a: 1, b: 1}', '{b: 1, c: 1}', '{a: 1, d: 1}', '{d: 1, c: 1}'],
    [
      'items of one list',
      '{l: [{n: 1}, {n: 2}]}',
      '{l: [{n: 1, x: 1}, {n: 2}]}',
      '{l: [{n: 1}, {n: 2, y: 1}]}',
      '{l: [{n: 1, x: 1}, {n: 2, y: 1}]}',
    ],
    ['items put at different places', '{l: [1, 2, 3]}', '{l: [0, 1, 2, 3]}', '{l: [1, 2, 3, 4]}', '{l: [0, 1, 2, 3, 4]}'],
    [
      'an item removed and another changed',
      '{l: [{n: aaa, m: 1}, {n: bbb, m: 1}]}',
      '{l: [{n: bbb, m: 1}]}',
      '{l: [{n: aaa, m: 1}, {n: bbb, m: 2}]}',
      '{l: [{n: bbb, m: 2}]}',
    ],
    ['the same change twice', '{a: 1}', '{a: 2, l: [1]}', '{a: 2, l: [1]}', '{a: 2, l: [1]}'],
  ])('merges %s', (_, base, mine, theirs, wanted) => {
    expect(merge(base, mine, theirs)).toEqual(yaml(wanted));
  });

  it.each<[string, string, string, string, readonly string[]]>([
    ['one field set to two values', '{a: {b: 1}, c: 1}', '{a: {b: 2}, c: 2}', '{a: {b: 3}, c: 1}', ['spec.a.b']],
    [
      'a weight in a list',
      '{l: [{n: x, w: 1}, {n: y, w: 1}]}',
      '{l: [{n: x, w: 2}, {n: y, w: 1}]}',
      '{l: [{n: x, w: 3}, {n: y, w: 1}]}',
      ['spec.l[0].w'],
    ],
    ['items put into one place', '{l: [1]}', '{l: [1, 2]}', '{l: [1, 3]}', ['spec.l']],
    ['a field removed and changed', '{a: {b: 1}}', '{}', '{a: {b: 2}}', ['spec.a']],
  ])('names %s', (_, base, mine, theirs, wanted) => {
    expect(merge(base, mine, theirs)).toEqual(wanted);
  });

  it('tells both values', () => {
    expect(threeWay(manifest('{a: 1}'), manifest('{}'), manifest('{a: 2}')).conflicts).toEqual([
      { path: 'spec.a', base: 1, mine: null, theirs: 2 },
    ]);
  });

  it('knows objects that do not exist', () => {
    const one = manifest('{a: 1}');
    const two = manifest('{a: 2}');
    expect(threeWay(one, null, one)).toEqual({ merged: null, conflicts: [] });
    expect(threeWay(null, one, null)).toEqual({ merged: one, conflicts: [] });
    expect(threeWay(one, null, two).conflicts).toMatchObject([{ path: '' }]);
  });

  it('gives one side where the other changed nothing, over random changes', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const { plan } = planEdits(inventory, [randomEdit(random, inventory), randomEdit(random, inventory)]);
      for (const { before, after } of plan.steps) {
        expect(JSON.stringify(threeWay(before, after, before))).toBe(JSON.stringify({ merged: after, conflicts: [] }));
        expect(JSON.stringify(threeWay(before, before, after))).toBe(JSON.stringify({ merged: after, conflicts: [] }));
        expect(threeWay(before, after, after)).toEqual({ merged: after, conflicts: [] });
      }
    }
  });
});

describe('rebaseReverse', () => {
  const RULE =
    '{name: a, route: [{destination: {host: reviews, subset: v1}, weight: 90}, {destination: {host: reviews, subset: v2}, weight: 10}]}';
  const world = objectOf('VirtualService', `{hosts: [reviews], http: [${RULE}]}`);
  const shift = planOf(world, {
    type: 'weights',
    rule: ruleOf('VirtualService'),
    destinations: [
      { host: 'reviews.bookinfo.svc.cluster.local', subset: 'v1', port: null, weight: 50 },
      { host: 'reviews.bookinfo.svc.cluster.local', subset: 'v2', port: null, weight: 50 },
    ],
  });
  const route = shift.steps.filter(({ ref }) => ref.kind === 'VirtualService');
  const changedSince = (change: (spec: string) => string) => {
    const then = applyPlan(shift.inventory, { steps: route });
    const spec = change(JSON.stringify(then.config.get('VirtualService')?.[0]?.spec));
    return (then.config.get('VirtualService') ?? []).map((object) => ({
      ...object,
      resourceVersion: '9',
      spec: JSON.parse(spec) as JsonObject,
    }));
  };

  it('takes back its own change and keeps that of others', () => {
    const { steps, problems } = rebaseReverse(
      route,
      changedSince((spec) => spec.replace('"name":"a"', '"name":"a","timeout":"3s"')),
    );
    expect(problems).toEqual([]);
    expect(steps).toMatchObject([{ action: 'update', resourceVersion: '9' }]);
    expect(JSON.stringify(steps[0]?.after?.spec)).toBe(
      JSON.stringify({ hosts: ['reviews'], http: [yaml(RULE.replace('name: a', 'name: a, timeout: 3s'))] }),
    );
  });

  it('names what both changed, with both sides', () => {
    const { steps, problems } = rebaseReverse(
      route,
      changedSince((spec) => spec.replace('"weight":50', '"weight":70')),
    );
    expect(steps).toEqual([]);
    expect(problems).toEqual([
      {
        edit: 0,
        ref: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
        path: 'spec.http[0].route[0].weight',
        message:
          'VirtualService/bookinfo/reviews: spec.http[0].route[0].weight was set to 50 by this change and to 70 by somebody else since; undone it would be 90',
        next: 'Choose which of the two shall be, and write it as a change of its own.',
      },
    ]);
  });

  it('does not delete what somebody else has changed, nor bring back what somebody deleted', () => {
    expect(rebaseReverse(route, []).problems[0]?.message).toContain('was deleted since');
    const made = planOf('', {
      type: 'timeout',
      rule: { object: null, list: 'http', index: 0, host: 'reviews.bookinfo.svc.cluster.local' },
      milliseconds: 1,
    });
    const then = applyPlan(made.inventory, { steps: made.steps }).config.get('VirtualService') ?? [];
    expect(rebaseReverse(made.steps, then).steps).toMatchObject([{ action: 'delete' }]);
    expect(rebaseReverse(made.steps, []).steps).toEqual([]);
    expect(
      rebaseReverse(
        made.steps,
        then.map((object) => ({ ...object, spec: { hosts: [] } })),
      ).problems[0]?.message,
    ).toContain('changed by somebody else since');
    const gone = planOf(world, { type: 'delete', ref: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' } });
    expect(rebaseReverse(gone.steps, []).steps).toMatchObject([{ action: 'create' }]);
    expect(rebaseReverse(gone.steps, then).problems[0]?.message).toContain('made anew by somebody else');
  });

  it('is the plain way back where nobody changed anything, over random changes', () => {
    let undone = 0;
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const { plan } = planEdits(
        inventory,
        Array.from({ length: 3 }, () => randomEdit(random, inventory)),
      );
      const then = applyPlan(inventory, plan);
      const { steps, problems } = rebaseReverse(plan.steps, [...then.config.values()].flat());
      expect(problems).toEqual([]);
      const back = applyPlan(then, { steps });
      for (const [kind, list] of inventory.config) {
        const text = (objects: typeof list) => objects.map((object) => JSON.stringify(manifestJson(manifestOf(object)))).sort();
        expect(text(back.config.get(kind) ?? [])).toEqual(text(list));
      }
      undone += steps.length;
    }
    expect(undone).toBeGreaterThan(100);
  });
});
