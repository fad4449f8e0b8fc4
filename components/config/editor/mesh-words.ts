// Which names of the mesh fit at a place in an object: hosts, subsets and ports of a host, gateways, namespaces. In: lines, a cursor. Out: Wanted. Pure.
import type { ConfigKind } from '../../../model/inventory';
import { ELEMENT } from './object-schema';
import { type Lines, placeAt, valuesAbove } from './yaml-path';

export type Wanted =
  | { readonly type: 'host' }
  /** Of the host that the object names beside it. */
  | { readonly type: 'subset' | 'port'; readonly host: string }
  /** `mesh` and Istio's Gateways as `namespace/name`. */
  | { readonly type: 'gateway' }
  /** Names of Gateways of Kubernetes, in a namespace. */
  | { readonly type: 'parent'; readonly namespace: string | null }
  /** Names of services, in a namespace. */
  | { readonly type: 'service'; readonly namespace: string | null }
  | { readonly type: 'namespace' };

/** Facts of the text that no line near the cursor says. */
export interface TextFacts {
  readonly kind: ConfigKind | null;
  /** `spec.host` of a DestinationRule; '' where it has none. */
  readonly host: string;
}

const endsWith = (path: readonly string[], ...tail: readonly string[]): boolean =>
  tail.length <= path.length && tail.every((part, i) => path[path.length - tail.length + i] === part);

const NAMESPACE_LISTS: ReadonlySet<string> = new Set(['exportTo', 'namespaces', 'notNamespaces']);

/** For an element of a list of texts. */
function wantElement(path: readonly string[]): Wanted | null {
  const list = path.at(-2);
  if (path.at(-1) !== ELEMENT || list === undefined) return null;
  if (list === 'gateways') return { type: 'gateway' };
  if (endsWith(path, 'spec', 'hosts', ELEMENT)) return { type: 'host' };
  return NAMESPACE_LISTS.has(list) ? { type: 'namespace' } : null;
}

/** Null: no name of the mesh belongs there. */
export function wantAt(lines: Lines, row: number, column: number, { kind, host }: TextFacts): Wanted | null {
  const { path, key, values, indent } = placeAt(lines, row, column);
  if (path[0] !== 'spec' && !(path[0] === 'metadata' && key === 'namespace')) return null;
  if (key === null) return wantElement(path);
  const namespace = values.get('namespace') ?? null;
  switch (key) {
    case 'host':
      return { type: 'host' };
    case 'subset': {
      const named = values.get('host') ?? '';
      return named === '' ? null : { type: 'subset', host: named };
    }
    case 'number': {
      if (path.at(-1) !== 'port') return null;
      const named = valuesAbove(lines, row, indent).get('host') ?? host;
      return named === '' ? null : { type: 'port', host: named };
    }
    case 'name':
      if (endsWith(path, 'backendRefs', ELEMENT) || endsWith(path, 'backendRef')) return { type: 'service', namespace };
      if (endsWith(path, 'parentRefs', ELEMENT))
        return values.get('kind') === 'Service' ? { type: 'service', namespace } : { type: 'parent', namespace };
      return null;
    case 'port': {
      const service = values.get('name') ?? '';
      const backend = endsWith(path, 'backendRefs', ELEMENT) || endsWith(path, 'backendRef');
      return backend && service !== '' ? { type: 'port', host: namespace === null ? service : `${service}.${namespace}` } : null;
    }
    case 'namespace':
      return { type: 'namespace' };
    case 'sourceNamespace':
      return kind === 'VirtualService' ? { type: 'namespace' } : null;
    default:
      return null;
  }
}
