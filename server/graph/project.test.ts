// Golden graphs: Bookinfo in every graph type, by hand. One line per edge: source -> target protocol rate (errors) latency mTLS health.
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { GraphMemory } from './memory';
import { type Projection, projectGraph } from './project';
import { BOOKINFO_CLUSTER, BOOKINFO_TRAFFIC } from './testing/bookinfo';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from './testing/mesh-fixture';

const project = (
  view: Partial<ViewSpec>,
  traffic: readonly ObservationSpec[] = BOOKINFO_TRAFFIC,
  cluster: InventorySpec | null = BOOKINFO_CLUSTER,
): Projection => {
  const memory = new GraphMemory(compileHealthRules([]));
  return projectGraph(memory.read(snapshotOf(traffic), cluster === null ? null : inventoryOf(cluster)), { ...DEFAULT_VIEW, ...view });
};

const short = (id: string): string => id.replace('/Kubernetes/bookinfo/', ':').replace('/Kubernetes/istio-system/', '!');

/** The edges of a graph, one line each. */
const linesOf = ({ edges }: Graph): readonly string[] =>
  edges.map((e) => {
    const rate =
      e.protocol === 'tcp' ? `${e.sentBytesPerSecond}/${e.receivedBytesPerSecond}B` : `${e.requestsPerSecond}(${e.errorsPerSecond})`;
    const latency = e.latency?.averageMs ?? '-';
    return `${short(e.source)} > ${short(e.target)} ${e.protocol} ${rate} ${latency}ms ${e.mtlsShare} ${e.health}`;
  });

