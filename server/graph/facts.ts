// What the inventory says of a node, whatever the traffic: kind, mode, pods, badges, tolerances, health of its pods.
// In: NodeIdentity, InventoryIndex, ToleranceBook. Out: NodeFacts, the same object while nothing that it was read from changed.
import type { Badge, GraphNode } from '../../model/graph';
import type { Health } from '../../model/health';
import { NO_HEALTH } from '../../model/health';
import { combineHealth, podHealth, RATE_ANNOTATION } from '../../model/health-rules';
import type { MeshMode, ServiceInfo, WorkloadInfo } from '../../model/inventory';
import { type InventoryIndex, workloadEntryKey } from './inventory-index';
import type { ToleranceBook, ToleranceSet } from './tolerance-book';
import type { NodeIdentity } from './topology';

export interface NodeFacts {
  readonly workloads: readonly WorkloadInfo[];
  readonly service: ServiceInfo | null;
  /** App that a service belongs to, for its box. */
  readonly app: string | null;
  readonly workloadKind: string | null;
  readonly mode: MeshMode | null;
  readonly pods: GraphNode['pods'];
  /** Without those that depend on the traffic. */
  readonly badges: readonly Badge[];
  readonly podHealth: Health;
  /** Tolerances of its requests; null for nodes that have no health (unknown, passthrough, ...). */
  readonly tolerances: ToleranceSet | null;
}

interface Read {
  readonly facts: NodeFacts;
  readonly identity: NodeIdentity;
  readonly routing: InventoryIndex['routing'];
  readonly workloadEntries: InventoryIndex['workloadEntries'];
  index: InventoryIndex;
}

const NO_WORKLOADS: readonly WorkloadInfo[] = [];

export class FactsBook {
  readonly #tolerances: ToleranceBook;
  readonly #read: (Read | undefined)[] = [];

  constructor(tolerances: ToleranceBook) {
    this.#tolerances = tolerances;
  }

  /** Facts of a node by one state of the inventory. */
  factsOf(identity: NodeIdentity, index: InventoryIndex): NodeFacts {
    const last = this.#read[identity.index];
    const sameIdentity = last !== undefined && last.identity === identity;
    if (sameIdentity && last.index === index) return last.facts;
    const workloads = findWorkloads(identity, index);
    const service = findService(identity, index);
    const app = service === null ? null : index.appOfService(service);
    if (
      sameIdentity &&
      last.routing === index.routing &&
      last.workloadEntries === index.workloadEntries &&
      last.facts.service === service &&
      last.facts.app === app &&
      last.facts.workloads.length === workloads.length &&
      last.facts.workloads.every((w, i) => w === workloads[i])
    ) {
      last.index = index;
      return last.facts;
    }
    const facts: NodeFacts = {
      workloads,
      service,
      app,
      workloadKind: workloads.length === 1 ? (workloads[0]?.kind ?? null) : null,
      mode: modeOf(workloads),
      pods: podsOf(workloads),
      badges: badgesOf(identity, workloads, service, index),
      podHealth: workloads.length === 0 ? NO_HEALTH : combineHealth(workloads.map((w) => podHealth(w.name, w.pods))),
      tolerances: this.#tolerancesOf(identity, workloads, service),
    };
    this.#read[identity.index] = { facts, identity, routing: index.routing, workloadEntries: index.workloadEntries, index };
    return facts;
  }

  #tolerancesOf(identity: NodeIdentity, workloads: readonly WorkloadInfo[], service: ServiceInfo | null): ToleranceSet | null {
    const { kind, namespace, workload, app } = identity;
    switch (kind) {
      case 'service':
      case 'serviceEntry':
        return this.#tolerances.setOf('service', namespace, identity.service ?? '', service?.annotations[RATE_ANNOTATION] ?? null);
      case 'workload':
      case 'app':
        if (workload !== null)
          return this.#tolerances.setOf('workload', namespace, workload, workloads[0]?.annotations[RATE_ANNOTATION] ?? null);
        return this.#tolerances.setOf('app', namespace, app ?? '', null);
      case 'namespace':
      case 'hidden':
      case 'unknown':
      case 'passthrough':
      case 'blackhole':
      case 'operation':
        return null;
      default:
        return kind satisfies never;
    }
  }
}

