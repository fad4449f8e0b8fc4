// Traffic policies, subsets and exposure: the object that exists is changed alone, one is made where none does.
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../model/edit';
import { HOST, objectOf, planOf } from './testing/plan-of';

const KEY = 'DestinationRule/bookinfo/reviews';
const policy = (subset: string | null, parts: Extract<Edit, { type: 'trafficPolicy' }>['policy'], namespace = 'bookinfo'): Edit => ({
  type: 'trafficPolicy',
  host: HOST,
  namespace,
  subset,
  policy: parts,
});
const subsets = (...list: Extract<Edit, { type: 'subsets' }>['subsets']): Edit => ({
  type: 'subsets',
  host: HOST,
  namespace: 'bookinfo',
  subsets: list,
});
const text = (outcome: ReturnType<typeof planOf>): string => JSON.stringify(outcome.specs[KEY]);

describe('a traffic policy', () => {
  it('changes the parts that are named', () => {
    const rule = objectOf(
      'DestinationRule',
      '{trafficPolicy: {x: 1, tls: {mode: DISABLE}, loadBalancer: {simple: RANDOM}, outlierDetection: {}}, host: reviews}',
    );
    const outcome = planOf(rule, policy(null, { loadBalancer: { simple: 'ROUND_ROBIN' }, tls: null }));
    expect(text(outcome)).toBe('{"trafficPolicy":{"x":1,"loadBalancer":{"simple":"ROUND_ROBIN"},"outlierDetection":{}},"host":"reviews"}');
    expect(outcome.words).toEqual([
      'trafficPolicy.tls: {"mode":"DISABLE"} → none',
      'trafficPolicy.loadBalancer.simple: RANDOM → ROUND_ROBIN',
    ]);
  });

  it('keeps the order of what is written again', () => {
    const rule = objectOf(
      'DestinationRule',
      '{host: reviews, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}, http: {a: 1, b: 2}}}}',
    );
    const outcome = planOf(rule, policy(null, { connectionPool: { http: { b: 2, a: 3 }, tcp: { maxConnections: 1 } } }));
    expect(text(outcome)).toBe('{"host":"reviews","trafficPolicy":{"connectionPool":{"tcp":{"maxConnections":1},"http":{"a":3,"b":2}}}}');
  });

  it('of a subset is put there, and the subset made if pods carry it', () => {
    expect(text(planOf('', policy('v1', { tls: { mode: 'ISTIO_MUTUAL' } })))).toBe(
      `{"host":"${HOST}","subsets":[{"name":"v1","labels":{"version":"v1"},"trafficPolicy":{"tls":{"mode":"ISTIO_MUTUAL"}}}]}`,
    );
    expect(planOf('', policy('v7', { tls: {} })).problems[0]?.message).toContain('no DestinationRule of');
    expect(planOf('', policy('v7', { tls: null })).steps).toEqual([]);
  });

  it('goes where the policy in force is, not to a rule for some clients', () => {
    const rules = `
kind: DestinationRule
metadata: {name: a, namespace: bookinfo, age: 1}
spec: {host: reviews, workloadSelector: {matchLabels: {x: y}}, trafficPolicy: {}}
---
kind: DestinationRule
metadata: {name: b, namespace: bookinfo, age: 2}
spec: {host: reviews, subsets: []}
---
kind: DestinationRule
metadata: {name: c, namespace: bookinfo, age: 3}
spec: {host: reviews, trafficPolicy: {tls: {}}}
`;
    expect(Object.keys(planOf(rules, policy(null, { loadBalancer: { simple: 'RANDOM' } })).specs)).toEqual(['DestinationRule/bookinfo/c']);
    expect(Object.keys(planOf('', policy(null, { tls: {} }, 'shop')).specs)).toEqual(['DestinationRule/shop/reviews']);
  });
});

describe('subsets', () => {
  it('are added or relabelled by name; the others and their fields stay', () => {
    const rule = objectOf('DestinationRule', '{host: reviews, subsets: [{x: 1, labels: {version: v1}, name: v1}, {name: v2}]}');
    const outcome = planOf(rule, subsets({ name: 'v1', labels: { version: 'v1.1' } }, { name: 'v3', labels: { version: 'v3' } }));
    expect(text(outcome)).toBe(
      '{"host":"reviews","subsets":[{"x":1,"labels":{"version":"v1.1"},"name":"v1"},{"name":"v2"},{"name":"v3","labels":{"version":"v3"}}]}',
    );
    expect(outcome.words).toEqual(['subset v1: labels.version: v1 → v1.1', 'subset v3 is new: version v3']);
  });

  it('that a wildcard rule defines are not made again for a route', () => {
    const wild = objectOf('DestinationRule', '{host: "*.bookinfo.svc.cluster.local", subsets: [{name: v1, labels: {version: v1}}]}');
    const edit: Edit = {
      type: 'weights',
      rule: { object: null, list: 'http', index: 0, host: HOST },
      destinations: [{ host: HOST, subset: 'v1', port: null, weight: 1 }],
    };
    expect(Object.keys(planOf(wild, edit).specs)).toEqual(['VirtualService/bookinfo/reviews']);
  });
});

describe('exposing a service', () => {
  const GATEWAYS = `
kind: Gateway
metadata: {name: gw, namespace: istio-system}
spec: {}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: istio-system}
spec: {}
`;
  const expose = (kind: 'Gateway' | 'K8sGateway', parts: Partial<Extract<Edit, { type: 'expose' }>> = {}): Edit => ({
    type: 'expose',
    host: HOST,
    port: 9080,
    namespace: 'bookinfo',
    gateway: { kind, namespace: 'istio-system', name: 'gw' },
    hostnames: ['shop.example'],
    pathPrefix: '/reviews',
    name: 'reviews-out',
    ...parts,
  });

  it('binds a VirtualService to an Istio Gateway', () => {
    expect(planOf(GATEWAYS, expose('Gateway')).specs).toEqual({
      'VirtualService/bookinfo/reviews-out': {
        hosts: ['shop.example'],
        gateways: ['istio-system/gw'],
        http: [{ match: [{ uri: { prefix: '/reviews' } }], route: [{ destination: { host: HOST, port: { number: 9080 } } }] }],
      },
    });
  });

  it('binds an HTTPRoute to a Gateway of the Gateway API', () => {
    expect(planOf(GATEWAYS, expose('K8sGateway', { hostnames: ['*'] })).specs).toEqual({
      'HTTPRoute/bookinfo/reviews-out': {
        parentRefs: [{ name: 'gw', namespace: 'istio-system' }],
        rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/reviews' } }], backendRefs: [{ name: 'reviews', port: 9080 }] }],
      },
    });
  });

  it('wants a gateway that is there and a name that is free', () => {
    expect(planOf('', expose('Gateway')).problems[0]?.message).toBe('Gateway/istio-system/gw is not there');
    const taken = planOf(`${GATEWAYS}---\n${objectOf('VirtualService', '{hosts: [a]}')}`, expose('Gateway', { name: 'reviews' }));
    expect(taken.problems[0]?.message).toBe('VirtualService/bookinfo/reviews exists already');
  });
});
