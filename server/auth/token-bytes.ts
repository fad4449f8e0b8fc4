// Tokens as bytes that compress: the parts of a JWT are base64url, which deflate cannot look into. Pure. In: text. Out: bytes, and back.

const RAW = 0;
const JWT = 1;
const MAX_PART_BYTES = 0xffff;

const lengthOf = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length > MAX_PART_BYTES) throw new RangeError('a token of more than 64 kB');
  return Uint8Array.of(bytes.length >> 8, bytes.length & 0xff);
};

/** The bytes of a token, with their length before them; exact for any text. */
export function encodeToken(token: string): Uint8Array {
  const parts = token.split('.');
  const decoded = parts.map((part) => Buffer.from(part, 'base64url'));
  // Only what comes back letter for letter: padded or sloppy base64 stays as it is.
  const isJwt = parts.length === 3 && decoded.every((bytes, i) => bytes.length > 0 && bytes.toString('base64url') === parts[i]);
  if (!isJwt) {
    const bytes = Buffer.from(token, 'utf8');
    return Buffer.concat([Uint8Array.of(RAW), lengthOf(bytes), bytes]);
  }
  return Buffer.concat([Uint8Array.of(JWT), ...decoded.flatMap((bytes) => [lengthOf(bytes), bytes])]);
}

/** Reads what encodeToken wrote, from `at` on; null when the bytes end too early or say nothing known. */
export function decodeToken(bytes: Uint8Array, at: number): { readonly token: string; readonly end: number } | null {
  const kind = bytes[at];
  let end = at + 1;
  const take = (): Buffer | null => {
    const high = bytes[end];
    const low = bytes[end + 1];
    if (high === undefined || low === undefined) return null;
    const from = end + 2;
    end = from + high * 256 + low;
    return end > bytes.length ? null : Buffer.from(bytes.subarray(from, end));
  };
  if (kind === RAW) {
    const text = take();
    return text === null ? null : { token: text.toString('utf8'), end };
  }
  if (kind !== JWT) return null;
  const parts: string[] = [];
  for (let i = 0; i < 3; i++) {
    const part = take();
    if (part === null) return null;
    parts.push(part.toString('base64url'));
  }
  return { token: parts.join('.'), end };
}