function findWorkloads(identity: NodeIdentity, index: InventoryIndex): readonly WorkloadInfo[] {
  if (identity.workload !== null) {
    const info = index.workloadOf(identity.cluster, identity.namespace, identity.workload);
    return info === null ? NO_WORKLOADS : [info];
  }
  return identity.kind === 'app' && identity.app !== null
    ? index.workloadsOfApp(identity.cluster, identity.namespace, identity.app)
    : NO_WORKLOADS;
}

const findService = (identity: NodeIdentity, index: InventoryIndex): ServiceInfo | null =>
  identity.kind === 'service' && identity.service !== null ? index.serviceOf(identity.cluster, identity.namespace, identity.service) : null;

/** The mode on which all workloads agree. */
function modeOf(workloads: readonly WorkloadInfo[]): MeshMode | null {
  const mode = workloads[0]?.mode ?? null;
  return workloads.every((w) => w.mode === mode) ? mode : null;
}

function podsOf(workloads: readonly WorkloadInfo[]): GraphNode['pods'] {
  if (workloads.length === 0) return null;
  return {
    ready: workloads.reduce((sum, w) => sum + w.pods.ready, 0),
    desired: workloads.reduce((sum, w) => sum + w.pods.desired, 0),
  };
}

/** What the configuration that makes badges says; of the whole cluster, or of the part of it that somebody may see. */
export type BadgeSources = Pick<InventoryIndex, 'inventory' | 'routing' | 'workloadEntries'>;

/** The badges of a node by one configuration. */
export function badgesOf(
  identity: NodeIdentity,
  workloads: readonly WorkloadInfo[],
  service: ServiceInfo | null,
  index: BadgeSources,
): readonly Badge[] {
  const badges: Badge[] = [];
  if (workloads.some((w) => w.mode === 'gateway')) badges.push('gateway');
  if (workloads.some((w) => w.mode === 'waypoint')) badges.push('waypoint');
  if (identity.kind === 'service' || identity.kind === 'serviceEntry') badges.push(...routingOf(identity, service, index));
  else if (workloads.some((w) => hasOwnBreaker(w, index))) badges.push('circuitBreaker');
  if (workloads.some(lacksProxy)) badges.push('noSidecar');
  if (workloads.some((w) => w.mode === 'ambient')) badges.push('ambient');
  const { namespace, app, version } = identity;
  if (app !== null && index.workloadEntries.has(workloadEntryKey(namespace, app, version ?? ''))) badges.push('workloadEntry');
  if (identity.entry?.external === true || service?.type === 'ExternalName' || identity.kind === 'passthrough') badges.push('external');
  return badges;
}

function routingOf(identity: NodeIdentity, service: ServiceInfo | null, index: BadgeSources): readonly Badge[] {
  const hosts = identity.entry?.hosts ?? [service?.host ?? identity.host ?? ''];
  const [only] = hosts;
  if (hosts.length === 1 && only !== undefined) return index.routing.get(only)?.badges ?? [];
  return [...new Set(hosts.flatMap((host) => index.routing.get(host)?.badges ?? []))];
}

/** A subset of some service of its namespace selects its pods and has a circuit breaker of its own. */
function hasOwnBreaker(workload: WorkloadInfo, index: BadgeSources): boolean {
  const domain = index.inventory?.mesh.domain ?? 'cluster.local';
  for (const name of new Set([workload.app, workload.podLabels['app'] ?? workload.app])) {
    const routing = index.routing.get(`${name}.${workload.namespace}.svc.${domain}`);
    if (routing?.breakers.some((b) => Object.entries(b.labels).every(([k, v]) => workload.podLabels[k] === v)) === true) return true;
  }
  return false;
}

/** Out of the mesh, or some of its running pods are. */
const lacksProxy = (workload: WorkloadInfo): boolean =>
  workload.mode === 'none' || (workload.mode === 'sidecar' && workload.meshedPods < workload.pods.ready);
