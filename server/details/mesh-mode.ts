// How pods take part in the mesh, and which label or annotation decided that. In: EntityParts, MeshIndex. Out: DetailMesh. Pure.
// Source: istio pkg/kube/inject/webhook.go (injectRequired), its documentation "Controlling the injection policy"; cni and ztunnel labels.
import type { DetailMesh } from '../../model/detail';
import type { MeshMode, NamespaceInfo, PodInfo, WorkloadInfo } from '../../model/inventory';
import type { MeshIndex } from '../istio/mesh-index';
import { servicesForHost } from '../istio/services';
import { waypointAsked, waypointBefore } from '../istio/waypoints';
import type { EntityParts } from './entities';

const INJECT = 'sidecar.istio.io/inject';
const DATAPLANE = 'istio.io/dataplane-mode';

const OF_MODE: Readonly<Record<Exclude<MeshMode, 'sidecar' | 'ambient' | 'none'>, string>> = {
  gateway: 'Its pods are an Istio gateway: the proxy is all that they run.',
  waypoint: 'Its pods are a waypoint: they stand before what is in ambient mode.',
  ztunnel: 'Its pods are ztunnel, which carries the traffic of ambient mode on each node.',
  controlPlane: 'It is Istio’s control plane.',
};

/** What the labels of namespace and pods ask for. */
function injectionAsked(
  namespace: NamespaceInfo | null,
  labels: Readonly<Record<string, string>> | null,
): readonly [boolean | null, string] {
  if (labels === null) return askedByNamespace(namespace, 'The namespace has no label');
  const place = namespace === null ? 'the namespace' : `namespace ${namespace.name}`;
  const own = labels[INJECT];
  if (own === 'false') return [false, `The pods' label ${INJECT}: "false" keeps the sidecar away.`];
  if (namespace?.injection?.mode === 'disabled') return askedByNamespace(namespace, '');
  if (own === 'true') return [true, `The pods' label ${INJECT}: "true" asks for a sidecar.`];
  const revision = labels['istio.io/rev'];
  if (revision !== undefined) return [true, `The pods' label istio.io/rev: ${revision} asks for a sidecar of that revision.`];
  return askedByNamespace(namespace, `Neither ${place} nor the pods have a label`);
}

function askedByNamespace(namespace: NamespaceInfo | null, none: string): readonly [boolean | null, string] {
  const place = `namespace ${namespace?.name ?? ''}`;
  switch (namespace?.injection?.mode) {
    case 'disabled':
      return [false, `Label istio-injection of ${place} keeps sidecars away.`];
    case 'enabled':
      return [true, `Label istio-injection: enabled of ${place} asks for sidecars.`];
    case 'revision':
      return [true, `Label istio.io/rev: ${namespace.injection.revision ?? ''} of ${place} asks for sidecars of that revision.`];
    case undefined:
      return [null, `${none} that asks for a sidecar or for ambient mode.`];
  }
}

function ambientReason(namespace: NamespaceInfo | null, labels: Readonly<Record<string, string>>): string {
  if (labels[DATAPLANE] === 'ambient') return `The pods' label ${DATAPLANE}: ambient has ztunnel carry their traffic.`;
  if (namespace?.ambient === true)
    return `Label ${DATAPLANE}: ambient of namespace ${namespace.name} has ztunnel carry the traffic of its pods.`;
  return 'ztunnel carries the traffic of its pods, though no label asks for it any more.';
}

const count = (some: number, all: number): string =>
  some === all ? (all === 1 ? 'its pod' : `all ${all} pods`) : `${some} of ${all} pods`;

/** Sentences on what is not as the labels want it. */
function differences(asked: boolean | null, pods: readonly PodInfo[]): readonly string[] {
  const bare = pods.filter(({ injected, ambient }) => !injected && !ambient).length;
  const injected = pods.filter((pod) => pod.injected).length;
  if (asked === true && bare > 0)
    return [
      `Yet ${count(bare, pods.length)} ${bare === 1 ? 'has' : 'have'} no proxy: pods that started before the label was set, or while the injector was away, must be restarted.`,
    ];
  if (asked === false && injected > 0)
    return [`Yet ${count(injected, pods.length)} still ${injected === 1 ? 'has' : 'have'} one: they must be restarted to lose it.`];
  return [];
}

function reasonsOfWorkload(namespace: NamespaceInfo | null, workload: WorkloadInfo, pods: readonly PodInfo[]): readonly string[] {
  const { mode, podLabels } = workload;
  switch (mode) {
    case 'ambient':
      return [ambientReason(namespace, podLabels)];
    case 'sidecar':
    case 'none': {
      const [asked, why] = injectionAsked(namespace, podLabels);
      if (asked === null && mode === 'none' && (podLabels[DATAPLANE] ?? '') === 'none')
        return [`The pods' label ${DATAPLANE}: none keeps them out of ambient mode.`];
      return [why, ...differences(asked, pods)];
    }
    case 'gateway':
    case 'waypoint':
    case 'ztunnel':
    case 'controlPlane':
      return [OF_MODE[mode]];
    default:
      return mode satisfies never;
  }
}

function reasonsOfNamespace(namespace: NamespaceInfo | null): readonly string[] {
  if (namespace === null) return ['The console may not list namespaces: what their labels ask for is not known.'];
  const [asked, why] = injectionAsked(namespace, null);
  if (!namespace.ambient) return [why];
  return asked === null ? [ambientReason(namespace, {})] : [why, ambientReason(namespace, {})];
}

/** What a service asks of waypoints, and whether there is one. */
function waypointReasons(index: MeshIndex, { services, entity }: EntityParts): readonly string[] {
  if (entity.kind !== 'service') return [];
  return services.flatMap((info) => {
    const service = servicesForHost(index, info.host).find(({ source }) => source.kind === 'service' && source.service === info);
    const asked = service === undefined ? null : waypointAsked(index, service);
    if (service === undefined || asked === null) return [];
    const text = `${asked.namespace}/${asked.name}`;
    return [
      waypointBefore(index, service) === null
        ? `It asks for waypoint ${text}, which is not there or does not take its traffic: requests go past it.`
        : `Waypoint ${text} takes what callers in the mesh send to it.`,
    ];
  });
}

export function describeMesh(index: MeshIndex, parts: EntityParts): DetailMesh {
  const { namespace, workloads, pods, entity } = parts;
  const [first] = workloads;
  const mode = first !== undefined && workloads.every((workload) => workload.mode === first.mode) ? first.mode : null;
  const revision = first?.podLabels['istio.io/rev'] ?? namespace?.injection?.revision ?? null;
  if (entity.kind === 'namespace') return { mode, revision, reasons: reasonsOfNamespace(namespace) };
  const each = workloads.map((workload) => ({
    name: workload.name,
    reasons: reasonsOfWorkload(
      namespace,
      workload,
      pods.filter((pod) => pod.workload === workload.key),
    ),
  }));
  const same = new Set(each.map(({ reasons }) => reasons.join(' '))).size === 1;
  const reasons = same ? (each[0]?.reasons ?? []) : each.flatMap((one) => one.reasons.map((reason) => `${one.name}: ${reason}`));
  const nothing = workloads.length === 0 ? ['No workload stands behind it that could be in the mesh.'] : [];
  return { mode, revision, reasons: [...nothing, ...reasons, ...waypointReasons(index, parts)] };
}
