// Authorization: decisions, sources, operations, conditions, TCP and scope, from the semantics of AuthorizationPolicy.
import { describe, expect, it } from 'vitest';
import type { AuthorizationOutcome } from '../../model/routing';
import { type AuthorizationRequest, evaluateAuthorization } from './authorization';
import { meshOf, podNamed } from './test-mesh';

const WORLD = `
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {ip: 10.1.0.9}
---
kind: Pod
metadata: {name: bare, labels: {app: web}}
spec: {mesh: none}
---
kind: Pod
metadata: {name: zt, labels: {app: web}}
spec: {mesh: ambient}
---
kind: Pod
metadata: {name: gw, labels: {app: gw, gateway.networking.k8s.io/gateway-name: edge}}
---
kind: Pod
metadata: {name: wp, labels: {gateway.networking.k8s.io/gateway-name: waypoint, gateway.istio.io/managed: istio.io-mesh-controller}}
---
`;
const PRINCIPAL = 'cluster.local/ns/shop/sa/cart';
const policy = (spec: string, meta = '{name: p}'): string => `kind: AuthorizationPolicy\nmetadata: ${meta}\nspec: ${spec}\n---\n`;
const caller = { principal: PRINCIPAL, namespace: 'shop', serviceAccount: 'cart', ip: '10.2.0.1' };

interface Ask extends Partial<Omit<AuthorizationRequest, 'server' | 'caller'>> {
  readonly server?: string;
  readonly plaintext?: boolean;
  readonly trustDomain?: string;
}
const GET = { host: 'web.default', method: 'GET', path: '/a/b', headers: { x: 'y' }, claims: {} };

function decide(
  yaml: string,
  { server = 'web', plaintext = false, trustDomain = 'cluster.local', ...rest }: Ask = GET,
): AuthorizationOutcome {
  const index = meshOf(WORLD + yaml, { trustDomain });
  return evaluateAuthorization(index, {
    caller: plaintext ? { principal: null, namespace: null, serviceAccount: null, ip: '10.2.0.1' } : caller,
    server: podNamed(index, `default/${server}`),
    port: 8080,
    protocol: 'http',
    ...rest,
  });
}
const outcome = (yaml: string, ask: Ask = GET): string => {
  const found = decide(yaml, ask);
  return found.outcome === 'depends' ? `depends on ${found.on.join(', ')}` : found.outcome;
};

