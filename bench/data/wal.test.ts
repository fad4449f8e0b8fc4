// The log's framing and the made-up mesh: checksums, records over page borders, the same mesh from the same seed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCounters } from './counters';
import { buildMesh, MESH_SHAPES } from './mesh';
import { BUCKET_BOUNDS_MS, buildStreams, labelsOf, metricsOf } from './streams';
import { crc32c, createWalLog } from './wal-log';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

describe('the write-ahead log', () => {
  it('has the CRC-32C of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32), 0, 32)).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from('xx123456789yy'), 2, 9)).toBe(0xe3069283);
  });

  it('splits records over pages and pads them, so that a reader finds them again', () => {
    const dir = mkdtempSync(join(tmpdir(), 'heddle-wal-'));
    dirs.push(dir);
    const records = [1, 100, 32_761, 32_762, 70_000, 5].map((size, i) => Buffer.alloc(size, i + 1));
    const log = createWalLog(dir);
    for (const record of records) log.append(record);
    log.close();
    const bytes = readFileSync(join(dir, '00000000'));
    expect(bytes.length % 32_768).toBe(0);
    const found: Buffer[] = [];
    let parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const left = 32_768 - (at % 32_768);
      const type = bytes[at] ?? 0;
      if (left < 7 || type === 0) {
        at += left;
        continue;
      }
      const length = bytes.readUInt16BE(at + 1);
      expect(bytes.readUInt32BE(at + 3)).toBe(crc32c(bytes, at + 7, length));
      parts.push(bytes.subarray(at + 7, at + 7 + length));
      if (type === 1 || type === 4) found.push(Buffer.concat(parts.splice(0)));
      at += 7 + length;
    }
    parts = [];
    expect(found.map((record) => record.length)).toEqual(records.map((record) => record.length));
    expect(found.every((record, i) => record.equals(records[i] ?? Buffer.alloc(0)))).toBe(true);
  });
});

describe('the mesh', () => {
  it('is the same for the same seed, and of the size asked for', () => {
    const mesh = buildMesh(MESH_SHAPES.small);
    expect(JSON.stringify(buildMesh(MESH_SHAPES.small).edges)).toBe(JSON.stringify(mesh.edges));
    expect([mesh.services.length, mesh.edges.length]).toEqual([50, 150]);
    expect(mesh.edges.some((edge) => edge.destination === null)).toBe(true);
    expect(JSON.stringify(buildMesh({ ...MESH_SHAPES.small, seed: 2 }).edges)).not.toBe(JSON.stringify(mesh.edges));
  });

  it('counts upwards, each bucket within the next and the last equal to the count', () => {
    const streams = buildStreams(buildMesh(MESH_SHAPES.small));
    const counters = createCounters(streams, 1, true);
    const read = (): number[][] => streams.map((stream, i) => metricsOf(stream, 'all').map((metric) => counters.value(i, metric)));
    const before = read();
    counters.advance(15);
    const after = read();
    expect(after.every((values, i) => values.every((value, k) => value >= (before[i]?.[k] ?? 0)))).toBe(true);
    streams.forEach((stream, i) => {
      if (stream.edge.service.protocol === 'tcp') return;
      const buckets = metricsOf(stream, 'all').flatMap((metric, k) => (metric.kind === 'bucket' ? [after[i]?.[k] ?? -1] : []));
      expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
      expect([buckets.length, buckets.at(-1)]).toEqual([BUCKET_BOUNDS_MS.length + 1, after[i]?.[0]]);
    });
    const names = streams.map((stream) => labelsOf(stream).map(([name]) => name));
    expect(names.every((own) => own.join() === [...own].sort().join())).toBe(true);
  });
});
