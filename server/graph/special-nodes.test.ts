// Nodes that are no plain workloads or services: unknown, passthrough, black hole, ServiceEntries, waypoints, clusters; idle and dead ones.
import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { GraphMemory } from './memory';
import { type Projection, projectGraph } from './project';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from './testing/mesh-fixture';

const project = (traffic: readonly ObservationSpec[], cluster: InventorySpec | null, view: Partial<ViewSpec> = {}): Projection => {
  const memory = new GraphMemory(compileHealthRules([]));
  return projectGraph(memory.read(snapshotOf(traffic), cluster === null ? null : inventoryOf(cluster)), {
    ...DEFAULT_VIEW,
    graphType: 'workload',
    ...view,
  });
};
const edgesOf = ({ graph }: Projection): readonly string[] => graph.edges.map((e) => `${e.source} > ${e.target}`);
const nodeOf = ({ graph }: Projection, id: string): GraphNode => {
  const node = graph.nodes.find((n) => n.id === id);
  if (node === undefined) throw new Error(`no node ${id} among ${graph.nodes.map((n) => n.id).join(', ')}`);
  return node;
};
const WEB: InventorySpec = { workloads: { 'a/web-v1': {}, 'a/api-v1': {} }, services: { 'a/web': {}, 'a/api': {} } };

describe('nodes that nobody knows', () => {
  it('unknown source and unknown destination are two nodes', () => {
    const p = project(
      [
        { from: 'unknown', to: 'a/web-v1', service: 'a/web', plaintext: 1 },
        { from: 'a/web-v1', to: 'unknown', codes: { '404 NR': 1 } },
      ],
      WEB,
    );
    expect(edgesOf(p)).toEqual([
      'service/Kubernetes/a/web > workload/Kubernetes/a/web-v1',
      'unknown/Kubernetes/unknown/source > service/Kubernetes/a/web',
      'workload/Kubernetes/a/web-v1 > unknown/Kubernetes/unknown/destination',
    ]);
    expect(nodeOf(p, 'unknown/Kubernetes/unknown/source')).toMatchObject({ kind: 'unknown', parent: null, outside: false, root: true });
  });

  it('PassthroughCluster and BlackHoleCluster have no service node in between and no namespace', () => {
    const p = project(
      [
        { from: 'a/web-v1', to: 'unknown', service: 'unknown/PassthroughCluster', host: 'httpbin.org' },
        { from: 'a/web-v1', to: 'unknown', service: 'unknown/BlackHoleCluster', host: 'evil.org', codes: { '502': 1 } },
      ],
      WEB,
      { namespaces: ['a'] },
    );
    expect(edgesOf(p)).toEqual([
      'workload/Kubernetes/a/web-v1 > blackhole/Kubernetes',
      'workload/Kubernetes/a/web-v1 > passthrough/Kubernetes',
    ]);
    expect(nodeOf(p, 'passthrough/Kubernetes')).toMatchObject({
      label: 'PassthroughCluster',
      hosts: ['httpbin.org'],
      parent: null,
      outside: false,
      badges: ['external'],
      health: { status: 'na' },
    });
  });

  it('a call straight to a pod has no service node', () => {
    const p = project([{ from: 'a/web-v1', to: 'a/api-v1', service: 'a/InboundPassthroughCluster', host: 'unknown' }], WEB);
    expect(edgesOf(p)).toEqual(['workload/Kubernetes/a/web-v1 > workload/Kubernetes/a/api-v1']);
  });

  it('requests that reached no workload end at the service', () => {
    const p = project([{ from: 'a/web-v1', to: 'unknown', service: 'a/api', codes: { '503 UH': 2 }, reporter: 'source' }], WEB);
    expect(edgesOf(p)).toEqual(['workload/Kubernetes/a/web-v1 > service/Kubernetes/a/api']);
    expect(nodeOf(p, 'service/Kubernetes/a/api')).toMatchObject({ health: { status: 'failure' }, inbound: { http: 2, httpErrors: 2 } });
  });

  it('waypoints are not bypassed by service nodes', () => {
    const cluster: InventorySpec = { workloads: { ...WEB.workloads, 'a/waypoint': { mode: 'waypoint' } }, services: { 'a/api': {} } };
    const p = project([{ from: 'a/web-v1', to: 'a/waypoint', service: 'a/api', protocol: 'tcp', tcp: [1, 1] }], cluster);
    expect(edgesOf(p)).toEqual(['workload/Kubernetes/a/web-v1 > workload/Kubernetes/a/waypoint']);
    expect(nodeOf(p, 'workload/Kubernetes/a/waypoint').badges).toContain('waypoint');
  });

  it('clusters get boxes only where there are several; an unnamed cluster is the home cluster', () => {
    const one = project([{ from: 'a/web-v1', to: 'a/api-v1', service: 'a/api', cluster: 'unknown' }], WEB);
    expect(one.graph.boxes.map((b) => b.kind)).toEqual(['namespace']);
    expect(nodeOf(one, 'workload/Kubernetes/a/api-v1').pods).toEqual({ ready: 1, desired: 1 });
    const two = project(
      [
        { from: 'a/web-v1', to: 'a/api-v1', service: 'a/api' },
        { from: 'a/web-v1', to: 'a/api-v1', service: 'a/api', cluster: 'west' },
      ],
      WEB,
    );
    expect(two.graph.boxes.map((b) => [b.kind, b.cluster, b.parent])).toEqual([
      ['cluster', 'Kubernetes', null],
      ['cluster', 'west', null],
      ['namespace', 'Kubernetes', 'box-cluster/Kubernetes'],
      ['namespace', 'west', 'box-cluster/west'],
    ]);
  });
});

