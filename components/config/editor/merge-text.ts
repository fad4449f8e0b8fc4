// Two changes of one text brought together, line by line, as `git merge` does it. In: the text that both began with, mine, theirs. Out: one text.
// Where both changed the same lines differently, both are kept between conflict markers: nothing is lost. Pure.
import { type Change, diff } from '@codemirror/merge';
import { MIDDLE_MARK, MINE_MARK, THEIRS_MARK } from './conflict-marks';

export interface MergedText {
  readonly text: string;
  /** Places that somebody has to decide. */
  readonly conflicts: number;
}

const split = (text: string): readonly string[] => {
  const lines = text.split('\n');
  // The last break ends the last line and begins no further one.
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Each different line as one character, so that a diff of characters is a diff of lines. */
function encodeLines(codes: Map<string, string>, lines: readonly string[]): string {
  return lines
    .map((line) => {
      const known = codes.get(line);
      if (known !== undefined) return known;
      // Surrogates are no characters of their own.
      const code = codes.size < 0xd000 ? codes.size + 1 : codes.size + 1 - 0xd000 + 0xe000;
      const letter = String.fromCharCode(code);
      codes.set(line, letter);
      return letter;
    })
    .join('');
}

interface Side {
  readonly lines: readonly string[];
  readonly changes: readonly Change[];
}

interface Region {
  readonly from: number;
  readonly to: number;
  readonly mine: boolean;
  readonly theirs: boolean;
}

/** Whether both stand for the same lines, or are lines put in at the same place: then nothing says which of them comes first. */
const overlap = (last: Region, next: { readonly from: number; readonly to: number }): boolean =>
  next.from < last.to || (next.from === last.from && next.to === last.to);

/** Stretches of the first text that somebody changed; stretches that overlap are one. */
function listRegions(mine: Side, theirs: Side): readonly Region[] {
  const all = [
    ...mine.changes.map(({ fromA, toA }) => ({ from: fromA, to: toA, mine: true, theirs: false })),
    ...theirs.changes.map(({ fromA, toA }) => ({ from: fromA, to: toA, mine: false, theirs: true })),
  ].sort((a, b) => a.from - b.from || a.to - b.to);
  const regions: Region[] = [];
  for (const next of all) {
    const last = regions.at(-1);
    if (last !== undefined && overlap(last, next))
      regions[regions.length - 1] = {
        from: last.from,
        to: Math.max(last.to, next.to),
        mine: last.mine || next.mine,
        theirs: last.theirs || next.theirs,
      };
    else regions.push(next);
  }
  return regions;
}

/** The lines of a side that stand in the place of a region. Lines put in at a border of other lines are a region of their own. */
function linesOf({ lines, changes }: Side, { from, to }: Region): readonly string[] {
  let start = from;
  let end = to;
  for (const { fromA, toA, fromB, toB } of changes) {
    const grown = toB - fromB - (toA - fromA);
    const before = toA <= from && (fromA < from || from < to);
    if (before) start += grown;
    if (before || fromA < to || (from === to && fromA === from)) end += grown;
  }
  return lines.slice(start, end);
}

/** `mine` and `theirs` both began as `base`. */
export function mergeTexts(base: string, mine: string, theirs: string): MergedText {
  if (mine === theirs || base === theirs) return { text: mine, conflicts: 0 };
  if (base === mine) return { text: theirs, conflicts: 0 };
  const codes = new Map<string, string>();
  const [baseLines, mineLines, theirLines] = [split(base), split(mine), split(theirs)];
  const encoded = encodeLines(codes, baseLines);
  const own: Side = { lines: mineLines, changes: diff(encoded, encodeLines(codes, mineLines)) };
  const other: Side = { lines: theirLines, changes: diff(encoded, encodeLines(codes, theirLines)) };
  const merged: string[] = [];
  let conflicts = 0;
  let at = 0;
  for (const region of listRegions(own, other)) {
    merged.push(...baseLines.slice(at, region.from));
    at = region.to;
    const [a, b] = [linesOf(own, region), linesOf(other, region)];
    if (!region.theirs || a.join('\n') === b.join('\n')) merged.push(...a);
    else if (!region.mine) merged.push(...b);
    else {
      conflicts++;
      merged.push(MINE_MARK, ...a, MIDDLE_MARK, ...b, THEIRS_MARK);
    }
  }
  merged.push(...baseLines.slice(at));
  return { text: `${merged.join('\n')}\n`, conflicts };
}
