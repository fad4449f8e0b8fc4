// The service registry: Kubernetes services and ServiceEntry hosts under one type, their endpoints, and who may see them.
// In: MeshIndex. Out: MeshService look-ups by host, by address and by wildcard; endpoints by selector and subset.
import type { Inventory, PodInfo, ServiceInfo } from '../../model/inventory';
import { isAddress, isInBlock, prefixLengthOf } from './addresses';
import { isEmpty, type Labels, labelsKey, selects } from './labels';
import { groupBy, inParts, memoByObject, remember, type Stepwise } from './memo';
import { type MeshIndex, tableInSteps, tableOf } from './mesh-index';
import { compareSpecificity, isHostWithin, isWildcardHost } from './names';
import { decodeProtocol, decodeServicePortProtocol, type PortProtocol } from './port-protocol';
import { readServiceEntry, readWorkloadEntry, type ServiceEntryView, type WorkloadEntryView } from './read/service-entry';
import { isExportedTo } from './visibility';

export { resolveHost } from './names';

export interface MeshPort {
  readonly port: number;
  readonly name: string;
  readonly protocol: PortProtocol;
  /** Container port; a text is the name of a container's port; null = the same as `port`. */
  readonly targetPort: number | string | null;
}

/** One host that proxies know, with where it comes from. */
export interface MeshService {
  readonly host: string;
  readonly namespace: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly ports: readonly MeshPort[];
  readonly exportTo: readonly string[];
  /** Cluster IPs, addresses and CIDR blocks by which it is called. */
  readonly addresses: readonly string[];
  /** Proxies connect to the address that the client dialled: headless services and ServiceEntry resolution NONE. */
  readonly headless: boolean;
  /** Outside the mesh: no mutual TLS is tried. */
  readonly external: boolean;
  /** Host for which an ExternalName service stands. */
  readonly aliasOf: string | null;
  readonly source:
    | { readonly kind: 'service'; readonly service: ServiceInfo }
    | { readonly kind: 'entry'; readonly entry: ServiceEntryView };
}

interface Registry {
  readonly all: readonly MeshService[];
  readonly byHost: ReadonlyMap<string, readonly MeshService[]>;
  /** Services whose host is a wildcard, most specific first. */
  readonly wildcards: readonly MeshService[];
  readonly byAddress: ReadonlyMap<string, readonly MeshService[]>;
  /** Services with a block of addresses, longest prefix first. */
  readonly blocks: readonly { readonly block: string; readonly prefix: number; readonly service: MeshService }[];
}

const EXPORT_ANNOTATION = 'networking.istio.io/exportTo';

const fromService = memoByObject((service: ServiceInfo): MeshService => {
  const exportTo = service.annotations[EXPORT_ANNOTATION];
  return {
    host: service.host,
    namespace: service.namespace,
    name: service.name,
    createdAtMs: service.createdAtMs,
    ports: service.ports.map(({ port, name, transport, appProtocol, targetPort }) => ({
      port,
      name,
      targetPort,
      protocol: decodeServicePortProtocol(port, name, transport, appProtocol),
    })),
    exportTo: exportTo === undefined ? [] : exportTo.split(',').map((entry) => entry.trim()),
    addresses: service.clusterIps.filter((ip) => ip !== '' && ip !== 'None'),
    headless: service.headless,
    external: false,
    aliasOf: service.type === 'ExternalName' ? service.externalName : null,
    source: { kind: 'service', service },
  };
});

const fromEntry = memoByObject((entry: ServiceEntryView): readonly MeshService[] =>
  entry.hosts.map((host) => ({
    host,
    namespace: entry.object.namespace,
    name: entry.object.name,
    createdAtMs: entry.object.createdAtMs,
    ports: entry.ports.map(({ number, name, protocol, targetPort }) => ({
      port: number,
      name,
      targetPort,
      protocol: protocol === '' ? decodeServicePortProtocol(number, name, 'TCP', null) : decodeProtocol(protocol),
    })),
    exportTo: entry.exportTo,
    addresses: entry.addresses,
    headless: entry.resolution === 'NONE',
    external: entry.external,
    aliasOf: null,
    source: { kind: 'entry', entry },
  })),
);

/** What says nothing of exportTo, where the mesh keeps it to its namespace. */
const privatised = memoByObject(
  (service: MeshService): MeshService => (service.exportTo.length === 0 ? { ...service, exportTo: ['.'] } : service),
);

