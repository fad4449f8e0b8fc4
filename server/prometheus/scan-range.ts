// Reads the answer of a range query as it arrives: one row for each series, one place for each step, without the JSON in between, for the
// range of a whole mesh has millions of points. In: chunks of the body, the steps that were asked for. Out: RangeColumns.
import type { RangeColumns } from '../ports';
import { decodeEnvelope, decodeMatrix, throwIfFailed } from './decode';
import { LabelReader } from './label-reader';
import { excerptOf, malformed } from './malformed';
import { isNumberByte, readDecimal } from './number-bytes';
import { StringTable } from './string-table';

const MAX_HEAD_BYTES = 64 * 1024;
const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;
const METRIC_KEY = Buffer.from('{"metric":');
/** Where labels end: no string of JSON can hold these bytes, for a quote in it would be escaped. */
const METRIC_END = Buffer.from('},"values":[');
const VALUES_END = Buffer.from(']]}');

export interface RangeSteps {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** Scans one answer; push every chunk in order, then end. */
export class RangeScanner {
  readonly #labelNames: readonly string[];
  readonly #steps: RangeSteps;
  readonly #reader: LabelReader;
  #phase: 'head' | 'elements' | 'tail' | 'foreign' = 'head';
  #bytes: Buffer = Buffer.alloc(0);
  /** Everything so far, while it may be written in a form that only JSON.parse reads. */
  #foreign: Buffer[] = [];
  #head = '';
  #size = 0;
  #labels: (readonly string[])[] = [];
  #values: Float32Array;

  constructor(labelNames: readonly string[], steps: RangeSteps) {
    this.#labelNames = labelNames;
    this.#steps = steps;
    this.#reader = new LabelReader(labelNames, new StringTable());
    this.#values = new Float32Array(256 * steps.count).fill(Number.NaN);
  }

