// Pieces of JSON that are kept to be copied: tens of thousands of them, so they lie side by side in large pages and not each in memory of
// its own. In: JSON text. Out: Uint8Array, valid for ever.

const ENCODER = new TextEncoder();
const PAGE_BYTES = 256 * 1024;

export class Pieces {
  #page = new Uint8Array(0);
  #used = 0;

  /** The bytes of a piece. */
  keep(json: string): Uint8Array {
    // At most three bytes per code unit.
    const most = json.length * 3;
    if (most > PAGE_BYTES) return ENCODER.encode(json);
    if (this.#page.length - this.#used < most) {
      this.#page = new Uint8Array(PAGE_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += ENCODER.encodeInto(json, this.#page.subarray(start)).written;
    return this.#page.subarray(start, this.#used);
  }
}
