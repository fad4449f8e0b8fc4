// Routes of sidecars: VirtualService matching and actions, which of several applies, HTTPRoute and GRPCRoute in the mesh.
import { describe, expect, it } from 'vitest';
import type { RouteDecision, RouteRequest } from '../../model/routing';
import { evaluateRoute } from './route';
import { callerOf, meshOf, requestOf } from './test-mesh';

const WORLD = `
kind: Service
metadata: {name: reviews}
spec: {ports: {http: 80}, clusterIp: 10.9.0.1}
---
kind: Service
metadata: {name: ratings}
spec: {ports: {http: 80, admin: 8080}}
---
kind: Service
metadata: {name: other, namespace: far}
spec: {ports: {http: 8080}}
---
kind: Pod
metadata: {name: reviews-v1, labels: {app: reviews, version: v1}}
---
kind: Pod
metadata: {name: reviews-v2, labels: {app: reviews, version: v2}}
---
kind: Pod
metadata: {name: reviews-v3, labels: {app: reviews, version: v3}}
spec: {ready: false}
---
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
  - {name: v3, labels: {version: v3}}
`;

const vs = (http: string, head = '{name: reviews}', hosts = '[reviews]', rest = ''): string => `
---
kind: VirtualService
metadata: ${head}
spec:
  hosts: ${hosts}
${rest ? `  ${rest}\n` : ''}  http:
${http}
`;

const route = (yaml: string, host = 'reviews', parts: Partial<RouteRequest> = {}, mesh = {}): RouteDecision =>
  evaluateRoute(meshOf(WORLD + yaml, mesh), requestOf(host, parts));

/** `v1:0.5 v2:0.5`, or the outcome where nothing is routed. */
const shares = (decision: RouteDecision): string =>
  decision.outcome === 'route'
    ? decision.destinations
        .map((d) => `${d.subset ?? d.host.split('.')[0] ?? ''}:${d.share}${d.state === 'ok' ? '' : `:${d.state}`}`)
        .join(' ')
    : 'status' in decision
      ? `${decision.outcome} ${decision.status}`
      : decision.outcome;

describe('a host without a VirtualService', () => {
  it('goes to the service, with the retries of the mesh and no timeout', () => {
    const decision = route('');
    expect(decision).toMatchObject({
      outcome: 'route',
      rule: null,
      virtualHost: 'reviews',
      timeoutMs: null,
      retries: { attempts: 2 },
      fault: null,
      mirrors: [],
      destinations: [
        {
          clusterName: 'outbound|80||reviews.default.svc.cluster.local',
          endpoints: ['default/reviews-v1', 'default/reviews-v2'],
          share: 1,
          state: 'ok',
        },
      ],
    });
  });

  it.each([
    ['reviews', 'default', 'route'],
    ['reviews.default', 'default', 'route'],
    ['reviews.default.svc', 'far', 'route'],
    ['reviews.default.svc.cluster.local', 'far', 'route'],
    ['REVIEWS.default.svc.cluster.local.', 'far', 'route'],
    ['10.9.0.1', 'far', 'route'],
    ['reviews', 'far', 'passthrough'],
    ['nobody', 'default', 'passthrough'],
  ])('%s called from %s: %s', (host, namespace, outcome) =>
    expect(route('', host, { caller: callerOf({ namespace }) }).outcome).toBe(outcome),
  );

  it('is unknown on a port that it does not have', () => expect(route('', 'reviews', { port: 81 }).outcome).toBe('passthrough'));

  it('is refused when unknown under REGISTRY_ONLY', () =>
    expect(route('', 'nobody', {}, { outboundTrafficPolicy: 'REGISTRY_ONLY' }).outcome).toBe('blackHole'));

  it('is empty without ready pods', () => expect(shares(route('', 'ratings'))).toBe('ratings:1:empty'));
});

