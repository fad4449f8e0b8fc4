// The change from one revision of a graph to the next: made on the server, applied in the browser.
// In: two graphs, or a document and a delta. Out: GraphDelta, GraphDocument. apply(a, diff(a, b)) = b for graphs in canonical order.
// Canonical order: nodes by id, boxes by kind (outer first) and id, edges by source, target, protocol (code units).
import { Failure } from './failure';
import type {
  DirectionTraffic,
  EdgeLatency,
  Explanation,
  GraphBox,
  GraphEdge,
  GraphNode,
  GraphTotals,
  HubPeer,
  HubTraffic,
  ShownPart,
  TrafficPlaces,
} from './graph';
import type { Health, HealthReason } from './health';
import type { PathsPart } from './paths';
import type { GraphDelta, GraphDocument, GraphNote } from './wire';

/** What a delta compares: a revision of a view. */
export type GraphRevision = Pick<
  GraphDocument,
  'nodes' | 'boxes' | 'edges' | 'totals' | 'notes' | 'folded' | 'paths' | 'atMs' | 'revision'
>;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Canonical order of nodes. */
export const compareNodes = (a: GraphNode, b: GraphNode): number => compareText(a.id, b.id);

const BOX_DEPTH: Readonly<Record<GraphBox['kind'], number>> = { cluster: 0, namespace: 1, app: 2 };
/** Canonical order of boxes: an enclosing box comes before those in it. */
export const compareBoxes = (a: GraphBox, b: GraphBox): number => BOX_DEPTH[a.kind] - BOX_DEPTH[b.kind] || compareText(a.id, b.id);

/** Canonical order of edges. */
export const compareEdges = (a: GraphEdge, b: GraphEdge): number =>
  compareText(a.source, b.source) || compareText(a.target, b.target) || compareText(a.protocol, b.protocol);

/** What `b` changes over `a`; elements that are the same object are taken as equal without a look. */
export function diffGraph(a: GraphRevision, b: GraphRevision): GraphDelta {
  return {
    from: a.revision,
    to: b.revision,
    atMs: b.atMs,
    nodes: diffElements(a.nodes, b.nodes, sameNode),
    boxes: diffElements(a.boxes, b.boxes, sameBox),
    edges: diffElements(a.edges, b.edges, sameEdge),
    totals: b.totals,
    notes: b.notes,
    folded: b.folded,
    ...(b.paths === undefined ? {} : { paths: b.paths }),
  };
}

/** True when a delta changes nothing that is drawn or counted; its revision and instant may still differ. */
export function isEmptyDelta(delta: GraphDelta, before: Pick<GraphDocument, 'totals' | 'notes' | 'folded' | 'paths'>): boolean {
  const { nodes, boxes, edges } = delta;
  return (
    [nodes, boxes, edges].every((part) => part.put.length === 0 && part.drop.length === 0) &&
    delta.folded === before.folded &&
    samePaths(delta.paths, before.paths) &&
    sameTotals(delta.totals, before.totals) &&
    sameList(delta.notes, before.notes, sameNote)
  );
}

/**
 * The document after a delta; unchanged elements stay the same objects and the result is in canonical order if `document` was.
 * @throws Failure conflict when the delta starts from another revision: ask for a fresh snapshot.
 */
export function applyDelta(document: GraphDocument, delta: GraphDelta): GraphDocument {
  if (delta.from !== document.revision)
    throw new Failure(
      'conflict',
      `a delta from revision ${delta.from} does not fit revision ${document.revision}`,
      'Ask for a fresh snapshot of the view.',
    );
  const rest = Object.fromEntries(Object.entries(document).filter(([name]) => name !== 'paths')) as Omit<GraphDocument, 'paths'>;
  return {
    ...rest,
    ...(delta.paths === undefined ? {} : { paths: delta.paths }),
    revision: delta.to,
    atMs: delta.atMs,
    nodes: applyElements(document.nodes, delta.nodes, compareNodes),
    boxes: applyElements(document.boxes, delta.boxes, compareBoxes),
    edges: applyElements(document.edges, delta.edges, compareEdges),
    totals: delta.totals,
    notes: delta.notes,
    folded: delta.folded,
  };
}

interface Change<Id extends string, T extends { readonly id: Id }> {
  readonly put: readonly T[];
  readonly drop: readonly Id[];
}

