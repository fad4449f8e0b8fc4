// What the network says, checked before it is believed: events of the graph stream, documents, problems.
// In: text or parsed JSON. Out: StreamEvent, LiveProblem, or null for what is neither. Pure.
import type { Freshness, GraphDelta, GraphDocument, StreamEvent } from '../../model/wire';

/** A failure in the words of the server (RFC 9457 with `next`) or of the browser. */
export interface LiveProblem {
  readonly title: string;
  readonly detail: string;
  readonly next: string;
}

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isSource = (x: unknown): boolean => isRecord(x) && typeof x['state'] === 'string';
const isFreshness = (x: unknown): x is Freshness => isRecord(x) && isSource(x['metrics']) && isSource(x['cluster']);
const isNumber = (x: unknown): x is number => typeof x === 'number' && Number.isFinite(x);
const isPutDrop = (x: unknown): boolean => isRecord(x) && Array.isArray(x['put']) && Array.isArray(x['drop']);

// The server is the same build as the page, so the outline is checked (a proxy's error page, an old server), not every field.
const isDocument = (x: unknown): x is GraphDocument =>
  isRecord(x) &&
  Array.isArray(x['nodes']) &&
  Array.isArray(x['boxes']) &&
  Array.isArray(x['edges']) &&
  Array.isArray(x['notes']) &&
  isRecord(x['view']) &&
  isRecord(x['totals']) &&
  isNumber(x['revision']) &&
  isNumber(x['atMs']) &&
  isFreshness(x['freshness']);

const isDelta = (x: unknown): x is GraphDelta =>
  isRecord(x) && isNumber(x['from']) && isNumber(x['to']) && isPutDrop(x['nodes']) && isPutDrop(x['boxes']) && isPutDrop(x['edges']);

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** The event of that name with that data (JSON text or already parsed); null when it is not what it says it is. */
export function decodeStreamEvent(name: string, data: unknown): StreamEvent | null {
  const value = parsed(data);
  switch (name) {
    case 'snapshot':
      return isDocument(value) ? { event: 'snapshot', data: value } : null;
    case 'delta':
      return isDelta(value) ? { event: 'delta', data: value } : null;
    case 'status':
      return isFreshness(value) ? { event: 'status', data: value } : null;
    default:
      return null;
  }
}

/** The problem that a refused request reports; a general one when the body is not a problem document. */
export function decodeProblem(body: unknown): LiveProblem {
  const text = (name: string): string | null => (isRecord(body) && typeof body[name] === 'string' && body[name] !== '' ? body[name] : null);
  return {
    title: text('title') ?? 'The console answered something unexpected',
    detail: text('detail') ?? 'The answer is not a graph; a proxy between the browser and the console may have replaced it.',
    next: text('next') ?? 'Reload the page; if it stays, look at the log of the console.',
  };
}
