// Which traffic an element of the graph stands for, in the words of the metrics, for its charts and principals.
// In: GraphElement. Out: TrafficSelectors. Pure.
import type { GraphNode } from '../../model/graph';
import { UNKNOWN } from '../../model/traffic';
import type { GraphElement } from '../graph/element';
import type { ChartDirection } from '../telemetry/charts';
import type { EndSelector, ServiceSelector, TrafficSelector } from '../telemetry/drilldown';

export interface DirectedSelector {
  readonly direction: ChartDirection;
  readonly selector: TrafficSelector;
}

const ANY: TrafficSelector = { source: null, destination: null, service: null, protocol: null };

/**
 * Selectors of an element; empty for a box around a cluster, and for what no query can be kept to that asks only for what may be seen.
 * `clusters`: whether the metrics tell several clusters apart; `masked`: whether there is anything that the reader may not see.
 */
export function selectTraffic(element: GraphElement, clusters: boolean, masked: boolean): readonly DirectedSelector[] {
  switch (element.kind) {
    case 'edge':
      if (isUntold(element.source) || isUntold(element.target)) return [];
      return [{ direction: 'edge', selector: selectEdge(element.source, element.target, element.edge.protocol, clusters) }];
    case 'node': {
      // All that calls or is called by something without a namespace includes what is hidden.
      if (isUntold(element.node) || (masked && !isNamed(element.node))) return [];
      const inbound: DirectedSelector = { direction: 'inbound', selector: { ...ANY, ...asTarget(element.node, clusters) } };
      const source = asSource(element.node, clusters);
      // What a service sends on to its workloads is what came in.
      if (source === null || isService(element.node)) return [inbound];
      const outbound: DirectedSelector = { direction: 'outbound', selector: { ...ANY, source } };
      return element.node.kind === 'unknown' && element.node.root ? [outbound] : [inbound, outbound];
    }
    case 'box': {
      const { kind, namespace, app, cluster } = element.box;
      if (kind === 'cluster') return [];
      const named = clusters ? cluster : null;
      const end: EndSelector =
        kind === 'app' && app !== null
          ? { kind: 'app', cluster: named, namespace, app, version: null }
          : { kind: 'namespace', cluster: named, namespace };
      return [
        { direction: 'inbound', selector: { ...ANY, destination: end } },
        { direction: 'outbound', selector: { ...ANY, source: end } },
      ];
    }
    default:
      return element satisfies never;
  }
}

/** What no selector of workloads and services tells apart: what is hidden, and operations. */
const isUntold = ({ kind }: GraphNode): boolean => kind === 'hidden' || kind === 'operation';
const isNamed = ({ namespace }: GraphNode): boolean => namespace !== UNKNOWN && namespace !== '';
const isService = (node: GraphNode): boolean => node.kind === 'service' || node.kind === 'serviceEntry';

function selectEdge(source: GraphNode, target: GraphNode, protocol: TrafficSelector['protocol'], clusters: boolean): TrafficSelector {
  // From a service node on: the service's traffic that reaches this workload, whoever calls.
  if (isService(source) && !isService(target))
    return { ...ANY, ...asTarget(target, clusters), service: serviceOf(source, clusters), protocol };
  return { ...ANY, source: asSource(source, clusters), ...asTarget(target, clusters), protocol };
}

function asSource(node: GraphNode, clusters: boolean): EndSelector | null {
  const cluster = clusters ? node.cluster : null;
  const { namespace } = node;
  switch (node.kind) {
    case 'workload':
      return { kind: 'workload', cluster, namespace, workload: node.workload ?? UNKNOWN };
    case 'app':
      return node.workload === null
        ? { kind: 'app', cluster, namespace, app: node.app ?? UNKNOWN, version: null }
        : { kind: 'workload', cluster, namespace, workload: node.workload };
    case 'service':
    case 'serviceEntry':
      // In the service graph a service calls through its app's workloads.
      return node.app === null
        ? { kind: 'namespace', cluster, namespace }
        : { kind: 'app', cluster, namespace, app: node.app, version: null };
    case 'namespace':
      return { kind: 'namespace', cluster, namespace };
    case 'unknown':
      return { kind: 'workload', cluster: null, namespace, workload: UNKNOWN };
    case 'passthrough':
    case 'blackhole':
    case 'hidden':
    case 'operation':
      return null;
    default:
      return node.kind satisfies never;
  }
}

function asTarget(node: GraphNode, clusters: boolean): Pick<TrafficSelector, 'destination' | 'service'> {
  switch (node.kind) {
    case 'service':
    case 'serviceEntry':
    case 'passthrough':
    case 'blackhole':
    case 'hidden':
      return { destination: null, service: serviceOf(node, clusters) };
    case 'unknown':
      // A destination without a name and without a service.
      return { destination: asSource(node, clusters), service: { kind: 'name', cluster: null, name: UNKNOWN, namespace: null } };
    case 'workload':
    case 'app':
    case 'namespace':
    case 'operation':
      return { destination: asSource(node, clusters), service: null };
    default:
      return node.kind satisfies never;
  }
}

function serviceOf(node: GraphNode, clusters: boolean): ServiceSelector {
  const [host] = node.hosts;
  // A ServiceEntry may declare several hosts: the first that was seen stands for it.
  if (node.kind === 'serviceEntry' && host !== undefined) return { kind: 'host', cluster: null, host };
  if (node.kind !== 'service') return { kind: 'name', cluster: null, name: node.label, namespace: null };
  return { kind: 'name', cluster: clusters ? node.cluster : null, name: node.service ?? UNKNOWN, namespace: node.namespace };
}
