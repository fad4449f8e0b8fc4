// Hosts that are found by more than their name: address blocks, services without addresses, ExternalName, and the proxy's own ports.
import { describe, expect, it } from 'vitest';
import type { RouteDecision, RouteRequest } from '../../model/routing';
import { evaluateRoute } from './route';
import { meshOf, requestOf } from './test-mesh';

const brief = (decision: RouteDecision): string =>
  decision.outcome === 'route' ? decision.destinations.map((d) => d.clusterName).join(' ') : decision.outcome;
const ask = (yaml: string, host: string, parts: Partial<RouteRequest> = {}, mesh = {}): string =>
  brief(evaluateRoute(meshOf(yaml, mesh), requestOf(host, parts)));
const entry = (name: string, spec: string): string =>
  `kind: ServiceEntry\nmetadata: {name: ${name}}\nspec: {hosts: [${name}.org], ${spec}}\n---\n`;
const port = (number: number, protocol: string): string => `ports: [{number: ${number}, name: p${number}, protocol: ${protocol}}]`;

describe('blocks of addresses', () => {
  const tcp = { port: 9999, protocol: 'tcp' } as const;
  const blocks = (a: string, b: string): string =>
    entry('one', `addresses: ["${a}"], ${port(9999, 'TCP')}`) + entry('two', `addresses: ["${b}"], ${port(9999, 'TCP')}`);

  it.each([
    ['the narrower block wins', blocks('2001:db8::/32', '2001:db8:1::/48'), '2001:db8:1::5', 'outbound|9999||two.org'],
    ['outside of it the wider one', blocks('2001:db8::/32', '2001:db8:1::/48'), '2001:db8:2::5', 'outbound|9999||one.org'],
    [
      'bits beyond the prefix do not matter; of equals the older wins',
      blocks('10.1.2.3/8', '10.9.9.9/8'),
      '10.4.4.4',
      'outbound|9999||one.org',
    ],
    ['an address before a block', blocks('10.0.0.0/8', '10.1.1.1'), '10.1.1.1', 'outbound|9999||two.org'],
    ['outside of all', blocks('10.0.0.0/8', '10.1.1.1'), '11.1.1.1', 'passthrough'],
  ])('%s', (_, yaml, host, expected) => expect(ask(yaml, host, tcp)).toBe(expected));

  it('tell TLS apart by address and server name together', () => {
    const yaml =
      entry('one', `addresses: ["10.0.0.0/8"], ${port(9999, 'TLS')}`) + entry('two', `addresses: ["10.1.0.0/16"], ${port(9999, 'TLS')}`);
    const at = (host: string, address: string): string => ask(yaml, host, { port: 9999, protocol: 'tls', scheme: 'https', address });
    expect(at('two.org', '10.1.0.7')).toBe('outbound|9999||two.org');
    expect(at('one.org', '10.2.0.7')).toBe('outbound|9999||one.org');
    expect(at('one.org', '10.1.0.7')).toBe('passthrough');
    expect(at('two.org', '10.2.0.7')).toBe('passthrough');
  });
});

describe('the address that was dialled', () => {
  const yaml = `kind: Service\nmetadata: {name: a}\nspec: {ports: {http: 80, any: 81, tcp: 82}, clusterIp: 10.9.0.1}\n---\n`;
  it.each<[string, Partial<RouteRequest>, string]>([
    ['HTTP goes by its host', { port: 80 }, 'passthrough'],
    ['HTTP to a port of unknown protocol goes where it was sent', { port: 81 }, 'outbound|81||a.default.svc.cluster.local'],
    ['so do bytes', { port: 82, protocol: 'tcp' }, 'outbound|82||a.default.svc.cluster.local'],
    ['and HTTP to a TCP port', { port: 82 }, 'outbound|82||a.default.svc.cluster.local'],
  ])('%s', (_, parts, expected) => expect(ask(yaml, 'foobar', { address: '10.9.0.1', ...parts })).toBe(expected));
});

