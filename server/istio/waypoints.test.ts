// Requests of ambient callers through waypoints: which services have one, which rules it takes, what the client's side makes of it.
import { describe, expect, it } from 'vitest';
import { evaluateRoute } from './route';
import { routingProxyFor } from './routing-proxy';
import { callerOf, meshOf, requestOf } from './test-mesh';

const WAYPOINT = (meta = '{namespace: shop, name: wp}', allowed = ''): string => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: ${meta}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE${allowed}}]}`;
const mesh = (service: string, more: string, namespaceLabels = '{}') =>
  meshOf(`
kind: Namespace
metadata: {name: shop, labels: ${namespaceLabels}}
---
kind: Service
metadata: {namespace: shop, name: api, labels: ${service}}
spec: {ports: {http: 80, tcp: 90}}
---
kind: Pod
metadata: {namespace: shop, name: api-1, labels: {app: api, version: v1}}
spec: {mesh: ambient}
---
kind: Pod
metadata: {namespace: shop, name: api-2, labels: {app: api, version: v2}}
spec: {mesh: ambient}
---
kind: DestinationRule
metadata: {namespace: shop, name: api}
spec: {host: api, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
${more}`);
const RULES = `
---
kind: VirtualService
metadata: {namespace: shop, name: api}
spec:
  hosts: [api]
  http:
    - {match: [{sourceNamespace: elsewhere, port: 80, uri: {prefix: /old}}], route: [{destination: {host: api, subset: v1}}]}
    - {match: [{port: 81}], redirect: {uri: /wrong}}
    - {route: [{destination: {host: api, subset: v2}}]}
  tcp:
    - {route: [{destination: {host: api, subset: v1}}]}`;
const USE = '{istio.io/use-waypoint: wp}';
const ambient = callerOf({ namespace: 'client', mode: 'ambient' });
const ask = (index: ReturnType<typeof meshOf>, parts: Parameters<typeof requestOf>[1] = {}) => {
  const decision = evaluateRoute(index, requestOf('api.shop.svc.cluster.local', { caller: ambient, ...parts }));
  return decision.outcome === 'route' ? decision.destinations.map(({ subset }) => subset) : decision.outcome;
};

describe('a waypoint', () => {
  it('applies the rules that its namespace sees, whoever asks', () => {
    const index = mesh(USE, WAYPOINT() + RULES);
    expect(ask(index)).toEqual(['v2']);
    // Conditions on the source are not looked at, those on the port are.
    expect(ask(index, { path: '/old/x' })).toEqual(['v1']);
    expect(ask(index, { port: 90, protocol: 'tcp' })).toEqual(['v1']);
    const decision = evaluateRoute(index, requestOf('api.shop.svc.cluster.local', { caller: ambient }));
    expect(decision.rule).toMatchObject({ kind: 'VirtualService', path: 'spec.http[2]' });
    expect(decision.tried).not.toHaveLength(0);
  });

  it('applies Gateway API routes of the service', () => {
    const route = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {namespace: shop, name: r}
spec:
  parentRefs: [{group: "", kind: Service, name: api}]
  rules: [{backendRefs: [{name: api, port: 80}], filters: [{type: RequestRedirect, requestRedirect: {hostname: x}}]}]`;
    expect(ask(mesh(USE, WAYPOINT() + route))).toBe('redirect');
  });

  it.each([
    ['the label of the service', USE, '{}', WAYPOINT(), true],
    ['the label of the namespace', '{}', USE, WAYPOINT(), true],
    ['none, over that of the namespace', '{istio.io/use-waypoint: none}', USE, WAYPOINT(), false],
    ['no label', '{}', '{}', WAYPOINT(), false],
    ['one that does not exist', '{istio.io/use-waypoint: other}', '{}', WAYPOINT(), false],
    ['one for workloads only', USE, '{}', WAYPOINT('{namespace: shop, name: wp, labels: {istio.io/waypoint-for: workload}}'), false],
    ['one for all', USE, '{}', WAYPOINT('{namespace: shop, name: wp, labels: {istio.io/waypoint-for: all}}'), true],
    [
      'one of another namespace that allows it',
      '{istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: infra}',
      '{}',
      WAYPOINT('{namespace: infra, name: wp}', ', allowedRoutes: {namespaces: {from: All}}'),
      true,
    ],
    [
      'one of another namespace that does not',
      '{istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: infra}',
      '{}',
      WAYPOINT('{namespace: infra, name: wp}'),
      false,
    ],
    ['a Gateway of another class', USE, '{}', WAYPOINT().replace('istio-waypoint', 'istio'), false],
  ])('is decided by %s', (_what, service, namespace, gateway, expected) => {
    const index = mesh(service, gateway + RULES, namespace);
    expect(ask(index)).toEqual(expected ? ['v2'] : [null]);
    expect(routingProxyFor(index, ambient, 'api.shop.svc.cluster.local', 80) !== null).toBe(expected);
  });

  it('is passed by callers of ztunnel only', () => {
    const index = mesh(USE, WAYPOINT() + RULES.replace('sourceNamespace: elsewhere', 'sourceNamespace: client'));
    expect(ask(index, { caller: callerOf({ namespace: 'client', mode: 'none' }) })).toEqual([null]);
    // A sidecar routes by itself.
    expect(ask(index, { caller: callerOf({ namespace: 'client' }), path: '/old' })).toEqual(['v1']);
    expect(routingProxyFor(index, callerOf({ namespace: 'client' }), 'api.shop.svc.cluster.local', 80)?.waypoint).toBeNull();
  });
});
