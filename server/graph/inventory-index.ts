// The inventory as the graph asks it: workloads by app, the app of a service, routing by host, ServiceEntries, WorkloadEntries.
// In: Inventory (or none yet) and the last index. Out: InventoryIndex; parts whose sources are unchanged are the same objects as before.
import { serviceKey, type WorkloadKey, workloadKey } from '../../model/ids';
import type { ConfigKind, ConfigObject, Inventory, ServiceInfo, WorkloadInfo } from '../../model/inventory';
import { readObject, readText } from './json';
import { type HostRouting, readRouting } from './routing-badges';
import { ServiceEntryIndex } from './service-entries';

/** Kinds whose objects make badges. */
const ROUTING_KINDS: readonly ConfigKind[] = ['VirtualService', 'DestinationRule', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'];

export interface InventoryIndex {
  readonly inventory: Inventory | null;
  /** Cluster of the inventory; stands for clusters that telemetry does not name. */
  readonly homeCluster: string;
  readonly routing: ReadonlyMap<string, HostRouting>;
  readonly entries: ServiceEntryIndex;
  /** By namespace, then app, then version: names of WorkloadEntries. */
  readonly workloadEntries: ReadonlySet<string>;
  workloadOf(cluster: string, namespace: string, name: string): WorkloadInfo | null;
  workloadByKey(key: WorkloadKey): WorkloadInfo | null;
  serviceOf(cluster: string, namespace: string, name: string): ServiceInfo | null;
  workloadsOfApp(cluster: string, namespace: string, app: string): readonly WorkloadInfo[];
  /** App on which the pods behind a service agree by its selector; null where the selector names none. */
  appOfService(service: ServiceInfo): string | null;
}

/** Cluster name that Istio's installers give by default; used until the API server was read. */
export const DEFAULT_CLUSTER = 'Kubernetes';

/** Key of the set `workloadEntries`. */
export const workloadEntryKey = (namespace: string, app: string, version: string): string => `${namespace}/${app}/${version}`;

const NONE: readonly WorkloadInfo[] = [];

/** Indexes an inventory; `last` saves the work for the parts that did not change. */
export function indexInventory(inventory: Inventory | null, last: InventoryIndex | null): InventoryIndex {
  if (last !== null && last.inventory === inventory) return last;
  const before = last?.inventory ?? null;
  const same = (kind: ConfigKind): boolean =>
    before !== null && inventory !== null && before.config.get(kind) === inventory.config.get(kind);
  const objects = (kind: ConfigKind): readonly ConfigObject[] => inventory?.config.get(kind) ?? [];
  const domain = inventory?.mesh.domain ?? 'cluster.local';
  const keepRouting = last !== null && ROUTING_KINDS.every(same) && before?.mesh.domain === domain;
  const homeCluster = inventory?.cluster ?? DEFAULT_CLUSTER;
  const byApp = lazy(() => groupByApp(inventory));
  return {
    inventory,
    homeCluster,
    routing: keepRouting ? last.routing : readRouting(inventory?.config ?? new Map(), domain),
    entries: last !== null && same('ServiceEntry') ? last.entries : new ServiceEntryIndex(objects('ServiceEntry')),
    workloadEntries: last !== null && same('WorkloadEntry') ? last.workloadEntries : readWorkloadEntries(objects('WorkloadEntry')),
    workloadOf: (cluster, namespace, name) => inventory?.workloads.get(workloadKey(cluster, namespace, name)) ?? null,
    workloadByKey: (key) => inventory?.workloads.get(key) ?? null,
    serviceOf: (cluster, namespace, name) => inventory?.services.get(serviceKey(cluster, namespace, name)) ?? null,
    workloadsOfApp: (cluster, namespace, app) => (cluster === homeCluster ? (byApp().get(namespace)?.get(app) ?? NONE) : NONE),
    appOfService: (service) => appOfSelector(service, byApp().get(service.namespace)),
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

type Apps = ReadonlyMap<string, readonly WorkloadInfo[]>;

function groupByApp(inventory: Inventory | null): ReadonlyMap<string, Apps> {
  const namespaces = new Map<string, Map<string, WorkloadInfo[]>>();
  for (const workload of inventory?.workloads.values() ?? []) {
    let apps = namespaces.get(workload.namespace);
    if (apps === undefined) {
      apps = new Map();
      namespaces.set(workload.namespace, apps);
    }
    const list = apps.get(workload.app);
    if (list === undefined) apps.set(workload.app, [workload]);
    else list.push(workload);
  }
  return namespaces;
}

// Istio's canonical name prefers its own label, then app.kubernetes.io/name, then app; a selector on one of them names the app,
// provided that workloads of that name exist.
function appOfSelector(service: ServiceInfo, apps: Apps | undefined): string | null {
  for (const label of ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app']) {
    const app = service.selector[label];
    if (app !== undefined && (apps === undefined || apps.has(app))) return app;
  }
  return apps?.has(service.name) === true && Object.keys(service.selector).length > 0 ? service.name : null;
}

function readWorkloadEntries(objects: readonly ConfigObject[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const object of objects) {
    const labels = readObject(object.spec['labels']);
    const app = readText(labels?.['app']) ?? readText(labels?.['app.kubernetes.io/name']);
    if (app === null) continue;
    keys.add(workloadEntryKey(object.namespace, app, ''));
    keys.add(workloadEntryKey(object.namespace, app, readText(labels?.['version']) ?? 'latest'));
  }
  return keys;
}
