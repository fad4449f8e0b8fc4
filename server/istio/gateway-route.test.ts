// Routes at gateways: servers, hosts, merged VirtualServices, Gateway API listeners and routes.
import { describe, expect, it } from 'vitest';
import type { RouteDecision, RouteRequest } from '../../model/routing';
import { gatewayPortsOf, gatewaysOf } from './gateways';
import { evaluateRoute } from './route';
import { callerOf, meshOf, requestOf } from './test-mesh';

const WORLD = `
kind: Service
metadata: {name: a}
spec: {ports: {http: 80}}
---
kind: Service
metadata: {name: b}
spec: {ports: {http: 9080}}
---
kind: Pod
metadata: {name: a-1, labels: {app: a}}
---
kind: Pod
metadata: {name: b-1, labels: {app: b}}
---
`;
const GATEWAY = `
kind: Gateway
metadata: {name: gw}
spec:
  selector: {istio: ingressgateway}
  servers:
  - {port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*.example.com", "far/only.org"]}
  - {port: {number: 443, name: https, protocol: HTTPS}, hosts: [secure.example.com], tls: {mode: SIMPLE, credentialName: c}}
  - {port: {number: 443, name: pass, protocol: TLS}, hosts: [opaque.example.com], tls: {mode: PASSTHROUGH}}
  - {port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}
---
`;
const ingress = callerOf({
  namespace: 'istio-system',
  workload: 'istio-ingressgateway',
  podLabels: { istio: 'ingressgateway' },
  mode: 'gateway',
});

const ask = (yaml: string, host: string, parts: Partial<RouteRequest> = {}): RouteDecision =>
  evaluateRoute(meshOf(WORLD + yaml), requestOf(host, { caller: ingress, port: 8080, ...parts }));
const brief = (decision: RouteDecision): string =>
  decision.outcome === 'route'
    ? decision.destinations.map((d) => d.clusterName).join(' ')
    : 'status' in decision
      ? `${decision.outcome} ${decision.status}`
      : decision.outcome;
const A = 'outbound|80||a.default.svc.cluster.local';
const B = 'outbound|9080||b.default.svc.cluster.local';
const vs = (name: string, hosts: string, rules: string, rest = 'gateways: [gw]'): string =>
  `kind: VirtualService\nmetadata: ${name}\nspec:\n  hosts: ${hosts}\n  ${rest}\n  ${rules}\n---\n`;

