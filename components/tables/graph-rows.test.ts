// Tests of graph-rows: names of every kind of node, requests apart from bytes, missing ends.
import { describe, expect, it } from 'vitest';
import { type GraphEdge, type GraphNode, NO_TRAFFIC, type NodeKind } from '../../model/graph';
import { NO_HEALTH } from '../../model/health';
import { edgeId, nodeId } from '../../model/ids';
import { wordNode } from '../ui/node-words';
import { filterRows } from '../ui/table-rows';
import { listEdgeRows, listNodeRows, textsOfEdge, textsOfNode } from './graph-rows';

const node = (kind: NodeKind, change: Partial<GraphNode> = {}): GraphNode => ({
  id: nodeId(kind, change.label ?? kind),
  parent: null,
  kind,
  label: 'v1',
  cluster: 'c',
  namespace: 'shop',
  workload: 'cart-v1',
  app: 'cart',
  version: 'v1',
  service: 'cart-svc',
  workloadKind: null,
  mode: null,
  inbound: { http: 3, httpErrors: 1, grpc: 1, grpcErrors: 0, tcpBytes: 7 },
  outbound: NO_TRAFFIC,
  health: NO_HEALTH,
  badges: [],
  outside: false,
  root: false,
  pods: null,
  hosts: ['cart.example'],
  explanation: null,
  members: 1,
  ...change,
});
const edge = (change: Partial<GraphEdge>): GraphEdge => ({
  id: edgeId(nodeId('app', 'a'), nodeId('app', 'b'), 'x'),
  source: nodeId('app', 'v1'),
  target: nodeId('app', 'gone'),
  protocol: 'http',
  requestsPerSecond: 4,
  errorsPerSecond: 1,
  sentBytesPerSecond: 10,
  receivedBytesPerSecond: 5,
  latency: null,
  requestBytesPerSecond: null,
  responseBytesPerSecond: null,
  mtlsShare: null,
  health: 'na',
  reporters: [],
  marks: [],
  responses: null,
  ...change,
});

describe('rows', () => {
  it('name each kind by what identifies it', () => {
    const words = (kind: NodeKind, change: Partial<GraphNode> = {}): string => wordNode(node(kind, change));
    expect(words('workload')).toBe('cart-v1');
    expect(words('app')).toBe('cart v1');
    expect(words('app', { version: null })).toBe('cart');
    expect(words('service')).toBe('cart-svc');
    expect(words('serviceEntry', { service: null })).toBe('cart.example');
    expect(words('namespace')).toBe('shop');
    expect(words('unknown', { label: 'unknown' })).toBe('unknown');
  });

  it('add HTTP and gRPC, keep bytes apart', () => {
    expect(listNodeRows({ nodes: [node('app')] })[0]).toMatchObject({
      inPerSecond: 4,
      inErrorShare: 0.25,
      outPerSecond: 0,
      outErrorShare: null,
      tcpBytesPerSecond: 7,
    });
  });

  it('have no request rate for TCP and no bytes for HTTP', () => {
    const rows = listEdgeRows({
      nodes: [node('app', { label: 'v1' })],
      edges: [edge({}), edge({ protocol: 'tcp', requestsPerSecond: 0, errorsPerSecond: 0 })],
    });
    expect(rows.map(({ perSecond, errorShare, tcpBytesPerSecond }) => [perSecond, errorShare, tcpBytesPerSecond])).toEqual([
      [4, 0.25, null],
      [null, null, 15],
    ]);
  });

  it('survive an edge whose end is not in the graph, and are found by any text', () => {
    const rows = listEdgeRows({ nodes: [node('app', { label: 'v1' })], edges: [edge({})] });
    expect(rows[0]).toMatchObject({ source: 'cart v1', sourceNamespace: 'shop', target: 'app/gone', targetNamespace: '' });
    expect(filterRows(rows, textsOfEdge, 'cart http')).toHaveLength(1);
    expect(filterRows(listNodeRows({ nodes: [node('app')] }), textsOfNode, 'example')).toHaveLength(1);
  });
});
