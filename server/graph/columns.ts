// The numbers of flows and edges, in rows of one flat array: adding rows is all that folding does.
// In and out: Float64Array with ROW numbers per row. Rates per second.

export const REQUESTS = 0;
export const ERRORS = 1;
/** TCP, client to server. */
export const SENT = 2;
/** TCP, server to client. */
export const RECEIVED = 3;
export const MUTUAL = 4;
export const PLAINTEXT = 5;
/** Milliseconds of request duration per second, and the requests per second that they belong to. */
export const DURATION_MS = 6;
export const TIMED_REQUESTS = 7;
export const REQUEST_BYTES = 8;
export const RESPONSE_BYTES = 9;
/** Above zero where request or response bytes were collected. */
export const REQUEST_BYTES_KNOWN = 10;
export const RESPONSE_BYTES_KNOWN = 11;
export const ROW = 12;

/** Bits of the marks of an edge. */
export const MARK_OVERFLOW = 1;
export const MARK_NO_HEALTHY = 2;
export const MARK_FAULT = 4;
export const MARK_NO_ROUTE = 8;

/** Bits of the reporters of an edge, in this order. */
export const REPORTERS = ['destination', 'source', 'waypoint', 'ztunnel'] as const;
export const REPORTER_BIT = { destination: 1, source: 2, waypoint: 4, ztunnel: 8 } as const;

/** Adds row `from` of `source` to row `to` of `target`. */
export function addRow(target: Float64Array, to: number, source: Float64Array, from: number): void {
  const t = to * ROW;
  const s = from * ROW;
  for (let i = 0; i < ROW; i++) target[t + i] = (target[t + i] ?? 0) + (source[s + i] ?? 0);
}

/** Number at an index that is known to exist. */
export const at = (array: Float64Array | Int32Array | Uint8Array, index: number): number => array[index] ?? 0;
