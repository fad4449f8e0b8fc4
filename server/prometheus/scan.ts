// Reads the answer of an instant query byte by byte as it arrives, without building its JSON: series that were seen in the last result
// cost one comparison. Strict: what is not a vector of numbers in the form of the Prometheus HTTP API is metricsMalformed.
// In: chunks of the body, a SeriesIndex. Out: slots, values, warnings.
import { decodeEnvelope, throwIfFailed } from './decode';
import { LabelReader } from './label-reader';
import { excerptOf, malformed } from './malformed';
import { isNumberByte, isSpace, readDecimal } from './number-bytes';
import type { SeriesIndex } from './series-index';

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_TAIL_BYTES = 4 * 1024 * 1024;
const MAX_ELEMENT_BYTES = 1024 * 1024;
/** Bytes of the next chunk that most series broken off by the last one end within. */
const JOINT_BYTES = 4096;
const INCOMPLETE = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const METRIC_KEY = Buffer.from('{"metric":');
const VALUE_KEY = Buffer.from(',"value":[');
/** Where a metric object ends: no string of JSON can hold these bytes, for a quote in it would be escaped. */
const METRIC_END = Buffer.from('},"value":[');

export interface ScannedVector {
  readonly count: number;
  readonly slots: Int32Array;
  readonly values: Float64Array;
  readonly labels: readonly (readonly string[])[];
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** Scans one answer; push every chunk in order, then end. After a failure the scanner and its index's result are of no use. */
export class VectorScanner {
  readonly #index: SeriesIndex;
  readonly #labelNames: readonly string[];
  readonly #reader: LabelReader;
  #phase: 'head' | 'elements' | 'tail' = 'head';
  #bytes: Buffer = Buffer.alloc(0);
  #head = '';
  #afterComma = false;
  #count = 0;
  #slots: Int32Array;
  #values: Float64Array;

  constructor(index: SeriesIndex, labelNames: readonly string[]) {
    this.#index = index;
    this.#labelNames = labelNames;
    this.#reader = new LabelReader(labelNames, index.texts);
    this.#slots = new Int32Array(Math.max(64, index.size));
    this.#values = new Float64Array(this.#slots.length);
    index.begin();
  }

