// Rows of lists beside the graph: the same health and rates, cut to what may be seen.
import { describe, expect, it } from 'vitest';
import type { EntityKind } from '../../model/entity';
import { compileHealthRules } from '../../model/health-rules';
import { type ListRow, requestsOf } from '../../model/list';
import { DEFAULT_VIEW } from '../../model/wire';
import { GraphMemory, type PreparedTraffic } from '../graph/memory';
import { summarizeNamespaces } from '../graph/namespaces';
import { projectGraph } from '../graph/project';
import { BOOKINFO_CLUSTER, BOOKINFO_TRAFFIC } from '../graph/testing/bookinfo';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from '../graph/testing/mesh-fixture';
import { randomMesh } from '../graph/testing/random-mesh';
import { buildMeshIndex } from '../istio/mesh-index';
import { buildRows, countFindings } from './build-rows';

const CONFIG: InventorySpec['config'] = [
  {
    kind: 'VirtualService',
    name: 'bookinfo/reviews',
    spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] },
  },
  { kind: 'DestinationRule', name: 'bookinfo/reviews', spec: { host: 'reviews' } },
  { kind: 'VirtualService', name: 'secret/steal', spec: { hosts: ['reviews.bookinfo.svc.cluster.local'] } },
  { kind: 'AuthorizationPolicy', name: 'bookinfo/v1-only', spec: { selector: { matchLabels: { app: 'reviews', version: 'v1' } } } },
  { kind: 'PeerAuthentication', name: 'istio-system/default', spec: { mtls: { mode: 'STRICT' } } },
];

function prepare(traffic: readonly ObservationSpec[] | null, cluster: InventorySpec | null): PreparedTraffic {
  const memory = new GraphMemory(compileHealthRules([]));
  return memory.read(snapshotOf(traffic ?? []), cluster === null ? null : inventoryOf(cluster));
}

function rowsOf(
  kind: EntityKind,
  traffic: PreparedTraffic,
  more: { readonly hasMetrics?: boolean; readonly sees?: readonly string[] } = {},
) {
  const { inventory } = traffic.index.inventory;
  const sees = (namespace: string): boolean => more.sees?.includes(namespace) ?? true;
  const object = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' } as const;
  const about = { aliases: [], object, path: '', message: '', consequence: '', fix: null };
  const hidden = { ...about, object: { ...object, namespace: 'secret', name: 'steal' } };
  const findings = countFindings(
    [
      { ...about, code: 'A', severity: 'error' },
      { ...about, code: 'B', severity: 'warning' },
      { ...hidden, code: 'C', severity: 'error' },
    ],
    [{ code: 'D', severity: 'info', entity: { kind: 'service', namespace: 'bookinfo', name: 'reviews' }, message: '', consequence: '' }],
  );
  return buildRows(kind, {
    traffic,
    hasMetrics: more.hasMetrics ?? true,
    mesh: inventory === null ? null : { index: buildMeshIndex(inventory), findings },
    maySee: sees,
  });
}
const named = (rows: readonly ListRow[], name: string): ListRow => {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
};
const bookinfo = (): PreparedTraffic => prepare(BOOKINFO_TRAFFIC, { ...BOOKINFO_CLUSTER, config: CONFIG });

