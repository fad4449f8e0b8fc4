// Words inside of a PNG file: iTXt chunks after its header (PNG 3rd edition, 11.3.3.4). In: a PNG's bytes, keywords with texts. Out: bytes. Pure.

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10] as const;
/** Signature, length, "IHDR", 13 bytes, checksum. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(keyword: string, text: string): Uint8Array {
  const encoder = new TextEncoder();
  // Keyword, not compressed, no language, no translated keyword.
  const body = encoder.encode(`iTXt${keyword}\0\0\0\0\0${text}`);
  const bytes = new Uint8Array(body.length + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length - 4);
  bytes.set(body, 4);
  view.setUint32(4 + body.length, crc32(body));
  return bytes;
}

/** The same picture with texts; whatever is no PNG stays as it is. Keywords are Latin letters, 79 at most. */
export function addPngTexts(png: Uint8Array<ArrayBuffer>, texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  if (png.length < AFTER_HEADER || SIGNATURE.some((byte, i) => png[i] !== byte)) return png;
  const chunks = Object.entries(texts)
    .filter(([, text]) => text !== '')
    .map(([keyword, text]) => chunk(keyword, text));
  const result = new Uint8Array(png.length + chunks.reduce((sum, one) => sum + one.length, 0));
  result.set(png.subarray(0, AFTER_HEADER));
  let at = AFTER_HEADER;
  for (const one of chunks) {
    result.set(one, at);
    at += one.length;
  }
  result.set(png.subarray(AFTER_HEADER), at);
  return result;
}
