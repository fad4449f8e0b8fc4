// What is known of an object as long as it lives, for its kind and the domain of its mesh. In: a pure function. Out: the same, remembered.
import type { ConfigKind, ConfigObject } from '../../model/inventory';

/** An object with the kind by which the inventory files it. */
export interface Listed {
  readonly kind: ConfigKind;
  readonly object: ConfigObject;
}

/** Computes once per object; again only where it is asked for another kind or domain, which no mesh does. Of the mesh, only its domain may count. */
export function memoByListed<M extends { readonly domain: string }, V>(
  compute: (listed: Listed, mesh: M) => V,
): (listed: Listed, mesh: M) => V {
  const known = new WeakMap<ConfigObject, { readonly kind: ConfigKind; readonly domain: string; readonly value: V }>();
  return (listed, mesh) => {
    const hit = known.get(listed.object);
    if (hit !== undefined && hit.kind === listed.kind && hit.domain === mesh.domain) return hit.value;
    const value = compute(listed, mesh);
    known.set(listed.object, { kind: listed.kind, domain: mesh.domain, value });
    return value;
  };
}
