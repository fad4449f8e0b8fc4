// topk and bottomk: the k largest or smallest elements of every group, with their own labels.
// The heap is Go's container/heap step by step, because it decides which of several equal values survive.

import type { Grouping } from './aggregate';
import { cell } from './float';
import { groupRows } from './group-labels';
import { Matrix } from './matrix';
import { QueryError } from './query-error';

interface Element {
  readonly value: number;
  readonly row: number;
}

type Precedes = (a: number, b: number) => boolean;

/** The element to evict first is the root: the smallest for topk, the largest for bottomk; NaN before all. */
class Heap {
  readonly elements: Element[] = [];
  private readonly precedes: Precedes;

  constructor(precedes: Precedes) {
    this.precedes = precedes;
  }

  push(element: Element): void {
    this.elements.push(element);
    let child = this.elements.length - 1;
    for (;;) {
      const parent = (child - 1) >> 1;
      if (parent < 0 || !this.less(child, parent)) return;
      this.swap(parent, child);
      child = parent;
    }
  }

  popRoot(): void {
    const last = this.elements.length - 1;
    this.swap(0, last);
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= last) break;
      if (child + 1 < last && this.less(child + 1, child)) child++;
      if (!this.less(child, parent)) break;
      this.swap(parent, child);
      parent = child;
    }
    this.elements.pop();
  }

  private less(i: number, j: number): boolean {
    const left = this.elements[i]?.value ?? Number.NaN;
    return Number.isNaN(left) || this.precedes(left, this.elements[j]?.value ?? Number.NaN);
  }

  private swap(i: number, j: number): void {
    const left = this.elements[i];
    const right = this.elements[j];
    if (left === undefined || right === undefined) return;
    this.elements[i] = right;
    this.elements[j] = left;
  }
}

function limitAt(parameter: Matrix, step: number): number {
  const value = parameter.scalarAt(step);
  if (!(Math.abs(value) <= 2 ** 63)) throw new QueryError('execution', `Scalar value ${value} overflows int64`);
  return Math.trunc(value);
}

function offer(heap: Heap, limit: number, element: Element, precedes: Precedes): void {
  const root = heap.elements[0];
  const isFull = heap.elements.length >= limit;
  if (isFull && root !== undefined && !precedes(root.value, element.value) && !Number.isNaN(root.value)) return;
  if (isFull && limit === 1) heap.elements[0] = element;
  else {
    if (isFull) heap.popRoot();
    heap.push(element);
  }
}

/** Evaluates topk (largest) or bottomk; for a single step the rows come out best first, NaN last. */
export function evaluateTopK(operator: 'topk' | 'bottomk', input: Matrix, grouping: Grouping, parameter: Matrix): Matrix {
  const { steps } = input;
  const precedes: Precedes = operator === 'topk' ? (a, b) => a < b : (a, b) => a > b;
  const groups = groupRows(input.rows, grouping.labels, grouping.without);
  const output = new Matrix(steps, input.rows.length);
  const baseByRow = new Map<number, number>();
  for (let step = 0; step < steps; step++) {
    const limit = limitAt(parameter, step);
    if (limit < 1) continue;
    const heaps = groups.labels.map(() => new Heap(precedes));
    for (let row = 0; row < input.rows.length; row++) {
      const index = row * steps + step;
      const heap = heaps[groups.ofRow[row] ?? 0];
      if (input.present[index] !== 1 || heap === undefined) continue;
      offer(heap, limit, { value: cell(input.values, index), row }, precedes);
    }
    for (const heap of heaps) {
      const bestFirst = heap.elements.sort((a, b) => {
        if (Number.isNaN(a.value) || Number.isNaN(b.value)) return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
        return operator === 'topk' ? b.value - a.value || 0 : a.value - b.value || 0;
      });
      for (const { value, row } of bestFirst) {
        let base = baseByRow.get(row);
        const labels = input.rows[row];
        if (base === undefined && labels !== undefined) {
          base = output.addRow(labels);
          baseByRow.set(row, base);
        }
        if (base !== undefined) output.put(base + step, value);
      }
    }
  }
  return output;
}