const registryOf = tableInSteps(function* (index): Generator<void, Registry> {
  const all: MeshService[] = [];
  const own = index.inventory.mesh.privateByDefault.services ? privatised : (service: MeshService): MeshService => service;
  for (const part of inParts([...index.inventory.services.values()])) {
    for (const service of part) all.push(own(fromService(service)));
    yield;
  }
  for (const part of inParts(index.objects('ServiceEntry'))) {
    for (const object of part) all.push(...fromEntry(readServiceEntry(object)).map(own));
    yield;
  }
  const addressed = all.flatMap((service) => service.addresses.map((address) => [address, service] as const));
  const byAddress = new Map<string, MeshService[]>();
  for (const part of inParts(addressed, 256)) {
    for (const [address, service] of part) remember(byAddress, address, () => []).push(service);
    yield;
  }
  const blocks = addressed.flatMap(([block, service]) => {
    const prefix = block.includes('/') ? prefixLengthOf(block) : null;
    return prefix === null ? [] : [{ block, prefix, service }];
  });
  const byHost = new Map<string, MeshService[]>();
  for (const part of inParts(all, 256)) {
    for (const service of part) remember(byHost, service.host, () => []).push(service);
    yield;
  }
  return {
    all,
    blocks: blocks.sort((a, b) => b.prefix - a.prefix || a.service.createdAtMs - b.service.createdAtMs),
    byHost,
    wildcards: all.filter((service) => isWildcardHost(service.host)).sort((a, b) => compareSpecificity(a.host, b.host)),
    byAddress,
  };
});

/** All services of the mesh, for whoever prepares them. */
export const serviceTable: Stepwise<MeshIndex> = registryOf;

const NO_SERVICES: readonly MeshService[] = [];

/** Every service with exactly this host, whoever may see it. */
export const servicesForHost = (index: MeshIndex, host: string): readonly MeshService[] =>
  registryOf(index).byHost.get(host) ?? NO_SERVICES;

/** Services that own an address: exactly, else by the narrowest block that holds it. */
export function servicesForAddress(index: MeshIndex, address: string): readonly MeshService[] {
  const { byAddress, blocks } = registryOf(index);
  const exact = byAddress.get(address);
  if (exact !== undefined) return exact;
  if (blocks.length === 0 || !isAddress(address)) return NO_SERVICES;
  const hits = blocks.filter(({ block }) => isInBlock(address, block));
  return hits.filter(({ prefix }) => prefix === hits[0]?.prefix).map(({ service }) => service);
}

/** Every service of the registry, Kubernetes services first. */
export const allServices = (index: MeshIndex): readonly MeshService[] => registryOf(index).all;

/** ServiceEntry hosts with a wildcard that mean `host`, most specific first. */
export const wildcardServicesFor = (index: MeshIndex, host: string): readonly MeshService[] =>
  registryOf(index).wildcards.filter((service) => isHostWithin(host, service.host));

/** Container port that a service port means at a pod; null for a name that none of its containers has. */
export function containerPortAt(service: MeshService | null, port: number, pod: Pick<PodInfo, 'namedPorts'>): number | null {
  const target = (service === null ? null : portOf(service, port))?.targetPort ?? port;
  return typeof target === 'number' ? target || port : (pod.namedPorts?.[target] ?? null);
}

/** Every host of the registry once. */
export const registryHosts = (index: MeshIndex): Iterable<string> => registryOf(index).byHost.keys();

/**
 * The service that a client's namespace sees under a host: its own namespace's first, a Kubernetes service before a ServiceEntry,
 * then the oldest. `accepts` narrows (Sidecar imports, a port).
 */
export function pickService(
  candidates: readonly MeshService[],
  clientNamespace: string,
  accepts: (service: MeshService) => boolean = () => true,
): MeshService | null {
  let best: MeshService | null = null;
  for (const service of candidates) {
    if (!isExportedTo(service.exportTo, service.namespace, clientNamespace) || !accepts(service)) continue;
    if (best === null || precedes(service, best, clientNamespace)) best = service;
  }
  return best;
}

function precedes(a: MeshService, b: MeshService, clientNamespace: string): boolean {
  const own = Number(b.namespace === clientNamespace) - Number(a.namespace === clientNamespace);
  if (own !== 0) return own < 0;
  const kubernetes = Number(b.source.kind === 'service') - Number(a.source.kind === 'service');
  return kubernetes !== 0 ? kubernetes < 0 : a.createdAtMs < b.createdAtMs;
}

/** The service visible to a namespace under an exact host, or under a wildcard ServiceEntry host written the same. */
export const visibleService = (index: MeshIndex, host: string, clientNamespace: string): MeshService | null =>
  pickService(servicesForHost(index, host), clientNamespace);

export const portOf = (service: MeshService, port: number): MeshPort | null => service.ports.find((entry) => entry.port === port) ?? null;

/** Tied to the pods, which a planned change of configuration leaves alone. */
const podsByNamespace = memoByObject((pods: Inventory['pods']) => groupBy(pods.values(), (pod) => pod.namespace));
const workloadEntriesByNamespace = tableOf((index) =>
  groupBy(index.objects('WorkloadEntry').map(readWorkloadEntry), (entry) => entry.object.namespace),
);
const podsBySelector = tableOf(() => new Map<string, readonly PodInfo[]>());

