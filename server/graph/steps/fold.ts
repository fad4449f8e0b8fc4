// Step: namespaces and apps folded into one node each, their edges merged by protocol, as the plan of the view says.
// In: draft with traffic and health. Out: fewer nodes and edges; traffic inside a folded node stays in its totals, and is noted as folded.
import type { Health } from '../../../model/health';
import { worstHealth } from '../../../model/health';
import * as column from '../columns';
import { followLegs } from '../cut';
import { type Draft, type DraftEdges, type DraftNode, draftEdges, draftNode, GONE, type StepContext, TRAFFIC } from '../draft';
import { planFolds, type StandIn } from '../fold-plan';
import { addTraffic } from './traffic';

export function foldNodes(draft: Draft, context: StepContext): void {
  draft.fullNodes = draft.nodes.length;
  draft.fullEdges = draft.edges.count;
  const standIn = planFolds(draft.nodes, context.view);
  if (standIn === null) return;
  const fold = mergeNodes(draft, standIn, context);
  if (!fold.isFolded.includes(true)) return;
  const traffic = new Float64Array(fold.nodes.length * TRAFFIC);
  const merged = mergeEdges(draft, fold, traffic, context);
  draft.first = followLegs(draft.first, merged.of);
  draft.second = followLegs(draft.second, merged.of);
  for (let c = 0; c < draft.chosen.length; c++)
    if (column.at(draft.first, c) < 0 && column.at(draft.second, c) < 0) draft.gone[c] = GONE.folded;
  draft.nodes = fold.nodes;
  draft.edges = merged.edges;
  draft.traffic = traffic;
  draft.folded = true;
}

interface Fold {
  readonly nodes: DraftNode[];
  readonly isFolded: boolean[];
  /** New position of each node. */
  readonly of: Int32Array;
}

function mergeNodes(draft: Draft, standIn: (node: DraftNode, position: number) => StandIn, context: StepContext): Fold {
  const nodes: DraftNode[] = [];
  const isFolded: boolean[] = [];
  const of = new Int32Array(draft.nodes.length);
  const made = new Map<number, number>();
  draft.nodes.forEach((node, i) => {
    const identity = identityOf(node, standIn(node, i), context);
    if (identity === null) {
      of[i] = nodes.push(node) - 1;
      isFolded.push(false);
      return;
    }
    const at = made.get(identity.index);
    const into = at === undefined ? undefined : nodes[at];
    if (at !== undefined && into !== undefined) {
      of[i] = at;
      into.members += 1;
      into.health = mergeHealth(into.health, node.health);
      if (node.distance !== null) into.distance = Math.min(into.distance ?? node.distance, node.distance);
      return;
    }
    const fresh = draftNode(identity, context.traffic.facts.factsOf(identity, context.traffic.index.inventory));
    fresh.health = node.health;
    fresh.distance = node.distance;
    of[i] = nodes.push(fresh) - 1;
    isFolded.push(true);
    made.set(identity.index, nodes.length - 1);
  });
  return { nodes, isFolded, of };
}

/** The node that stands for another; null for itself. */
function identityOf(node: DraftNode, standIn: StandIn, { topology }: StepContext): DraftNode['identity'] | null {
  const { cluster, namespace } = node.identity;
  switch (standIn) {
    case 'self':
      return null;
    case 'app':
      return topology.nodes[topology.foldNode('app', cluster, namespace, node.app ?? '')] ?? null;
    case 'namespace':
      return topology.nodes[topology.foldNode('namespace', cluster, namespace, '')] ?? null;
    default:
      return standIn satisfies never;
  }
}

/** The worst status with the reasons of the first that has it: a folded node names an example, not a list of hundreds. */
const mergeHealth = (a: Health, b: Health): Health => (worstHealth(a.status, b.status) === a.status ? a : b);

function mergeEdges(
  draft: Draft,
  { of, nodes, isFolded }: Fold,
  traffic: Float64Array,
  context: StepContext,
): { readonly edges: DraftEdges; readonly of: Int32Array } {
  const { topology } = context;
  const { edges } = draft;
  const places = new Map<number, number>();
  const slots: { readonly slot: number; readonly source: number; readonly target: number }[] = [];
  const edgeOf = new Int32Array(edges.count).fill(-1);
  for (let e = 0; e < edges.count; e++) {
    const [source, target] = [column.at(of, column.at(edges.source, e)), column.at(of, column.at(edges.target, e))];
    const [from, to] = [nodes[source], nodes[target]];
    if (from === undefined || to === undefined) continue;
    const protocol = topology.edgeProtocol[column.at(edges.slot, e)] ?? 0;
    const inside = source === target && isFolded[source] === true;
    // Inside a folded node, the way on from a service is the same traffic once more.
    if (!inside || column.at(edges.onward, e) === 0) {
      addTraffic(traffic, target * TRAFFIC, edges.rows, e, protocol);
      addTraffic(traffic, source * TRAFFIC + TRAFFIC / 2, edges.rows, e, protocol);
    }
    if (inside) continue;
    const key = (source * nodes.length + target) * 4 + protocol;
    let place = places.get(key);
    if (place === undefined) {
      place = slots.length;
      places.set(key, place);
      slots.push({ slot: topology.slot(from.identity.index, to.identity.index, protocol), source, target });
    }
    edgeOf[e] = place;
  }
  const merged = draftEdges(slots.length, column.ROW);
  slots.forEach(({ slot, source, target }, e) => {
    merged.slot[e] = slot;
    merged.source[e] = source;
    merged.target[e] = target;
  });
  for (let e = 0; e < edges.count; e++) {
    const place = column.at(edgeOf, e);
    if (place < 0) continue;
    column.addRow(merged.rows, place, edges.rows, e);
    merged.marks[place] = column.at(merged.marks, place) | column.at(edges.marks, e);
    merged.reporters[place] = column.at(merged.reporters, place) | column.at(edges.reporters, e);
    if (isFolded[column.at(merged.source, place)] !== true) merged.onward[place] = column.at(edges.onward, e);
    mergeMore(merged, place, edges, e);
  }
  return { edges: merged, of: edgeOf };
}

/** Messages add up; an edge is idle while all that it stands for is. */
function mergeMore(merged: DraftEdges, place: number, edges: DraftEdges, e: number): void {
  const more = edges.more.get(e);
  const known = merged.more.get(place);
  const isIdle = more?.idle === true && (known === undefined || known.idle === true) && merged.rows[place * column.ROW] === 0;
  if (more === undefined) {
    if (known?.idle === true) merged.more.delete(place);
    return;
  }
  const add = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined ? b : b === undefined ? a : a + b);
  const sent = add(known?.requestMessagesPerSecond, more.requestMessagesPerSecond);
  const received = add(known?.responseMessagesPerSecond, more.responseMessagesPerSecond);
  merged.more.set(place, {
    ...(isIdle ? { idle: true as const } : {}),
    ...(sent === undefined ? {} : { requestMessagesPerSecond: sent }),
    ...(received === undefined ? {} : { responseMessagesPerSecond: received }),
  });
}
