// The value of an expression over all steps: one row per series, one column per step, with a mask of present cells.
// (NaN is a value in PromQL, so absence needs the mask.) A scalar is one row without labels and without gaps.
// Matrices belong to the evaluation that made them and are changed in place; nothing outlives a query.
import { Labels } from '../storage/labels';
import { QueryError, sameLabelsetError } from './query-error';

/** Prometheus' --query.max-samples. */
const MAX_CELLS = 50_000_000;

export class Matrix {
  readonly steps: number;
  readonly rows: Labels[] = [];
  values: Float64Array;
  present: Uint8Array;

  /** expectedRows sizes the first allocation; rows beyond it make the matrix grow. */
  constructor(steps: number, expectedRows: number) {
    const cells = steps * Math.max(1, expectedRows);
    if (cells > MAX_CELLS) {
      throw new QueryError('execution', 'query processing would load too many samples into memory in query execution');
    }
    this.steps = steps;
    this.values = new Float64Array(cells);
    this.present = new Uint8Array(cells);
  }

  /** Adds an empty row and returns the index of its first cell. */
  addRow(labels: Labels): number {
    const base = this.rows.length * this.steps;
    const needed = base + this.steps;
    if (needed > this.values.length) this.grow(needed);
    this.rows.push(labels);
    return base;
  }

  /** Takes back the row added last; its cells must still be absent. */
  dropLastRow(): void {
    this.rows.pop();
  }

  put(index: number, value: number): void {
    this.values[index] = value;
    this.present[index] = 1;
  }

  /** The value of a scalar at a step; NaN when there is none. */
  scalarAt(step: number): number {
    return this.values[step] ?? Number.NaN;
  }

  hasCells(row: number): boolean {
    const base = row * this.steps;
    for (let i = base; i < base + this.steps; i++) if (this.present[i] === 1) return true;
    return false;
  }

  /** Replaces the labels of every row, then joins rows that became equal. */
  relabel(transform: (labels: Labels) => Labels): Matrix {
    for (let row = 0; row < this.rows.length; row++) {
      const labels = this.rows[row];
      if (labels !== undefined) this.rows[row] = transform(labels);
    }
    return this.joinEqualRows();
  }

  /** Drops the metric name of every row; rows that became equal are joined, or are an error where both have a value. */
  dropNames(): Matrix {
    const firstName = this.rows[0]?.name;
    const sameName = this.rows.every((labels) => labels.name === firstName);
    for (let row = 0; row < this.rows.length; row++) {
      const labels = this.rows[row];
      if (labels !== undefined) this.rows[row] = labels.withoutName();
    }
    return sameName ? this : this.joinEqualRows();
  }

  /** Throws when two rows with values have the same labels, even if never at the same step. */
  refuseEqualRows(): void {
    const seen = new Set<string>();
    this.rows.forEach((labels, row) => {
      if (!this.hasCells(row)) return;
      if (seen.has(labels.key)) throw sameLabelsetError();
      seen.add(labels.key);
    });
  }

  private joinEqualRows(): Matrix {
    if (this.rows.length < 2) return this;
    const firstRow = new Map<string, number>();
    this.rows.forEach((labels, row) => {
      if (!firstRow.has(labels.key)) firstRow.set(labels.key, row);
    });
    if (firstRow.size === this.rows.length) return this;
    const joined = new Matrix(this.steps, firstRow.size);
    const rowByKey = new Map<string, number>();
    this.rows.forEach((labels, row) => {
      let base = rowByKey.get(labels.key);
      if (base === undefined) {
        base = joined.addRow(labels);
        rowByKey.set(labels.key, base);
      }
      for (let step = 0; step < this.steps; step++) {
        const from = row * this.steps + step;
        if (this.present[from] !== 1) continue;
        if (joined.present[base + step] === 1) throw sameLabelsetError();
        joined.put(base + step, this.values[from] ?? Number.NaN);
      }
    });
    return joined;
  }

  private grow(needed: number): void {
    const cells = Math.max(needed, this.values.length * 2);
    if (needed > MAX_CELLS) {
      throw new QueryError('execution', 'query processing would load too many samples into memory in query execution');
    }
    const values = new Float64Array(cells);
    values.set(this.values);
    const present = new Uint8Array(cells);
    present.set(this.present);
    this.values = values;
    this.present = present;
  }
}

/** A scalar: one row without labels, a value at every step. */
export function buildScalar(steps: number, valueAt: (step: number) => number): Matrix {
  const matrix = new Matrix(steps, 1);
  matrix.addRow(Labels.empty);
  for (let step = 0; step < steps; step++) matrix.put(step, valueAt(step));
  return matrix;
}
