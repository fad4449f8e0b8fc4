// Tests of conditions: of the object, its listeners and parents, and the one word for them all.
import { describe, expect, it } from 'vitest';
import { readConditions, readState } from './conditions';

describe('readConditions', () => {
  it('gathers those of the object, its listeners and parents, bad ones first', () => {
    const conditions = readConditions({
      conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted', message: '' }],
      listeners: [{ name: 'http', conditions: [{ type: 'Conflicted', status: 'True', reason: 'HostnameConflict', message: 'twice' }] }],
      parents: [{ parentRef: { name: 'gw' }, conditions: [{ type: 'ResolvedRefs', status: 'Unknown' }] }],
    });
    expect(conditions.map(({ about, type, good }) => [about, type, good])).toEqual([
      ['Listener http', 'Conflicted', false],
      ['', 'Accepted', true],
      ['Parent Gateway gw', 'ResolvedRefs', null],
    ]);
    expect(readConditions(null)).toEqual([]);
    expect(readConditions({ conditions: 'odd' })).toEqual([]);
  });
});

describe('readState', () => {
  it('is the worst condition, else what was programmed or accepted', () => {
    const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted' };
    expect(readState({ conditions: [accepted, { type: 'Programmed', status: 'True' }] })).toEqual({ word: 'Programmed', good: true });
    expect(
      readState({
        conditions: [accepted],
        parents: [{ conditions: [{ type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' }] }],
      }),
    ).toEqual({
      word: 'BackendNotFound',
      good: false,
    });
    expect(readState({ conditions: [{ type: 'Accepted', status: 'Unknown' }] })).toEqual({ word: 'Accepted: Unknown', good: null });
    expect(readState({ conditions: [] })).toBeNull();
  });
});
