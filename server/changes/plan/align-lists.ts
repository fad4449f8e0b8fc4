// Which item of a list became which: equal items stay, similar ones are changed, the rest is removed or added.
// In: two lists. Out: pairs in order. As many equal items as possible (the longest common subsequence), then the least to write.
import type { Json } from '../../../model/inventory';
import { fieldOf, fieldsOf, isList, isObject, sameJson } from './json-edit';

/** `to` null: removed; `from` null: added; both: kept or changed. */
export type Aligned =
  | { readonly from: number; readonly to: number }
  | { readonly from: number; readonly to: null }
  | { readonly from: null; readonly to: number };

/** Above so many pairs of unequal items they are paired by position instead of by likeness. */
const MAX_PAIRS = 2_500;

/** How much there is to write of a value. */
function sizeOf(value: Json | undefined): number {
  if (isList(value)) return value.reduce((sum: number, item) => sum + sizeOf(item), 1);
  if (isObject(value)) return fieldsOf(value).reduce((sum, name) => sum + sizeOf(value[name]), 1);
  return 1;
}

/** Worth of an item that stays as it is: more than anything that could be saved by changing it into another. */
const KEPT = -1_000_000_000;

/** Roughly how much is to be written to make one value of the other. */
function distanceOf(a: Json | undefined, b: Json | undefined): number {
  if (sameJson(a, b)) return 0;
  if (isObject(a) && isObject(b)) {
    let sum = 0;
    for (const name of fieldsOf(a)) sum += fieldOf(b, name) === undefined ? 1 : distanceOf(a[name], b[name]);
    for (const name of fieldsOf(b)) if (fieldOf(a, name) === undefined) sum += 1 + sizeOf(b[name]);
    return sum;
  }
  if (isList(a) && isList(b)) {
    let sum = Math.max(0, a.length - b.length);
    b.forEach((item, i) => {
      sum += i < a.length ? distanceOf(a[i], item) : 1 + sizeOf(item);
    });
    return sum;
  }
  return 1 + sizeOf(b);
}

function pairCost(a: Json | undefined, b: Json | undefined): number {
  const distance = distanceOf(a, b);
  return distance === 0 ? KEPT : distance;
}

/** Pairs of two lists, in the order of both. */
export function alignLists(before: readonly Json[], after: readonly Json[]): readonly Aligned[] {
  let head = 0;
  while (head < before.length && head < after.length && sameJson(before[head], after[head])) head += 1;
  let tail = 0;
  const rest = Math.min(before.length, after.length) - head;
  while (tail < rest && sameJson(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
  const pairs: Aligned[] = [];
  for (let i = 0; i < head; i += 1) pairs.push({ from: i, to: i });
  pairs.push(...alignMiddle(before, after, head, before.length - tail, after.length - tail));
  for (let i = tail; i > 0; i -= 1) pairs.push({ from: before.length - i, to: after.length - i });
  return pairs;
}

function alignMiddle(before: readonly Json[], after: readonly Json[], start: number, endFrom: number, endTo: number): readonly Aligned[] {
  const rows = endFrom - start;
  const columns = endTo - start;
  if (rows * columns > MAX_PAIRS) return alignByPlace(start, endFrom, endTo);
  // cost[i][j]: of making after[start + j ...] of before[start + i ...].
  const width = columns + 1;
  const cost = new Float64Array((rows + 1) * width);
  const change = new Float64Array((rows + 1) * width);
  const at = (i: number, j: number): number => cost[i * width + j] ?? 0;
  const addCost = (j: number): number => 1 + sizeOf(after[start + j]);
  for (let i = rows; i >= 0; i -= 1)
    for (let j = columns; j >= 0; j -= 1) {
      const place = i * width + j;
      if (i === rows && j === columns) continue;
      change[place] = i < rows && j < columns ? pairCost(before[start + i], after[start + j]) + at(i + 1, j + 1) : Number.POSITIVE_INFINITY;
      const remove = i < rows ? 1 + at(i + 1, j) : Number.POSITIVE_INFINITY;
      const add = j < columns ? addCost(j) + at(i, j + 1) : Number.POSITIVE_INFINITY;
      cost[place] = Math.min(change[place] ?? 0, remove, add);
    }
  const pairs: Aligned[] = [];
  let i = 0;
  let j = 0;
  while (i < rows || j < columns) {
    const best = at(i, j);
    if (change[i * width + j] === best && i < rows && j < columns) {
      pairs.push({ from: start + i, to: start + j });
      i += 1;
      j += 1;
    } else if (i < rows && 1 + at(i + 1, j) === best) {
      pairs.push({ from: start + i, to: null });
      i += 1;
    } else {
      pairs.push({ from: null, to: start + j });
      j += 1;
    }
  }
  return pairs;
}

function alignByPlace(start: number, endFrom: number, endTo: number): readonly Aligned[] {
  const pairs: Aligned[] = [];
  for (let i = start; i < Math.max(endFrom, endTo); i += 1) {
    if (i < endFrom && i < endTo) pairs.push({ from: i, to: i });
    else if (i < endFrom) pairs.push({ from: i, to: null });
    else pairs.push({ from: null, to: i });
  }
  return pairs;
}
