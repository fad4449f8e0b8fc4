// What somebody sees who does not see everything: nothing hidden is named anywhere, what is visible is as in the whole graph.
import { describe, expect, it } from 'vitest';
import { GRAPH_TYPES, type GraphEdge, type GraphNode } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { buildTables, findElement } from './element';
import { GraphEncoder } from './encode';
import { Hosts } from './hosts';
import { GraphMemory } from './memory';
import { type Projection, projectGraph } from './project';
import { guardedMesh } from './testing/guarded-mesh';
import { inventoryOf, snapshotOf } from './testing/mesh-fixture';
import { randomOf } from './testing/random-mesh';

const SEEDS = [1, 2];
const VIEWS: readonly ViewSpec[] = GRAPH_TYPES.flatMap((graphType) =>
  [true, false].map((serviceNodes): ViewSpec => ({ ...DEFAULT_VIEW, graphType, serviceNodes, overlays: ['latency'] })),
);
const memoryOf = (): GraphMemory => new GraphMemory(compileHealthRules([]));
const named = (view: ViewSpec): string => `${view.graphType}${view.serviceNodes ? ' with services' : ''}`;
const isHidden = (node: GraphNode): boolean => node.kind === 'hidden';

const LIVE = {
  metrics: { state: 'live', atMs: 1, cause: null, next: null },
  cluster: { state: 'live', atMs: 1, cause: null, next: null },
} as const;

/** Every text that may reach a reader: the document as it is sent, and the tables of each element. */
function everythingSaid(p: Projection, encoder: GraphEncoder): string {
  const { graph, totals, notes, folded, laid, view } = p;
  const document = { view: { ...view, namespaces: [], open: [] }, atMs: 1, revision: 1, totals, notes, folded };
  const elements = [...graph.nodes, ...graph.boxes, ...graph.edges].map(({ id }) => {
    const element = findElement(p, id);
    return element === null ? null : buildTables(p, element);
  });
  return new TextDecoder().decode(encoder.encodeDocument(document, laid).close(LIVE)) + JSON.stringify(elements);
}
/** A few random sets of namespaces, not all and not none of them, then none. */
function sightsOf(seed: number, namespaces: readonly string[]): readonly ReadonlySet<string>[] {
  const random = randomOf(seed + 50);
  const some = Array.from({ length: 4 }, () => new Set(namespaces.filter(() => random() < 0.5)));
  return [...some.filter((s) => s.size < namespaces.length), new Set(namespaces.slice(0, 1)), new Set()];
}

