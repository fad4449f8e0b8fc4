// Instants as `<input type="datetime-local">` has them, in the reader's time zone. In: seconds, texts. Out: texts, seconds. Pure.

const TWO = (n: number): string => String(n).padStart(2, '0');

/** An instant as `<input type="datetime-local">` has it, in the reader's time zone. */
export function encodeLocal(seconds: number): string {
  const at = new Date(seconds * 1000);
  return `${at.getFullYear()}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())}T${TWO(at.getHours())}:${TWO(at.getMinutes())}:${TWO(at.getSeconds())}`;
}

/** Inverse of encodeLocal; null for what is no instant. */
export function decodeLocal(text: string): number | null {
  const ms = /^\d{4,5}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : null;
}
