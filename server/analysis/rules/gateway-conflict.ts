// Istio Gateways on the same proxies that stand in each other's way: same port and host, TLS beside plaintext, one certificate for several hosts.

import type { PodInfo } from '../../../model/inventory';
import { type GatewayServer, gatewayPortsOf, serverNames } from '../../istio/gateways';
import { kindTable } from '../../istio/kind-table';
import { isEmpty, labelsKey } from '../../istio/labels';
import { remember } from '../../istio/memo';
import type { MeshIndex } from '../../istio/mesh-index';
import { tableOf } from '../../istio/mesh-index';
import { readGateway } from '../../istio/read/gateway';
import { proxiesSelected } from '../gateway-pods';
import type { Report, Rule, Subject } from '../rule';

export const gatewayConflict: Rule = {
  name: 'gateway-conflict',
  codes: ['IST0145', 'IST0138'],
  on: ['Gateway'],
  reads: ['Gateway', 'K8sGateway', 'GatewayClass', 'Service', 'ServiceEntry', 'Pod'],
  *check(subject) {
    const { selector, servers } = readGateway(subject.object);
    if (isEmpty(selector)) return;
    const seen = new Set<string>();
    for (const pod of proxiesSelected(subject.index, selector))
      for (const server of servers) {
        if (seen.has(server.pointer.path)) continue;
        for (const report of checkServer(subject, pod, server.pointer.path)) {
          seen.add(server.pointer.path);
          yield report;
        }
      }
    yield* checkCertificates(subject);
  },
};

const describe = ({ pointer }: GatewayServer): string => `Gateway ${pointer.namespace}/${pointer.name}`;
const isOwn = ({ object }: Subject, { pointer }: GatewayServer, path?: string): boolean =>
  pointer.kind === 'Gateway' &&
  pointer.namespace === object.namespace &&
  pointer.name === object.name &&
  (path === undefined || pointer.path === path);

interface PortTable {
  readonly skipped: ReadonlyMap<string, { readonly server: GatewayServer; readonly why: string }>;
  /** Plain HTTP servers by `port host`, and their own entries by place. */
  readonly plain: ReadonlyMap<string, readonly GatewayServer[]>;
  readonly byPlace: ReadonlyMap<string, GatewayServer>;
}

const placeOf = ({ pointer }: GatewayServer): string => `${pointer.kind}/${pointer.namespace}/${pointer.name}/${pointer.path}`;
const tables = tableOf(() => new Map<string, PortTable>());

const tableFor = (index: MeshIndex, pod: PodInfo): PortTable =>
  remember(tables(index), `${pod.namespace}|${labelsKey(pod.labels)}`, () => {
    const skipped = new Map<string, { server: GatewayServer; why: string }>();
    const plain = new Map<string, GatewayServer[]>();
    const byPlace = new Map<string, GatewayServer>();
    for (const [port, found] of gatewayPortsOf(index, pod.namespace, pod.labels)) {
      for (const entry of found.skipped) skipped.set(placeOf(entry.server), entry);
      for (const server of found.servers) {
        if (server.kind !== 'http') continue;
        byPlace.set(placeOf(server), server);
        for (const host of new Set(serverNames(server))) remember(plain, `${port} ${host}`, () => []).push(server);
      }
    }
    return { skipped, plain, byPlace };
  });

function* checkServer(subject: Subject, pod: PodInfo, path: string): Generator<Report> {
  const { index, object } = subject;
  const table = tableFor(index, pod);
  const place = `Gateway/${object.namespace}/${object.name}/${path}`;
  const lost = table.skipped.get(place);
  if (lost !== undefined) {
    yield {
      code: 'IST0145',
      path,
      message: `server for port ${lost.server.port} is left out on pods such as ${pod.namespace}/${pod.name}: ${lost.why}`,
      consequence: 'the server is not opened: requests for its hosts are answered by the other one, or 404 (NR, no route)',
    };
    return;
  }
  const own = table.byPlace.get(place);
  if (own === undefined) return;
  for (const host of serverNames(own)) {
    const rivals = (table.plain.get(`${own.port} ${host}`) ?? []).filter((server) => !isOwn(subject, server));
    if (rivals.length === 0) continue;
    yield {
      code: 'IST0145',
      // Plain HTTP servers are merged: nothing is lost, and `*` is what everybody writes.
      severity: host === '*' ? 'info' : 'warning',
      path: `${path}.hosts`,
      message: `host ${host} on port ${own.port} is also served by ${[...new Set(rivals.map(describe))].slice(0, 5).join(', ')}`,
      consequence: 'the servers are merged: the rules of both are tried, those of the oldest VirtualService first',
    };
    return;
  }
}

const byCertificate = kindTable('Gateway', (index) => {
  const found = new Map<string, { readonly name: string; readonly selector: string; readonly hosts: readonly string[] }[]>();
  for (const object of index.objects('Gateway')) {
    const gateway = readGateway(object);
    for (const { tls, hosts } of gateway.servers)
      if (tls?.credentialName)
        remember(found, tls.credentialName, () => []).push({
          name: `${object.namespace}/${object.name}`,
          selector: labelsKey(gateway.selector),
          hosts: hosts.map((host) => host.slice(host.indexOf('/') + 1)),
        });
  }
  return found;
});

function* checkCertificates({ index, object }: Subject): Generator<Report> {
  const { selector, servers } = readGateway(object);
  for (const { tls, hosts, pointer } of servers) {
    if (!tls?.credentialName) continue;
    const own = `${object.namespace}/${object.name}`;
    const names = hosts.map((host) => host.slice(host.indexOf('/') + 1));
    const others = (byCertificate(index).get(tls.credentialName) ?? []).filter(
      (other) => other.name !== own && other.selector === labelsKey(selector) && !other.hosts.some((host) => names.includes(host)),
    );
    if (others.length === 0) continue;
    yield {
      code: 'IST0138',
      path: `${pointer.path}.tls.credentialName`,
      message: `certificate ${tls.credentialName} is also that of Gateway ${[...new Set(others.map(({ name }) => name))].slice(0, 5).join(', ')} with other hosts`,
      consequence:
        'browsers that reuse an HTTP/2 connection ask the wrong gateway for a host and get 404 (NR, no route); one Gateway for all hosts avoids it',
    };
  }
}
