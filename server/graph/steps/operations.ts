// Step: a node for each operation before what serves it, where the view asks for it and the metrics carry Istio's request_operation.
// In: drawn edges with health and latency, requests by operation. Out: edges caller -> operation -> callee in place of the direct one, which
// keeps what no operation is known of or is shown of. An operation is given its share of what the edge says; its latency and health are the edge's.
import type { NodeKind } from '../../../model/graph';
import { HEALTH_RANK, NO_HEALTH } from '../../../model/health';
import * as column from '../columns';
import { followLegs } from '../cut';
import { type Draft, type DraftEdges, type DraftNode, draftEdges, draftNode, type StepContext, TRAFFIC } from '../draft';
import { STATUSES } from '../finish';
import { addTraffic } from './traffic';

/** Operations of one callee; what is left of the smallest stays on the direct edge. */
const MAX_OPERATIONS = 20;
const SERVING: readonly NodeKind[] = ['service', 'serviceEntry', 'workload', 'app'];
/** Below this share nothing is left on the direct edge. */
const NOTHING = 1e-3;

interface Piece {
  readonly from: number;
  readonly share: number;
  readonly slot: number;
  readonly source: number;
  readonly target: number;
  readonly onward: boolean;
}

export function addOperations(draft: Draft, context: StepContext): void {
  if (!context.view.operations) return;
  const shares = readShares(draft, context);
  if (shares.size === 0) {
    const isNamed = (context.traffic.index.snapshot.extras ?? []).some(({ kind }) => kind === 'operation');
    draft.notes.push({
      code: 'noOperations',
      text: isNamed
        ? 'No operation is drawn: what serves them is folded or not in this view. Open its namespace or app.'
        : 'The metrics name no operations. Add the tag request_operation to istio_requests_total by a Telemetry resource.',
    });
    return;
  }
  const { edges } = draft;
  const positions = new Map<number, number>();
  const pieces: Piece[] = [];
  const onward = new Map<number, number[]>();
  const of = new Int32Array(edges.count).fill(-1);
  for (let e = 0; e < edges.count; e++) {
    const own = shares.get(e);
    const [source, target] = [column.at(edges.source, e), column.at(edges.target, e)];
    let rest = 1;
    for (const [operation, share] of own ?? []) {
      const at = placeOperation(draft, context, target, operation, positions);
      const slot = slotOf(draft, context, source, at, e);
      if (of[e] === -1) of[e] = pieces.length;
      pieces.push({ from: e, share, slot, source, target: at, onward: false });
      const next = slotOf(draft, context, at, target, e);
      onward.set(next, [...(onward.get(next) ?? []), pieces.length - 1]);
      rest -= share;
    }
    if (rest < NOTHING) continue;
    of[e] = pieces.length;
    pieces.push({ from: e, share: rest, slot: column.at(edges.slot, e), source, target, onward: edges.onward[e] === 1 });
  }
  const made = draftEdges(pieces.length + onward.size, column.ROW);
  for (const [e, piece] of pieces.entries()) copyPiece(edges, piece, made, e);
  let next = pieces.length;
  for (const [slot, parts] of onward) {
    for (const part of parts) {
      const piece = pieces[part];
      if (piece !== undefined)
        copyPiece(edges, { ...piece, slot, source: piece.target, target: column.at(edges.target, piece.from), onward: true }, made, next);
    }
    next++;
  }
  draft.edges = made;
  draft.first = followLegs(draft.first, of);
  draft.second = followLegs(draft.second, of);
  tellOperations(draft, context, positions);
}

