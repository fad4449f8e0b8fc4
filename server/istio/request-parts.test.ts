// What a rule asks and does beyond paths and destinations: claims, the Host header, header operations, CORS, status of what is missing.
import { describe, expect, it } from 'vitest';
import type { RouteDecision, RouteRequest } from '../../model/routing';
import { evaluateRoute } from './route';
import { callerOf, meshOf, requestOf } from './test-mesh';
import { matchesText, regexFault } from './text-match';

const WORLD = `
kind: Service
metadata: {name: web}
spec: {ports: {http: 80}}
---
kind: Pod
metadata: {name: web-1, labels: {app: web, version: v1}}
---
kind: DestinationRule
metadata: {name: web}
spec: {host: web, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
kind: Gateway
metadata: {name: gw}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
`;
const vs = (rule: string): string =>
  `kind: VirtualService\nmetadata: {name: web}\nspec:\n  hosts: [web]\n  gateways: [mesh, gw]\n  http: [${rule}]\n---\n`;
const TO = 'route: [{destination: {host: web}}]';
const at = (yaml: string, parts: Partial<RouteRequest> = {}): RouteDecision => evaluateRoute(meshOf(WORLD + yaml), requestOf('web', parts));
const ingress = callerOf({ mode: 'gateway', podLabels: { istio: 'ingress' } });

describe('claims of a token', () => {
  const rule = (condition: string): string => vs(`{match: [{${condition}}], ${TO}}`);
  const asked = (condition: string, claims: Readonly<Record<string, unknown>>, mode: 'gateway' | 'sidecar' = 'gateway'): string => {
    const caller = mode === 'gateway' ? { ...ingress } : callerOf();
    return evaluateRoute(meshOf(WORLD + rule(condition)), requestOf('web.default.svc.cluster.local', { caller, claims })).outcome;
  };

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['headers: {"@request.auth.claims.group": {exact: admin}}', { group: 'admin' }, 'route'],
    ['headers: {"@request.auth.claims[group]": {exact: admin}}', { group: ['dev', 'admin'] }, 'route'],
    ['headers: {"@request.auth.claims.group": {exact: admin}}', { group: 'administrator' }, 'noRoute'],
    ['headers: {"@request.auth.claims.group": {prefix: admin}}', { group: 'administrator' }, 'route'],
    ['headers: {"@request.auth.claims[org][unit]": {exact: x}}', { org: { unit: 'x' } }, 'route'],
    ['headers: {"@request.auth.claims.org.unit": {exact: x}}', { org: { unit: 'y' } }, 'noRoute'],
    ['headers: {"@request.auth.claims.group": {exact: admin}}', {}, 'noRoute'],
    ['withoutHeaders: {"@request.auth.claims.group": {exact: admin}}', {}, 'route'],
    ['withoutHeaders: {"@request.auth.claims.group": {exact: admin}}', { group: 'admin' }, 'noRoute'],
    ['headers: {"@request.auth.claims.level": {exact: "7"}}', { level: 7 }, 'noRoute'],
  ])('%s with %o: %s', (condition, claims, outcome) => expect(asked(condition, claims)).toBe(outcome));

  it('are read by gateways only: a sidecar checks no token before it routes', () =>
    expect(asked('headers: {"@request.auth.claims.group": {exact: admin}}', { group: 'admin' }, 'sidecar')).toBe('noRoute'));
});

describe('the host', () => {
  it.each(['web', 'web:80', 'WEB.default:8080', 'web.default.svc.cluster.local:80'])('%s is found whatever its port', (host) =>
    expect(evaluateRoute(meshOf(WORLD), requestOf(host)).outcome).toBe('route'),
  );

  it('is matched as it was sent where the rule asks for the authority', () => {
    const yaml = vs(`{match: [{authority: {exact: "web:8080"}}], ${TO}}`);
    expect(at(yaml, { headers: { host: 'web:8080' } }).outcome).toBe('route');
    expect(at(yaml).outcome).toBe('noRoute');
  });
});

