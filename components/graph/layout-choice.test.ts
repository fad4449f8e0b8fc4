// Chosen layouts as they are kept: read with suspicion, few of them, the default not at all.
import { describe, expect, it } from 'vitest';
import { decodeChoices, withChoice } from './layout-choice';

describe('layout choices', () => {
  it('come back as they were written', () => {
    const choices = withChoice(withChoice([], 'a', 'grid'), 'b', 'pack');
    expect(decodeChoices(JSON.stringify(choices))).toEqual([
      ['a', 'grid'],
      ['b', 'pack'],
    ]);
    expect(withChoice(choices, 'a', 'concentric')).toEqual([
      ['b', 'pack'],
      ['a', 'concentric'],
    ]);
    expect(withChoice(choices, 'a', 'flow')).toEqual([['b', 'pack']]);
  });

  it('are few', () => {
    let choices = withChoice([], 'first', 'grid');
    for (let i = 0; i < 60; i++) choices = withChoice(choices, `view ${i}`, 'pack');
    expect(choices).toHaveLength(50);
    expect(choices[0]?.[0]).toBe('view 10');
  });

  it('are nothing where the storage holds something else', () => {
    expect(decodeChoices('{')).toBeNull();
    expect(decodeChoices('{"a":"grid"}')).toBeNull();
    expect(decodeChoices('[["a","dagre"],["b"],7,["c","grid"]]')).toEqual([['c', 'grid']]);
  });
});
