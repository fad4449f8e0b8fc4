// Tests of the draft: what replaces what, what folds, what can go alone, and that a text of it comes back as it was.
import { describe, expect, it } from 'vitest';
import type { Edit, RuleRef } from '../../model/edit';
import { canDrop, type Draft, decodeDraft, dropEdit, encodeDraft, findChangedBasis, putEdit } from './draft';
import { HOST, ROUTE, sampleRef } from './sample-routing';

const weights = (index: number, v1: number): Edit => ({
  type: 'weights',
  rule: sampleRef(index),
  destinations: [
    { host: HOST, subset: 'v1', port: null, weight: v1 },
    { host: HOST, subset: 'v2', port: null, weight: 100 - v1 },
  ],
});
const timeout = (index: number, milliseconds: number | null): Edit => ({ type: 'timeout', rule: sampleRef(index), milliseconds });
const move = (index: number, to: number): Edit => ({ type: 'moveRule', rule: sampleRef(index), to });
const add = (rule: RuleRef): Edit => ({
  type: 'addRule',
  rule,
  name: null,
  matches: [],
  action: { type: 'respond', status: 503, body: null },
});
const draftOf = (...edits: readonly Edit[]): Draft | null => edits.reduce<Draft | null>((draft, edit) => putEdit(draft, edit, 5), null);
const editsOf = (...edits: readonly Edit[]): readonly Edit[] => draftOf(...edits)?.edits ?? [];

describe('putEdit', () => {
  it('replaces an earlier edit of the same part of the same rule', () => {
    expect(editsOf(weights(0, 90), timeout(0, 100), weights(0, 80))).toEqual([weights(0, 80), timeout(0, 100)]);
    expect(editsOf(weights(0, 90), weights(1, 80))).toHaveLength(2);
  });
  it('does not look behind a change of places, where a position means another rule', () => {
    expect(editsOf(weights(0, 90), move(0, 1), weights(0, 80))).toEqual([weights(0, 90), move(0, 1), weights(0, 80)]);
  });
  it('makes one move of the steps of one rule, and none of there and back', () => {
    expect(editsOf(move(3, 2), move(2, 1))).toEqual([move(3, 1)]);
    expect(draftOf(move(3, 2), move(2, 3))).toBeNull();
    expect(editsOf(move(3, 2), move(0, 1))).toHaveLength(2);
  });
  it('forgets a rule that was added and taken out again, with what was done to it', () => {
    expect(editsOf(timeout(0, 5), add(sampleRef(1)), timeout(1, 9), { type: 'removeRule', rule: sampleRef(1) })).toEqual([timeout(0, 5)]);
    expect(editsOf(add(sampleRef(1)), move(1, 0), { type: 'removeRule', rule: sampleRef(1) })).toHaveLength(3);
  });
  it('merges parts of a traffic policy and subsets by name', () => {
    const policy = (part: object): Edit => ({ type: 'trafficPolicy', host: HOST, namespace: 'bookinfo', subset: null, policy: part });
    expect(editsOf(policy({ tls: { mode: 'SIMPLE' } }), policy({ loadBalancer: null }))).toEqual([
      policy({ tls: { mode: 'SIMPLE' }, loadBalancer: null }),
    ]);
    const subsets = (...names: readonly string[]): Edit => ({
      type: 'subsets',
      host: HOST,
      namespace: 'bookinfo',
      subsets: names.map((name) => ({ name, labels: { version: name } })),
    });
    expect(editsOf(subsets('v1', 'v2'), subsets('v2', 'v3'))).toEqual([subsets('v1', 'v2', 'v3')]);
  });
  it('keeps when it was begun and on what', () => {
    const first = putEdit(null, weights(0, 90), 5, { a: '1' });
    expect(putEdit(first, timeout(0, 9), 8, { a: '2', b: '1' })).toMatchObject({ startedAtMs: 5, basis: { a: '1', b: '1' } });
  });
});

describe('dropEdit', () => {
  const draft = draftOf(timeout(0, 5), move(0, 1), timeout(1, 9));
  it('takes a part out alone, and a move with all that counts on it', () => {
    if (draft === null) throw new Error('no draft');
    expect([0, 1, 2, 3].map((i) => canDrop(draft.edits, i))).toEqual([true, false, true, false]);
    expect(dropEdit(draft, 1)?.edits).toEqual([timeout(0, 5)]);
    expect(dropEdit(draft, 0)?.edits).toEqual([move(0, 1), timeout(1, 9)]);
  });
  it('leaves no draft when nothing is left', () => {
    const one = draftOf(timeout(0, 5));
    expect(one === null ? 'none' : dropEdit(one, 0)).toBeNull();
  });
});

describe('the text of a draft', () => {
  it('comes back as it was, and foreign text is no draft', () => {
    const draft = draftOf(weights(0, 80), add(sampleRef(1)), { type: 'delete', ref: ROUTE });
    expect(decodeDraft(encodeDraft(draft))).toEqual(draft);
    for (const text of ['', '{', '[]', '{"edits":[],"startedAtMs":1,"basis":{}}', '{"edits":[{"type":"x"}],"startedAtMs":1,"basis":{}}'])
      expect(decodeDraft(text)).toBeNull();
  });
});

it('finds the objects that somebody changed meanwhile', () => {
  const draft: Draft = {
    edits: [timeout(0, 5)],
    startedAtMs: 1,
    basis: { 'VirtualService/bookinfo/reviews': '7', 'VirtualService/bookinfo/gone': '1' },
  };
  expect(findChangedBasis(draft, [{ ref: ROUTE, resourceVersion: '7' }])).toEqual(['VirtualService/bookinfo/gone']);
  expect(findChangedBasis(draft, [{ ref: ROUTE, resourceVersion: '8' }])).toHaveLength(2);
});
