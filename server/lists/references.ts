// Which objects of configuration apply to a workload and to a service, for every row of a list at once. In: MeshIndex. Out: AppliedObjects.
// Workload: what its proxy reads (policies by selector or target, Sidecar, Telemetry, the Gateways that it serves). Service: routes and
// DestinationRules of its host, policies attached to it.
import { refText } from '../../model/edit';
import { serviceKey } from '../../model/ids';
import type { ConfigKind, ConfigObject, ServiceInfo, WorkloadInfo } from '../../model/inventory';
import { placesOf } from '../analysis/places';
import { selects } from '../istio/labels';
import { remember } from '../istio/memo';
import { type MeshIndex, tableOf } from '../istio/mesh-index';
import { hostsOverlap, isWildcardHost, resolveHost } from '../istio/names';
import { isMeantFor } from '../istio/policy-targets';
import { GATEWAY_NAME_LABEL } from '../istio/proxies';
import { readApiRoute } from '../istio/read/api-route';
import { readAuthorizationPolicy } from '../istio/read/authorization-policy';
import { readDestinationRule } from '../istio/read/destination-rule';
import { Fields } from '../istio/read/fields';
import { readGateway } from '../istio/read/gateway';
import { readPeerAuthentication } from '../istio/read/peer-authentication';
import { readRequestAuthentication } from '../istio/read/request-authentication';
import { readTargetRefs } from '../istio/read/target-refs';
import { readVirtualService } from '../istio/read/virtual-service';
import { sidecarOf } from '../istio/sidecar-scope';

/** An object by its text, and the namespace that one must see to be told of it. */
export interface AppliedRef {
  readonly namespace: string;
  readonly text: string;
}

export interface AppliedObjects {
  ofService(service: ServiceInfo): readonly AppliedRef[];
  ofWorkload(workload: WorkloadInfo): readonly AppliedRef[];
  ofNamespace(namespace: string): readonly AppliedRef[];
}

const API_ROUTES = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const satisfies readonly ConfigKind[];
const POLICIES = [
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
] as const satisfies readonly ConfigKind[];
const NONE: readonly AppliedRef[] = [];

const refOf = (kind: ConfigKind, { namespace, name }: ConfigObject): AppliedRef => ({
  namespace,
  text: refText({ kind, namespace, name }),
});

/** Each once; references to one object may be different values. */
export function uniqueRefs(refs: readonly AppliedRef[]): readonly AppliedRef[] {
  if (refs.length < 2) return refs;
  const seen = new Set<string>();
  return refs.filter(({ text }) => seen.size < seen.add(text).size);
}

/** Objects by the host that they are about; those of wildcards apart. */
class ByHost {
  readonly #exact = new Map<string, AppliedRef[]>();
  readonly #wild: { readonly host: string; readonly ref: AppliedRef }[] = [];

  add(host: string, ref: AppliedRef): void {
    if (isWildcardHost(host)) {
      this.#wild.push({ host, ref });
      return;
    }
    const known = this.#exact.get(host);
    if (known === undefined) this.#exact.set(host, [ref]);
    else known.push(ref);
  }

  of(host: string): readonly AppliedRef[] {
    const own = this.#exact.get(host) ?? NONE;
    // `*` alone means every host: no row would be without it, and it tells nothing of one.
    const wild = this.#wild.filter((one) => one.host !== '*' && hostsOverlap(one.host, host)).map(({ ref }) => ref);
    return uniqueRefs(wild.length === 0 ? own : [...own, ...wild]);
  }
}

function indexHosts(index: MeshIndex): ByHost {
  const { domain } = index;
  const hosts = new ByHost();
  for (const object of index.objects('VirtualService')) {
    const written = readVirtualService(object).hosts.map((host) => resolveHost(host, object.namespace, domain).toLowerCase());
    const sent = placesOf(object, { domain }).map(({ host }) => host);
    for (const host of new Set([...written, ...sent])) hosts.add(host, refOf('VirtualService', object));
  }
  for (const kind of API_ROUTES)
    for (const object of index.objects(kind)) {
      const { parents, rules } = readApiRoute(object);
      const named = [...parents, ...rules.flatMap(({ backends }) => backends)].filter((one) => one.kind === 'Service');
      for (const host of new Set(named.map(({ name, namespace }) => `${name}.${namespace}.svc.${domain}`)))
        hosts.add(host, refOf(kind, object));
    }
  for (const object of index.objects('DestinationRule'))
    hosts.add(resolveHost(readDestinationRule(object).host, object.namespace, domain).toLowerCase(), refOf('DestinationRule', object));
  return hosts;
}

interface Policy {
  readonly ref: AppliedRef;
  readonly object: ConfigObject;
  readonly selector: Readonly<Record<string, string>> | null;
  readonly targetRefs: ReturnType<typeof readTargetRefs>;
}

