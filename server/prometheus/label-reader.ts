// Reads the labels of series out of raw JSON objects, byte by byte. Neighbouring series of a sum share most of their values, so a value is
// compared with the one that the series before had, and only what differs becomes a string.
// In: bytes of `{"name":"value",…}` as Prometheus writes it. Out: values in the order of the names asked for. Anything unusual (white
// space, escaped names) is left to JSON.parse by the caller.

import { StringTable } from './string-table';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

export class LabelReader {
  readonly #names: readonly Buffer[];
  /** Places in the result by the order in which names are written: sorted. */
  readonly #written: readonly number[];
  readonly #texts: StringTable;
  /** Values of the series before; null where the bytes in JSON are not those of the text. */
  readonly #before: (string | null)[];
  /** Where reading has come to. */
  #at = 0;

  constructor(names: readonly string[], texts: StringTable) {
    this.#names = names.map((name) => Buffer.from(name));
    this.#written = names.map((_, i) => i).sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1));
    this.#texts = texts;
    this.#before = names.map(() => null);
  }

  /** The values of the object in [start, end), "" for what it lacks; null if it is not written as Prometheus writes it. */
  read(bytes: Buffer, start: number, end: number): readonly string[] | null {
    const values = this.#names.map(() => '');
    const last = end - 1;
    if (bytes[start] !== OPEN || bytes[last] !== CLOSE) return null;
    if (start + 1 === last) return values;
    let turn = 0;
    this.#at = start + 1;
    for (;;) {
      if (bytes[this.#at] !== QUOTE) return null;
      let place = this.#written[turn] ?? -1;
      if (place >= 0 && this.#matches(bytes, this.#at + 1, place)) {
        turn++;
        this.#at += (this.#names[place]?.length ?? 0) + 2;
      } else {
        const close = this.#closingQuote(bytes, this.#at + 1, last);
        if (close < 0) return null;
        place = this.#written.findIndex(
          (own) => own >= 0 && close - this.#at - 1 === this.#names[own]?.length && this.#matches(bytes, this.#at + 1, own),
        );
        if (place >= 0) {
          turn = place + 1;
          place = this.#written[place] ?? -1;
        }
        this.#at = close + 1;
      }
      if (bytes[this.#at] !== COLON || bytes[this.#at + 1] !== QUOTE) return null;
      this.#at += 2;
      const value = this.#readValue(bytes, last, place);
      if (value === null) return null;
      if (place >= 0) values[place] = value;
      const next = bytes[this.#at];
      if (next === CLOSE) return this.#at === last ? values : null;
      if (next !== COMMA) return null;
      this.#at++;
    }
  }

  /** Whether the name of a place stands at `at` and ends there. */
  #matches(bytes: Buffer, at: number, place: number): boolean {
    const name = this.#names[place];
    if (name === undefined || bytes[at + name.length] !== QUOTE) return false;
    for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
    return true;
  }

  /** Where a string without escapes ends, -1 if it has any or does not end. */
  #closingQuote(bytes: Buffer, from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH || byte < 0x20) return -1;
    }
    return -1;
  }

  /** The string that begins at #at, which moves behind its closing quote; null if it is not one. */
  #readValue(bytes: Buffer, end: number, place: number): string | null {
    const from = this.#at;
    const before = place >= 0 ? (this.#before[place] ?? null) : null;
    if (before !== null && bytes[from + before.length] === QUOTE) {
      let i = 0;
      while (i < before.length && bytes[from + i] === before.charCodeAt(i)) i++;
      if (i === before.length) {
        this.#at = from + i + 1;
        return before;
      }
    }
    let at = from;
    let escaped = false;
    let bits = 0;
    let hash = this.#texts.seed;
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte < 0x20) return null;
      if (byte === BACKSLASH) {
        escaped = true;
        at++;
      }
      bits |= byte;
      hash = StringTable.add(hash, byte);
    }
    if (at >= end) return null;
    this.#at = at + 1;
    if (place < 0) return '';
    if (bits < 0x80 && !escaped) {
      const text = this.#texts.ofBytes(bytes, from, at, hash);
      this.#before[place] = text;
      return text;
    }
    const raw = bytes.toString('utf8', from, at);
    const plain = escaped ? decodeEscapes(raw) : raw;
    this.#before[place] = null;
    return plain === null ? null : this.#texts.of(plain);
  }
}

function decodeEscapes(raw: string): string | null {
  try {
    const parsed: unknown = JSON.parse(`"${raw}"`);
    return typeof parsed === 'string' ? parsed : null;
  } catch {
    return null;
  }
}
