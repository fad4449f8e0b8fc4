// Make before break: what routes need comes first, what they leave goes last; a rule that does both is written twice.
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../model/edit';
import { applyPlan } from './overlay';
import { planEdits } from './plan-edits';
import { reversePlan } from './reverse-plan';
import { HOST, objectOf, planOf } from './testing/plan-of';

const yamlEdit = (kind: string, spec: string, name = 'reviews'): Edit => ({
  type: 'yaml',
  ref: { kind: kind as 'VirtualService', namespace: 'bookinfo', name },
  yaml: `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: bookinfo}\nspec: ${spec}\n`,
  resourceVersion: '1',
});
const rule = (...names: readonly string[]): string =>
  `{host: reviews, subsets: [${names.map((name) => `{name: ${name}, labels: {version: ${name}}}`).join(', ')}]}`;
const route = (...shares: readonly string[]): string =>
  `{hosts: [reviews], http: [{route: [${shares.map((share) => `{destination: {host: reviews, subset: ${share.split(' ')[0]}}, weight: ${share.split(' ')[1]}}`).join(', ')}]}]}`;
const WORLD = `${objectOf('DestinationRule', rule('v1', 'v2'))}---\n${objectOf('VirtualService', route('v1 100', 'v2 0'))}`;
const told = (outcome: ReturnType<typeof planOf>): readonly string[] => outcome.steps.map(({ action, ref }) => `${action} ${ref.kind}`);
const subsetsOf = (spec: unknown): unknown =>
  (spec as { readonly subsets: readonly { readonly name: string }[] }).subsets.map(({ name }) => name);

describe('the order of a change', () => {
  it('adds subsets before the route moves, whatever the order of the edits, and waits for their pods', () => {
    const outcome = planOf(WORLD, yamlEdit('VirtualService', route('v1 50', 'v3 50')), yamlEdit('DestinationRule', rule('v1', 'v2', 'v3')));
    expect(told(outcome)).toEqual(['update DestinationRule', 'update VirtualService']);
    expect(outcome.steps.map(({ waitAfter }) => waitAfter)).toEqual([{ host: HOST, subset: 'v3', readyPods: 1 }, null]);
  });

  it('does not wait for a subset that takes nothing', () => {
    const outcome = planOf(WORLD, yamlEdit('DestinationRule', rule('v1', 'v2', 'v3')), yamlEdit('VirtualService', route('v1 100', 'v3 0')));
    expect(outcome.steps.map(({ waitAfter }) => waitAfter)).toEqual([null, null]);
  });

  it('removes subsets after the route has left them', () => {
    const outcome = planOf(WORLD, yamlEdit('DestinationRule', rule('v2')), yamlEdit('VirtualService', route('v2 100')));
    expect(told(outcome)).toEqual(['update VirtualService', 'update DestinationRule']);
    expect(outcome.steps.map(({ resourceVersion }) => resourceVersion)).toEqual(['1', '1']);
  });

  it('writes a rule twice that gains and loses subsets', () => {
    const outcome = planOf(WORLD, yamlEdit('DestinationRule', rule('v3', 'v2')), yamlEdit('VirtualService', route('v3 100')));
    expect(told(outcome)).toEqual(['update DestinationRule', 'update VirtualService', 'update DestinationRule']);
    const [first, , last] = outcome.steps;
    expect(subsetsOf(first?.after?.spec)).toEqual(['v1', 'v3', 'v2']);
    expect(subsetsOf(last?.after?.spec)).toEqual(['v3', 'v2']);
    expect([first?.resourceVersion, last?.resourceVersion]).toEqual(['1', null]);
    expect(last?.before).toEqual(first?.after);
    expect(first?.waitAfter).toEqual({ host: HOST, subset: 'v3', readyPods: 1 });
  });

  it('writes it once where no route of the change uses what is lost', () => {
    const outcome = planOf(WORLD, yamlEdit('DestinationRule', rule('v1', 'v3')));
    expect(told(outcome)).toEqual(['update DestinationRule']);
  });

  it('goes back the same way: lost subsets first, routes, then what was added', () => {
    const outcome = planOf(WORLD, yamlEdit('DestinationRule', rule('v3', 'v2')), yamlEdit('VirtualService', route('v3 100')));
    const written = outcome.steps.map((step, i) => ({ ...step, written: { resourceVersion: `${10 + i}` } }));
    const back = reversePlan(written);
    expect(back.map(({ ref, resourceVersion }) => [ref.kind, resourceVersion])).toEqual([
      ['DestinationRule', '12'],
      ['VirtualService', '11'],
      ['DestinationRule', null],
    ]);
    expect(subsetsOf(back[0]?.after?.spec)).toEqual(['v1', 'v3', 'v2']);
    expect(back[0]?.waitAfter).toEqual({ host: HOST, subset: 'v1', readyPods: 1 });
    expect(subsetsOf(back[2]?.after?.spec)).toEqual(['v1', 'v2']);
  });

  it('makes everything that a new route needs before it, and deletes in the other order', () => {
    const objects = ['ServiceEntry', 'Gateway', 'DestinationRule', 'VirtualService'];
    const specs: Readonly<Record<string, string>> = {
      DestinationRule: '{host: a.example}',
      VirtualService: '{hosts: [a.example], http: [{}]}',
    };
    const made = [...objects]
      .reverse()
      .map(
        (kind): Edit => ({ ...(yamlEdit(kind, specs[kind] ?? '{hosts: [a.example]}', 'a') as Extract<Edit, { type: 'yaml' }>), ref: null }),
      );
    const outcome = planOf('', ...made);
    expect(told(outcome)).toEqual(objects.map((kind) => `create ${kind}`));
    const then = applyPlan(outcome.inventory, { steps: outcome.steps });
    const { plan } = planEdits(
      then,
      objects.map((kind): Edit => ({ type: 'delete', ref: { kind: kind as 'Gateway', namespace: 'bookinfo', name: 'a' } })),
    );
    expect(plan.steps.map(({ action, ref }) => `${action} ${ref.kind}`)).toEqual([...objects].reverse().map((kind) => `delete ${kind}`));
  });

  it('makes one step of several edits of one object, and none of those that cancel out', () => {
    const back: Edit = { type: 'delete', ref: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' } };
    const same: Edit = {
      ...(yamlEdit('VirtualService', route('v1 100', 'v2 0')) as Extract<Edit, { type: 'yaml' }>),
      ref: null,
      resourceVersion: null,
    };
    expect(planOf(WORLD, back, same).steps).toEqual([]);
    expect(told(planOf(WORLD, yamlEdit('VirtualService', route('v1 90', 'v2 10')), back))).toEqual(['delete VirtualService']);
  });
});

describe('the world as it would be', () => {
  it('has new objects as the youngest, with an age that can be compared and shown', () => {
    const edit: Edit = { ...(yamlEdit('Gateway', '{}', 'a') as Extract<Edit, { type: 'yaml' }>), ref: null };
    const outcome = planOf(WORLD, edit);
    const made = applyPlan(outcome.inventory, { steps: outcome.steps }).config.get('Gateway')?.[0];
    expect(made?.createdAtMs).toBeGreaterThan(Date.UTC(3000, 0));
    expect(new Date(made?.createdAtMs ?? 0).toISOString()).toBe('+275760-09-13T00:00:00.000Z');
  });
});
