// What only some views ask for, by queries of its own: edges that stand still, gRPC messages, requests by operation.
// In: what is asked, a plan, an Inquiry. Out: ExtraTraffic. What cannot be read is left out, with a warning.
//
//   idle        every edge of which a proxy holds a series at the instant, whether it counts or not; no rate is computed
//   messages    istio_request_messages_total (client to server) and istio_response_messages_total, by edge and reporter
//   operations  istio_requests_total by request_operation, a label that a Telemetry resource or the Attribute Generation plugin sets
import { type ExtraTraffic, UNKNOWN } from '../../model/traffic';
import type { Asked } from '../../model/wire';
import type { Clock } from '../ports';
import { decodeEdgeIdentity, protocolOf, type ReadLabel } from './edge-identity';
import type { EdgeRegistry, EdgeRow } from './edge-registry';
import type { Inquiry } from './inquiry';
import { sumOfRates, withLabel } from './promql';
import { buildNamespaceSelectors, edgeLabels, type PlannedQuery, type QueryPlan } from './queries';
import { decodeSide, type QueryAnswer } from './series-memory';

/** Whether it is read here. */
export const isExtra = (asked: Asked): boolean => asked === 'idleEdges' || asked === 'messages' || asked === 'operations';

const OPERATION = 'request_operation';

export function buildIdleQuery(plan: QueryPlan): PlannedQuery {
  const labels = ['request_protocol', ...edgeLabels(plan)];
  const every = (metric: string): string =>
    buildNamespaceSelectors(plan.namespaces)
      .map((matchers) => `group by (${labels.join(', ')}) (${metric}{${matchers.join(', ')}})`)
      .join(' or ');
  const tcp = withLabel(every('istio_tcp_received_bytes_total'), 'direction', 'sent');
  return { name: 'idle', promql: `${every('istio_requests_total')} or ${tcp}`, labels: [...labels, 'direction'] };
}

export function buildMessagesQuery(plan: QueryPlan): PlannedQuery {
  const labels = ['reporter', ...edgeLabels(plan)];
  const selectors = buildNamespaceSelectors(plan.namespaces);
  const rates = (metric: string): string => `(${sumOfRates(metric, selectors, labels, plan.windowSeconds)}) > 0`;
  const sent = withLabel(rates('istio_request_messages_total'), 'direction', 'sent');
  const received = withLabel(rates('istio_response_messages_total'), 'direction', 'received');
  return { name: 'messages', promql: `${sent} or ${received}`, labels: [...labels, 'direction'] };
}

export function buildOperationsQuery(plan: QueryPlan): PlannedQuery {
  const labels = ['reporter', 'request_protocol', OPERATION, ...edgeLabels(plan)];
  const selectors = buildNamespaceSelectors(plan.namespaces).map((own) => [...own, `${OPERATION}!=""`, `${OPERATION}!="${UNKNOWN}"`]);
  return { name: 'operations', promql: `(${sumOfRates('istio_requests_total', selectors, labels, plan.windowSeconds)}) > 0`, labels };
}

export interface ExtrasParts {
  readonly registry: EdgeRegistry;
  readonly clock: Pick<Clock, 'now'>;
  /** Name of the cluster where the metrics speak of one. */
  readonly homeCluster: string;
  readonly severalClusters: Promise<boolean | null>;
  readonly deadlineMs: number;
}

/** What the series of an answer are read with. */
interface Reading {
  readonly registry: EdgeRegistry;
  readonly homeCluster: string | null;
  readonly nowMs: number;
}

interface Wanted {
  readonly windowSeconds: number;
  readonly namespaces: readonly string[] | null;
  readonly overlays: readonly Asked[];
}

