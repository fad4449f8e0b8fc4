// Health with configured tolerances and annotations, folding by level, marks, latency, element tables, the overview.
import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../model/health';
import { compileHealthRules, type HealthRule, RATE_ANNOTATION } from '../../model/health-rules';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { buildTables, findElement } from './element';
import { GraphMemory, type PreparedTraffic } from './memory';
import { summarizeNamespaces } from './namespaces';
import { type Projection, projectGraph } from './project';
import { BOOKINFO_CLUSTER, BOOKINFO_TRAFFIC } from './testing/bookinfo';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from './testing/mesh-fixture';

const read = (
  rules: readonly HealthRule[] = [],
  cluster: InventorySpec = BOOKINFO_CLUSTER,
  traffic: readonly ObservationSpec[] = BOOKINFO_TRAFFIC,
): PreparedTraffic => new GraphMemory(compileHealthRules(rules)).read(snapshotOf(traffic), inventoryOf(cluster));
const WORKLOADS: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };
const healthOf = (p: Projection, name: string): HealthStatus | undefined => p.graph.nodes.find((n) => n.label === name)?.health.status;
const edgeInto = (p: Projection, name: string): HealthStatus | undefined => p.graph.edges.find((e) => e.target.endsWith(name))?.health;

describe('health', () => {
  const lax = [{ code: '5XX', protocol: 'http', direction: '.*', degradedPercent: 40, failurePercent: 60 }];

  it('by rules for kind and name: the workload is judged by its own, its app by the defaults', () => {
    const rules: readonly HealthRule[] = [{ namespace: 'bookinfo', kind: 'workload', name: 'reviews-v3', tolerances: lax }];
    expect(healthOf(projectGraph(read(), WORKLOADS), 'reviews-v3')).toBe('failure');
    expect(healthOf(projectGraph(read(rules), WORKLOADS), 'reviews-v3')).toBe('healthy');
    expect(healthOf(projectGraph(read(rules), { ...WORKLOADS, graphType: 'app' }), 'reviews')).toBe('failure');
    expect(healthOf(projectGraph(read(rules), { ...WORKLOADS, graphType: 'service' }), 'reviews')).toBe('failure');
  });

  it('an edge stays as bad as its stricter end thinks', () => {
    const both: readonly HealthRule[] = [{ namespace: '.*', kind: 'workload', name: 'reviews-v3|productpage-v1', tolerances: lax }];
    const one: readonly HealthRule[] = [{ namespace: '.*', kind: 'workload', name: 'reviews-v3', tolerances: lax }];
    expect(edgeInto(projectGraph(read(both), WORKLOADS), 'reviews-v3')).toBe('healthy');
    expect(edgeInto(projectGraph(read(one), WORKLOADS), 'reviews-v3')).toBe('failure');
  });

  it('by annotation, which replaces the rules; a faulty one changes nothing', () => {
    const annotated = (text: string): InventorySpec => ({
      ...BOOKINFO_CLUSTER,
      workloads: { ...BOOKINFO_CLUSTER.workloads, 'bookinfo/reviews-v3': { annotations: { [RATE_ANNOTATION]: text } } },
    });
    expect(healthOf(projectGraph(read([], annotated('5XX,40,60,http,inbound')), WORKLOADS), 'reviews-v3')).toBe('healthy');
    expect(healthOf(projectGraph(read([], annotated('5XX,1,2,http,outbound')), WORKLOADS), 'reviews-v3')).toBe('healthy');
    expect(healthOf(projectGraph(read([], annotated('rubbish')), WORKLOADS), 'reviews-v3')).toBe('failure');
  });

  it('of a workload and its app includes the pods, of a service only requests', () => {
    const pods = { desired: 2, current: 2, available: 0, ready: 0 };
    const cluster: InventorySpec = { ...BOOKINFO_CLUSTER, workloads: { ...BOOKINFO_CLUSTER.workloads, 'bookinfo/details-v1': { pods } } };
    expect(healthOf(projectGraph(read([], cluster), WORKLOADS), 'details-v1')).toBe('failure');
    expect(healthOf(projectGraph(read([], cluster), { ...WORKLOADS, graphType: 'app' }), 'details')).toBe('failure');
    expect(healthOf(projectGraph(read([], cluster), { ...WORKLOADS, graphType: 'service' }), 'details')).toBe('healthy');
  });

  it('is the same in a view that shows only part of the traffic', () => {
    const p = projectGraph(read(), { ...WORKLOADS, namespaces: ['istio-system'] });
    expect(
      p.graph.nodes.find((n) => n.label === 'productpage-v1')?.health.reasons.map((r) => r.kind === 'requests' && r.direction),
    ).toEqual(['inbound', 'outbound']);
  });
});