function readPolicy(kind: (typeof POLICIES)[number], object: ConfigObject): Policy {
  const ref = refOf(kind, object);
  switch (kind) {
    case 'AuthorizationPolicy': {
      const { selector, targetRefs } = readAuthorizationPolicy(object);
      return { ref, object, selector, targetRefs };
    }
    case 'RequestAuthentication': {
      const { selector, targetRefs } = readRequestAuthentication(object);
      return { ref, object, selector, targetRefs };
    }
    case 'EnvoyFilter': {
      const spec = Fields.ofSpec(object);
      return { ref, object, selector: spec.object('workloadSelector')?.labels('labels') ?? null, targetRefs: readTargetRefs(spec) };
    }
    case 'WasmPlugin':
    case 'TrafficExtension':
    case 'Telemetry': {
      const spec = Fields.ofSpec(object);
      return { ref, object, selector: spec.object('selector')?.labels('matchLabels') ?? null, targetRefs: readTargetRefs(spec) };
    }
  }
}

function groupByNamespace(policies: readonly Policy[]): ReadonlyMap<string, readonly Policy[]> {
  const groups = new Map<string, Policy[]>();
  for (const policy of policies) {
    const { namespace } = policy.object;
    const own = groups.get(namespace);
    if (own === undefined) groups.set(namespace, [policy]);
    else own.push(policy);
  }
  return groups;
}

/** Services to which policies are attached (at their waypoint), by the service's key. */
function attachedToServices(index: MeshIndex, policies: readonly Policy[]): ReadonlyMap<string, readonly AppliedRef[]> {
  const attached = new Map<string, AppliedRef[]>();
  for (const { ref, object, targetRefs } of policies)
    for (const target of targetRefs) {
      if (target.kind !== 'Service' || (target.namespace !== null && target.namespace !== object.namespace)) continue;
      const key = serviceKey(index.inventory.cluster, object.namespace, target.name);
      attached.set(key, [...(attached.get(key) ?? []), ref]);
    }
  return attached;
}

/** Made once per inventory. */
export const appliedObjects: (index: MeshIndex) => AppliedObjects = tableOf((index): AppliedObjects => {
  const { rootNamespace: root } = index.inventory.mesh;
  const hosts = indexHosts(index);
  const policies = POLICIES.flatMap((kind) => index.objects(kind).map((object) => readPolicy(kind, object)));
  const byNamespace = groupByNamespace(policies);
  const attached = attachedToServices(index, policies);
  const gateways = index.objects('Gateway').map((object) => ({ ref: refOf('Gateway', object), selector: readGateway(object).selector }));
  const whole = new Map<string, AppliedRef[]>();
  for (const [kind, objects] of index.inventory.config)
    for (const object of objects) {
      const own = whole.get(object.namespace);
      if (own === undefined) whole.set(object.namespace, [refOf(kind, object)]);
      else own.push(refOf(kind, object));
    }
  const peerAuthentications = (namespace: string, labels: Readonly<Record<string, string>>): readonly AppliedRef[] =>
    [...new Set([namespace, root])].flatMap((owner) =>
      index
        .objectsIn('PeerAuthentication', owner)
        .filter((object) => {
          const { selector } = readPeerAuthentication(object);
          // A selector in the root namespace is for the root namespace alone.
          return selector === null || (owner === namespace && selects(selector, labels));
        })
        .map((object) => refOf('PeerAuthentication', object)),
    );
  const byService = new Map<ServiceInfo, readonly AppliedRef[]>();
  const byWorkload = new Map<WorkloadInfo, readonly AppliedRef[]>();
  const toService = (service: ServiceInfo): readonly AppliedRef[] =>
    uniqueRefs([...hosts.of(service.host.toLowerCase()), ...(attached.get(service.key) ?? NONE)]);
  const toWorkload = (workload: WorkloadInfo): readonly AppliedRef[] => {
    // What has no proxy reads nothing.
    if (workload.mode === 'none' || workload.mode === 'controlPlane') return NONE;
    const { namespace, podLabels: labels } = workload;
    const meant = [...new Set([namespace, root])]
      .flatMap((owner) => byNamespace.get(owner) ?? [])
      .filter((policy) => isMeantFor(policy, { namespace, labels }, undefined, root))
      .map(({ ref }) => ref);
    const isGateway = workload.mode === 'gateway';
    const served = isGateway ? gateways.filter(({ selector }) => selects(selector, labels)).map(({ ref }) => ref) : NONE;
    const name = labels[GATEWAY_NAME_LABEL];
    const own = index.objectsIn('K8sGateway', namespace).filter((object) => object.name === name);
    const sidecar = workload.mode === 'sidecar' ? sidecarOf(index, namespace, labels) : null;
    return [
      ...served,
      ...own.map((object) => refOf('K8sGateway', object)),
      ...peerAuthentications(namespace, labels),
      ...meant,
      ...(sidecar === null ? [] : [refOf('Sidecar', sidecar.object)]),
    ];
  };
  return {
    ofService: (service) => remember(byService, service, () => toService(service)),
    ofWorkload: (workload) => remember(byWorkload, workload, () => toWorkload(workload)),
    ofNamespace: (namespace) => whole.get(namespace) ?? NONE,
  };
});
