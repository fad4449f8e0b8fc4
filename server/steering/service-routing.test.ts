// The routing of a service as its editor shows it. In: small meshes. Out: owners, rules in words and forms, versions, shares, exposure.
import { describe, expect, it } from 'vitest';
import { serviceKey } from '../../model/ids';
import type { Inventory, ServiceInfo } from '../../model/inventory';
import type { ServiceRoutingDocument } from '../../model/steering';
import { snapshotOf } from '../graph/testing/mesh-fixture';
import { buildMeshIndex } from '../istio/mesh-index';
import { describeServiceRouting } from './service-routing';
import { changed, documents, inventoryOf, service } from './testing/mesh';

const BASE = documents(
  service('shop', 'reviews', ['v1', 'v2', 'v3']),
  `kind: DestinationRule
metadata: {namespace: shop, name: reviews}
spec:
  host: reviews
  trafficPolicy: {loadBalancer: {simple: RANDOM}, x-unknown: 1}
  subsets: [{name: v1, labels: {version: v1}}, {name: two, labels: {version: v2}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]`,
);
const RULES = `kind: VirtualService
metadata: {namespace: shop, name: reviews}
spec:
  hosts: [reviews]
  http:
  - name: jason
    match: [{headers: {end-user: {exact: jason}}, uri: {prefix: /api}}]
    route: [{destination: {host: reviews, subset: two}}]
    fault: {delay: {fixedDelay: 2s, percentage: {value: 10}}, abort: {httpStatus: 503, percentage: {value: 5}}}
    timeout: 1.5s
    retries: {attempts: 3, perTryTimeout: 250ms, retryOn: "5xx,reset"}
    mirror: {host: reviews, subset: v1}
    mirrorPercentage: {value: 25}
    rewrite: {uri: /}
    headers: {request: {set: {a: b}, remove: [c]}}
    corsPolicy: {allowOrigins: [{exact: "https://a.example"}], allowMethods: [GET], maxAge: 24h}
  - match: [{withoutHeaders: {x: {}}}]
    redirect: {uri: /new, redirectCode: 302}
  - route: [{destination: {host: reviews, subset: v1}, weight: 75}, {destination: {host: reviews, subset: nine}, weight: 25}]
  - match: [{uri: {exact: /late}}]
    directResponse: {status: 418}`;

function routingOf(inventory: Inventory, traffic = snapshotOf([]), name = 'reviews'): ServiceRoutingDocument {
  const found: ServiceInfo | undefined = inventory.services.get(serviceKey('Kubernetes', 'shop', name));
  if (found === undefined) throw new Error(`no service ${name}`);
  return describeServiceRouting({ index: buildMeshIndex(inventory), service: found, snapshot: traffic, findings: [] });
}

describe('rules of a VirtualService', () => {
  const { rules, objects } = routingOf(inventoryOf(documents(BASE, RULES)));

  it('are told in words', () => {
    expect(rules.map(({ words }) => `${words.when}: ${words.what}`)).toEqual([
      'path starts with /api and header end-user is jason: all to two',
      'conditions that only YAML shows: redirect 302 to /new',
      'every request: 75 % to v1, 25 % to nine',
      'path is /late: answer 418 at once',
    ]);
    expect(rules[0]?.words.also).toEqual([
      'delays 10 % by 2 s',
      'answers 5 % with 503',
      'times out after 1.5 s',
      'retries 3 times',
      'copies 25 % to v1',
      'rewrites the path to /',
      'changes headers',
      'answers CORS',
    ]);
    expect(objects).toMatchObject([{ effective: true, ref: { kind: 'VirtualService', namespace: 'shop', name: 'reviews' } }]);
  });

  it('come as forms, where a form can hold them', () => {
    expect(rules[0]).toMatchObject({
      rule: { list: 'http', index: 0, host: 'reviews.shop.svc.cluster.local' },
      name: 'jason',
      gateways: ['mesh'],
      matches: [{ path: { type: 'prefix', value: '/api' }, headers: [{ name: 'end-user', condition: { type: 'exact', value: 'jason' } }] }],
      fault: { delay: { milliseconds: 2000, percent: 10 }, abort: { httpStatus: 503, percent: 5 } },
      timeoutMs: 1500,
      retries: { attempts: 3, perTryTimeoutMs: 250, retryOn: ['5xx', 'reset'] },
      mirror: { host: 'reviews', subset: 'v1', percent: 25 },
      rewrite: { path: '/', authority: null },
      headers: { request: { set: { a: 'b' }, remove: ['c'] }, response: {} },
      cors: { allowOrigins: [{ type: 'exact', value: 'https://a.example' }], maxAgeSeconds: 86_400 },
    });
    expect(rules[1]?.matches).toBeNull();
    expect(rules[2]?.destinations).toMatchObject([
      { subset: 'v1', weight: 75, share: 0.75, state: 'ok', readyEndpoints: 1, workloads: ['reviews-v1'] },
      { subset: 'nine', share: 0.25, state: 'missing', readyEndpoints: null, workloads: [] },
    ]);
  });

  it('that can never win say so', () => {
    expect(rules.map(({ unreachable }) => unreachable)).toEqual([
      null,
      null,
      null,
      'rule 3 before it takes every request that it asks for',
    ]);
  });
});