function diffElements<Id extends string, T extends { readonly id: Id }>(
  before: readonly T[],
  after: readonly T[],
  same: (a: T, b: T) => boolean,
): Change<Id, T> {
  if (before === after) return { put: [], drop: [] };
  const put: T[] = [];
  const drop: Id[] = [];
  // Both sides are in the same order as a rule: walk them together as far as the ids agree.
  let start = 0;
  const shared = Math.min(before.length, after.length);
  for (; start < shared; start++) {
    const [a, b] = [before[start], after[start]];
    if (a === undefined || b === undefined || a.id !== b.id) break;
    if (a !== b && !same(a, b)) put.push(b);
  }
  if (start === before.length) return { put: put.concat(after.slice(start)), drop };
  const old = new Map<Id, T>();
  for (let i = start; i < before.length; i++) {
    const a = before[i];
    if (a !== undefined) old.set(a.id, a);
  }
  for (let i = start; i < after.length; i++) {
    const b = after[i];
    if (b === undefined) continue;
    const a = old.get(b.id);
    if (a === undefined) put.push(b);
    else {
      old.delete(b.id);
      if (a !== b && !same(a, b)) put.push(b);
    }
  }
  for (const id of old.keys()) drop.push(id);
  return { put, drop };
}

function applyElements<Id extends string, T extends { readonly id: Id }>(
  before: readonly T[],
  change: Change<Id, T>,
  compare: (a: T, b: T) => number,
): readonly T[] {
  if (change.put.length === 0 && change.drop.length === 0) return before;
  const dropped = new Set<Id>(change.drop);
  const puts = new Map<Id, T>();
  for (const element of change.put) puts.set(element.id, element);
  const result: T[] = [];
  for (const element of before) {
    if (dropped.has(element.id)) continue;
    const next = puts.get(element.id);
    if (next === undefined) result.push(element);
    else {
      puts.delete(element.id);
      result.push(next);
    }
  }
  if (puts.size === 0) return result;
  for (const element of puts.values()) result.push(element);
  return result.sort(compare);
}

const sameList = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean => {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined || !same(x, y)) return false;
  }
  return true;
};
const identical = (a: unknown, b: unknown): boolean => a === b;

const sameTraffic = (a: DirectionTraffic, b: DirectionTraffic): boolean =>
  a === b ||
  (a.http === b.http && a.httpErrors === b.httpErrors && a.grpc === b.grpc && a.grpcErrors === b.grpcErrors && a.tcpBytes === b.tcpBytes);

const sameReason = (a: HealthReason, b: HealthReason): boolean => {
  if (a.kind === 'pods')
    return (
      b.kind === 'pods' && a.workload === b.workload && a.available === b.available && a.desired === b.desired && a.status === b.status
    );
  return (
    b.kind === 'requests' &&
    a.direction === b.direction &&
    a.protocol === b.protocol &&
    a.code === b.code &&
    a.errorPercent === b.errorPercent &&
    a.degradedPercent === b.degradedPercent &&
    a.failurePercent === b.failurePercent &&
    a.status === b.status
  );
};
const sameHealth = (a: Health, b: Health): boolean => a === b || (a.status === b.status && sameList(a.reasons, b.reasons, sameReason));

const sameExplanation = (a: Explanation | null, b: Explanation | null): boolean =>
  a === b || (a !== null && b !== null && a.code === b.code && a.what === b.what && a.cause === b.cause && a.fix === b.fix);

/** Equal in every field. */
export const sameNode = (a: GraphNode, b: GraphNode): boolean =>
  a.id === b.id &&
  a.parent === b.parent &&
  a.kind === b.kind &&
  a.label === b.label &&
  a.cluster === b.cluster &&
  a.namespace === b.namespace &&
  a.workload === b.workload &&
  a.app === b.app &&
  a.version === b.version &&
  a.service === b.service &&
  a.workloadKind === b.workloadKind &&
  a.mode === b.mode &&
  a.outside === b.outside &&
  a.root === b.root &&
  a.members === b.members &&
  sameTraffic(a.inbound, b.inbound) &&
  sameTraffic(a.outbound, b.outbound) &&
  (a.pods === b.pods || (a.pods !== null && b.pods !== null && a.pods.ready === b.pods.ready && a.pods.desired === b.pods.desired)) &&
  sameHealth(a.health, b.health) &&
  sameList(a.badges, b.badges, identical) &&
  sameList(a.hosts, b.hosts, identical) &&
  sameExplanation(a.explanation, b.explanation) &&
  a.rank === b.rank &&
  a.operation === b.operation &&
  (a.hub === b.hub || (a.hub !== undefined && b.hub !== undefined && sameHub(a.hub, b.hub))) &&
  sameList(a.hubPeers ?? NO_PEERS, b.hubPeers ?? NO_PEERS, samePeer);

