// Tests of graph-summaries and response-sums: orders, borders of nested boxes, self-calls, missing numbers.
import { describe, expect, it } from 'vitest';
import { type GraphBox, type GraphEdge, type GraphNode, NO_TRAFFIC } from '../../model/graph';
import { type HealthStatus, NO_HEALTH } from '../../model/health';
import { edgeId, type NodeId, nodeId } from '../../model/ids';
import {
  indexGraph,
  listBorderEdges,
  listFailingEdges,
  listNeighbours,
  listPlaintextEdges,
  listSlowEdges,
  listUnwellNodes,
  sumBox,
} from './graph-summaries';
import { sumFlags, sumResponses } from './response-sums';

const node = (name: string, parent: NodeId | null, status: HealthStatus = 'healthy'): GraphNode => ({
  id: nodeId('workload', name),
  parent,
  kind: 'workload',
  label: name,
  cluster: 'c',
  namespace: 'n',
  workload: name,
  app: name,
  version: null,
  service: null,
  workloadKind: 'Deployment',
  mode: 'sidecar',
  inbound: NO_TRAFFIC,
  outbound: NO_TRAFFIC,
  health: { ...NO_HEALTH, status },
  badges: [],
  outside: false,
  root: false,
  pods: null,
  hosts: [],
  explanation: null,
  members: 1,
});
const edge = (from: GraphNode, to: GraphNode, change: Partial<GraphEdge> = {}): GraphEdge => ({
  id: edgeId(from.id, to.id, change.protocol ?? 'http'),
  source: from.id,
  target: to.id,
  protocol: 'http',
  requestsPerSecond: 1,
  errorsPerSecond: 0,
  sentBytesPerSecond: 0,
  receivedBytesPerSecond: 0,
  latency: null,
  requestBytesPerSecond: null,
  responseBytesPerSecond: null,
  mtlsShare: 1,
  health: 'healthy',
  reporters: ['destination'],
  marks: [],
  responses: null,
  ...change,
});
const box = (kind: GraphBox['kind'], name: string, parent: NodeId | null): GraphBox => ({
  id: nodeId(`box-${kind}`, name),
  parent,
  kind,
  label: name,
  cluster: 'c',
  namespace: 'n',
  app: null,
  health: 'healthy',
});

const namespace = box('namespace', 'n', null);
const app = box('app', 'reviews', namespace.id);
const a = node('a', null);
const b = node('b', namespace.id, 'degraded');
const c = node('c', app.id, 'failure');
const d = node('d', app.id);
const ab = edge(a, b, { requestsPerSecond: 10, errorsPerSecond: 1, latency: { averageMs: 5, p50Ms: null, p95Ms: null, p99Ms: null } });
const bc = edge(b, c, {
  requestsPerSecond: 4,
  errorsPerSecond: 2,
  mtlsShare: 0.5,
  latency: { averageMs: 1, p50Ms: 1, p95Ms: 90, p99Ms: 99 },
});
const bd = edge(b, d, { protocol: 'tcp', requestsPerSecond: 0, sentBytesPerSecond: 500, receivedBytesPerSecond: 500, mtlsShare: null });
const da = edge(d, a, { requestsPerSecond: 3, mtlsShare: 0 });
const cc = edge(c, c, { requestsPerSecond: 2 });
// The child box stands before its parent on purpose.
const graph = { nodes: [a, b, c, d], boxes: [app, namespace], edges: [ab, bc, bd, da, cc] };

describe('graph summaries', () => {
  it('finds elements by id', () => {
    const index = indexGraph(graph);
    expect(index.nodes.get(c.id)).toBe(c);
    expect(index.edges.get(bd.id)).toBe(bd);
    expect(index.boxes.get(app.id)).toBe(app);
  });

  it('lists neighbours with requests before TCP; a self-call is both', () => {
    expect(listNeighbours(graph, b.id)).toEqual({ callers: [ab], callees: [bc, bd] });
    expect(listNeighbours(graph, c.id)).toEqual({ callers: [bc, cc], callees: [cc] });
    expect(listNeighbours(graph, 'gone')).toEqual({ callers: [], callees: [] });
  });

  it('ranks errors, latency, plaintext, health', () => {
    expect(listFailingEdges(graph)).toEqual([bc, ab]);
    expect(listSlowEdges(graph)).toEqual([bc, ab]);
    expect(listPlaintextEdges(graph)).toEqual([da, bc]);
    expect(listUnwellNodes(graph.nodes)).toEqual([c, b]);
  });

  it('sums what crosses the border of a box and what stays inside, through nested boxes', () => {
    const sums = sumBox(graph, namespace.id);
    expect(sums.members).toEqual([b, c, d]);
    expect(sums.health).toMatchObject({ failure: 1, degraded: 1, healthy: 1 });
    expect(sums.into).toEqual({ ...NO_TRAFFIC, http: 10, httpErrors: 1 });
    expect(sums.outOf).toEqual({ ...NO_TRAFFIC, http: 3 });
    expect(sums.within).toEqual({ ...NO_TRAFFIC, http: 6, httpErrors: 2, tcpBytes: 1000 });
    expect(listBorderEdges(graph, sumBox(graph, app.id).members).callers).toHaveLength(2);
    expect(sumBox(graph, 'gone').members).toEqual([]);
  });
});

describe('response sums', () => {
  const rows = [
    { code: '200', flags: '-', host: 'x', requestsPerSecond: 6 },
    { code: '503', flags: 'UO', host: 'x', requestsPerSecond: 1 },
    { code: '503', flags: 'UF,URX', host: 'y', requestsPerSecond: 2 },
    { code: '504', flags: 'UF,URX', host: 'y', requestsPerSecond: 1 },
  ];
  it('adds up by field, largest first', () => {
    expect(sumResponses(rows, 'code')).toEqual([
      { key: '200', requestsPerSecond: 6, share: 0.6 },
      { key: '503', requestsPerSecond: 3, share: 0.3 },
      { key: '504', requestsPerSecond: 1, share: 0.1 },
    ]);
    expect(sumResponses([{ code: '200', flags: '-', host: 'x', requestsPerSecond: 0 }], 'host')).toEqual([
      { key: 'x', requestsPerSecond: 0, share: 0 },
    ]);
  });
  it('lists flags with their codes, without the rows that have none', () => {
    expect(sumFlags(rows)).toEqual([
      { key: 'UF,URX', requestsPerSecond: 3, share: 0.3, codes: ['503', '504'] },
      { key: 'UO', requestsPerSecond: 1, share: 0.1, codes: ['503'] },
    ]);
  });
});
