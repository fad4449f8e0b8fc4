// JSON written straight into bytes, by hand where it is hot: short numbers, plain names, constant pieces.
// In: values. Out: Uint8Array (UTF-8) that JSON.parse reads. Grows as needed; one writer makes many documents, one after another, in memory
// of its own: pieces are copied into shared memory byte by byte, and whole documents word by word.
import { round4 } from './round';

const ENCODER = new TextEncoder();
const ZERO = 48;
const MINUS = 45;
const POINT = 46;
const QUOTE = 34;
const BACKSLASH = 92;
/** Numbers below it are 0 (see round.ts). */
const LEAST = 1e-7;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const;
/** Above this many bytes a native copy is faster than a loop. */
const SHORT = 64;

/** Bytes of a constant piece of JSON. */
export const jsonBytes = (text: string): Uint8Array => ENCODER.encode(text);

const NULL = jsonBytes('null');

/** Bytes that threads can share: what is encoded in the engine's thread is sent by another, and has 10 MB for a large mesh. */
export const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));

export class JsonBytes {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number = 64 * 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Forgets what was written. */
  start(): void {
    this.#length = 0;
  }

  /** What was written, which is the caller's from now on; its buffer is shared memory, the caller's too, and has `room` bytes behind it. */
  finish(room: number = 0): Uint8Array {
    const length = this.#length;
    this.#length = 0;
    const copy = sharedBytes(length + room);
    copy.set(this.#bytes.subarray(0, length));
    return copy.subarray(0, length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  raw(piece: Uint8Array): void {
    const { length } = piece;
    this.#reserve(length);
    const bytes = this.#bytes;
    const start = this.#length;
    if (length > SHORT) bytes.set(piece, start);
    else for (let i = 0; i < length; i++) bytes[start + i] = piece[i] ?? 0;
    this.#length = start + length;
  }

  byte(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = code;
    this.#length += 1;
  }

  /** Text that is JSON already. */
  text(json: string): void {
    this.#reserve(json.length * 3);
    this.#length += ENCODER.encodeInto(json, this.#bytes.subarray(this.#length)).written;
  }

  /** Any value, by JSON.stringify. */
  value(value: object | string): void {
    this.text(JSON.stringify(value));
  }

  /** A string with its quotes; printable ASCII is copied, anything else goes through JSON.stringify. */
  string(text: string): void {
    const { length } = text;
    this.#reserve(length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 32 || code > 126 || code === QUOTE || code === BACKSLASH) {
        this.value(text);
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  stringOrNull(text: string | null): void {
    if (text === null) this.raw(NULL);
    else this.string(text);
  }

  strings(texts: readonly string[]): void {
    this.byte(91);
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) this.byte(44);
      this.string(texts[i] ?? '');
    }
    this.byte(93);
  }

  /** A finite number, shortest form; NaN and infinities as null. */
  number(x: number): void {
    this.#reserve(32);
    const size = Math.abs(x);
    if (x < 0 && Number.isFinite(x)) this.byte(MINUS);
    if (size < 1e15 && Number.isInteger(size)) this.#digits(size, 0);
    else if (!this.#decimal(size)) this.text(Number.isFinite(x) ? String(size) : 'null');
  }

  /** True for numbers that the graph shows as 0. */
  isNothing(x: number): boolean {
    return !(Math.abs(x) >= LEAST);
  }

  /** A number as the graph shows it: `number(round4(x))` in one go. */
  rounded(x: number): void {
    if (!(x >= 0.001 && x < 1000)) {
      this.number(round4(x));
      return;
    }
    this.#reserve(32);
    let decimals = x >= 100 ? 1 : x >= 10 ? 2 : x >= 1 ? 3 : x >= 0.1 ? 4 : x >= 0.01 ? 5 : 6;
    let shifted = Math.round(x * (POWERS[decimals] ?? 1));
    while (decimals > 0 && shifted % 10 === 0) {
      shifted /= 10;
      decimals--;
    }
    this.#digits(shifted, decimals);
  }

  numberOrNull(x: number | null): void {
    if (x === null) this.raw(NULL);
    else this.number(x);
  }

  /** Writes a number of up to four digits: shifts them left of the point, writes, puts the point back. False if it has more. */
  #decimal(x: number): boolean {
    if (!(x >= 0.001 && x < 1000)) return false;
    let decimals = x >= 100 ? 1 : x >= 10 ? 2 : x >= 1 ? 3 : x >= 0.1 ? 4 : x >= 0.01 ? 5 : 6;
    const power = POWERS[decimals] ?? 1;
    let shifted = Math.round(x * power);
    if (shifted / power !== x) return false;
    while (decimals > 1 && shifted % 10 === 0) {
      shifted /= 10;
      decimals--;
    }
    this.#digits(shifted, decimals);
    return true;
  }

  /** Writes an integer below 1e15 with the last `decimals` digits behind a point. */
  #digits(integer: number, decimals: number): void {
    let count = 1;
    for (let limit = 10; integer >= limit; limit *= 10) count++;
    count = Math.max(count, decimals + 1);
    const length = count + (decimals > 0 ? 1 : 0);
    const bytes = this.#bytes;
    let at = this.#length + length - 1;
    let rest = integer;
    for (let digit = 0; digit < count; digit++) {
      if (digit === decimals && decimals > 0) bytes[at--] = POINT;
      const next = Math.floor(rest / 10);
      bytes[at--] = ZERO + (rest - next * 10);
      rest = next;
    }
    this.#length += length;
  }
}
