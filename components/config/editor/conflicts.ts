// The places of a merged text that somebody has to decide, and the text after one was decided. In: a text with conflict markers. Out: conflicts, a text. Pure.
import { MIDDLE_MARK, MINE_MARK, THEIRS_MARK } from './conflict-marks';

export interface Conflict {
  /** First line of it, from 1. */
  readonly line: number;
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
}

export type Decision = 'mine' | 'theirs' | 'both';

interface Found extends Conflict {
  /** Lines of the text that it takes, markers included. */
  readonly from: number;
  readonly to: number;
}

function find(lines: readonly string[]): readonly Found[] {
  const found: Found[] = [];
  for (let from = lines.indexOf(MINE_MARK); from >= 0; from = lines.indexOf(MINE_MARK, from + 1)) {
    const middle = lines.indexOf(MIDDLE_MARK, from);
    const end = lines.indexOf(THEIRS_MARK, from);
    // Markers that were edited by hand are for hands.
    if (middle < 0 || end < middle) continue;
    found.push({ line: from + 1, from, to: end + 1, mine: lines.slice(from + 1, middle), theirs: lines.slice(middle + 1, end) });
  }
  return found;
}

/** What is left to decide, from the top. */
export const listConflicts = (text: string): readonly Conflict[] => (text.includes(MINE_MARK) ? find(text.split('\n')) : []);

/** The text with one conflict decided; the text itself where there is none at the line any more. */
export function decideConflict(text: string, line: number, decision: Decision): string {
  const lines = text.split('\n');
  const hit = find(lines).find((one) => one.line === line);
  if (hit === undefined) return text;
  const kept = decision === 'mine' ? hit.mine : decision === 'theirs' ? hit.theirs : [...hit.mine, ...hit.theirs];
  return [...lines.slice(0, hit.from), ...kept, ...lines.slice(hit.to)].join('\n');
}
