// Ports of gateways: services before them, servers that exclude each other, server names that are routes by themselves.
import { describe, expect, it } from 'vitest';
import type { RouteDecision, RouteRequest } from '../../model/routing';
import { gatewayPortsOf } from './gateways';
import { evaluateRoute } from './route';
import { callerOf, meshOf, requestOf } from './test-mesh';

const labels = { istio: 'ingressgateway' };
const ingress = callerOf({ namespace: 'istio-system', workload: 'ingress', podLabels: labels, mode: 'gateway' });
const ask = (yaml: string, host: string, parts: Partial<RouteRequest> = {}): RouteDecision =>
  evaluateRoute(meshOf(yaml), requestOf(host, { caller: ingress, ...parts }));
const brief = (decision: RouteDecision): string =>
  decision.outcome === 'route'
    ? decision.destinations.map((d) => d.clusterName).join(' ')
    : `${decision.outcome} ${'status' in decision ? decision.status : ''}`;

const gateway = (name: string, servers: string, meta = ''): string =>
  `kind: Gateway\nmetadata: {name: ${name}${meta}}\nspec:\n  selector: {istio: ingressgateway}\n  servers: [${servers}]\n---\n`;
const http = (number: number, hosts: string, tls = ''): string =>
  `{port: {number: ${number}, name: http, protocol: HTTP}, hosts: ${hosts}${tls}}`;
const front = (name: string, ports: string, extra = ''): string =>
  `kind: Service\nmetadata: {name: ${name}, namespace: istio-system${extra}}\nspec: {selector: {istio: ingressgateway}, ports: ${ports}}\n---\n`;
const APP = 'kind: Service\nmetadata: {name: a}\nspec: {ports: {http: [80, 9080], admin: 8080}}\n---\n';
const vs = (gateways: string, rules: string, hosts = '[shop.org]'): string =>
  `kind: VirtualService\nmetadata: {name: v}\nspec:\n  hosts: ${hosts}\n  gateways: ${gateways}\n  ${rules}\n---\n`;
const TO_A = 'http: [{route: [{destination: {host: a}}]}]';

describe('a service before the gateway', () => {
  const yaml = front('ingress', '{http: [80, 8080]}') + gateway('gw', http(80, '[shop.org]')) + APP + vs('[gw]', TO_A);

  it('maps its port to the one that the pod opens; the rules still speak of the server’s', () => {
    expect([...gatewayPortsOf(meshOf(yaml), 'istio-system', labels).keys()]).toEqual([8080]);
    // The destination has two ports and is called on the server's, not on the one that was dialled.
    expect(brief(ask(yaml, 'shop.org', { port: 8080 }))).toBe('outbound|80||a.default.svc.cluster.local');
    const matched = yaml.replace('http: [{route', 'http: [{match: [{port: 80}], route');
    expect(brief(ask(matched, 'shop.org', { port: 8080 }))).toBe('outbound|80||a.default.svc.cluster.local');
    expect(brief(ask(matched.replace('{port: 80}', '{port: 8080}'), 'shop.org', { port: 8080 }))).toBe('noRoute 404');
  });

  it('is reached by its own port as well', () =>
    expect(brief(ask(yaml, 'shop.org', { port: 80 }))).toBe('outbound|80||a.default.svc.cluster.local'));

  it('that lacks the port changes nothing', () => {
    const other = front('ingress', '{https: [443, 8443]}') + gateway('gw', http(82, '[shop.org]')) + APP + vs('[gw]', TO_A);
    expect([...gatewayPortsOf(meshOf(other), 'istio-system', labels).keys()]).toEqual([82]);
  });

  it('may be left out by its label', () => {
    const off = yaml.replace(
      'namespace: istio-system}',
      'namespace: istio-system, labels: {experimental.istio.io/disable-gateway-port-translation: "true"}}',
    );
    expect([...gatewayPortsOf(meshOf(off), 'istio-system', labels).keys()]).toEqual([80]);
  });

  it('joins servers of different ports on one that the pod opens', () => {
    const two =
      gateway('one', http(80, '[80.org]')) +
      gateway('two', http(81, '[81.org]')) +
      APP +
      vs('[one, two]', TO_A, '["*.org", 80.org, 81.org]');
    const both = front('x', '{http: [80, 8080]}') + front('y', '{http: [81, 8080]}') + two;
    expect(brief(ask(both, '80.org', { port: 8080 }))).toBe('outbound|80||a.default.svc.cluster.local');
    expect(brief(ask(both, '81.org', { port: 8080 }))).toBe('outbound|81||a.default.svc.cluster.local');
  });
});

