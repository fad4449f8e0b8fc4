// What MeshConfig decides where objects are silent: how paths are read, to whom objects are exported, how often requests are tried, which
// trust domains are one. From the documentation of MeshConfig.
import { describe, expect, it } from 'vitest';
import type { MeshSettings } from '../../model/inventory';
import { evaluateAuthorization } from './authorization';
import { normalPath } from './normal-path';
import { evaluateRoute } from './route';
import { callerOf, meshOf, podNamed, requestOf } from './test-mesh';

describe('a path', () => {
  it.each<[string, MeshSettings['pathNormalization'], string]>([
    ['/a/b', 'BASE', '/a/b'],
    ['/a/../b', 'BASE', '/b'],
    ['/a/./b/.', 'BASE', '/a/b/'],
    ['/a/b/..', 'BASE', '/a/'],
    ['/../../x', 'BASE', '/x'],
    ['/a\\b', 'BASE', '/a/b'],
    ['/a/%2e%2E/b', 'BASE', '/b'],
    ['/%61dmin%2Fx', 'BASE', '/admin%2Fx'],
    ['/a%zz', 'BASE', '/a%zz'],
    ['/a//b', 'BASE', '/a//b'],
    ['/.hidden/..x', 'BASE', '/.hidden/..x'],
    ['/a//b', 'MERGE_SLASHES', '/a/b'],
    ['/a%2f/b', 'MERGE_SLASHES', '/a%2f/b'],
    ['/a%2fb%5Cc', 'DECODE_AND_MERGE_SLASHES', '/a/b/c'],
    ['/a%2f..%2fb', 'DECODE_AND_MERGE_SLASHES', '/b'],
    ['/a/../b', 'NONE', '/a/../b'],
    ['*', 'BASE', '*'],
  ])('%s with %s is read as %s', (path, mode, expected) => expect(normalPath(path, mode)).toBe(expected));
});

const MESH = `
kind: Service
metadata: {namespace: shop, name: web}
spec: {ports: {http: 80}}
---
kind: Pod
metadata: {namespace: shop, name: web-1, labels: {app: web, version: v1}}
---
kind: DestinationRule
metadata: {namespace: shop, name: web}
spec: {host: web, subsets: [{name: v1, labels: {version: v1}}]}
---
kind: VirtualService
metadata: {namespace: shop, name: web}
spec:
  hosts: [web]
  http:
    - {match: [{uri: {prefix: /admin}}], directResponse: {status: 418}}
    - {route: [{destination: {host: web, subset: v1}}]}
---
kind: Gateway
metadata: {namespace: shop, name: gw}
spec: {selector: {istio: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
kind: VirtualService
metadata: {namespace: shop, name: outside}
spec: {hosts: ["*"], gateways: [gw], http: [{match: [{uri: {prefix: /admin}}], directResponse: {status: 418}}]}
`;
const route = (mesh: Partial<MeshSettings>, namespace = 'shop', path = '/') =>
  evaluateRoute(meshOf(MESH, mesh), requestOf('web.shop.svc.cluster.local', { caller: callerOf({ namespace }), path }));

describe('requests', () => {
  it('are routed by the path as it is read', () => {
    expect(route({}, 'shop', '/x/../admin')).toMatchObject({ outcome: 'directResponse' });
    expect(route({ pathNormalization: 'NONE' }, 'shop', '/x/../admin')).toMatchObject({ outcome: 'route' });
    const gateway = callerOf({ namespace: 'shop', mode: 'gateway', podLabels: { istio: 'gw' } });
    expect(evaluateRoute(meshOf(MESH), requestOf('any', { caller: gateway, path: '/%61dmin' }))).toMatchObject({
      outcome: 'directResponse',
    });
  });

  it('are allowed by the path as it is read', () => {
    const ask = (path: string, mesh: Partial<MeshSettings> = {}) => {
      const index = meshOf(
        `${MESH}\n---\nkind: AuthorizationPolicy\nmetadata: {namespace: shop, name: d}\nspec: {action: DENY, rules: [{to: [{operation: {paths: [/admin*]}}]}]}`,
        mesh,
      );
      const caller = { principal: null, namespace: null, serviceAccount: null, ip: null };
      return evaluateAuthorization(index, { caller, server: podNamed(index, 'shop/web-1'), port: 80, protocol: 'http', path }).outcome;
    };
    expect(ask('/x/../admin')).toBe('denied');
    expect(ask('//admin')).toBe('allowed');
    expect(ask('//admin', { pathNormalization: 'MERGE_SLASHES' })).toBe('denied');
  });

  it('are tried again as the mesh says, where the rule does not', () => {
    const defaultRetries = { attempts: 5, perTryTimeoutMs: 1000, retryOn: '503' };
    expect(route({ defaultRetries })).toMatchObject({
      retries: { attempts: 5, perTryTimeoutMs: 1000, retryOn: ['retriable-status-codes', '503'] },
    });
    expect(route({ defaultRetries: { ...defaultRetries, attempts: 0 } })).toMatchObject({ retries: { attempts: 0 } });
    const plain = meshOf('kind: Service\nmetadata: {namespace: shop, name: web}\nspec: {ports: {http: 80}}', { defaultRetries });
    expect(evaluateRoute(plain, requestOf('web.shop.svc.cluster.local'))).toMatchObject({ retries: { attempts: 5 } });
  });
});