describe('golden graphs of Bookinfo', () => {
  it('workload graph without service nodes', () => {
    const { graph } = project({ graphType: 'workload', serviceNodes: false, overlays: ['latency'] });
    expect(linesOf(graph)).toEqual([
      'workload:productpage-v1 > workload:details-v1 http 10(0) 4ms 1 healthy',
      'workload:productpage-v1 > workload:reviews-v1 http 4(0) 10ms 1 healthy',
      'workload:productpage-v1 > workload:reviews-v2 http 3(0) 20ms 1 healthy',
      'workload:productpage-v1 > workload:reviews-v3 http 3(1) 30ms 1 failure',
      'workload:ratings-v1 > workload:mongodb-v1 tcp 100/900B -ms 1 na',
      'workload:reviews-v2 > workload:ratings-v1 http 3(0) 2ms 1 healthy',
      'workload:reviews-v3 > workload:ratings-v1 http 3(0) 4ms 1 healthy',
      'workload!istio-ingressgateway > workload:productpage-v1 http 10(0.5) 40ms 1 degraded',
    ]);
    expect(graph.boxes.map((b) => b.id)).toEqual(['box-namespace/Kubernetes/bookinfo', 'box-namespace/Kubernetes/istio-system']);
  });

  it('workload graph with service nodes: the traffic on both legs, latency too', () => {
    const { graph } = project({ graphType: 'workload', overlays: ['latency'] });
    expect(linesOf(graph)).toEqual([
      'service:details > workload:details-v1 http 10(0) 4ms 1 healthy',
      'service:mongodb > workload:mongodb-v1 tcp 100/900B -ms 1 na',
      'service:productpage > workload:productpage-v1 http 10(0.5) 40ms 1 degraded',
      'service:ratings > workload:ratings-v1 http 6(0) 3ms 1 healthy',
      'service:reviews > workload:reviews-v1 http 4(0) 10ms 1 healthy',
      'service:reviews > workload:reviews-v2 http 3(0) 20ms 1 healthy',
      'service:reviews > workload:reviews-v3 http 3(1) 30ms 1 failure',
      'workload:productpage-v1 > service:details http 10(0) 4ms 1 healthy',
      'workload:productpage-v1 > service:reviews http 10(1) 19ms 1 failure',
      'workload:ratings-v1 > service:mongodb tcp 100/900B -ms 1 na',
      'workload:reviews-v2 > service:ratings http 3(0) 2ms 1 healthy',
      'workload:reviews-v3 > service:ratings http 3(0) 4ms 1 healthy',
      'workload!istio-ingressgateway > service:productpage http 10(0.5) 40ms 1 degraded',
    ]);
  });

  it('app graph: versions folded', () => {
    const { graph } = project({ graphType: 'app', serviceNodes: false, overlays: ['latency'] });
    expect(linesOf(graph)).toEqual([
      'app:productpage > app:details http 10(0) 4ms 1 healthy',
      'app:productpage > app:reviews http 10(1) 19ms 1 failure',
      'app:ratings > app:mongodb tcp 100/900B -ms 1 na',
      'app:reviews > app:ratings http 6(0) 3ms 1 healthy',
      'app!istio-ingressgateway > app:productpage http 10(0.5) 40ms 1 degraded',
    ]);
    expect(graph.boxes.filter((b) => b.kind === 'app')).toEqual([]);
  });

  it('app graph with service nodes: app and service share a box', () => {
    const { graph } = project({ graphType: 'app' });
    expect(linesOf(graph).filter((l) => l.includes('reviews'))).toEqual([
      'app:productpage > service:reviews http 10(1) -ms 1 failure',
      'app:reviews > service:ratings http 6(0) -ms 1 healthy',
      'service:reviews > app:reviews http 10(1) -ms 1 failure',
    ]);
    const members = graph.nodes.filter((n) => n.parent === 'box-app/Kubernetes/bookinfo/reviews').map((n) => n.id);
    expect(members).toEqual(['app/Kubernetes/bookinfo/reviews', 'service/Kubernetes/bookinfo/reviews']);
  });

  it('versioned app graph: versions in the box of their app', () => {
    const { graph } = project({ graphType: 'versionedApp', serviceNodes: false });
    expect(linesOf(graph)).toEqual([
      'version:productpage-v1 > version:details-v1 http 10(0) -ms 1 healthy',
      'version:productpage-v1 > version:reviews-v1 http 4(0) -ms 1 healthy',
      'version:productpage-v1 > version:reviews-v2 http 3(0) -ms 1 healthy',
      'version:productpage-v1 > version:reviews-v3 http 3(1) -ms 1 failure',
      'version:ratings-v1 > version:mongodb-v1 tcp 100/900B -ms 1 na',
      'version:reviews-v2 > version:ratings-v1 http 3(0) -ms 1 healthy',
      'version:reviews-v3 > version:ratings-v1 http 3(0) -ms 1 healthy',
      'version!istio-ingressgateway > version:productpage-v1 http 10(0.5) -ms 1 degraded',
    ]);
    expect(graph.boxes.filter((b) => b.kind === 'app').map((b) => [b.label, b.parent, b.health])).toEqual([
      ['reviews', 'box-namespace/Kubernetes/bookinfo', 'failure'],
    ]);
    const label = (id: string): string | undefined => graph.nodes.find((n) => n.id === id)?.label;
    expect(label('version/Kubernetes/bookinfo/reviews-v1')).toBe('v1');
    expect(label('version/Kubernetes/bookinfo/details-v1')).toBe('details v1');
    expect(label('version/Kubernetes/istio-system/istio-ingressgateway')).toBe('istio-ingressgateway');
  });

  it('versioned app graph with service nodes: one version and its service share a box too', () => {
    const { graph } = project({});
    expect(graph.boxes.filter((b) => b.kind === 'app').map((b) => b.label)).toEqual([
      'details',
      'mongodb',
      'productpage',
      'ratings',
      'reviews',
    ]);
  });

  it('service graph: callers are the services of the workloads, sources nobody calls stay workloads', () => {
    const { graph } = project({ graphType: 'service', overlays: ['latency'] });
    expect(linesOf(graph)).toEqual([
      'service:productpage > service:details http 10(0) 4ms 1 healthy',
      'service:productpage > service:reviews http 10(1) 19ms 1 failure',
      'service:ratings > service:mongodb tcp 100/900B -ms 1 na',
      'service:reviews > service:ratings http 6(0) 3ms 1 healthy',
      'workload!istio-ingressgateway > service:productpage http 10(0.5) 40ms 1 degraded',
    ]);
  });

  it('a workload behind two services calls as one of them: nothing is counted twice', () => {
    const { graph } = project(
      { graphType: 'service' },
      [
        { from: 'a/web-v1', to: 'a/api-v1', service: 'a/api-internal', codes: { '200': 1 } },
        { from: 'a/web-v1', to: 'a/api-v1', service: 'a/api', codes: { '200': 2 } },
        { from: 'a/api-v1', to: 'a/db-v1', service: 'a/db', codes: { '200': 5 } },
      ],
      { workloads: { 'a/web-v1': {}, 'a/api-v1': {}, 'a/db-v1': {} }, services: { 'a/api': {}, 'a/api-internal': {}, 'a/db': {} } },
    );
    expect(graph.edges.map((e) => [short(e.source).replace('/Kubernetes/a/', ':'), e.requestsPerSecond])).toEqual([
      ['service:api', 5],
      ['workload:web-v1', 2],
      ['workload:web-v1', 1],
    ]);
  });
});