describe('Istio Gateways', () => {
  it('take a destination’s only port', () => {
    const yaml =
      GATEWAY +
      vs(
        '{name: x}',
        '[shop.example.com]',
        'http: [{match: [{uri: {exact: /b}}], route: [{destination: {host: b}}]}, {route: [{destination: {host: a}}]}]',
      );
    expect(brief(ask(yaml, 'shop.example.com', { path: '/b' }))).toBe(B);
    expect(brief(ask(yaml, 'shop.example.com'))).toBe(A);
  });

  it.each([
    ['other.example.com', 'noRoute 404'],
    ['shop.org', 'noRoute 404'],
    ['shop.example.com', A],
    ['SHOP.example.com', A],
  ])('host %s: %s', (host, expected) =>
    expect(brief(ask(GATEWAY + vs('{name: x}', '[shop.example.com]', 'http: [{route: [{destination: {host: a}}]}]'), host))).toBe(expected),
  );

  it('answer nothing on a port without a server', () => expect(brief(ask(GATEWAY, 'shop.example.com', { port: 81 }))).toBe('noRoute 0'));

  it('open `far/host` to VirtualServices of far only', () => {
    const rules = 'http: [{route: [{destination: {host: a.default.svc.cluster.local}}]}]';
    expect(brief(ask(GATEWAY + vs('{name: x}', '[only.org]', rules), 'only.org'))).toBe('noRoute 404');
    expect(brief(ask(GATEWAY + vs('{name: x, namespace: far}', '[only.org]', rules, 'gateways: [default/gw]'), 'only.org'))).toBe(A);
  });

  it('concatenate the VirtualServices of a host, oldest first, catch-alls last', () => {
    const yaml =
      GATEWAY +
      vs('{name: old, age: 1}', '[shop.example.com]', 'http: [{route: [{destination: {host: a}}]}]') +
      vs('{name: new, age: 2}', '[shop.example.com]', 'http: [{match: [{uri: {prefix: /b}}], route: [{destination: {host: b}}]}]');
    expect(brief(ask(yaml, 'shop.example.com', { path: '/b' }))).toBe(B);
    expect(brief(ask(yaml, 'shop.example.com'))).toBe(A);
  });

  it('never send what follows a catch-all in one VirtualService', () => {
    const yaml =
      GATEWAY +
      vs(
        '{name: x}',
        '[shop.example.com]',
        'http: [{route: [{destination: {host: a}}]}, {match: [{uri: {prefix: /b}}], route: [{destination: {host: b}}]}]',
      );
    expect(brief(ask(yaml, 'shop.example.com', { path: '/b' }))).toBe(A);
  });

  it('bind rules by `gateways` in the match', () => {
    const rules =
      'http: [{match: [{gateways: [mesh]}], route: [{destination: {host: b}}]}, {match: [{gateways: [gw]}], route: [{destination: {host: a}}]}]';
    const yaml = GATEWAY + vs('{name: x}', '[shop.example.com]', rules, 'gateways: [mesh, gw]');
    expect(brief(ask(yaml, 'shop.example.com'))).toBe(A);
    expect(brief(ask(yaml, 'shop.example.com', { caller: callerOf(), port: 80 }))).toBe('outbound|80||b.default.svc.cluster.local');
  });

  it('see VirtualServices of other namespaces only when exported', () => {
    const rules = 'http: [{route: [{destination: {host: a}}]}]';
    expect(brief(ask(GATEWAY + vs('{name: x}', '[shop.example.com]', `exportTo: ["."]\n  ${rules}`), 'shop.example.com'))).toBe(
      'noRoute 404',
    );
  });

  it('end TLS per server, pass it through by server name', () => {
    const yaml =
      GATEWAY +
      vs('{name: x}', '[secure.example.com]', 'http: [{route: [{destination: {host: a}}]}]') +
      vs('{name: y}', '[opaque.example.com]', 'tls: [{match: [{sniHosts: [opaque.example.com]}], route: [{destination: {host: b}}]}]');
    const tls = { port: 443, scheme: 'https' } as const;
    expect(brief(ask(yaml, 'secure.example.com', tls))).toBe(A);
    expect(brief(ask(yaml, 'opaque.example.com', { ...tls, protocol: 'tls' }))).toBe(B);
    expect(brief(ask(yaml, 'third.example.com', tls))).toBe('noRoute 0');
    expect(brief(ask(yaml, 'secure.example.com', { port: 443 }))).toBe('noRoute 0');
  });

  it('carry TCP', () =>
    expect(
      brief(
        ask(GATEWAY + vs('{name: x}', '["*"]', 'tcp: [{match: [{port: 9000}], route: [{destination: {host: b}}]}]'), '', {
          port: 9000,
          protocol: 'tcp',
        }),
      ),
    ).toBe(B));

  it('redirect to https', () => {
    const yaml = GATEWAY.replace('"far/only.org"]', '"far/only.org"], tls: {httpsRedirect: true}');
    expect(ask(yaml, 'x.example.com', { path: '/p' })).toMatchObject({
      outcome: 'redirect',
      status: 301,
      location: 'https://x.example.com/p',
    });
  });

  it('merge servers of a port and skip those that cannot stand together', () => {
    const second = `
kind: Gateway
metadata: {name: later}
spec:
  selector: {istio: ingressgateway}
  servers:
  - {port: {number: 8080, name: http, protocol: HTTP}, hosts: [x.org]}
  - {port: {number: 8080, name: tls, protocol: HTTPS}, hosts: [x.org], tls: {mode: SIMPLE}}
  - {port: {number: 9000, name: http, protocol: HTTP}, hosts: [x.org]}
  - {port: {number: 443, name: again, protocol: HTTPS}, hosts: [secure.example.com], tls: {mode: SIMPLE}}
`;
    const index = meshOf(WORLD + GATEWAY + second);
    const ports = gatewayPortsOf(index, 'istio-system', { istio: 'ingressgateway' });
    const counts = [8080, 9000, 443].map((port) => [ports.get(port)?.servers.length, ports.get(port)?.skipped.length]);
    expect(counts).toEqual([
      [2, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(gatewaysOf(index, 'istio-system', { istio: 'ingressgateway' }).map((p) => p.name)).toEqual(['gw', 'later']);
    expect(gatewaysOf(index, 'x', { istio: 'other' })).toEqual([]);
  });
});

const API_GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web}
spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP, hostname: "*.example.com", allowedRoutes: {namespaces: {from: All}}}
  - {name: own, port: 81, protocol: HTTP}
---
`;
const apiPod = callerOf({ mode: 'gateway', podLabels: { 'gateway.networking.k8s.io/gateway-name': 'web' } });
const httpRoute = (meta: string, spec: string): string => `kind: HTTPRoute\nmetadata: ${meta}\nspec:\n  ${spec}\n---\n`;
const parent = 'parentRefs: [{name: web}]';

describe('Gateway API routes at a gateway', () => {
  const at = (yaml: string, host = 'x.example.com', parts: Partial<RouteRequest> = {}): RouteDecision =>
    ask(API_GATEWAY + yaml, host, { caller: apiPod, port: 80, ...parts });
  const to = (name: string, port: number): string => `backendRefs: [{name: ${name}, port: ${port}}]`;

  it('match path prefixes by segments', () => {
    const yaml = httpRoute('{name: r}', `${parent}\n  rules: [{matches: [{path: {value: /foo}}], ${to('a', 80)}}]`);
    expect(brief(at(yaml, 'x.example.com', { path: '/foo/bar' }))).toBe(A);
    expect(brief(at(yaml, 'x.example.com', { path: '/foobar' }))).toBe('noRoute 404');
  });

  it('are ordered by precedence, not as written', () => {
    const rules = `rules: [{${to('a', 80)}}, {matches: [{path: {value: /p}}], ${to('a', 80)}}, {matches: [{path: {value: /p}, headers: [{name: V, value: x}]}], ${to('b', 9080)}}, {matches: [{path: {type: Exact, value: /p/q}}], ${to('b', 9080)}}]`;
    const yaml = httpRoute('{name: r}', `${parent}\n  ${rules}`);
    expect(brief(at(yaml, 'x.example.com', { path: '/p/q' }))).toBe(B);
    expect(brief(at(yaml, 'x.example.com', { path: '/p/r' }))).toBe(A);
    expect(brief(at(yaml, 'x.example.com', { path: '/p/r', headers: { v: 'x' } }))).toBe(B);
  });

  it('attach where hostname, section and namespace allow', () => {
    const far = (extra: string): string =>
      httpRoute(
        '{name: r, namespace: far}',
        `parentRefs: [{name: web, namespace: default${extra}}]\n  rules: [{backendRefs: [{group: networking.istio.io, kind: Hostname, name: a.default.svc.cluster.local, port: 80}]}]`,
      );
    expect(brief(at(far('')))).toBe(A);
    expect(brief(at(far(''), 'x.org', { port: 81 }))).toBe('noRoute 404');
    expect(brief(at(far(', sectionName: own')))).toBe('noRoute 404');
    const hosted = httpRoute('{name: r}', `${parent}\n  hostnames: [y.example.com]\n  rules: [{${to('a', 80)}}]`);
    expect(brief(at(hosted))).toBe('noRoute 404');
    expect(brief(at(hosted, 'y.example.com'))).toBe(A);
  });

  it('answer 500 without backends; an invalid backend keeps its share', () => {
    expect(at(httpRoute('{name: r}', `${parent}\n  rules: [{backendRefs: [{name: a, port: 80, weight: 0}]}]`))).toMatchObject({
      outcome: 'directResponse',
      status: 500,
    });
    expect(
      at(httpRoute('{name: r}', `${parent}\n  rules: [{backendRefs: [{name: a, port: 80, weight: 3}, {name: gone, port: 80}]}]`)),
    ).toMatchObject({
      destinations: [
        { share: 0.75, state: 'ok' },
        { share: 0.25, state: 'missing' },
      ],
    });
  });

  it('need a ReferenceGrant for a backend of another namespace', () => {
    const yaml = httpRoute(
      '{name: r, namespace: far}',
      'parentRefs: [{name: web, namespace: default}]\n  rules: [{backendRefs: [{name: a, namespace: default, port: 80}]}]',
    );
    const grant =
      'kind: ReferenceGrant\nmetadata: {name: g}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: far}], to: [{group: "", kind: Service}]}\n---\n';
    expect(at(yaml)).toMatchObject({ destinations: [{ state: 'missing' }] });
    expect(at(yaml + grant)).toMatchObject({ destinations: [{ state: 'ok' }] });
  });

  it.each([
    ['{type: RequestRedirect, requestRedirect: {scheme: https}}', 302, 'https://x.example.com/p/q'],
    [
      '{type: RequestRedirect, requestRedirect: {hostname: z.org, statusCode: 301, path: {type: ReplacePrefixMatch, replacePrefixMatch: /n}}}',
      301,
      'http://z.org/n/q',
    ],
    [
      '{type: RequestRedirect, requestRedirect: {port: 8443, scheme: https, path: {type: ReplaceFullPath, replaceFullPath: /f}}}',
      302,
      'https://x.example.com:8443/f',
    ],
  ])('redirect %s', (filter, status, location) =>
    expect(
      at(httpRoute('{name: r}', `${parent}\n  rules: [{matches: [{path: {value: /p}}], filters: [${filter}]}]`), 'x.example.com', {
        path: '/p/q',
      }),
    ).toMatchObject({
      outcome: 'redirect',
      status,
      location,
    }),
  );

  it.each([
    ['/', '/q'],
    ['/n/', '/n/q'],
  ])('rewrite the prefix to %s', (value, path) => {
    const filters = `filters: [{type: URLRewrite, urlRewrite: {hostname: h.org, path: {type: ReplacePrefixMatch, replacePrefixMatch: ${value}}}}, {type: RequestMirror, requestMirror: {backendRef: {name: b, port: 9080}, percent: 5}}]`;
    const rule = `rules: [{matches: [{path: {value: /p}}], timeouts: {request: 2s}, retry: {attempts: 3, codes: [503]}, ${filters}, ${to('a', 80)}}]`;
    expect(at(httpRoute('{name: r}', `${parent}\n  ${rule}`), 'x.example.com', { path: '/p/q' })).toMatchObject({
      rewrite: { path, authority: 'h.org' },
      mirrors: [{ percent: 5, destination: { clusterName: B } }],
      timeoutMs: 2000,
      retries: { attempts: 3 },
    });
  });

  it('GRPCRoutes match service and method', () => {
    const grpc = (match: string): string =>
      `kind: GRPCRoute\nmetadata: {name: g}\nspec:\n  ${parent}\n  rules: [{matches: [{method: ${match}}], ${to('a', 80)}}]\n`;
    const call = (match: string, path: string): string => brief(at(grpc(match), 'x.example.com', { protocol: 'grpc', path }));
    expect(call('{service: p.S, method: M}', '/p.S/M')).toBe(A);
    expect(call('{service: p.S}', '/p.S/M')).toBe(A);
    expect(call('{service: p.S}', '/p.S2/M')).toBe('noRoute 404');
    expect(call('{method: M}', '/any/M')).toBe(A);
    expect(call('{service: "p[.].*", type: RegularExpression}', '/p.X/M')).toBe(A);
  });

  it('belong to istiod’s classes only', () => {
    const foreign = API_GATEWAY.replace('gatewayClassName: istio', 'gatewayClassName: nginx');
    const yaml = foreign + httpRoute('{name: r}', `${parent}\n  rules: [{${to('a', 80)}}]`);
    expect(brief(ask(yaml, 'x.example.com', { caller: apiPod, port: 80 }))).toBe('noRoute 0');
  });
});

describe('Gateway API routes of services', () => {
  const to = (name: string, port: number): string => `backendRefs: [{name: ${name}, port: ${port}, namespace: default}]`;
  const route = (meta: string, backend: string): string =>
    httpRoute(meta, `parentRefs: [{group: "", kind: Service, name: a, namespace: default}]\n  rules: [{${backend}}]`);
  const from = (namespace: string, yaml: string): string => brief(ask(yaml, 'a.default', { caller: callerOf({ namespace }), port: 80 }));

  it('in the service’s namespace are for every client, elsewhere for their own', () => {
    expect(from('x', route('{name: r}', to('b', 9080)))).toBe(B);
    expect(from('x', route('{name: r, namespace: y}', to('b', 9080)))).toBe(A);
    expect(from('y', route('{name: r, namespace: y}', to('b', 9080)))).toBe(B);
  });

  it('of the client’s namespace win over the producer’s and over older VirtualServices', () => {
    const producer = route('{name: p, age: 1}', to('a', 80));
    const consumer = route('{name: c, namespace: y, age: 9}', to('b', 9080));
    const service = vs('{name: v, age: 0}', '[a]', 'http: [{route: [{destination: {host: a}}]}]', 'exportTo: ["*"]');
    expect(from('y', producer + consumer + service)).toBe(B);
    expect(from('x', producer + consumer + service)).toBe(A);
  });
});
