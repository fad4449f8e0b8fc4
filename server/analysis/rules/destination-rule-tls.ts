// TLS settings of a DestinationRule against what the servers' PeerAuthentications and proxies accept.
import type { MeshIndex } from '../../istio/mesh-index';
import { type ServerMtls, serverMtlsMode } from '../../istio/mtls';
import { isHostWithin, isWildcardHost } from '../../istio/names';
import { proxyOf } from '../../istio/proxies';
import { type DestinationRuleView, readDestinationRule } from '../../istio/read/destination-rule';
import { readPeerAuthentication } from '../../istio/read/peer-authentication';
import type { ClientTls, TrafficPolicyView } from '../../istio/read/traffic-policy';
import { endpointsBehind, type MeshService, portOf, servicesForHost } from '../../istio/services';
import { hostOfRule, rulesMeaning } from '../audience';
import { writeAt } from '../fixes';
import type { Report, Rule } from '../rule';

export const destinationRuleTls: Rule = {
  name: 'destination-rule-tls',
  codes: ['KIA0204', 'KIA0205', 'KIA0206', 'KIA0207', 'KIA0208', 'KIA0505', 'KIA0506', 'HED0004'],
  on: ['DestinationRule'],
  reads: ['DestinationRule', 'PeerAuthentication', 'Service', 'ServiceEntry', 'WorkloadEntry', 'Pod'],
  *check(subject) {
    const { index, object } = subject;
    const view = readDestinationRule(object);
    const host = hostOfRule(index, view);
    if (isWildcardHost(host)) {
      yield* checkWide(index, view, host);
      return;
    }
    yield* checkHidden(index, view, host);
    const services = servicesForHost(index, host).filter((service) => service.source.kind === 'service' && service.aliasOf === null);
    for (const { tls, port, labels } of settingsOf(view))
      for (const service of services) {
        const clash = clashOf(index, service, tls, port, labels);
        if (clash !== null) yield { ...clash, fix: writeAt(subject, 'Remove these TLS settings', tls.pointer.path, undefined) };
      }
  },
};

interface Setting {
  readonly tls: ClientTls;
  /** Null = every port. */
  readonly port: number | null;
  readonly labels: Readonly<Record<string, string>>;
}

function settingsOf(view: DestinationRuleView): readonly Setting[] {
  const of = (policy: TrafficPolicyView | null, labels: Setting['labels']): Setting[] =>
    policy === null
      ? []
      : [
          ...(policy.tls === null ? [] : [{ tls: policy.tls, port: null, labels }]),
          ...[...policy.ports].flatMap(([port, parts]) => (parts.tls === null ? [] : [{ tls: parts.tls, port, labels }])),
        ];
  return [...of(view.policy, {}), ...view.subsets.flatMap((subset) => of(subset.policy, subset.labels))];
}

/** What the pods of a service demand, if they all demand the same on all ports that the setting is for; null where they differ. */
function demandOf(index: MeshIndex, service: MeshService, port: number | null, labels: Setting['labels']): ServerMtls | 'noProxy' | null {
  const { pods } = endpointsBehind(index, service, labels);
  const [firstPod] = pods ?? [];
  if (firstPod === undefined || pods === null) return null;
  const bare = pods.filter((pod) => proxyOf(pod) === 'none').length;
  if (bare > 0) return bare === pods.length ? 'noProxy' : null;
  // ztunnel takes mutual TLS by itself, whatever the client's DestinationRule says.
  if (pods.some((pod) => proxyOf(pod) === 'ztunnel')) return null;
  const ports = port === null ? service.ports : [portOf(service, port)].filter((each) => each !== null);
  let common: ServerMtls | null = null;
  for (const each of ports) {
    const target = each.targetPort ?? each.port;
    if (typeof target !== 'number') return null;
    for (const pod of pods) {
      const demand = serverMtlsMode(index, pod, target);
      if (common !== null && common.mode !== demand.mode) return null;
      common = demand;
    }
  }
  return common;
}