  /** Takes the next piece of the body. */
  push(chunk: Buffer): void {
    if (this.#phase === 'foreign' || (this.#phase !== 'tail' && this.#labels.length === 0)) this.#foreign.push(chunk);
    if (this.#phase === 'foreign') return;
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#phase === 'head') this.#readHead();
    if (this.#phase === 'elements') this.#readElements();
  }

  /** The result; throws if the body was not complete. */
  end(): Omit<RangeColumns, 'wallMs' | 'bytes'> {
    if (this.#phase === 'foreign') return this.#readForeign();
    if (this.#phase === 'head') {
      throwIfFailed(this.#bytes.toString('utf8'));
      throw malformed(this.#bytes.length === 0 ? 'the answer is empty' : 'the answer holds no result of a query', excerptOf(this.#bytes));
    }
    if (this.#phase === 'elements') throw malformed(`the answer breaks off after ${this.#labels.length} series`);
    const { warnings } = decodeEnvelope(this.#head, this.#bytes.toString('utf8'), 'matrix');
    return this.#result(warnings);
  }

  #result(warnings: readonly string[]): Omit<RangeColumns, 'wallMs' | 'bytes'> {
    return { steps: this.#steps.count, labels: this.#labels, values: this.#values.slice(0, this.#size * this.#steps.count), warnings };
  }

  /** An answer that is laid out differently (white space, another order of keys). */
  #readForeign(): Omit<RangeColumns, 'wallMs' | 'bytes'> {
    this.#labels = [];
    this.#size = 0;
    for (const { labels, points } of decodeMatrix(Buffer.concat(this.#foreign).toString('utf8'))) {
      const row = this.#addRow(this.#labelNames.map((name) => labels[name] ?? ''));
      for (const [seconds, value] of points) if (Number.isFinite(value)) this.#put(row, seconds, value);
    }
    return this.#result([]);
  }

  #readHead(): void {
    const text = this.#bytes.toString('latin1', 0, MAX_HEAD_BYTES);
    const first = text.trimStart().charAt(0);
    if (first !== '' && first !== '{') throw malformed('the answer is not JSON', excerptOf(this.#bytes));
    const found = /"result"\s*:\s*\[/.exec(text);
    if (found === null) {
      if (this.#bytes.length > MAX_HEAD_BYTES) throw malformed('the answer holds no result of a query', excerptOf(this.#bytes));
      return;
    }
    const cut = found.index + found[0].length;
    this.#head = this.#bytes.toString('utf8', 0, cut);
    this.#bytes = this.#bytes.subarray(cut);
    this.#phase = 'elements';
  }

  #readElements(): void {
    const bytes = this.#bytes;
    let at = 0;
    for (;;) {
      if (at >= bytes.length) break;
      if (bytes[at] === CLOSE_LIST) {
        this.#phase = 'tail';
        break;
      }
      let start = at;
      if (this.#size > 0) {
        if (bytes[at] !== COMMA) throw this.#unexpected(at);
        start++;
      }
      if (bytes.length - start < METRIC_KEY.length) break;
      if (METRIC_KEY.compare(bytes, start, start + METRIC_KEY.length) !== 0) {
        if (this.#size > 0) throw this.#unexpected(start);
        this.#phase = 'foreign';
        return;
      }
      const metricEnd = bytes.indexOf(METRIC_END, start);
      const valuesEnd = metricEnd < 0 ? -1 : bytes.indexOf(VALUES_END, metricEnd);
      if (valuesEnd < 0) break;
      this.#readElement(start + METRIC_KEY.length, metricEnd + 1, valuesEnd);
      at = valuesEnd + VALUES_END.length;
    }
    // A copy, so that the chunk with its megabytes is not held by the few bytes that are left of it.
    this.#bytes = at === 0 ? bytes : Buffer.from(bytes.subarray(at));
    if (this.#size > 0) this.#foreign = [];
  }

  /** `[[t,"v"],[t,"v"]` from the end of the labels to the last bracket but two. */
  #readElement(from: number, metricEnd: number, valuesEnd: number): void {
    const bytes = this.#bytes;
    const row = this.#addRow(this.#reader.read(bytes, from, metricEnd) ?? this.#parseLabels(from, metricEnd));
    let at = metricEnd + METRIC_END.length - 1;
    for (;;) {
      if (bytes[at] !== 0x5b) throw this.#unexpected(at);
      const timeEnd = bytes.indexOf(COMMA, at);
      const seconds = timeEnd < 0 ? Number.NaN : this.#number(at + 1, timeEnd);
      if (bytes[timeEnd + 1] !== QUOTE) throw this.#unexpected(timeEnd);
      const close = bytes.indexOf(QUOTE, timeEnd + 2);
      if (close < 0 || bytes[close + 1] !== CLOSE_LIST) throw this.#unexpected(timeEnd);
      this.#put(row, seconds, this.#number(timeEnd + 2, close));
      if (close + 1 >= valuesEnd) return;
      if (bytes[close + 2] !== COMMA) throw this.#unexpected(close);
      at = close + 3;
    }
  }

  #number(from: number, to: number): number {
    const plain = readDecimal(this.#bytes, from, to);
    if (plain >= 0) return plain;
    const text = this.#bytes.toString('latin1', from, to);
    if (text === 'NaN' || text === '+Inf' || text === '-Inf') return Number.NaN;
    for (let i = from; i < to; i++) if (!isNumberByte(this.#bytes[i] ?? 0)) throw this.#unexpected(from);
    const value = Number(text);
    if (text === '' || !Number.isFinite(value)) throw this.#unexpected(from);
    return value;
  }

  #parseLabels(from: number, to: number): readonly string[] {
    let parsed: unknown;
    try {
      parsed = JSON.parse(this.#bytes.toString('utf8', from, to));
    } catch (error) {
      throw malformed(`the labels of series ${this.#size + 1} are not JSON`, excerptOf(this.#bytes.subarray(from, to)), error);
    }
    const labels = new Map<string, unknown>(Object.entries(parsed ?? {}));
    return this.#labelNames.map((name) => {
      const value = labels.get(name);
      return typeof value === 'string' ? value : '';
    });
  }

  #addRow(labels: readonly string[]): number {
    const { count } = this.#steps;
    if ((this.#size + 1) * count > this.#values.length) {
      const larger = new Float32Array(this.#values.length * 2).fill(Number.NaN, this.#values.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#labels.push(labels);
    this.#size++;
    return this.#size - 1;
  }

  #put(row: number, seconds: number, value: number): void {
    const { startMs, stepMs, count } = this.#steps;
    const step = Math.round((seconds * 1000 - startMs) / stepMs);
    if (step >= 0 && step < count) this.#values[row * count + step] = value;
  }

  #unexpected(at: number): Error {
    return malformed(
      `series ${this.#size} of the answer is not laid out as a range`,
      excerptOf(this.#bytes.subarray(Math.max(0, at - 20))),
    );
  }
}
