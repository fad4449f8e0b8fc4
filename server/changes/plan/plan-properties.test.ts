// What holds for every plan: nothing unknown is lost, planned again it is empty, patches lead where they say, undone everything is as before.
import { describe, expect, it } from 'vitest';
import type { ConfigRef } from '../../../model/edit';
import type { Inventory, Json, JsonObject } from '../../../model/inventory';
import { applyPatch, diffJson } from './diff-manifest';
import { digestSteps } from './digest';
import { fieldsOf, isList, isObject } from './json-edit';
import { manifestJson, manifestOf } from './manifest-of';
import { applyPlan } from './overlay';
import { planEdits } from './plan-edits';
import { reversePlan } from './reverse-plan';
import { randomEdit, randomIntent, randomInventory, randomJson, randomOf } from './testing/random-config';

const RUNS = 250;
const seeds = Array.from({ length: RUNS }, (_, i) => i + 1);

/** All manifests as text, so that the order of fields counts. */
const textOf = (inventory: Inventory): readonly string[] =>
  [...inventory.config.values()].flatMap((list) => list.map((object) => JSON.stringify(manifestOf(object)))).sort();

/** Every field that no edit knows, with its path through names and list items counted by what they hold. */
function unknownFields(value: Json | undefined, found: string[] = []): readonly string[] {
  if (isList(value)) for (const item of value) unknownFields(item, found);
  else if (isObject(value))
    for (const name of fieldsOf(value)) {
      if (/Unknown$/.test(name)) found.push(`${name}=${JSON.stringify(value[name])}`);
      else unknownFields(value[name], found);
    }
  return found;
}

/** Fields of each object that are in both keep their order. */
function expectOrder(before: JsonObject, after: JsonObject): void {
  const kept = fieldsOf(before).filter((name) => Object.hasOwn(after, name));
  expect(fieldsOf(after).filter((name) => Object.hasOwn(before, name))).toEqual(kept);
}

describe('every plan', () => {
  it('keeps unknown fields and the order of fields', () => {
    let planned = 0;
    for (const seed of seeds) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const edits = Array.from({ length: 3 }, () => randomIntent(random, inventory)).filter(({ type }) => type !== 'match');
      for (const { action, before, after } of planEdits(inventory, edits).plan.steps) {
        if (action !== 'update' || before === null || after === null) continue;
        planned += 1;
        const kept = unknownFields(after.spec);
        for (const field of unknownFields(before.spec)) expect(kept, `seed ${seed}`).toContain(field);
        expectOrder(before.spec, after.spec);
        expectOrder(manifestJson(before), manifestJson(after));
      }
    }
    expect(planned).toBeGreaterThan(RUNS / 2);
  });

  it('is empty when it is planned again on the world that it makes', () => {
    for (const seed of seeds) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const edit = randomIntent(random, inventory);
      const { plan, problems } = planEdits(inventory, [edit]);
      const again = planEdits(applyPlan(inventory, plan), [edit]);
      expect(again.plan.steps, `seed ${seed}: ${JSON.stringify(edit)}`).toEqual([]);
      expect(again.problems).toEqual(problems);
    }
  });

  it('undone leaves every object as it was, to the order of its fields', () => {
    let undone = 0;
    for (const seed of seeds) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const edits = Array.from({ length: 4 }, () => randomEdit(random, inventory));
      const { plan } = planEdits(inventory, edits);
      const then = applyPlan(inventory, plan);
      const back = applyPlan(then, { steps: reversePlan(plan.steps) });
      expect(textOf(back), `seed ${seed}`).toEqual(textOf(inventory));
      undone += plan.steps.length;
    }
    expect(undone).toBeGreaterThan(RUNS);
  });

  it('has patches that lead from before to after, and one step for each object unless it must be written twice', () => {
    for (const seed of seeds) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const { plan } = planEdits(
        inventory,
        Array.from({ length: 4 }, () => randomEdit(random, inventory)),
      );
      const seen = new Map<string, number>();
      for (const { ref, action, before, after, patch, words, resourceVersion } of plan.steps) {
        const key = JSON.stringify(ref);
        const count = (seen.get(key) ?? 0) + 1;
        seen.set(key, count);
        expect(count).toBeLessThanOrEqual(ref.kind === 'DestinationRule' ? 2 : 1);
        expect(words.length).toBeGreaterThan(0);
        expect(resourceVersion).toBe(action === 'create' || count === 2 ? null : '7');
        if (action !== 'update' || before === null || after === null) continue;
        expect(patch.length).toBeGreaterThan(0);
        expect(applyPatch(manifestJson(before), patch)).toEqual(manifestJson(after));
      }
    }
  });

  it('shares what it does not touch, and changes nothing in place', () => {
    for (const seed of seeds.slice(0, 100)) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const text = textOf(inventory);
      const { plan } = planEdits(
        inventory,
        Array.from({ length: 3 }, () => randomEdit(random, inventory)),
      );
      const then = applyPlan(inventory, plan);
      expect(textOf(inventory)).toEqual(text);
      const touched = new Set(plan.steps.map(({ ref }: { readonly ref: ConfigRef }) => ref.kind));
      for (const [kind, list] of inventory.config) {
        if (!touched.has(kind)) expect(then.config.get(kind)).toBe(list);
        const steps = plan.steps.filter(({ ref }) => ref.kind === kind);
        for (const object of list)
          if (!steps.some(({ ref }) => ref.name === object.name && ref.namespace === object.namespace))
            expect(then.config.get(kind)).toContain(object);
      }
      expect(then.services).toBe(inventory.services);
      expect(then.pods).toBe(inventory.pods);
    }
  });

  it('has the same digest when it is made again, and another when it writes something else', () => {
    const digests = new Map<string, string>();
    for (const seed of seeds) {
      const random = randomOf(seed);
      const inventory = randomInventory(random);
      const edit = randomEdit(random, inventory);
      const { plan } = planEdits(inventory, [edit]);
      expect(planEdits({ ...inventory }, [edit]).plan.digest).toBe(plan.digest);
      const written = JSON.stringify(plan.steps.map(({ action, ref, before, after }) => [action, ref, before, after]));
      expect(digests.get(plan.digest) ?? written).toBe(written);
      digests.set(plan.digest, written);
    }
    expect(digests.size).toBeGreaterThan(RUNS / 3);
  });
});

describe('diffJson', () => {
  it('is undone by nothing: applyPatch(a, diff(a, b)) = b', () => {
    for (const seed of seeds) {
      const random = randomOf(seed);
      const before = randomJson(random, 4);
      const after = randomJson(random, 4);
      expect(applyPatch(before, diffJson(before, after))).toEqual(after);
      expect(diffJson(before, before)).toEqual([]);
    }
  });
});

it('digests do not depend on the order of fields', () => {
  const ref: ConfigRef = { kind: 'Sidecar', namespace: 'n', name: 's' };
  const step = (spec: JsonObject) => ({
    action: 'create' as const,
    ref,
    resourceVersion: null,
    before: null,
    after: { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 's', namespace: 'n' }, spec },
    patch: [],
    words: [],
    waitAfter: null,
  });
  expect(digestSteps([step({ a: 1, b: [2] })])).toBe(digestSteps([step({ b: [2], a: 1 })]));
  expect(digestSteps([step({ a: 1, b: [2] })])).not.toBe(digestSteps([step({ a: 1, b: [3] })]));
});
