// Mutual TLS between two proxies: what the server's demands, what the client's sends, what comes of it.
// In: MeshIndex, Caller, destination, server pod. Out: MtlsOutcome, ServerMtls. Source: istio pilot/pkg/security/authn
// ComposePeerAuthentication; networking/core cluster_tls.go buildAutoMtlsSettings; model BestEffortInferServiceMTLSMode.
import type { PodInfo } from '../../model/inventory';
import type { Caller, ConfigPointer, MtlsMode, MtlsOutcome } from '../../model/routing';
import { effectiveDestinationRule } from './destination-rule';
import { inboundAt } from './inbound';
import { type Labels, LabelTable, selects } from './labels';
import { remember } from './memo';
import { type MeshIndex, tableOf } from './mesh-index';
import { proxyOf } from './proxies';
import { type ModeSetting, type PeerAuthenticationView, readPeerAuthentication } from './read/peer-authentication';
import { containerPortAt, endpointsBehind, type MeshService, portOf, visibleService } from './services';

export interface MtlsDestination {
  readonly host: string;
  readonly subset: string | null;
  /** Service port. */
  readonly port: number;
}

export interface ServerMtls {
  readonly mode: MtlsMode;
  readonly decidedBy: ConfigPointer | null;
}

interface WorkloadMtls extends ServerMtls {
  readonly ports: ReadonlyMap<number, ServerMtls>;
}

const PERMISSIVE_BY_DEFAULT: ServerMtls = { mode: 'PERMISSIVE', decidedBy: null };
const TLS_MODE_LABEL = 'security.istio.io/tlsMode';
/** `http` on pods whose sidecar takes HBONE. */
const TUNNEL_LABEL = 'networking.istio.io/tunnel';

/** Several policies of one scope: the oldest counts. UNSET inherits from the wider scope. */
const apply = (setting: ModeSetting | undefined, wider: ServerMtls): ServerMtls =>
  setting === undefined || setting.mode === null ? wider : { mode: setting.mode, decidedBy: setting.pointer };

const policiesIn = (index: MeshIndex, namespace: string): readonly PeerAuthenticationView[] =>
  index.objectsIn('PeerAuthentication', namespace).map(readPeerAuthentication);

const meshMode = (index: MeshIndex): ServerMtls =>
  apply(policiesIn(index, index.inventory.mesh.rootNamespace).find((view) => view.selector === null)?.mtls, PERMISSIVE_BY_DEFAULT);

const namespaceModes = tableOf(() => new Map<string, ServerMtls>());

/** Mode of a namespace without regard to workloads. */
export const namespaceMtlsMode = (index: MeshIndex, namespace: string): ServerMtls =>
  remember(namespaceModes(index), namespace, () => {
    const mesh = meshMode(index);
    if (namespace === index.inventory.mesh.rootNamespace) return mesh;
    return apply(policiesIn(index, namespace).find((view) => view.selector === null)?.mtls, mesh);
  });

const workloadModes = tableOf(() => new LabelTable<WorkloadMtls>());

/** Mode that the proxy of a pod demands on a container port: port over workload over namespace over mesh over PERMISSIVE. */
export function serverMtlsMode(
  index: MeshIndex,
  pod: { readonly namespace: string; readonly labels: Labels },
  containerPort: number,
): ServerMtls {
  const workload = workloadMtls(index, pod);
  return workload.ports.get(containerPort) ?? workload;
}

function workloadMtls(index: MeshIndex, pod: { readonly namespace: string; readonly labels: Labels }): WorkloadMtls {
  return workloadModes(index).remember(pod.namespace, pod.labels, () => {
    const namespace = namespaceMtlsMode(index, pod.namespace);
    // Policies with a selector are ignored in the root namespace.
    if (pod.namespace === index.inventory.mesh.rootNamespace) return { ...namespace, ports: new Map() };
    const own = policiesIn(index, pod.namespace).find((view) => view.selector !== null && selects(view.selector, pod.labels));
    const workload = apply(own?.mtls, namespace);
    return { ...workload, ports: new Map([...(own?.ports ?? [])].map(([port, setting]) => [port, apply(setting, workload)])) };
  });
}

