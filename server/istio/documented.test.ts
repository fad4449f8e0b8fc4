// What Istio's documentation promises, as tables: traffic management, and the references of VirtualService, DestinationRule, Gateway,
// PeerAuthentication and AuthorizationPolicy. Each case is one promise, in a small mesh of our own.
import { describe, expect, it } from 'vitest';
import type { RouteDecision, RouteRequest } from '../../model/routing';
import { evaluateAuthorization } from './authorization';
import { effectiveDestinationRule } from './destination-rule';
import { evaluateMtls } from './mtls';
import { evaluateRoute } from './route';
import { callerOf, meshOf, podNamed, requestOf } from './test-mesh';

const pod = (app: string, version: string, namespace = 'prod'): string =>
  `kind: Pod\nmetadata: {name: ${app}-${version}, namespace: ${namespace}, labels: {app: ${app}, version: ${version}}}\n---\n`;
const service = (name: string, ports: string, namespace = 'prod'): string =>
  `kind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {ports: ${ports}}\n---\n`;
const WORLD = [
  service('reviews', '{http: 80}'),
  service('ratings', '{http: 80}'),
  service('mongo', '{mongo: 27017}'),
  ...['v1', 'v2', 'v3'].map((version) => pod('reviews', version)),
  ...['v1', 'v2'].map((version) => pod('ratings', version)),
  `kind: DestinationRule\nmetadata: {name: reviews, namespace: prod}\nspec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}, {name: v3, labels: {version: v3}}]}\n---\n`,
].join('');
const vs = (spec: string, meta = 'name: rule'): string =>
  `kind: VirtualService\nmetadata: {${meta}, namespace: prod}\nspec: {${spec}}\n---\n`;
const subset = (name: string, weight?: number): string =>
  `{destination: {host: reviews, subset: ${name}}${weight === undefined ? '' : `, weight: ${weight}`}}`;
const client = callerOf({ namespace: 'prod' });
const ask = (yaml: string, host = 'reviews', parts: Partial<RouteRequest> = {}): RouteDecision =>
  evaluateRoute(meshOf(WORLD + yaml), requestOf(host, { caller: client, ...parts }));
const split = (decision: RouteDecision): string =>
  decision.outcome === 'route'
    ? decision.destinations.map((d) => `${d.subset ?? d.host.split('.')[0] ?? ''} ${Math.round(d.share * 1000) / 10} %`).join(', ')
    : `${decision.outcome}${'status' in decision ? ` ${decision.status}` : ''}`;

describe('traffic management: virtual services', () => {
  const jason = vs(
    `hosts: [reviews], http: [{match: [{headers: {end-user: {exact: jason}}}], route: [${subset('v2')}]}, {route: [${subset('v3')}]}]`,
  );
  const canary = vs(`hosts: [reviews], http: [{route: [${subset('v1', 75)}, ${subset('v2', 25)}]}]`);
  const several = vs(
    `hosts: [bookinfo.org], http: [{match: [{uri: {prefix: /reviews}}], route: [{destination: {host: reviews}}]}, {match: [{uri: {prefix: /ratings}}], route: [{destination: {host: ratings}}]}]`,
  );

  it.each<[string, string, string, Partial<RouteRequest>, string]>([
    ['requests of one user go to one version', jason, 'reviews', { headers: { 'end-user': 'jason' } }, 'v2 100 %'],
    ['and all others to the default, the last rule', jason, 'reviews', { headers: { 'end-user': 'jane' } }, 'v3 100 %'],
    ['traffic is split by percentage', canary, 'reviews', {}, 'v1 75 %, v2 25 %'],
    ['without a VirtualService, the proxy balances among all endpoints of the service', '', 'reviews', {}, 'reviews 100 %'],
    ['one VirtualService makes one service of several by path', several, 'bookinfo.org', { path: '/reviews/1' }, 'reviews 100 %'],
    ['so that the other path goes elsewhere', several, 'bookinfo.org', { path: '/ratings/1' }, 'ratings 100 %'],
    ['and what no rule takes is not found', several, 'bookinfo.org', { path: '/details' }, 'noRoute 404'],
  ])('%s', (_, yaml, host, parts, expected) => expect(split(ask(yaml, host, parts))).toBe(expected));

  it('the VirtualService’s host need not be in the registry, and may be a wildcard for all services of a suffix', () => {
    expect(split(ask(vs(`hosts: ["*.prod.svc.cluster.local"], http: [{route: [${subset('v1')}]}]`), 'ratings'))).toBe('v1 100 %');
  });

  it('faults, timeouts and retries are part of the rule', () =>
    expect(
      ask(
        vs(
          `hosts: [ratings], http: [{fault: {delay: {percentage: {value: 0.1}, fixedDelay: 5s}}, timeout: 10s, retries: {attempts: 3, perTryTimeout: 2s}, route: [{destination: {host: ratings}}]}]`,
        ),
        'ratings',
      ),
    ).toMatchObject({
      fault: { delay: { milliseconds: 5000, percent: 0.1 } },
      timeoutMs: 10_000,
      retries: { attempts: 3, perTryTimeoutMs: 2000 },
    }));

  it('by default HTTP has no timeout and is retried twice', () =>
    expect(ask('')).toMatchObject({
      timeoutMs: null,
      retries: { attempts: 2, retryOn: expect.arrayContaining(['connect-failure', 'unavailable']) },
    }));
});

