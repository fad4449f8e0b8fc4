// Edges of a graph as JSON. In: a laid graph and the position of an edge in it. Out: bytes behind those of the writer. Long-lived: names are
// encoded once per slot of the topology; numbers are written anew.
import * as column from './columns';
import { collected, type LaidGraph, MARK_SETS, markSetOf, mtlsShareOf, REPORTER_SETS, STATUSES } from './finish';
import type { JsonBytes } from './json-bytes';
import { KEY } from './json-keys';
import { Pieces } from './pieces';
import { PROTOCOL_ORDER, type Topology } from './topology';

const CLOSE_OBJECT = 125;

export class EdgeEncoder {
  readonly #out: JsonBytes;
  readonly #pieces = new Pieces();
  readonly #heads: (Uint8Array | undefined)[] = [];
  /** Health, reporters and marks, by their numbers. */
  readonly #ends: (Uint8Array | undefined)[] = [];

  constructor(out: JsonBytes) {
    this.#out = out;
  }

  /** Names of an edge, up to the key of its rate. */
  head(topology: Topology, slot: number): Uint8Array {
    const known = this.#heads[slot];
    if (known !== undefined) return known;
    const [source, target] = [topology.nodes[topology.edgeSource[slot] ?? -1], topology.nodes[topology.edgeTarget[slot] ?? -1]];
    const protocol = PROTOCOL_ORDER[topology.edgeProtocol[slot] ?? 0] ?? 'http';
    const names = { id: topology.edgeIdOf(slot), source: source?.id ?? '', target: target?.id ?? '', protocol };
    const made = this.#pieces.keep(`${JSON.stringify(names).slice(0, -1)},"requestsPerSecond":`);
    this.#heads[slot] = made;
    return made;
  }

  write(laid: LaidGraph, e: number): void {
    const out = this.#out;
    const { edges } = laid;
    const { rows } = edges;
    const row = e * column.ROW;
    out.raw(this.head(laid.topology, column.at(edges.slot, e)));
    out.rounded(column.at(rows, row + column.REQUESTS));
    const [errors, sent] = [column.at(rows, row + column.ERRORS), column.at(rows, row + column.SENT)];
    const received = column.at(rows, row + column.RECEIVED);
    if (out.isNothing(errors) && out.isNothing(sent) && out.isNothing(received)) out.raw(KEY.noErrorsNoBytes);
    else {
      out.raw(KEY.errors);
      out.rounded(errors);
      out.raw(KEY.sent);
      out.rounded(sent);
      out.raw(KEY.received);
      out.rounded(received);
    }
    this.#latency(laid, e, row);
    out.numberOrNull(mtlsShareOf(rows, row));
    const more = edges.more.get(e);
    if (more !== undefined) out.text(JSON.stringify(more).replace(/^\{(.*)\}$/s, ',$1'));
    out.raw(this.#end(laid, e));
  }

  /** Latency, payload and the key of the mTLS share. */
  #latency({ edges, payload }: LaidGraph, e: number, row: number): void {
    const out = this.#out;
    const latency = edges.latency[e] ?? null;
    if (latency === null && !payload.request && !payload.response) {
      out.raw(KEY.noLatencyNoPayload);
      return;
    }
    if (latency === null) out.raw(KEY.noLatency);
    else {
      out.raw(KEY.average);
      out.numberOrNull(latency.averageMs);
      out.raw(KEY.p50);
      out.numberOrNull(latency.p50Ms);
      out.raw(KEY.p95);
      out.numberOrNull(latency.p95Ms);
      out.raw(KEY.p99);
      out.numberOrNull(latency.p99Ms);
      out.byte(CLOSE_OBJECT);
    }
    const { rows } = edges;
    out.raw(KEY.requestBytes);
    out.numberOrNull(payload.request ? collected(rows, row, column.REQUEST_BYTES, column.REQUEST_BYTES_KNOWN) : null);
    out.raw(KEY.responseBytes);
    out.numberOrNull(payload.response ? collected(rows, row, column.RESPONSE_BYTES, column.RESPONSE_BYTES_KNOWN) : null);
    out.raw(KEY.mtls);
  }

  #end({ nodes, edges }: LaidGraph, e: number): Uint8Array {
    const marks = markSetOf(column.at(edges.marks, e), nodes[column.at(edges.target, e)]?.badges ?? []);
    const key = (column.at(edges.health, e) * REPORTER_SETS.length + column.at(edges.reporters, e)) * MARK_SETS.length + marks;
    const known = this.#ends[key];
    if (known !== undefined) return known;
    const parts = {
      health: STATUSES[column.at(edges.health, e)] ?? 'na',
      reporters: REPORTER_SETS[column.at(edges.reporters, e)] ?? [],
      marks: MARK_SETS[marks] ?? [],
      responses: null,
    };
    const made = this.#pieces.keep(`,${JSON.stringify(parts).slice(1)}`);
    this.#ends[key] = made;
    return made;
  }
}
