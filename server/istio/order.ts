// The order in which Istio reads objects: oldest first, then name, then namespace (its configCompareByCreationTime).
import type { ObjectMeta } from '../../model/inventory';

type Aged = Pick<ObjectMeta, 'createdAtMs' | 'name' | 'namespace'>;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts objects as Istio does where the older one wins. */
export function compareByAge(a: Aged, b: Aged): number {
  return a.createdAtMs - b.createdAtMs || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/** The Gateway API's order of routes: oldest first, then by "namespace/name". */
export function compareRoutesByAge(a: Aged, b: Aged): number {
  return a.createdAtMs - b.createdAtMs || compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`);
}
