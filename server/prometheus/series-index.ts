// The memory of one repeated query: which raw bytes of a `metric` object are which slot, and what labels a slot has.
// Prometheus returns the groups of a sum in a stable order, so most series are recognised by one comparison with the series that
// followed last time; a hash table of the raw bytes finds the rest. Slots of series that are gone are given to new ones.
// In: raw bytes of metric objects. Out: slots, label values. Correct for any order; only speed depends on it.

import { StringTable } from './string-table';

const FREE: readonly string[] = [];
/** Results for which a vanished series keeps its slot. */
const KEEP_RESULTS = 2;
const FNV_PRIME = 0x01000193;

const grown = (array: Int32Array, size: number): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
};

/** Slots of the series of one query; results must be noted one after another: begin, then find or add for each series, then finish. */
export class SeriesIndex {
  /** Raw bytes of all series, one after another. */
  #arena = Buffer.allocUnsafe(256 * 1024);
  #arenaUsed = 0;
  #garbage = 0;
  #offsets = new Int32Array(256);
  #lengths = new Int32Array(256);
  #hashes = new Int32Array(256);
  #lastSeen = new Int32Array(256);
  /** Slot that followed a slot in the last result, -1 if none; index 0 stands for "before the first series". */
  #successors = new Int32Array(257).fill(-1);
  /** Open addressing: slot + 1, 0 = empty. */
  #table = new Int32Array(1024);
  #labels: (readonly string[])[] = [];
  #labelsShared = false;
  #free: number[] = [];
  #live = 0;
  #result = 0;
  #previous = -1;
  #expected = -1;
  #texts = new StringTable();
  /** Hash of the bytes that `find` did not know last, for `add`; start -1: none. */
  #hashed = 0;
  #hashStart = -1;
  #hashEnd = -1;
  readonly #seed = Math.floor(Math.random() * 0xffffffff);

  /** Series remembered. */
  get size(): number {
    return this.#live;
  }

  /** Slots ever handed out at the same time: the length that an array indexed by slot needs. */
  get capacity(): number {
    return this.#labels.length;
  }

  /** Bytes held for recognition. */
  get arenaBytes(): number {
    return this.#arena.length;
  }

  /** Starts a new result. */
  begin(): void {
    this.#result++;
    this.#previous = -1;
    this.#expected = this.#successors[0] ?? -1;
  }

