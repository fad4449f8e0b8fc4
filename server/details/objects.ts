// The configuration that applies to an entity, each object with what it does there: routes, policies of traffic, of peers and requests.
// In: MeshIndex, EntityParts, findings. Out: DetailObjects, nearest first. Pure.
import type { DetailObject, ObjectRelation } from '../../model/detail';
import { type ConfigRef, refText } from '../../model/edit';
import type { Finding } from '../../model/finding';
import { CONFIG_KINDS, type ConfigKind, type ConfigObject, type ServiceInfo } from '../../model/inventory';
import { effectiveDestinationRule } from '../istio/destination-rule';
import { type Labels, selects } from '../istio/labels';
import type { MeshIndex } from '../istio/mesh-index';
import { GATEWAY_NAME_LABEL } from '../istio/proxies';
import { Fields } from '../istio/read/fields';
import { readTargetRefs } from '../istio/read/target-refs';
import { servicesForHost } from '../istio/services';
import { waypointBefore } from '../istio/waypoints';
import { listExposures } from '../steering/exposure';
import { findObject, refOf } from '../steering/raw';
import { listRouteObjects } from '../steering/route-objects';
import type { EntityParts } from './entities';

interface Found {
  readonly object: ConfigObject;
  readonly how: ObjectRelation;
  readonly text: string;
  readonly effective: boolean;
}

const ROLES = { host: 'routes', exposure: 'exposes', delegate: 'delegate' } as const;

/** Objects that act on requests to a service. */
function ofService(index: MeshIndex, service: ServiceInfo): readonly Found[] {
  const { inventory } = index;
  const found: Found[] = listRouteObjects(index, service).map(({ object, effective, why, role }) => ({
    object,
    how: ROLES[role],
    text: `${service.name}: ${why}.`,
    effective,
  }));
  for (const { gateway, route } of listExposures(index, service.host)) {
    const object = findObject(inventory, gateway);
    if (object !== null)
      found.push({
        object,
        how: 'exposes',
        text: `Traffic comes in by it: ${route.kind} ${route.namespace}/${route.name} leads to ${service.name}.`,
        effective: true,
      });
  }
  for (const { namespace, name } of effectiveDestinationRule(index, service.namespace, {}, service.host)?.sources ?? []) {
    const object = findObject(inventory, { kind: 'DestinationRule', namespace, name });
    if (object !== null)
      found.push({ object, how: 'traffic', text: `Its subsets and traffic policy act on calls to ${service.host}.`, effective: true });
  }
  const known = servicesForHost(index, service.host).find(({ source }) => source.kind === 'service' && source.service === service);
  const waypoint = known === undefined ? null : waypointBefore(index, known);
  if (waypoint !== null)
    found.push({ object: waypoint.gateway, how: 'waypoint', text: `It is the waypoint before ${service.name}.`, effective: true });
  return found;
}

/** With a selector these are for pods of their own namespace, even in the root namespace. */
const ONLY_IN_ITS_NAMESPACE: ReadonlySet<ConfigKind> = new Set<ConfigKind>(['PeerAuthentication', 'Sidecar', 'ProxyConfig']);

/** Kinds that choose pods by a selector, and where their selector stands. */
const POD_KINDS: Readonly<Partial<Record<ConfigKind, 'selector' | 'workloadSelector'>>> = {
  PeerAuthentication: 'selector',
  RequestAuthentication: 'selector',
  AuthorizationPolicy: 'selector',
  Telemetry: 'selector',
  ProxyConfig: 'selector',
  WasmPlugin: 'selector',
  TrafficExtension: 'selector',
  EnvoyFilter: 'workloadSelector',
  Sidecar: 'workloadSelector',
};

function selectorOf(object: ConfigObject, field: 'selector' | 'workloadSelector'): Labels {
  const selector = Fields.ofSpec(object).object(field);
  return (field === 'selector' ? selector?.labels('matchLabels') : selector?.labels('labels')) ?? {};
}

interface Targets {
  readonly namespace: string;
  readonly services: readonly string[];
  readonly pods: readonly { readonly name: string; readonly labels: Labels }[];
  readonly root: string;
}

