// Everything that a page tells of an entity, in one document; cut to what its reader may see. In: inventory, graphs of the entity's namespace,
// findings, Veil. Out: DetailDocument. Pure. The spine of server/details: each part has a file of its own.
import {
  type DetailDocument,
  type DetailFacts,
  type DetailMember,
  type DetailMtls,
  type DetailPod,
  MAX_DETAIL_MEMBERS,
  MAX_DETAIL_OBJECTS,
  MAX_DETAIL_PODS,
} from '../../model/detail';
import { type ConfigRef, refText } from '../../model/edit';
import type { EntityRef } from '../../model/entity';
import type { EntityFinding, Finding } from '../../model/finding';
import type { Graph } from '../../model/graph';
import { type Health, NO_HEALTH } from '../../model/health';
import { combineHealth, podHealth } from '../../model/health-rules';
import { type NodeId, nodeId } from '../../model/ids';
import type { PodInfo } from '../../model/inventory';
import type { Freshness } from '../../model/wire';
import type { MeshIndex } from '../istio/mesh-index';
import type { Veil } from '../steering/veil';
import type { EntityParts } from './entities';
import { describeMesh } from './mesh-mode';
import { describeObjects } from './objects';
import { findNode, healthOfNamespace, peersOfNamespace, peersOfNode } from './peers';
import { describeMtls, describePorts } from './ports';

/** Graphs of the namespace of an entity as its reader may see them; null while no traffic is known. */
export interface EntityGraphs {
  /** Workloads and services. */
  readonly whole: Graph;
  /** Where peers of this kind of entity are told: apps to apps, workloads to workloads. */
  readonly peers: Graph;
  readonly atMs: number;
}

export interface DetailInputs {
  readonly entity: EntityRef;
  readonly windowSeconds: number;
  readonly freshness: Freshness;
  readonly graphs: EntityGraphs | null;
  /** Null: the cluster was not read yet, or has none of that name. */
  readonly known: {
    readonly index: MeshIndex;
    readonly parts: EntityParts;
    readonly findings: readonly Finding[];
    readonly remarks: readonly EntityFinding[];
  } | null;
  readonly cluster: string | null;
  readonly veil: Veil;
}

const NO_FACTS: DetailFacts = {
  ...{ kind: null, createdAtMs: null, labels: {}, annotations: {}, app: null, versions: [], serviceAccounts: [], host: null },
  ...{ addresses: [], selector: {} },
};

const sorted = (texts: Iterable<string>): readonly string[] =>
  [...new Set(texts)].filter((text) => text !== '' && text !== 'unknown').sort();

function factsOf({ entity, namespace, services, workloads }: EntityParts): DetailFacts {
  const shared = {
    versions: sorted(workloads.map(({ version }) => version)),
    serviceAccounts: sorted(workloads.map(({ serviceAccount }) => serviceAccount)),
  };
  switch (entity.kind) {
    case 'namespace':
      return {
        ...NO_FACTS,
        createdAtMs: namespace?.createdAtMs ?? null,
        labels: namespace?.labels ?? {},
        annotations: namespace?.annotations ?? {},
        serviceAccounts: shared.serviceAccounts,
      };
    case 'app':
      return { ...NO_FACTS, ...shared, app: entity.name, createdAtMs: Math.min(...workloads.map(({ createdAtMs }) => createdAtMs)) };
    case 'workload': {
      const [workload] = workloads;
      if (workload === undefined) return NO_FACTS;
      const { kind, createdAtMs, annotations, app, podLabels } = workload;
      return { ...NO_FACTS, ...shared, kind, createdAtMs, labels: { ...workload.labels, ...podLabels }, annotations, app };
    }
    case 'service': {
      const [service] = services;
      if (service === undefined) return NO_FACTS;
      const { type, createdAtMs, labels, annotations, host, clusterIps, selector, externalName, headless } = service;
      const addresses = externalName === null ? (headless ? ['headless'] : clusterIps) : [externalName];
      return { ...NO_FACTS, ...shared, kind: type, createdAtMs, labels, annotations, host, addresses, selector };
    }
    default:
      return entity.kind satisfies never;
  }
}

const nameOfWorkload = ({ workload, name }: PodInfo): string => (workload === null ? name : (workload.split('/').at(-1) ?? name));

const podOf = (pod: PodInfo): DetailPod => ({
  name: pod.name,
  workload: nameOfWorkload(pod),
  ready: pod.ready,
  phase: pod.phase,
  restarts: pod.restarts,
  createdAtMs: pod.createdAtMs,
  ip: pod.ip,
  node: pod.node ?? null,
  containers: [...pod.containers, ...(pod.sidecars ?? [])],
  proxy: pod.injected || pod.containers.includes('istio-proxy') ? 'sidecar' : pod.ambient ? 'ztunnel' : 'none',
  proxyVersion: pod.proxyVersion,
});

function membersOf(
  { entity, services, workloads }: EntityParts,
  graphs: EntityGraphs | null,
  cluster: string | null,
): readonly DetailMember[] {
  const { kind, namespace } = entity;
  const healthOf = (ref: EntityRef): DetailMember['health'] =>
    graphs === null ? null : (findNode(ref.kind === 'app' ? graphs.peers : graphs.whole, ref, cluster)?.health.status ?? null);
  const member = (ref: EntityRef, how: DetailMember['how'], pods: DetailMember['pods']): DetailMember => ({
    entity: ref,
    how,
    health: healthOf(ref),
    pods,
  });
  const asService = services.map(({ name }) =>
    member({ kind: 'service', namespace, name }, kind === 'namespace' ? 'part' : 'selects', null),
  );
  const asWorkload = workloads.map(({ name, pods: { ready, desired } }) =>
    member({ kind: 'workload', namespace, name }, kind === 'service' ? 'selects' : 'part', { ready, desired }),
  );
  const apps = sorted(workloads.map(({ app }) => app)).map((name) =>
    member({ kind: 'app', namespace, name }, kind === 'namespace' ? 'part' : 'of', null),
  );
  switch (kind) {
    case 'namespace':
      return [...apps, ...asWorkload, ...asService];
    case 'app':
      return [...asWorkload, ...asService];
    case 'workload':
      return [...asService, ...apps];
    case 'service':
      return [...asWorkload, ...apps];
    default:
      return kind satisfies never;
  }
}

