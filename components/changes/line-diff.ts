// Two texts side by side, line by line, with what differs marked. In: texts. Out: rows. Pure. Longest common subsequence over the lines
// between the common head and tail; objects are some hundred lines, and what is longer is shown as one block that was replaced.

export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'added' | 'removed';
  /** Null: nothing stands on this side. */
  readonly left: { readonly number: number; readonly text: string } | null;
  readonly right: { readonly number: number; readonly text: string } | null;
}

/** A run of equal lines that is left out. */
export interface DiffGap {
  readonly kind: 'gap';
  readonly lines: number;
}

const MAX_CELLS = 4_000_000;

/** Pairs of positions of equal lines, both rising. */
function findCommon(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length * b.length > MAX_CELLS) return [];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const pairs: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return pairs;
}

/** Rows of both texts; lines that replace each other stand in one row. */
export function diffLines(before: string, after: string): readonly DiffRow[] {
  const a = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const b = after === '' ? [] : after.replace(/\n$/, '').split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = findCommon(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const common: (readonly [number, number])[] = [
    ...Array.from({ length: head }, (_, i) => [i, i] as const),
    ...middle.map(([i, j]) => [i + head, j + head] as const),
    ...Array.from({ length: tail }, (_, i) => [a.length - tail + i, b.length - tail + i] as const),
    [a.length, b.length],
  ];
  const side = (lines: readonly string[], i: number, end: number) => (i < end ? { number: i + 1, text: lines[i] ?? '' } : null);
  const rows: DiffRow[] = [];
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of common) {
    while (i < nextI || j < nextJ) {
      const left = side(a, i, nextI);
      const right = side(b, j, nextJ);
      rows.push({ kind: left === null ? 'added' : right === null ? 'removed' : 'changed', left, right });
      if (left !== null) i++;
      if (right !== null) j++;
    }
    if (nextI < a.length && nextJ < b.length) {
      rows.push({ kind: 'same', left: side(a, i, a.length), right: side(b, j, b.length) });
      i++;
      j++;
    }
  }
  return rows;
}

/** Only what changed with `context` equal lines around it. */
export function foldRows(rows: readonly DiffRow[], context: number): readonly (DiffRow | DiffGap)[] {
  const shown = new Uint8Array(rows.length);
  rows.forEach((row, i) => {
    if (row.kind !== 'same') shown.fill(1, Math.max(0, i - context), Math.min(rows.length, i + context + 1));
  });
  const out: (DiffRow | DiffGap)[] = [];
  let hidden: DiffRow[] = [];
  const flush = (): void => {
    // A gap of one line would take as much room as the line.
    const [only] = hidden;
    if (hidden.length === 1 && only !== undefined) out.push(only);
    else if (hidden.length > 1) out.push({ kind: 'gap', lines: hidden.length });
    hidden = [];
  };
  rows.forEach((row, i) => {
    if (shown[i] === 0) hidden.push(row);
    else {
      flush();
      out.push(row);
    }
  });
  flush();
  return out;
}
