// Conflicts of a merged text: each decided by itself, the others and all else left as they are.
import { describe, expect, it } from 'vitest';
import { decideConflict, listConflicts } from './conflicts';
import { mergeTexts } from './merge-text';

const BASE = 'a: 1\nb: 2\nc: 3\n';
const MERGED = mergeTexts(BASE, 'a: 10\nb: 2\nc: 30\n', 'a: 11\nb: 2\n').text;

describe('conflicts', () => {
  it('are told with both sides, where they stand', () =>
    expect(listConflicts(MERGED)).toMatchObject([
      { line: 1, mine: ['a: 10'], theirs: ['a: 11'] },
      { line: 7, mine: ['c: 30'], theirs: [] },
    ]));

  it('are decided one by one', () => {
    const first = decideConflict(MERGED, 1, 'theirs');
    expect(listConflicts(first)).toMatchObject([{ line: 3, mine: ['c: 30'], theirs: [] }]);
    expect(decideConflict(first, 3, 'mine')).toBe('a: 11\nb: 2\nc: 30\n');
    expect(decideConflict(first, 3, 'theirs')).toBe('a: 11\nb: 2\n');
    expect(decideConflict(MERGED, 1, 'both')).toContain('a: 10\na: 11\nb: 2');
  });

  it('leave a text without them, or with broken markers, alone', () => {
    expect(listConflicts(BASE)).toEqual([]);
    expect(listConflicts('<<<<<<< yours\na\n')).toEqual([]);
    expect(decideConflict(MERGED, 2, 'mine')).toBe(MERGED);
  });
});
