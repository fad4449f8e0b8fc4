// The framing of Prometheus' write-ahead log: 32 KiB pages, 128 MiB segments, records split over pages, CRC-32C.
// In: records (bytes). Out: segment files. Format: prometheus/tsdb/docs/format/wal.md.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';

const PAGE = 32 * 1024;
const SEGMENT = 128 * 1024 * 1024;
const HEADER = 7;
const BUFFER_PAGES = 64;

function buildCrcTables(): readonly Uint32Array[] {
  const first = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    first[i] = c >>> 0;
  }
  const tables = [first];
  for (let k = 1; k < 4; k++) {
    const last = tables[k - 1] ?? first;
    tables.push(Uint32Array.from({ length: 256 }, (_, i) => ((last[i] ?? 0) >>> 8) ^ (first[(last[i] ?? 0) & 255] ?? 0)));
  }
  return tables;
}
const EMPTY = new Uint32Array(256);
const [T0 = EMPTY, T1 = EMPTY, T2 = EMPTY, T3 = EMPTY] = buildCrcTables();

/** CRC-32C (Castagnoli) of `length` bytes from `offset`. */
export function crc32c(bytes: Uint8Array, offset: number, length: number): number {
  let c = 0xffffffff;
  const end = offset + length;
  let o = offset;
  for (; o + 4 <= end; o += 4) {
    c ^= (bytes[o] ?? 0) | ((bytes[o + 1] ?? 0) << 8) | ((bytes[o + 2] ?? 0) << 16) | ((bytes[o + 3] ?? 0) << 24);
    c = (T3[c & 255] ?? 0) ^ (T2[(c >>> 8) & 255] ?? 0) ^ (T1[(c >>> 16) & 255] ?? 0) ^ (T0[c >>> 24] ?? 0);
  }
  for (; o < end; o++) c = (T0[(c ^ (bytes[o] ?? 0)) & 255] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

export interface WalLog {
  append(record: Uint8Array): void;
  close(): void;
}

/** Opens an empty log in `dir` (created). */
export function createWalLog(dir: string): WalLog {
  mkdirSync(dir, { recursive: true });
  const buffer = Buffer.alloc(PAGE * BUFFER_PAGES);
  let used = 0;
  let segment = -1;
  let inSegment = 0;
  let file: number | null = null;
  const flush = (): void => {
    if (file !== null && used > 0) writeSync(file, buffer, 0, used);
    inSegment += used;
    used = 0;
  };
  const padPage = (): void => {
    const rest = used % PAGE;
    if (rest === 0) return;
    buffer.fill(0, used, used + PAGE - rest);
    used += PAGE - rest;
  };
  const close = (): void => {
    padPage();
    flush();
    if (file !== null) closeSync(file);
    file = null;
  };
  const openNext = (): void => {
    close();
    segment++;
    inSegment = 0;
    file = openSync(`${dir}/${String(segment).padStart(8, '0')}`, 'w');
  };
  return {
    append: (record) => {
      const worst = record.length + HEADER * (2 + Math.ceil(record.length / (PAGE - HEADER))) + PAGE;
      if (file === null || inSegment + used + worst > SEGMENT) openNext();
      let offset = 0;
      for (let part = 0; part === 0 || offset < record.length; part++) {
        if (PAGE - (used % PAGE) <= HEADER) padPage();
        if (used === buffer.length) flush();
        const length = Math.min(record.length - offset, PAGE - (used % PAGE) - HEADER);
        const last = offset + length === record.length;
        // 1 = full record, 2 = first part, 3 = middle, 4 = last.
        buffer[used] = part === 0 ? (last ? 1 : 2) : last ? 4 : 3;
        buffer.writeUInt16BE(length, used + 1);
        buffer.set(record.subarray(offset, offset + length), used + HEADER);
        buffer.writeUInt32BE(crc32c(buffer, used + HEADER, length), used + 3);
        used += HEADER + length;
        offset += length;
      }
    },
    close,
  };
}