describe('decisions', () => {
  const from = (ns: string): string => `rules: [{from: [{source: {namespaces: [${ns}]}}]}]`;

  it.each([
    ['no policy', '', 'allowed'],
    ['ALLOW that matches', policy(`{${from('shop')}}`), 'allowed'],
    ['ALLOW that does not', policy(`{${from('else')}}`), 'denied'],
    ['one of several ALLOW matches', policy(`{${from('else')}}`) + policy(`{${from('shop')}}`, '{name: q}'), 'allowed'],
    ['DENY that matches beats ALLOW', policy(`{${from('shop')}}`) + policy(`{action: DENY, ${from('shop')}}`, '{name: q}'), 'denied'],
    ['DENY that does not', policy(`{action: DENY, ${from('else')}}`), 'allowed'],
    ['no rules: ALLOW nothing', policy('{}'), 'denied'],
    ['no rules: DENY nothing', policy('{action: DENY}'), 'allowed'],
    ['rules [{}]: ALLOW all', policy('{rules: [{}]}'), 'allowed'],
    ['rules [{}]: DENY all', policy('{action: DENY, rules: [{}]}'), 'denied'],
    ['AUDIT never decides', policy('{action: AUDIT, rules: [{}]}'), 'allowed'],
    ['CUSTOM asks somebody else', policy('{action: CUSTOM, provider: {name: x}, rules: [{}]}'), 'depends on external authorizer'],
    ['CUSTOM that does not match', policy(`{action: CUSTOM, ${from('else')}}`), 'allowed'],
    [
      'CUSTOM does not save what DENY denies',
      policy('{action: CUSTOM, rules: [{}]}') + policy('{action: DENY, rules: [{}]}', '{name: q}'),
      'denied',
    ],
    ['dry run', policy('{action: DENY, rules: [{}]}', '{name: p, annotations: {istio.io/dry-run: "true"}}'), 'allowed'],
    ['selector of another', policy('{selector: {matchLabels: {app: x}}}'), 'allowed'],
    ['selector', policy('{selector: {matchLabels: {app: web}}}'), 'denied'],
    ['root namespace', policy('{}', '{name: p, namespace: istio-system}'), 'denied'],
    ['root namespace with selector', policy('{selector: {matchLabels: {app: web}}}', '{name: p, namespace: istio-system}'), 'denied'],
    ['another namespace', policy('{}', '{name: p, namespace: far}'), 'allowed'],
    ['targetRefs are not for sidecars', policy('{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]}'), 'allowed'],
    ['a key that Istio does not know drops the rule', policy('{action: DENY, rules: [{when: [{key: nonsense, values: [x]}]}]}'), 'allowed'],
  ])('%s', (_, yaml, expected) => expect(outcome(yaml)).toBe(expected));

  it('names the rule that decided', () => {
    expect(decide(policy(`{action: DENY, ${from('shop')}}`)).decidedBy).toEqual({
      kind: 'AuthorizationPolicy',
      namespace: 'default',
      name: 'p',
      path: 'spec.rules[0]',
    });
    expect(decide(policy('{}')).decidedBy?.path).toBe('spec');
  });

  it('nobody enforces policies where there is no proxy', () => expect(outcome(policy('{}'), { server: 'bare' })).toBe('allowed'));

  it('targetRefs mean the pods of a Gateway', () => {
    const target = (name: string): string => policy(`{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: ${name}}]}`);
    expect(outcome(target('edge'), { ...GET, server: 'gw' })).toBe('denied');
    expect(outcome(target('other'), { ...GET, server: 'gw' })).toBe('allowed');
  });
});

