// Bytes -> lines. A line break is one byte in UTF-8 and part of no other character: lines are cut out before they are decoded, so that a
// character that two chunks share stays whole. In: chunks. Out: lines without their breaks, and how many bytes were cut from each.

/** Told of each line; `cut`: bytes that were left away at its end. */
export type OnText = (text: string, cut: number) => void;

const LINE_FEED = 10;
const ENCODER = new TextEncoder();

export class LineSplitter {
  readonly #maxBytes: number;
  readonly #room: Uint8Array;
  readonly #decoder = new TextDecoder();
  /** Of a line that has not ended. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #cut = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#room = new Uint8Array(maxBytes);
  }

  /** Tells every line that ends in this chunk. */
  push(chunk: Uint8Array, onText: OnText): void {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last < 0) {
      this.#hold(chunk);
      return;
    }
    let from = 0;
    if (this.#heldBytes > 0 || this.#cut > 0) {
      const end = chunk.indexOf(LINE_FEED);
      this.#hold(chunk.subarray(0, end));
      this.end(onText);
      from = end + 1;
    }
    // All whole lines are decoded at once, which is much cheaper than one by one.
    if (last > from || chunk[from] === LINE_FEED) {
      for (const text of this.#decoder.decode(chunk.subarray(from, last)).split('\n')) this.#tell(text, onText);
    }
    this.#hold(chunk.subarray(last + 1));
  }

  /** What stands after the last line break is a line, too. */
  end(onText: OnText): void {
    if (this.#heldBytes === 0 && this.#cut === 0) return;
    const bytes = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const piece of this.#held) {
      bytes.set(piece, at);
      at += piece.length;
    }
    const text = this.#decoder.decode(bytes);
    const cut = this.#cut;
    this.#held = [];
    this.#heldBytes = 0;
    this.#cut = 0;
    // A character that the limit cut in two is no character.
    onText(cut > 0 ? text.replace(/\ufffd$/, '') : text, cut);
  }

  #hold(piece: Uint8Array): void {
    if (piece.length === 0) return;
    const kept = piece.subarray(0, Math.max(0, this.#maxBytes - this.#heldBytes));
    if (kept.length > 0) {
      // A copy: a chunk may be many lines, of which these few bytes would keep all.
      this.#held.push(kept.slice());
      this.#heldBytes += kept.length;
    }
    this.#cut += piece.length - kept.length;
  }

  #tell(text: string, onText: OnText): void {
    // No character of UTF-16 takes more than three bytes.
    if (text.length * 3 <= this.#maxBytes) {
      onText(text, 0);
      return;
    }
    const { read } = ENCODER.encodeInto(text, this.#room);
    if (read >= text.length) onText(text, 0);
    else onText(text.slice(0, read), ENCODER.encode(text.slice(read)).length);
  }
}