describe('nodes of Bookinfo', () => {
  it('carry traffic of both directions, health, pods, mode, hosts and badges', () => {
    const { graph, totals } = project({ graphType: 'workload' });
    const node = graph.nodes.find((n) => n.id === 'workload/Kubernetes/bookinfo/reviews-v3');
    expect(node).toMatchObject({
      label: 'reviews-v3',
      workloadKind: 'Deployment',
      mode: 'sidecar',
      inbound: { http: 3, httpErrors: 1, grpc: 0, tcpBytes: 0 },
      outbound: { http: 3, httpErrors: 0 },
      pods: { ready: 1, desired: 1 },
      hosts: ['reviews.bookinfo.svc.cluster.local'],
      outside: false,
      root: false,
      explanation: null,
      members: 1,
    });
    expect(node?.health).toEqual({
      status: 'failure',
      reasons: [
        {
          kind: 'requests',
          direction: 'inbound',
          protocol: 'http',
          code: '5XX',
          errorPercent: 33.33,
          degradedPercent: 0,
          failurePercent: 10,
          status: 'failure',
        },
      ],
    });
    const gateway = graph.nodes.find((n) => n.workload === 'istio-ingressgateway');
    expect(gateway).toMatchObject({ root: true, mode: 'gateway', badges: ['gateway', 'trafficSource'] });
    expect(totals).toMatchObject({
      services: 5,
      workloads: 8,
      apps: 6,
      edges: 13,
      requestsPerSecond: 36,
      errorsPerSecond: 1.5,
      tcpBytesPerSecond: 1000,
      mtlsShare: 1,
    });
  });

  it('selection keeps every edge with an end in it and marks the others outside', () => {
    const { graph } = project({ graphType: 'workload', serviceNodes: false, namespaces: ['istio-system'] });
    expect(linesOf(graph)).toEqual(['workload!istio-ingressgateway > workload:productpage-v1 http 10(0.5) -ms 1 degraded']);
    expect(graph.nodes.map((n) => [n.namespace, n.outside])).toEqual([
      ['bookinfo', true],
      ['istio-system', false],
    ]);
  });

  it('works without an inventory, on the identities of the telemetry', () => {
    const memory = new GraphMemory(compileHealthRules([]));
    const identities = new Map([['Kubernetes/bookinfo/reviews-v1', { app: 'reviews', version: 'v1' }]]);
    const traffic = memory.read(snapshotOf(BOOKINFO_TRAFFIC, { identities }), null);
    const { graph } = projectGraph(traffic, { ...DEFAULT_VIEW, serviceNodes: false });
    expect(graph.nodes.find((n) => n.workload === 'reviews-v1')).toMatchObject({ kind: 'app', app: 'reviews', version: 'v1', pods: null });
    expect(graph.nodes.find((n) => n.workload === 'reviews-v2')).toMatchObject({ kind: 'workload', app: null });
  });
});