describe('VirtualService reference', () => {
  const rewriting = vs(
    `hosts: [reviews], http: [{name: old, match: [{uri: {prefix: /wpcatalog}}, {uri: {prefix: /consumercatalog}}], rewrite: {uri: /newcatalog}, route: [${subset('v2')}]}, {name: rest, route: [${subset('v1')}]}]`,
  );
  it.each([
    ['/wpcatalog/1', 'v2 100 %', '/newcatalog/1'],
    ['/consumercatalog', 'v2 100 %', '/newcatalog'],
    ['/catalog', 'v1 100 %', null],
  ])('a prefix is matched and rewritten: %s', (path, expected, rewritten) => {
    const decision = ask(rewriting, 'reviews', { path });
    expect(split(decision)).toBe(expected);
    expect(decision.outcome === 'route' ? (decision.rewrite?.path ?? null) : 'none').toBe(rewritten);
  });

  it.each<[string, string, Partial<RouteRequest>, boolean]>([
    ['conditions of one block are AND-ed', '{uri: {prefix: /a}, method: {exact: GET}}', { path: '/a', method: 'POST' }, false],
    ['blocks are OR-ed', '{uri: {prefix: /a}}, {method: {exact: POST}}', { path: '/b', method: 'POST' }, true],
    [
      'keys of headers are in lower case, values are case-sensitive',
      '{headers: {x-id: {exact: Abc}}}',
      { headers: { 'x-id': 'abc' } },
      false,
    ],
    ['an empty header match asks for its presence', '{headers: {x-id: {}}}', { headers: { 'x-id': '' } }, true],
    ['a header is absent', '{withoutHeaders: {x-id: {}}}', {}, true],
    ['case of the path may be ignored for exact and prefix', '{uri: {prefix: /Login}, ignoreUriCase: true}', { path: '/login/x' }, true],
    ['parameters may be matched exactly', '{queryParams: {key: {exact: "true"}}}', { query: { key: 'true' } }, true],
    ['by RE2 over the whole value', '{queryParams: {key: {regex: "[0-9]+$"}}}', { query: { key: 'a1' } }, false],
    ['labels restrict the sources', '{sourceLabels: {app: reviews}}', {}, false],
    ['so does the namespace', '{sourceNamespace: prod}', {}, true],
  ])('%s', (_, match, parts, hit) => {
    const yaml = vs(`hosts: [reviews], http: [{match: [${match}], route: [${subset('v2')}]}, {route: [${subset('v1')}]}]`);
    expect(split(ask(yaml, 'reviews', parts))).toBe(hit ? 'v2 100 %' : 'v1 100 %');
  });

  it.each<[string, string, string]>([
    ['weights are relative to their sum', `${subset('v1', 1)}, ${subset('v2', 2)}, ${subset('v3', 1)}`, 'v1 25 %, v2 50 %, v3 25 %'],
    ['the only destination gets everything', subset('v2'), 'v2 100 %'],
    ['a weight of 0 gets nothing', `${subset('v1', 0)}, ${subset('v2', 10)}`, 'v2 100 %'],
  ])('%s', (_, routes, expected) => expect(split(ask(vs(`hosts: [reviews], http: [{route: [${routes}]}]`)))).toBe(expected));

  it('a redirect replaces path and authority and says 301 unless told otherwise', () => {
    const to = (redirect: string): RouteDecision =>
      ask(vs(`hosts: [ratings], http: [{redirect: ${redirect}}]`), 'ratings', { path: '/v1/x' });
    expect(to('{uri: /v1/bookRatings, authority: new.org}')).toMatchObject({ status: 301, location: 'http://new.org/v1/bookRatings' });
    expect(to('{authority: new.org, redirectCode: 307}')).toMatchObject({ status: 307, location: 'http://new.org/v1/x' });
  });

  it('short names belong to the namespace of the rule, not of the client', () => {
    const far = callerOf({ namespace: 'far' });
    const yaml = service('reviews', '{http: 80}', 'far') + vs(`hosts: [reviews], http: [{route: [${subset('v1')}]}]`);
    expect(split(ask(yaml, 'reviews.prod', { caller: far }))).toBe('v1 100 %');
    expect(split(ask(yaml, 'reviews', { caller: far }))).toBe('reviews 100 %');
    expect(ask(yaml, 'reviews', { caller: far })).toMatchObject({ destinations: [{ host: 'reviews.far.svc.cluster.local' }] });
  });

  it('of gateways and mesh, the one named does not include the other', () => {
    const bound = (gateways: string): string => vs(`hosts: [reviews], gateways: ${gateways}, http: [{route: [${subset('v2')}]}]`);
    expect(split(ask(bound('[gw]')))).toBe('reviews 100 %');
    expect(split(ask(bound('[gw, mesh]')))).toBe('v2 100 %');
  });

  it('a TCP rule carries a port’s bytes, with weights', () =>
    expect(
      split(
        ask(
          service('backup', '{mongo: 5555}') +
            vs('hosts: [mongo], tcp: [{match: [{port: 27017}], route: [{destination: {host: backup, port: {number: 5555}}}]}]'),
          'mongo',
          { port: 27017, protocol: 'tcp' },
        ),
      ),
    ).toBe('backup 100 %'));
});