/** What happens between the caller's proxy and the server's. `server` null = an endpoint that is no pod of this cluster. */
export function evaluateMtls(index: MeshIndex, caller: Caller, destination: MtlsDestination, server: PodInfo | null): MtlsOutcome {
  const service = visibleService(index, destination.host, caller.namespace);
  const containerPort = server === null ? null : containerPortAt(service, destination.port, server);
  const demand = server === null ? null : demandOf(index, server, containerPort);
  const inbound = server === null || containerPort === null ? null : inboundAt(index, server, containerPort);
  const offer = offerOf(index, caller, destination, service, server, demand);
  const protocol = inbound?.protocol ?? (service === null ? null : portOf(service, destination.port))?.protocol;
  return conclude(offer, demand, protocol === 'http', inbound?.tls ?? null);
}

/** What the server's side accepts; `proxy` none = the application itself. */
interface Demand extends ServerMtls {
  readonly proxy: 'envoy' | 'ztunnel' | 'none';
}

function demandOf(index: MeshIndex, server: PodInfo, containerPort: number | null): Demand {
  const kind = proxyOf(server);
  if (kind === 'none') return { mode: 'DISABLE', decidedBy: null, proxy: 'none' };
  const workload = workloadMtls(index, server);
  const demand = containerPort === null ? workload : (workload.ports.get(containerPort) ?? workload);
  if (kind !== 'ztunnel') return { mode: demand.mode, decidedBy: demand.decidedBy, proxy: 'envoy' };
  // ztunnel knows only strict or not.
  return { mode: demand.mode === 'STRICT' ? 'STRICT' : 'PERMISSIVE', decidedBy: demand.decidedBy, proxy: 'ztunnel' };
}

interface Offer {
  readonly mode: MtlsOutcome['clientMode'];
  readonly decidedBy: ConfigPointer | null;
  /** Start of the sentence that explains it. */
  readonly because: string;
}

function offerOf(
  index: MeshIndex,
  caller: Caller,
  destination: MtlsDestination,
  service: MeshService | null,
  server: PodInfo | null,
  demand: Demand | null,
): Offer {
  if (caller.mode === 'none') return { mode: 'plaintext', decidedBy: null, because: 'the caller has no proxy and sends plaintext' };
  const rule = effectiveDestinationRule(index, caller.namespace, caller.podLabels, destination.host);
  const tls = caller.mode === 'ambient' ? null : (rule?.policyFor(destination.subset, destination.port).tls ?? null);
  if (tls !== null) {
    const mode = tls.mode === 'ISTIO_MUTUAL' ? 'istioMutual' : tls.mode === 'DISABLE' ? 'plaintext' : 'tls';
    return {
      mode,
      decidedBy: tls.pointer,
      because: `${tls.pointer.kind} ${tls.pointer.namespace}/${tls.pointer.name} sets tls mode ${tls.mode}`,
    };
  }
  if (demand?.proxy === 'ztunnel')
    return { mode: 'istioMutual', decidedBy: null, because: 'the server is in ambient mode and is reached through HBONE' };
  if (caller.mode === 'ambient' && server?.labels[TUNNEL_LABEL] === 'http')
    return { mode: 'istioMutual', decidedBy: null, because: "the server's sidecar takes HBONE from ztunnel" };
  if (caller.mode === 'ambient')
    return { mode: 'plaintext', decidedBy: null, because: 'ztunnel reaches a server outside ambient mode in plaintext' };
  const dialled = rule?.policyFor(destination.subset, destination.port).loadBalancer?.algorithm === 'PASSTHROUGH';
  return autoMtls(index, service, destination, server, demand, dialled);
}

const plaintext = (because: string, decidedBy: ConfigPointer | null = null): Offer => ({ mode: 'plaintext', decidedBy, because });