describe('folding', () => {
  const many = Array.from({ length: 200 }, (_, i): ObservationSpec => ({ from: `ns${i % 4}/a${i}`, to: `ns${(i + 1) % 4}/b${i}` }));
  it('is automatic above the limit and says so', () => {
    const p = projectGraph(read([], {}, many), { ...WORKLOADS, level: 'auto', fold: ['ns0', 'ns1', 'ns2', 'ns3'] });
    expect(p.folded).toBe(true);
    expect(p.graph.nodes.map((n) => [n.kind, n.label, n.members])).toEqual([
      ['namespace', 'ns0', 100],
      ['namespace', 'ns1', 100],
      ['namespace', 'ns2', 100],
      ['namespace', 'ns3', 100],
    ]);
    expect(p.graph.edges.map((e) => e.requestsPerSecond)).toEqual([50, 50, 50, 50]);
    expect(p.notes[0]?.text).toContain('Showing 4 of 400 nodes');
    expect(p.graph.boxes).toEqual([]);
    expect(projectGraph(read([], {}, many.slice(0, 10)), { ...WORKLOADS, level: 'auto' }).folded).toBe(false);
    expect(projectGraph(read([], {}, many), { ...WORKLOADS, level: 'full' }).folded).toBe(false);
  });
  it('leaves the only selected namespace open', () => {
    const p = projectGraph(read([], {}, many), { ...WORKLOADS, level: 'auto', namespaces: ['ns1'] });
    expect(p.graph.nodes.filter((n) => n.kind === 'namespace').map((n) => [n.label, n.outside])).toEqual([
      ['ns0', true],
      ['ns2', true],
    ]);
    expect(p.graph.nodes.filter((n) => n.namespace === 'ns1')).toHaveLength(100);
  });
  it('keeps what stays inside as totals of the node, counted once', () => {
    const p = projectGraph(read(), { ...DEFAULT_VIEW, level: 'namespaces' });
    expect(p.graph.edges.map((e) => [e.source, e.target, e.requestsPerSecond])).toEqual([
      ['namespace/Kubernetes/istio-system', 'namespace/Kubernetes/bookinfo', 10],
    ]);
    const bookinfo = p.graph.nodes.find((n) => n.label === 'bookinfo');
    expect(bookinfo).toMatchObject({ inbound: { http: 36, tcpBytes: 1000 }, outbound: { http: 26, tcpBytes: 1000 }, members: 12 });
    expect(bookinfo?.health.status).toBe('failure');
  });
});

describe('edges', () => {
  it('marks: UO always, UH where a breaker is set, faults', () => {
    const traffic: readonly ObservationSpec[] = [
      { from: 'a/w', to: 'a/x-v1', service: 'a/x', codes: { '503 UO': 1 } },
      { from: 'a/w', to: 'a/y-v1', service: 'a/y', codes: { '503 UH': 1 } },
      { from: 'a/w', to: 'a/z-v1', service: 'a/z', codes: { '503 UH': 1, '500 FI': 1, '200 DI,URX': 1 } },
    ];
    const cluster: InventorySpec = {
      services: { 'a/x': {}, 'a/y': {}, 'a/z': {} },
      config: [{ kind: 'DestinationRule', name: 'a/z', spec: { host: 'z', trafficPolicy: { outlierDetection: {} } } }],
    };
    const p = projectGraph(read([], cluster, traffic), { ...DEFAULT_VIEW, graphType: 'workload' });
    const marks = (target: string): readonly string[] | undefined => p.graph.edges.find((e) => e.target.endsWith(target))?.marks;
    expect([marks('service/Kubernetes/a/x'), marks('a/y'), marks('service/Kubernetes/a/z')]).toEqual([
      ['circuitBreaker'],
      [],
      ['circuitBreaker', 'fault'],
    ]);
  });

  it('carry only the overlays of the view, quantiles from merged buckets, the share of mutual TLS of what is known', () => {
    const traffic: readonly ObservationSpec[] = [
      {
        from: 'a/w',
        to: 'a/x-v1',
        service: 'a/x',
        codes: { '200': 10 },
        averageMs: 8,
        buckets: [5, 10, 10],
        plaintext: 2.5,
        responseBytes: 100,
      },
      { from: 'a/w', to: 'a/x-v2', service: 'a/x', codes: { '200': 10 }, averageMs: 80, buckets: [0, 0, 10], mutual: 0 },
    ];
    const memory = new GraphMemory(compileHealthRules([]));
    const prepared = memory.read(snapshotOf(traffic, { bucketBoundsMs: [10, 20, Number.POSITIVE_INFINITY], quantilesAtMs: 1 }), null);
    const edge = (view: Partial<ViewSpec>): unknown => {
      const { graph } = projectGraph(prepared, { ...DEFAULT_VIEW, graphType: 'service', ...view });
      const { latency, mtlsShare, responseBytesPerSecond } = graph.edges[0] ?? {};
      return { latency, mtlsShare, responseBytesPerSecond };
    };
    expect(edge({})).toEqual({ latency: null, mtlsShare: 0.75, responseBytesPerSecond: null });
    expect(edge({ overlays: ['latency'] })).toMatchObject({ latency: { averageMs: 44, p50Ms: null } });
    expect(edge({ overlays: ['throughput'] })).toMatchObject({ responseBytesPerSecond: 100 });
    // 20 requests: 5 up to 10 ms, 10 up to 20 ms, the rest above the last bound.
    expect(edge({ overlays: ['quantiles'] })).toMatchObject({ latency: { p50Ms: 20, p95Ms: 20, p99Ms: 20 } });
  });
});

