// A graph document or delta as JSON bytes, fast enough for ten thousand edges per refresh.
// In: GraphDocument, GraphDelta, where their elements stand in the topology. Out: Uint8Array that JSON.parse reads back as the same value.
// Long-lived: names are encoded once per node and edge and then copied; everything else is written anew.
import type { DirectionTraffic, EdgeLatency, GraphBox, GraphEdge, GraphNode } from '../../model/graph';
import type { Health } from '../../model/health';
import type { GraphDelta, GraphDocument } from '../../model/wire';
import { EncodedDocument, FRESHNESS_BYTES } from './encoded-document';
import { JsonBytes, jsonBytes } from './json-bytes';
import { EDGE_HEALTH, END_STATUS, KEY, PLAIN_HEALTH, STATUS } from './json-keys';
import { type NodeIdentity, PROTOCOL_ORDER, type Topology } from './topology';

const COMMA = 44;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;

/** Where the elements of a graph stand in the topology: by position in graph.nodes and graph.edges. */
export interface Places {
  readonly topology: Topology;
  /** NodeIdentity.index of each node. */
  readonly nodes: Int32Array;
  /** Slot of each edge. */
  readonly edges: Int32Array;
}

/** Pieces that do not change between documents, for one topology. */
interface Names {
  readonly topology: Topology;
  readonly edges: (Uint8Array | undefined)[];
  readonly nodes: ({ readonly identity: NodeIdentity; readonly head: Uint8Array } | undefined)[];
  readonly hosts: ({ readonly hosts: readonly string[]; readonly bytes: Uint8Array } | undefined)[];
}

/** Short strings that repeat (boxes, kinds, modes) and ends of edges, by their text. */
const MAX_WORDS = 20_000;

/** Encodes graphs of one memory at a time; one for all views is enough. */
export class GraphEncoder {
  readonly #out = new JsonBytes();
  #names: Names | null = null;
  readonly #words = new Map<string, Uint8Array>();
  /** Ends of edges by health, then reporters, then marks (both interned lists). */
  readonly #ends = new Map<string, WeakMap<readonly string[], WeakMap<readonly string[], Uint8Array>>>();

  /** JSON of a document, small fields first; its freshness is added when it is closed. */
  encodeDocument(document: Omit<GraphDocument, 'freshness'>, places: Places): EncodedDocument {
    const { nodes, boxes, edges, ...small } = document;
    const names = this.#namesOf(places.topology);
    const out = this.#begin(small);
    out.raw(KEY.nodes);
    for (let i = 0; i < nodes.length; i++) this.#node(nodes[i], i, places.nodes[i] ?? -1, names);
    out.raw(KEY.boxes);
    boxes.forEach((box, i) => {
      this.#box(box, i);
    });
    out.raw(KEY.edges);
    for (let i = 0; i < edges.length; i++) this.#edge(edges[i], i, places.edges[i] ?? -1, names);
    out.byte(CLOSE_LIST);
    return new EncodedDocument(out.finish(FRESHNESS_BYTES));
  }

