// Names in AuthorizationPolicies that mean nothing: namespaces, methods, hosts, principals; identities where there are none.

import { kindTableInSteps } from '../../istio/kind-table';
import { selects } from '../../istio/labels';
import { inParts } from '../../istio/memo';
import type { MeshIndex } from '../../istio/mesh-index';
import { tableOf } from '../../istio/mesh-index';
import { serverMtlsMode } from '../../istio/mtls';
import { resolveHost } from '../../istio/names';
import { type AuthorizationPolicyView, readAuthorizationPolicy } from '../../istio/read/authorization-policy';
import { Fields } from '../../istio/read/fields';
import { readVirtualService } from '../../istio/read/virtual-service';
import { podsSelected } from '../../istio/services';
import { isKnownHost } from '../audience';
import { type TextPlace, textPlaces } from '../places';
import type { Report, Rule, Subject } from '../rule';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

const routedHosts = kindTableInSteps('VirtualService', function* (index) {
  const found = new Set<string>();
  for (const part of inParts(index.objects('VirtualService'))) {
    yield;
    for (const object of part) {
      for (const host of readVirtualService(object).hosts) found.add(resolveHost(host, object.namespace, index.domain).toLowerCase());
    }
  }
  return found;
});

export const authorizationPolicy: Rule = {
  name: 'authorization-policy',
  codes: ['KIA0101', 'KIA0102', 'KIA0104', 'KIA0105', 'KIA0106', 'KIA0108'],
  on: ['AuthorizationPolicy'],
  reads: ['Namespace', 'Pod', 'Workload', 'Service', 'ServiceEntry', 'VirtualService', 'PeerAuthentication'],
  tables: [routedHosts],
  *check(subject) {
    const rules = Fields.ofSpec(subject.object).objects('rules');
    const sources = rules.flatMap((rule) => rule.objects('from')).flatMap((from) => from.object('source') ?? []);
    const operations = rules.flatMap((rule) => rule.objects('to')).flatMap((to) => to.object('operation') ?? []);
    for (const source of sources) yield* checkSource(subject, source);
    for (const operation of operations) yield* checkOperation(subject, operation);
    const identity = sources.flatMap((source) => [...textPlaces(source, 'principals'), ...textPlaces(source, 'namespaces')]);
    yield* checkIdentity(subject, identity);
  },
};

const isPattern = (text: string): boolean => text.includes('*');

function* checkSource({ index }: Subject, source: Fields): Generator<Report> {
  const { namespaces, mesh } = index.inventory;
  for (const { text, path } of [...textPlaces(source, 'namespaces'), ...textPlaces(source, 'notNamespaces')])
    if (!isPattern(text) && namespaces.size > 0 && !namespaces.has(text))
      yield {
        code: 'KIA0101',
        path,
        message: `namespace ${text} does not exist`,
        consequence: 'nobody calls from there: the entry matches nothing',
      };
  for (const { text, path } of [...textPlaces(source, 'principals'), ...textPlaces(source, 'notPrincipals')]) {
    const parts = /^([^/*]+)\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(text);
    if (parts === null) continue;
    const [, domain = '', namespace = '', account = ''] = parts;
    if (domain !== mesh.trustDomain && domain !== 'cluster.local') {
      yield {
        code: 'KIA0108',
        path,
        message: `trust domain ${domain} of principal ${text} is not that of the mesh (${mesh.trustDomain})`,
        consequence: 'unless it is an alias or that of a federated mesh, the entry matches nothing',
      };
    } else if (!accounts(index).has(`${namespace}/${account}`)) {
      yield {
        code: 'KIA0106',
        path,
        message: `no pod runs as service account ${namespace}/${account}`,
        consequence: 'nobody calls with this identity: the entry matches nothing',
      };
    }
  }
}

const accounts = tableOf((index) => {
  const found = new Set<string>();
  for (const pod of index.inventory.pods.values()) found.add(`${pod.namespace}/${pod.serviceAccount}`);
  for (const workload of index.inventory.workloads.values()) found.add(`${workload.namespace}/${workload.serviceAccount}`);
  return found;
});

function* checkOperation({ index, object }: Subject, operation: Fields): Generator<Report> {
  for (const { text, path } of [...textPlaces(operation, 'methods'), ...textPlaces(operation, 'notMethods')])
    if (!isPattern(text) && !METHODS.has(text) && !text.startsWith('/'))
      yield {
        code: 'KIA0102',
        path,
        message: `${text} is no HTTP method${METHODS.has(text.toUpperCase()) ? `; methods are upper case: ${text.toUpperCase()}` : ''}`,
        consequence: 'no request has it: the entry matches nothing',
      };
  for (const { text, path } of textPlaces(operation, 'hosts')) {
    const name = text.replace(/:\d+$/, '').toLowerCase();
    // What comes from outside may have any name; only names of the cluster can be said to be missing.
    if (isPattern(text) || !name.endsWith(`.svc.${index.domain}`)) continue;
    const host = resolveHost(name, object.namespace, index.domain);
    if (isKnownHost(index, host) || routedHosts(index).has(host)) continue;
    yield {
      code: 'KIA0104',
      path,
      message: `host ${text} is no Service and no ServiceEntry`,
      consequence: 'no request is for it: the entry matches nothing',
    };
  }
}

/** Identities come from mutual TLS: where a server takes plaintext only, there are none. */
function* checkIdentity({ index, object }: Subject, places: readonly TextPlace[]): Generator<Report> {
  const [first] = places;
  if (first === undefined) return;
  const policy = readAuthorizationPolicy(object);
  const pods = podsOf(index, policy);
  if (pods.length === 0 || !pods.every((pod) => serverMtlsMode(index, pod, 0).mode === 'DISABLE')) return;
  yield {
    code: 'KIA0105',
    path: first.path,
    message: `${first.text} is an identity of mutual TLS, which the selected workloads disable (PeerAuthentication DISABLE)`,
    consequence:
      policy.action === 'DENY'
        ? 'no caller has an identity: nobody is denied by it'
        : 'no caller has an identity: nobody is allowed by it (403)',
  };
}

function podsOf(index: MeshIndex, policy: AuthorizationPolicyView) {
  const { namespace } = policy.object;
  if (policy.targetRefs.length > 0 || namespace === index.inventory.mesh.rootNamespace) return [];
  const { selector } = policy;
  return podsSelected(index, namespace, selector ?? {}).filter((pod) => pod.injected && selects(selector ?? {}, pod.labels));
}
