// Meshes for tests of the analysis: one with everything in it, and objects broken in any way. In: a seed. Out: YAML, values that are no longer right.
import type { Json, JsonObject } from '../../../model/inventory';

export const SHOP = `
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: {http: 9080}}
---
kind: Service
metadata: {name: ratings, namespace: shop}
spec: {ports: {http: 9080}}
---
kind: Pod
metadata: {name: reviews-v1, namespace: shop, labels: {app: reviews, version: v1}}
---
kind: Pod
metadata: {name: ratings-v1, namespace: shop, labels: {app: ratings, version: v1}}
---
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
`;
export const ALL_KINDS = `
kind: VirtualService
metadata: {name: a, namespace: shop}
spec:
  hosts: [reviews, '*.x']
  gateways: [mesh, public]
  exportTo: ['*']
  http:
    - {match: [{uri: {prefix: /a}, headers: {h: {regex: 'a.*'}}, sourceLabels: {a: b}, gateways: [mesh]}], route: [{destination: {host: reviews, subset: v1, port: {number: 9080}}, weight: 1}, {destination: {host: ratings}, weight: 2}], fault: {delay: {fixedDelay: 1s, percentage: {value: 1}}}, retries: {attempts: 1, perTryTimeout: 1s}, timeout: 1s}
    - {delegate: {name: b}}
    - {redirect: {uri: /}}
  tcp: [{match: [{port: 1, destinationSubnets: [10.0.0.0/8]}], route: [{destination: {host: ratings}}]}]
  tls: [{match: [{sniHosts: [a]}], route: [{destination: {host: ratings}}]}]
---
kind: VirtualService
metadata: {name: b, namespace: shop}
spec: {http: [{match: [{uri: {prefix: /b}}], route: [{destination: {host: ratings}}]}]}
---
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {selector: {app: reviews}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*/a'], tls: {mode: SIMPLE, credentialName: c}}]}
---
kind: DestinationRule
metadata: {name: all, namespace: shop}
spec: {host: '*.shop.svc.cluster.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 1}, tls: {mode: SIMPLE}}]}, subsets: [{name: a, labels: {b: c}}]}
---
kind: ServiceEntry
metadata: {name: s, namespace: shop}
spec: {hosts: [a.b], addresses: [10.0.0.1], resolution: STATIC, endpoints: [{address: 10.0.0.1, labels: {a: b}}], ports: [{number: 80, name: http, protocol: HTTP}]}
---
kind: ServiceEntry
metadata: {name: wide, namespace: shop}
spec: {hosts: ['*.partner.example'], ports: [{number: 443, name: tls, protocol: TLS}]}
---
kind: VirtualService
metadata: {name: wide, namespace: shop}
spec:
  hosts: [one.partner.example]
  http: [{route: [{destination: {host: two.partner.example}}]}, {match: [{uri: {prefix: /x}}], route: [{destination: {host: ratings, subset: a}}]}]
---
kind: VirtualService
metadata: {name: again, namespace: other}
spec: {hosts: [ratings.shop.svc.cluster.local], http: [{route: [{destination: {host: ratings.shop.svc.cluster.local}}]}]}
---
kind: VirtualService
metadata: {name: again, namespace: shop}
spec: {hosts: [ratings], http: [{route: [{destination: {host: ratings, subset: a}}]}]}
---
kind: WorkloadEntry
metadata: {name: machine, namespace: shop}
spec: {address: 10.3.0.1, labels: {app: ratings, b: c}}
---
kind: Sidecar
metadata: {name: s, namespace: shop}
spec: {workloadSelector: {labels: {app: reviews}}, egress: [{hosts: [./*, '*/a']}]}
---
kind: PeerAuthentication
metadata: {name: p, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}, portLevelMtls: {'80': {mode: DISABLE}}}
---
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: [a/ns/b/sa/c], namespaces: [d]}}], to: [{operation: {methods: [GET], hosts: [a]}}], when: [{key: a, values: [b]}]}]}
---
kind: RequestAuthentication
metadata: {name: r, namespace: shop}
spec: {jwtRules: [{issuer: i}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: a, port: 80, protocol: HTTP, hostname: a.b, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {a: b}}}, kinds: [{kind: HTTPRoute}]}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: h, namespace: shop}
spec: {parentRefs: [{name: g}], hostnames: [a.b], rules: [{matches: [{path: {value: /a}}], filters: [{type: RequestMirror, requestMirror: {backendRef: {name: ratings, port: 9080}}}], backendRefs: [{name: reviews, port: 9080}, {name: x, namespace: y, port: 1}]}]}
`;

const ODD_VALUES: readonly Json[] = [null, 0, -1, 1e9, true, '', '*', 'x', 'gone', 'reviews', [], {}, [null], ['a'], { a: 1 }, [{}], [[]]];

/** A copy in which about one value in eight is another, of whatever type, or gone. */
export function mutated(value: JsonObject, random: () => number): JsonObject {
  const walk = (part: Json): Json => {
    if (random() < 0.12) return ODD_VALUES[Math.floor(random() * ODD_VALUES.length)] ?? null;
    if (Array.isArray(part)) return part.map((entry: Json) => walk(entry));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part as JsonObject).flatMap(([name, entry]) => (random() < 0.04 ? [] : [[name, walk(entry ?? null)]])),
    );
  };
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, walk(entry ?? null)]));
}

export function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