  /** JSON of a delta that leads to `after`; what is put are elements of `after`, in its order. */
  encodeDelta(delta: GraphDelta, after: Pick<GraphDocument, 'nodes' | 'edges'>, places: Places): Uint8Array {
    const { nodes, boxes, edges, ...small } = delta;
    const names = this.#namesOf(places.topology);
    const out = this.#begin(small);
    this.#part('nodes', nodes.put, nodes.drop, after.nodes, (node, i, at) => {
      this.#node(node, i, places.nodes[at] ?? -1, names);
    });
    this.#part('boxes', boxes.put, boxes.drop, [], (box, i) => {
      this.#box(box, i);
    });
    this.#part('edges', edges.put, edges.drop, after.edges, (edge, i, at) => {
      this.#edge(edge, i, places.edges[at] ?? -1, names);
    });
    out.byte(CLOSE_OBJECT);
    return out.finish();
  }

  #part<T>(
    key: string,
    put: readonly T[],
    drop: readonly string[],
    after: readonly T[],
    write: (item: T, i: number, at: number) => void,
  ): void {
    this.#out.text(`,"${key}":{"put":[`);
    let at = 0;
    put.forEach((item, i) => {
      while (at < after.length && after[at] !== item) at++;
      write(item, i, at);
    });
    this.#out.text('],"drop":');
    this.#out.strings(drop);
    this.#out.byte(CLOSE_OBJECT);
  }

  /** Encodes the names of nodes and edges that were never written, so that the first document of a view costs what the next one does. */
  warm(topology: Topology): void {
    const names = this.#namesOf(topology);
    for (const identity of topology.nodes) nodeHead(identity, identity.index, names);
    for (let slot = 0; slot < topology.edgeSource.length; slot++) {
      if (names.edges[slot] !== undefined) continue;
      const [source, target] = [topology.nodes[topology.edgeSource[slot] ?? -1], topology.nodes[topology.edgeTarget[slot] ?? -1]];
      const protocol = PROTOCOL_ORDER[topology.edgeProtocol[slot] ?? 0];
      if (source !== undefined && target !== undefined && protocol !== undefined)
        edgeHead({ id: topology.edgeIdOf(slot), source: source.id, target: target.id, protocol }, slot, names);
    }
  }

  #namesOf(topology: Topology): Names {
    if (this.#names?.topology !== topology) this.#names = { topology, edges: [], nodes: [], hosts: [] };
    if (this.#words.size > MAX_WORDS) this.#words.clear();
    return this.#names;
  }

  /** Opens an object with the fields of `small`, left open. */
  #begin(small: object): JsonBytes {
    this.#out.start();
    this.#out.text(JSON.stringify(small).slice(0, -1));
    return this.#out;
  }

  #word(text: string | null): void {
    if (text === null) {
      this.#out.stringOrNull(null);
      return;
    }
    let bytes = this.#words.get(text);
    if (bytes === undefined) {
      bytes = jsonBytes(JSON.stringify(text));
      this.#words.set(text, bytes);
    }
    this.#out.raw(bytes);
  }

  #box(box: GraphBox, i: number): void {
    const out = this.#out;
    if (i > 0) out.byte(COMMA);
    out.raw(KEY.id);
    out.string(box.id);
    out.raw(KEY.parent);
    this.#word(box.parent);
    out.raw(KEY.kind);
    this.#word(box.kind);
    out.raw(KEY.label);
    out.string(box.label);
    out.raw(KEY.cluster);
    this.#word(box.cluster);
    out.raw(KEY.namespace);
    this.#word(box.namespace);
    out.raw(KEY.app);
    out.stringOrNull(box.app);
    out.raw(EDGE_HEALTH[box.health]);
    out.byte(CLOSE_OBJECT);
  }

  #node(node: GraphNode | undefined, i: number, index: number, names: Names): void {
    if (node === undefined) return;
    const out = this.#out;
    if (i > 0) out.byte(COMMA);
    out.raw(nodeHead(node, index, names));
    out.raw(KEY.parent);
    this.#word(node.parent);
    out.raw(KEY.label);
    out.string(node.label);
    out.raw(KEY.app);
    out.stringOrNull(node.app);
    out.raw(KEY.workloadKind);
    this.#word(node.workloadKind);
    out.raw(KEY.mode);
    this.#word(node.mode);
    out.raw(KEY.inbound);
    this.#traffic(node.inbound);
    out.raw(KEY.outbound);
    this.#traffic(node.outbound);
    out.raw(KEY.health);
    if (node.health.reasons.length === 0) out.raw(PLAIN_HEALTH[node.health.status]);
    else this.#health(node.health);
    if (node.badges.length === 0) out.raw(KEY.noBadges);
    else {
      out.raw(KEY.badges);
      out.strings(node.badges);
    }
    if (node.outside) out.raw(node.root ? KEY.outsideRoot : KEY.outside);
    else out.raw(node.root ? KEY.insideRoot : KEY.inside);
    if (node.pods === null) out.raw(KEY.noPods);
    else {
      out.raw(KEY.ready);
      out.number(node.pods.ready);
      out.raw(KEY.desired);
      out.number(node.pods.desired);
      out.byte(CLOSE_OBJECT);
    }
    out.raw(hostList(node.hosts, index, names));
    if (node.explanation === null && node.members === 1) {
      out.raw(KEY.noExplanationOneMember);
      return;
    }
    if (node.explanation === null) out.raw(KEY.noExplanation);
    else {
      out.raw(KEY.explanation);
      out.value(node.explanation);
    }
    out.raw(KEY.members);
    out.number(node.members);
    out.byte(CLOSE_OBJECT);
  }

  #health({ status, reasons }: Health): void {
    const out = this.#out;
    out.raw(STATUS[status]);
    reasons.forEach((reason, i) => {
      if (i > 0) out.byte(COMMA);
      if (reason.kind === 'pods') {
        out.value(reason);
        return;
      }
      out.raw(KEY.requestReason[reason.direction][reason.protocol]);
      this.#word(reason.code);
      out.raw(KEY.errorPercent);
      out.number(reason.errorPercent);
      out.raw(KEY.degradedPercent);
      out.number(reason.degradedPercent);
      out.raw(KEY.failurePercent);
      out.number(reason.failurePercent);
      out.raw(END_STATUS[reason.status]);
    });
    out.byte(CLOSE_LIST);
    out.byte(CLOSE_OBJECT);
  }

  #traffic(traffic: DirectionTraffic): void {
    const out = this.#out;
    const { http, httpErrors, grpc, tcpBytes } = traffic;
    if (http === 0 && grpc === 0 && tcpBytes === 0) {
      out.raw(KEY.noTraffic);
      return;
    }
    out.raw(KEY.http);
    out.number(http);
    out.raw(KEY.httpErrors);
    out.number(httpErrors);
    if (grpc === 0 && tcpBytes === 0) {
      out.raw(KEY.httpOnly);
      return;
    }
    out.raw(KEY.grpc);
    out.number(grpc);
    out.raw(KEY.grpcErrors);
    out.number(traffic.grpcErrors);
    out.raw(KEY.tcpBytes);
    out.number(tcpBytes);
    out.byte(CLOSE_OBJECT);
  }

  #edge(edge: GraphEdge | undefined, i: number, slot: number, names: Names): void {
    if (edge === undefined) return;
    const out = this.#out;
    if (i > 0) out.byte(COMMA);
    out.raw(edgeHead(edge, slot, names));
    out.number(edge.requestsPerSecond);
    if (edge.errorsPerSecond === 0 && edge.sentBytesPerSecond === 0 && edge.receivedBytesPerSecond === 0) out.raw(KEY.noErrorsNoBytes);
    else {
      out.raw(KEY.errors);
      out.number(edge.errorsPerSecond);
      out.raw(KEY.sent);
      out.number(edge.sentBytesPerSecond);
      out.raw(KEY.received);
      out.number(edge.receivedBytesPerSecond);
    }
    this.#latency(edge);
    out.numberOrNull(edge.mtlsShare);
    if (edge.responses === null) out.raw(this.#end(edge));
    else {
      out.raw(EDGE_HEALTH[edge.health]);
      out.raw(KEY.reporters);
      out.strings(edge.reporters);
      out.raw(KEY.marks);
      out.strings(edge.marks);
      out.raw(KEY.responses);
      out.value(edge.responses);
      out.byte(CLOSE_OBJECT);
    }
  }

  /** Latency, payload and the key of the mTLS share. */
  #latency({ latency, requestBytesPerSecond, responseBytesPerSecond }: GraphEdge): void {
    const out = this.#out;
    if (latency === null) out.raw(KEY.noLatency);
    else {
      out.raw(KEY.average);
      out.numberOrNull(latency.averageMs);
      const plain = latency.p50Ms === null && latency.p95Ms === null && latency.p99Ms === null;
      if (plain && requestBytesPerSecond === null && responseBytesPerSecond === null) {
        out.raw(KEY.noQuantilesNoPayload);
        return;
      }
      this.#quantiles(latency);
    }
    out.raw(KEY.requestBytes);
    out.numberOrNull(requestBytesPerSecond);
    out.raw(KEY.responseBytes);
    out.numberOrNull(responseBytesPerSecond);
    out.raw(KEY.mtls);
  }

  #quantiles(latency: EdgeLatency): void {
    const out = this.#out;
    out.raw(KEY.p50);
    out.numberOrNull(latency.p50Ms);
    out.raw(KEY.p95);
    out.numberOrNull(latency.p95Ms);
    out.raw(KEY.p99);
    out.numberOrNull(latency.p99Ms);
    out.byte(CLOSE_OBJECT);
  }

  #end(edge: GraphEdge): Uint8Array {
    let byReporters = this.#ends.get(edge.health);
    if (byReporters === undefined) {
      byReporters = new WeakMap();
      this.#ends.set(edge.health, byReporters);
    }
    let byMarks = byReporters.get(edge.reporters);
    if (byMarks === undefined) {
      byMarks = new WeakMap();
      byReporters.set(edge.reporters, byMarks);
    }
    const known = byMarks.get(edge.marks);
    if (known !== undefined) return known;
    const { health, reporters, marks, responses } = edge;
    const made = jsonBytes(`,${JSON.stringify({ health, reporters, marks, responses }).slice(1)}`);
    byMarks.set(edge.marks, made);
    return made;
  }
}