describe('rows of a list', () => {
  it('tells rates in both directions, errors, and why something is not healthy', () => {
    const rows = rowsOf('workload', bookinfo());
    const product = named(rows, 'productpage-v1');
    expect(product.inbound).toEqual([10, 0.5, 0, 0, 0]);
    expect(product.outbound).toEqual([20, 1, 0, 0, 0]);
    expect(named(rows, 'reviews-v3')).toMatchObject({
      health: 'failure',
      reason: { kind: 'requests', direction: 'inbound', code: '5XX' },
      kind: 'Deployment',
      mode: 'sidecar',
      injection: 'istio-injection=enabled',
      versions: ['v3'],
      pods: { ready: 1, desired: 1 },
      mtlsShare: 1,
      known: true,
    });
    expect(named(rows, 'mongodb-v1').inbound).toEqual([0, 0, 0, 0, 1000]);
  });

  it('adds a service up over its workloads, and an application over its versions', () => {
    const traffic = bookinfo();
    const service = named(rowsOf('service', traffic), 'reviews');
    expect(service).toMatchObject({
      inbound: [10, 1, 0, 0, 0],
      outbound: null,
      versions: ['v1', 'v2', 'v3'],
      pods: { ready: 3, desired: 3 },
    });
    const app = named(rowsOf('app', traffic), 'reviews');
    expect(app).toMatchObject({ inbound: [10, 1, 0, 0, 0], outbound: [6, 0, 0, 0, 0], labels: { app: 'reviews' } });
  });

  it('names what applies, and counts what is wrong with it', () => {
    const traffic = bookinfo();
    const service = named(rowsOf('service', traffic), 'reviews');
    expect(service.refs).toEqual({
      count: 3,
      first: ['VirtualService/secret/steal', 'VirtualService/bookinfo/reviews', 'DestinationRule/bookinfo/reviews'].sort(
        (a, b) => service.refs.first.indexOf(a) - service.refs.first.indexOf(b),
      ),
    });
    expect(service.findings).toEqual([2, 1, 1]);
    const workloads = rowsOf('workload', traffic);
    expect(named(workloads, 'reviews-v1').refs.first).toEqual([
      'PeerAuthentication/istio-system/default',
      'AuthorizationPolicy/bookinfo/v1-only',
    ]);
    expect(named(workloads, 'reviews-v2').refs.first).toEqual(['PeerAuthentication/istio-system/default']);
    expect(named(rowsOf('namespace', traffic), 'bookinfo').refs.count).toBe(3);
  });

  it('keeps what may not be seen out of rows, references and findings', () => {
    const rows = rowsOf('service', bookinfo(), { sees: ['bookinfo'] });
    expect(new Set(rows.map(({ namespace }) => namespace))).toEqual(new Set(['bookinfo']));
    expect(named(rows, 'reviews')).toMatchObject({ refs: { count: 2 }, findings: [1, 1, 1] });
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('tells what each source alone knows', () => {
    const metricsOnly = rowsOf('workload', prepare(BOOKINFO_TRAFFIC, null));
    expect(named(metricsOnly, 'reviews-v3')).toMatchObject({ inbound: [3, 1, 0, 0, 0], mode: null, pods: null, kind: null, known: false });
    const clusterOnly = rowsOf('workload', prepare(null, BOOKINFO_CLUSTER), { hasMetrics: false });
    expect(named(clusterOnly, 'reviews-v3')).toMatchObject({
      inbound: null,
      outbound: null,
      mtlsShare: null,
      health: 'healthy',
      known: true,
    });
  });

  it('says which part of a namespace is worst', () => {
    const row = named(rowsOf('namespace', bookinfo()), 'bookinfo');
    expect(row).toMatchObject({ health: 'failure', reasonOf: 'reviews-v3', mode: 'sidecar' });
  });

  it('gives the quantile of what comes in, where histograms were collected', () => {
    const spec: ObservationSpec = { from: 'a/x', to: 'a/y', service: 'a/y', buckets: [0, 1, 1] };
    const memory = new GraphMemory(compileHealthRules([]));
    const traffic = memory.read(snapshotOf([spec], { bucketBoundsMs: [100, 200, Number.POSITIVE_INFINITY], quantilesAtMs: 1 }), null);
    expect(named(rowsOf('workload', traffic), 'y').p95Ms).toBe(195);
    expect(named(rowsOf('workload', traffic), 'x').p95Ms).toBeNull();
  });
});

describe('rows beside the graph and the overview', () => {
  it.each([1, 2, 3, 4, 5])('have the health and the rates of its nodes, and those of the namespaces (mesh %i)', (seed) => {
    const mesh = randomMesh(seed);
    const traffic = prepare(mesh.traffic, mesh.cluster);
    const { graph } = projectGraph(traffic, { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false, idle: true });
    const rows = rowsOf('workload', traffic);
    const nodes = graph.nodes.filter((node) => node.kind === 'workload');
    expect(nodes.length).toBeGreaterThan(20);
    for (const node of nodes) {
      const row = rows.find((one) => one.namespace === node.namespace && one.name === node.workload);
      expect(row?.health).toBe(node.health.status);
      expect(requestsOf(row?.inbound ?? null)).toBeCloseTo(node.inbound.http + node.inbound.grpc, 0);
      expect(requestsOf(row?.outbound ?? null)).toBeCloseTo(node.outbound.http + node.outbound.grpc, 0);
    }
    for (const summary of summarizeNamespaces(traffic)) {
      const row = named(rowsOf('namespace', traffic), summary.name);
      expect(row.health).toBe(summary.health);
      expect(requestsOf(row.inbound)).toBeCloseTo(summary.inbound.requestsPerSecond, 0);
      expect(row.mtlsShare).toBe(summary.mtlsShare);
    }
  });
});
