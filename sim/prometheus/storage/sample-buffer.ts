// A reusable, growing run of samples: what a selector reads of one series before a function looks at it.
// In: spans of timestamps and values. Out: `times`, `values`, `count`, and which positions are stale markers.

/** First position whose time is ≥ the given one; `times` ascending, only the first `count` are looked at. */
export function lowerBound(times: Float64Array, count: number, timestampMs: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < timestampMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class SampleBuffer {
  times = new Float64Array(256);
  values = new Float64Array(256);
  count = 0;
  private readonly staleAt: number[] = [];

  clear(): void {
    this.count = 0;
    this.staleAt.length = 0;
  }

  isStale(position: number): boolean {
    return this.staleAt.length > 0 && this.staleAt.includes(position);
  }

  push(timestampMs: number, value: number): void {
    this.reserve(1);
    this.times[this.count] = timestampMs;
    this.values[this.count++] = value;
  }

  /** Copies the samples with fromMs ≤ t ≤ toMs. */
  appendSpan(
    times: Float64Array,
    values: Float64Array,
    count: number,
    stalePositions: readonly number[],
    fromMs: number,
    toMs: number,
  ): void {
    const from = lowerBound(times, count, fromMs);
    let to = from;
    this.reserve(count - from);
    const base = this.count - from;
    while (to < count && (times[to] ?? 0) <= toMs) {
      this.times[base + to] = times[to] ?? 0;
      this.values[base + to] = values[to] ?? 0;
      to++;
    }
    for (const position of stalePositions) if (position >= from && position < to) this.staleAt.push(base + position);
    this.count = base + to;
  }

  /** Removes stale markers: range functions never see them. */
  dropStale(): void {
    if (this.staleAt.length === 0) return;
    let kept = 0;
    let nextStale = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.staleAt[nextStale] === i) {
        nextStale++;
        continue;
      }
      this.times[kept] = this.times[i] ?? 0;
      this.values[kept++] = this.values[i] ?? 0;
    }
    this.count = kept;
    this.staleAt.length = 0;
  }

  private reserve(extra: number): void {
    const needed = this.count + extra;
    if (needed <= this.times.length) return;
    const capacity = Math.max(needed, this.times.length * 2);
    const times = new Float64Array(capacity);
    times.set(this.times);
    const values = new Float64Array(capacity);
    values.set(this.values);
    this.times = times;
    this.values = values;
  }
}