describe.each(SEEDS)('mesh %i', (seed) => {
  const mesh = guardedMesh(seed);
  const memory = memoryOf();
  const traffic = memory.read(mesh.snapshot, mesh.inventory);
  const sights = sightsOf(seed, mesh.namespaces);
  const encoder = new GraphEncoder();

  it.each(VIEWS.map((v) => [named(v), v] as const))('%s: no answer names what is hidden', (_name, view) => {
    for (const sight of sights)
      for (const more of [
        {},
        { idle: true },
        { level: 'namespaces' as const },
        { level: 'namespaces' as const, open: mesh.namespaces },
        { namespaces: mesh.namespaces.slice(0, 2) },
        { namespaces: ['unknown'] },
      ]) {
        const p = projectGraph(traffic, { ...view, ...more }, undefined, sight);
        const hidden = mesh.namespaces.filter((n) => !sight.has(n));
        // The reader's own words come back to him; nothing else does.
        const said = everythingSaid(
          { ...p, notes: p.notes.filter((n) => n.code !== 'unknownNamespace' && n.code !== 'noTraffic') },
          encoder,
        );
        for (const mark of hidden.flatMap((n) => mesh.marksOf(n))) expect(said).not.toContain(mark);
      }
  });

  it.each(VIEWS.map((v) => [named(v), v] as const))('%s: what is visible is as in the whole graph', (_name, view) => {
    const whole = projectGraph(traffic, view);
    // In the service graph, what comes through a hidden service comes to the visible one that stands for the workload: more, never less.
    const atLeast = (actual: number, expected: number, what: string): void => {
      if (view.graphType === 'service') expect(actual, what).toBeGreaterThanOrEqual(expected * 0.998);
      else expect(Math.abs(actual - expected), what).toBeLessThanOrEqual(expected * 2e-3);
    };
    for (const sight of sights) {
      const p = projectGraph(traffic, view, undefined, sight);
      const inWhole = new Set(whole.graph.nodes.map((n) => n.id));
      // In the service graph a workload behind a hidden service stands for itself.
      const ours = (nodes: readonly GraphNode[]): readonly GraphNode[] =>
        nodes.filter((n) => sight.has(n.namespace) && (view.graphType !== 'service' || n.kind !== 'workload' || inWhole.has(n.id)));
      expect(ours(p.graph.nodes).map((n) => n.id)).toEqual(ours(whole.graph.nodes).map((n) => n.id));
      const nodes = new Map(whole.graph.nodes.map((n) => [n.id, n]));
      for (const node of ours(p.graph.nodes)) {
        const same = nodes.get(node.id);
        expect([node.health, node.pods, node.mode, node.app]).toEqual([same?.health, same?.pods, same?.mode, same?.app]);
        // Nothing that comes in or goes out is lost, whoever is on the other side.
        for (const key of ['http', 'httpErrors', 'grpc', 'grpcErrors', 'tcpBytes'] as const)
          for (const direction of ['inbound', 'outbound'] as const)
            atLeast(node[direction][key], same?.[direction][key] ?? Number.NaN, `${node.id} ${direction} ${key}`);
      }
      const kinds = new Map(p.graph.nodes.map((n) => [n.id, n]));
      const visibleEnds = (e: GraphEdge): boolean => [e.source, e.target].every((id) => sight.has(kinds.get(id)?.namespace ?? ''));
      const edges = new Map(whole.graph.edges.map((e) => [e.id, e]));
      let compared = 0;
      for (const edge of p.graph.edges.filter(visibleEnds)) {
        const same = edges.get(edge.id);
        // Through a service that is hidden, the two workloads are joined directly.
        if (same === undefined) continue;
        compared++;
        if (view.serviceNodes && view.graphType !== 'service') expect({ ...edge, health: same.health }).toEqual(same);
        else atLeast(edge.requestsPerSecond, same.requestsPerSecond, edge.id);
      }
      if (sight.size > 2) expect(compared).toBeGreaterThan(0);
    }
  });

  it.each(VIEWS.map((v) => [named(v), v] as const))('%s: one node a side, no edge between hidden ends, sums that add up', (_name, view) => {
    for (const sight of sights) {
      const p = projectGraph(traffic, view, undefined, sight);
      const hidden = p.graph.nodes.filter(isHidden);
      expect(hidden.length).toBeLessThanOrEqual(2);
      const seen = new Set<string>(p.graph.nodes.filter((n) => sight.has(n.namespace)).map((n) => n.id));
      const nowhere = new Set<string>(p.graph.nodes.filter((n) => !sight.has(n.namespace)).map((n) => n.id));
      const services = new Set<string>(p.graph.nodes.filter((n) => n.kind === 'service').map((n) => n.id));
      for (const edge of p.graph.edges)
        expect(seen.has(edge.source) || seen.has(edge.target) || services.has(edge.source), edge.id).toBe(true);
      expect(hidden.every((n) => p.graph.edges.some((e) => e.source === n.id || e.target === n.id))).toBe(true);
      for (const node of hidden) {
        expect(node).toMatchObject({ hosts: [], badges: [], explanation: null, health: { status: 'na', reasons: [] }, parent: null });
        const side = node.id.endsWith('callers') ? 'caller' : 'callee';
        expect(node.label).toBe(`${node.members} hidden ${side}${node.members === 1 ? '' : 's'}`);
      }
      const touching = mesh.snapshot.observations.filter((o) =>
        [o.source, o.destination].some((end) => sight.has(end.namespace) && end.namespace !== 'unknown'),
      );
      const atLeast = touching.reduce((sum, o) => sum + o.requestsPerSecond, 0);
      expect(p.totals.requestsPerSecond).toBeGreaterThanOrEqual(atLeast * 0.999);
      expect(p.totals.requestsPerSecond).toBeLessThanOrEqual(
        mesh.snapshot.observations.reduce((sum, o) => sum + o.requestsPerSecond, 0) * 1.001,
      );
      if (sight.size === 0) expect([p.graph.nodes, p.graph.edges, p.totals.requestsPerSecond]).toEqual([[], [], 0]);
      expect(nowhere.size + seen.size).toBe(p.graph.nodes.length);
    }
  });

  it('who sees every namespace sees what there is to see, but for traffic that belongs to none', () => {
    const all = new Set(mesh.namespaces);
    const ofSomebody = mesh.snapshot.observations.filter(
      (o) => o.source.namespace !== 'unknown' || o.destination.namespace !== 'unknown' || mesh.namespaces.includes(o.service.namespace),
    );
    const owned = memory.read({ ...mesh.snapshot, observations: ofSomebody, warnings: [] }, mesh.inventory);
    for (const view of VIEWS)
      for (const more of [{}, { idle: true }, { level: 'namespaces' as const }, { namespaces: mesh.namespaces.slice(1, 2) }]) {
        const whole = projectGraph(owned, { ...view, ...more });
        const p = projectGraph(owned, { ...view, ...more }, undefined, all);
        expect({ ...p.graph, totals: p.totals, notes: p.notes }).toEqual({ ...whole.graph, totals: whole.totals, notes: whole.notes });
      }
  });

  it('a hidden namespace answers like one that does not exist', () => {
    const sight = new Set(mesh.namespaces.slice(0, 2));
    for (const view of VIEWS)
      for (const idle of [true, false]) {
        const ask = (namespace: string): unknown => {
          const { graph, totals, notes } = projectGraph(traffic, { ...view, idle, namespaces: [namespace] }, undefined, sight);
          return JSON.parse(JSON.stringify({ graph, totals, notes }).replaceAll(namespace, '?'));
        };
        for (const hidden of mesh.namespaces.slice(2)) expect(ask(hidden)).toEqual(ask('nosuch'));
      }
  });

  it('one memory serves all readers in turn, and a new snapshot is masked anew', () => {
    const [first] = sights;
    if (first === undefined) throw new Error('no sight');
    const before = projectGraph(traffic, DEFAULT_VIEW, undefined, first).graph;
    projectGraph(traffic, DEFAULT_VIEW);
    projectGraph(traffic, DEFAULT_VIEW, undefined, new Set(mesh.namespaces.slice(2)));
    expect(projectGraph(traffic, DEFAULT_VIEW, undefined, first).graph).toEqual(before);
    const later = memory.read({ ...mesh.snapshot, observations: mesh.snapshot.observations.slice(0, 20) }, mesh.inventory);
    const fresh = memoryOf().read({ ...mesh.snapshot, observations: mesh.snapshot.observations.slice(0, 20) }, mesh.inventory);
    expect(projectGraph(later, DEFAULT_VIEW, undefined, first).graph).toEqual(projectGraph(fresh, DEFAULT_VIEW, undefined, first).graph);
  });
});

