// Tests of bringing two changes of a text together: nothing is lost, what both did is done once, conflicts show both.
import { describe, expect, it } from 'vitest';
import { MIDDLE_MARK, MINE_MARK, THEIRS_MARK } from './conflict-marks';
import { mergeTexts } from './merge-text';

const BASE = 'a\nb\nc\nd\ne\nf\n';

/** A seeded sequence of numbers below `below` (mulberry32). */
function randomBelow(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function change(text: string, next: (below: number) => number, mark: string): string {
  const lines = text.split('\n').slice(0, -1);
  for (let i = next(4); i >= 0; i--) {
    const at = next(lines.length + 1);
    const what = next(3);
    if (what === 0) lines.splice(at, 0, `${mark}${i}`);
    else if (what === 1) lines.splice(at, 1);
    else if (at < lines.length) lines[at] = `${mark}${i}`;
  }
  return `${lines.join('\n')}\n`;
}

describe('mergeTexts', () => {
  it('brings together what was changed in different places', () => {
    expect(mergeTexts(BASE, 'a\nB\nc\nd\ne\nf\n', 'a\nb\nc\nd\nE\nf\ng\n')).toEqual({ text: 'a\nB\nc\nd\nE\nf\ng\n', conflicts: 0 });
  });

  it('takes lines put in beside a line that the other changed', () => {
    expect(mergeTexts('a\nb\n', 'a\nb\nmine\n', 'a\nB\n')).toEqual({ text: 'a\nB\nmine\n', conflicts: 0 });
    expect(mergeTexts('a\nb\n', 'a\nmine\nb\n', 'a\nB\n')).toEqual({ text: 'a\nmine\nB\n', conflicts: 0 });
    expect(mergeTexts('a\n', 'a\nmine\n', 'a\ntheirs\n').conflicts).toBe(1);
  });

  it('does once what both did', () => {
    expect(mergeTexts(BASE, 'a\nX\nc\nd\ne\nf\n', 'a\nX\nc\nd\ne\nF\n')).toEqual({ text: 'a\nX\nc\nd\ne\nF\n', conflicts: 0 });
  });

  it('keeps both versions of what both changed differently', () => {
    expect(mergeTexts(BASE, 'a\nmine\nc\nd\ne\nf\n', 'a\ntheirs\nc\nd\ne\nf\n')).toEqual({
      text: `a\n${MINE_MARK}\nmine\n${MIDDLE_MARK}\ntheirs\n${THEIRS_MARK}\nc\nd\ne\nf\n`,
      conflicts: 1,
    });
  });

  it('loses no line of either side, doubles none, and changes nothing where only one side changed', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const next = randomBelow(seed);
      const mine = change(BASE, next, 'm');
      const theirs = change(BASE, next, 't');
      expect(mergeTexts(BASE, mine, BASE).text).toBe(mine);
      expect(mergeTexts(BASE, BASE, theirs).text).toBe(theirs);
      expect(mergeTexts(BASE, mine, mine).text).toBe(mine);
      const { text } = mergeTexts(BASE, mine, theirs);
      const merged = text.split('\n');
      const lines = new Set(merged);
      const times = (where: readonly string[], line: string): number => where.filter((one) => one === line).length;
      for (const line of [...mine.split('\n'), ...theirs.split('\n')]) {
        // A line of the base may be gone because the other side removed it; a line that somebody wrote may not.
        if (!/^[mt]\d/.test(line)) continue;
        expect(lines.has(line), `seed ${seed}: ${line}`).toBe(true);
        expect(times(merged, line), `seed ${seed}: ${line} twice`).toBe(times([...mine.split('\n'), ...theirs.split('\n')], line));
      }
    }
  });
});
