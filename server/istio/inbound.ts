// How a sidecar takes what comes to a port of its pod: by the ingress listeners of its Sidecar object, else by the services of the pod.
// In: MeshIndex, a pod, a container port. Out: Inbound. Source: istio pilot core/listener_inbound.go: with ingress listeners, no port of a
// service has one of its own; what has none goes through as bytes, or as HTTP where it is read so.
import type { PodInfo } from '../../model/inventory';
import type { ConfigPointer } from '../../model/routing';
import { LabelTable } from './labels';
import { groupBy } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import { decodeProtocol, type PortProtocol } from './port-protocol';
import { proxyOf } from './proxies';
import { pointerTo } from './read/fields';
import type { SidecarIngress } from './read/sidecar';
import { allServices, containerPortAt, isBehind, type MeshService } from './services';
import { sidecarOf } from './sidecar-scope';

export interface Inbound {
  /** `passthrough`: no listener of its own, it goes to the same port of the pod. */
  readonly kind: 'ingress' | 'service' | 'passthrough';
  readonly protocol: PortProtocol;
  /** Where the application gets it: `127.0.0.1:8080`, `unix:///path`; null = the pod's own address and the same port. */
  readonly endpoint: string | null;
  /** TLS that the sidecar ends itself, where mutual TLS is disabled on the port: SIMPLE or MUTUAL. */
  readonly tls: string | null;
  readonly decidedBy: ConfigPointer | null;
}

const PASSTHROUGH: Inbound = { kind: 'passthrough', protocol: 'auto', endpoint: null, tls: null, decidedBy: null };

const servicesByNamespace = tableOf((index) => groupBy(allServices(index), ({ namespace }) => namespace));
const tables = tableOf(() => new LabelTable<Map<number, Inbound>>());

/** What a pod's sidecar does with connections to a container port; null for pods without a sidecar. */
export function inboundAt(index: MeshIndex, pod: PodInfo, containerPort: number): Inbound | null {
  if (proxyOf(pod) !== 'sidecar') return null;
  const known = tables(index).remember(pod.namespace, pod.labels, () => new Map<number, Inbound>());
  const found = known.get(containerPort);
  if (found !== undefined) return found;
  const made = findInbound(index, pod, containerPort);
  known.set(containerPort, made);
  return made;
}

function findInbound(index: MeshIndex, pod: PodInfo, port: number): Inbound {
  const sidecar = sidecarOf(index, pod.namespace, pod.labels);
  if (sidecar?.ingress) {
    const own = sidecar.ingress.find((listener) => listener.port === port);
    return own === undefined ? { ...PASSTHROUGH, decidedBy: pointerTo(sidecar.object, 'spec.ingress') } : ofListener(own);
  }
  // Several services may mean the port; Istio keeps the listener of the oldest.
  const [oldest] = (servicesByNamespace(index).get(pod.namespace) ?? [])
    .flatMap((service) => portsAt(service, pod, port).map((protocol) => ({ service, protocol })))
    .sort((a, b) => a.service.createdAtMs - b.service.createdAtMs || (a.service.name < b.service.name ? -1 : 1));
  return oldest === undefined ? PASSTHROUGH : { ...PASSTHROUGH, kind: 'service', protocol: oldest.protocol };
}

/** Protocols of the ports of a service that mean a container port of a pod that it selects. */
function portsAt(service: MeshService, pod: PodInfo, port: number): readonly PortProtocol[] {
  if (!isBehind(service, { labels: pod.labels, ips: [pod.ip] })) return [];
  return service.ports.flatMap((each) =>
    each.protocol !== 'udp' && containerPortAt(service, each.port, pod) === port ? [each.protocol] : [],
  );
}

const ofListener = ({ pointer, protocol, defaultEndpoint, tlsMode }: SidecarIngress): Inbound => ({
  kind: 'ingress',
  protocol: protocol === '' ? 'auto' : decodeProtocol(protocol),
  endpoint: defaultEndpoint,
  tls: tlsMode,
  decidedBy: pointer,
});
