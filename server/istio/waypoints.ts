// Waypoints: the proxies that stand before services in ambient mode, and for whom. In: MeshIndex, a service. Out: Waypoint or none.
// Source: istio pilot serviceregistry/ambient/waypoints.go: the label of the service, else of its namespace; `none` is a decision too.
import type { ConfigObject, PodInfo } from '../../model/inventory';
import type { Caller } from '../../model/routing';
import type { Labels } from './labels';
import { groupBy } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import type { TargetService } from './policy-targets';
import { GATEWAY_NAME_LABEL, isWaypoint } from './proxies';
import { Fields } from './read/fields';
import { type K8sGatewayView, readK8sGateway } from './read/gateway-api';
import { allowsNamespace } from './reference-grants';
import type { MeshService } from './services';

export interface Waypoint {
  readonly gateway: ConfigObject;
  readonly namespace: string;
  readonly name: string;
  /** One of its pods, the labels of which decide about policies; one that has none stands for those to come. */
  readonly pod: PodInfo;
}

const USE = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';
const FOR = 'istio.io/waypoint-for';
const CLASS = 'istio-waypoint';
const CONTROLLER = 'istio.io/mesh-controller';

/** What a service or namespace says of its waypoint. */
export interface WaypointRef {
  readonly namespace: string;
  readonly name: string;
}

function refOf(labels: Labels, namespace: string): WaypointRef | 'none' | null {
  const name = labels[USE];
  if (name === undefined || name === '') return null;
  return name === 'none' ? 'none' : { namespace: labels[USE_NAMESPACE] ?? namespace, name };
}

const labelsOf = ({ source }: MeshService): Labels => (source.kind === 'service' ? source.service.labels : source.entry.object.labels);

/** The waypoint that a service asks for, by its own label or its namespace's; null = none. Whether there is such a one is not asked. */
export function waypointAsked(index: MeshIndex, service: MeshService): WaypointRef | null {
  const own = refOf(labelsOf(service), service.namespace);
  const ref = own ?? refOf(index.inventory.namespaces.get(service.namespace)?.labels ?? {}, service.namespace);
  return ref === 'none' ? null : ref;
}

/** True for a Gateway whose class is one of waypoints; without the GatewayClass object its default name decides. */
export function isWaypointGateway(index: MeshIndex, { className }: K8sGatewayView): boolean {
  const found = index.objects('GatewayClass').find((object) => object.name === className);
  return found === undefined ? className === CLASS : Fields.ofSpec(found).text('controllerName') === CONTROLLER;
}

/** The Gateway of a waypoint; null where none of that name is one. */
export function waypointGateway(index: MeshIndex, { namespace, name }: WaypointRef): ConfigObject | null {
  const object = index.objectsIn('K8sGateway', namespace).find((gateway) => gateway.name === name);
  return object !== undefined && isWaypointGateway(index, readK8sGateway(object)) ? object : null;
}

/** Whether what is addressed to a service passes a waypoint: `istio.io/waypoint-for`, by default services. */
export const isForServices = ({ labels }: ConfigObject): boolean => ['service', 'all'].includes(labels[FOR] ?? 'service');

/** Whether services of a namespace may use a waypoint: those of its own, and of others that its listener allows. */
export const mayUse = (index: MeshIndex, gateway: ConfigObject, namespace: string): boolean =>
  readK8sGateway(gateway).listeners.some((listener) => allowsNamespace(index, listener, gateway.namespace, namespace));

const podsOfWaypoints = tableOf((index) =>
  groupBy(
    [...index.inventory.pods.values()].filter((pod) => isWaypoint(pod.labels)),
    (pod) => `${pod.namespace}/${pod.labels[GATEWAY_NAME_LABEL] ?? ''}`,
  ),
);

/** The waypoint through which callers in ambient mode reach a service; null = they reach its pods. */
export function waypointBefore(index: MeshIndex, service: MeshService): Waypoint | null {
  const ref = waypointAsked(index, service);
  const gateway = ref === null ? null : waypointGateway(index, ref);
  if (gateway === null || !isForServices(gateway) || !mayUse(index, gateway, service.namespace)) return null;
  const { namespace, name } = gateway;
  const pod = podsOfWaypoints(index).get(`${namespace}/${name}`)?.[0] ?? podToCome(gateway);
  return { gateway, namespace, name, pod };
}

/** As the controller of Gateways labels the pods that it makes, and names their account. */
const podToCome = (gateway: ConfigObject): PodInfo => ({
  ...gateway,
  labels: { [GATEWAY_NAME_LABEL]: gateway.name, 'gateway.istio.io/managed': 'istio.io-mesh-controller' },
  workload: null,
  ip: '',
  ready: false,
  phase: '',
  serviceAccount: gateway.name,
  containers: ['istio-proxy'],
  injected: false,
  ambient: false,
  restarts: 0,
  proxyVersion: null,
});

/** A service as policies at its waypoint name it. */
export const targetOf = ({ source, namespace, name }: MeshService): TargetService => ({
  kind: source.kind === 'service' ? 'Service' : 'ServiceEntry',
  namespace,
  name,
});

/** A waypoint as whoever connects to the pods behind it. */
export const callerOfWaypoint = ({ gateway, namespace, name, pod }: Waypoint): Caller => ({
  cluster: gateway.cluster,
  namespace,
  workload: name,
  podLabels: pod.labels,
  serviceAccount: pod.serviceAccount,
  mode: 'ambient',
});