describe('element tables', () => {
  const p = projectGraph(read(), { ...DEFAULT_VIEW, overlays: ['latency'] });
  const tables = (id: string): ReturnType<typeof buildTables> => {
    const element = findElement(p, id);
    if (element === null) throw new Error(`no element ${id}`);
    return buildTables(p, element);
  };
  const host = 'reviews.bookinfo.svc.cluster.local';

  it('of an edge into a service, over its workloads', () => {
    const id = 'version/Kubernetes/bookinfo/productpage-v1>service/Kubernetes/bookinfo/reviews|http';
    expect(tables(id)).toEqual({
      inbound: [
        { code: '200', flags: '-', host, requestsPerSecond: 9 },
        { code: '500', flags: '-', host, requestsPerSecond: 1 },
      ],
      outbound: [],
      latency: { averageMs: 19, p50Ms: null, p95Ms: null, p99Ms: null },
    });
  });
  it('of a node, a box and nothing', () => {
    expect(tables('version/Kubernetes/bookinfo/reviews-v3')).toMatchObject({
      inbound: [{ code: '200', requestsPerSecond: 2 }, { code: '500' }],
      outbound: [{ code: '200', requestsPerSecond: 3 }],
    });
    expect(tables('box-namespace/Kubernetes/bookinfo')).toMatchObject({
      inbound: [
        { code: '200', flags: '-', requestsPerSecond: 9.5 },
        { code: '503', flags: 'UH', requestsPerSecond: 0.5 },
      ],
      outbound: [],
    });
    expect(tables('box-app/Kubernetes/bookinfo/reviews')).toMatchObject({
      inbound: [{ requestsPerSecond: 9 }, {}],
      outbound: [{ requestsPerSecond: 6 }],
    });
    expect(findElement(p, 'nothing')).toBeNull();
  });
});

describe('the overview', () => {
  it('sums traffic, counts health, tells the mode', () => {
    const cluster: InventorySpec = {
      ...BOOKINFO_CLUSTER,
      workloads: { ...BOOKINFO_CLUSTER.workloads, 'legacy/cron': { mode: 'none' } },
      namespaces: { legacy: { injection: null }, calm: { injection: null, ambient: true } },
    };
    const summaries = summarizeNamespaces(read([], cluster));
    expect(summaries.map((s) => [s.name, s.mode, s.health])).toEqual([
      ['bookinfo', 'sidecar', 'failure'],
      ['calm', 'ambient', 'na'],
      ['istio-system', 'controlPlane', 'degraded'],
      ['legacy', 'none', 'healthy'],
    ]);
    expect(summaries[0]).toMatchObject({
      inbound: { requestsPerSecond: 36, errorShare: 0.04167, tcpBytesPerSecond: 1000 },
      outbound: { requestsPerSecond: 26, errorShare: 0.03846, tcpBytesPerSecond: 1000 },
      mtlsShare: 1,
      workloads: { failure: 1, degraded: 1, notReady: 0, healthy: 5, na: 0 },
      apps: { failure: 1, degraded: 1, notReady: 0, healthy: 3, na: 0 },
      services: { failure: 1, degraded: 1, notReady: 0, healthy: 2, na: 1 },
    });
    expect(
      summarizeNamespaces(new GraphMemory(compileHealthRules([])).read(snapshotOf(BOOKINFO_TRAFFIC), null)).map((s) => s.name),
    ).toEqual(['bookinfo', 'istio-system']);
  });
});
