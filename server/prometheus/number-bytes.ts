// Numbers of JSON read from bytes, without a string for each. In: bytes. Out: numbers. Pure.

export const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Powers of ten that a double holds exactly, up to the most digits behind the point that are read here. */
const POWERS_OF_TEN = Array.from({ length: 19 }, (_, i) => 10 ** i);

/**
 * A number written as digits with or without a point, as most are; -1 for any other text. Exact: an integer below 2^53 divided by a power
 * of ten that a double holds is rounded once, as it must be (Clinger, How to read floating point numbers accurately).
 */
export function readDecimal(bytes: Buffer, from: number, to: number): number {
  let digits = 0;
  let point = -1;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x2e && point < 0 && i > from) point = i;
    else if (byte >= 0x30 && byte <= 0x39) digits = digits * 10 + (byte - 0x30);
    else return -1;
  }
  const decimals = point < 0 ? 0 : to - point - 1;
  if (to === from || to - from > 19 || (point >= 0 && decimals === 0) || digits > Number.MAX_SAFE_INTEGER) return -1;
  return digits / (POWERS_OF_TEN[decimals] ?? Number.NaN);
}

/** Digits, sign, point, exponent. */
export function isNumberByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x65 || byte === 0x45;
}