describe('servers of one port', () => {
  it('bytes of the older Gateway shut the younger out, whatever its routes', () => {
    const tcp = '{port: {number: 80, name: tcp, protocol: TCP}, hosts: ["*"]}';
    const to = vs('[default/gw]', 'tcp: [{route: [{destination: {host: a, port: {number: 80}}}]}]', '["*"]') + APP;
    const call = { port: 80, protocol: 'tcp' } as const;
    expect(brief(ask(gateway('gw', tcp) + gateway('gw', tcp, ', namespace: zeta, age: 9') + to, '', call))).toContain('outbound|80||a');
    expect(brief(ask(gateway('gw', tcp, ', age: 9') + gateway('gw', tcp, ', namespace: alpha, age: 1') + to, '', call))).toBe('noRoute 0');
  });

  it('a second redirect of the same host is skipped with all of its hosts', () => {
    const redirect = ', tls: {httpsRedirect: true}';
    const yaml = gateway('one', http(80, '[a.org]', redirect)) + gateway('two', http(80, '[a.org, b.org]', redirect));
    expect(ask(yaml, 'a.org')).toMatchObject({ outcome: 'redirect', location: 'https://a.org/' });
    expect(brief(ask(yaml, 'b.org'))).toBe('noRoute 404');
    const { skipped = [] } = gatewayPortsOf(meshOf(yaml), 'istio-system', labels).get(80) ?? {};
    expect(skipped.map(({ why }) => why)).toEqual(['host a.org is already served on port 80']);
  });

  it('a redirect wins over the routes of another server for the host', () => {
    const yaml = gateway('one', http(80, '[shop.org]', ', tls: {httpsRedirect: true}')) + gateway('two', http(80, '[shop.org]'));
    expect(ask(yaml + APP + vs('[two]', TO_A), 'shop.org').outcome).toBe('redirect');
  });

  it('HTTPS with a redirect redirects nobody', () => {
    const tls =
      '{port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.org], tls: {mode: SIMPLE, credentialName: c, httpsRedirect: true}}';
    const yaml = gateway('gw', tls) + APP + vs('[gw]', TO_A);
    expect(brief(ask(yaml, 'shop.org', { port: 443, scheme: 'https' }))).toBe('outbound|443||a.default.svc.cluster.local');
  });

  it('TLS is told apart by the most specific server name', () => {
    const server = (name: string, hosts: string): string =>
      `{port: {number: 443, name: ${name}, protocol: HTTPS}, hosts: ${hosts}, tls: {mode: SIMPLE, credentialName: c}}`;
    const yaml = gateway('gw', `${server('wide', '["*.org"]')}, ${server('narrow', '[shop.org]')}`) + APP + vs('[gw]', TO_A, '["*"]');
    const at = (host: string): string | null => ask(yaml, host, { port: 443, scheme: 'https' }).virtualHost;
    expect([at('shop.org'), at('other.org')]).toEqual(['shop.org', '*.org']);
    expect(brief(ask(yaml, 'shop.com', { port: 443, scheme: 'https' }))).toBe('noRoute 0');
  });
});

describe('AUTO_PASSTHROUGH', () => {
  const yaml =
    gateway('cross', '{port: {number: 15443, name: tls, protocol: TLS}, hosts: ["*.local"], tls: {mode: AUTO_PASSTHROUGH}}') +
    `${APP}kind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, subsets: [{name: v1, labels: {version: v1}}]}\n---\n`;
  const at = (host: string): string => brief(ask(yaml, host, { port: 15443, protocol: 'tls', scheme: 'https' }));

  it.each([
    ['outbound_.80_._.a.default.svc.cluster.local', 'outbound|80||a.default.svc.cluster.local'],
    ['outbound_.80_.v1_.a.default.svc.cluster.local', 'outbound|80|v1|a.default.svc.cluster.local'],
    ['outbound_.80_._.gone.default.svc.cluster.local', 'noRoute 0'],
    ['outbound_.80_._.a.example.org', 'noRoute 0'],
    ['a.default.svc.cluster.local', 'noRoute 0'],
  ])('%s: %s', (host, expected) => expect(at(host)).toBe(expected));
});