/** The extras that are asked for. */
export async function readExtras(wanted: Wanted, inquiry: Inquiry, parts: ExtrasParts): Promise<readonly ExtraTraffic[]> {
  const { windowSeconds, namespaces, overlays } = wanted;
  const severalClusters = (await parts.severalClusters) ?? false;
  const plan: QueryPlan = { windowSeconds, namespaces, severalClusters, stream: null };
  const reading = { registry: parts.registry, homeCluster: severalClusters ? null : parts.homeCluster, nowMs: parts.clock.now() };
  const read = async (asked: Asked, query: PlannedQuery, words: string, fold: typeof foldIdle): Promise<readonly ExtraTraffic[]> => {
    if (!overlays.includes(asked)) return [];
    const { answer, fault } = await inquiry.settle(query, parts.deadlineMs);
    if (answer !== null) return fold(answer, reading);
    inquiry.warn(`${words} are missing: ${fault}`);
    return [];
  };
  const found = await Promise.all([
    read('idleEdges', buildIdleQuery(plan), 'Idle edges', foldIdle),
    read('messages', buildMessagesQuery(plan), 'gRPC messages', foldMessages),
    read('operations', buildOperationsQuery(plan), 'Operations', foldOperations),
  ]);
  return found.flat();
}

/** Calls back with each series, its labels and the edge that it belongs to. */
function forSeries(
  { labels, columns }: QueryAnswer,
  { registry, homeCluster, nowMs }: Reading,
  read: (row: EdgeRow, label: ReadLabel, value: number) => void,
): void {
  const positions = new Map(labels.map((label, i) => [label, i]));
  for (let i = 0; i < columns.count; i++) {
    const values = columns.labelsOf(columns.slots[i] ?? 0);
    const label: ReadLabel = (name) => values[positions.get(name) ?? -1] ?? '';
    const protocol = positions.has('direction') && label('direction') !== '' && !positions.has('reporter') ? 'tcp' : null;
    const own = protocol ?? (positions.has('request_protocol') ? protocolOf(label('request_protocol'), '') : 'grpc');
    const identity = decodeEdgeIdentity(label, own, homeCluster);
    if (identity !== null) read(registry.rowOf(identity, nowMs), label, columns.values[i] ?? 0);
  }
}

const edgeOf = ({
  key,
  source,
  destination,
  service,
  protocol,
}: EdgeRow): Omit<ExtraTraffic, 'kind' | 'operation' | 'perSecond' | 'backPerSecond'> => ({
  key,
  source,
  destination,
  service,
  protocol,
});

function foldIdle(answer: QueryAnswer, parts: Reading): readonly ExtraTraffic[] {
  const rows = new Map<number, EdgeRow>();
  forSeries(answer, parts, (row) => rows.set(row.key, row));
  return [...rows.values()].map((row) => ({ kind: 'idle', ...edgeOf(row), operation: '', perSecond: 0, backPerSecond: 0 }));
}

/** Of the reporters of an edge the callee's side is believed, as for requests. */
const TRUST = { destination: 2, waypoint: 1, source: 0 } as const;

interface Counted {
  readonly row: EdgeRow;
  readonly operation: string;
  trust: number;
  perSecond: number;
  backPerSecond: number;
}

function countBy(answer: QueryAnswer, parts: Reading): readonly Counted[] {
  const counted = new Map<string, Counted>();
  forSeries(answer, parts, (row, label, value) => {
    const operation = label(OPERATION);
    const trust = TRUST[decodeSide(label('reporter'))];
    const key = `${row.key} ${operation}`;
    let own = counted.get(key);
    if (own === undefined || own.trust < trust) {
      own = { row, operation, trust, perSecond: 0, backPerSecond: 0 };
      counted.set(key, own);
    }
    if (own.trust > trust) return;
    if (label('direction') === 'received') own.backPerSecond += value;
    else own.perSecond += value;
  });
  return [...counted.values()];
}

const foldMessages = (answer: QueryAnswer, parts: Reading): readonly ExtraTraffic[] =>
  countBy(answer, parts).map(({ row, perSecond, backPerSecond }) => ({
    kind: 'messages',
    ...edgeOf(row),
    operation: '',
    perSecond,
    backPerSecond,
  }));

const foldOperations = (answer: QueryAnswer, parts: Reading): readonly ExtraTraffic[] =>
  countBy(answer, parts).map(({ row, operation, perSecond }) => ({
    kind: 'operation',
    ...edgeOf(row),
    operation,
    perSecond,
    backPerSecond: 0,
  }));
