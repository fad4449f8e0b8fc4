// Heights of rows where long lines wrap: in a monospace font that breaks anywhere they follow from the length of the text. Pure.
// In: lines, columns, a position. Out: tops, the rows in view.
import type { KeptLine } from './log-store';

export const ROW_PX = 20;
/** Rows of text in one line of the list at most; the rest is in its details. */
const MOST_ROWS = 12;
const OVERSCAN_PX = 160;

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\ud83c-\ud83e\t]/g;

const OWN_INSTANT = /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?\]?\s+/;

/** Length of the instant at the beginning of a line, which its row shows already and leaves out of the text. */
export function ownInstantLength(text: string): number {
  const first = text.charCodeAt(text.startsWith('[') ? 1 : 0);
  return first === 50 /* the millennium */ ? (OWN_INSTANT.exec(text)?.[0].length ?? 0) : 0;
}

export function rowsOf(text: string | null, columns: number): number {
  if (text === null || text.length <= columns / 4) return 1;
  const wide = text.length < 4000 ? (text.match(WIDE)?.length ?? 0) : 0;
  return Math.min(MOST_ROWS, Math.max(1, Math.ceil((text.length - ownInstantLength(text) + wide) / columns)));
}

/** Tops of the rows, and after the last the height of all. */
export function computeTops(lines: readonly KeptLine[], columns: number): Float64Array {
  const tops = new Float64Array(lines.length + 1);
  let top = 0;
  for (let i = 0; i < lines.length; i++) {
    tops[i] = top;
    top += rowsOf(lines[i]?.text ?? null, columns) * ROW_PX;
  }
  tops[lines.length] = top;
  return tops;
}

export function findWindow(tops: Float64Array, scrollTopPx: number, viewportPx: number): { readonly first: number; readonly end: number } {
  const count = tops.length - 1;
  const from = scrollTopPx - OVERSCAN_PX;
  const to = scrollTopPx + viewportPx + OVERSCAN_PX;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle + 1] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < count && (tops[end] ?? 0) < to) end++;
  return { first: low, end };
}
