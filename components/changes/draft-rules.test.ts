// Tests of the rules as they would be, and of the rates that follow from them.
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../model/edit';
import { projectRouting } from './draft-rules';
import { predictRates, targetKey } from './prediction';
import { HOST, ROUTE, sampleDestination, sampleRef, sampleRouting, sampleRule } from './sample-routing';

const split = (index: number, weights: Readonly<Record<string, number>>, object: typeof ROUTE | null = ROUTE): Edit => ({
  type: 'weights',
  rule: sampleRef(index, object),
  destinations: Object.entries(weights).map(([subset, weight]) => ({ host: HOST, subset, port: null, weight })),
});
const three = sampleRouting({
  rules: ['a', 'b', 'c'].map((name, index) =>
    sampleRule(index, { name, liveShare: name === 'a' ? null : 0.5, destinations: [sampleDestination(name, 1)] }),
  ),
});
const names = (edits: readonly Edit[]) =>
  projectRouting(three, edits).rules.map(({ rule, key }) => `${rule.name ?? key}${rule.rule.index}`);
const rate = (document: ReturnType<typeof sampleRouting>, edits: readonly Edit[], subset: string) =>
  predictRates(document, projectRouting(document, edits).rules).get(targetKey(HOST, subset));

describe('projectRouting', () => {
  it('shows the rules as they are without edits', () => {
    const { rules } = projectRouting(three, []);
    expect(rules.map(({ rule }) => rule)).toEqual(three.rules);
    expect(rules.every(({ changed }) => changed.size === 0)).toBe(true);
  });
  it('moves, adds, removes and switches off, and counts anew', () => {
    expect(names([{ type: 'moveRule', rule: sampleRef(2), to: 0 }])).toEqual(['c0', 'a1', 'b2']);
    expect(names([{ type: 'moveRule', rule: sampleRef(0), to: 2 }])).toEqual(['b0', 'c1', 'a2']);
    const add: Edit = {
      type: 'addRule',
      rule: sampleRef(1),
      name: 'new',
      matches: [{ path: { type: 'prefix', value: '/x' } }],
      action: { type: 'respond', status: 404, body: null },
    };
    expect(names([add])).toEqual(['a0', 'new1', 'b2', 'c3']);
    expect(names([add, { type: 'removeRule', rule: sampleRef(2) }])).toEqual(['a0', 'new1', 'c2']);
    const off = projectRouting(three, [{ type: 'disableRule', rule: sampleRef(0) }]);
    expect(off.rules.map(({ rule }) => rule.name)).toEqual(['b', 'c']);
    expect(off.disabled).toMatchObject([{ enable: null }]);
  });
  it('puts what was edited into words', () => {
    const document = sampleRouting();
    const { rules } = projectRouting(document, [
      split(0, { v1: 80, v2: 20 }),
      { type: 'match', rule: sampleRef(0), matches: [{ headers: [{ name: 'end-user', condition: { type: 'exact', value: 'jason' } }] }] },
    ]);
    expect(rules[0]?.rule.words).toMatchObject({ when: 'header end-user is jason', what: '80 % to v1, 20 % to v2' });
    expect([...(rules[0]?.changed ?? [])]).toEqual(['weights', 'match']);
    expect(rules[0]?.rule.destinations[1]).toMatchObject({ share: 0.2, readyEndpoints: 1 });
  });
  it('makes the first rule of a service that has none, also with versions that are no subset yet', () => {
    const bare = sampleRouting({ objects: [], rules: [] });
    const { rules } = projectRouting(bare, [split(0, { v1: 50, v3: 50 }, null), split(0, { v1: 90, v3: 10 }, null)]);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({ was: null, rule: { words: { what: '90 % to v1, 10 % to v3' } } });
    expect(rules[0]?.rule.destinations[1]?.workloads).toEqual(['reviews-v3']);
  });
});

describe('predictRates', () => {
  it('follows the weights at once', () => {
    expect(rate(sampleRouting(), [split(0, { v1: 80, v2: 20 })], 'v1')).toBeCloseTo(8);
    expect(rate(sampleRouting(), [split(0, { v1: 80, v2: 20 })], 'v2')).toBeCloseTo(2);
  });
  it('does not guess what the metrics do not tell', () => {
    expect(rate(three, [], 'a')).toBeNull();
    expect(rate(three, [], 'b')).toBeCloseTo(5);
    expect(rate(three, [{ type: 'moveRule', rule: sampleRef(1), to: 0 }], 'b')).toBeNull();
    expect(rate(sampleRouting({ requestsPerSecond: null }), [], 'v1')).toBeNull();
  });
  it('gives a new only rule everything', () => {
    const bare = sampleRouting({ objects: [], rules: [] });
    expect(rate(bare, [split(0, { v1: 50, v2: 50 }, null)], 'v2')).toBeCloseTo(5);
  });
});
