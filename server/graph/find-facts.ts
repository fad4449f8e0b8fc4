// What find and hide know beyond the graph: labels of workloads and services, identities of clients and servers. In: a projection. Out: FindFacts.
// Read when asked for. Only what the projection shows is told, so that nobody learns of what he may not see.
import type { FindFacts } from '../../model/find/read-element';
import type { Graph, GraphEdge, GraphNode } from '../../model/graph';
import type { EdgeId, NodeId } from '../../model/ids';
import * as column from './columns';
import type { LaidGraph } from './finish';
import type { KnownWorkload } from './identities';
import type { PreparedTraffic } from './memory';

/** Of a Projection, what is read here. */
interface Projected {
  readonly graph: Graph;
  readonly laid: LaidGraph;
  readonly trace: {
    readonly traffic: PreparedTraffic;
    readonly chosen: Int32Array;
    readonly first: Int32Array;
    readonly second: Int32Array;
  };
}

interface Principals {
  readonly source: Set<string>;
  readonly target: Set<string>;
}

export function findFacts(projection: Projected): FindFacts {
  let places: ReadonlyMap<NodeId, number> | null = null;
  let principals: ReadonlyMap<EdgeId, Principals> | null = null;
  return {
    labels: (node: GraphNode) => {
      places ??= new Map(projection.graph.nodes.map(({ id }, i) => [id, i]));
      return labelsAt(projection, places.get(node.id) ?? -1);
    },
    principals: (edge: GraphEdge) => {
      principals ??= listPrincipals(projection);
      const found = principals.get(edge.id);
      return { source: [...(found?.source ?? [])], target: [...(found?.target ?? [])] };
    },
  };
}

function labelsAt({ laid, trace }: Projected, place: number): readonly Readonly<Record<string, string>>[] {
  const identity = laid.nodes[laid.nodeOrder[place] ?? -1]?.identity;
  if (identity === undefined) return [];
  const { workloads, service } = trace.traffic.facts.factsOf(identity, trace.traffic.index.inventory);
  return [...workloads.map(({ labels, podLabels }) => ({ ...labels, ...podLabels })), ...(service === null ? [] : [service.labels])];
}

/** SPIFFE ids of both sides of every edge with mutual TLS, by the service accounts of the workloads that its observations name. */
function listPrincipals({ graph, trace }: Projected): ReadonlyMap<EdgeId, Principals> {
  const { index } = trace.traffic;
  const { inventory } = index;
  const domain = inventory.inventory?.mesh.trustDomain ?? 'cluster.local';
  const byEdge = new Map<EdgeId, Principals>();
  const spiffe = ({ key }: KnownWorkload): string | null => {
    const info = inventory.workloadByKey(key);
    return info === null ? null : `spiffe://${domain}/ns/${info.namespace}/sa/${info.serviceAccount}`;
  };
  const note = (position: number, source: string | null, target: string | null): void => {
    const edge = graph.edges[position];
    if (edge === undefined) return;
    let known = byEdge.get(edge.id);
    if (known === undefined) {
      known = { source: new Set(), target: new Set() };
      byEdge.set(edge.id, known);
    }
    if (source !== null) known.source.add(source);
    if (target !== null) known.target.add(target);
  };
  trace.chosen.forEach((observation, c) => {
    if (column.at(index.rows, observation * column.ROW + column.MUTUAL) <= 0) return;
    const flow = index.topology.identities.flows[column.at(index.flows, observation)];
    if (flow === undefined) return;
    const [source, target] = [spiffe(flow.source), spiffe(flow.destination)];
    for (const leg of [column.at(trace.first, c), column.at(trace.second, c)]) if (leg >= 0) note(leg, source, target);
  });
  return byEdge;
}
