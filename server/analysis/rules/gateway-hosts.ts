// Hosts of a VirtualService that none of its gateways' servers takes, and public hosts that are routed for the mesh only.

import { kindTable, kindTableInSteps } from '../../istio/kind-table';
import { inParts, remember } from '../../istio/memo';
import { hostsOverlap, intersectHosts, isWildcardHost, resolveHost } from '../../istio/names';
import { readGateway } from '../../istio/read/gateway';
import { readVirtualService } from '../../istio/read/virtual-service';
import { isKnownHost } from '../audience';
import { writeSpec } from '../fixes';
import { gatewayNamed } from '../gateway-pods';
import type { Report, Rule, Subject } from '../rule';

const hostsOnGateways = kindTableInSteps('VirtualService', function* (index) {
  const found = new Set<string>();
  for (const part of inParts(index.objects('VirtualService'))) {
    yield;
    for (const object of part) {
      const view = readVirtualService(object);
      if (view.gateways.some((gateway) => gateway !== 'mesh'))
        for (const host of view.hosts) found.add(resolveHost(host, object.namespace, index.domain).toLowerCase());
    }
  }
  return found;
});

export const gatewayHosts: Rule = {
  name: 'gateway-hosts',
  codes: ['IST0132', 'HED0005'],
  on: ['VirtualService'],
  reads: ['Gateway', 'Service', 'ServiceEntry', 'VirtualService'],
  tables: [hostsOnGateways],
  *check(subject) {
    yield* checkBound(subject);
    yield* checkMeshOnly(subject);
  },
};

/** Hosts of a gateway that routes of a namespace may take. */
function openHosts(subject: Subject, gateway: string): readonly string[] | null {
  const object = gatewayNamed(subject.index, gateway);
  if (object === null) return null;
  return readGateway(object).servers.flatMap(({ hosts }) =>
    hosts.flatMap((entry) => {
      const slash = entry.indexOf('/');
      if (slash < 0) return [entry];
      return entry.slice(0, slash) === subject.object.namespace ? [entry.slice(slash + 1)] : [];
    }),
  );
}

function* checkBound(subject: Subject): Generator<Report> {
  const { index, object } = subject;
  const view = readVirtualService(object);
  const named = view.gateways.filter((gateway) => gateway !== 'mesh');
  const served = named.map((gateway) => ({ gateway, hosts: openHosts(subject, gateway) }));
  // One that does not exist could serve anything.
  if (served.length === 0 || served.some(({ hosts }) => hosts === null)) return;
  for (const [i, host] of view.hosts.entries()) {
    const resolved = resolveHost(host, object.namespace, index.domain).toLowerCase();
    // In the mesh the host counts too; and of several gateways one is enough.
    if (view.gateways.includes('mesh') && isKnownHost(index, resolved)) continue;
    if (served.some(({ hosts }) => intersectHosts(hosts ?? [], [resolved]).length > 0)) continue;
    const offers = served.map(({ gateway, hosts }) => `${gateway} serves ${(hosts ?? []).join(', ') || `no host for ${object.namespace}`}`);
    yield {
      code: 'IST0132',
      path: `spec.hosts[${i}]`,
      message: `host ${host} is served by none of its gateways: ${offers.join('; ')}`,
      consequence: 'requests from outside for this host are answered 404 (NR, no route)',
    };
  }
}

/** Gateways by the hosts that they serve by name (`*` says nothing of a host). */
const publicServers = kindTable('Gateway', (index) => {
  const found = new Map<string, Set<string>>();
  for (const object of index.objects('Gateway'))
    for (const { hosts } of readGateway(object).servers)
      for (const entry of hosts) {
        const host = entry.slice(entry.indexOf('/') + 1);
        if (host !== '*') remember(found, host, () => new Set<string>()).add(`${object.namespace}/${object.name}`);
      }
  return found;
});

function* checkMeshOnly(subject: Subject): Generator<Report> {
  const { index, object } = subject;
  const view = readVirtualService(object);
  if (view.gateways.some((gateway) => gateway !== 'mesh')) return;
  for (const [i, written] of view.hosts.entries()) {
    const host = resolveHost(written, object.namespace, index.domain).toLowerCase();
    // A host of the mesh has its own reasons to be routed there.
    if (isWildcardHost(host) || isKnownHost(index, host)) continue;
    const gateways = [...publicServers(index)].filter(([served]) => hostsOverlap(served, host)).flatMap(([, names]) => [...names]);
    const [gateway] = gateways;
    if (gateway === undefined || [...hostsOnGateways(index)].some((routed) => hostsOverlap(routed, host))) continue;
    yield {
      code: 'HED0005',
      path: `spec.hosts[${i}]`,
      message: `host ${host} is public by Gateway ${gateways.join(', ')}, but the rules are bound to the mesh only`,
      consequence: 'requests from outside for this host are answered 404 (NR, no route)',
      fix: writeSpec(subject, `Bind it to ${gateway}, too`, (spec) => ({ ...spec, gateways: [gateway, 'mesh'] })),
    };
  }
}
