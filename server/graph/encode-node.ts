// Nodes of a graph as JSON. In: draft nodes and their traffic. Out: bytes behind those of the writer. Long-lived: what seldom changes of a
// node (names; badges, pods, hosts) is kept encoded and copied while it is the same.
import type { Badge } from '../../model/graph';
import type { Health } from '../../model/health';
import * as column from './columns';
import type { DraftNode } from './draft';
import type { NodeFacts } from './facts';
import type { JsonBytes } from './json-bytes';
import { END_STATUS, KEY, PLAIN_HEALTH, STATUS } from './json-keys';
import { Pieces } from './pieces';
import type { NodeIdentity } from './topology';

const COMMA = 44;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;

interface Front {
  readonly identity: NodeIdentity;
  readonly facts: NodeFacts;
  readonly parent: string | null;
  readonly label: string;
  readonly app: string | null;
  readonly bytes: Uint8Array;
}

interface Back {
  readonly facts: NodeFacts;
  readonly badges: readonly Badge[];
  readonly hosts: readonly string[];
  readonly outside: boolean;
  readonly root: boolean;
  readonly bytes: Uint8Array;
}

/** A node looks different in some views: so many looks are kept. */
const MAX_LOOKS = 4;

/** The last few looks of each node. */
class Variants<T> {
  readonly #looks: (T[] | undefined)[] = [];

  of(node: number): readonly T[] {
    return this.#looks[node] ?? NO_LOOKS;
  }

  add(node: number, look: T): void {
    const own = this.#looks[node];
    if (own === undefined) this.#looks[node] = [look];
    else if (own.push(look) > MAX_LOOKS) own.shift();
  }
}
const NO_LOOKS: readonly never[] = [];

/** Codes of reasons, few but foreign. */
const MAX_WORDS = 2000;

export class NodeEncoder {
  readonly #out: JsonBytes;
  readonly #pieces = new Pieces();
  readonly #fronts = new Variants<Front>();
  readonly #backs = new Variants<Back>();
  readonly #words = new Map<string, Uint8Array>();

  constructor(out: JsonBytes) {
    this.#out = out;
  }

  /** Writes a node; its ten numbers of traffic begin at `at`. */
  write(node: DraftNode, traffic: Float64Array, at: number): void {
    const out = this.#out;
    out.raw(this.#front(node));
    this.#traffic(traffic, at);
    out.raw(KEY.outbound);
    this.#traffic(traffic, at + 5);
    out.raw(KEY.health);
    if (node.health.reasons.length === 0) out.raw(PLAIN_HEALTH[node.health.status]);
    else this.#health(node.health);
    out.raw(this.#back(node));
    if (node.more !== null) out.text(JSON.stringify(node.more).replace(/^\{(.*)\}$/s, ',$1'));
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

  /** Names and place, up to the key of the inbound traffic. */
  #front({ identity, facts, parent, label, app }: DraftNode): Uint8Array {
    for (const known of this.#fronts.of(identity.index))
      if (known.label === label && known.parent === parent && known.app === app && known.facts === facts && known.identity === identity)
        return known.bytes;
    const { id, kind, cluster, namespace, workload, version, service } = identity;
    const { workloadKind, mode } = facts;
    const names = { id, kind, cluster, namespace, workload, version, service, parent, label, app, workloadKind, mode };
    const bytes = this.#pieces.keep(`${JSON.stringify(names).slice(0, -1)},"inbound":`);
    this.#fronts.add(identity.index, { identity, facts, parent, label, app, bytes });
    return bytes;
  }

  /** Badges, place beside the selection, pods and hosts. */
  #back({ identity, facts, badges, hosts, outside, root }: DraftNode): Uint8Array {
    for (const known of this.#backs.of(identity.index))
      if (
        known.facts === facts &&
        known.outside === outside &&
        known.root === root &&
        isSame(known.badges, badges) &&
        isSame(known.hosts, hosts)
      )
        return known.bytes;
    const text = JSON.stringify({ badges, outside, root, pods: facts.pods, hosts });
    const bytes = this.#pieces.keep(`,${text.slice(1, -1)}`);
    this.#backs.add(identity.index, { facts, badges, hosts, outside, root, bytes });
    return bytes;
  }

  #word(text: string): Uint8Array {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    if (this.#words.size > MAX_WORDS) this.#words.clear();
    const bytes = this.#pieces.keep(JSON.stringify(text));
    this.#words.set(text, bytes);
    return bytes;
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
      out.raw(this.#word(reason.code));
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

  #traffic(traffic: Float64Array, at: number): void {
    const out = this.#out;
    const [http, grpc, tcpBytes] = [column.at(traffic, at), column.at(traffic, at + 2), column.at(traffic, at + 4)];
    const noGrpc = out.isNothing(grpc);
    const noTcp = out.isNothing(tcpBytes);
    if (noGrpc && noTcp && out.isNothing(http)) {
      out.raw(KEY.noTraffic);
      return;
    }
    out.raw(KEY.http);
    out.rounded(http);
    out.raw(KEY.httpErrors);
    out.rounded(column.at(traffic, at + 1));
    if (noGrpc && noTcp) {
      out.raw(KEY.httpOnly);
      return;
    }
    out.raw(KEY.grpc);
    out.rounded(grpc);
    out.raw(KEY.grpcErrors);
    out.rounded(column.at(traffic, at + 3));
    out.raw(KEY.tcpBytes);
    out.rounded(tcpBytes);
    out.byte(CLOSE_OBJECT);
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