describe('attributes of a rule (ALLOW: does it match?)', () => {
  it.each<[string, boolean]>([
    ['from: [{source: {principals: [cluster.local/ns/shop/sa/cart]}}]', true],
    ['from: [{source: {principals: ["*"]}}]', true],
    ['from: [{source: {principals: ["*/sa/cart"]}}]', true],
    ['from: [{source: {principals: ["cluster.local/ns/shop/*"]}}]', true],
    ['from: [{source: {principals: [cluster.local/ns/shop/sa/car]}}]', false],
    ['from: [{source: {notPrincipals: [cluster.local/ns/shop/sa/cart]}}]', false],
    ['from: [{source: {namespaces: [sho*]}}]', true],
    ['from: [{source: {namespaces: [sh]}}]', false],
    ['from: [{source: {serviceAccounts: [shop/cart]}}]', true],
    ['from: [{source: {serviceAccounts: [cart]}}]', false],
    ['from: [{source: {trustDomains: [cluster.local]}}]', true],
    ['from: [{source: {ipBlocks: [10.2.0.0/16]}}]', true],
    ['from: [{source: {notIpBlocks: [10.2.0.1]}}]', false],
    ['from: [{source: {namespaces: [shop], ipBlocks: [10.3.0.0/16]}}]', false],
    ['from: [{source: {namespaces: [x]}}, {source: {namespaces: [shop]}}]', true],
    ['to: [{operation: {methods: [GET]}}]', true],
    ['to: [{operation: {methods: [POST, "*"]}}]', true],
    ['to: [{operation: {methods: [POST]}}]', false],
    ['to: [{operation: {hosts: [WEB.default]}}]', true],
    ['to: [{operation: {hosts: ["*.default"]}}]', true],
    ['to: [{operation: {paths: ["/a/*"]}}]', true],
    ['to: [{operation: {paths: ["/A/b"]}}]', false],
    ['to: [{operation: {paths: ["/{*}/b"]}}]', true],
    ['to: [{operation: {paths: ["/{*}"]}}]', false],
    ['to: [{operation: {paths: ["/{**}"]}}]', true],
    ['to: [{operation: {notPaths: ["/a/b"]}}]', false],
    ['to: [{operation: {ports: ["8080"]}}]', true],
    ['to: [{operation: {notPorts: ["8080"]}}]', false],
    ['to: [{operation: {methods: [GET], ports: ["9"]}}]', false],
    ['from: [{source: {namespaces: [shop]}}], to: [{operation: {methods: [POST]}}]', false],
    ['when: [{key: "request.headers[X]", values: [y]}]', true],
    ['when: [{key: "request.headers[z]", values: ["*"]}]', false],
    ['when: [{key: "request.headers[z]", notValues: ["*"]}]', true],
    ['when: [{key: source.namespace, values: [shop]}, {key: destination.port, values: ["8080"]}]', true],
    ['when: [{key: source.namespace, values: [shop]}, {key: destination.port, values: ["80"]}]', false],
    ['when: [{key: destination.ip, values: [10.1.0.9]}]', true],
    ['when: [{key: remote.ip, values: [10.2.0.1]}]', true],
    ['when: [{key: source.ip, values: [10.2.0.0/24], notValues: [10.2.0.1]}]', false],
  ])('%s', (rule, matches) => expect(outcome(policy(`{rules: [{${rule}}]}`))).toBe(matches ? 'allowed' : 'denied'));

  it.each<[string, Record<string, unknown>, boolean]>([
    ['from: [{source: {requestPrincipals: ["*"]}}]', {}, false],
    ['from: [{source: {requestPrincipals: ["*"]}}]', { iss: 'https://i/x', sub: 's' }, true],
    ['from: [{source: {requestPrincipals: ["https://i/x/s"]}}]', { iss: 'https://i/x', sub: 's' }, true],
    ['from: [{source: {requestPrincipals: ["https://i/x/*"]}}]', { iss: 'https://i/x', sub: 't' }, true],
    ['from: [{source: {notRequestPrincipals: ["*"]}}]', {}, true],
    ['when: [{key: "request.auth.claims[group]", values: [a]}]', { group: ['b', 'a'] }, true],
    ['when: [{key: "request.auth.claims[a][b]", values: [c]}]', { a: { b: 'c' } }, true],
    ['when: [{key: "request.auth.claims[scope]", values: [w]}]', { scope: 'r w' }, true],
    ['when: [{key: "request.auth.claims[name]", values: [w]}]', { name: 'r w' }, false],
    ['when: [{key: request.auth.audiences, values: [x]}]', { aud: ['x'] }, true],
    ['when: [{key: request.auth.presenter, values: [x]}]', { azp: 'x' }, true],
  ])('%s with claims %o', (rule, claims, matches) =>
    expect(outcome(policy(`{rules: [{${rule}}]}`), { ...GET, claims })).toBe(matches ? 'allowed' : 'denied'),
  );

  it('the trust domain cluster.local stands for the mesh’s own', () => {
    const ask = { ...GET, trustDomain: 'corp' };
    const index = meshOf(WORLD + policy('{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/cart]}}]}]}'), {
      trustDomain: 'corp',
    });
    const request = {
      caller: { ...caller, principal: 'spiffe://corp/ns/shop/sa/cart' },
      server: podNamed(index, 'default/web'),
      port: 1,
      protocol: 'http',
    } as const;
    expect(evaluateAuthorization(index, request).outcome).toBe('allowed');
    expect(outcome(policy('{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/cart]}}]}]}'), ask)).toBe('denied');
  });
});

describe('plaintext', () => {
  const ask = { ...GET, plaintext: true };
  it.each<[string, boolean]>([
    ['{source: {principals: ["*"]}}', false],
    ['{source: {namespaces: [shop]}}', false],
    ['{source: {notPrincipals: [cluster.local/ns/shop/sa/cart]}}', true],
    ['{source: {notNamespaces: [shop]}}', true],
    ['{source: {ipBlocks: [10.2.0.1]}}', true],
  ])('%s', (source, matches) => expect(outcome(policy(`{rules: [{from: [${source}]}]}`), ask)).toBe(matches ? 'allowed' : 'denied'));
});