describe('hidden peers', () => {
  const traffic = (specs: Parameters<typeof snapshotOf>[0]) =>
    memoryOf().read(
      snapshotOf(specs),
      inventoryOf({ workloads: { 'shop/web-v1': {}, 'pay/card-v1': {}, 'pay/card-v2': {}, 'ops/job-v1': {} } }),
    );
  const see = (specs: Parameters<typeof snapshotOf>[0], view: Partial<ViewSpec> = {}, sight: readonly string[] = ['shop']): Projection =>
    projectGraph(traffic(specs), { ...DEFAULT_VIEW, ...view }, undefined, new Set(sight));
  const edgesOf = ({ graph }: Projection): readonly string[] => graph.edges.map((e) => `${e.id} ${e.requestsPerSecond}`);
  const labelsOf = ({ graph }: Projection): readonly string[] => graph.nodes.filter(isHidden).map((n) => n.label);

  it('are summed by protocol, and counted by workload', () => {
    const p = see([
      { from: 'shop/web-v1', to: 'pay/card-v1', service: 'pay/card', codes: { '200': 3, '500': 1 } },
      { from: 'shop/web-v1', to: 'pay/card-v2', service: 'pay/card', codes: { '200': 2 } },
      { from: 'shop/web-v1', to: 'unknown', service: 'pay/card', codes: { '503': 1 } },
      { from: 'shop/web-v1', to: 'unknown', service: 'ops/gone', codes: { '503': 1 } },
      { from: 'ops/job-v1', to: 'shop/web-v1', service: 'shop/web', codes: { '200': 7 } },
      { from: 'ops/job-v1', to: 'pay/card-v1', service: 'pay/card', codes: { '200': 99 } },
    ]);
    expect(edgesOf(p)).toEqual([
      'hidden/callers>service/Kubernetes/shop/web|http 7',
      'service/Kubernetes/shop/web>version/Kubernetes/shop/web-v1|http 7',
      'version/Kubernetes/shop/web-v1>hidden/callees|http 8',
    ]);
    expect(p.graph.edges.at(-1)?.errorsPerSecond).toBe(3);
    expect(labelsOf(p)).toEqual(['3 hidden callees', '1 hidden caller']);
    expect(p.totals).toMatchObject({ services: 1, workloads: 1, apps: 1, edges: 3, requestsPerSecond: 15 });
  });

  it('on both sides of a visible service show as two nodes, and nothing where services are not drawn', () => {
    const specs = [{ from: 'ops/job-v1', to: 'pay/card-v1', service: 'shop/proxy', codes: { '200': 2 } }];
    expect(edgesOf(see(specs))).toEqual([
      'hidden/callers>service/Kubernetes/shop/proxy|http 2',
      'service/Kubernetes/shop/proxy>hidden/callees|http 2',
    ]);
    expect(edgesOf(see(specs, { serviceNodes: false }))).toEqual([]);
    expect(see(specs, { serviceNodes: false }).totals.requestsPerSecond).toBe(0);
    expect(edgesOf(see(specs, { graphType: 'service' }))).toEqual(['hidden/callers>service/Kubernetes/shop/proxy|http 2']);
  });

  it('do not stand between two visible workloads', () => {
    const p = see([{ from: 'shop/web-v1', to: 'shop/api-v1', service: 'pay/card', codes: { '200': 2 } }], { graphType: 'workload' });
    expect(edgesOf(p)).toEqual(['workload/Kubernetes/shop/web-v1>workload/Kubernetes/shop/api-v1|http 2']);
  });

  it('behind PassthroughCluster are not shown with what others send there', () => {
    const pass = { to: 'unknown', service: 'unknown/PassthroughCluster', host: 'api.example.com' };
    const p = see([
      { from: 'shop/web-v1', ...pass, codes: { '200': 1 } },
      { from: 'ops/job-v1', ...pass, codes: { '200': 50 } },
    ]);
    expect(edgesOf(p)).toEqual(['version/Kubernetes/shop/web-v1>passthrough/Kubernetes|http 1']);
    expect(p.graph.nodes.find((n) => n.kind === 'passthrough')?.explanation?.cause).not.toContain('job');
  });

  it('call a declared host as they see it, also after the configuration changed', () => {
    const entry = (namespace: string): object => ({
      kind: 'ServiceEntry',
      name: `${namespace}/bank`,
      spec: { hosts: ['bank.example.com'], exportTo: ['ops'] },
    });
    const inventory = (): ReturnType<typeof inventoryOf> =>
      inventoryOf({ workloads: { 'ops/job-v1': {} }, config: [entry('shop')] as Parameters<typeof inventoryOf>[0]['config'] & object });
    const memory = memoryOf();
    const snapshot = snapshotOf([{ from: 'ops/job-v1', to: 'unknown', service: 'unknown/bank.example.com', host: 'bank.example.com' }]);
    for (let i = 0; i < 3; i++)
      expect(edgesOf(projectGraph(memory.read(snapshot, inventory()), DEFAULT_VIEW, undefined, new Set(['shop'])))).toEqual([
        'hidden/callers>serviceEntry/Kubernetes/shop/bank|http 1',
      ]);
    expect(edgesOf(projectGraph(memory.read(snapshot, inventory()), DEFAULT_VIEW, undefined, new Set(['ops'])))).toEqual([
      'version/Kubernetes/ops/job-v1>hidden/callees|http 1',
    ]);
  });

  it('a workload that is known but whose namespace is not is hidden', () => {
    const p = see([{ from: 'shop/web-v1', to: 'unknown/secret-v1', codes: { '200': 1 } }]);
    expect(edgesOf(p)).toEqual(['version/Kubernetes/shop/web-v1>hidden/callees|http 1']);
  });
});

describe('hosts', () => {
  const cluster = inventoryOf({ namespaces: { shop: {}, pay: {} }, pods: [{ name: 'pay/card-0', ip: '10.0.0.7' }] });
  const hosts = new Hosts(new Set(['shop', 'com']), cluster, (name) => name === 'ops');

  it('of other namespaces are hidden in every spelling', () => {
    for (const host of [
      'card.pay.svc.cluster.local',
      'CARD.Pay.svc.cluster.local.',
      'card.pay.svc',
      'card.pay.svc:8080',
      'card.pay',
      'card.pay:80',
      'job.ops',
      'card-0.card.pay.svc.cluster.local',
      '10-0-0-7.pay.pod.cluster.local',
      'x.nosuch.svc.cluster.local',
      '10.0.0.7',
      '10.0.0.7:80',
    ])
      expect(hosts.isHidden(host), host).toBe(true);
  });
  it('of visible ones and of the world are not', () => {
    for (const host of [
      'web.shop.svc.cluster.local',
      'web.shop',
      'web',
      'unknown',
      'example.com',
      'api.example.org',
      '8.8.8.8:53',
      '*.shop.svc',
    ])
      expect(hosts.isHidden(host), host).toBe(false);
  });
});
