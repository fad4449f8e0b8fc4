// Step: namespaces folded into one node each, their edges merged by protocol, where the view's level says so.
// In: draft with traffic and health. Out: fewer nodes and edges; traffic inside a folded namespace stays in its totals; a note with numbers.
import type { Health } from '../../../model/health';
import { worstHealth } from '../../../model/health';
import { DRAW_BUDGET } from '../../../model/view-options';
import type { ViewSpec } from '../../../model/wire';
import { hasNamespace } from '../build';
import * as column from '../columns';
import { type Draft, type DraftEdges, type DraftNode, draftEdges, draftNode, type StepContext, TRAFFIC } from '../draft';
import { addTraffic } from './traffic';

export function foldNamespaces(draft: Draft, context: StepContext): void {
  draft.fullNodes = draft.nodes.length;
  const open = openNamespaces(context.view, draft.nodes.length);
  if (open === null) return;
  const fold = foldNodes(draft, open, context);
  if (fold.nodes.length === draft.nodes.length && !fold.nodes.some((n) => n.identity.kind === 'namespace')) return;
  const traffic = new Float64Array(fold.nodes.length * TRAFFIC);
  const merged = foldEdges(draft, fold.of, fold.nodes, traffic, context);
  const follow = (edges: Int32Array): Int32Array => edges.map((e) => (e < 0 ? -1 : column.at(merged.of, e)));
  draft.first = follow(draft.first);
  draft.second = follow(draft.second);
  draft.nodes = fold.nodes;
  draft.edges = merged.edges;
  draft.traffic = traffic;
  draft.folded = true;
}

/** Namespaces that stay open, null when nothing is folded. */
function openNamespaces(view: ViewSpec, nodes: number): ReadonlySet<string> | null {
  switch (view.level) {
    case 'full':
    case 'apps':
      return null;
    case 'namespaces':
      return new Set(view.open);
    case 'auto':
      if (nodes <= DRAW_BUDGET.nodes) return null;
      // Who asked for one namespace wants to see it, its neighbours may fold.
      return new Set(view.namespaces.length === 1 ? [...view.open, ...view.namespaces] : view.open);
    default:
      return view.level satisfies never;
  }
}

function foldNodes(
  draft: Draft,
  open: ReadonlySet<string>,
  context: StepContext,
): { readonly nodes: DraftNode[]; readonly of: Int32Array } {
  const nodes: DraftNode[] = [];
  const of = new Int32Array(draft.nodes.length);
  const folded = new Map<number, number>();
  draft.nodes.forEach((node, i) => {
    const { namespace, cluster } = node.identity;
    if (!hasNamespace(namespace) || open.has(namespace)) {
      of[i] = nodes.length;
      nodes.push(node);
      return;
    }
    const index = context.topology.namespaceNode(cluster, namespace);
    const at = folded.get(index);
    if (at === undefined) {
      const identity = context.topology.nodes[index];
      if (identity === undefined) return;
      const facts = context.traffic.facts.factsOf(identity, context.traffic.index.inventory);
      const made = draftNode(identity, facts);
      made.health = node.health;
      of[i] = nodes.length;
      folded.set(index, nodes.length);
      nodes.push(made);
      return;
    }
    const into = nodes[at];
    of[i] = at;
    if (into === undefined) return;
    into.members += 1;
    into.health = mergeHealth(into.health, node.health);
  });
  return { nodes, of };
}

/** The worst status with the reasons of the first that has it: a folded node names an example, not a list of hundreds. */
const mergeHealth = (a: Health, b: Health): Health => (worstHealth(a.status, b.status) === a.status ? a : b);

function foldEdges(
  draft: Draft,
  of: Int32Array,
  nodes: readonly DraftNode[],
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
    const inside = source === target && from.identity.kind === 'namespace';
    // Inside a namespace, the way on from a service is the same traffic once more.
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
    if (nodes[column.at(merged.source, place)]?.identity.kind !== 'namespace') merged.onward[place] = column.at(edges.onward, e);
  }
  return { edges: merged, of: edgeOf };
}
