// The graph in words, for screen readers: a summary, a line per node, and what changed in health. In: documents, pictures. Out: text. Pure.
import { HEALTH_RANK, type HealthStatus } from '../../../model/health';
import type { GraphDocument } from '../../../model/wire';
import { formatByteRate, formatRate, formatShare, plural } from '../../ui/format';
import { HEALTH_WORDS } from '../../ui/health-words';
import { MARK_WORDS, type Mark } from './marks';
import type { PlacedNode } from './picture';

export const KIND_WORDS = {
  workload: 'workload',
  app: 'app',
  service: 'service',
  serviceEntry: 'external service',
  passthrough: 'passthrough to unknown hosts',
  blackhole: 'blocked traffic',
  unknown: 'unknown source',
  namespace: 'namespace',
  hidden: 'hidden by your permissions',
  operation: 'operation',
} as const satisfies Record<PlacedNode['node']['kind'], string>;

/** "12 nodes in 3 boxes, 20 edges, 2 failing." */
export function wordSummary(document: GraphDocument): string {
  const count = (status: HealthStatus): number => document.nodes.filter((node) => node.health.status === status).length;
  const parts = [plural(document.nodes.length, 'node'), plural(document.edges.length, 'edge')];
  const boxes = document.boxes.filter((box) => box.kind === 'namespace').length;
  if (boxes > 0) parts.push(plural(boxes, 'namespace'));
  for (const [status, word] of [
    ['failure', 'failing'],
    ['degraded', 'degraded'],
  ] as const)
    if (count(status) > 0) parts.push(`${count(status)} ${word}`);
  return `${parts.join(', ')}.`;
}

/** "reviews-v1, workload in bookinfo, degraded, 12 rps in, 4 % errors, called by 1, calls 2". */
export function wordNode({ node, incoming, outgoing }: PlacedNode, mark?: Mark): string {
  const parts = [node.version !== null && !node.label.includes(node.version) ? `${node.label} ${node.version}` : node.label];
  parts.push(
    node.namespace === '' || node.kind === 'namespace' || node.kind === 'hidden'
      ? KIND_WORDS[node.kind]
      : `${KIND_WORDS[node.kind]} in ${node.namespace}`,
  );
  parts.push(HEALTH_WORDS[node.health.status].toLowerCase());
  const requests = node.inbound.http + node.inbound.grpc;
  const errors = node.inbound.httpErrors + node.inbound.grpcErrors;
  if (requests > 0) parts.push(`${formatRate(requests)} in`);
  if (errors > 0) parts.push(`${formatShare(errors / requests)} errors`);
  if (node.inbound.tcpBytes > 0) parts.push(`${formatByteRate(node.inbound.tcpBytes)} TCP in`);
  const sources = new Set(incoming.map((edge) => edge.source)).size;
  const targets = new Set(outgoing.map((edge) => edge.target)).size;
  if (sources > 0) parts.push(`called by ${sources}`);
  if (targets > 0) parts.push(`calls ${targets}`);
  if (node.outside) parts.push('outside the selected namespaces');
  if (mark !== undefined) parts.push(mark.text === undefined ? MARK_WORDS[mark.tone] : `${MARK_WORDS[mark.tone]} ${mark.text}`);
  return parts.join(', ');
}

const MAX_NAMED = 3;

/** What one refresh changed in the health of nodes, worst first, at most three by name; null when nothing did. */
export function wordHealthChanges(before: Pick<GraphDocument, 'nodes'>, after: Pick<GraphDocument, 'nodes'>): string | null {
  const was = new Map(before.nodes.map((node) => [node.id, node.health.status]));
  const changed = after.nodes.filter((node) => {
    const status = was.get(node.id);
    return status !== undefined && status !== node.health.status && Math.max(HEALTH_RANK[status], HEALTH_RANK[node.health.status]) > 1;
  });
  if (changed.length === 0) return null;
  changed.sort((a, b) => HEALTH_RANK[b.health.status] - HEALTH_RANK[a.health.status] || (a.id < b.id ? -1 : 1));
  const named = changed.slice(0, MAX_NAMED).map((node) => `${node.label} ${HEALTH_WORDS[node.health.status].toLowerCase()}`);
  const more = changed.length - named.length;
  return `Health: ${named.join(', ')}${more > 0 ? `, and ${more} more changed` : ''}.`;
}