type NodeName = Pick<GraphNode, 'id' | 'kind' | 'cluster' | 'namespace' | 'workload' | 'version' | 'service'>;

function nodeHead(node: NodeName, index: number, names: Names): Uint8Array {
  const identity = names.topology.nodes[index];
  const known = names.nodes[index];
  if (known !== undefined && known.identity === identity) return known.head;
  const { id, kind, cluster, namespace, workload, version, service } = node;
  const head = jsonBytes(JSON.stringify({ id, kind, cluster, namespace, workload, version, service }).slice(0, -1));
  if (identity !== undefined) names.nodes[index] = { identity, head };
  return head;
}

function hostList(hosts: readonly string[], index: number, names: Names): Uint8Array {
  const known = names.hosts[index];
  if (known !== undefined && known.hosts.length === hosts.length && known.hosts.every((host, i) => host === hosts[i])) return known.bytes;
  const bytes = jsonBytes(`,"hosts":${JSON.stringify(hosts)}`);
  if (index >= 0) names.hosts[index] = { hosts, bytes };
  return bytes;
}

function edgeHead(edge: Pick<GraphEdge, 'id' | 'source' | 'target' | 'protocol'>, slot: number, names: Names): Uint8Array {
  const known = names.edges[slot];
  if (known !== undefined) return known;
  const { id, source, target, protocol } = edge;
  const head = jsonBytes(`${JSON.stringify({ id, source, target, protocol }).slice(0, -1)},"requestsPerSecond":`);
  if (slot >= 0) names.edges[slot] = head;
  return head;
}
