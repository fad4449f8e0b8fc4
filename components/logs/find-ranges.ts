// Where a text stands in a line, or a regular expression. In: what is looked for, a line. Out: ranges of it, null where there is none. Pure.

/** Begin and end of each, one after the other; null: nothing. */
export type Ranges = readonly number[] | null;

/** As many as are marked in a line. */
const MOST = 20;

/** `expression` has the flag g. */
export function findRanges(expression: RegExp, text: string): Ranges {
  const ranges: number[] = [];
  expression.lastIndex = 0;
  for (let found = expression.exec(text); found !== null; found = expression.exec(text)) {
    ranges.push(found.index, found.index + found[0].length);
    // An empty hit would be found for ever.
    if (found[0] === '') expression.lastIndex++;
    if (ranges.length >= MOST * 2) break;
  }
  return ranges.length === 0 ? null : ranges;
}

/** Whatever its letters' case. */
export function findText(lowered: string, text: string): Ranges {
  const ranges: number[] = [];
  const line = text.toLowerCase();
  for (let at = line.indexOf(lowered); at >= 0; at = line.indexOf(lowered, at + lowered.length)) {
    ranges.push(at, at + lowered.length);
    if (ranges.length >= MOST * 2) break;
  }
  return ranges.length === 0 ? null : ranges;
}

/** What is wrong with an expression; null where it can be used. */
export function checkExpression(source: string): string | null {
  try {
    new RegExp(source, 'gi');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: (?:\/.*\/gi: )?/, '') : 'not a regular expression';
  }
}
