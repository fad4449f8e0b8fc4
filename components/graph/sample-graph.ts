// Small graphs for the tests of this folder: nodes and edges from a few words, everything else at rest.
// In: names. Out: GraphDocument parts as the server would send them.
import { type DirectionTraffic, type GraphBox, type GraphEdge, type GraphNode, NO_TRAFFIC } from '../../model/graph';
import { edgeId, type NodeId, nodeId } from '../../model/ids';
import { DEFAULT_VIEW, type Freshness, type GraphDocument } from '../../model/wire';

export const sampleId = (name: string): NodeId => nodeId('workload', 'c', 'shop', name);

export function sampleNode(name: string, change: Partial<GraphNode> = {}): GraphNode {
  return {
    id: sampleId(name),
    parent: null,
    kind: 'workload',
    label: name,
    cluster: 'c',
    namespace: 'shop',
    workload: name,
    app: name,
    version: null,
    service: null,
    workloadKind: 'Deployment',
    mode: 'sidecar',
    inbound: NO_TRAFFIC,
    outbound: NO_TRAFFIC,
    health: { status: 'healthy', reasons: [] },
    badges: [],
    outside: false,
    root: false,
    pods: null,
    hosts: [],
    explanation: null,
    members: 1,
    ...change,
  };
}

export function sampleEdge(from: string, to: string, change: Partial<GraphEdge> = {}): GraphEdge {
  const [source, target] = [sampleId(from), sampleId(to)];
  const protocol = change.protocol ?? 'http';
  return {
    id: edgeId(source, target, protocol),
    source,
    target,
    protocol,
    requestsPerSecond: protocol === 'tcp' ? 0 : 10,
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
  };
}

export function sampleBox(name: string, change: Partial<GraphBox> = {}): GraphBox {
  return {
    id: nodeId('box-namespace', 'c', name),
    parent: null,
    kind: 'namespace',
    label: name,
    cluster: 'c',
    namespace: name,
    app: null,
    health: 'healthy',
    ...change,
  };
}

const LIVE = { state: 'live', atMs: 1000, cause: null, next: null } as const;
export const SAMPLE_FRESHNESS: Freshness = { metrics: LIVE, cluster: LIVE };

export function sampleDocument(parts: Partial<GraphDocument> = {}): GraphDocument {
  return {
    nodes: [],
    boxes: [],
    edges: [],
    view: DEFAULT_VIEW,
    atMs: 1000,
    revision: 1,
    totals: {
      services: 0,
      workloads: 0,
      apps: 0,
      edges: 0,
      requestsPerSecond: 0,
      errorsPerSecond: 0,
      tcpBytesPerSecond: 0,
      mtlsShare: null,
      health: { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 },
    },
    notes: [],
    freshness: SAMPLE_FRESHNESS,
    folded: false,
    ...parts,
  };
}

export const sampleTraffic = (change: Partial<DirectionTraffic>): DirectionTraffic => ({ ...NO_TRAFFIC, ...change });