describe('traffic', () => {
  const into = (version: string, rate: number) => ({
    from: 'shop/web',
    to: `shop/reviews-${version}`,
    service: 'shop/reviews',
    codes: { '200': rate },
  });

  it('is shared between rules whose workloads tell them apart', () => {
    const document = routingOf(inventoryOf(documents(BASE, RULES)), snapshotOf([into('v1', 6), into('v2', 2)]));
    expect(document.rules.map(({ liveShare }) => liveShare)).toEqual([0.25, null, 0.75, null]);
    expect(document.requestsPerSecond).toBe(8);
    expect(document.rules[2]?.destinations[0]?.requestsPerSecond).toBe(6);
  });

  it('of rules to the same workloads cannot be told', () => {
    const both =
      'kind: VirtualService\nmetadata: {namespace: shop, name: reviews}\nspec: {hosts: [reviews], http: [{match: [{uri: {prefix: /a}}], route: [{destination: {host: reviews, subset: v1}}]}, {route: [{destination: {host: reviews}}]}]}';
    const document = routingOf(inventoryOf(documents(BASE, both)), snapshotOf([into('v1', 6)]));
    expect(document.rules.map(({ liveShare }) => liveShare)).toEqual([null, null]);
  });
});

describe('the rest of the document', () => {
  it('has subsets, and versions that have none yet', () => {
    const { versions, policy } = routingOf(inventoryOf(documents(BASE, RULES)));
    expect(versions.map(({ subset, labels, readyEndpoints, workloads }) => [subset, labels, readyEndpoints, workloads])).toEqual([
      ['v1', { version: 'v1' }, 1, ['reviews-v1']],
      ['two', { version: 'v2' }, 1, ['reviews-v2']],
      [null, { version: 'v3' }, 1, ['reviews-v3']],
    ]);
    expect(policy).toEqual({
      definedBy: { kind: 'DestinationRule', namespace: 'shop', name: 'reviews' },
      whole: { loadBalancer: { simple: 'RANDOM' } },
      bySubset: [
        { subset: 'v1', policy: {} },
        { subset: 'two', policy: { tls: { mode: 'ISTIO_MUTUAL' } } },
      ],
    });
  });

  it('says who owns the host and who lost', () => {
    const younger = RULES.replace('name: reviews}', 'name: late, age: 99}');
    const { objects, rules } = routingOf(inventoryOf(documents(BASE, RULES, younger)));
    expect(objects.map(({ ref, effective }) => [ref.name, effective])).toEqual([
      ['reviews', true],
      ['late', false],
    ]);
    expect(objects[1]?.why).toContain('VirtualService shop/reviews is older');
    expect(rules.every(({ rule }) => rule.object?.name === 'reviews')).toBe(true);
  });

  it('lists gateways, those that expose it, and their rules', () => {
    const gateway =
      'kind: Gateway\nmetadata: {namespace: shop, name: front}\nspec: {selector: {app: ingress}, servers: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ["*/www.example.com"]}]}';
    const exposing =
      'kind: VirtualService\nmetadata: {namespace: shop, name: front}\nspec: {hosts: [www.example.com], gateways: [front], http: [{match: [{uri: {prefix: /r}}], route: [{destination: {host: reviews}}]}, {route: [{destination: {host: other}}]}]}';
    const document = routingOf(inventoryOf(documents(BASE, RULES, gateway, exposing)));
    expect(document.gateways).toEqual([
      { ref: { kind: 'Gateway', namespace: 'shop', name: 'front' }, hostnames: ['www.example.com'], ports: [80] },
    ]);
    expect(document.exposedBy).toMatchObject([{ gateway: { name: 'front' }, route: { name: 'front' }, hostnames: ['www.example.com'] }]);
    expect(document.rules.filter(({ gateways }) => gateways.includes('shop/front')).map(({ words }) => words.when)).toEqual([
      'path starts with /r',
    ]);
  });

  it('of a service without objects is empty, not missing', () => {
    const document = routingOf(inventoryOf(service('shop', 'plain')), snapshotOf([]), 'plain');
    expect(document).toMatchObject({
      objects: [],
      rules: [],
      disabledRules: [],
      policy: { definedBy: null },
      exposedBy: [],
      requestsPerSecond: 0,
    });
    expect(document.ports).toEqual([{ name: 'http', port: 80, protocol: 'http' }]);
  });
});

it('an HTTPRoute comes in the same words', () => {
  const route = `kind: HTTPRoute
apiVersion: gateway.networking.k8s.io/v1
metadata: {namespace: shop, name: reviews}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, port: 80}]
  rules:
  - matches: [{path: {type: PathPrefix, value: /api}, method: GET, headers: [{name: x, value: y}]}]
    backendRefs: [{name: reviews, port: 80, weight: 3}, {name: canary, port: 80, weight: 1}]
    timeouts: {request: 2s}
    filters: [{type: RequestMirror, requestMirror: {backendRef: {name: canary, port: 80}, percent: 10}}]`;
  const { rules, objects } = routingOf(inventoryOf(documents(BASE, service('shop', 'canary'), route)));
  expect(objects).toMatchObject([{ ref: { kind: 'HTTPRoute' }, effective: true }]);
  expect(rules[0]).toMatchObject({
    words: {
      when: 'path starts with /api and method is GET and header x is y',
      what: '75 % to reviews, 25 % to canary',
      also: ['times out after 2 s', 'copies 10 % to canary'],
    },
    destinations: [
      { host: 'reviews.shop.svc.cluster.local', share: 0.75 },
      { host: 'canary.shop.svc.cluster.local', share: 0.25 },
    ],
  });
});

it('rules of nonsense are read without a fall', () => {
  const odd =
    'kind: VirtualService\nmetadata: {namespace: shop, name: reviews}\nspec: {hosts: [reviews], http: [null, 5, {route: 3, match: [7]}, {route: [{}], match: [{uri: 4}]}]}';
  expect(routingOf(changed(inventoryOf(BASE), odd)).rules.length).toBe(4);
});