describe('TCPRoute and TLSRoute', () => {
  const api = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  gatewayClassName: istio
  listeners:
  - {name: bytes, port: 9000, protocol: TCP}
  - {name: opaque, port: 443, protocol: TLS, hostname: "*.shop.org", tls: {mode: Passthrough}}
  - {name: ended, port: 8443, protocol: TLS, tls: {mode: Terminate}}
---
`;
  const pod = callerOf({ mode: 'gateway', podLabels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } });
  const route = (kind: string, spec: string, meta = '{name: r}'): string => `kind: ${kind}\nmetadata: ${meta}\nspec: {${spec}}\n---\n`;
  const parents = 'parentRefs: [{name: edge}]';
  const to = (name: string, weight = 1): string => `{name: ${name}, port: 80, weight: ${weight}}`;
  const B = 'kind: Service\nmetadata: {name: b}\nspec: {ports: {http: 80}}\n---\n';
  const at = (yaml: string, host: string, parts: Partial<RouteRequest>): RouteDecision =>
    evaluateRoute(meshOf(api + APP + B + yaml), requestOf(host, { caller: pod, ...parts }));

  it('carry bytes to backends by weight; the oldest route has the port', () => {
    const first = route('TCPRoute', `${parents}, rules: [{backendRefs: [${to('a', 3)}, ${to('b')}]}]`, '{name: z, age: 1}');
    const second = route('TCPRoute', `${parents}, rules: [{backendRefs: [${to('b')}]}]`, '{name: a, age: 2}');
    const decision = at(second + first, '', { port: 9000, protocol: 'tcp' });
    expect(decision).toMatchObject({
      rule: { kind: 'TCPRoute', name: 'z', path: 'spec.rules[0]' },
      destinations: [
        { clusterName: 'outbound|80||a.default.svc.cluster.local', share: 0.75 },
        { clusterName: 'outbound|80||b.default.svc.cluster.local', share: 0.25 },
      ],
    });
  });

  it('take TLS by server name where it is passed through', () => {
    const yaml =
      route('TLSRoute', `${parents}, hostnames: [a.shop.org], rules: [{backendRefs: [${to('a')}]}]`, '{name: x}') +
      route('TLSRoute', `${parents}, hostnames: ["*.shop.org"], rules: [{backendRefs: [${to('b')}]}]`, '{name: y}');
    const call = (host: string): string => brief(at(yaml, host, { port: 443, protocol: 'tls', scheme: 'https' }));
    expect([call('a.shop.org'), call('c.shop.org'), call('a.other.org')]).toEqual([
      'outbound|80||a.default.svc.cluster.local',
      'outbound|80||b.default.svc.cluster.local',
      'noRoute 0',
    ]);
  });

  it('carry the bytes of TLS that ends at the listener', () =>
    expect(
      brief(
        at(route('TCPRoute', `${parents}, rules: [{backendRefs: [${to('a')}]}]`), 'x.org', {
          port: 8443,
          protocol: 'tls',
          scheme: 'https',
        }),
      ),
    ).toBe('outbound|80||a.default.svc.cluster.local'));

  it('attach to listeners of their own protocol only', () => {
    const tls = route('TLSRoute', `${parents}, hostnames: [x.shop.org], rules: [{backendRefs: [${to('a')}]}]`);
    expect(brief(at(tls, '', { port: 9000, protocol: 'tcp' }))).toBe('noRoute 0');
    const httpRoute = route('HTTPRoute', `${parents}, rules: [{backendRefs: [${to('a')}]}]`);
    expect(brief(at(httpRoute, '', { port: 9000, protocol: 'tcp' }))).toBe('noRoute 0');
  });

  it('of a service are for its clients: all of them from its namespace, else those of their own', () => {
    const mongo = 'kind: Service\nmetadata: {name: mongo}\nspec: {ports: {tcp: 27017}, clusterIp: 10.0.0.9}\n---\n';
    const grant = (namespace: string): string =>
      route(
        'TCPRoute',
        `parentRefs: [{group: "", kind: Service, name: mongo, namespace: default}], rules: [{backendRefs: [{name: b, namespace: default, port: 80}]}]`,
        `{name: r, namespace: ${namespace}}`,
      );
    const from = (namespace: string, yaml: string): string =>
      brief(at(mongo + yaml, 'mongo.default', { caller: callerOf({ namespace }), port: 27017, protocol: 'tcp' }));
    const own = 'outbound|27017||mongo.default.svc.cluster.local';
    const b = 'outbound|80||b.default.svc.cluster.local';
    expect([from('x', grant('default')), from('x', grant('y')), from('y', grant('y'))]).toEqual([b, own, b]);
  });
});