  /** Length of the expected series' raw bytes if they stand at `start`, else 0; `expectedSlot` is then the slot. */
  matchExpected(bytes: Buffer, start: number, end: number): number {
    const slot = this.#expected;
    if (slot < 0) return 0;
    const length = this.#lengths[slot] ?? 0;
    if (length === 0 || end - start < length) return 0;
    const offset = this.#offsets[slot] ?? 0;
    return bytes.compare(this.#arena, offset, offset + length, start, start + length) === 0 ? length : 0;
  }

  get expectedSlot(): number {
    return this.#expected;
  }

  /** Slot of the raw bytes, -1 if unknown. */
  find(bytes: Buffer, start: number, end: number): number {
    const hash = this.#hash(bytes, start, end);
    this.#hashStart = start;
    this.#hashEnd = end;
    this.#hashed = hash;
    const mask = this.#table.length - 1;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const slot = (this.#table[i] ?? 0) - 1;
      if (slot < 0) return -1;
      if (this.#hashes[slot] !== hash || this.#lengths[slot] !== end - start) continue;
      const offset = this.#offsets[slot] ?? 0;
      if (bytes.compare(this.#arena, offset, offset + (end - start), start, end) === 0) return slot;
    }
  }

  /** Gives unknown raw bytes a slot with these label values, best interned. */
  add(bytes: Buffer, start: number, end: number, labels: readonly string[]): number {
    const length = end - start;
    const slot = this.#free.pop() ?? this.#labels.length;
    if (slot >= this.#offsets.length) this.#growSlots();
    if (this.#arenaUsed + length > this.#arena.length) this.#growArena(length);
    bytes.copy(this.#arena, this.#arenaUsed, start, end);
    this.#offsets[slot] = this.#arenaUsed;
    this.#lengths[slot] = length;
    this.#hashes[slot] = this.#hashStart === start && this.#hashEnd === end ? this.#hashed : this.#hash(bytes, start, end);
    this.#hashStart = -1;
    this.#successors[slot + 1] = -1;
    this.#arenaUsed += length;
    if (this.#labelsShared) {
      this.#labels = this.#labels.slice();
      this.#labelsShared = false;
    }
    this.#labels[slot] = labels;
    this.#live++;
    if (this.#live * 2 > this.#table.length) this.#rebuildTable(this.#table.length * 2);
    else this.#enter(slot);
    return slot;
  }

  /** Notes that the result's next series is `slot`; `known` says that it was remembered (only then does it tell what follows). */
  note(slot: number, known: boolean): void {
    const before = this.#previous + 1;
    if (known) this.#expected = this.#successors[slot + 1] ?? -1;
    this.#successors[before] = slot;
    this.#previous = slot;
    this.#lastSeen[slot] = this.#result;
  }

  /** Whether `slot` was already noted in this result. */
  seen(slot: number): boolean {
    return this.#lastSeen[slot] === this.#result;
  }

  /** Ends a complete result: forgets series that are gone for some results. */
  finish(): void {
    this.#successors[this.#previous + 1] = -1;
    let freed = 0;
    for (let slot = 0; slot < this.#labels.length; slot++) {
      const length = this.#lengths[slot] ?? 0;
      if (length === 0 || (this.#lastSeen[slot] ?? 0) >= this.#result - KEEP_RESULTS) continue;
      if (freed === 0 && this.#labelsShared) {
        this.#labels = this.#labels.slice();
        this.#labelsShared = false;
      }
      this.#lengths[slot] = 0;
      this.#labels[slot] = FREE;
      this.#garbage += length;
      this.#free.push(slot);
      freed++;
    }
    if (freed === 0) return;
    this.#live -= freed;
    this.#rebuildTable(this.#table.length);
    if (this.#garbage * 2 > this.#arenaUsed) this.#compact();
    if (this.#texts.size > 1024 + 8 * this.#live) this.#texts = new StringTable();
  }

  /** Label values by slot, as they are now: later changes do not touch the array returned. */
  freezeLabels(): readonly (readonly string[])[] {
    this.#labelsShared = true;
    return this.#labels;
  }

  /** Texts of labels, each kept once; of the moment, for a scanner of one result. */
  get texts(): StringTable {
    return this.#texts;
  }

  // FNV-1a with a random start, so that nobody can prepare label values that collide.
  #hash(bytes: Buffer, start: number, end: number): number {
    let hash = this.#seed | 0;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), FNV_PRIME);
    return hash ^ (hash >>> 15);
  }

  #enter(slot: number): void {
    const mask = this.#table.length - 1;
    let i = (this.#hashes[slot] ?? 0) & mask;
    while (this.#table[i] !== 0) i = (i + 1) & mask;
    this.#table[i] = slot + 1;
  }

  #rebuildTable(size: number): void {
    let wanted = size;
    while (wanted > 1024 && this.#live * 8 < wanted) wanted /= 2;
    this.#table = new Int32Array(wanted);
    for (let slot = 0; slot < this.#labels.length; slot++) if ((this.#lengths[slot] ?? 0) > 0) this.#enter(slot);
  }

  #growSlots(): void {
    const size = this.#offsets.length * 2;
    this.#offsets = grown(this.#offsets, size);
    this.#lengths = grown(this.#lengths, size);
    this.#hashes = grown(this.#hashes, size);
    this.#lastSeen = grown(this.#lastSeen, size);
    this.#successors = grown(this.#successors, size + 1);
  }

  #growArena(more: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#arena.length * 2, this.#arenaUsed + more));
    this.#arena.copy(larger, 0, 0, this.#arenaUsed);
    this.#arena = larger;
  }

  #compact(): void {
    const used = this.#arenaUsed - this.#garbage;
    const smaller = Buffer.allocUnsafe(Math.max(64 * 1024, Math.ceil(used * 1.25)));
    let at = 0;
    for (let slot = 0; slot < this.#labels.length; slot++) {
      const length = this.#lengths[slot] ?? 0;
      if (length === 0) continue;
      const offset = this.#offsets[slot] ?? 0;
      this.#arena.copy(smaller, at, offset, offset + length);
      this.#offsets[slot] = at;
      at += length;
    }
    this.#arena = smaller;
    this.#arenaUsed = at;
    this.#garbage = 0;
  }
}