describe('header operations', () => {
  it('are those of the rule and of each destination; pseudo headers are left out', () => {
    const headers =
      'headers: {request: {set: {X-A: "1", ":path": /x, Host: h}, add: {x-b: "2"}, remove: [X-C, host]}, response: {add: {x-d: "3"}}}';
    const decision = at(
      vs(
        `{${headers}, route: [{destination: {host: web, subset: v1}, weight: 1, headers: {request: {set: {x-e: "4"}}}}, {destination: {host: web, subset: v2}, weight: 1}]}`,
      ),
    );
    expect(decision).toMatchObject({
      headers: { request: { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] }, response: { add: { 'x-d': '3' } } },
      rewrite: { authority: 'h' },
      destinations: [{ headers: { request: { set: { 'x-e': '4' } } } }, { subset: 'v2' }],
    });
    expect(JSON.stringify(decision)).not.toContain(':path');
  });

  it('of one of several destinations may set its authority', () => {
    const own = 'headers: {request: {set: {host: own.org}}}';
    const decision = at(vs(`{route: [{destination: {host: web, subset: v1}, weight: 1, ${own}}, {destination: {host: web}, weight: 3}]}`));
    expect(decision).toMatchObject({ rewrite: null, destinations: [{ authority: 'own.org', share: 0.25 }, { share: 0.75 }] });
  });

  it('are absent where none are written', () => expect(at(vs(`{${TO}}`))).not.toHaveProperty('headers'));

  it('are inherited whole by a delegate without any, authority included', () => {
    const root = vs(`{delegate: {name: leaf}, headers: {request: {set: {host: h, x: "1"}}}, corsPolicy: {allowOrigins: [{exact: o}]}}`);
    const leaf = (extra: string): string => `kind: VirtualService\nmetadata: {name: leaf}\nspec: {http: [{${extra}${TO}}]}\n---\n`;
    expect(at(root + leaf(''))).toMatchObject({
      headers: { request: { set: { x: '1' } } },
      rewrite: { authority: 'h' },
      cors: { result: 'none' },
    });
    expect(at(root + leaf('headers: {response: {remove: [y]}}, '))).toMatchObject({
      headers: { response: { remove: ['y'] } },
      rewrite: null,
    });
  });
});

describe('cross-origin policies', () => {
  const preflight = (origin: string): Partial<RouteRequest> => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PUT' },
  });
  const get = (origin: string): Partial<RouteRequest> => ({ headers: { origin } });
  const policy = (more = ''): string =>
    vs(`{corsPolicy: {allowOrigins: [{exact: "https://a.org"}, {regex: "https://.*[.]b[.]org"}]${more}}, ${TO}}`);

  it.each<[string, string, Partial<RouteRequest>, string]>([
    ['a request of the same origin', policy(), {}, 'route none'],
    ['of an allowed origin', policy(), get('https://a.org'), 'route allowed'],
    ['of an origin that a regex allows', policy(), get('https://x.b.org'), 'route allowed'],
    ['of another origin: the browser refuses, the proxy does not', policy(), get('https://c.org'), 'route refused'],
    ['a preflight of an allowed origin', policy(), preflight('https://a.org'), 'directResponse answered'],
    ['a preflight of another origin is forwarded', policy(), preflight('https://c.org'), 'route forwarded'],
    ['or ignored', policy(', unmatchedPreflights: IGNORE'), preflight('https://c.org'), 'directResponse ignored'],
    [
      'OPTIONS that names no method is no preflight',
      policy(),
      { method: 'OPTIONS', headers: { origin: 'https://a.org' } },
      'route allowed',
    ],
    ['the old list of origins', vs(`{corsPolicy: {allowOrigin: ["*"]}, ${TO}}`), preflight('https://c.org'), 'directResponse answered'],
    ['an exact * is every origin', vs(`{corsPolicy: {allowOrigins: [{exact: "*"}]}, ${TO}}`), get('https://c.org'), 'route allowed'],
  ])('%s', (_, yaml, parts, expected) => {
    const decision = at(yaml, parts);
    expect(`${decision.outcome} ${'cors' in decision ? decision.cors.result : ''}`).toBe(expected);
  });

  it('are read whole', () =>
    expect(at(policy(', allowMethods: [GET], allowHeaders: [x], exposeHeaders: [y], maxAge: 24h, allowCredentials: true'))).toMatchObject({
      cors: {
        policy: {
          allowOrigins: [{ type: 'exact', value: 'https://a.org' }, { type: 'regex' }],
          ...{ allowMethods: ['GET'], allowHeaders: ['x'], exposeHeaders: ['y'], maxAgeSeconds: 86_400, allowCredentials: true },
        },
      },
    }));

  it('are none of rules without one', () => expect(at(vs(`{${TO}}`), preflight('https://a.org'))).not.toHaveProperty('cors'));
});