const NO_PEERS: readonly HubPeer[] = [];
const sameHub = (a: HubTraffic, b: HubTraffic): boolean =>
  a.edges === b.edges &&
  a.requestsPerSecond === b.requestsPerSecond &&
  a.errorsPerSecond === b.errorsPerSecond &&
  a.tcpBytesPerSecond === b.tcpBytesPerSecond;
const samePeer = (a: HubPeer, b: HubPeer): boolean =>
  a.id === b.id && a.direction === b.direction && a.label === b.label && a.health === b.health && sameHub(a, b);

/** Equal in every field. */
export const sameBox = (a: GraphBox, b: GraphBox): boolean =>
  a.id === b.id &&
  a.parent === b.parent &&
  a.kind === b.kind &&
  a.label === b.label &&
  a.cluster === b.cluster &&
  a.namespace === b.namespace &&
  a.app === b.app &&
  a.health === b.health;

const sameLatency = (a: EdgeLatency | null, b: EdgeLatency | null): boolean =>
  a === b || (a !== null && b !== null && a.averageMs === b.averageMs && a.p50Ms === b.p50Ms && a.p95Ms === b.p95Ms && a.p99Ms === b.p99Ms);

/** Equal in every field. */
export const sameEdge = (a: GraphEdge, b: GraphEdge): boolean =>
  a.id === b.id &&
  a.requestsPerSecond === b.requestsPerSecond &&
  a.errorsPerSecond === b.errorsPerSecond &&
  a.sentBytesPerSecond === b.sentBytesPerSecond &&
  a.receivedBytesPerSecond === b.receivedBytesPerSecond &&
  a.mtlsShare === b.mtlsShare &&
  a.health === b.health &&
  a.requestBytesPerSecond === b.requestBytesPerSecond &&
  a.responseBytesPerSecond === b.responseBytesPerSecond &&
  a.source === b.source &&
  a.target === b.target &&
  a.protocol === b.protocol &&
  a.idle === b.idle &&
  a.requestMessagesPerSecond === b.requestMessagesPerSecond &&
  a.responseMessagesPerSecond === b.responseMessagesPerSecond &&
  sameLatency(a.latency, b.latency) &&
  sameList(a.reporters, b.reporters, identical) &&
  sameList(a.marks, b.marks, identical) &&
  (a.responses === b.responses ||
    (a.responses !== null &&
      b.responses !== null &&
      sameList(
        a.responses,
        b.responses,
        (x, y) => x.code === y.code && x.flags === y.flags && x.host === y.host && x.requestsPerSecond === y.requestsPerSecond,
      )));

const sameNote = (a: GraphNote, b: GraphNote): boolean => a.code === b.code && a.text === b.text;

const sameTotals = (a: GraphTotals, b: GraphTotals): boolean =>
  a === b ||
  (a.services === b.services &&
    a.workloads === b.workloads &&
    a.apps === b.apps &&
    a.edges === b.edges &&
    a.requestsPerSecond === b.requestsPerSecond &&
    a.errorsPerSecond === b.errorsPerSecond &&
    a.tcpBytesPerSecond === b.tcpBytesPerSecond &&
    a.mtlsShare === b.mtlsShare &&
    a.health.failure === b.health.failure &&
    a.health.degraded === b.health.degraded &&
    a.health.notReady === b.health.notReady &&
    a.health.healthy === b.health.healthy &&
    a.health.na === b.health.na &&
    sameShown(a.shown, b.shown));

const sameShown = (a: ShownPart | undefined, b: ShownPart | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.nodes === b.nodes &&
    a.ofNodes === b.ofNodes &&
    a.edges === b.edges &&
    a.ofEdges === b.ofEdges &&
    samePlaces(a.requestsPerSecond, b.requestsPerSecond) &&
    samePlaces(a.tcpBytesPerSecond, b.tcpBytesPerSecond));
const samePlaces = (a: TrafficPlaces, b: TrafficPlaces): boolean =>
  a.drawn === b.drawn && a.folded === b.folded && a.hubs === b.hubs && a.leftOut === b.leftOut && a.hidden === b.hidden;

const samePaths = (a: PathsPart | undefined, b: PathsPart | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