/** Without traffic, what the pods alone tell. */
function healthOf({ entity, graphs, known, cluster }: DetailInputs): Health {
  const ofPods = known === null ? NO_HEALTH : combineHealth(known.parts.workloads.map(({ name, pods }) => podHealth(name, pods)));
  if (graphs === null) return ofPods;
  if (entity.kind === 'namespace') return healthOfNamespace(graphs.whole, entity.namespace, cluster);
  const node = findNode(graphs.peers, entity, cluster);
  return node?.health ?? ofPods;
}

function trafficOf({ entity, graphs, cluster }: DetailInputs): DetailDocument['traffic'] {
  if (graphs === null) return null;
  if (entity.kind === 'namespace') return peersOfNamespace(graphs.whole, entity.namespace, cluster);
  const node = findNode(graphs.peers, entity, cluster);
  return node === null ? { inbound: [], outbound: [] } : peersOfNode(graphs.peers, node, cluster);
}

function nodeOf({ entity, graphs, cluster }: DetailInputs): NodeId | null {
  const { kind, namespace, name } = entity;
  if (kind === 'namespace') return null;
  const known = graphs === null ? null : findNode(graphs.peers, entity, cluster);
  return known?.id ?? (cluster === null ? null : nodeId(kind, cluster, namespace, name));
}

const veiledRef = (ref: ConfigRef | null, veil: Veil): ConfigRef | null => (ref === null || veil.sees(ref.namespace) ? ref : null);
const veiledMtls = (mtls: DetailMtls, veil: Veil): DetailMtls => ({
  ...mtls,
  demandedBy: veiledRef(mtls.demandedBy, veil),
  clientsBy: veiledRef(mtls.clientsBy, veil),
  why: veil.text(mtls.why),
});

export function describeEntity(inputs: DetailInputs): DetailDocument {
  const { entity, windowSeconds, freshness, graphs, known, cluster, veil } = inputs;
  const parts = known?.parts ?? null;
  const members = parts === null ? [] : membersOf(parts, graphs, cluster);
  const pods = parts === null ? [] : [...parts.pods].sort((a, b) => Number(a.ready) - Number(b.ready) || (a.name < b.name ? -1 : 1));
  const objects =
    known === null
      ? []
      : describeObjects(known.index, known.parts, known.findings)
          .filter(({ ref }) => veil.sees(ref.namespace))
          .map((object) => ({ ...object, text: veil.text(object.text) }));
  const shown = objects.slice(0, MAX_DETAIL_OBJECTS);
  const mine = new Set(shown.map(({ ref }) => refText(ref)));
  const mesh = known === null ? { mode: null, revision: null, reasons: [] } : describeMesh(known.index, known.parts);
  const mtls = known === null ? null : describeMtls(known.index, known.parts);
  const ports = known === null ? [] : describePorts(known.index, known.parts);
  return {
    entity,
    cluster: cluster ?? '',
    node: nodeOf(inputs),
    inCluster: known !== null,
    windowSeconds,
    atMs: graphs?.atMs ?? null,
    freshness,
    facts: parts === null ? NO_FACTS : factsOf(parts),
    health: healthOf(inputs),
    mesh: { ...mesh, reasons: mesh.reasons.map((reason) => veil.text(reason)) },
    members: members.slice(0, MAX_DETAIL_MEMBERS),
    membersMore: Math.max(0, members.length - MAX_DETAIL_MEMBERS),
    pods: pods.slice(0, MAX_DETAIL_PODS).map(podOf),
    podsMore: Math.max(0, pods.length - MAX_DETAIL_PODS),
    ports: ports.map((port) => ({ ...port, mtls: veiledMtls(port.mtls, veil) })),
    mtls: mtls === null ? null : veiledMtls(mtls, veil),
    objects: shown,
    objectsMore: objects.length - shown.length,
    findings: known === null ? [] : veil.findings(known.findings.filter(({ object }) => mine.has(refText(object)))),
    remarks:
      known === null
        ? []
        : known.remarks
            .filter((remark) => isAbout(remark.entity, entity, known.parts))
            .slice(0, 50)
            .map((remark) => ({ ...remark, message: veil.text(remark.message), consequence: veil.text(remark.consequence) })),
    traffic: trafficOf(inputs),
  };
}

/** Whether something is the entity or, of apps and namespaces, one of its parts. */
function isAbout(other: EntityRef, entity: EntityRef, { workloads, services }: EntityParts): boolean {
  if (other.namespace !== entity.namespace) return false;
  switch (entity.kind) {
    case 'namespace':
      return true;
    case 'app':
      return other.kind === 'workload'
        ? workloads.some(({ name }) => name === other.name)
        : other.kind === 'service' && services.some(({ name }) => name === other.name);
    case 'workload':
    case 'service':
      return other.kind === entity.kind && other.name === entity.name;
    default:
      return entity.kind satisfies never;
  }
}
