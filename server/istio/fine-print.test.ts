// Where Istio's proxies are stricter, or milder, than a reader would think: isolation of listeners, patterns of identities and tokens,
// direct responses of roots, endpoints by address. Each case is one such point, in a small mesh of our own.
import { describe, expect, it } from 'vitest';
import type { RouteDecision } from '../../model/routing';
import { type AuthorizationRequest, evaluateAuthorization } from './authorization';
import { gatewayPortsOf } from './gateways';
import { inboundAt } from './inbound';
import { evaluateRoute } from './route';
import { callerOf, meshOf, podNamed, requestOf } from './test-mesh';

const SERVICES = ['a', 'b'].map((name) => `kind: Service\nmetadata: {name: ${name}}\nspec: {ports: {http: 80}}\n---\n`).join('');
const brief = (decision: RouteDecision): string =>
  decision.outcome === 'route'
    ? decision.destinations.map(({ host }) => host.split('.')[0] ?? '').join()
    : `${decision.outcome}${'status' in decision ? ` ${decision.status}` : ''}`;

describe('listeners of one port', () => {
  const listener = (name: string, hostname: string | null): string =>
    `{name: ${name}, port: 80, protocol: HTTP${hostname === null ? '' : `, hostname: "${hostname}"`}}`;
  const gateway = `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web}\nspec:\n  gatewayClassName: istio\n  listeners: [${listener('all', null)}, ${listener('wide', '*.shop.org')}, ${listener('one', 'a.shop.org')}]\n---\n`;
  const route = (section: string, hosts: string, backend: string): string =>
    `kind: HTTPRoute\nmetadata: {name: ${section}-${backend}}\nspec: {parentRefs: [{name: web, sectionName: ${section}}], hostnames: [${hosts}], rules: [{matches: [{path: {value: /${section}}}], backendRefs: [{name: ${backend}, port: 80}]}]}\n---\n`;
  const yaml =
    SERVICES + gateway + route('all', '"b.org", "*.shop.org", "a.shop.org"', 'a') + route('wide', '"*.shop.org", "a.shop.org"', 'b');
  const caller = callerOf({ mode: 'gateway', podLabels: { 'gateway.networking.k8s.io/gateway-name': 'web' } });
  const ask = (host: string, path: string): string => brief(evaluateRoute(meshOf(yaml), requestOf(host, { caller, path })));

  it.each([
    ['b.org', '/all', 'a'],
    ['x.shop.org', '/wide', 'b'],
    ['x.shop.org', '/all', 'noRoute 404'],
    ['a.shop.org', '/wide', 'b'],
    ['a.shop.org', '/all', 'noRoute 404'],
  ])('keep what is theirs: %s%s is %s', (host, path, expected) => expect(ask(host, path)).toBe(expected));
});

describe('a root that answers directly', () => {
  const delegate = (spec: string): string => `kind: VirtualService\nmetadata: {name: leaf}\nspec: {http: [{${spec}}]}\n---\n`;
  const root = `kind: VirtualService\nmetadata: {name: root}\nspec: {hosts: [a], http: [{match: [{uri: {prefix: /}}], directResponse: {status: 418}, delegate: {name: leaf}}]}\n---\n`;
  const ask = (spec: string): string => brief(evaluateRoute(meshOf(SERVICES + root + delegate(spec)), requestOf('a')));

  it.each([
    ['route: [{destination: {host: b}}]', 'directResponse 418'],
    ['directResponse: {status: 410}', 'directResponse 410'],
    ['redirect: {uri: /x}', 'redirect 301'],
  ])('does so for its leaf with %s: %s', (spec, expected) => expect(ask(spec)).toBe(expected));
});

describe('patterns of policies', () => {
  const GET: Partial<AuthorizationRequest> = { host: 'web', method: 'GET', path: '/', headers: { empty: '' }, claims: {} };
  function decide(rule: string, parts: Partial<AuthorizationRequest> = {}, annotations = ''): string {
    const index = meshOf(
      `kind: Pod\nmetadata: {name: web, labels: {app: web}}\n---\nkind: AuthorizationPolicy\nmetadata: {name: p, annotations: {${annotations}}}\nspec: {rules: [${rule}]}`,
    );
    const caller = { principal: 'cluster.local/ns/shop/sa/cart', namespace: 'shop', serviceAccount: 'cart', ip: null };
    return evaluateAuthorization(index, { caller, server: podNamed(index, 'default/web'), port: 80, protocol: 'http', ...GET, ...parts })
      .outcome;
  }
  const token = (value: string): string => `{from: [{source: {requestPrincipals: ["${value}"]}}]}`;
  const claims = { iss: 'https://id.org/realm', sub: 'ann' };

  it.each([
    ['https://id.org/realm/ann', 'allowed'],
    ['https://id.org/realm/an*', 'allowed'],
    ['*/ann', 'allowed'],
    ['*realm/ann', 'allowed'],
    // The star is at one end of the whole value; at the other end it is a character.
    ['*realm/an*', 'denied'],
    ['https://id.org/realm/*nn', 'denied'],
    ['https://id.org/*/ann', 'denied'],
  ])('of tokens: %s is %s', (value, expected) => expect(decide(token(value), { claims })).toBe(expected));

  it('`*` of a header asks that it is there, even if empty', () => {
    expect(decide('{when: [{key: "request.headers[empty]", values: ["*"]}]}')).toBe('allowed');
    expect(decide('{when: [{key: "request.headers[absent]", values: ["*"]}]}')).toBe('denied');
  });

  it.each(['"true"', '"True"', '"1"', 't'])('dry runs are what Go reads as true: %s', (text) =>
    expect(decide('{to: [{operation: {methods: [POST]}}]}', {}, `istio.io/dry-run: ${text}`)).toBe('allowed'),
  );
});

describe('a ServiceEntry whose endpoints are written out', () => {
  const entry = `kind: ServiceEntry\nmetadata: {name: se}\nspec: {hosts: [web.org], location: MESH_INTERNAL, resolution: STATIC, endpoints: [{address: 10.1.0.7}], ports: [{number: 80, targetPort: 8080, name: tcp, protocol: TCP}]}\n---\n`;
  const pod = `kind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {ip: 10.1.0.7}\n---\n`;

  it('declares the ports of the pod that has the address', () => {
    const index = meshOf(entry + pod);
    expect(inboundAt(index, podNamed(index, 'default/web'), 8080)).toMatchObject({ kind: 'service', protocol: 'tcp' });
    expect(inboundAt(index, podNamed(index, 'default/web'), 9090)).toMatchObject({ kind: 'passthrough' });
  });

  it('translates the ports of a gateway', () => {
    const index = meshOf(
      `${entry}${pod}kind: Gateway\nmetadata: {name: gw}\nspec: {selector: {app: web}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}\n---\n`,
    );
    expect([...gatewayPortsOf(index, 'default', podNamed(index, 'default/web').labels).keys()]).toEqual([8080]);
  });
});
