// Who calls an entity and whom it calls, and how it and its members fare, read from graphs of its namespace. In: Graphs, EntityRef.
// Out: DetailTraffic, Health. Pure. What the reader may not see was masked when the graphs were made.
import type { DetailPeer, DetailTraffic } from '../../model/detail';
import type { EntityRef } from '../../model/entity';
import { entityOfNode } from '../../model/entity-node';
import type { Graph, GraphEdge, GraphNode } from '../../model/graph';
import { HEALTH_RANK, type Health, NO_HEALTH, worstHealth } from '../../model/health';

const isThat = (entity: EntityRef, node: GraphNode, cluster: string | null): boolean => {
  const own = entityOfNode(node);
  return (
    own !== null &&
    own.kind === entity.kind &&
    own.namespace === entity.namespace &&
    own.name === entity.name &&
    (cluster === null || node.cluster === cluster)
  );
};

/** The node of an app, workload or service; in the console's own cluster where that is known. */
export const findNode = ({ nodes }: Graph, entity: EntityRef, cluster: string | null): GraphNode | null =>
  nodes.find((node) => isThat(entity, node, cluster)) ?? null;

function peerOf(node: GraphNode, edge: GraphEdge, cluster: string | null): DetailPeer {
  return {
    node: node.id,
    edge: edge.id,
    label: node.label,
    kind: node.kind,
    cluster: node.cluster,
    namespace: node.kind === 'hidden' ? '' : node.namespace,
    entity: cluster !== null && node.cluster !== cluster ? null : entityOfNode(node),
    members: node.members,
    protocol: edge.protocol,
    requestsPerSecond: edge.requestsPerSecond,
    errorsPerSecond: edge.errorsPerSecond,
    bytesPerSecond: edge.sentBytesPerSecond + edge.receivedBytesPerSecond,
    latency: edge.latency,
    mtlsShare: edge.mtlsShare,
    health: edge.health,
  };
}

/** Busiest first; edges that carried nothing last. */
const byRate = (a: DetailPeer, b: DetailPeer): number =>
  b.requestsPerSecond - a.requestsPerSecond || b.bytesPerSecond - a.bytesPerSecond || (a.label < b.label ? -1 : 1);

/** Edges of one node. */
export function peersOfNode({ nodes, edges }: Graph, node: GraphNode, cluster: string | null): DetailTraffic {
  const byId = new Map(nodes.map((one) => [one.id, one]));
  const list = (mine: 'source' | 'target', other: 'source' | 'target'): readonly DetailPeer[] =>
    edges
      .filter((edge) => edge[mine] === node.id)
      .flatMap((edge) => {
        const peer = byId.get(edge[other]);
        return peer === undefined ? [] : [peerOf(peer, edge, cluster)];
      })
      .sort(byRate);
  return { inbound: list('target', 'source'), outbound: list('source', 'target') };
}

const add = (a: DetailPeer, b: DetailPeer): DetailPeer => {
  const known = (peer: DetailPeer): number => (peer.mtlsShare === null ? 0 : peer.requestsPerSecond + peer.bytesPerSecond);
  const weight = known(a) + known(b);
  return {
    ...a,
    members: a.members + b.members,
    requestsPerSecond: a.requestsPerSecond + b.requestsPerSecond,
    errorsPerSecond: a.errorsPerSecond + b.errorsPerSecond,
    bytesPerSecond: a.bytesPerSecond + b.bytesPerSecond,
    // Quantiles do not add up.
    latency: null,
    mtlsShare: weight === 0 ? (a.mtlsShare ?? b.mtlsShare) : (known(a) * (a.mtlsShare ?? 0) + known(b) * (b.mtlsShare ?? 0)) / weight,
    health: worstHealth(a.health, b.health),
  };
};

/** What crosses the border of a namespace, by the namespace beyond it and the protocol. */
export function peersOfNamespace({ nodes, edges }: Graph, namespace: string, cluster: string | null): DetailTraffic {
  const byId = new Map(nodes.map((one) => [one.id, one]));
  const isMine = (node: GraphNode): boolean =>
    node.namespace === namespace && node.kind !== 'hidden' && (cluster === null || node.cluster === cluster);
  const sums = { inbound: new Map<string, DetailPeer>(), outbound: new Map<string, DetailPeer>() };
  for (const edge of edges) {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (source === undefined || target === undefined || isMine(source) === isMine(target)) continue;
    const direction = isMine(target) ? 'inbound' : 'outbound';
    const other = direction === 'inbound' ? source : target;
    const named = other.kind !== 'hidden' && other.kind !== 'unknown' && other.namespace !== '' && other.namespace !== 'unknown';
    const key = JSON.stringify([named ? other.cluster : '', named ? other.namespace : other.id, edge.protocol]);
    const peer = peerOf(other, edge, cluster);
    const one: DetailPeer = named
      ? {
          ...peer,
          label: other.namespace,
          kind: 'namespace',
          members: 1,
          latency: null,
          entity:
            cluster !== null && other.cluster !== cluster ? null : { kind: 'namespace', namespace: other.namespace, name: other.namespace },
        }
      : { ...peer, latency: null };
    const sum = sums[direction].get(key);
    sums[direction].set(key, sum === undefined ? one : { ...add(sum, one), members: named ? 1 : Math.max(sum.members, one.members) });
  }
  return { inbound: [...sums.inbound.values()].sort(byRate), outbound: [...sums.outbound.values()].sort(byRate) };
}

/** The health of a namespace: that of its worst part, with the causes of all that are not well, worst first. */
export function healthOfNamespace({ nodes }: Graph, namespace: string, cluster: string | null): Health {
  const own = nodes.filter(
    (node) =>
      node.namespace === namespace &&
      (node.kind === 'workload' || node.kind === 'service') &&
      (cluster === null || node.cluster === cluster),
  );
  const worst = own.reduce((status, { health }) => worstHealth(status, health.status), NO_HEALTH.status);
  const reasons = own.flatMap(({ health }) => health.reasons).sort((a, b) => HEALTH_RANK[b.status] - HEALTH_RANK[a.status]);
  return { status: worst, reasons: reasons.slice(0, 20) };
}
