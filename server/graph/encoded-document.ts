// The JSON of a graph whose freshness is written when it is read. In: bytes up to the freshness. Out: the whole document.
import type { Freshness } from '../../model/wire';
import { jsonBytes, sharedBytes } from './json-bytes';

/** Room for the freshness: two states with their causes in words. */
export const FRESHNESS_BYTES = 2048;

/** A document but for its last field, the freshness, which changes more often than the rest. */
export class EncodedDocument {
  readonly #open: Uint8Array;
  #closed: { readonly end: string; readonly bytes: Uint8Array } | null = null;

  /** `open` ends after the list of edges; behind it its buffer has room for the freshness. */
  constructor(open: Uint8Array) {
    this.#open = open;
  }

  /** The whole JSON; the same bytes for the same freshness. What was given out never changes. */
  close(freshness: Freshness): Uint8Array {
    const end = `,"freshness":${JSON.stringify(freshness)}}`;
    if (this.#closed?.end === end) return this.#closed.bytes;
    const tail = jsonBytes(end);
    const bytes = this.#withRoom(tail.length);
    bytes.set(tail, this.#open.length);
    this.#closed = { end, bytes };
    return bytes;
  }

  /** The first freshness is written behind the document where it stands; later ones behind a copy. */
  #withRoom(more: number): Uint8Array {
    const { buffer, byteOffset, length } = this.#open;
    if (this.#closed === null && byteOffset + length + more <= buffer.byteLength) return new Uint8Array(buffer, byteOffset, length + more);
    const copy = sharedBytes(length + more);
    copy.set(this.#open);
    return copy;
  }
}
