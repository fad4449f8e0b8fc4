// What can be done with an element of the graph: focus, paths, folding. In: ViewSpec, ids, places. Out: the changed view. Pure.
import type { GraphBox, GraphNode } from '../../model/graph';
import type { NodeId } from '../../model/ids';
import { AUTO_HUBS, MAX_HOPS } from '../../model/view-options';
import { DEFAULT_VIEW, type GraphDocument, type ViewSpec } from '../../model/wire';

type Change = Partial<ViewSpec>;

const withName = (names: readonly string[], name: string): readonly string[] => [...new Set([...names, name])].sort();
const without = (names: readonly string[], name: string): readonly string[] => names.filter((one) => one !== name);

/** Folds a namespace (`shop`) or an app (`shop/cart`) into one node. */
export const foldPlace = (view: ViewSpec, place: string): Change => ({ open: without(view.open, place), fold: withName(view.fold, place) });

/** Draws it in full. */
export const unfoldPlace = (view: ViewSpec, place: string): Change => ({
  fold: without(view.fold, place),
  open: withName(view.open, place),
});

/** The node with its callers and callees, whatever the namespaces. */
export const focusOn = (id: string): Change => ({ focus: id, up: DEFAULT_VIEW.up, down: DEFAULT_VIEW.down, from: null, to: null });

export const leaveFocus = (): Change => ({ focus: null, up: DEFAULT_VIEW.up, down: DEFAULT_VIEW.down, from: null, to: null });

/** So many hops more (or fewer) in one direction, within the limits; at least one hop stays in some direction. */
export function stepHops(view: ViewSpec, direction: 'up' | 'down', by: number): Change {
  const hops = Math.min(MAX_HOPS, Math.max(0, view[direction] + by));
  const other = direction === 'up' ? view.down : view.up;
  return hops + other === 0 ? {} : { [direction]: hops };
}

export const showPaths = (from: string, to: string): Change => ({ from, to, focus: null });

/** Tells the edges of a node on its peers instead of drawing them, or draws them again. */
export const toggleHub = (view: ViewSpec, id: string): Change => ({
  hubs: view.hubs.includes(id) ? without(view.hubs, id) : withName(view.hubs, id),
});
export const toggleAutoHubs = (view: ViewSpec): Change => toggleHub(view, AUTO_HUBS);

export interface Place {
  /** As `open` and `fold` name it. */
  readonly name: string;
  readonly kind: 'namespace' | 'app';
  readonly folded: boolean;
}

const hasPlace = ({ namespace }: { readonly namespace: string }): boolean => namespace !== '' && namespace !== 'unknown';

/** The namespace and the app that an element belongs to or stands for, as far as they can be folded or unfolded. */
export function placesOf(element: GraphNode | GraphBox, document: GraphDocument): readonly Place[] {
  if (!hasPlace(element)) return [];
  const { namespace, app, kind } = element;
  if (kind === 'namespace') return [{ name: namespace, kind, folded: 'members' in element }];
  if (kind === 'cluster') return [];
  const places: Place[] = [];
  const folded = kind === 'app' && 'members' in element && element.members > 1;
  const boxed = document.boxes.some((box) => box.kind === 'app' && box.namespace === namespace && box.app === app);
  if (app !== null && (folded || boxed)) places.push({ name: `${namespace}/${app}`, kind: 'app', folded });
  places.push({ name: namespace, kind: 'namespace', folded: false });
  return places;
}

/** Name of a node by its id, for words: of the document, else the last part of the id. */
export function nameOf(id: string, document: GraphDocument | null, word: (node: GraphNode) => string): string {
  const node = document?.nodes.find((one) => one.id === (id as NodeId));
  return node === undefined
    ? decodeURIComponent(
        id
          .split('/')
          .at(-1)
          ?.replace(/%(?![0-9a-f]{2})/gi, '%25') ?? id,
      )
    : word(node);
}
