// The timestamps of one chunk, shared by every series that was scraped at the same moments (all series of a target).
// In: (position, timestamp) from many series. Out: the column that holds this series' prefix plus the new timestamp.
import { CHUNK_SAMPLES } from './chunk-codec';

const INITIAL_CAPACITY = 8;
// Targets that started in the same millisecond and then drifted apart: beyond this many, series keep private columns.
const MAX_FORKS = 64;

export class TimeColumn {
  times = new Float64Array(INITIAL_CAPACITY);
  count = 0;
  private readonly forks: TimeColumn[] = [];

  /** Returns this column, or a fork of it, in which `position` (which must be ≤ CHUNK_SAMPLES - 1) holds `timestampMs`. */
  place(position: number, timestampMs: number): TimeColumn {
    if (this.count === position) {
      this.push(timestampMs);
      return this;
    }
    if (this.times[position] === timestampMs) return this;
    for (const fork of this.forks) {
      if (fork.count > position && fork.times[position] === timestampMs && fork.sharesPrefix(this, position)) return fork;
    }
    const fork = new TimeColumn();
    for (let i = 0; i < position; i++) fork.push(this.times[i] ?? 0);
    fork.push(timestampMs);
    if (this.forks.length < MAX_FORKS) this.forks.push(fork);
    return fork;
  }

  private push(timestampMs: number): void {
    if (this.count === this.times.length) {
      const grown = new Float64Array(Math.min(CHUNK_SAMPLES, this.times.length * 2));
      grown.set(this.times);
      this.times = grown;
    }
    this.times[this.count++] = timestampMs;
  }

  private sharesPrefix(other: TimeColumn, length: number): boolean {
    for (let i = length - 1; i >= 0; i--) if (this.times[i] !== other.times[i]) return false;
    return true;
  }
}
