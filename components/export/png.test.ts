// Tests of PNG files: texts stand in valid chunks after the header and leave the picture as it was; sizes stay within what browsers draw.
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pngSize } from './png-size';
import { addPngTexts } from './png-text';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
/** One black pixel. */
function onePixel(): Uint8Array<ArrayBuffer> {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.from([0, 0]))), chunk('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]));
}
function chunksOf(png: Uint8Array): readonly { readonly type: string; readonly data: Buffer; readonly valid: boolean }[] {
  const bytes = Buffer.from(png);
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    found.push({
      type: body.toString('latin1', 0, 4),
      data: body.subarray(4),
      valid: bytes.readUInt32BE(at + 8 + length) === crc32(body),
    });
    at += 12 + length;
  }
  return found;
}

describe('addPngTexts', () => {
  it('adds texts after the header, in any script, and leaves the rest', () => {
    const png = onePixel();
    const marked = addPngTexts(png, { Title: 'Graph of 日本', Source: 'https://mesh.example/graph?at=1', Empty: '' });
    const chunks = chunksOf(marked);
    expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'iTXt', 'iTXt', 'IDAT', 'IEND']);
    expect(chunks.every(({ valid }) => valid)).toBe(true);
    expect(chunks[1]?.data.toString('utf8')).toBe('Title\0\0\0\0\0Graph of 日本');
    expect(chunksOf(png).map(({ data }) => data)).toEqual(chunks.filter(({ type }) => type !== 'iTXt').map(({ data }) => data));
  });

  it('leaves what is no PNG', () => {
    const text = new TextEncoder().encode('this is a text that is longer than a header');
    expect(addPngTexts(text, { Title: 'x' })).toBe(text);
  });
});

describe('pngSize', () => {
  it('is sharp while it fits, and says so when it is not', () => {
    expect(pngSize(1000, 800)).toEqual({ width: 2000, height: 1600, scale: 2, note: null });
    const wide = pngSize(20_000, 400);
    expect(wide.width).toBeLessThanOrEqual(16_384);
    expect(wide.note).toContain('82 % of its full size');
    const huge = pngSize(30_000, 20_000);
    expect(huge.width * huge.height).toBeLessThanOrEqual(64_000_000);
    expect(huge.note).toContain('hard to read: SVG has no such bound');
  });
});
