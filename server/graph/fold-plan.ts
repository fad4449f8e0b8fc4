// Which namespaces and apps of a view are drawn in full, by apps, or as one node. In: nodes, edges count, view. Out: what stands for each node.
// Names of the view decide first, the narrower over the wider; then the level; `auto` unfolds the largest namespaces that fit the budget.
import type { Graph } from '../../model/graph';
import { DRAW_BUDGET } from '../../model/view-options';
import type { ViewSpec } from '../../model/wire';
import { hasNamespace } from './build';
import type { DraftNode } from './draft';

export type FoldState = 'full' | 'apps' | 'namespace';
/** What stands for a node: itself, its app, its namespace. */
export type StandIn = 'self' | 'app' | 'namespace';

/** A namespace of one cluster, and how many nodes it has in each state but the folded one, which is one node. */
interface Place {
  readonly key: string;
  readonly namespace: string;
  full: number;
  /** Members by app; what has no app counts for itself. */
  readonly apps: Map<string, number>;
  alone: number;
  /** Least hops from the focus. */
  distance: number;
}

const keyOf = (cluster: string, namespace: string): string => `${cluster}/${namespace}`;

/** What stands for each node, by its position; null when nothing is folded. */
export function planFolds(nodes: readonly DraftNode[], view: ViewSpec): ((node: DraftNode, position: number) => StandIn) | null {
  if (view.fold.length === 0 && (view.level === 'full' || (view.level === 'auto' && nodes.length <= DRAW_BUDGET.nodes))) return null;
  const { places, of } = readPlaces(nodes);
  const states = statesOf(places, nodes.length, view);
  const open = new Set(view.open);
  const fold = new Set(view.fold);
  const isNamed = open.size > 0 || fold.size > 0;
  return ({ identity: { namespace }, app }, position) => {
    const place = of[position];
    if (place === undefined) return 'self';
    const name = app === null || !isNamed ? null : `${namespace}/${app}`;
    const state = fold.has(namespace) ? 'namespace' : open.has(namespace) ? 'full' : (states.get(place.key) ?? 'full');
    if (name !== null && open.has(name)) return 'self';
    if (state === 'namespace') return 'namespace';
    const isApp = app !== null && (place.apps.get(app) ?? 0) > 1;
    return isApp && (state === 'apps' || (name !== null && fold.has(name))) ? 'app' : 'self';
  };
}

interface Places {
  readonly places: ReadonlyMap<string, Place>;
  /** Place of each node; undefined for those without a namespace. */
  readonly of: readonly (Place | undefined)[];
}

function readPlaces(nodes: readonly DraftNode[]): Places {
  const places = new Map<string, Place>();
  const clusters = new Map<string, Map<string, Place>>();
  const of = nodes.map(({ identity, app, distance }) => {
    const { cluster, namespace } = identity;
    if (!hasNamespace(namespace)) return undefined;
    const own = clusters.get(cluster) ?? new Map<string, Place>();
    clusters.set(cluster, own);
    let place = own.get(namespace);
    if (place === undefined) {
      const key = keyOf(cluster, namespace);
      place = { key, namespace, full: 0, apps: new Map(), alone: 0, distance: Number.POSITIVE_INFINITY };
      own.set(namespace, place);
      places.set(key, place);
    }
    place.full++;
    if (app === null) place.alone++;
    else place.apps.set(app, (place.apps.get(app) ?? 0) + 1);
    if (distance !== null) place.distance = Math.min(place.distance, distance);
    return place;
  });
  return { places, of };
}

function statesOf(places: ReadonlyMap<string, Place>, nodes: number, view: ViewSpec): ReadonlyMap<string, FoldState> {
  switch (view.level) {
    case 'full':
      return new Map();
    case 'apps':
      return new Map([...places.keys()].map((key) => [key, 'apps']));
    case 'namespaces':
      return new Map([...places.keys()].map((key) => [key, 'namespace']));
    case 'auto':
      return nodes <= DRAW_BUDGET.nodes ? new Map() : fitStates(places, nodes, view);
    default:
      return view.level satisfies never;
  }
}

/** Everything folded, then one namespace after another unfolded, as far as there is room. */
function fitStates(places: ReadonlyMap<string, Place>, nodes: number, view: ViewSpec): ReadonlyMap<string, FoldState> {
  const states = new Map<string, FoldState>();
  let total = nodes;
  for (const place of places.values()) {
    states.set(place.key, 'namespace');
    total += 1 - place.full;
  }
  const fold = new Set(view.fold);
  const open = new Set(view.open);
  for (const place of places.values()) if (open.has(place.namespace)) total += place.full - 1;
  const byApps = (place: Place): number => place.apps.size + place.alone;
  const unfold = (place: Place, must: boolean): void => {
    if (open.has(place.namespace) || fold.has(place.namespace)) return;
    const fits = (count: number): boolean => total + count - 1 <= DRAW_BUDGET.nodes;
    if (fits(place.full)) {
      states.set(place.key, 'full');
      total += place.full - 1;
    } else if (byApps(place) < place.full && (must || fits(byApps(place)))) {
      states.set(place.key, 'apps');
      total += byApps(place) - 1;
    } else if (must) {
      states.set(place.key, 'full');
      total += place.full - 1;
    }
  };
  // Who asked for one namespace, or for what is around a node, wants to see it.
  const [wanted] = view.namespaces.length === 1 ? view.namespaces : [];
  const isWanted = (place: Place): boolean => (view.focus === null ? place.namespace === wanted : place.distance === 0);
  for (const place of places.values()) if (isWanted(place)) unfold(place, true);
  for (const place of [...places.values()].sort(compare)) if (!isWanted(place)) unfold(place, false);
  return states;
}

/** Sizes in steps of a quarter, so that a node more or less changes no order. */
const sizeOf = ({ full }: Place): number => Math.round(Math.log2(full) * 3);
/** Nearest to the focus first, then the largest, then by name. */
const compare = (a: Place, b: Place): number => nearer(a, b) || sizeOf(b) - sizeOf(a) || (a.key < b.key ? -1 : 1);
const nearer = (a: Place, b: Place): number => (a.distance === b.distance ? 0 : a.distance - b.distance);

/** Options by which another window is folded as this graph is; what only the other has is folded by namespaces. */
export function foldedLike({ nodes }: Pick<Graph, 'nodes'>): Pick<ViewSpec, 'level' | 'open' | 'fold'> {
  const [open, fold] = [new Set<string>(), new Set<string>()];
  for (const { kind, namespace, app, version, members } of nodes) {
    if (kind === 'namespace' || !hasNamespace(namespace)) continue;
    open.add(namespace);
    if (kind === 'app' && version === null && members > 1) fold.add(`${namespace}/${app ?? ''}`);
  }
  return { level: 'namespaces', open: [...open].sort(), fold: [...fold].sort() };
}
