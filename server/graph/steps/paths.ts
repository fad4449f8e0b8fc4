// Step: all ways from one node to another, and nothing else. In: the whole unfolded draft. Out: fewer nodes and edges, Draft.paths.
// Ways without loops are listed, the shortest first, up to a bound; what stays is what they pass.
import { MAX_ROUTES } from '../../../model/paths';
import { type Adjacency, buildAdjacency, forEdgesIn, forEdgesOut } from '../adjacency';
import * as column from '../columns';
import { keepOnly } from '../cut';
import type { Draft, DraftPaths, StepContext } from '../draft';
import { findMembers } from '../members';
import { measureOrigins } from '../origins';

/** Longest way, in edges, and how many steps are taken to list ways. */
const MAX_LENGTH = 24;
const MAX_STEPS = 20_000;

export function keepPaths(draft: Draft, { view, topology }: StepContext): void {
  if (view.from === null || view.to === null) return;
  const adjacency = buildAdjacency(draft.edges, draft.nodes.length);
  const [starts, ends] = [findMembers(draft.nodes, view.from, topology), findMembers(draft.nodes, view.to, topology)];
  const isEnd = new Uint8Array(draft.nodes.length);
  for (const end of ends) isEnd[end] = 1;
  const fromStart = distances(draft, adjacency, starts, 'down');
  const toEnd = distances(draft, adjacency, ends, 'up');
  const { routes, complete } = listRoutes(draft, adjacency, starts, isEnd, toEnd);
  const edges = new Uint8Array(draft.edges.count);
  for (const route of routes) for (const edge of route) edges[edge] = 1;
  const nodes = new Uint8Array(draft.nodes.length);
  for (const node of [...starts, ...ends]) nodes[node] = 1;
  for (let e = 0; e < edges.length; e++)
    if (edges[e] === 1) {
      nodes[column.at(draft.edges.source, e)] = 1;
      nodes[column.at(draft.edges.target, e)] = 1;
    }
  draft.paths = measure(draft, adjacency, edges, routes, complete, fromStart);
  keepOnly(draft, nodes, edges);
  note(draft, view.from, view.to, starts.length, ends.length);
}

function note(draft: Draft, from: string, to: string, starts: number, ends: number): void {
  const lost = starts === 0 ? from : ends === 0 ? to : null;
  if (lost !== null)
    draft.notes.push({
      code: 'unknownNode',
      text: `The mesh has no node ${lost.slice(0, 200)} with traffic in this window. Choose another node or a longer window.`,
    });
  else if (draft.edges.count === 0)
    draft.notes.push({
      code: 'noPath',
      text: `No traffic leads from ${from.slice(0, 200)} to ${to.slice(0, 200)} in this window. Try a longer window, or the other direction.`,
    });
  else if (draft.paths?.complete === false)
    draft.notes.push({
      code: 'morePaths',
      text: `There are more ways than are shown: these are the ${draft.paths.routes.length} shortest.`,
    });
}

/** Edges to each node, -1 where there is no way. */
function distances(draft: Draft, adjacency: Adjacency, starts: readonly number[], direction: 'up' | 'down'): Int32Array {
  const distance = new Int32Array(draft.nodes.length).fill(-1);
  const queue = [...starts];
  for (const start of starts) distance[start] = 0;
  const each = direction === 'down' ? forEdgesOut : forEdgesIn;
  const ends = direction === 'down' ? draft.edges.target : draft.edges.source;
  for (let q = 0; q < queue.length; q++) {
    const node = queue[q] ?? 0;
    each(adjacency, node, (edge) => {
      const end = column.at(ends, edge);
      if (column.at(distance, end) >= 0) return;
      distance[end] = column.at(distance, node) + 1;
      queue.push(end);
    });
  }
  return distance;
}

interface Routes {
  readonly routes: readonly (readonly number[])[];
  readonly complete: boolean;
}

/** Ways without loops, the shortest first: each round lists those of one length. Not complete when a bound ended it. */
function listRoutes(draft: Draft, adjacency: Adjacency, starts: readonly number[], isEnd: Uint8Array, toEnd: Int32Array): Routes {
  const routes: number[][] = [];
  const way: number[] = [];
  const onWay = new Uint8Array(draft.nodes.length);
  for (const start of starts) onWay[start] = 1;
  let steps = 0;
  let length = Math.min(...starts.map((start) => (column.at(toEnd, start) > 0 ? column.at(toEnd, start) : MAX_LENGTH)));
  let isLonger = true;
  const follow = (node: number): void => {
    forEdgesOut(adjacency, node, (edge) => {
      const end = column.at(draft.edges.target, edge);
      const rest = column.at(toEnd, end);
      if (rest < 0 || onWay[end] === 1) return;
      steps++;
      if (steps > MAX_STEPS) return;
      if (way.length + 1 + rest > length) {
        isLonger = true;
        return;
      }
      way.push(edge);
      if (isEnd[end] === 1) {
        if (way.length === length) routes.push([...way]);
      } else {
        onWay[end] = 1;
        follow(end);
        onWay[end] = 0;
      }
      way.pop();
    });
  };
  for (; isLonger && length <= MAX_LENGTH && steps <= MAX_STEPS && routes.length <= MAX_ROUTES; length++) {
    isLonger = false;
    for (const start of starts) if (column.at(toEnd, start) > 0) follow(start);
  }
  return { routes: routes.slice(0, MAX_ROUTES), complete: !isLonger && steps <= MAX_STEPS && routes.length <= MAX_ROUTES };
}

/** Where on the way errors and time arise; told by slots, which edges keep. */
function measure(
  draft: Draft,
  adjacency: Adjacency,
  edges: Uint8Array,
  routes: Routes['routes'],
  complete: boolean,
  fromStart: Int32Array,
): DraftPaths {
  const passed = new Int32Array(draft.edges.count);
  for (const route of routes) for (const edge of route) passed[edge] = column.at(passed, edge) + 1;
  const slotOf = (edge: number): number => column.at(draft.edges.slot, edge);
  const origins = measureOrigins(draft, adjacency, edges);
  return {
    routes: routes.map((route) => route.map(slotOf)),
    complete,
    edges: new Map(
      origins.map(({ edge, ...origin }) => [
        slotOf(edge),
        { ...origin, hop: column.at(fromStart, column.at(draft.edges.source, edge)), routes: column.at(passed, edge) },
      ]),
    ),
  };
}
