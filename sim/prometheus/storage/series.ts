// One time series: a growing open chunk in plain float64, and sealed chunks packed in the arena.
// In: samples in time order, stale markers. Out: the samples of a time span, copied into a reusable buffer.
import type { Arena } from './arena';
import { CHUNK_SAMPLES, decodeChunk, encodeChunk, MAX_CHUNK_BYTES } from './chunk-codec';
import type { Labels } from './labels';
import type { SampleBuffer } from './sample-buffer';
import type { TimeColumn } from './time-column';

const INITIAL_CAPACITY = 8;

export type StartColumn = (timestampMs: number) => TimeColumn;

const encodeScratch = new Uint8Array(MAX_CHUNK_BYTES);
const decodeScratch = new Float64Array(CHUNK_SAMPLES);
const staleScratch: number[] = [];

export class Series {
  readonly ref: number;
  readonly labels: Labels;
  private openTimes: TimeColumn | undefined;
  private openValues = new Float64Array(INITIAL_CAPACITY);
  private openCount = 0;
  private openStale: number[] = [];
  private readonly sealedTimes: TimeColumn[] = [];
  private readonly sealedAddresses: number[] = [];

  constructor(ref: number, labels: Labels) {
    this.ref = ref;
    this.labels = labels;
  }

  /** Oldest timestamp held, +Infinity when empty. */
  get minTimestampMs(): number {
    const column = this.sealedTimes[0] ?? this.openTimes;
    return column?.times[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Newest timestamp held, -Infinity when empty. */
  get maxTimestampMs(): number {
    if (this.openCount > 0) return this.openTimes?.times[this.openCount - 1] ?? Number.NEGATIVE_INFINITY;
    const last = this.sealedTimes[this.sealedTimes.length - 1];
    return last === undefined ? Number.NEGATIVE_INFINITY : (last.times[last.count - 1] ?? Number.NEGATIVE_INFINITY);
  }

  /** Appends a sample; false when it is not newer than the last one (Prometheus refuses out-of-order samples too). */
  append(timestampMs: number, value: number, isStale: boolean, arena: Arena, startColumn: StartColumn): boolean {
    if (timestampMs <= this.maxTimestampMs) return false;
    const position = this.openCount;
    if (position === 0) this.openTimes = startColumn(timestampMs).place(0, timestampMs);
    else this.openTimes = (this.openTimes ?? startColumn(timestampMs)).place(position, timestampMs);
    if (position === this.openValues.length) {
      const grown = new Float64Array(Math.min(CHUNK_SAMPLES, position * 2));
      grown.set(this.openValues);
      this.openValues = grown;
    }
    this.openValues[position] = isStale ? Number.NaN : value;
    if (isStale) this.openStale.push(position);
    this.openCount = position + 1;
    if (this.openCount === CHUNK_SAMPLES) this.seal(timestampMs, arena);
    return true;
  }

  /** True when the newest sample is a stale marker. */
  get endsStale(): boolean {
    return this.openCount > 0 && this.openStale[this.openStale.length - 1] === this.openCount - 1;
  }

  /** Forgets whole sealed chunks older than the time. */
  dropBefore(timestampMs: number): void {
    let drop = 0;
    for (const column of this.sealedTimes) {
      if ((column.times[column.count - 1] ?? 0) >= timestampMs) break;
      drop++;
    }
    this.sealedTimes.splice(0, drop);
    this.sealedAddresses.splice(0, drop);
  }

  /** Appends the samples with fromMs ≤ t ≤ toMs to the buffer, stale markers flagged. */
  read(fromMs: number, toMs: number, arena: Arena, buffer: SampleBuffer): void {
    const open = this.openTimes;
    const openStart = this.openCount > 0 && open !== undefined ? (open.times[0] ?? 0) : Number.POSITIVE_INFINITY;
    if (fromMs < openStart) {
      for (let c = this.firstChunkReaching(fromMs); c < this.sealedTimes.length; c++) {
        const column = this.sealedTimes[c];
        const address = this.sealedAddresses[c];
        if (column === undefined || address === undefined || (column.times[0] ?? 0) > toMs) break;
        const bytes = arena.segmentOf(address);
        if (bytes === undefined) continue;
        const count = decodeChunk(bytes, arena.offsetOf(address), decodeScratch, staleScratch);
        buffer.appendSpan(column.times, decodeScratch, count, staleScratch, fromMs, toMs);
      }
    }
    if (open !== undefined && openStart <= toMs) {
      buffer.appendSpan(open.times, this.openValues, this.openCount, this.openStale, fromMs, toMs);
    }
  }

  private firstChunkReaching(fromMs: number): number {
    let chunk = this.sealedTimes.length;
    while (chunk > 0) {
      const column = this.sealedTimes[chunk - 1];
      if (column === undefined || (column.times[column.count - 1] ?? 0) < fromMs) break;
      chunk--;
    }
    return chunk;
  }

  private seal(timestampMs: number, arena: Arena): void {
    if (this.openTimes === undefined) return;
    const length = encodeChunk(this.openValues, this.openCount, this.openStale, encodeScratch);
    this.sealedAddresses.push(arena.write(encodeScratch, length, timestampMs));
    this.sealedTimes.push(this.openTimes);
    this.openTimes = undefined;
    this.openCount = 0;
    this.openStale = [];
  }
}