describe('what cannot be reached', () => {
  it.each([
    ['{host: web, subset: v9}', { state: 'missing', status: 503 }],
    ['{host: nobody}', { state: 'missing', status: 503 }],
    ['{host: web, port: {number: 81}}', { state: 'missing', status: 503 }],
    ['{host: web, subset: v2}', { state: 'empty', status: 503 }],
  ])('destination %s is answered %o', (destination, expected) =>
    expect(at(vs(`{route: [{destination: ${destination}}]}`))).toMatchObject({ destinations: [expected] }),
  );

  it('has no status where it can be reached', () => {
    const decision = at(vs(`{${TO}}`));
    expect(decision.outcome === 'route' && decision.destinations.every((destination) => destination.status === undefined)).toBe(true);
  });

  it('of an HTTPRoute is answered 500', () => {
    const route = `kind: HTTPRoute\nmetadata: {name: r}\nspec:\n  parentRefs: [{group: "", kind: Service, name: web}]\n  rules: [{backendRefs: [{name: gone, port: 80}]}]\n`;
    expect(at(route)).toMatchObject({ destinations: [{ state: 'missing', status: 500 }] });
  });

  it('direct answers carry their text', () =>
    expect(at(vs('{directResponse: {status: 418, body: {string: teapot}}}'))).toEqual(
      expect.objectContaining({ outcome: 'directResponse', status: 418, body: 'teapot' }),
    ));
});

describe('regexes', () => {
  const million = 'a'.repeat(1_000_000);
  // Patterns that make a backtracking engine try exponentially many ways.
  it.each(['(a+)+$', '(a|a)*b', '(.*)(.*)(.*)[^a]', '(a?){50}a{50}'])('%s on a long text is answered in linear time', (value) => {
    const match = { kind: 'regex', value } as const;
    const seconds = (length: number): number => {
      const started = performance.now();
      matchesText(match, million.slice(0, length));
      return performance.now() - started;
    };
    seconds(1000);
    const [short, long] = [Math.max(seconds(10_000), 1), seconds(100_000)];
    // Ten times the text: ten times the time, with room for a busy machine; a backtracking engine would never come back.
    expect(long / short).toBeLessThan(200);
  });

  it('match a text of a megabyte', () => {
    expect(matchesText({ kind: 'regex', value: 'a*' }, million)).toBe(true);
    expect(matchesText({ kind: 'regex', value: 'a*b' }, million)).toBe(false);
  });

  it.each(['(', '[a', '(?=x)', '\\1', 'a{2000}', '(?<n>a)\\k<n>'])('%s is refused by RE2, matches nothing and is named', (value) => {
    expect(regexFault({ kind: 'regex', value })).not.toBeNull();
    expect(matchesText({ kind: 'regex', value }, value)).toBe(false);
    const decision = at(vs(`{match: [{uri: {regex: '${value}'}}], ${TO}}, {route: [{destination: {host: web, subset: v1}}]}`));
    expect(decision.tried[0]?.why).toContain('matches nothing');
    expect(decision.rule?.path).toBe('spec.http[1]');
  });
});
