// Laws that hold for every mesh and every view: nothing missing, nothing doubled, folding and encoding keep the sums.
import { describe, expect, it } from 'vitest';
import { diffGraph } from '../../model/delta';
import { GRAPH_TYPES, type GraphEdge, type GraphNode } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import type { Observation } from '../../model/traffic';
import { DEFAULT_VIEW, type GraphDocument, type ViewSpec } from '../../model/wire';
import { buildTables, findElement } from './element';
import { GraphEncoder } from './encode';
import { GraphMemory } from './memory';
import { type Projection, projectGraph } from './project';
import { inventoryOf, snapshotOf } from './testing/mesh-fixture';
import { randomMesh } from './testing/random-mesh';

const VIEWS: readonly ViewSpec[] = GRAPH_TYPES.flatMap((graphType) =>
  [true, false].map((serviceNodes) => ({ ...DEFAULT_VIEW, graphType, serviceNodes, overlays: ['latency' as const] })),
);
const SEEDS = [1, 2];

interface Sums {
  requests: number;
  errors: number;
  bytes: number;
}
const sumObservations = (observations: readonly Observation[]): Sums => {
  const sums = { requests: 0, errors: 0, bytes: 0 };
  for (const o of observations) {
    sums.requests += o.requestsPerSecond;
    sums.bytes += o.tcpSentBytesPerSecond + o.tcpReceivedBytesPerSecond;
    for (const r of o.responses)
      if (r.grpcStatus === null ? /^[45]/.test(r.code) : r.grpcStatus !== '0') sums.errors += r.requestsPerSecond;
  }
  return sums;
};
const sumEdges = (edges: readonly GraphEdge[]): Sums => ({
  requests: edges.reduce((s, e) => s + e.requestsPerSecond, 0),
  errors: edges.reduce((s, e) => s + e.errorsPerSecond, 0),
  bytes: edges.reduce((s, e) => s + e.sentBytesPerSecond + e.receivedBytesPerSecond, 0),
});
/** Numbers of the graph are rounded to four digits. */
const expectClose = (actual: Sums, expected: Sums): void => {
  for (const key of ['requests', 'errors', 'bytes'] as const)
    expect(Math.abs(actual[key] - expected[key])).toBeLessThanOrEqual(expected[key] * 1e-3 + 1e-6);
};
/** Edges that lead away from callers: those from a service node on are the same traffic once more, except in the service graph. */
const firstLegs = ({ graph, view }: Projection): readonly GraphEdge[] => {
  const services = new Set(graph.nodes.filter((n) => n.kind === 'service' || n.kind === 'serviceEntry').map((n) => n.id));
  return view.graphType === 'service' ? graph.edges : graph.edges.filter((e) => !services.has(e.source));
};
const prepare = (seed: number): { memory: GraphMemory; mesh: ReturnType<typeof randomMesh>; snapshot: ReturnType<typeof snapshotOf> } => {
  const mesh = randomMesh(seed);
  return { memory: new GraphMemory(compileHealthRules([])), mesh, snapshot: snapshotOf(mesh.traffic) };
};

