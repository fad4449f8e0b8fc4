// Packs the values of one full chunk into bytes and back. Mesh counters are integers (or short decimals) that grow slowly
// and often stand still, so most samples take a byte or less.
// In: up to 255 float64 values and the positions of stale markers. Out: count, mode, stale positions, payload.

export const CHUNK_SAMPLES = 120;

/** Upper bound of one encoded chunk: header, every position stale, 10 bytes per value in the worst mode. */
export const MAX_CHUNK_BYTES = 3 + CHUNK_SAMPLES + 10 * (CHUNK_SAMPLES + 1);

const MAX_DECIMALS = 6;
const XOR_MODE = 255;
// Tokens are 4 times the zigzag delta at most, and must stay exact in a float64.
const MAX_INTEGER = 2 ** 49;

const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

const scratchFloat = new Float64Array(1);
const scratchBytes = new Uint8Array(scratchFloat.buffer);
const previousBytes = new Uint8Array(8);

function powerOfTen(decimals: number): number {
  return POWERS_OF_TEN[decimals] ?? 1;
}

/** The fewest decimals that hold every value exactly as integer / 10^decimals, or undefined. */
function sharedDecimals(values: Float64Array, count: number): number | undefined {
  let decimals = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    if (Object.is(value, -0)) return undefined;
    for (;;) {
      const scale = powerOfTen(decimals);
      const integer = Math.round(value * scale);
      if (Math.abs(integer) > MAX_INTEGER) return undefined;
      if (integer / scale === value) break;
      if (++decimals > MAX_DECIMALS) return undefined;
    }
  }
  // More decimals enlarge the integers that fitted before.
  const scale = powerOfTen(decimals);
  for (let i = 0; i < count; i++) if (Math.abs((values[i] ?? 0) * scale) > MAX_INTEGER) return undefined;
  return decimals;
}

function writeVarint(out: Uint8Array, at: number, token: number): number {
  let rest = token;
  let position = at;
  while (rest >= 128) {
    out[position++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  out[position++] = rest;
  return position;
}

function zigzag(integer: number): number {
  return integer >= 0 ? integer * 2 : -integer * 2 - 1;
}

function writeIntegers(values: Float64Array, count: number, scale: number, out: Uint8Array, at: number): number {
  let previous = Math.round((values[0] ?? 0) * scale);
  let position = writeVarint(out, at, zigzag(previous));
  let repeats = 0;
  for (let i = 1; i < count; i++) {
    const integer = Math.round((values[i] ?? 0) * scale);
    const delta = integer - previous;
    previous = integer;
    if (delta === 0) {
      repeats++;
      continue;
    }
    if (repeats > 0) position = writeVarint(out, position, repeats * 2);
    repeats = 0;
    position = writeVarint(out, position, zigzag(delta) * 2 + 1);
  }
  return repeats > 0 ? writeVarint(out, position, repeats * 2) : position;
}

// Little-endian float64: the most significant byte is the last. A control byte holds (leading zero bytes << 4 | kept bytes).
function writeXored(values: Float64Array, count: number, out: Uint8Array, at: number): number {
  previousBytes.fill(0);
  let position = at;
  for (let i = 0; i < count; i++) {
    scratchFloat[0] = values[i] ?? 0;
    let high = 7;
    while (high >= 0 && scratchBytes[high] === previousBytes[high]) high--;
    let low = 0;
    while (low < high && scratchBytes[low] === previousBytes[low]) low++;
    const kept = high < 0 ? 0 : high - low + 1;
    out[position++] = ((7 - high) << 4) | kept;
    for (let b = low; b < low + kept; b++) out[position++] = (scratchBytes[b] ?? 0) ^ (previousBytes[b] ?? 0);
    previousBytes.set(scratchBytes);
  }
  return position;
}

/**
 * Encodes `count` values into `out` and returns the number of bytes.
 * Values at the (ascending) stale positions are overwritten: they decode to NaN.
 */
export function encodeChunk(values: Float64Array, count: number, stalePositions: readonly number[], out: Uint8Array): number {
  for (const position of stalePositions) values[position] = position > 0 ? (values[position - 1] ?? 0) : 0;
  out[0] = count;
  out[2] = stalePositions.length;
  let at = 3;
  for (const position of stalePositions) out[at++] = position;
  const decimals = sharedDecimals(values, count);
  if (decimals === undefined) {
    out[1] = XOR_MODE;
    return writeXored(values, count, out, at);
  }
  out[1] = decimals;
  return writeIntegers(values, count, powerOfTen(decimals), out, at);
}

function decodeIntegers(bytes: Uint8Array, at: number, count: number, scale: number, values: Float64Array): void {
  let position = at;
  let previous = 0;
  let filled = 0;
  let isFirst = true;
  while (filled < count) {
    let byte = bytes[position++] ?? 0;
    let token = byte & 127;
    if (byte >= 128) {
      let unit = 128;
      do {
        byte = bytes[position++] ?? 0;
        token += (byte & 127) * unit;
        unit *= 128;
      } while (byte >= 128);
    }
    if (isFirst) {
      previous = token % 2 === 0 ? token / 2 : -(token + 1) / 2;
      values[filled++] = previous / scale;
      isFirst = false;
    } else if (token % 2 === 0) {
      const value = previous / scale;
      for (let repeats = token / 2; repeats > 0; repeats--) values[filled++] = value;
    } else {
      const zigzagged = (token - 1) / 2;
      previous += zigzagged % 2 === 0 ? zigzagged / 2 : -(zigzagged + 1) / 2;
      values[filled++] = previous / scale;
    }
  }
}

function decodeXored(bytes: Uint8Array, at: number, count: number, values: Float64Array): void {
  scratchBytes.fill(0);
  let position = at;
  for (let i = 0; i < count; i++) {
    const control = bytes[position++] ?? 0;
    const kept = control & 15;
    const high = 7 - (control >> 4);
    for (let b = high - kept + 1; b <= high; b++) scratchBytes[b] = (scratchBytes[b] ?? 0) ^ (bytes[position++] ?? 0);
    values[i] = scratchFloat[0] ?? 0;
  }
}

/** Decodes the chunk at `offset` into `values` (room for CHUNK_SAMPLES) and `stalePositions`; returns the count. */
export function decodeChunk(bytes: Uint8Array, offset: number, values: Float64Array, stalePositions: number[]): number {
  const count = bytes[offset] ?? 0;
  const mode = bytes[offset + 1] ?? 0;
  const staleCount = bytes[offset + 2] ?? 0;
  stalePositions.length = 0;
  let at = offset + 3;
  for (let i = 0; i < staleCount; i++) stalePositions.push(bytes[at++] ?? 0);
  if (mode === XOR_MODE) decodeXored(bytes, at, count, values);
  else decodeIntegers(bytes, at, count, powerOfTen(mode), values);
  for (const position of stalePositions) values[position] = Number.NaN;
  return count;
}