describe('weights', () => {
  const weighted = (...weights: readonly (readonly [string, number | null])[]): string =>
    vs(
      `  - route:\n${weights.map(([s, w]) => `    - {destination: {host: reviews, subset: ${s}}${w === null ? '' : `, weight: ${w}`}}`).join('\n')}`,
    );

  it.each([
    ['relative to their sum', weighted(['v1', 1], ['v2', 3]), 'v1:0.25 v2:0.75'],
    ['of a single destination do not count', weighted(['v1', 0]), 'v1:1'],
    ['of zero are dropped', weighted(['v1', 0], ['v2', 100]), 'v2:1'],
    ['that are not written are zero', weighted(['v1', null], ['v2', 1]), 'v2:1'],
    ['that are all zero leave nothing', weighted(['v1', 0], ['v2', 0]), 'noRoute 503'],
    ['to a missing subset', weighted(['v9', 100]), 'v9:1:missing'],
    ['to a subset without ready pods', weighted(['v3', 100]), 'v3:1:empty'],
  ])('%s', (_, yaml, expected) => expect(shares(route(yaml))).toBe(expected));

  it('sum to 1 whatever they are', () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % 1000;
    };
    for (let i = 0; i < 50; i++) {
      const decision = route(weighted(['v1', random()], ['v2', random()], ['v9', random() + 1]));
      if (decision.outcome !== 'route') throw new Error('not routed');
      expect(decision.destinations.reduce((sum, d) => sum + d.share, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe('matching', () => {
  const one = (match: string): string =>
    vs(
      `  - match:\n    - ${match}\n    route: [{destination: {host: reviews, subset: v2}}]\n  - route: [{destination: {host: reviews, subset: v1}}]`,
    );

  it.each<[string, Partial<RouteRequest>, boolean]>([
    ['{headers: {end-user: {exact: jason}}}', { headers: { 'end-user': 'jason' } }, true],
    ['{headers: {End-User: {exact: jason}}}', { headers: { 'end-user': 'jason' } }, true],
    ['{headers: {end-user: {exact: jason}}}', { headers: { 'end-user': 'Jason' } }, false],
    ['{headers: {end-user: {exact: jason}}}', {}, false],
    ['{headers: {end-user: {}}}', { headers: { 'end-user': 'x' } }, true],
    ['{headers: {end-user: {regex: "*"}}}', { headers: { 'end-user': 'x' } }, true],
    ['{headers: {end-user: {}}}', {}, false],
    ['{headers: {a: {regex: "b.*"}}}', { headers: { a: 'bcd' } }, true],
    ['{headers: {a: {regex: "b"}}}', { headers: { a: 'bcd' } }, false],
    ['{headers: {a: {regex: "("}}}', { headers: { a: '(' } }, false],
    ['{withoutHeaders: {a: {exact: x}}}', {}, true],
    ['{withoutHeaders: {a: {exact: x}}}', { headers: { a: 'x' } }, false],
    ['{withoutHeaders: {a: {exact: x}}}', { headers: { a: 'y' } }, true],
    ['{withoutHeaders: {a: {}}}', { headers: { a: 'y' } }, false],
    ['{withoutHeaders: {a: {regex: ".*"}}}', {}, false],
    ['{uri: {prefix: /foo}}', { path: '/foobar' }, true],
    ['{uri: {exact: /foo}}', { path: '/foo/' }, false],
    ['{uri: {exact: /FOO}, ignoreUriCase: true}', { path: '/foo' }, true],
    ['{uri: {regex: "/a/[0-9]+"}}', { path: '/a/12' }, true],
    ['{uri: {regex: "/a/[0-9]+"}}', { path: '/a/12/x' }, false],
    ['{method: {exact: POST}}', { method: 'POST' }, true],
    ['{method: {exact: POST}}', {}, false],
    ['{scheme: {exact: http}}', {}, true],
    ['{authority: {exact: reviews}}', {}, true],
    ['{authority: {exact: reviews.default}}', {}, false],
    ['{queryParams: {q: {exact: "1"}}}', { query: { q: '1' } }, true],
    ['{queryParams: {q: {}}}', { query: { q: '' } }, true],
    ['{queryParams: {q: {}}}', {}, false],
    ['{port: 80}', {}, true],
    ['{port: 81}', {}, false],
    ['{sourceLabels: {app: client}}', {}, true],
    ['{sourceLabels: {app: other}}', {}, false],
    ['{sourceNamespace: default}', {}, true],
    ['{sourceNamespace: far}', {}, false],
    ['{gateways: [mesh], sourceLabels: {app: other}, sourceNamespace: far}', {}, true],
    ['{gateways: [gw]}', {}, false],
    ['{headers: {a: {exact: b}}, uri: {prefix: /x}}', { headers: { a: 'b' }, path: '/y' }, false],
    ['{headers: {"@request.auth.claims.group": {exact: b}}}', {}, false],
  ])('%s', (match, parts, hit) => expect(shares(route(one(match), 'reviews', parts))).toBe(hit ? 'v2:1' : 'v1:1'));

  it('OR-s the blocks of a rule', () => {
    const yaml = vs('  - match: [{uri: {exact: /a}}, {uri: {exact: /b}}]\n    route: [{destination: {host: reviews, subset: v2}}]');
    expect(shares(route(yaml, 'reviews', { path: '/b' }))).toBe('v2:1');
    expect(shares(route(yaml, 'reviews', { path: '/c' }))).toBe('noRoute 404');
  });

  it('never reaches rules after a catch-all', () => {
    const yaml = vs(
      '  - match: [{uri: {prefix: /}}]\n    route: [{destination: {host: reviews, subset: v1}}]\n  - match: [{uri: {prefix: /a}}]\n    route: [{destination: {host: reviews, subset: v2}}]',
    );
    const decision = route(yaml, 'reviews', { path: '/a' });
    expect(shares(decision)).toBe('v1:1');
    expect(decision.tried.map((t) => [t.rule.path, t.matched])).toEqual([
      ['spec.http[1].match[0]', false],
      ['spec.http[0].match[0]', true],
    ]);
  });

  it('says why each rule was left', () => {
    const decision = route(one('{headers: {end-user: {exact: jason}}}'));
    expect(decision.tried[0]).toEqual({
      rule: { kind: 'VirtualService', namespace: 'default', name: 'reviews', path: 'spec.http[0].match[0]' },
      name: null,
      matched: false,
      why: 'header end-user is absent, the rule wants exactly "jason"',
    });
    expect(decision.rule?.path).toBe('spec.http[1]');
  });

  it('leaves the explanation out when it is not wanted', () => {
    const index = meshOf(WORLD + one('{port: 80}'));
    expect(evaluateRoute(index, requestOf('reviews'), { explain: false }).tried).toEqual([]);
  });

  it('counts a field of the wrong type as absent', () => expect(shares(route(one('{uri: 7, headers: [x], port: "80"}')))).toBe('v2:1'));
});

describe('actions', () => {
  const rule = (text: string): RouteDecision => route(vs(`  - ${text}`), 'reviews', { path: '/a/b', query: { q: '1 2' }, port: 80 });
  const to = 'route: [{destination: {host: reviews, subset: v1}}]';

  it.each([
    ['redirect: {uri: /x}', 301, 'http://reviews/x?q=1%202'],
    ['redirect: {authority: b.com, redirectCode: 308}', 308, 'http://b.com/a/b?q=1%202'],
    ['redirect: {scheme: https, authority: b.com}', 301, 'https://b.com/a/b?q=1%202'],
    ['redirect: {scheme: https, port: 8443}', 301, 'https://reviews:8443/a/b?q=1%202'],
    ['redirect: {scheme: https, port: 443}', 301, 'https://reviews/a/b?q=1%202'],
    ['redirect: {uri: "/x?y=z"}', 301, 'http://reviews/x?y=z'],
  ])('%s', (text, status, location) => expect(rule(text)).toMatchObject({ outcome: 'redirect', status, location }));

  it('does nothing for a redirect code that is none', () => expect(rule('redirect: {redirectCode: 399}').outcome).toBe('noRoute'));

  it('answers directly', () => expect(rule('directResponse: {status: 503}')).toMatchObject({ outcome: 'directResponse', status: 503 }));

  it.each([
    ['{match: [{uri: {prefix: /a}}], rewrite: {uri: /x}', '/x/b'],
    ['{match: [{uri: {prefix: /a/}}], rewrite: {uri: /}', '/b'],
    ['{match: [{uri: {exact: /a/b}}], rewrite: {uri: /x}', '/x'],
    ['{rewrite: {uri: /x}', '/xa/b'],
    ['{match: [{uri: {prefix: /A}, ignoreUriCase: true}], rewrite: {uri: /x}', '/x/b'],
    ['{rewrite: {uriRegexRewrite: {match: "^/(.)/(.)", rewrite: "/\\\\2/\\\\1"}}', '/b/a'],
    ['{rewrite: {uriRegexRewrite: {match: "[ab]", rewrite: "$"}}', '/$/$'],
  ])('rewrites: %s', (text, path) => expect(rule(`${text}, ${to}}`)).toMatchObject({ rewrite: { path, authority: null } }));

  it.each([
    [`{rewrite: {authority: b.com}, ${to}}`, 'b.com'],
    [`{headers: {request: {set: {":authority": c.com}, add: {host: d.com}}}, ${to}}`, 'c.com'],
    ['{route: [{destination: {host: reviews}, headers: {request: {set: {Host: e.com}}}}]}', 'e.com'],
  ])('authority: %s', (text, authority) => expect(rule(text)).toMatchObject({ rewrite: { path: null, authority } }));

  it('reads timeout and retries', () => {
    expect(rule(`{timeout: 1.5s, retries: {attempts: 3, perTryTimeout: 200ms, retryOn: "5xx, 404,reset"}, ${to}}`)).toMatchObject({
      timeoutMs: 1500,
      retries: { attempts: 3, perTryTimeoutMs: 200, retryOn: ['5xx', 'reset', 'retriable-status-codes', '404'] },
    });
    expect(rule(`{timeout: 0s, retries: {attempts: 0}, ${to}}`)).toMatchObject({ timeoutMs: null, retries: { attempts: 0, retryOn: [] } });
  });

  it.each([
    ['{delay: {fixedDelay: 5s, percentage: {value: 10}}}', { delay: { milliseconds: 5000, percent: 10 }, abort: null }],
    ['{delay: {fixedDelay: 5s}}', { delay: { milliseconds: 5000, percent: 0 }, abort: null }],
    ['{abort: {httpStatus: 418}}', { delay: null, abort: { httpStatus: 418, grpcStatus: null, percent: 0 } }],
    [
      '{abort: {grpcStatus: UNAVAILABLE, percentage: {value: 0.5}}}',
      { delay: null, abort: { httpStatus: null, grpcStatus: 'UNAVAILABLE', percent: 0.5 } },
    ],
  ])('fault %s', (fault, expected) => expect(rule(`{fault: ${fault}, ${to}}`)).toMatchObject({ fault: expected }));

  it('mirrors by default everything, at 0 % nothing', () => {
    const mirrored = rule(
      `{mirror: {host: reviews, subset: v2}, mirrors: [{destination: {host: ratings, port: {number: 8080}}, percentage: {value: 5}}, {destination: {host: ratings}, percentage: {value: 0}}], ${to}}`,
    );
    expect(mirrored).toMatchObject({
      mirrors: [
        { destination: { subset: 'v2', state: 'ok' }, percent: 100 },
        { destination: { clusterName: 'outbound|8080||ratings.default.svc.cluster.local', state: 'empty' }, percent: 5 },
      ],
    });
    expect(rule(`{mirror: {host: reviews}, mirrorPercentage: {value: 0}, ${to}}`)).toMatchObject({ mirrors: [] });
  });

  it('resolves short destination hosts in the namespace of the VirtualService', () => {
    const yaml = vs(
      '  - route: [{destination: {host: other, port: {number: 8080}}}]',
      '{name: x, namespace: far}',
      '[reviews.default.svc.cluster.local]',
    );
    expect(route(yaml)).toMatchObject({ destinations: [{ host: 'other.far.svc.cluster.local', port: 8080 }] });
  });

  it('takes the port of the listener for a destination without one', () =>
    expect(route(vs('  - route: [{destination: {host: other.far.svc.cluster.local}}]'))).toMatchObject({
      destinations: [{ clusterName: 'outbound|80||other.far.svc.cluster.local', state: 'missing' }],
    }));
});

describe('which VirtualService owns a host', () => {
  const to = (subset: string): string => `  - route: [{destination: {host: reviews.default.svc.cluster.local, subset: ${subset}}}]`;

  it('the oldest; the second is dropped, never merged', () => {
    const first = vs('  - match: [{uri: {exact: /a}}]\n    route: [{destination: {host: reviews, subset: v1}}]', '{name: b, age: 1}');
    const second = vs(to('v2'), '{name: a, age: 2}');
    expect(shares(route(second + first, 'reviews', { path: '/a' }))).toBe('v1:1');
    expect(shares(route(second + first, 'reviews', { path: '/b' }))).toBe('noRoute 404');
  });

  it('of the same age, the one whose name comes first', () =>
    expect(shares(route(vs(to('v2'), '{name: b, age: 1}') + vs(to('v1'), '{name: a, age: 1}')))).toBe('v1:1'));

  it('one without a rule for the caller leaves the host to the next, then to the service', () => {
    const gated = vs('  - match: [{sourceLabels: {app: x}}]\n    route: [{destination: {host: reviews, subset: v1}}]', '{name: a, age: 1}');
    expect(shares(route(gated + vs(to('v2'), '{name: b, age: 2}')))).toBe('v2:1');
    expect(shares(route(gated))).toBe('reviews:1');
  });

  it('the private one before the exported before the public', () => {
    const open = vs(to('v1'), '{name: open, age: 1}');
    const exported = vs(to('v2'), '{name: exported, age: 2, namespace: far}', '[reviews.default.svc.cluster.local]', 'exportTo: [default]');
    const own = vs(to('v9'), '{name: own, age: 3}', '[reviews]', 'exportTo: ["."]');
    expect(shares(route(open + exported + own))).toBe('v9:1:missing');
    expect(shares(route(open + exported))).toBe('v2:1');
    expect(route(open + exported + own, 'reviews.default', { caller: callerOf({ namespace: 'far' }) }).rule?.name).toBe('open');
  });

  it('not one that is bound to gateways only', () =>
    expect(shares(route(vs(to('v2'), '{name: a}', '[reviews]', 'gateways: [gw]')))).toBe('reviews:1'));

  it('the exact host before wildcards, whatever their age', () => {
    const wild = vs(to('v1'), '{name: wild, age: 1}', '["*.default.svc.cluster.local"]');
    expect(shares(route(wild))).toBe('v1:1');
    expect(shares(route(wild + vs(to('v2'), '{name: exact, age: 2}')))).toBe('v2:1');
  });

  it('the most specific wildcard, not the oldest', () => {
    const wide = vs(to('v1'), '{name: wide, age: 1}', '["*.cluster.local"]');
    const narrow = vs(to('v2'), '{name: narrow, age: 2}', '["*.default.svc.cluster.local"]');
    expect(shares(route(wide + narrow))).toBe('v2:1');
  });

  it('hosts outside the registry exist on port 80', () => {
    const yaml = vs(to('v1'), '{name: a}', '[shop.example.com]') + vs(to('v2'), '{name: b}', '["*.example.org"]');
    expect(shares(route(yaml, 'shop.example.com'))).toBe('v1:1');
    expect(shares(route(yaml, 'a.example.org'))).toBe('v2:1');
    expect(route(yaml, 'shop.example.com', { port: 8080 }).outcome).toBe('passthrough');
  });
});

describe('delegates', () => {
  const root = vs(
    '  - name: api\n    match: [{uri: {prefix: /api}, headers: {a: {exact: b}}}]\n    timeout: 3s\n    delegate: {name: leaf, namespace: far}',
  );
  const leaf = (http: string, rest = ''): string => vs(http, '{name: leaf, namespace: far}', '[]', rest);
  const to = 'route: [{destination: {host: reviews.default.svc.cluster.local, subset: v2}}]';
  const ask = (yaml: string, path: string): RouteDecision => route(yaml, 'reviews', { path, headers: { a: 'b' } });

  it('keep both conditions, inherit what they lack, join names', () => {
    const yaml = root + leaf(`  - {name: x, match: [{uri: {prefix: /api/x}}], ${to}}`);
    expect(ask(yaml, '/api/x')).toMatchObject({ rule: { name: 'leaf', path: 'spec.http[0]' }, timeoutMs: 3000 });
    expect(ask(yaml, '/api/x').tried[0]?.name).toBe('api-x');
    expect(shares(ask(yaml, '/api/y'))).toBe('noRoute 404');
    expect(shares(route(yaml, 'reviews', { path: '/api/x' }))).toBe('noRoute 404');
  });

  it('without a match take the root’s', () => expect(shares(ask(root + leaf(`  - {${to}}`), '/api/z'))).toBe('v2:1'));

  it.each([
    ['a match outside the root’s is dropped', leaf(`  - {match: [{uri: {prefix: /b}}], ${to}}`)],
    ['a regex is never inside a prefix', leaf(`  - {match: [{uri: {regex: "/api/.*"}}], ${to}}`)],
    ['a delegate that is not exported', leaf(`  - {${to}}`, 'exportTo: ["."]')],
    ['a delegate that is missing', ''],
  ])('%s: the rule vanishes', (_, yaml) => expect(shares(ask(root + yaml, '/api/x'))).toBe('reviews:1'));
});

describe('callers without a sidecar', () => {
  it.each(['none', 'ambient'] as const)('%s: straight to the service, whatever the VirtualService says', (mode) => {
    const decision = route(vs('  - route: [{destination: {host: reviews, subset: v2}}]'), 'reviews', { caller: callerOf({ mode }) });
    expect(shares(decision)).toBe('reviews:1');
    expect(decision).toMatchObject({ retries: { attempts: 0 } });
  });
});