describe('objects without exportTo', () => {
  const subsetsSeen = (mesh: Partial<MeshSettings>, namespace: string): string => {
    const decision = route(mesh, namespace);
    return decision.outcome === 'route'
      ? decision.destinations.map(({ subset, state }) => `${subset ?? 'all'} ${state}`).join()
      : decision.outcome;
  };
  it.each<[string, Partial<MeshSettings['privateByDefault']>, string, string]>([
    ['are for everybody', {}, 'other', 'v1 ok'],
    ['VirtualServices are for their own namespace', { virtualServices: true }, 'other', 'all ok'],
    ['and act there', { virtualServices: true }, 'shop', 'v1 ok'],
    ['DestinationRules are for their own namespace', { destinationRules: true }, 'other', 'v1 missing'],
    ['and act there', { destinationRules: true }, 'shop', 'v1 ok'],
    ['services are for their own namespace', { services: true }, 'other', 'passthrough'],
    ['and are known there', { services: true }, 'shop', 'v1 ok'],
  ])('%s (%j) from %s: %s', (_what, part, namespace, expected) => {
    const privateByDefault = { services: false, virtualServices: false, destinationRules: false, ...part };
    expect(subsetsSeen({ privateByDefault }, namespace)).toBe(expected);
  });
});

describe('trust domains that are one', () => {
  const ask = (principal: string, asked: string): string => {
    const index = meshOf(
      `${MESH}\n---\nkind: AuthorizationPolicy\nmetadata: {namespace: shop, name: a}\nspec: {rules: [{from: [{source: {principals: [${JSON.stringify(asked)}]}}]}]}`,
      { trustDomain: 'new', trustDomainAliases: ['old'] },
    );
    const caller = { principal, namespace: 'shop', serviceAccount: 'a', ip: null };
    return evaluateAuthorization(index, { caller, server: podNamed(index, 'shop/web-1'), port: 80, protocol: 'http' }).outcome;
  };
  it.each([
    ['new/ns/shop/sa/a', 'old/ns/shop/sa/a', 'allowed'],
    ['old/ns/shop/sa/a', 'new/ns/shop/sa/a', 'allowed'],
    ['old/ns/shop/sa/a', 'cluster.local/ns/shop/sa/a', 'allowed'],
    // Only whole names stand for each other; a pattern of another form is taken as written.
    ['new/ns/shop/sa/a', 'old/ns/shop/*', 'denied'],
    ['old/ns/shop/sa/a', 'old/ns/shop/*', 'allowed'],
    ['old/ns/shop/sa/a', '*ew/ns/shop/sa/a', 'allowed'],
    ['new/ns/shop/sa/a', '*ew/ns/shop/sa/a', 'allowed'],
    ['other/ns/shop/sa/a', '*ther/ns/shop/sa/a', 'allowed'],
    ['new/ns/shop/sa/a', 'spiffe://new/ns/shop/sa/a', 'denied'],
    ['old/ns/shop/sa/a', 'other/ns/shop/sa/a', 'denied'],
    ['other/ns/shop/sa/a', 'new/ns/shop/sa/a', 'denied'],
    ['old/ns/shop/sa/a', '*/sa/a', 'allowed'],
  ])('%s comes by %s: %s', (principal, asked, expected) => expect(ask(principal, asked)).toBe(expected));
});