describe('DestinationRule reference', () => {
  const rule = (spec: string, namespace: string, name = 'r'): string =>
    `kind: DestinationRule\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {${spec}}\n---\n`;
  const HOST = 'ratings.prod.svc.cluster.local';
  const algorithm = (yaml: string, namespace = 'client', port = 80, name: string | null = null): string | undefined =>
    effectiveDestinationRule(meshOf(WORLD + yaml), namespace, {}, HOST)?.policyFor(name, port).loadBalancer?.algorithm;
  const balance = (simple: string): string => `trafficPolicy: {loadBalancer: {simple: ${simple}}}`;

  it.each<[string, string, string | undefined]>([
    [
      'of the client’s namespace before the service’s',
      rule(`host: ${HOST}, ${balance('RANDOM')}`, 'client') + rule(`host: ratings, ${balance('ROUND_ROBIN')}`, 'prod'),
      'RANDOM',
    ],
    [
      'of the service’s before the root’s',
      rule(`host: ratings, ${balance('ROUND_ROBIN')}`, 'prod') + rule(`host: "*.local", ${balance('RANDOM')}`, 'istio-system'),
      'ROUND_ROBIN',
    ],
    ['of the root namespace at last', rule(`host: "*.local", ${balance('RANDOM')}`, 'istio-system'), 'RANDOM'],
    ['not one that is not exported', rule(`host: ratings, exportTo: ["."], ${balance('RANDOM')}`, 'prod'), undefined],
    ['not one of a third namespace', rule(`host: ${HOST}, ${balance('RANDOM')}`, 'third'), undefined],
    [
      'the exact host before a wildcard',
      rule(`host: "*.local", ${balance('RANDOM')}`, 'prod', 'a') + rule(`host: ratings, ${balance('ROUND_ROBIN')}`, 'prod', 'b'),
      'ROUND_ROBIN',
    ],
  ])('%s', (_, yaml, expected) => expect(algorithm(yaml)).toBe(expected));

  it('a subset overrides the policy of the host, a port that of both', () => {
    const yaml = rule(
      'host: ratings, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}, portLevelSettings: [{port: {number: 9080}, loadBalancer: {simple: ROUND_ROBIN}}]}, subsets: [{name: testversion, trafficPolicy: {loadBalancer: {simple: RANDOM}}}, {name: plain}]',
      'prod',
    );
    expect([
      algorithm(yaml),
      algorithm(yaml, 'client', 9080),
      algorithm(yaml, 'client', 80, 'testversion'),
      algorithm(yaml, 'client', 9080, 'plain'),
    ]).toEqual(['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM', 'ROUND_ROBIN']);
  });

  it('subsets of several rules of one host and namespace are joined, the first policy counts', () => {
    const yaml =
      rule(`host: ratings, ${balance('RANDOM')}, subsets: [{name: a}]`, 'prod', 'one') +
      rule(`host: ratings, ${balance('ROUND_ROBIN')}, subsets: [{name: b}]`, 'prod', 'two');
    expect([...(effectiveDestinationRule(meshOf(WORLD + yaml), 'prod', {}, HOST)?.subsets.keys() ?? [])]).toEqual(['a', 'b']);
    expect(algorithm(yaml)).toBe('RANDOM');
  });
});

