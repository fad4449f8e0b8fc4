// Edges that come of extra traffic and of no observation, put into a draft. In: flows. Out: for each flow the positions of its edges.
// An edge that is there already is used; a new one has no rates. Nodes that are missing are added.
import * as column from './columns';
import { type Draft, draftEdges, draftNode, type StepContext } from './draft';
import { modeOf } from './topology';

/** Positions of the first and the second edge of each flow, -1 where there is none. */
export interface Placed {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

export function placeFlows(draft: Draft, { view, topology, traffic }: StepContext, flows: Int32Array): Placed {
  const legs = topology.legs(modeOf(view.graphType, view.serviceNodes), flows);
  const place = new Map<number, number>();
  for (let e = 0; e < draft.edges.count; e++) place.set(column.at(draft.edges.slot, e), e);
  const fresh: { readonly slot: number; readonly onward: boolean }[] = [];
  const placeOf = (slot: number, onward: boolean): number => {
    if (slot < 0) return -1;
    const known = place.get(slot);
    if (known !== undefined) return known;
    const made = draft.edges.count + fresh.length;
    place.set(slot, made);
    fresh.push({ slot, onward });
    return made;
  };
  const first = flows.map((flow) => placeOf(column.at(legs.first, flow), false));
  const second = flows.map((flow, i) => (column.at(first, i) < 0 ? -1 : placeOf(column.at(legs.second, flow), true)));
  if (fresh.length === 0) return { first, second };
  const positions = new Map(draft.nodes.map(({ identity }, i) => [identity.index, i]));
  const positionOf = (index: number): number => {
    const known = positions.get(index);
    const identity = topology.nodes[index];
    if (known !== undefined || identity === undefined) return known ?? 0;
    positions.set(index, draft.nodes.length);
    draft.nodes.push(draftNode(identity, traffic.facts.factsOf(identity, traffic.index.inventory)));
    return draft.nodes.length - 1;
  };
  const old = draft.edges;
  const made = draftEdges(old.count + fresh.length, column.ROW);
  made.source.set(old.source);
  made.target.set(old.target);
  made.slot.set(old.slot);
  made.rows.set(old.rows);
  made.marks.set(old.marks);
  made.reporters.set(old.reporters);
  made.onward.set(old.onward);
  for (const [e, more] of old.more) made.more.set(e, more);
  fresh.forEach(({ slot, onward }, i) => {
    const e = old.count + i;
    made.slot[e] = slot;
    made.source[e] = positionOf(topology.edgeSource[slot] ?? 0);
    made.target[e] = positionOf(topology.edgeTarget[slot] ?? 0);
    made.onward[e] = onward ? 1 : 0;
  });
  draft.edges = made;
  return { first, second };
}