describe('requests that are not known whole', () => {
  const rule = (text: string, action = 'ALLOW'): string => policy(`{action: ${action}, rules: [{${text}}]}`);
  it.each([
    ['a path', rule('to: [{operation: {paths: [/a]}}]'), 'depends on path'],
    ['a header', rule('when: [{key: "request.headers[x]", values: [a]}]'), 'depends on header x'],
    ['a token', rule('from: [{source: {requestPrincipals: ["*"]}}]'), 'depends on token'],
    [
      'an unknown part does not matter where another fails',
      rule('from: [{source: {namespaces: [x]}}], to: [{operation: {paths: [/a]}}]'),
      'denied',
    ],
    ['an unknown rule does not matter where another matches', policy('{rules: [{to: [{operation: {paths: [/a]}}]}, {}]}'), 'allowed'],
    ['an unknown DENY', rule('to: [{operation: {methods: [POST]}}]', 'DENY'), 'depends on method'],
    [
      'an unknown DENY does not matter where ALLOW denies',
      rule('to: [{operation: {methods: [POST]}}]', 'DENY') + policy('{}', '{name: q}'),
      'denied',
    ],
  ])('%s', (_, yaml, expected) => expect(outcome(yaml, {})).toBe(expected));
});

describe('HTTP attributes where only bytes are seen', () => {
  const tcp = { protocol: 'tcp' } as const;
  const ns = 'from: [{source: {namespaces: [shop]}}]';
  const both = `${ns}, to: [{operation: {methods: [GET]}}]`;
  it.each<[string, string, Ask, string]>([
    ['an ALLOW rule with them is dropped', `{rules: [{${both}}]}`, tcp, 'denied'],
    ['even as notValues', `{rules: [{${ns}, to: [{operation: {notMethods: [GET]}}]}]}`, tcp, 'denied'],
    ['another ALLOW rule still counts', `{rules: [{${both}}, {${ns}}]}`, tcp, 'allowed'],
    ['a DENY rule loses them and widens', `{action: DENY, rules: [{${both}}]}`, tcp, 'denied'],
    ['a DENY rule of nothing else denies all', '{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}', tcp, 'denied'],
    ['ports are known', '{rules: [{to: [{operation: {ports: ["8080"]}}]}]}', tcp, 'allowed'],
    ['ztunnel drops ALLOW rules with them too', `{rules: [{${both}}]}`, { ...GET, server: 'zt' }, 'denied'],
    ['ztunnel enforces the rest of a DENY rule', `{action: DENY, rules: [{${both}}]}`, { ...GET, server: 'zt' }, 'denied'],
    [
      'ztunnel ignores a DENY rule of nothing else',
      '{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}',
      { ...GET, server: 'zt' },
      'allowed',
    ],
    ['ztunnel does not know CUSTOM', '{action: CUSTOM, rules: [{}]}', { ...GET, server: 'zt' }, 'allowed'],
  ])('%s', (_, spec, ask, expected) => expect(outcome(policy(spec), ask)).toBe(expected));
});

describe('waypoints', () => {
  const at = (yaml: string, service?: AuthorizationRequest['service']): string =>
    outcome(yaml, { ...GET, server: 'wp', ...(service === undefined ? {} : { service }) });
  const web = { kind: 'Service', namespace: 'default', name: 'web' } as const;
  const target = (kind: string, group: string, name: string, meta = '{name: p}'): string =>
    policy(`{targetRefs: [{group: "${group}", kind: ${kind}, name: ${name}}]}`, meta);

  it.each<[string, string, AuthorizationRequest['service'], string]>([
    ['policies with a selector, or for everybody, are not theirs', policy('{}'), web, 'allowed'],
    ['policies of the service', target('Service', '', 'web'), web, 'denied'],
    ['not of another service', target('Service', '', 'web'), { ...web, name: 'other' }, 'allowed'],
    ['not of a service of that name elsewhere', target('Service', '', 'web'), { ...web, namespace: 'far' }, 'allowed'],
    [
      'of a service of another namespace that uses the waypoint',
      target('Service', '', 'web', '{name: p, namespace: far}'),
      { ...web, namespace: 'far' },
      'denied',
    ],
    ['policies of a ServiceEntry', target('ServiceEntry', 'networking.istio.io', 'web'), { ...web, kind: 'ServiceEntry' }, 'denied'],
    ['policies of the Gateway', target('Gateway', 'gateway.networking.k8s.io', 'waypoint'), undefined, 'denied'],
    [
      'policies of the class, from the root namespace',
      target('GatewayClass', 'gateway.networking.k8s.io', 'istio-waypoint', '{name: p, namespace: istio-system}'),
      web,
      'denied',
    ],
    ['and from there only', target('GatewayClass', 'gateway.networking.k8s.io', 'istio-waypoint'), web, 'allowed'],
  ])('%s', (_, yaml, service, expected) => expect(at(yaml, service)).toBe(expected));

  it('are not the only ones: a sidecar ignores what targets its service', () =>
    expect(outcome(target('Service', '', 'web'), { ...GET, service: web })).toBe('allowed'));
});