describe.each(SEEDS)('mesh %i', (seed) => {
  const { memory, mesh, snapshot } = prepare(seed);
  const traffic = memory.read(snapshot, inventoryOf(mesh.cluster));

  it.each(VIEWS.map((v) => [`${v.graphType}${v.serviceNodes ? ' with services' : ''}`, v] as const))(
    '%s: no traffic is missing or doubled, every edge has its ends, ids are unique and in order',
    (_name, view) => {
      const p = projectGraph(traffic, view);
      expectClose(sumEdges(firstLegs(p)), sumObservations(snapshot.observations));
      expectClose(
        { requests: p.totals.requestsPerSecond, errors: p.totals.errorsPerSecond, bytes: p.totals.tcpBytesPerSecond },
        sumObservations(snapshot.observations),
      );
      const ids = p.graph.nodes.map((n) => n.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect([...ids].sort()).toEqual(ids);
      expect(new Set(p.graph.edges.map((e) => e.id)).size).toBe(p.graph.edges.length);
      const known = new Set<string>(ids);
      expect(p.graph.edges.every((e) => known.has(e.source) && known.has(e.target))).toBe(true);
      const boxes = new Set<string>(p.graph.boxes.map((b) => b.id));
      expect(p.graph.nodes.every((n) => n.parent === null || boxes.has(n.parent))).toBe(true);
    },
  );

  it('the traffic into a service node leaves it again, except what reached no workload', () => {
    const p = projectGraph(traffic, { ...DEFAULT_VIEW, graphType: 'workload' });
    for (const node of p.graph.nodes.filter((n) => n.kind === 'service'))
      expect(node.outbound.http).toBeLessThanOrEqual(node.inbound.http * 1.001 + 1e-9);
  });

  it('a selection shows exactly the observations that touch it', () => {
    for (const namespace of mesh.namespaces) {
      const p = projectGraph(traffic, { ...DEFAULT_VIEW, graphType: 'workload', namespaces: [namespace] });
      const touching = snapshot.observations.filter((o) =>
        [o.source.namespace, o.destination.namespace, o.service.namespace].includes(namespace),
      );
      expectClose(sumEdges(firstLegs(p)), sumObservations(touching));
    }
  });

  it.each(VIEWS.map((v) => [`${v.graphType}${v.serviceNodes ? ' with services' : ''}`, v] as const))(
    '%s: folding keeps the totals, and what enters and leaves each namespace',
    (_name, view) => {
      const full = projectGraph(traffic, view);
      const folded = projectGraph(traffic, { ...view, level: 'namespaces' });
      expect(folded.folded).toBe(true);
      expect({ ...folded.totals, edges: 0, shown: null }).toEqual({ ...full.totals, edges: 0, shown: null });
      expect(folded.graph.nodes.reduce((sum, n) => sum + n.members, 0)).toBe(full.graph.nodes.length);
      const byNamespace = new Map<string, number>();
      for (const o of snapshot.observations) {
        const into = o.destination.namespace === 'unknown' ? o.service.namespace : o.destination.namespace;
        byNamespace.set(into, (byNamespace.get(into) ?? 0) + o.requestsPerSecond);
      }
      for (const node of folded.graph.nodes.filter((n) => n.kind === 'namespace')) {
        const inbound = node.inbound.http + node.inbound.grpc;
        expect(Math.abs(inbound - (byNamespace.get(node.namespace) ?? 0))).toBeLessThanOrEqual(inbound * 1e-3 + 1e-6);
      }
      const open = projectGraph(traffic, { ...view, level: 'namespaces', open: ['blue'] });
      const inBlue = (nodes: readonly GraphNode[]): readonly string[] => nodes.filter((n) => n.namespace === 'blue').map((n) => n.id);
      expect(inBlue(open.graph.nodes)).toEqual(inBlue(full.graph.nodes));
    },
  );

  it('the tables of an edge add up to the edge', () => {
    const p = projectGraph(traffic, { ...DEFAULT_VIEW, level: 'namespaces', open: ['red'] });
    for (const edge of p.graph.edges) {
      const element = findElement(p, edge.id);
      if (element === null) throw new Error(edge.id);
      const { inbound } = buildTables(p, element);
      const sum = inbound.reduce((s, r) => s + r.requestsPerSecond, 0);
      expect(Math.abs(sum - edge.requestsPerSecond)).toBeLessThanOrEqual(edge.requestsPerSecond * 2e-3 + 1e-6);
    }
  });
});

describe('the order of observations and the history of the memory change nothing', () => {
  it.each(SEEDS)('mesh %i', (seed) => {
    const { memory, mesh, snapshot } = prepare(seed);
    const inventory = inventoryOf(mesh.cluster);
    const other = prepare(seed + 100);
    projectGraph(memory.read(other.snapshot, inventory), DEFAULT_VIEW);
    const shuffled = { ...snapshot, observations: [...snapshot.observations].reverse() };
    for (const view of VIEWS) {
      const fresh = projectGraph(new GraphMemory(compileHealthRules([])).read(snapshot, inventory), view);
      const used = projectGraph(memory.read(shuffled, inventory), view);
      expect(used.graph.nodes.map((n) => n.id)).toEqual(fresh.graph.nodes.map((n) => n.id));
      expect(used.graph.edges.map((e) => e.id)).toEqual(fresh.graph.edges.map((e) => e.id));
      expectClose(sumEdges(used.graph.edges), sumEdges(fresh.graph.edges));
    }
  });

  it('two windows may be projected in turn from one memory', () => {
    const { memory, mesh, snapshot } = prepare(9);
    const inventory = inventoryOf(mesh.cluster);
    const a = memory.read(snapshot, inventory);
    const first = projectGraph(a, DEFAULT_VIEW);
    projectGraph(memory.read(snapshotOf(mesh.traffic.slice(5)), null), DEFAULT_VIEW);
    expect(projectGraph(a, DEFAULT_VIEW).graph).toEqual(first.graph);
  });
});

describe('encoding', () => {
  const documentOf = (p: Projection, revision: number): Omit<GraphDocument, 'freshness'> => ({
    view: p.view,
    atMs: 5,
    revision,
    totals: p.totals,
    notes: p.notes,
    folded: p.folded,
    ...p.graph,
  });
  const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));

  it('reads back as the same document and delta, in every view, with hostile names', () => {
    const encoder = new GraphEncoder();
    const hostile = '"\\\u0000\n</script>\u2028é日本\u{1f600}';
    for (const seed of SEEDS) {
      const { memory, mesh } = prepare(seed);
      const inventory = inventoryOf(mesh.cluster);
      const before = snapshotOf([...mesh.traffic, { from: `red/${hostile}`, to: `green/x`, service: `green/${hostile}` }]);
      const after = snapshotOf(mesh.traffic.slice(0, -7).map((t, i) => (i % 3 === 0 ? { ...t, averageMs: 1234.5 } : t)));
      for (const view of VIEWS) {
        const p = projectGraph(memory.read(before, inventory), view);
        const document = documentOf(p, 1);
        const freshness = {
          metrics: { state: 'live', atMs: 1, cause: null, next: null },
          cluster: { state: 'live', atMs: 1, cause: null, next: null },
        } as const;
        const { nodes, boxes, edges, ...head } = document;
        expect([nodes, boxes, edges].every(Array.isArray)).toBe(true);
        const encoded = encoder.encodeDocument(head, p.laid);
        const first = encoded.close(freshness);
        expect(decode(first)).toEqual({ ...document, freshness });
        expect(encoded.close({ ...freshness })).toBe(first);
        const later = { ...freshness, metrics: { state: 'stale', atMs: 1, cause: 'x'.repeat(3000), next: null } } as const;
        expect(decode(encoded.close(later))).toEqual({ ...document, freshness: later });
        expect(decode(first)).toEqual({ ...document, freshness });
        const q = projectGraph(memory.read(after, inventory), view);
        const delta = diffGraph(document, documentOf(q, 2));
        expect(decode(encoder.encodeDelta(delta, q.graph, q.laid))).toEqual(delta);
      }
    }
  });
});
