// What the configuration does to nodes: routing badges on services, on versions without service nodes, circuit breakers, mesh modes.
import { describe, expect, it } from 'vitest';
import type { Badge } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import type { JsonObject } from '../../model/inventory';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { GraphMemory } from './memory';
import { projectGraph } from './project';
import { qualifyHost } from './routing-badges';
import { BOOKINFO_CLUSTER, BOOKINFO_TRAFFIC } from './testing/bookinfo';
import { type InventorySpec, inventoryOf, snapshotOf } from './testing/mesh-fixture';

type Config = NonNullable<InventorySpec['config']>[number];

const badgesOf = (id: string, more: InventorySpec, view: Partial<ViewSpec> = {}): readonly Badge[] => {
  const memory = new GraphMemory(compileHealthRules([]));
  const cluster = { ...BOOKINFO_CLUSTER, ...more, workloads: { ...BOOKINFO_CLUSTER.workloads, ...more.workloads } };
  const { graph } = projectGraph(memory.read(snapshotOf(BOOKINFO_TRAFFIC), inventoryOf(cluster)), {
    ...DEFAULT_VIEW,
    graphType: 'workload',
    ...view,
  });
  const node = graph.nodes.find((n) => n.id === id);
  if (node === undefined) throw new Error(`no node ${id}`);
  return node.badges;
};
const REVIEWS = 'service/Kubernetes/bookinfo/reviews';
const virtualService = (spec: JsonObject, name = 'bookinfo/reviews'): Config => ({
  kind: 'VirtualService',
  name,
  spec: { hosts: ['reviews'], ...spec },
});
const to = (host: string, weight?: number): JsonObject => ({
  destination: { host, subset: 'v1' },
  ...(weight === undefined ? {} : { weight }),
});

describe('routing badges of a service', () => {
  it.each<[string, JsonObject, readonly Badge[]]>([
    ['one route', { http: [{ route: [to('reviews')] }] }, ['virtualService']],
    ['weights', { http: [{ route: [to('reviews', 80), to('reviews', 20)] }] }, ['virtualService', 'trafficShifting']],
    ['a weight of 0 shifts nothing', { http: [{ route: [to('reviews', 100), to('reviews', 0)] }] }, ['virtualService']],
    [
      'match, timeout, fault, mirror',
      {
        http: [
          {
            match: [{ headers: {} }],
            timeout: '0.5s',
            fault: { delay: {} },
            mirror: { host: 'reviews' },
            route: [to('reviews')],
          },
        ],
      },
      ['virtualService', 'requestRouting', 'requestTimeout', 'faultInjection', 'mirroring'],
    ],
    ['timeout 0s is none', { http: [{ timeout: '0s', route: [to('reviews')] }] }, ['virtualService']],
    ['tcp', { tcp: [{ route: [to('reviews', 1), to('reviews', 9)] }] }, ['virtualService', 'tcpTrafficShifting']],
    ['hostile shapes', { http: 'x', tcp: [1, null], tls: {} }, ['virtualService']],
  ])('%s', (_name, spec, expected) => {
    expect(badgesOf(REVIEWS, { config: [virtualService(spec)] })).toEqual(expected);
  });

  it('come from a gateway route that ends there, rule by rule', () => {
    const spec = {
      hosts: ['*'],
      gateways: ['bookinfo-gateway'],
      http: [{ match: [{ uri: { exact: '/productpage' } }], route: [to('productpage')] }, { route: [to('reviews')] }],
    };
    expect(badgesOf('service/Kubernetes/bookinfo/productpage', { config: [virtualService(spec)] })).toEqual([
      'virtualService',
      'requestRouting',
    ]);
    expect(badgesOf(REVIEWS, { config: [virtualService(spec)] })).toEqual(['virtualService']);
  });

  it('short names belong to the namespace of the object', () => {
    expect(qualifyHost('reviews', 'bookinfo', 'cluster.local')).toBe('reviews.bookinfo.svc.cluster.local');
    expect(qualifyHost('reviews.bookinfo', 'other', 'cluster.local')).toBe('reviews.bookinfo');
    expect(badgesOf(REVIEWS, { config: [virtualService({ http: [] }, 'other/reviews')] })).toEqual([]);
  });

  it('of Gateway API routes', () => {
    const route = (spec: JsonObject): InventorySpec => ({ config: [{ kind: 'HTTPRoute', name: 'bookinfo/r', spec }] });
    const backend = (weight?: number): JsonObject => ({ name: 'reviews', port: 9080, ...(weight === undefined ? {} : { weight }) });
    expect(
      badgesOf(
        REVIEWS,
        route({
          parentRefs: [{ kind: 'Service', name: 'reviews' }],
          rules: [
            { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [backend(9), backend(1)], timeouts: { request: '1s' } },
          ],
        }),
      ),
    ).toEqual(['virtualService', 'trafficShifting', 'requestTimeout']);
    expect(
      badgesOf(REVIEWS, route({ rules: [{ matches: [{ headers: [] }], filters: [{ type: 'RequestMirror' }], backendRefs: [backend()] }] })),
    ).toEqual(['virtualService', 'requestRouting', 'mirroring']);
  });

  it('show on workloads and apps when services are not drawn', () => {
    const config = [virtualService({ http: [{ fault: { abort: {} }, route: [to('reviews')] }] })];
    const id = 'workload/Kubernetes/bookinfo/reviews-v2';
    expect(badgesOf(id, { config })).toEqual([]);
    expect(badgesOf(id, { config }, { serviceNodes: false })).toEqual(['virtualService', 'faultInjection']);
  });

  it('change with the configuration though the traffic stays', () => {
    const memory = new GraphMemory(compileHealthRules([]));
    const snapshot = snapshotOf(BOOKINFO_TRAFFIC);
    const read = (config: readonly Config[]): readonly Badge[] | undefined =>
      projectGraph(memory.read(snapshot, inventoryOf({ ...BOOKINFO_CLUSTER, config })), DEFAULT_VIEW).graph.nodes.find(
        (n) => n.id === REVIEWS,
      )?.badges;
    expect([read([]), read([virtualService({})]), read([])]).toEqual([[], ['virtualService'], []]);
  });
});