describe('security', () => {
  const object = (kind: string, spec: string, namespace = 'prod', name = 'default'): string =>
    `kind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n---\n`;
  const strict = (namespace: string): string => object('PeerAuthentication', '{mtls: {mode: STRICT}}', namespace);
  const mtls = (yaml: string, mode: 'sidecar' | 'none'): string => {
    const index = meshOf(WORLD + yaml);
    const destination = { host: 'reviews.prod.svc.cluster.local', subset: null, port: 80 };
    return evaluateMtls(index, callerOf({ namespace: 'prod', mode }), destination, podNamed(index, 'prod/reviews-v1')).result;
  };

  it.each([
    ['by default, proxies speak mutual TLS with each other', '', 'sidecar', 'mutualTls'],
    ['and take plaintext of others', '', 'none', 'plaintext'],
    ['STRICT in the root namespace is for the mesh', strict('istio-system'), 'none', 'fails'],
    ['in a namespace for that one', strict('prod'), 'none', 'fails'],
    ['not for another', strict('other'), 'none', 'plaintext'],
    ['the narrower wins', strict('istio-system') + object('PeerAuthentication', '{mtls: {mode: PERMISSIVE}}'), 'none', 'plaintext'],
    [
      'a port may be excepted',
      object(
        'PeerAuthentication',
        '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}, portLevelMtls: {"80": {mode: DISABLE}}}',
      ),
      'none',
      'plaintext',
    ],
  ] as const)('%s', (_, yaml, mode, expected) => expect(mtls(yaml, mode)).toBe(expected));

  const may = (yaml: string, method: string, account = 'sleep', host = 'reviews-v1'): string => {
    const index = meshOf(WORLD + yaml);
    return evaluateAuthorization(index, {
      caller: { principal: `cluster.local/ns/prod/sa/${account}`, namespace: 'prod', serviceAccount: account, ip: '10.0.0.1' },
      server: podNamed(index, `prod/${host}`),
      port: 80,
      protocol: 'http',
      ...{ host: 'reviews', method, path: '/reviews/1', headers: {}, claims: {} },
    }).outcome;
  };
  const policy = (spec: string, name: string): string => object('AuthorizationPolicy', spec, 'prod', name);
  const nothing = policy('{}', 'allow-nothing');
  const viewer = policy(
    '{selector: {matchLabels: {app: reviews}}, action: ALLOW, rules: [{to: [{operation: {methods: [GET]}}]}]}',
    'viewer',
  );
  const account = policy(
    '{selector: {matchLabels: {app: ratings}}, rules: [{from: [{source: {principals: ["cluster.local/ns/prod/sa/reviews"]}}]}]}',
    'ratings',
  );

  it.each([
    ['without policies everything is allowed', '', 'POST', 'sleep', 'reviews-v1', 'allowed'],
    ['an empty policy allows nothing', nothing, 'GET', 'sleep', 'reviews-v1', 'denied'],
    ['another may then allow something', nothing + viewer, 'GET', 'sleep', 'reviews-v1', 'allowed'],
    ['and nothing more', nothing + viewer, 'POST', 'sleep', 'reviews-v1', 'denied'],
    ['by identity', nothing + account, 'GET', 'reviews', 'ratings-v1', 'allowed'],
    ['and no other', nothing + account, 'GET', 'sleep', 'ratings-v1', 'denied'],
    [
      'DENY comes first',
      viewer + policy('{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}', 'deny'),
      'GET',
      'sleep',
      'reviews-v1',
      'denied',
    ],
    [
      'DENY alone allows what it does not name',
      policy('{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}', 'deny'),
      'GET',
      'sleep',
      'reviews-v1',
      'allowed',
    ],
  ])('%s', (_, yaml, method, who, host, expected) => expect(may(yaml, method, who, host)).toBe(expected));
});
