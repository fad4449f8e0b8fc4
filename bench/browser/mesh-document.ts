// A modelled mesh as the versioned app graph that the server would send, and the refreshes after it.
// In: MeshModel. Out: GraphDocument. Deterministic.
import { type DirectionTraffic, type GraphBox, type GraphEdge, type GraphNode, NO_TRAFFIC } from '../../model/graph';
import type { HealthStatus } from '../../model/health';
import { edgeId, type NodeId, nodeId } from '../../model/ids';
import { DEFAULT_VIEW, type GraphDocument } from '../../model/wire';
import { createRandom } from '../data/random';
import { type MeshModel, type ModelApp, type ModelCall, serviceOf, versionOf } from './mesh-model';

const CLUSTER = 'east';
const AT_MS = 1_700_000_000_000;

const healthOf = (errorShare: number): HealthStatus => (errorShare >= 0.1 ? 'failure' : errorShare >= 0.01 ? 'degraded' : 'healthy');

function nodeOf(id: NodeId, change: Partial<GraphNode>): GraphNode {
  return {
    id,
    parent: null,
    kind: 'app',
    label: '',
    cluster: CLUSTER,
    namespace: '',
    workload: null,
    app: null,
    version: null,
    service: null,
    workloadKind: null,
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

const boxOf = (kind: 'namespace' | 'app', namespace: string, app: string | null): GraphBox => ({
  id: app === null ? nodeId('box-namespace', CLUSTER, namespace) : nodeId('box-app', CLUSTER, namespace, app),
  parent: kind === 'namespace' ? null : nodeId('box-namespace', CLUSTER, namespace),
  kind,
  label: app ?? namespace,
  cluster: CLUSTER,
  namespace,
  app,
  health: 'healthy',
});

function edgeOf(call: ModelCall, source: NodeId, target: NodeId): GraphEdge {
  const isTcp = call.protocol === 'tcp';
  return {
    id: edgeId(source, target, call.protocol),
    source,
    target,
    protocol: call.protocol,
    requestsPerSecond: isTcp ? 0 : call.rate,
    errorsPerSecond: isTcp ? 0 : call.rate * call.errorShare,
    sentBytesPerSecond: isTcp ? call.rate * 400 : 0,
    receivedBytesPerSecond: isTcp ? call.rate * 600 : 0,
    latency: isTcp
      ? null
      : { averageMs: call.latencyMs * 0.4, p50Ms: call.latencyMs * 0.3, p95Ms: call.latencyMs * 0.8, p99Ms: call.latencyMs },
    requestBytesPerSecond: null,
    responseBytesPerSecond: null,
    mtlsShare: call.mutual ? 1 : 0,
    health: healthOf(call.errorShare),
    reporters: ['destination'],
    marks: [],
    responses: null,
  };
}

interface Parts {
  readonly nodes: GraphNode[];
  readonly boxes: GraphBox[];
  readonly ids: Map<string, NodeId>;
}

function addApp({ nodes, boxes, ids }: Parts, app: ModelApp): void {
  const { namespace, name } = app;
  const boxed = app.versions.length > 1;
  const box = boxOf('app', namespace, name);
  if (boxed) boxes.push(box);
  const parent = boxed ? box.id : boxOf('namespace', namespace, null).id;
  const service = nodeId('service', CLUSTER, namespace, name);
  ids.set(serviceOf(app), service);
  nodes.push(nodeOf(service, { parent, kind: 'service', label: name, namespace, app: name, service: name }));
  for (const version of app.versions) {
    const id = nodeId('app', CLUSTER, namespace, name, version);
    ids.set(versionOf(app, version), id);
    const workload = `${name}-${version}`;
    nodes.push(nodeOf(id, { parent, label: boxed ? version : name, namespace, app: name, version, workload, workloadKind: 'Deployment' }));
  }
}

/** Sums of the edges at their ends, as health and traffic of the nodes. */
function withTraffic(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphNode[] {
  const inbound = new Map<NodeId, DirectionTraffic>();
  const outbound = new Map<NodeId, DirectionTraffic>();
  const worst = new Map<NodeId, HealthStatus>();
  const add = (sums: Map<NodeId, DirectionTraffic>, id: NodeId, edge: GraphEdge): void => {
    const was = sums.get(id) ?? NO_TRAFFIC;
    sums.set(id, {
      ...was,
      http: was.http + (edge.protocol === 'http' ? edge.requestsPerSecond : 0),
      httpErrors: was.httpErrors + (edge.protocol === 'http' ? edge.errorsPerSecond : 0),
      grpc: was.grpc + (edge.protocol === 'grpc' ? edge.requestsPerSecond : 0),
      grpcErrors: was.grpcErrors + (edge.protocol === 'grpc' ? edge.errorsPerSecond : 0),
      tcpBytes: was.tcpBytes + edge.sentBytesPerSecond + edge.receivedBytesPerSecond,
    });
  };
  for (const edge of edges) {
    add(inbound, edge.target, edge);
    add(outbound, edge.source, edge);
    if (edge.health === 'failure') worst.set(edge.target, 'failure');
    else if (edge.health === 'degraded' && worst.get(edge.target) !== 'failure') worst.set(edge.target, 'degraded');
  }
  return nodes.map((node) => ({
    ...node,
    inbound: inbound.get(node.id) ?? NO_TRAFFIC,
    outbound: outbound.get(node.id) ?? NO_TRAFFIC,
    health: { status: worst.get(node.id) ?? 'healthy', reasons: [] },
  }));
}

/** The document of a modelled mesh. */
export function buildMeshDocument(model: MeshModel): GraphDocument {
  const gateway = nodeId('app', CLUSTER, 'istio-system', 'istio-ingressgateway', 'latest');
  const parts: Parts = { nodes: [], boxes: [], ids: new Map([['gateway', gateway]]) };
  const names = [...new Set(['istio-system', ...model.apps.map((app) => app.namespace)])];
  parts.boxes.push(...names.map((name) => boxOf('namespace', name, null)));
  const parent = boxOf('namespace', 'istio-system', null).id;
  const label = 'istio-ingressgateway';
  parts.nodes.push(nodeOf(gateway, { parent, label, namespace: 'istio-system', app: label, badges: ['gateway'], root: true }));
  for (const app of model.apps) addApp(parts, app);
  for (let i = 0; i < model.externals; i++) {
    const id = nodeId('serviceEntry', CLUSTER, `api${i}.partner.example.com`);
    parts.ids.set(`ext:${i}`, id);
    parts.nodes.push(nodeOf(id, { kind: 'serviceEntry', label: `api${i}.partner.example.com` }));
  }
  const edges = model.calls.flatMap((call) => {
    const [source, target] = [parts.ids.get(call.source), parts.ids.get(call.target)];
    return source === undefined || target === undefined ? [] : [edgeOf(call, source, target)];
  });
  const nodes = withTraffic(parts.nodes, edges);
  const live = { state: 'live', atMs: AT_MS, cause: null, next: null } as const;
  return {
    nodes,
    boxes: parts.boxes,
    edges,
    view: DEFAULT_VIEW,
    atMs: AT_MS,
    revision: 1,
    totals: {
      services: model.apps.length,
      workloads: nodes.filter((node) => node.kind === 'app').length,
      apps: model.apps.length,
      edges: edges.length,
      requestsPerSecond: edges.reduce((sum, edge) => sum + edge.requestsPerSecond, 0),
      errorsPerSecond: edges.reduce((sum, edge) => sum + edge.errorsPerSecond, 0),
      tcpBytesPerSecond: edges.reduce((sum, edge) => sum + edge.sentBytesPerSecond + edge.receivedBytesPerSecond, 0),
      mtlsShare: 0.93,
      health: { failure: 0, degraded: 0, notReady: 0, healthy: nodes.length, na: 0 },
    },
    notes: [],
    freshness: { metrics: live, cluster: live },
    folded: false,
  };
}

/** The next refresh: `share` of the edges have other rates and another health. Nothing comes or goes. */
export function changeEdges(document: GraphDocument, share: number, seed: number): GraphDocument {
  const random = createRandom(seed);
  const edges = document.edges.map((edge) => {
    if (random.next() >= share) return edge;
    const errors = random.next() < 0.85 ? 0 : random.next() * 0.3;
    const requestsPerSecond = edge.requestsPerSecond * (0.5 + random.next());
    return {
      ...edge,
      requestsPerSecond,
      errorsPerSecond: requestsPerSecond * errors,
      sentBytesPerSecond: edge.sentBytesPerSecond * (0.5 + random.next()),
      health: edge.protocol === 'tcp' ? edge.health : healthOf(errors),
    };
  });
  return { ...document, edges, nodes: withTraffic(document.nodes, edges), revision: document.revision + 1, atMs: document.atMs + 15_000 };
}

/** The next refresh after a rollout: `share` of the versions are gone, as many of another version stand in their place. */
export function replaceVersions(document: GraphDocument, share: number, seed: number): GraphDocument {
  const random = createRandom(seed);
  const renamed = new Map<NodeId, NodeId>();
  const nodes = document.nodes.map((node): GraphNode => {
    if (node.kind !== 'app' || node.root || random.next() >= share) return node;
    const version = `r${seed}`;
    const id = nodeId('app', CLUSTER, node.namespace, node.app ?? '', version, node.version ?? '');
    renamed.set(node.id, id);
    return { ...node, id, version, label: node.label === node.version ? version : node.label };
  });
  const edges = document.edges.map((edge) => {
    const source = renamed.get(edge.source) ?? edge.source;
    const target = renamed.get(edge.target) ?? edge.target;
    return source === edge.source && target === edge.target ? edge : { ...edge, source, target, id: edgeId(source, target, edge.protocol) };
  });
  return { ...document, nodes, edges, revision: document.revision + 1, atMs: document.atMs + 15_000 };
}
