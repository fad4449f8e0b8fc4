// Series and samples as records of Prometheus' write-ahead log: what it writes here, a Prometheus started on the directory holds in
// its head, where live queries land. In: label sets, samples. Out: files under <dir>/wal.
import { createWalLog } from './wal-log';

const RECORD_BYTES = 512 * 1024;
const FLUSH_BYTES = 120 * 1024;

export interface WalWriter {
  /** Declares a series (labels in any order, `__name__` among them) and returns its reference. */
  series(labels: readonly (readonly [string, string])[]): number;
  /** Appends one sample; samples of one series must come in the order of time. */
  sample(series: number, timeMs: number, value: number): void;
  close(): void;
}

/** A writer of `<dir>/wal`; `dir` is what --storage.tsdb.path names. */
export function createWalWriter(dir: string): WalWriter {
  const log = createWalLog(`${dir}/wal`);
  const record = Buffer.alloc(RECORD_BYTES);
  const strings = new Map<string, Buffer>();
  let kind: 'none' | 'series' | 'samples' = 'none';
  let used = 0;
  let nextRef = 1;
  let baseRef = 0;
  let baseMs = 0;

  const uvarint = (value: number): void => {
    let rest = value;
    while (rest > 127) {
      record[used++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    record[used++] = rest;
  };
  const varint = (value: number): void => uvarint(value >= 0 ? value * 2 : -value * 2 - 1);
  const flush = (): void => {
    if (used > 1) log.append(record.subarray(0, used));
    used = 0;
    kind = 'none';
  };
  const begin = (wanted: 'series' | 'samples'): boolean => {
    if (kind === wanted && used < FLUSH_BYTES) return false;
    flush();
    kind = wanted;
    record[0] = wanted === 'series' ? 1 : 2;
    used = 1;
    return true;
  };
  const encoded = (text: string): Buffer => {
    let bytes = strings.get(text);
    if (bytes === undefined) {
      bytes = Buffer.from(text, 'utf8');
      strings.set(text, bytes);
    }
    return bytes;
  };
  return {
    series: (labels) => {
      begin('series');
      const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      const size = sorted.reduce((sum, [name, value]) => sum + 10 + encoded(name).length + encoded(value).length, 32);
      if (used + size > RECORD_BYTES) throw new RangeError(`a series of ${size} bytes does not fit a record`);
      const ref = nextRef++;
      used = record.writeBigUInt64BE(BigInt(ref), used);
      uvarint(sorted.length);
      for (const pair of sorted)
        for (const text of pair) {
          const bytes = encoded(text);
          uvarint(bytes.length);
          used += bytes.copy(record, used);
        }
      return ref;
    },
    sample: (series, timeMs, value) => {
      if (begin('samples')) {
        baseRef = series;
        baseMs = timeMs;
        used = record.writeBigUInt64BE(BigInt(series), used);
        used = record.writeBigInt64BE(BigInt(timeMs), used);
      }
      varint(series - baseRef);
      varint(timeMs - baseMs);
      used = record.writeDoubleBE(value, used);
    },
    close: () => {
      flush();
      log.close();
    },
  };
}