function clashOf(index: MeshIndex, service: MeshService, tls: ClientTls, port: number | null, labels: Setting['labels']): Report | null {
  const demand = demandOf(index, service, port, labels);
  if (demand === null) return null;
  const { host } = service;
  const path = `${tls.pointer.path}.mode`;
  if (demand === 'noProxy')
    return tls.mode !== 'ISTIO_MUTUAL'
      ? null
      : {
          code: 'HED0004',
          path,
          message: `tls mode ISTIO_MUTUAL to ${host}, whose pods have no proxy`,
          consequence: 'requests are answered 503 (UF, TLS error: the server does not speak it)',
        };
  const by = demand.decidedBy;
  const policy = by === null ? "Istio's default" : `PeerAuthentication ${by.namespace}/${by.name}`;
  const ofMesh = by !== null && by.namespace === index.inventory.mesh.rootNamespace;
  if (demand.mode === 'STRICT' && tls.mode !== 'ISTIO_MUTUAL')
    return {
      code: ofMesh ? 'KIA0208' : 'KIA0207',
      path,
      message: `tls mode ${tls.mode} to ${host}, which demands mutual TLS (STRICT by ${policy})`,
      consequence: 'the server resets every connection: requests are answered 503 (UC, upstream connection termination)',
    };
  if (demand.mode === 'DISABLE' && tls.mode === 'ISTIO_MUTUAL')
    return {
      code: ofMesh ? 'KIA0506' : 'KIA0505',
      path,
      message: `tls mode ISTIO_MUTUAL to ${host}, which takes plaintext only (DISABLE by ${policy})`,
      consequence: 'requests are answered 503 (UF, TLS error: the server does not speak it)',
    };
  return null;
}

/** A wide rule that switches mutual TLS on, while no PeerAuthentication says that servers want it. */
function* checkWide(index: MeshIndex, view: DestinationRuleView, host: string): Generator<Report> {
  if (view.policy?.tls?.mode !== 'ISTIO_MUTUAL') return;
  const path = `${view.policy.tls.pointer.path}.mode`;
  const root = index.inventory.mesh.rootNamespace;
  const has = (namespace: string): boolean =>
    index.objectsIn('PeerAuthentication', namespace).some((object) => readPeerAuthentication(object).selector === null);
  if (`*.${index.domain}`.endsWith(host.slice(1)) && !has(root)) {
    yield {
      code: 'KIA0205',
      path,
      message: `${host} is called with mutual TLS, and no PeerAuthentication for the mesh demands it`,
      consequence: 'servers still accept plaintext from everybody else (PERMISSIVE)',
    };
    return;
  }
  const [, namespace, svc] = host.split('.');
  if (svc === 'svc' && namespace !== undefined && !has(namespace) && !has(root))
    yield {
      code: 'KIA0206',
      path,
      message: `${host} is called with mutual TLS, and no PeerAuthentication for ${namespace} demands it`,
      consequence: 'servers still accept plaintext from everybody else (PERMISSIVE)',
    };
}

/** A rule without TLS settings takes the place of a wider one that has some. */
function* checkHidden(index: MeshIndex, view: DestinationRuleView, host: string): Generator<Report> {
  if (view.policy === null || view.policy.tls !== null || settingsOf(view).length > 0) return;
  const root = index.inventory.mesh.rootNamespace;
  const hidden = rulesMeaning(index, host).find((other) => {
    const { namespace } = other.object;
    const tls = other.policy?.tls ?? null;
    if (tls === null || (namespace !== root && namespace !== view.object.namespace)) return false;
    const wide = hostOfRule(index, other);
    // Automatic mutual TLS does the same as ISTIO_MUTUAL where nothing is set.
    return isWildcardHost(wide) && isHostWithin(host, wide) && !(tls.mode === 'ISTIO_MUTUAL' && index.inventory.mesh.autoMtls);
  });
  if (hidden === undefined) return;
  const mode = hidden.policy?.tls?.mode ?? '';
  yield {
    code: 'KIA0204',
    path: 'spec.trafficPolicy',
    message: `it hides tls mode ${mode} of DestinationRule ${hidden.object.namespace}/${hidden.object.name} for ${host}: rules of different hosts are not merged`,
    consequence: `${host} is called without these TLS settings`,
  };
}
