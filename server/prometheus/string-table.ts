// One string for each distinct text, found by its bytes: a label value that was seen before costs no new string.
// In: ASCII bytes or text. Out: the same string for the same text. FNV-1a with a random start, so that nobody can prepare values that collide.

const FNV_PRIME = 0x01000193;

export class StringTable {
  readonly seed = Math.floor(Math.random() * 0xffffffff) | 0;
  #strings: string[] = [];
  #hashes = new Int32Array(256);
  /** Open addressing: place + 1, 0 = empty. */
  #table = new Int32Array(512);
  readonly #others = new Map<string, string>();

  get size(): number {
    return this.#strings.length + this.#others.size;
  }

  /** The hash of a text so far and one more byte; begin with `seed`. */
  static add(hash: number, byte: number): number {
    return Math.imul(hash ^ byte, FNV_PRIME);
  }

  /** The text of ASCII bytes, whose hash the caller has added up. */
  ofBytes(bytes: Buffer, from: number, to: number, hash: number): string {
    const mask = this.#table.length - 1;
    for (let i = (hash ^ (hash >>> 15)) & mask; ; i = (i + 1) & mask) {
      const place = (this.#table[i] ?? 0) - 1;
      if (place < 0) return this.#enter(bytes.toString('latin1', from, to), hash);
      if (this.#hashes[place] !== hash) continue;
      const known = this.#strings[place] ?? '';
      if (known.length === to - from && isAt(known, bytes, from)) return known;
    }
  }

  /** Any other text. */
  of(text: string): string {
    const known = this.#others.get(text);
    if (known !== undefined) return known;
    this.#others.set(text, text);
    return text;
  }

  #enter(text: string, hash: number): string {
    const place = this.#strings.length;
    if (place >= this.#hashes.length) {
      const larger = new Int32Array(this.#hashes.length * 2);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#strings.push(text);
    this.#hashes[place] = hash;
    if (this.#strings.length * 2 > this.#table.length) {
      this.#table = new Int32Array(this.#table.length * 2);
      for (let each = 0; each <= place; each++) this.#point(each);
    } else this.#point(place);
    return text;
  }

  #point(place: number): void {
    const hash = this.#hashes[place] ?? 0;
    const mask = this.#table.length - 1;
    let i = (hash ^ (hash >>> 15)) & mask;
    while (this.#table[i] !== 0) i = (i + 1) & mask;
    this.#table[i] = place + 1;
  }
}

function isAt(text: string, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return false;
  return true;
}
