// What the inventory says of what a row stands for: workloads behind services, releases of proxies, the label that puts it into the mesh.
// In: Inventory. Out: MeshMembers. Made once per inventory.
import type { WorkloadKey } from '../../model/ids';
import type { Inventory, NamespaceInfo, ServiceInfo, WorkloadInfo } from '../../model/inventory';
import type { ListMode, ListRow } from '../../model/list';
import { MAX_ROW_LABELS, MAX_ROW_VERSIONS } from '../../model/list';
import { selects } from '../istio/labels';
import { memoByObject, remember } from '../istio/memo';

type Labels = Readonly<Record<string, string>>;

export interface MeshMembers {
  /** Workloads whose pods the service selects. */
  behind(service: ServiceInfo): readonly WorkloadInfo[];
  in(namespace: string): readonly WorkloadInfo[];
  /** Releases of the proxies of a workload's pods, sorted. */
  proxiesOf(workload: WorkloadKey): readonly string[];
}

const NO_WORKLOADS: readonly WorkloadInfo[] = [];
const NO_TEXTS: readonly string[] = [];

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

export const membersOf: (inventory: Inventory) => MeshMembers = memoByObject((inventory: Inventory): MeshMembers => {
  const byNamespace = new Map<string, WorkloadInfo[]>();
  // By one label of the pods: a selector is compared with few workloads, however many the namespace has.
  const byLabel = new Map<string, WorkloadInfo[]>();
  for (const workload of inventory.workloads.values()) {
    push(byNamespace, workload.namespace, workload);
    for (const [label, value] of Object.entries(workload.podLabels)) push(byLabel, `${workload.namespace}/${label}=${value}`, workload);
  }
  const proxies = new Map<WorkloadKey, string[]>();
  for (const { workload, proxyVersion } of inventory.pods.values()) {
    if (workload === null || proxyVersion === null) continue;
    const known = proxies.get(workload);
    if (known === undefined) proxies.set(workload, [proxyVersion]);
    else if (!known.includes(proxyVersion)) known.push(proxyVersion);
  }
  for (const releases of proxies.values()) releases.sort();
  const behind = ({ namespace, selector }: ServiceInfo): readonly WorkloadInfo[] => {
    let fewest: readonly WorkloadInfo[] | null = null;
    for (const label in selector) {
      const own = byLabel.get(`${namespace}/${label}=${selector[label] ?? ''}`) ?? NO_WORKLOADS;
      if (fewest === null || own.length < fewest.length) fewest = own;
    }
    // A service without a selector selects nothing.
    return fewest?.filter(({ podLabels }) => selects(selector, podLabels)) ?? NO_WORKLOADS;
  };
  const byService = new Map<ServiceInfo, readonly WorkloadInfo[]>();
  return {
    behind: (service) => remember(byService, service, () => behind(service)),
    in: (namespace) => byNamespace.get(namespace) ?? NO_WORKLOADS,
    proxiesOf: (key) => proxies.get(key) ?? NO_TEXTS,
  };
});

/** The mode on which all agree; null where there is nobody to agree. */
export function modeOfAll(workloads: readonly WorkloadInfo[]): ListMode | null {
  const [first] = workloads;
  if (first === undefined) return null;
  return workloads.every(({ mode }) => mode === first.mode) ? first.mode : 'mixed';
}

/** The label of a namespace that puts its pods into the mesh, or keeps them out. */
export function injectionOf(info: NamespaceInfo | null): string | null {
  if (info === null) return null;
  if (info.ambient) return 'istio.io/dataplane-mode=ambient';
  switch (info.injection?.mode) {
    case 'enabled':
      return 'istio-injection=enabled';
    case 'disabled':
      return 'istio-injection=disabled';
    case 'revision':
      return `istio.io/rev=${info.injection.revision ?? ''}`;
    case undefined:
      return null;
  }
}

const OWN_LABELS = ['istio.io/dataplane-mode', 'sidecar.istio.io/inject', 'istio.io/rev'];

/** A pod's own label says it, else its namespace's. */
export function injectionOfWorkload({ podLabels }: WorkloadInfo, namespace: NamespaceInfo | null): string | null {
  const own = OWN_LABELS.find((label) => podLabels[label] !== undefined);
  return own === undefined ? injectionOf(namespace) : `${own}=${podLabels[own] ?? ''}`;
}

/** Ready pods that have no proxy where the workload is meant to have one. */
export const unmeshedOf = (workloads: readonly WorkloadInfo[]): number =>
  workloads.reduce((sum, { mode, pods, meshedPods }) => sum + (mode === 'sidecar' ? Math.max(0, pods.ready - meshedPods) : 0), 0);

export function podsOf(workloads: readonly WorkloadInfo[]): ListRow['pods'] {
  if (workloads.length === 0) return null;
  let [ready, desired] = [0, 0];
  for (const { pods } of workloads) {
    ready += pods.ready;
    desired += pods.desired;
  }
  return { ready, desired };
}

/** Different texts, sorted, as many as a row tells. */
export const fewOf = (texts: readonly string[]): readonly string[] =>
  texts.length < 2 ? texts : [...new Set(texts)].sort().slice(0, MAX_ROW_VERSIONS);

export const versionsOf = (workloads: readonly WorkloadInfo[]): readonly string[] =>
  fewOf(workloads.map(({ version }) => version).filter((version) => version !== '' && version !== 'unknown'));

/** As many labels as a row tells. */
export function fewLabels(labels: Labels): Labels {
  const entries = Object.entries(labels);
  return entries.length <= MAX_ROW_LABELS ? labels : Object.fromEntries(entries.slice(0, MAX_ROW_LABELS));
}

/** Labels that the pods of all of them have. */
export function commonLabels(workloads: readonly WorkloadInfo[]): Labels {
  const [first, ...others] = workloads;
  if (first === undefined) return {};
  if (others.length === 0) return fewLabels(first.podLabels);
  return fewLabels(
    Object.fromEntries(Object.entries(first.podLabels).filter(([label, value]) => others.every((one) => one.podLabels[label] === value))),
  );
}
