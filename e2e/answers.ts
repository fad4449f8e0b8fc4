// What the console's API answers, checked as far as a test builds on it; the schemas are held in api.spec.ts. In: JSON. Out: typed values.
import type { GraphDocument } from '../model/wire';

export type GraphAnswer = GraphDocument;
type Json = Readonly<Record<string, unknown>>;

export const isRecord = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x);

/** A graph in outline: the same build wrote it, so its elements are believed. */
export const isGraphAnswer = (x: unknown): x is GraphAnswer =>
  isRecord(x) && Array.isArray(x['nodes']) && Array.isArray(x['edges']) && Array.isArray(x['boxes']) && typeof x['revision'] === 'number';

/** The view that a request for the graph's stream asks for; null for any other request. */
export function decodeStreamQuery(address: string): URLSearchParams | null {
  const url = new URL(address);
  return url.pathname.endsWith('/api/graph/stream') ? url.searchParams : null;
}
