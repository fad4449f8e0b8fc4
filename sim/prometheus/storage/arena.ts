// Byte storage for sealed chunks: a few large segments instead of one array per chunk, dropped whole when they are too old.
// In: encoded chunks and their newest timestamp. Out: addresses, and the bytes behind them.

const SEGMENT_BYTES = 1 << 20;

interface Segment {
  readonly bytes: Uint8Array;
  usedBytes: number;
  maxTimestampMs: number;
}

export class Arena {
  private readonly segments = new Map<number, Segment>();
  private nextSegmentId = 0;
  private current: Segment | undefined;

  /** Copies the chunk and returns its address. */
  write(bytes: Uint8Array, length: number, maxTimestampMs: number): number {
    let segment = this.current;
    if (segment === undefined || segment.usedBytes + length > SEGMENT_BYTES) {
      segment = { bytes: new Uint8Array(SEGMENT_BYTES), usedBytes: 0, maxTimestampMs };
      this.segments.set(this.nextSegmentId++, segment);
      this.current = segment;
    }
    const offset = segment.usedBytes;
    segment.bytes.set(bytes.subarray(0, length), offset);
    segment.usedBytes += length;
    segment.maxTimestampMs = Math.max(segment.maxTimestampMs, maxTimestampMs);
    return (this.nextSegmentId - 1) * SEGMENT_BYTES + offset;
  }

  /** The segment that holds an address; undefined once it was dropped. */
  segmentOf(address: number): Uint8Array | undefined {
    return this.segments.get(Math.floor(address / SEGMENT_BYTES))?.bytes;
  }

  offsetOf(address: number): number {
    return address % SEGMENT_BYTES;
  }

  /** Frees the segments that hold nothing at or after the time. */
  dropBefore(timestampMs: number): void {
    for (const [id, segment] of this.segments) {
      if (segment.maxTimestampMs >= timestampMs) continue;
      this.segments.delete(id);
      if (this.current === segment) this.current = undefined;
    }
  }

  get byteLength(): number {
    return this.segments.size * SEGMENT_BYTES;
  }
}
