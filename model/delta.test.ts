// apply(a, diff(a, b)) = b over random graphs, and the edges of the contract.
import { describe, expect, it } from 'vitest';
import { applyDelta, compareBoxes, compareEdges, compareNodes, diffGraph, isEmptyDelta, sameEdge, sameNode } from './delta';
import { type GraphBox, type GraphEdge, type GraphNode, NO_TRAFFIC } from './graph';
import { edgeId, type NodeId, nodeId } from './ids';
import { DEFAULT_VIEW, type GraphDocument } from './wire';

/** Small deterministic random numbers (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(random: () => number, ...items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];

function randomNode(random: () => number, id: NodeId): GraphNode {
  return {
    id,
    parent: pick(random, null, nodeId('box-namespace', 'c', 'n')),
    kind: 'workload',
    label: pick(random, 'a', 'b'),
    cluster: 'c',
    namespace: 'n',
    workload: 'w',
    app: pick(random, null, 'app'),
    version: null,
    service: null,
    workloadKind: null,
    mode: pick(random, null, 'sidecar'),
    inbound: pick(random, NO_TRAFFIC, { ...NO_TRAFFIC, http: 1 }),
    outbound: NO_TRAFFIC,
    health: pick<GraphNode['health']>(
      random,
      { status: 'healthy', reasons: [] },
      { status: 'failure', reasons: [{ kind: 'pods', workload: 'w', available: pick(random, 0, 1), desired: 2, status: 'failure' }] },
    ),
    badges: pick<GraphNode['badges']>(random, [], ['gateway'], ['gateway', 'idle']),
    outside: random() < 0.5,
    root: false,
    pods: pick(random, null, { ready: 1, desired: 1 }),
    hosts: pick(random, [], ['h']),
    explanation: pick(random, null, { code: 'passthrough', what: 'w', cause: pick(random, 'x', 'y'), fix: 'f' }),
    members: 1,
  };
}

function randomDocument(random: () => number, revision: number): GraphDocument {
  const ids = Array.from({ length: 12 }, (_, i) => nodeId('workload', 'c', 'n', `w${i}`)).filter(() => random() < 0.7);
  const edges: GraphEdge[] = [];
  for (const source of ids)
    for (const target of ids)
      if (random() < 0.2) {
        const protocol = pick(random, 'http', 'grpc', 'tcp');
        edges.push({
          id: edgeId(source, target, protocol),
          source,
          target,
          protocol,
          requestsPerSecond: pick(random, 1, 2),
          errorsPerSecond: 0,
          sentBytesPerSecond: 0,
          receivedBytesPerSecond: 0,
          latency: pick(random, null, { averageMs: pick(random, 1, 2), p50Ms: null, p95Ms: null, p99Ms: null }),
          requestBytesPerSecond: null,
          responseBytesPerSecond: null,
          mtlsShare: pick(random, null, 1, 0.5),
          health: pick(random, 'healthy', 'failure'),
          reporters: ['destination'],
          marks: pick<GraphEdge['marks']>(random, [], ['fault']),
          responses: pick(random, null, [], [{ code: '200', flags: '-', host: 'h', requestsPerSecond: pick(random, 1, 2) }]),
        });
      }
  const boxes: GraphBox[] = (['cluster', 'namespace', 'app'] as const)
    .filter(() => random() < 0.7)
    .map((kind) => ({
      id: nodeId(`box-${kind}`, 'c'),
      parent: null,
      kind,
      label: 'l',
      cluster: 'c',
      namespace: 'n',
      app: null,
      health: pick(random, 'healthy', 'na'),
    }));
  return {
    nodes: ids.map((id) => randomNode(random, id)).sort(compareNodes),
    boxes: boxes.sort(compareBoxes),
    edges: edges.sort(compareEdges),
    view: DEFAULT_VIEW,
    atMs: revision * 1000,
    revision,
    totals: {
      services: 0,
      workloads: ids.length,
      apps: 0,
      edges: edges.length,
      requestsPerSecond: 0,
      errorsPerSecond: 0,
      tcpBytesPerSecond: 0,
      mtlsShare: null,
      health: { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 },
    },
    notes: pick<GraphDocument['notes']>(random, [], [{ code: 'noTraffic', text: 't' }]),
    freshness: {
      metrics: { state: 'live', atMs: 1, cause: null, next: null },
      cluster: { state: 'live', atMs: 1, cause: null, next: null },
    },
    folded: random() < 0.5,
  };
}

describe('diff and apply', () => {
  it('apply(a, diff(a, b)) = b, also after a journey through JSON', () => {
    const random = randomOf(42);
    let before = randomDocument(random, 1);
    for (let revision = 2; revision < 200; revision++) {
      const after = randomDocument(random, revision);
      const delta = diffGraph(before, after);
      expect(applyDelta(before, delta)).toEqual(after);
      expect(applyDelta(structuredClone(before), JSON.parse(JSON.stringify(delta)))).toEqual(after);
      before = after;
    }
  });

  it('puts only what differs and drops only what is gone', () => {
    const random = randomOf(7);
    for (let i = 0; i < 50; i++) {
      const [a, b] = [randomDocument(random, 1), randomDocument(random, 2)];
      const { nodes, edges } = diffGraph(a, b);
      const old = new Map(a.nodes.map((n) => [n.id, JSON.stringify(n)]));
      expect(nodes.put.map((n) => n.id)).toEqual(b.nodes.filter((n) => old.get(n.id) !== JSON.stringify(n)).map((n) => n.id));
      const kept = new Set(b.edges.map((e) => e.id));
      expect([...edges.drop].sort()).toEqual(
        a.edges
          .map((e) => e.id)
          .filter((id) => !kept.has(id))
          .sort(),
      );
    }
  });

  it('is empty between equal documents, and keeps untouched elements the same objects', () => {
    const a = randomDocument(randomOf(3), 1);
    const b: GraphDocument = { ...structuredClone(a), revision: 2 };
    const delta = diffGraph(a, b);
    expect(isEmptyDelta(delta, a)).toBe(true);
    expect(isEmptyDelta({ ...delta, folded: !a.folded }, a)).toBe(false);
    expect(applyDelta(a, delta).nodes).toBe(a.nodes);
  });

  it('refuses a delta of another revision', () => {
    const random = randomOf(5);
    const [a, b] = [randomDocument(random, 1), randomDocument(random, 2)];
    expect(() => applyDelta({ ...a, revision: 9 }, diffGraph(a, b))).toThrow('from revision 1 does not fit revision 9');
  });
});

describe('equality looks at every field', () => {
  const random = randomOf(11);
  let document = randomDocument(random, 1);
  while (document.edges.length === 0) document = randomDocument(random, 1);
  const [node] = document.nodes;
  const [edge] = document.edges;
  it('of nodes', () => {
    if (node === undefined) throw new Error('no node');
    for (const key of Object.keys(node)) expect(sameNode(node, { ...node, [key]: 'changed' }), key).toBe(false);
    expect(sameNode(node, structuredClone(node))).toBe(true);
  });
  it('of edges', () => {
    if (edge === undefined) throw new Error('no edge');
    for (const key of Object.keys(edge)) expect(sameEdge(edge, { ...edge, [key]: 'changed' }), key).toBe(false);
    expect(sameEdge(edge, structuredClone(edge))).toBe(true);
  });
});