/** Share of each operation of the requests of a drawn edge, the largest first. */
function readShares(draft: Draft, { traffic, topology, hidden }: StepContext): ReadonlyMap<number, readonly (readonly [string, number])[]> {
  const { index } = traffic;
  const placeOf = new Map<number, number>();
  for (const [c, observation] of draft.chosen.entries()) placeOf.set(column.at(index.flows, observation), c);
  const rates = new Map<number, Map<string, number>>();
  (index.snapshot.extras ?? []).forEach((extra, i) => {
    if (extra.kind !== 'operation') return;
    const c = placeOf.get(column.at(index.extraFlows, i));
    const edge = c === undefined ? -1 : column.at(draft.first, c);
    const target = draft.nodes[column.at(draft.edges.target, edge)];
    if (edge < 0 || target === undefined || target.members > 1 || !SERVING.includes(target.identity.kind)) return;
    if (topology.edgeProtocol[column.at(draft.edges.slot, edge)] === undefined) return;
    const own = rates.get(edge) ?? new Map<string, number>();
    rates.set(edge, own);
    own.set(extra.operation, (own.get(extra.operation) ?? 0) + extra.perSecond);
  });
  const shares = new Map<number, readonly (readonly [string, number])[]>();
  for (const [edge, own] of rates) {
    const known = [...own.values()].reduce((sum, rate) => sum + rate, 0);
    const whole = Math.max(known, column.at(draft.edges.rows, edge * column.ROW + column.REQUESTS));
    const largest = [...own].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MAX_OPERATIONS);
    const callee = draft.nodes[column.at(draft.edges.target, edge)];
    const isShown = (operation: string): boolean => {
      if (hidden === null || callee === undefined) return true;
      const identity = topology.nodes[topology.operationNode(callee.identity, callee.app, operation)];
      return identity === undefined || !hidden.nodes.has(identity.id);
    };
    if (whole > 0)
      shares.set(
        edge,
        largest.filter(([operation]) => isShown(operation)).map(([operation, rate]) => [operation, rate / whole] as const),
      );
  }
  return shares;
}

/** Position of the node of an operation of a callee. */
function placeOperation(
  draft: Draft,
  { topology, traffic }: StepContext,
  target: number,
  operation: string,
  positions: Map<number, number>,
): number {
  const callee = draft.nodes[target];
  if (callee === undefined) return target;
  const index = topology.operationNode(callee.identity, callee.app, operation);
  const known = positions.get(index);
  const identity = topology.nodes[index];
  if (known !== undefined || identity === undefined) return known ?? target;
  const made: DraftNode = draftNode(identity, traffic.facts.factsOf(identity, traffic.index.inventory));
  made.more = { operation };
  positions.set(index, draft.nodes.length);
  draft.nodes.push(made);
  return draft.nodes.length - 1;
}

function slotOf(draft: Draft, { topology }: StepContext, source: number, target: number, edge: number): number {
  const protocol = topology.edgeProtocol[column.at(draft.edges.slot, edge)] ?? 0;
  return topology.slot(draft.nodes[source]?.identity.index ?? 0, draft.nodes[target]?.identity.index ?? 0, protocol);
}

/** Adds a share of an edge to another. */
function copyPiece(old: DraftEdges, { from, share, slot, source, target, onward }: Piece, made: DraftEdges, to: number): void {
  made.slot[to] = slot;
  made.source[to] = source;
  made.target[to] = target;
  made.onward[to] = onward ? 1 : 0;
  for (let i = 0; i < column.ROW; i++) {
    const at = to * column.ROW + i;
    made.rows[at] = column.at(made.rows, at) + column.at(old.rows, from * column.ROW + i) * share;
  }
  made.marks[to] = column.at(made.marks, to) | column.at(old.marks, from);
  made.reporters[to] = column.at(made.reporters, to) | column.at(old.reporters, from);
  made.health[to] = Math.max(column.at(made.health, to), column.at(old.health, from));
  const latency = old.latency[from];
  if (latency !== undefined && !onward) made.latency[to] = latency;
  const more = old.more.get(from);
  if (more !== undefined && share === 1) made.more.set(to, more);
}

/** Traffic and health of the operations, from their edges. */
function tellOperations(draft: Draft, { topology }: StepContext, positions: ReadonlyMap<number, number>): void {
  const traffic = new Float64Array(draft.nodes.length * TRAFFIC);
  traffic.set(draft.traffic);
  const operations = new Set(positions.values());
  const { edges } = draft;
  for (let e = 0; e < edges.count; e++) {
    const protocol = topology.edgeProtocol[column.at(edges.slot, e)] ?? 0;
    const [source, target] = [column.at(edges.source, e), column.at(edges.target, e)];
    if (operations.has(source)) addTraffic(traffic, source * TRAFFIC + TRAFFIC / 2, edges.rows, e, protocol);
    if (!operations.has(target)) continue;
    addTraffic(traffic, target * TRAFFIC, edges.rows, e, protocol);
    const node = draft.nodes[target];
    const rank = Math.max(column.at(edges.health, e), HEALTH_RANK[node?.health.status ?? 'na']);
    if (node !== undefined) node.health = { ...NO_HEALTH, status: STATUSES[rank] ?? 'na' };
  }
  draft.traffic = traffic;
}
