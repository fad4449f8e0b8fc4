// The paths of a view, told by the ids of its edges. In: DraftPaths, the laid graph. Out: PathsPart.
import type { EdgeId } from '../../model/ids';
import type { PathsPart } from '../../model/paths';
import type { ViewSpec } from '../../model/wire';
import * as column from './columns';
import type { DraftPaths } from './draft';
import type { LaidGraph } from './finish';

export function finishPaths(paths: DraftPaths, view: ViewSpec, { edges, edgeOrder, topology }: LaidGraph): PathsPart {
  const drawn = new Set<number>(edges.slot);
  const routes: (readonly EdgeId[])[] = [];
  // Where the ways are folded, they are seen on the folded edges only.
  for (const route of paths.routes) if (route.every((slot) => drawn.has(slot))) routes.push(route.map((slot) => topology.edgeIdOf(slot)));
  const found: PathsPart['edges'][number][] = [];
  for (const e of edgeOrder) {
    const slot = column.at(edges.slot, e);
    const own = paths.edges.get(slot);
    if (own !== undefined) found.push({ id: topology.edgeIdOf(slot), ...own });
  }
  return { from: view.from ?? '', to: view.to ?? '', routes, complete: paths.complete, edges: found };
}