/** Without tls settings: mutual TLS to every endpoint that is known to have a proxy, unless its policy disables it. */
function autoMtls(
  index: MeshIndex,
  service: MeshService | null,
  destination: MtlsDestination,
  server: PodInfo | null,
  demand: Demand | null,
  dialled: boolean,
): Offer {
  if (service === null) return plaintext(`${destination.host} is not known to the mesh, what the application sends is passed through`);
  if (!index.inventory.mesh.autoMtls) return plaintext('automatic mutual TLS is off (MeshConfig enableAutoMtls)');
  if (service.external) return plaintext(`${destination.host} is outside the mesh`);
  const namespace = namespaceMtlsMode(index, service.namespace);
  if (namespace.mode === 'DISABLE') return plaintext(`PeerAuthentication disables mutual TLS in ${service.namespace}`, namespace.decidedBy);
  // Where the address that was dialled is kept, the proxy does not know which endpoint it talks to.
  if ((service.headless || dialled) && !everyEndpointHasProxy(index, service))
    return plaintext(
      `${destination.host} ${service.headless ? 'is headless' : 'is reached at the address that was dialled (PASSTHROUGH)'} and not all of its endpoints have a proxy`,
    );
  if (server === null || server.labels[TLS_MODE_LABEL] !== 'istio') return plaintext('the endpoint has no sidecar');
  if (demand?.mode === 'DISABLE') return plaintext('PeerAuthentication disables mutual TLS on the server', demand.decidedBy);
  return { mode: 'istioMutual', decidedBy: null, because: 'automatic mutual TLS: the endpoint has a sidecar' };
}

function everyEndpointHasProxy(index: MeshIndex, service: MeshService): boolean {
  const pods = endpointsBehind(index, service, {}).pods ?? [];
  return pods.length > 0 && pods.every((pod) => pod.labels[TLS_MODE_LABEL] === 'istio');
}

/** `ownTls`: TLS of the sidecar's own on the port, where no mutual TLS is spoken there. `readsHttp`: the port is declared as HTTP, so that an Envoy before the server reads what it does not decrypt as HTTP. */
function conclude(offer: Offer, demand: Demand | null, readsHttp: boolean, ownTls: string | null): MtlsOutcome {
  const serverMode = demand?.mode ?? 'DISABLE';
  const has = demand !== null && demand.proxy !== 'none';
  const end = (result: MtlsOutcome['result'], outcome: string): MtlsOutcome => ({
    serverMode,
    serverDecidedBy: demand?.decidedBy ?? null,
    clientMode: offer.mode,
    clientDecidedBy: offer.decidedBy,
    result,
    why: `${offer.because}; ${outcome}`,
  });
  switch (offer.mode) {
    case 'istioMutual':
      if (!has) return end('fails', 'the server has no proxy that could answer mutual TLS');
      if (serverMode === 'DISABLE') return end('fails', 'the server takes plaintext only (DISABLE)');
      return end('mutualTls', `the server accepts it (${serverMode})`);
    case 'plaintext':
      if (has && serverMode === 'STRICT') return end('fails', 'the server demands mutual TLS (STRICT) and resets the connection');
      if (serverMode === 'DISABLE' && ownTls !== null)
        return end('fails', `the server's sidecar ends TLS of its own on the port (Sidecar ingress, ${ownTls}) and takes no plaintext`);
      return end('plaintext', has ? `the server accepts it (${serverMode})` : 'the server has no proxy');
    case 'tls':
      if (has && serverMode === 'STRICT')
        return end('fails', "the server demands the mesh's mutual TLS (STRICT) and resets the connection");
      if (serverMode === 'DISABLE' && ownTls === 'SIMPLE') return end('tls', "the server's sidecar ends it (Sidecar ingress)");
      if (demand?.proxy === 'envoy' && readsHttp) return end('fails', "the server's proxy reads the port as HTTP and cannot read this TLS");
      return end('tls', has ? "it is opaque to the server's proxy" : 'the server has no proxy');
  }
}
