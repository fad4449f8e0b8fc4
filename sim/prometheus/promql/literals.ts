// Numbers, durations and strings of PromQL, and durations and times of the HTTP API.
// In: their text. Out: numbers, milliseconds, strings; undefined when malformed.

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];
const UNIT_MS = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1];
const MAX_DURATION_MS = 9_223_372_036_854;

/** "1h30m" → milliseconds; "0" is allowed, as in Prometheus' model.ParseDuration. */
export function decodeDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = DURATION.exec(text);
  if (text === '' || parts === null) return undefined;
  let totalMs = 0;
  UNIT_MS.forEach((unitMs, i) => {
    totalMs += Number(parts[i + 1] ?? 0) * unitMs;
  });
  return totalMs <= MAX_DURATION_MS ? totalMs : undefined;
}

/** Milliseconds → "6h", "1m30s": Prometheus' notation; years and weeks only when nothing remains. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = durationMs;
  let text = '';
  UNIT_MS.forEach((unitMs, i) => {
    if (i < 2 && rest % unitMs !== 0) return;
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${UNITS[i] ?? ''}`;
    rest -= count * unitMs;
  });
  return text;
}

/** strconv.ParseFloat for what reaches it here: decimals, exponents, Inf, Infinity, NaN in any case; 1e400 is an error. */
export function decodeFloat(text: string): number | undefined {
  // Nearly all samples are short whole numbers.
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word === null) return undefined;
  if (word[2]?.toLowerCase() === 'nan') return word[1] === '' ? Number.NaN : undefined;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A number literal: Go's base prefixes apply, so 0x1F is hexadecimal and 017 octal. */
export function decodeNumber(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number(text);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return decodeFloat(text);
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92, "'": 39, '"': 34 };

function decodeEscape(body: string, at: number, quote: string): { readonly bytes: Uint8Array; readonly length: number } | undefined {
  const letter = body[at + 1] ?? '';
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) {
    const otherQuote = (letter === '"' || letter === "'") && letter !== quote;
    return otherQuote ? undefined : { bytes: Uint8Array.of(simple), length: 2 };
  }
  const octal = /^[0-7]{3}/.exec(body.slice(at + 1));
  if (octal !== null) {
    const code = Number.parseInt(octal[0], 8);
    return code > 255 ? undefined : { bytes: Uint8Array.of(code), length: 4 };
  }
  const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(body.slice(at + 1));
  if (hex === null) return undefined;
  const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
  if (hex[1] !== undefined) return { bytes: Uint8Array.of(code), length: 4 };
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
  return { bytes: Buffer.from(String.fromCodePoint(code), 'utf8'), length: hex[0].length + 1 };
}

/** A string literal in any of its three quotings, with Go's escapes; undefined when unterminated or badly escaped. */
export function decodeString(text: string): string | undefined {
  const quote = text[0] ?? '';
  if (text.length < 2 || text[text.length - 1] !== quote) return undefined;
  const body = text.slice(1, -1);
  if (quote === '`') return body;
  if (body.includes('\n')) return undefined;
  if (!body.includes('\\')) return body;
  const bytes: Uint8Array[] = [];
  let plainFrom = 0;
  let at = body.indexOf('\\');
  while (at !== -1) {
    bytes.push(Buffer.from(body.slice(plainFrom, at), 'utf8'));
    const decoded = decodeEscape(body, at, quote);
    if (decoded === undefined) return undefined;
    bytes.push(decoded.bytes);
    plainFrom = at + decoded.length;
    at = body.indexOf('\\', plainFrom);
  }
  bytes.push(Buffer.from(body.slice(plainFrom), 'utf8'));
  return Buffer.concat(bytes).toString('utf8');
}
