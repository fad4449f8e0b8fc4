// What crosses a border: the traffic into, out of and within a set of nodes, by protocol. In: a graph, a test for a node. Out: BorderSums. Pure.
import type { DirectionTraffic, Graph, GraphEdge, GraphNode } from '../../model/graph';
import { NO_TRAFFIC } from '../../model/graph';

/** Traffic of one direction, by protocol; `…Errors` are part of the rate before them. */
export type FlowSum = DirectionTraffic;

export interface BorderSums {
  readonly into: FlowSum;
  readonly outOf: FlowSum;
  readonly within: FlowSum;
}

function add(sum: FlowSum, edge: GraphEdge): FlowSum {
  switch (edge.protocol) {
    case 'http':
      return { ...sum, http: sum.http + edge.requestsPerSecond, httpErrors: sum.httpErrors + edge.errorsPerSecond };
    case 'grpc':
      return { ...sum, grpc: sum.grpc + edge.requestsPerSecond, grpcErrors: sum.grpcErrors + edge.errorsPerSecond };
    case 'tcp':
      return { ...sum, tcpBytes: sum.tcpBytes + edge.sentBytesPerSecond + edge.receivedBytesPerSecond };
  }
}

/** The second half of a way that the first half has told: on from a service or operation to what serves it. */
const isSecondHalf = (source: GraphNode | undefined, target: GraphNode | undefined): boolean =>
  source !== undefined &&
  (source.kind === 'service' || source.kind === 'serviceEntry' || source.kind === 'operation') &&
  target !== undefined &&
  (target.kind === 'workload' || target.kind === 'app' || target.kind === 'operation');

/** Each request counts once, however many nodes stand on its way. */
export function sumBorder(graph: Pick<Graph, 'nodes' | 'edges'>, isInside: (id: string) => boolean): BorderSums {
  const nodes = new Map<string, GraphNode>(graph.nodes.map((node) => [node.id, node]));
  let [into, outOf, within] = [NO_TRAFFIC, NO_TRAFFIC, NO_TRAFFIC];
  for (const edge of graph.edges) {
    const [from, to] = [isInside(edge.source), isInside(edge.target)];
    if (from && to) {
      if (!isSecondHalf(nodes.get(edge.source), nodes.get(edge.target))) within = add(within, edge);
    } else if (to) into = add(into, edge);
    else if (from) outOf = add(outOf, edge);
  }
  return { into, outOf, within };
}

export const totalOf = ({ into, outOf, within }: BorderSums): FlowSum => ({
  http: into.http + outOf.http + within.http,
  httpErrors: into.httpErrors + outOf.httpErrors + within.httpErrors,
  grpc: into.grpc + outOf.grpc + within.grpc,
  grpcErrors: into.grpcErrors + outOf.grpcErrors + within.grpcErrors,
  tcpBytes: into.tcpBytes + outOf.tcpBytes + within.tcpBytes,
});

/** Whether a node is one of the mesh: not outside of the chosen namespaces, and not what is only known to call or to be called. */
export const isOfMesh = ({ kind, outside }: GraphNode): boolean => {
  switch (kind) {
    case 'workload':
    case 'app':
    case 'service':
    case 'namespace':
    case 'operation':
      return !outside;
    case 'serviceEntry':
    case 'passthrough':
    case 'blackhole':
    case 'unknown':
    case 'hidden':
      return false;
  }
};