describe('circuit breakers', () => {
  const rule = (spec: JsonObject): InventorySpec => ({
    config: [{ kind: 'DestinationRule', name: 'bookinfo/reviews', spec: { host: 'reviews', ...spec } }],
  });
  const outlier = { outlierDetection: { consecutive5xxErrors: 5 } };

  it('of the host show on the service', () => {
    expect(badgesOf(REVIEWS, rule({ trafficPolicy: outlier }))).toEqual(['circuitBreaker']);
    expect(badgesOf(REVIEWS, rule({ trafficPolicy: { portLevelSettings: [{ connectionPool: {} }] } }))).toEqual(['circuitBreaker']);
    expect(badgesOf(REVIEWS, rule({ trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }))).toEqual([]);
  });
  it('of a subset show on the service and on the workloads that it selects', () => {
    const subsets = rule({ subsets: [{ name: 'v2', labels: { version: 'v2' }, trafficPolicy: outlier }] });
    expect(badgesOf(REVIEWS, subsets)).toEqual(['circuitBreaker']);
    expect(badgesOf('workload/Kubernetes/bookinfo/reviews-v2', subsets)).toEqual(['circuitBreaker']);
    expect(badgesOf('workload/Kubernetes/bookinfo/reviews-v3', subsets)).toEqual([]);
  });
});

describe('part in the mesh', () => {
  it.each([
    ['none', { mode: 'none' }, ['noSidecar']],
    ['some pods without a proxy', { pods: { desired: 2, current: 2, available: 2, ready: 2 }, meshedPods: 1 }, ['noSidecar']],
    ['ambient', { mode: 'ambient' }, ['ambient']],
    ['sidecar', {}, []],
  ] as const)('%s', (_name, spec, expected) => {
    expect(badgesOf('workload/Kubernetes/bookinfo/reviews-v2', { workloads: { 'bookinfo/reviews-v2': spec } })).toEqual(expected);
  });
  it('WorkloadEntries mark the app and version that they join', () => {
    const config: readonly Config[] = [{ kind: 'WorkloadEntry', name: 'bookinfo/vm', spec: { labels: { app: 'reviews', version: 'v2' } } }];
    expect(badgesOf('workload/Kubernetes/bookinfo/reviews-v2', { config })).toEqual(['workloadEntry']);
    expect(badgesOf('workload/Kubernetes/bookinfo/reviews-v3', { config })).toEqual([]);
  });
});

describe('badges for a reader who does not see every namespace', () => {
  const outside: readonly Config[] = [
    {
      kind: 'VirtualService',
      name: 'team-a/reviews',
      spec: { hosts: ['reviews.bookinfo.svc.cluster.local'], http: [{ fault: { delay: {} } }] },
    },
    {
      kind: 'DestinationRule',
      name: 'team-a/ratings',
      spec: {
        host: 'ratings.bookinfo.svc.cluster.local',
        subsets: [{ name: 'v1', labels: {}, trafficPolicy: { outlierDetection: {} } }],
      },
    },
  ];
  const seen = (sight: readonly string[] | null, id: string, view: Partial<ViewSpec> = {}): readonly Badge[] => {
    const memory = new GraphMemory(compileHealthRules([]));
    const config = [virtualService({ http: [{ timeout: '1s', route: [to('reviews')] }] }), ...outside];
    const traffic = memory.read(snapshotOf(BOOKINFO_TRAFFIC), inventoryOf({ ...BOOKINFO_CLUSTER, config }));
    const spec: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', ...view };
    const { graph } = projectGraph(traffic, spec, undefined, sight === null ? null : new Set(sight));
    const node = graph.nodes.find((n) => n.id === id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node.badges;
  };
  const RATINGS = 'workload/Kubernetes/bookinfo/ratings-v1';

  it('come of objects that the reader may see, on services', () => {
    const all = ['virtualService', 'requestTimeout', 'faultInjection'];
    expect(seen(null, REVIEWS)).toEqual(all);
    expect(seen(['bookinfo', 'team-a'], REVIEWS)).toEqual(all);
    expect(seen(['bookinfo'], REVIEWS)).toEqual(['virtualService', 'requestTimeout']);
  });

  it('and on workloads, with service nodes and without', () => {
    for (const serviceNodes of [true, false]) {
      expect(seen(['bookinfo', 'team-a'], RATINGS, { serviceNodes })).toContain('circuitBreaker');
      expect(seen(['bookinfo'], RATINGS, { serviceNodes })).toEqual([]);
    }
    const reviews = 'workload/Kubernetes/bookinfo/reviews-v1';
    expect(seen(['bookinfo', 'team-a'], reviews, { serviceNodes: false })).toContain('faultInjection');
    expect(seen(['bookinfo'], reviews, { serviceNodes: false })).toEqual(['virtualService', 'requestTimeout']);
  });

  it('stay where they come of the workload itself or of the traffic', () => {
    expect(seen(['bookinfo'], 'workload/Kubernetes/bookinfo/mongodb-v1')).toEqual([]);
    expect(seen(['istio-system'], 'workload/Kubernetes/istio-system/istio-ingressgateway')).toContain('gateway');
  });
});
