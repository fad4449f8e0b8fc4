// Tests of the diff: it loses no line of either side, marks only what differs, and folds what does not.
import { describe, expect, it } from 'vitest';
import { diffLines, foldRows } from './line-diff';

const marks = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, left, right }) => `${kind[0]}${left?.text ?? ''}|${right?.text ?? ''}`);

describe('diffLines', () => {
  it('puts replaced lines side by side', () => {
    expect(marks('a\nw: 100\nb\n', 'a\nw: 80\nb\n')).toEqual(['sa|a', 'cw: 100|w: 80', 'sb|b']);
  });
  it('shows what came and what went', () => {
    expect(marks('a\nb\n', 'a\nx\nb\n')).toEqual(['sa|a', 'a|x', 'sb|b']);
    expect(marks('a\nx\nb\n', 'a\nb\n')).toEqual(['sa|a', 'rx|', 'sb|b']);
    expect(marks('', 'a\nb\n')).toEqual(['a|a', 'a|b']);
    expect(marks('a', '')).toEqual(['ra|']);
    expect(marks('', '')).toEqual([]);
  });
  it('gives both texts back whole, for any two texts', () => {
    let state = 11;
    const random = (n: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state % n;
    };
    for (let round = 0; round < 300; round++) {
      const text = () => Array.from({ length: random(12) }, () => 'abc'[random(3)] ?? 'a');
      const [a, b] = [text(), text()];
      const rows = diffLines(a.join('\n'), b.join('\n'));
      expect(rows.flatMap(({ left }) => (left === null ? [] : [left.text]))).toEqual(a);
      expect(rows.flatMap(({ right }) => (right === null ? [] : [right.text]))).toEqual(b);
      expect(rows.filter(({ kind }) => kind === 'same').every(({ left, right }) => left?.text === right?.text)).toBe(true);
      expect(rows.flatMap(({ left }) => (left === null ? [] : [left.number]))).toEqual(a.map((_, i) => i + 1));
    }
  });
});

describe('foldRows', () => {
  it('keeps the lines around a change and counts the rest', () => {
    const before = Array.from({ length: 20 }, (_, i) => `l${i}`).join('\n');
    const rows = foldRows(diffLines(before, before.replace('l10', 'x')), 2);
    expect(rows.map((row) => (row.kind === 'gap' ? row.lines : (row.right?.text ?? '')))).toEqual([8, 'l8', 'l9', 'x', 'l11', 'l12', 7]);
  });
  it('leaves one line where a gap of one would stand', () => {
    const before = 'a\nb\nc\nd';
    expect(foldRows(diffLines(before, 'a\nb\nc\nx'), 2).map(({ kind }) => kind)).toEqual(['same', 'same', 'same', 'changed']);
  });
});