describe('ServiceEntries', () => {
  const entry = (name: string, spec: Record<string, string | readonly string[]>): NonNullable<InventorySpec['config']>[number] => ({
    kind: 'ServiceEntry',
    name,
    spec,
  });
  const call = (from: string, host: string): ObservationSpec => ({ from, to: 'unknown', service: `a/${host}`, host });

  it('all hosts of one become one node; wildcards and exportTo decide who means it', () => {
    const cluster: InventorySpec = {
      ...WEB,
      config: [
        entry('a/google', { hosts: ['www.googleapis.com', 'maps.googleapis.com'], location: 'MESH_EXTERNAL' }),
        entry('a/wild', { hosts: ['*.example.com'] }),
        entry('b/private', { hosts: ['db.internal'], exportTo: ['.'], location: 'MESH_INTERNAL' }),
      ],
    };
    const p = project(
      [
        call('a/web-v1', 'www.googleapis.com'),
        call('a/web-v1', 'maps.googleapis.com'),
        call('a/web-v1', 'deep.api.example.com'),
        call('a/web-v1', 'db.internal'),
        call('b/job-v1', 'db.internal'),
        call('a/web-v1', 'example.com'),
      ],
      cluster,
    );
    expect(edgesOf(p)).toEqual([
      'workload/Kubernetes/a/web-v1 > service/Kubernetes/a/db.internal',
      'workload/Kubernetes/a/web-v1 > service/Kubernetes/a/example.com',
      'workload/Kubernetes/a/web-v1 > serviceEntry/Kubernetes/a/google',
      'workload/Kubernetes/a/web-v1 > serviceEntry/Kubernetes/a/wild',
      'workload/Kubernetes/b/job-v1 > serviceEntry/Kubernetes/b/private',
    ]);
    const google = nodeOf(p, 'serviceEntry/Kubernetes/a/google');
    expect(google).toMatchObject({ kind: 'serviceEntry', label: 'google', hosts: ['maps.googleapis.com', 'www.googleapis.com'] });
    expect(google.badges).toContain('external');
    expect(google.inbound.http).toBe(2);
    expect(nodeOf(p, 'serviceEntry/Kubernetes/b/private').badges).not.toContain('external');
    expect(nodeOf(p, 'serviceEntry/Kubernetes/b/private').label).toBe('db.internal');
  });

  it('appear and go with the configuration, on the same snapshot', () => {
    const memory = new GraphMemory(compileHealthRules([]));
    const snapshot = snapshotOf([call('a/web-v1', 'x.org')]);
    const target = (cluster: InventorySpec): string | undefined =>
      projectGraph(memory.read(snapshot, inventoryOf(cluster)), { ...DEFAULT_VIEW, graphType: 'workload' }).graph.edges[0]?.target;
    expect(target(WEB)).toBe('service/Kubernetes/a/x.org');
    expect(target({ ...WEB, config: [entry('a/x', { hosts: ['x.org'] })] })).toBe('serviceEntry/Kubernetes/a/x');
    expect(target(WEB)).toBe('service/Kubernetes/a/x.org');
  });
});

