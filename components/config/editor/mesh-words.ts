// Which names of the mesh fit at a place in an object: hosts, their subsets and ports, gateways, namespaces, accounts, labels of pods.
// In: lines, a cursor. Out: Wanted. Pure.
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
  | { readonly type: 'listener'; readonly namespace: string | null; readonly gateway: string }
  /** Names of services, in a namespace. */
  | { readonly type: 'service'; readonly namespace: string | null }
  | { readonly type: 'namespace' | 'gatewayClass' | 'principal' | 'labelName' }
  | { readonly type: 'labelValue'; readonly name: string };

/** Facts of the text that no line near the cursor says. */
export interface TextFacts {
  readonly kind: ConfigKind | null;
  /** `spec.host` of a DestinationRule; '' where it has none. */
  readonly host: string;
}

const endsWith = (path: readonly string[], ...tail: readonly string[]): boolean =>
  tail.length <= path.length && tail.every((part, i) => path[path.length - tail.length + i] === part);

/** Lists of texts, by the kind of name that they hold. */
const LISTS: Readonly<Record<string, Wanted>> = {
  gateways: { type: 'gateway' },
  exportTo: { type: 'namespace' },
  namespaces: { type: 'namespace' },
  notNamespaces: { type: 'namespace' },
  principals: { type: 'principal' },
  notPrincipals: { type: 'principal' },
};
/** Mappings whose keys are labels of pods. */
const isLabels = (path: readonly string[]): boolean =>
  endsWith(path, 'matchLabels') ||
  endsWith(path, 'sourceLabels') ||
  endsWith(path, 'workloadSelector', 'labels') ||
  endsWith(path, 'subsets', ELEMENT, 'labels') ||
  endsWith(path, 'spec', 'selector');

function wantElement(path: readonly string[]): Wanted | null {
  const list = path.at(-2);
  if (path.at(-1) !== ELEMENT || list === undefined) return null;
  return endsWith(path, 'spec', 'hosts', ELEMENT) ? { type: 'host' } : (LISTS[list] ?? null);
}

const isBackend = (path: readonly string[]): boolean => endsWith(path, 'backendRefs', ELEMENT) || endsWith(path, 'backendRef');

/** Null: no name of the mesh belongs there. */
export function wantAt(lines: Lines, row: number, column: number, { kind, host }: TextFacts): Wanted | null {
  const { path, key, values, indent } = placeAt(lines, row, column);
  if (path[0] !== 'spec' && !(path[0] === 'metadata' && key === 'namespace')) return null;
  if (isLabels(path)) return key === null ? { type: 'labelName' } : { type: 'labelValue', name: key };
  if (key === null) return wantElement(path);
  const namespace = values.get('namespace') ?? null;
  const parent = endsWith(path, 'parentRefs', ELEMENT);
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
      if (isBackend(path) || (parent && values.get('kind') === 'Service')) return { type: 'service', namespace };
      return parent ? { type: 'parent', namespace } : null;
    case 'sectionName':
      return parent ? { type: 'listener', namespace, gateway: values.get('name') ?? '' } : null;
    case 'port': {
      const service = values.get('name') ?? '';
      return isBackend(path) && service !== '' ? { type: 'port', host: namespace === null ? service : `${service}.${namespace}` } : null;
    }
    case 'gatewayClassName':
      return { type: 'gatewayClass' };
    case 'namespace':
      return { type: 'namespace' };
    case 'sourceNamespace':
      return kind === 'VirtualService' ? { type: 'namespace' } : null;
    default:
      return null;
  }
}
