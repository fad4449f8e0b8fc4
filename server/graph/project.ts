// The graph of one view of one snapshot: the whole projection in order. Pure but for the memory that it fills.
// In: PreparedTraffic (GraphMemory.read), ViewSpec, hints. Out: Projection.

import { type Hidden, hideElements } from '../../model/find/hide';
import { parseQuery } from '../../model/find/query';
import { wholeView } from '../../model/find/server-query';
import type { Graph, GraphTotals } from '../../model/graph';
import type { PathsPart } from '../../model/paths';
import type { GraphNote, ViewSpec } from '../../model/wire';
import { buildDraft } from './build';
import { type Draft, NO_HINTS, type ProjectionHints, type StepContext } from './draft';
import { findFacts } from './find-facts';
import { finishGraph, type LaidGraph, layOut, placesOfEdges } from './finish';
import { finishPaths } from './finish-paths';
import type { PreparedTraffic } from './memory';
import { STEPS } from './steps';

/** Which observations made which edge, for the tables of an element. */
export interface Trace {
  readonly traffic: PreparedTraffic;
  /** Positions of the view's observations in the snapshot. */
  readonly chosen: Int32Array;
  /** Position in graph.edges of each observation's first and second leg, -1 for none. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Edges with those that are left out; their ends are positions in laid.nodes. Null when none is left out. */
  readonly uncut: Draft['uncut'];
}

export interface Projection {
  readonly view: ViewSpec;
  /** Made when it is asked for: who only encodes does without. */
  readonly graph: Graph;
  readonly totals: GraphTotals;
  readonly notes: readonly GraphNote[];
  readonly folded: boolean;
  /** Null where the view asks for none. */
  readonly paths: PathsPart | null;
  readonly trace: Trace;
  /** For the encoder. */
  readonly laid: LaidGraph;
}

/**
 * Projects a snapshot into a view; numbers have four significant digits, elements are in canonical order. `visible`: the namespaces that its
 * reader may see, null = all; what he may not see is masked before anything is made of it, so that no step can tell it (see visible.ts).
 */
export function projectGraph(
  whole: PreparedTraffic,
  view: ViewSpec,
  hints: ProjectionHints = NO_HINTS,
  visible: ReadonlySet<string> | null = null,
): Projection {
  const hidden = findHidden(whole, view, hints, visible);
  whole.memory.prepare(whole);
  const traffic = visible === null ? whole : whole.memory.see(whole, visible);
  const { topology } = traffic.index;
  const context: StepContext = { view, traffic, topology, namespaces: new Set(view.namespaces), hints, hidden };
  const draft = buildDraft(context);
  for (const step of STEPS) step.apply(draft, context);
  const laid = layOut(draft, context);
  const places = placesOfEdges(laid);
  const follow = (legs: Int32Array): Int32Array => legs.map((e) => (e < 0 ? -1 : (places[e] ?? -1)));
  let graph: Graph | null = null;
  return {
    view,
    get graph() {
      graph ??= finishGraph(laid);
      return graph;
    },
    totals: { ...draft.totals, edges: draft.edges.count },
    notes: draft.notes,
    folded: draft.folded,
    paths: draft.paths === null ? null : finishPaths(draft.paths, view, laid),
    trace: { traffic, chosen: draft.chosen, first: follow(draft.first), second: follow(draft.second), uncut: draft.uncut },
    laid,
  };
}

/** What the view's hide text matches among all its nodes and edges, as its reader sees them; null where it hides nothing. */
function findHidden(whole: PreparedTraffic, view: ViewSpec, hints: ProjectionHints, visible: ReadonlySet<string> | null): Hidden | null {
  if (view.hide === '') return null;
  const query = parseQuery(view.hide);
  const hiddenIn = (operations: boolean): { readonly hidden: Hidden; readonly graph: Graph } => {
    const all = projectGraph(whole, wholeView({ ...view, hide: '', operations }, query), hints, visible);
    return { hidden: hideElements(query, all.graph, findFacts(all)), graph: all.graph };
  };
  // Operations are made of the edges that are left: what they would be made of is asked, and which of them go.
  const { hidden } = hiddenIn(false);
  if (!view.operations) return hidden;
  const made = hiddenIn(true);
  const gone = made.graph.nodes.filter(({ id, kind }) => kind === 'operation' && made.hidden.nodes.has(id)).map(({ id }) => id);
  return { ...hidden, nodes: new Set([...hidden.nodes, ...gone]) };
}