describe('a ServiceEntry without addresses', () => {
  const tcp = entry('ext', `resolution: DNS, ${port(82, 'TCP')}`);
  it('takes every connection of its TCP port that nobody else takes', () => {
    expect(ask(tcp, 'anything', { port: 82, protocol: 'tcp' })).toBe('outbound|82||ext.org');
    expect(ask(tcp, 'anything', { port: 82 })).toBe('outbound|82||ext.org');
    expect(ask(tcp, 'anything', { port: 82, protocol: 'tls' })).toBe('outbound|82||ext.org');
    expect(ask(tcp, 'anything', { port: 83, protocol: 'tcp' })).toBe('passthrough');
  });

  it('of unknown protocol leaves HTTP to its hosts', () => {
    const auto = `kind: ServiceEntry\nmetadata: {name: ext}\nspec: {hosts: [ext.org], resolution: DNS, ports: [{number: 81, name: p}]}\n`;
    expect(ask(auto, 'anything', { port: 81 })).toBe('passthrough');
    expect(ask(auto, 'anything', { port: 81, protocol: 'tcp' })).toBe('outbound|81||ext.org');
  });

  it('for TLS or HTTP is told apart by names', () => {
    expect(ask(entry('ext', `resolution: DNS, ${port(443, 'TLS')}`), 'other.org', { port: 443, protocol: 'tls' })).toBe('passthrough');
    expect(ask(entry('ext', `resolution: DNS, ${port(80, 'HTTP')}`), 'other.org')).toBe('passthrough');
  });

  it('with an address takes nothing else', () =>
    expect(ask(entry('ext', `addresses: [1.2.3.4], resolution: DNS, ${port(82, 'TCP')}`), 'anything', { port: 82, protocol: 'tcp' })).toBe(
      'passthrough',
    ));
});

describe('ExternalName', () => {
  const world = `
kind: Service
metadata: {name: alias}
spec: {externalName: concrete.default.svc.cluster.local}
---
kind: Service
metadata: {name: concrete}
spec: {ports: {http: 80, any: 81, tcp: 82, tls: 83}}
---
`;
  const concrete = (number: number): string => `outbound|${number}||concrete.default.svc.cluster.local`;
  it.each<[string, Partial<RouteRequest>]>([
    ['alias.default.svc.cluster.local', { port: 80 }],
    ['alias', { port: 81 }],
    ['alias.default', { port: 82, protocol: 'tcp' }],
    ['alias.default', { port: 83, protocol: 'tls', scheme: 'https' }],
  ])('%s needs no ports of its own: %o', (host, parts) => expect(ask(world, host, parts)).toBe(concrete(parts.port ?? 0)));

  it('has routes by its full name only, on port 80, and none of TCP', () => {
    const vs = `kind: VirtualService\nmetadata: {name: v}\nspec:\n  hosts: [alias.default.svc.cluster.local]\n  http: [{directResponse: {status: 418}}]\n  tcp: [{route: [{destination: {host: concrete, port: {number: 80}}}]}]\n---\n`;
    expect(ask(world + vs, 'alias.default.svc.cluster.local')).toBe('directResponse');
    expect(ask(world + vs, 'alias.default')).toBe(concrete(80));
    expect(ask(world + vs, 'concrete')).toBe(concrete(80));
    expect(ask(world + vs, 'alias.default.svc.cluster.local', { port: 81 })).toBe(concrete(81));
    expect(ask(world + vs, 'alias', { port: 82, protocol: 'tcp' })).toBe(concrete(82));
  });
});

describe('what nobody knows', () => {
  const sidecar = (policy: string): string => `kind: Sidecar\nmetadata: {name: s}\nspec: {outboundTrafficPolicy: ${policy}}\n---\n`;
  const egress = `kind: Service\nmetadata: {name: egress, namespace: istio-system}\nspec: {ports: {tcp: 443}}\n---\n`;

  it('may be sent to an egress proxy', () => {
    const to = '{mode: ALLOW_ANY, egressProxy: {host: egress.istio-system.svc.cluster.local, port: {number: 443}}}';
    expect(ask(sidecar(to) + egress, 'x.org')).toBe('outbound|443||egress.istio-system.svc.cluster.local');
    expect(ask(sidecar(to.replace('ALLOW_ANY', 'REGISTRY_ONLY')) + egress, 'x.org')).toBe('blackHole');
  });

  it.each([15001, 15006])('never goes to the proxy’s own port %i', (own) =>
    expect(ask('', 'x.org', { port: own, protocol: 'tcp' })).toBe('blackHole'),
  );

  it('has routes on port 80 only where the proxy listens there', () => {
    const vs = `kind: VirtualService\nmetadata: {name: v}\nspec: {hosts: [shop.org], http: [{directResponse: {status: 418}}]}\n---\n`;
    const web = `kind: Service\nmetadata: {name: web}\nspec: {ports: {http: 80}}\n---\n`;
    expect(ask(vs, 'shop.org')).toBe('passthrough');
    expect(ask(vs + web, 'shop.org')).toBe('directResponse');
    expect(ask(`${vs + web}kind: Sidecar\nmetadata: {name: s}\nspec: {egress: [{hosts: ["*/shop.org"]}]}\n`, 'shop.org')).toBe(
      'passthrough',
    );
  });
});
