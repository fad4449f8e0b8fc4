// What stands on an edge: rate, errors, latency, throughput, share, mTLS, as chosen. In: a GraphEdge. Out: lines of runs and a lock. Pure.
import type { GraphEdge } from '../../model/graph';
import type { EdgeLabel } from '../live/screen-url';
import { errorShare, formatByteRate, formatLatency, formatRate, formatShare } from '../ui/format';
import type { MarkTone } from './canvas/marks';

export interface TextRun {
  readonly text: string;
  readonly tone: 'plain' | 'error' | MarkTone;
}

export interface EdgeText {
  /** At most two lines (and one for a mark before them): traffic first, then times and bytes. */
  readonly lines: readonly (readonly TextRun[])[];
  /** Drawn behind the last line: closed = all over mutual TLS, open = not all (or none) of it. */
  readonly lock: 'closed' | 'open' | null;
}

export const SEPARATOR = ' · ';

const plain = (text: string): TextRun => ({ text, tone: 'plain' });

const LATENCIES = [
  ['avg', 'averageMs'],
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
] as const;

/** `sourceTotal`: what the source sends over all edges of this protocol, in the unit of the edge (requests or bytes per second). */
export function buildEdgeText(edge: GraphEdge, labels: readonly EdgeLabel[], sourceTotal: number | null = null): EdgeText {
  const wants = (label: EdgeLabel): boolean => labels.includes(label);
  const isTcp = edge.protocol === 'tcp';
  const traffic: TextRun[] = [];
  if (wants('rate')) traffic.push(plain(isTcp ? formatByteRate(tcpBytesPerSecond(edge)) : formatRate(edge.requestsPerSecond)));
  const failed = errorShare(edge.requestsPerSecond, edge.errorsPerSecond);
  if (wants('errors') && failed !== null && failed > 0) traffic.push({ text: `${formatShare(failed)} err`, tone: 'error' });
  const own = amountPerSecond(edge);
  if (wants('share') && sourceTotal !== null && sourceTotal > 0 && own < sourceTotal)
    traffic.push(plain(`${formatShare(own / sourceTotal)} of it`));
  const detail: TextRun[] = [];
  for (const [label, field] of LATENCIES) {
    const latencyMs = edge.latency?.[field] ?? null;
    if (wants(label) && !isTcp && latencyMs !== null) detail.push(plain(`${label} ${formatLatency(latencyMs)}`));
  }
  if (wants('requestThroughput') && edge.requestBytesPerSecond !== null)
    detail.push(plain(`${formatByteRate(edge.requestBytesPerSecond)} in`));
  if (wants('throughput') && edge.responseBytesPerSecond !== null) detail.push(plain(`${formatByteRate(edge.responseBytesPerSecond)} out`));
  const { mtlsShare } = edge;
  const lock = !wants('mtls') || mtlsShare === null ? null : mtlsShare >= 1 ? 'closed' : 'open';
  const lines = [traffic, detail].filter((line) => line.length > 0);
  if (lock === 'open' && mtlsShare !== null && mtlsShare > 0) {
    const percent = plain(formatShare(mtlsShare));
    const last = lines.at(-1);
    if (last) last.push(percent);
    else lines.push([percent]);
  }
  return { lines: lines.map(spaced), lock };
}

/** Separators between the runs of a line, so that widths and drawing need no rule of their own. */
const spaced = (runs: readonly TextRun[]): readonly TextRun[] => runs.flatMap((run, i) => (i === 0 ? [run] : [plain(SEPARATOR), run]));

/** The same with every part on a line of its own, for edges with little room. */
export const narrowEdgeText = (text: EdgeText): EdgeText => ({
  ...text,
  lines: text.lines.flatMap((line) => line.filter((run) => run.text !== SEPARATOR).map((run) => [run])),
});

/** TCP bytes per second of both directions. */
export const tcpBytesPerSecond = (edge: GraphEdge): number => edge.sentBytesPerSecond + edge.receivedBytesPerSecond;

/** Requests per second, for TCP bytes per second: what shares are taken of. */
export const amountPerSecond = (edge: GraphEdge): number => (edge.protocol === 'tcp' ? tcpBytesPerSecond(edge) : edge.requestsPerSecond);

/** The text as one line without drawing: "12.3 rps · 4.2 % err · p95 120 ms · mTLS". */
export function wordEdgeText(text: EdgeText): string {
  const words = text.lines.map((line) => line.map((run) => run.text).join(''));
  if (text.lock !== null) words.push(text.lock === 'closed' ? 'mTLS' : 'not all mTLS');
  return words.join(SEPARATOR);
}

/** What each source sends by protocol, for the shares: key `<source>|<protocol>`. */
export function sumBySource(edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const edge of edges) {
    const key = `${edge.source}|${edge.protocol}`;
    sums.set(key, (sums.get(key) ?? 0) + amountPerSecond(edge));
  }
  return sums;
}