/** By namespace, then label name, then value: selectors are looked up by their first label instead of asking every pod. */
const podsByLabel = memoByObject<Inventory['pods'], Map<string, Map<string, ReadonlyMap<string | undefined, readonly PodInfo[]>>>>(
  () => new Map(),
);

/** Pods of a namespace that a selector selects, ready or not, in the order of the inventory. */
export function podsSelected(index: MeshIndex, namespace: string, selector: Labels): readonly PodInfo[] {
  const pods = podsIn(index, namespace);
  const [first] = Object.keys(selector);
  if (first === undefined) return pods;
  const byName = remember(
    podsByLabel(index.inventory.pods),
    namespace,
    () => new Map<string, ReadonlyMap<string | undefined, readonly PodInfo[]>>(),
  );
  const byValue = remember(byName, first, () => groupBy(pods, (pod) => pod.labels[first]));
  return (byValue.get(selector[first]) ?? []).filter((pod) => selects(selector, pod.labels));
}

/** Every pod of a namespace. */
export const podsIn = (index: MeshIndex, namespace: string): readonly PodInfo[] =>
  podsByNamespace(index.inventory.pods).get(namespace) ?? [];

/** Selector of the pods behind a service; null = its endpoints are written out. */
export const selectorOf = (service: MeshService): Labels | null =>
  service.source.kind === 'service' ? service.source.service.selector : service.source.entry.workloadSelector;

/** True when a pod stands behind a service: selected by labels, or its address written among the endpoints of a ServiceEntry. */
export function isBehind(service: MeshService, pod: { readonly labels: Labels; readonly ips: readonly string[] }): boolean {
  const selector = selectorOf(service);
  if (selector !== null && !isEmpty(selector)) return selects(selector, pod.labels);
  const { source } = service;
  return source.kind === 'entry' && source.entry.endpoints.some(({ address }) => address !== '' && pod.ips.includes(address));
}

function readyPods(index: MeshIndex, service: MeshService): readonly PodInfo[] {
  const selector = selectorOf(service);
  if (selector === null || isEmpty(selector)) return [];
  return remember(podsBySelector(index), `${service.namespace}/${service.source.kind}/${service.name}`, () =>
    podsSelected(index, service.namespace, selector).filter((pod) => pod.ready),
  );
}

/** WorkloadEntries behind a service (proxied machines outside Kubernetes). */
function workloadEntriesOf(index: MeshIndex, service: MeshService): readonly WorkloadEntryView[] {
  const selector = selectorOf(service);
  if (selector === null || isEmpty(selector)) return [];
  return (workloadEntriesByNamespace(index).get(service.namespace) ?? []).filter((entry) => selects(selector, entry.labels));
}

/** What stands behind a service for a subset. */
export interface Endpoints {
  /** Ready pods; null where the endpoints are no pods of this cluster (addresses, DNS names, endpoints made by hand). */
  readonly pods: readonly PodInfo[] | null;
  /** Nothing can be reached. */
  readonly empty: boolean;
}

const endpointTables = tableOf(() => memoByObject<MeshService, Map<string, Endpoints>>(() => new Map()));

/** Endpoints of a service of the registry with the labels of a subset (empty = all of them); they are the same for every client. */
export const endpointsBehind = (index: MeshIndex, service: MeshService, subsetLabels: Labels): Endpoints =>
  remember(endpointTables(index)(service), isEmpty(subsetLabels) ? '' : labelsKey(subsetLabels), () =>
    findEndpoints(index, service, subsetLabels),
  );

function findEndpoints(index: MeshIndex, service: MeshService, subsetLabels: Labels): Endpoints {
  const { source } = service;
  const selector = selectorOf(service);
  if (selector !== null && !isEmpty(selector)) {
    const ready = readyPods(index, service);
    const pods = isEmpty(subsetLabels) ? ready : ready.filter((pod) => selects(subsetLabels, pod.labels));
    const entries = workloadEntriesOf(index, service).some((entry) => selects(subsetLabels, entry.labels));
    return { pods, empty: pods.length === 0 && !entries };
  }
  if (source.kind === 'service') return { pods: null, empty: false };
  const { entry } = source;
  // Without endpoints, DNS resolves the host itself and NONE keeps the dialled address; only STATIC can be empty.
  if (entry.endpoints.length === 0) return { pods: null, empty: entry.resolution === 'STATIC' };
  return { pods: null, empty: !entry.endpoints.some((endpoint) => selects(subsetLabels, endpoint.labels)) };
}

/** Ready pods of a Kubernetes service on one of its ports that carry the labels of a subset; none if it has no such port. */
export function endpointsOf(index: MeshIndex, service: ServiceInfo, port: number, subsetLabels: Labels): readonly PodInfo[] {
  const known = servicesForHost(index, service.host).find(({ source }) => source.kind === 'service' && source.service === service);
  if (known === undefined) return [];
  return portOf(known, port) === null ? [] : (endpointsBehind(index, known, subsetLabels).pods ?? []);
}