describe('idle and dead nodes', () => {
  const cluster: InventorySpec = {
    workloads: { ...WEB.workloads, 'a/quiet-v1': {}, 'b/other-v1': {}, 'kube-system/coredns': { mode: 'none' } },
    services: { ...WEB.services, 'a/quiet': {} },
  };
  const traffic: readonly ObservationSpec[] = [{ from: 'a/web-v1', to: 'a/api-v1', service: 'a/api' }];

  it('idle ones come from the inventory, when asked for', () => {
    expect(project(traffic, cluster).graph.nodes).toHaveLength(3);
    const p = project(traffic, cluster, { idle: true });
    expect(p.graph.nodes.filter((n) => n.badges.includes('idle')).map((n) => n.id)).toEqual([
      'service/Kubernetes/a/quiet',
      'service/Kubernetes/a/web',
      'workload/Kubernetes/a/quiet-v1',
      'workload/Kubernetes/b/other-v1',
    ]);
    expect(p.totals).toMatchObject({ services: 3, workloads: 4, apps: 4 });
    const app = project(traffic, cluster, { idle: true, graphType: 'app', serviceNodes: false, namespaces: ['a'] });
    expect(app.graph.nodes.map((n) => [n.label, n.badges.includes('idle')])).toEqual([
      ['api', false],
      ['quiet', true],
      ['web', false],
    ]);
    const service = project(traffic, cluster, { idle: true, graphType: 'service' });
    expect(service.graph.nodes.map((n) => n.id)).toEqual([
      'service/Kubernetes/a/api',
      'service/Kubernetes/a/quiet',
      'service/Kubernetes/a/web',
      'workload/Kubernetes/a/web-v1',
    ]);
    expect(project(traffic, cluster, { idle: true, namespaces: ['kube-system'] }).graph.nodes.map((n) => n.label)).toEqual(['coredns']);
  });

  it('traffic without pods is dead, in the present only and with an inventory only', () => {
    const gone: readonly ObservationSpec[] = [
      { from: 'a/gone-v1', to: 'a/web-v1', service: 'a/web' },
      { from: 'a/scaled-v1', to: 'a/web-v1', service: 'a/web' },
    ];
    const scaled: InventorySpec = {
      ...WEB,
      workloads: { ...WEB.workloads, 'a/scaled-v1': { pods: { desired: 0, current: 0, available: 0, ready: 0 } } },
    };
    const dead = (p: Projection): readonly string[] => p.graph.nodes.filter((n) => n.badges.includes('dead')).map((n) => n.label);
    expect(dead(project(gone, scaled))).toEqual(['gone-v1', 'scaled-v1']);
    expect(dead(project(gone, scaled, { atSeconds: 1_600_000_000 }))).toEqual([]);
    expect(dead(project(gone, null))).toEqual([]);
  });
});

describe('notes', () => {
  it('say what a reader must know', () => {
    const memory = new GraphMemory(compileHealthRules([]));
    const traffic = memory.read(snapshotOf([], { warnings: ['store gateway down'] }), inventoryOf(WEB));
    const { notes } = projectGraph(
      traffic,
      { ...DEFAULT_VIEW, namespaces: ['a', 'typo'], overlays: ['quantiles'] },
      { scrapeIntervalSeconds: 60, missing: ['istio_tcp_sent_bytes_total does not exist: TCP traffic is not shown.'] },
    );
    expect(notes.map((n) => n.code)).toEqual(['noTraffic', 'unknownNamespace', 'windowTooShort', 'partialMetrics', 'missingMetric']);
    expect(notes[1]?.text).toContain('typo');
    expect(notes[2]?.text).toContain('at least 3m');
    const busy = memory.read(snapshotOf([{ from: 'a/web-v1', to: 'a/api-v1', service: 'a/api' }]), inventoryOf(WEB));
    expect(projectGraph(busy, { ...DEFAULT_VIEW, overlays: ['quantiles'] }).notes.map((n) => n.code)).toEqual(['quantilesPending']);
  });
});
