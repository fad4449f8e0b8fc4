// What a condition reads of a node or an edge. In: GraphNode, GraphEdge, facts from elsewhere. Out: text, number or yes and no; null = not known.
import type { GraphEdge, GraphNode } from '../graph';
import type { HealthStatus } from '../health';
import { FLAG_BADGES } from './operands';

/** What a graph does not carry. Null: nobody here can tell; the conditions that ask for it hold of nothing. */
export interface FindFacts {
  /** Label sets of a node: of the pods of its workloads, or of its service. */
  readonly labels: (node: GraphNode) => readonly Readonly<Record<string, string>>[] | null;
  /** SPIFFE ids of the clients and servers of an edge. */
  readonly principals: (edge: GraphEdge) => { readonly source: readonly string[]; readonly target: readonly string[] } | null;
}

export const NO_FACTS: FindFacts = { labels: () => null, principals: () => null };

const some = (...values: readonly (string | null)[]): readonly string[] =>
  values.filter((value) => value !== null && value !== '') as string[];
const HEALTH_WORD: Readonly<Record<HealthStatus, string>> = {
  healthy: 'healthy',
  notReady: 'notready',
  degraded: 'degraded',
  failure: 'failure',
  na: 'na',
};
const isWrong = (status: HealthStatus): boolean => status === 'degraded' || status === 'failure';

/** Operation of a node that stands for one. */
const operationOf = (node: GraphNode): string | null => ('operation' in node && typeof node.operation === 'string' ? node.operation : null);

export function readNodeText(node: GraphNode, operand: string): readonly string[] | null {
  switch (operand) {
    case 'app':
      return some(node.app);
    case 'cluster':
      return some(node.cluster);
    case 'host':
      return node.hosts;
    case 'name':
      return some(node.label, operationOf(node), node.app, node.service, node.workload);
    case 'namespace':
      return some(node.namespace);
    case 'node':
      return [node.kind];
    case 'operation':
      return some(operationOf(node));
    case 'service':
      return some(node.service);
    case 'version':
      return some(node.version);
    case 'workload':
      return some(node.workload);
    case 'health':
      return [HEALTH_WORD[node.health.status]];
    default:
      return null;
  }
}

/** 1 = most edges, where the view ranks. */
const rankOf = (node: GraphNode): number | null => ('rank' in node && typeof node.rank === 'number' ? node.rank : null);

export function readNodeNumber(node: GraphNode, operand: string): number | null {
  switch (operand) {
    case 'grpcin':
      return node.inbound.grpc;
    case 'grpcout':
      return node.outbound.grpc;
    case 'httpin':
      return node.inbound.http;
    case 'httpout':
      return node.outbound.http;
    case 'tcpin':
      return node.inbound.tcpBytes;
    case 'tcpout':
      return node.outbound.tcpBytes;
    case 'rank':
      return rankOf(node);
    default:
      return null;
  }
}

export function readNodeFlag(node: GraphNode, operand: string): boolean | null {
  switch (operand) {
    case 'healthy':
      return !isWrong(node.health.status);
    case 'idle':
      return node.badges.includes('idle');
    case 'inaccessible':
      return node.kind === 'hidden';
    case 'outside':
      return node.outside;
    case 'serviceentry':
      return node.kind === 'serviceEntry';
    case 'sidecar':
      return !node.badges.includes('noSidecar');
    case 'trafficsource':
      return node.root;
    default: {
      const badge = FLAG_BADGES[operand];
      return badge === undefined ? null : node.badges.includes(badge);
    }
  }
}

export function readEdgeText(edge: GraphEdge, operand: string, facts: FindFacts): readonly string[] | null {
  switch (operand) {
    case 'protocol':
      return [edge.protocol];
    case 'health':
      return [HEALTH_WORD[edge.health]];
    case 'sourceprincipal':
      return facts.principals(edge)?.source ?? null;
    case 'destprincipal':
      return facts.principals(edge)?.target ?? null;
    default:
      return null;
  }
}

/** `source`: the node at the edge's start, whose traffic out the shares are of. */
export function readEdgeNumber(edge: GraphEdge, operand: string, source: GraphNode | undefined): number | null {
  const { latency } = edge;
  const share = (part: number, whole: number): number | null => (whole > 0 ? (part / whole) * 100 : null);
  const of = (protocol: GraphEdge['protocol'], value: number | null): number | null => (edge.protocol === protocol ? value : null);
  switch (operand) {
    case 'avg':
      return latency?.averageMs ?? null;
    case 'p50':
      return latency?.p50Ms ?? null;
    case 'p95':
      return latency?.p95Ms ?? null;
    case 'p99':
      return latency?.p99Ms ?? null;
    case 'responsetime':
      return latency?.p95Ms ?? latency?.averageMs ?? null;
    case 'grpc':
    case 'http':
      return of(operand, edge.requestsPerSecond);
    case 'tcp':
      return of('tcp', edge.sentBytesPerSecond + edge.receivedBytesPerSecond);
    case '%grpcerr':
      return of('grpc', share(edge.errorsPerSecond, edge.requestsPerSecond));
    case '%httperr':
      return of('http', share(edge.errorsPerSecond, edge.requestsPerSecond));
    case '%grpctraffic':
      return of('grpc', share(edge.requestsPerSecond, source?.outbound.grpc ?? 0));
    case '%httptraffic':
      return of('http', share(edge.requestsPerSecond, source?.outbound.http ?? 0));
    case 'throughput':
      return edge.requestBytesPerSecond ?? edge.responseBytesPerSecond;
    default:
      return null;
  }
}

const hasTraffic = (edge: GraphEdge): boolean =>
  edge.requestsPerSecond > 0 || edge.sentBytesPerSecond > 0 || edge.receivedBytesPerSecond > 0;

export function readEdgeFlag(edge: GraphEdge, operand: string): boolean | null {
  switch (operand) {
    case 'healthy':
      return !isWrong(edge.health);
    case 'idle':
      return !hasTraffic(edge);
    case 'traffic':
      return hasTraffic(edge);
    case 'mtls':
      return edge.mtlsShare === null ? null : edge.mtlsShare > 0;
    default:
      return null;
  }
}