  /** Takes the next piece of the body. */
  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : this.#join(chunk);
    if (this.#phase === 'head') this.#readHead();
    if (this.#phase === 'elements') this.#readElements();
    if (this.#phase === 'tail' && this.#bytes.length > MAX_TAIL_BYTES) throw malformed('more text than expected after the result');
  }

  /** What is left to read with the next chunk. The series that broke off is read first, so that the chunk itself is not copied. */
  #join(chunk: Buffer): Buffer {
    const rest = this.#bytes;
    if (this.#phase === 'elements' && chunk.length > JOINT_BYTES) {
      this.#bytes = Buffer.concat([rest, chunk.subarray(0, JOINT_BYTES)]);
      const next = this.#readElement(0, this.#bytes.length);
      if (next >= rest.length) return chunk.subarray(next - rest.length);
    }
    return Buffer.concat([rest, chunk]);
  }

  /** The result; throws if the body was not complete. */
  end(): ScannedVector {
    if (this.#phase === 'head') {
      throwIfFailed(this.#bytes.toString('utf8'));
      throw malformed(this.#bytes.length === 0 ? 'the answer is empty' : 'the answer holds no result of a query', excerptOf(this.#bytes));
    }
    if (this.#phase === 'elements') throw malformed(`the answer breaks off after ${this.#count} series`);
    const { warnings, infos } = decodeEnvelope(this.#head, this.#bytes.toString('utf8'), 'vector');
    this.#index.finish();
    return {
      count: this.#count,
      slots: this.#slots.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
      labels: this.#index.freezeLabels(),
      warnings,
      infos,
    };
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
    const type = /"resultType"\s*:\s*"(\w*)"/.exec(this.#head)?.[1];
    if (type !== undefined && type !== 'vector') throw malformed(`the answer is a ${type}, a vector was asked for`);
    this.#bytes = this.#bytes.subarray(cut);
    this.#phase = 'elements';
  }

  #readElements(): void {
    const bytes = this.#bytes;
    const end = bytes.length;
    let at = 0;
    for (;;) {
      let start = at;
      while (start < end && isSpace(bytes[start])) start++;
      if (start >= end) {
        at = start;
        break;
      }
      if (bytes[start] === 0x5d && !this.#afterComma) {
        at = start;
        this.#phase = 'tail';
        break;
      }
      const next = this.#readElement(start, end);
      if (next === INCOMPLETE) {
        if (end - start > MAX_ELEMENT_BYTES)
          throw malformed(`series ${this.#count + 1} of the answer is longer than ${MAX_ELEMENT_BYTES} bytes`);
        at = start;
        break;
      }
      at = next;
    }
    // A copy, so that the chunk with its megabytes is not held by the few bytes that are left of it.
    this.#bytes = at === 0 ? bytes : Buffer.from(bytes.subarray(at));
  }

  /** Reads one `{"metric":{…},"value":[t,"v"]}` and the comma after it; returns where it ends or INCOMPLETE. */
  #readElement(start: number, end: number): number {
    const bytes = this.#bytes;
    const metric = this.#expectKey(start, end, METRIC_KEY);
    if (metric === INCOMPLETE) return INCOMPLETE;
    const length = this.#index.matchExpected(bytes, metric, end);
    let metricEnd = metric + length;
    let labels: readonly string[] | null = null;
    let slot = this.#index.expectedSlot;
    if (length === 0) {
      const quick = bytes.indexOf(METRIC_END, metric);
      metricEnd = quick < 0 ? INCOMPLETE : quick + 1;
      slot = quick < 0 ? -1 : this.#index.find(bytes, metric, metricEnd);
      if (slot < 0) {
        labels = quick < 0 ? null : this.#reader.read(bytes, metric, metricEnd);
        if (labels === null) {
          metricEnd = this.#metricEnd(metric, end);
          if (metricEnd === INCOMPLETE) return INCOMPLETE;
          slot = this.#index.find(bytes, metric, metricEnd);
        }
      }
    }
    let at = this.#expectKey(metricEnd, end, VALUE_KEY);
    if (at === INCOMPLETE) return INCOMPLETE;
    // The time of the sample: a number that nobody needs, for it is the one that was asked for.
    for (; ; at++) {
      if (at >= end) return INCOMPLETE;
      const byte = bytes[at] ?? 0;
      if (byte === 0x2c) break;
      if (!isNumberByte(byte) && !isSpace(byte)) throw this.#unexpected('a time', at);
    }
    at++;
    while (at < end && isSpace(bytes[at])) at++;
    if (at >= end) return INCOMPLETE;
    if (bytes[at] !== QUOTE) throw this.#unexpected('a value in quotes', at);
    const from = at + 1;
    const to = bytes.indexOf(QUOTE, from);
    if (to < 0) {
      if (end - from > 64) throw this.#unexpected('a number', from);
      return INCOMPLETE;
    }
    const value = this.#number(from, to);
    const closed = this.#closeElement(to + 1, end);
    if (closed === INCOMPLETE) return INCOMPLETE;
    const known = slot >= 0;
    const own = known ? slot : this.#index.add(bytes, metric, metricEnd, labels ?? this.#labels(metric, metricEnd));
    if (known && this.#index.seen(own)) throw malformed(`series ${this.#count + 1} of the answer appears twice`);
    this.#index.note(own, known);
    if (Number.isFinite(value)) this.#append(own, value);
    return closed;
  }

  /** Position after `key`, white space allowed between its tokens. */
  #expectKey(start: number, end: number, key: Buffer): number {
    const bytes = this.#bytes;
    if (end - start >= key.length) {
      let i = 0;
      while (i < key.length && bytes[start + i] === key[i]) i++;
      if (i === key.length) {
        let at = start + i;
        while (at < end && isSpace(bytes[at])) at++;
        return at < end ? at : INCOMPLETE;
      }
    }
    let at = start;
    let inString = false;
    for (const wanted of key) {
      if (!inString) while (at < end && isSpace(bytes[at])) at++;
      if (at >= end) return INCOMPLETE;
      if (bytes[at] !== wanted) throw this.#unexpected(JSON.stringify(key.toString('latin1')), at);
      if (wanted === QUOTE) inString = !inString;
      at++;
    }
    while (at < end && isSpace(bytes[at])) at++;
    return at < end ? at : INCOMPLETE;
  }

  /** Position after the flat object that begins at `start`. */
  #metricEnd(start: number, end: number): number {
    const bytes = this.#bytes;
    if (bytes[start] !== 0x7b) throw this.#unexpected('an object of labels', start);
    let inString = false;
    for (let at = start + 1; at < end; at++) {
      const byte = bytes[at];
      if (inString) {
        if (byte === BACKSLASH) at++;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === 0x7d) return at + 1;
      else if (byte === 0x7b || byte === 0x5b) throw this.#unexpected('a label value in quotes', at);
    }
    return INCOMPLETE;
  }

  #closeElement(start: number, end: number): number {
    const bytes = this.#bytes;
    let at = start;
    for (const wanted of [0x5d, 0x7d]) {
      while (at < end && isSpace(bytes[at])) at++;
      if (at >= end) return INCOMPLETE;
      if (bytes[at] !== wanted) throw this.#unexpected('the end of a series', at);
      at++;
    }
    while (at < end && isSpace(bytes[at])) at++;
    if (at >= end) return INCOMPLETE;
    this.#afterComma = bytes[at] === 0x2c;
    if (this.#afterComma) return at + 1;
    if (bytes[at] !== 0x5d) throw this.#unexpected('a comma or the end of the result', at);
    return at;
  }

  #number(from: number, to: number): number {
    const plain = readDecimal(this.#bytes, from, to);
    if (plain >= 0) return plain;
    const text = this.#bytes.toString('latin1', from, to);
    const value = Number(text);
    // Number() also reads '', ' ', '0x1' and 'Infinity'; Prometheus writes none of them.
    if (Number.isFinite(value)) {
      for (let i = from; i < to; i++) if (!isNumberByte(this.#bytes[i] ?? 0)) throw this.#unexpected('a number', from);
      if (to > from) return value;
    } else if (text === 'NaN' || text === '+Inf' || text === '-Inf') return Number.NaN;
    throw this.#unexpected('a number', from);
  }

  #labels(start: number, end: number): string[] {
    let parsed: unknown;
    try {
      parsed = JSON.parse(this.#bytes.toString('utf8', start, end));
    } catch (error) {
      throw malformed(`the labels of series ${this.#count + 1} are not JSON`, excerptOf(this.#bytes.subarray(start, end)), error);
    }
    const labels = new Map<string, unknown>(Object.entries(parsed ?? {}));
    for (const [name, value] of labels)
      if (typeof value !== 'string') throw malformed(`label ${JSON.stringify(name.slice(0, 80))} of series ${this.#count + 1} is not text`);
    return this.#labelNames.map((name) => {
      const value = labels.get(name);
      return typeof value === 'string' ? this.#index.texts.of(value) : '';
    });
  }

  #append(slot: number, value: number): void {
    if (this.#count === this.#slots.length) {
      const slots = new Int32Array(this.#count * 2);
      const values = new Float64Array(this.#count * 2);
      slots.set(this.#slots);
      values.set(this.#values);
      this.#slots = slots;
      this.#values = values;
    }
    this.#slots[this.#count] = slot;
    this.#values[this.#count] = value;
    this.#count++;
  }

  #unexpected(wanted: string, at: number): Error {
    return malformed(`series ${this.#count + 1} of the answer: expected ${wanted}`, excerptOf(this.#bytes.subarray(Math.max(0, at - 20))));
  }
}
