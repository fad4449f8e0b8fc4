// The graph as rows: one per node, one per edge, with the numbers that the table shows, sorts and copies.
// In: a GraphDocument. Out: NodeRow[], EdgeRow[]. Pure.
import type { DirectionTraffic, Graph, GraphEdge, GraphNode } from '../../model/graph';
import { errorShare } from '../ui/format';
import { wordKind, wordNamespace, wordNode } from '../ui/node-words';

export interface NodeRow {
  readonly node: GraphNode;
  readonly name: string;
  readonly kind: string;
  /** Requests per second, HTTP and gRPC. */
  readonly inPerSecond: number;
  readonly inErrorShare: number | null;
  readonly outPerSecond: number;
  readonly outErrorShare: number | null;
  readonly tcpBytesPerSecond: number;
}

export interface EdgeRow {
  readonly edge: GraphEdge;
  readonly source: string;
  readonly sourceNamespace: string;
  readonly target: string;
  readonly targetNamespace: string;
  /** null for TCP, which has no requests. */
  readonly perSecond: number | null;
  readonly errorShare: number | null;
  /** TCP: both directions; HTTP and gRPC: null. */
  readonly tcpBytesPerSecond: number | null;
}

const requests = (traffic: DirectionTraffic): number => traffic.http + traffic.grpc;
const errors = (traffic: DirectionTraffic): number => traffic.httpErrors + traffic.grpcErrors;

export const listNodeRows = (graph: Pick<Graph, 'nodes'>): readonly NodeRow[] =>
  graph.nodes.map((node) => ({
    node,
    name: wordNode(node),
    kind: wordKind(node),
    inPerSecond: requests(node.inbound),
    inErrorShare: errorShare(requests(node.inbound), errors(node.inbound)),
    outPerSecond: requests(node.outbound),
    outErrorShare: errorShare(requests(node.outbound), errors(node.outbound)),
    tcpBytesPerSecond: node.inbound.tcpBytes + node.outbound.tcpBytes,
  }));

export function listEdgeRows(graph: Pick<Graph, 'nodes' | 'edges'>): readonly EdgeRow[] {
  const nodes = new Map<string, GraphNode>(graph.nodes.map((node) => [node.id, node]));
  const name = (id: string): string => {
    const node = nodes.get(id);
    return node === undefined ? id : wordNode(node);
  };
  const namespace = (id: string): string => {
    const node = nodes.get(id);
    return node === undefined ? '' : wordNamespace(node);
  };
  return graph.edges.map((edge) => {
    const tcp = edge.protocol === 'tcp';
    return {
      edge,
      source: name(edge.source),
      sourceNamespace: namespace(edge.source),
      target: name(edge.target),
      targetNamespace: namespace(edge.target),
      perSecond: tcp ? null : edge.requestsPerSecond,
      errorShare: tcp ? null : errorShare(edge.requestsPerSecond, edge.errorsPerSecond),
      tcpBytesPerSecond: tcp ? edge.sentBytesPerSecond + edge.receivedBytesPerSecond : null,
    };
  });
}

export const textsOfNode = (row: NodeRow): readonly string[] => [
  row.name,
  row.kind,
  wordNamespace(row.node),
  row.node.cluster,
  row.node.app ?? '',
  row.node.version ?? '',
  ...row.node.hosts,
];

export const textsOfEdge = (row: EdgeRow): readonly string[] => [
  row.source,
  row.sourceNamespace,
  row.target,
  row.targetNamespace,
  row.edge.protocol,
];
