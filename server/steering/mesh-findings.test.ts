// Findings that are carried on from change to change: always those that are found when everything is looked at.
import { describe, expect, it } from 'vitest';
import { ALL_KINDS, mulberry, mutated, SHOP } from '../analysis/testing/broken-mesh';
import { finish } from '../istio/memo';
import { inventoryOf } from '../istio/test-mesh';
import { findChangesInSteps, findInSteps, sameConfig } from './mesh-findings';

describe('findings of a few changes', () => {
  it('are those of the whole mesh, however objects are broken, removed and made', () => {
    const random = mulberry(31);
    const first = inventoryOf(`${SHOP}\n---\n${ALL_KINDS}`);
    let known = finish(findInSteps(first, 0));
    let others = 0;
    for (let round = 0; round < 400; round++) {
      let { config } = known.inventory;
      for (let change = random() < 0.7 ? 1 : 4; change > 0; change--) {
        const kinds = [...first.config.keys()];
        const kind = kinds[Math.floor(random() * kinds.length)] ?? 'VirtualService';
        const objects = config.get(kind) ?? [];
        const originals = first.config.get(kind) ?? [];
        const victim = objects[Math.floor(random() * objects.length)];
        const original = originals[Math.floor(random() * originals.length)];
        const dice = random();
        // Broken further, gone, or as it was at first: so that findings come and go.
        const next = dice < 0.4 && victim !== undefined ? { ...victim, spec: mutated(victim.spec, random) } : dice < 0.6 ? null : original;
        const replaced = next ?? victim;
        const left = objects
          .filter((object) => object !== victim || dice >= 0.6)
          .filter((object) => object.name !== replaced?.name || object.namespace !== replaced.namespace);
        config = new Map([...config, [kind, next === null || next === undefined ? left : [...left, next]]]);
      }
      const inventory = { ...known.inventory, config };
      const whole = finish(findInSteps({ ...inventory }, 0));
      known = finish(findChangesInSteps(known, inventory, 0));
      expect({ round, findings: known.findings, entities: known.entities }).toEqual({
        round,
        findings: whole.findings,
        entities: whole.entities,
      });
      others += whole.findings.length;
    }
    expect(others).toBeGreaterThan(2000);
  });

  it('are those of the whole mesh where more than objects changed', () => {
    const first = inventoryOf(`${SHOP}\n---\n${ALL_KINDS}`);
    const known = finish(findInSteps(first, 0));
    const inventory = { ...first, services: new Map([...first.services].slice(1)) };
    expect(sameConfig(first, inventory)).toBe(false);
    const { findings } = finish(findChangesInSteps(known, inventory, 0));
    expect(findings).toEqual(finish(findInSteps({ ...inventory }, 0)).findings);
    expect(findings).not.toEqual(known.findings);
  });
});
