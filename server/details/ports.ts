// Ports and what is spoken on them: protocol with what it was read from, mutual TLS with the objects that decide it.
// In: MeshIndex, EntityParts. Out: DetailPorts, DetailMtls. Pure. Seen with the eyes of a sidecar in the entity's namespace.
import type { DetailMtls, DetailPort } from '../../model/detail';
import type { ConfigRef } from '../../model/edit';
import type { PodInfo, ServiceInfo, ServicePort } from '../../model/inventory';
import type { Caller, ConfigPointer } from '../../model/routing';
import type { MeshIndex } from '../istio/mesh-index';
import { evaluateMtls, namespaceMtlsMode, serverMtlsMode } from '../istio/mtls';
import { decodeServicePortProtocol } from '../istio/port-protocol';
import { proxyOf } from '../istio/proxies';
import { containerPortAt, servicesForHost } from '../istio/services';
import { configKindOf, describePointer } from '../steering/raw';
import type { EntityParts } from './entities';

const refOfPointer = (index: MeshIndex, pointer: ConfigPointer | null): ConfigRef | null => {
  if (pointer === null) return null;
  const { namespace, name } = pointer;
  const kind = pointer.kind === 'PeerAuthentication' || pointer.kind === 'DestinationRule' ? pointer.kind : null;
  const found = kind === null ? undefined : index.objectsIn(kind, namespace).find((object) => object.name === name);
  return found === undefined ? null : { kind: configKindOf(found), namespace, name };
};

/** What the protocol of a service port was read from (istio pkg/config/kube ConvertProtocol). */
function wordProtocol({ port, name, transport, appProtocol }: ServicePort): string {
  const protocol = decodeServicePortProtocol(port, name, transport, appProtocol);
  if (protocol === 'udp') return 'Transport UDP: proxies leave it alone.';
  if (protocol !== 'auto') {
    if (appProtocol !== null) return `appProtocol ${appProtocol} says so.`;
    const first = name.toLowerCase().split('-')[0] ?? '';
    return decodeServicePortProtocol(0, name, transport, null) === 'auto'
      ? `Port ${port} is one on which the server speaks first: it is taken for TCP.`
      : `The port’s name begins with ${first}.`;
  }
  const given = appProtocol ?? name;
  return given === ''
    ? 'Neither name nor appProtocol says it: it is found out from the first bytes.'
    : `${appProtocol === null ? 'Name' : 'appProtocol'} ${given} names no protocol that Istio knows: it is found out from the first bytes.`;
}

const someSidecar = (index: MeshIndex, namespace: string): Caller => ({
  cluster: index.inventory.cluster,
  namespace,
  workload: '',
  podLabels: {},
  serviceAccount: 'default',
  mode: 'sidecar',
});

function mtlsOf(index: MeshIndex, service: ServiceInfo, port: number, pods: readonly PodInfo[]): DetailMtls {
  const pod = pods.find(({ ready }) => ready) ?? pods[0];
  if (pod === undefined) {
    const { mode, decidedBy } = namespaceMtlsMode(index, service.namespace);
    return {
      demands: mode,
      demandedBy: refOfPointer(index, decidedBy),
      clients: null,
      clientsBy: null,
      why: 'No pod is behind it: this is what the namespace demands of those to come.',
    };
  }
  const outcome = evaluateMtls(index, someSidecar(index, service.namespace), { host: service.host, subset: null, port }, pod);
  return {
    demands: proxyOf(pod) === 'none' ? null : outcome.serverMode,
    demandedBy: refOfPointer(index, outcome.serverDecidedBy),
    clients: outcome.clientMode,
    clientsBy: refOfPointer(index, outcome.clientDecidedBy),
    why: outcome.why,
  };
}

/** Pods behind a service among those of the entity. */
const behind = (service: ServiceInfo, pods: readonly PodInfo[]): readonly PodInfo[] =>
  pods.filter(({ labels }) => Object.entries(service.selector).every(([label, value]) => labels[label] === value));

function portsOfService(index: MeshIndex, service: ServiceInfo, pods: readonly PodInfo[]): readonly DetailPort[] {
  return service.ports.map((port) => ({
    port: port.port,
    name: port.name,
    targetPort: String(port.targetPort),
    transport: port.transport,
    appProtocol: port.appProtocol,
    protocol: decodeServicePortProtocol(port.port, port.name, port.transport, port.appProtocol),
    decidedBy: wordProtocol(port),
    mtls: mtlsOf(index, service, port.port, behind(service, pods)),
  }));
}

/** Ports of the containers as services name them: the first service that means one says what is spoken there. */
function portsOfPods(index: MeshIndex, { services, pods }: EntityParts): readonly DetailPort[] {
  const found = new Map<number, DetailPort>();
  for (const info of services) {
    const service = servicesForHost(index, info.host).find(({ source }) => source.kind === 'service' && source.service === info) ?? null;
    const mine = behind(info, pods);
    const [pod] = mine;
    if (pod === undefined) continue;
    for (const port of portsOfService(index, info, mine)) {
      const container = containerPortAt(service, port.port, pod);
      if (container === null || found.has(container)) continue;
      found.set(container, { ...port, port: container, name: `${info.name}:${port.port}`, targetPort: String(container) });
    }
  }
  return [...found.values()].sort((a, b) => a.port - b.port);
}

export function describePorts(index: MeshIndex, parts: EntityParts): readonly DetailPort[] {
  const { entity, services, pods } = parts;
  switch (entity.kind) {
    case 'service':
      return services.flatMap((service) => portsOfService(index, service, pods));
    case 'workload':
    case 'app':
      return portsOfPods(index, parts);
    case 'namespace':
      return [];
    default:
      return entity.kind satisfies never;
  }
}

/** Mutual TLS of whatever port; null for services, whose ports say it, and for apps of several workloads that differ. */
export function describeMtls(index: MeshIndex, { entity, workloads }: EntityParts): DetailMtls | null {
  const of = ({ mode, decidedBy }: ReturnType<typeof namespaceMtlsMode>, what: string): DetailMtls => ({
    demands: mode,
    demandedBy: refOfPointer(index, decidedBy),
    clients: null,
    clientsBy: null,
    why: `${decidedBy === null ? 'No PeerAuthentication sets a mode: Istio’s default counts' : `${describePointer(decidedBy)} decides it`} for ${what}.`,
  });
  if (entity.kind === 'service') return null;
  if (entity.kind === 'namespace') return of(namespaceMtlsMode(index, entity.namespace), 'workloads that no narrower policy selects');
  const modes = workloads
    .filter(({ mode }) => mode !== 'none')
    // No container listens on port 0: what is set for single ports does not count here.
    .map((workload) => serverMtlsMode(index, { namespace: workload.namespace, labels: workload.podLabels }, 0));
  const [first] = modes;
  return first !== undefined && modes.every(({ mode }) => mode === first.mode) ? of(first, 'ports without a mode of their own') : null;
}
