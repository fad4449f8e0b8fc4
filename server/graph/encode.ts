// A graph document or delta as JSON bytes, fast enough for ten thousand edges per refresh.
// In: a laid graph and the small fields of its document; a delta. Out: bytes that JSON.parse reads back as the same value.
// Long-lived: what seldom changes is encoded once and then copied; numbers are written anew, straight from the columns.
import type { GraphBox } from '../../model/graph';
import type { GraphDelta, GraphDocument } from '../../model/wire';
import { TRAFFIC } from './draft';
import { EdgeEncoder } from './encode-edge';
import { NodeEncoder } from './encode-node';
import { EncodedDocument, FRESHNESS_BYTES } from './encoded-document';
import type { LaidGraph } from './finish';
import { JsonBytes } from './json-bytes';
import { EDGE_HEALTH, KEY } from './json-keys';
import type { Topology } from './topology';

const COMMA = 44;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;

/** What there is of a document beside its graph and its freshness. */
export type DocumentHead = Omit<GraphDocument, 'nodes' | 'boxes' | 'edges' | 'freshness'>;

/** Pieces that do not change between documents, for one topology. */
interface Kept {
  readonly topology: Topology;
  readonly nodes: NodeEncoder;
  readonly edges: EdgeEncoder;
}

/** Encodes graphs of one memory at a time; one for all views is enough. */
export class GraphEncoder {
  readonly #out = new JsonBytes();
  #kept: Kept | null = null;

  /** JSON of a document, small fields first; its freshness is added when it is closed. */
  encodeDocument(head: DocumentHead, laid: LaidGraph): EncodedDocument {
    const { nodes, edges } = this.#keptOf(laid.topology);
    const out = this.#begin(head);
    out.raw(KEY.nodes);
    for (let i = 0; i < laid.nodeOrder.length; i++) {
      if (i > 0) out.byte(COMMA);
      writeNode(nodes, laid, i);
    }
    out.raw(KEY.boxes);
    laid.boxes.forEach((box, i) => {
      if (i > 0) out.byte(COMMA);
      this.#box(box);
    });
    out.raw(KEY.edges);
    for (let i = 0; i < laid.edgeOrder.length; i++) {
      if (i > 0) out.byte(COMMA);
      edges.write(laid, laid.edgeOrder[i] ?? 0);
    }
    out.byte(CLOSE_LIST);
    return new EncodedDocument(out.finish(FRESHNESS_BYTES));
  }

  /** JSON of a delta that leads to `after`, of which `laid` is made; what is put are elements of `after`, in its order. */
  encodeDelta(delta: GraphDelta, after: Pick<GraphDocument, 'nodes' | 'edges'>, laid: LaidGraph): Uint8Array {
    const { nodes, boxes, edges, ...small } = delta;
    const kept = this.#keptOf(laid.topology);
    const out = this.#begin(small);
    this.#part('nodes', nodes.put, nodes.drop, after.nodes, (_, place) => writeNode(kept.nodes, laid, place));
    this.#part('boxes', boxes.put, boxes.drop, [], (box) => this.#box(box));
    this.#part('edges', edges.put, edges.drop, after.edges, (_, place) => kept.edges.write(laid, laid.edgeOrder[place] ?? 0));
    out.byte(CLOSE_OBJECT);
    return out.finish();
  }

  #part<T>(key: string, put: readonly T[], drop: readonly string[], after: readonly T[], write: (item: T, place: number) => void): void {
    this.#out.text(`,"${key}":{"put":[`);
    let place = 0;
    put.forEach((item, i) => {
      while (place < after.length && after[place] !== item) place++;
      if (i > 0) this.#out.byte(COMMA);
      write(item, place);
    });
    this.#out.text('],"drop":');
    this.#out.strings(drop);
    this.#out.byte(CLOSE_OBJECT);
  }

  /** Encodes the names of edges that were never written, so that the first document of a view costs what the next one does. */
  warm(topology: Topology): void {
    const { edges } = this.#keptOf(topology);
    for (let slot = 0; slot < topology.edgeSource.length; slot++) edges.head(topology, slot);
  }

  #keptOf(topology: Topology): Kept {
    if (this.#kept?.topology !== topology) this.#kept = { topology, nodes: new NodeEncoder(this.#out), edges: new EdgeEncoder(this.#out) };
    return this.#kept;
  }

  /** Opens an object with the fields of `small`, left open. */
  #begin(small: object): JsonBytes {
    this.#out.start();
    this.#out.text(JSON.stringify(small).slice(0, -1));
    return this.#out;
  }

  #box(box: GraphBox): void {
    const out = this.#out;
    out.raw(KEY.id);
    out.string(box.id);
    out.raw(KEY.parent);
    out.stringOrNull(box.parent);
    out.raw(KEY.kind);
    out.string(box.kind);
    out.raw(KEY.label);
    out.string(box.label);
    out.raw(KEY.cluster);
    out.string(box.cluster);
    out.raw(KEY.namespace);
    out.string(box.namespace);
    out.raw(KEY.app);
    out.stringOrNull(box.app);
    out.raw(EDGE_HEALTH[box.health]);
    out.byte(CLOSE_OBJECT);
  }
}

function writeNode(nodes: NodeEncoder, laid: LaidGraph, place: number): void {
  const position = laid.nodeOrder[place] ?? 0;
  const node = laid.nodes[position];
  if (node !== undefined) nodes.write(node, laid.traffic, position * TRAFFIC);
}
