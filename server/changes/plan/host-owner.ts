// Whom a host belongs to: the Kubernetes service or ServiceEntry behind it, its ports, and the labels that tell its versions apart.
// In: Draft, a full host. Out: HostOwner; labels of a version.
import { serviceKey } from '../../../model/ids';
import type { Inventory, PodInfo, ServiceInfo } from '../../../model/inventory';
import { isEmpty, type Labels, selects } from '../../istio/labels';
import { groupBy, memoByObject } from '../../istio/memo';
import type { Draft } from './draft';
import { isObject, listAt, numberAt } from './json-edit';

export interface HostOwner {
  readonly namespace: string;
  /** For the names of new objects. */
  readonly name: string;
  readonly service: ServiceInfo | null;
  readonly ports: readonly number[];
}

/** Namespace and name of `name.namespace.svc.domain`; null for any other host. */
export function splitServiceHost(host: string, domain: string): { readonly name: string; readonly namespace: string } | null {
  const end = `.svc.${domain}`;
  if (!host.endsWith(end)) return null;
  const [name = '', namespace = '', ...more] = host.slice(0, -end.length).split('.');
  return name === '' || namespace === '' || more.length > 0 ? null : { name, namespace };
}

/** The owner of a host; null where nobody in the inventory has it. */
export function ownerOf(draft: Draft, host: string): HostOwner | null {
  const split = splitServiceHost(host, draft.domain);
  if (split !== null) {
    const service = draft.inventory.services.get(serviceKey(draft.inventory.cluster, split.namespace, split.name));
    if (service !== undefined)
      return { namespace: service.namespace, name: service.name, service, ports: service.ports.map(({ port }) => port) };
  }
  const entry = draft.ofHost('ServiceEntry', host)[0];
  if (entry === undefined) return null;
  const ports = listAt(entry.manifest.spec, 'ports').flatMap((port) => (isObject(port) ? (numberAt(port, 'number') ?? []) : []));
  return { namespace: entry.ref.namespace, name: host.replace(/^\*\./, ''), service: null, ports };
}

const podsByNamespace = memoByObject((pods: Inventory['pods']) => groupBy(pods.values(), (pod) => pod.namespace));

/** Pods that a service selects. */
export function podsOf(inventory: Inventory, service: ServiceInfo): readonly PodInfo[] {
  if (isEmpty(service.selector)) return [];
  return (podsByNamespace(inventory.pods).get(service.namespace) ?? []).filter((pod) => selects(service.selector, pod.labels));
}

/** Labels by which a version is known, first those that people write. */
const VERSION_LABELS = ['version', 'app.kubernetes.io/version', 'service.istio.io/canonical-revision'] as const;

/** A version as the name of a subset: `1.2.0` as `1-2-0`. */
export const subsetNameOf = (version: string): string =>
  version
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** Labels of the pods of a host that a subset of this name would mean; null where no pod carries such a version. */
export function versionLabels(draft: Draft, host: string, subset: string): Labels | null {
  const service = ownerOf(draft, host)?.service;
  if (!service) return null;
  const pods = podsOf(draft.inventory, service);
  for (const label of VERSION_LABELS)
    for (const pod of pods) {
      const version = pod.labels[label];
      if (version !== undefined && (version === subset || subsetNameOf(version) === subset)) return { [label]: version };
    }
  return null;
}