/** What an object that chooses pods has to do with them; null = nothing. */
function choose(
  kind: ConfigKind,
  field: 'selector' | 'workloadSelector',
  object: ConfigObject,
  targets: Targets,
): Omit<Found, 'object'> | null {
  const { namespace, services, pods, root } = targets;
  const refs = readTargetRefs(Fields.ofSpec(object));
  if (refs.length > 0) {
    if (object.namespace !== namespace) return null;
    const hit = refs.find(
      ({ kind: what, name }) =>
        (what === 'Service' && services.includes(name)) ||
        (what === 'Gateway' && pods.some(({ labels }) => labels[GATEWAY_NAME_LABEL] === name)),
    );
    return hit === undefined ? null : { how: 'target', text: `It is attached to ${hit.kind} ${hit.name}.`, effective: true };
  }
  const selector = selectorOf(object, field);
  const isMesh = object.namespace === root;
  if (Object.keys(selector).length > 0) {
    // In the root namespace a PeerAuthentication with a selector is for the root namespace alone, and Istio ignores it there.
    if (object.namespace !== namespace && !(isMesh && !ONLY_IN_ITS_NAMESPACE.has(kind))) return null;
    const chosen = pods.filter(({ labels }) => selects(selector, labels));
    if (chosen.length === 0) return null;
    const who =
      chosen.length === pods.length
        ? pods.length === 1
          ? 'the pods'
          : 'the pods of all workloads'
        : `the pods of ${chosen.map(({ name }) => name).join(', ')}`;
    return { how: 'selects', text: `Its selector chooses ${who}.`, effective: true };
  }
  if (isMesh) return { how: 'mesh', text: 'It is for the whole mesh; narrower objects win over it.', effective: true };
  return object.namespace === namespace ? { how: 'namespace', text: `It is for all of namespace ${namespace}.`, effective: true } : null;
}

function ofPods(index: MeshIndex, targets: Targets): readonly Found[] {
  return CONFIG_KINDS.flatMap((kind) => {
    const field = POD_KINDS[kind];
    if (field === undefined) return [];
    return [...new Set([targets.namespace, targets.root])].flatMap((namespace) =>
      index.objectsIn(kind, namespace).flatMap((object) => {
        const chosen = choose(kind, field, object, targets);
        return chosen === null ? [] : [{ object, ...chosen }];
      }),
    );
  });
}

/** Everything of a namespace, and what is for the whole mesh. */
function ofNamespace(index: MeshIndex, namespace: string): readonly Found[] {
  const root = index.inventory.mesh.rootNamespace;
  const own = CONFIG_KINDS.flatMap((kind) =>
    index.objectsIn(kind, namespace).map((object): Found => ({ object, how: 'in', text: 'It is in the namespace.', effective: true })),
  );
  const targets: Targets = { namespace, services: [], pods: [], root };
  return [...own, ...(namespace === root ? [] : ofPods(index, targets).filter(({ how }) => how === 'mesh'))];
}

const RANK: Readonly<Record<ObjectRelation, number>> = {
  routes: 0,
  delegate: 1,
  exposes: 2,
  traffic: 3,
  waypoint: 4,
  target: 5,
  selects: 6,
  in: 7,
  namespace: 8,
  mesh: 9,
};

function find(index: MeshIndex, { entity, services, workloads }: EntityParts): readonly Found[] {
  if (entity.kind === 'namespace') return ofNamespace(index, entity.namespace);
  const targets: Targets = {
    namespace: entity.namespace,
    services: services.map(({ name }) => name),
    pods: workloads.map(({ name, podLabels }) => ({ name, labels: podLabels })),
    root: index.inventory.mesh.rootNamespace,
  };
  return [...services.flatMap((service) => ofService(index, service)), ...ofPods(index, targets)];
}

/** Each object once, by how near it is; findings counted. */
export function describeObjects(index: MeshIndex, parts: EntityParts, findings: readonly Finding[]): readonly DetailObject[] {
  const counts = new Map<string, { error: number; warning: number; info: number }>();
  for (const { object, severity } of findings) {
    const key = refText(object);
    const own = counts.get(key) ?? { error: 0, warning: 0, info: 0 };
    own[severity] += 1;
    counts.set(key, own);
  }
  const once = new Map<string, DetailObject>();
  for (const { object, how, text, effective } of [...find(index, parts)].sort((a, b) => RANK[a.how] - RANK[b.how])) {
    const ref: ConfigRef = refOf(object);
    const key = refText(ref);
    if (!once.has(key))
      once.set(key, {
        ref,
        how,
        text,
        effective,
        createdAtMs: object.createdAtMs,
        findings: counts.get(key) ?? { error: 0, warning: 0, info: 0 },
      });
  }
  return [...once.values()];
}