describe('tokens', () => {
  const authentication = (spec: string, meta = '{name: jwt}'): string =>
    `kind: RequestAuthentication\nmetadata: ${meta}\nspec: ${spec}\n---\n`;
  const rules = 'jwtRules: [{issuer: "https://i"}, {issuer: "https://j"}]';
  const statusOf = (yaml: string, ask: Ask): number | undefined => decide(yaml, ask).status;

  it.each<[string, string, Ask, string, number | undefined]>([
    ['an invalid one is refused', authentication(`{${rules}}`), { ...GET, token: 'invalid' }, 'denied', 401],
    ['none at all passes', authentication(`{${rules}}`), GET, 'allowed', undefined],
    [
      'a good one of any rule passes',
      authentication(`{${rules}}`),
      { ...GET, claims: { iss: 'https://j', sub: 's' } },
      'allowed',
      undefined,
    ],
    [
      'one of an issuer that no rule knows is refused',
      authentication(`{${rules}}`),
      { ...GET, claims: { iss: 'https://x' } },
      'denied',
      401,
    ],
    ['where no rule looks at them, an invalid one passes', '', { ...GET, token: 'invalid' }, 'allowed', undefined],
    [
      'rules for another workload',
      authentication(`{selector: {matchLabels: {app: x}}, ${rules}}`),
      { ...GET, token: 'invalid' },
      'allowed',
      undefined,
    ],
    [
      'rules of the root namespace',
      authentication(`{${rules}}`, '{name: jwt, namespace: istio-system}'),
      { ...GET, token: 'invalid' },
      'denied',
      401,
    ],
    ['ztunnel reads none', authentication(`{${rules}}`), { ...GET, server: 'zt', token: 'invalid' }, 'allowed', undefined],
    [
      'a CORS preflight carries none that counts',
      authentication(`{${rules}}`),
      { ...GET, method: 'OPTIONS', headers: { origin: 'o', 'access-control-request-method': 'PUT' }, token: 'invalid' },
      'allowed',
      undefined,
    ],
    [
      'a policy that asks for one refuses those without',
      policy('{rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}'),
      GET,
      'denied',
      403,
    ],
  ])('%s', (_, yaml, ask, expected, status) => {
    expect(outcome(yaml, ask)).toBe(expected);
    expect(statusOf(yaml, ask)).toBe(status);
  });

  it('name the RequestAuthentication that refuses', () =>
    expect(decide(authentication(`{${rules}}`), { ...GET, token: 'invalid' }).decidedBy).toMatchObject({
      kind: 'RequestAuthentication',
      path: 'spec.jwtRules',
    }));
});

describe('several external authorizers', () => {
  const custom = (name: string, provider: string, rule = '{}'): string =>
    policy(`{action: CUSTOM, provider: {name: ${provider}}, rules: [${rule}]}`, `{name: ${name}}`);
  it('on one workload deny what they match', () => {
    expect(outcome(custom('p', 'x') + custom('q', 'y'))).toBe('denied');
    expect(outcome(custom('p', 'x') + custom('q', 'x'))).toBe('depends on external authorizer');
    const post = '{to: [{operation: {methods: [POST]}}]}';
    expect(outcome(custom('p', 'x', post) + custom('q', 'y', post))).toBe('allowed');
  });
});
