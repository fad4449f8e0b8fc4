// One view as the server keeps it: what it shows now, its revision, its encodings. In: prepared traffic. Out: publications, documents.
import { diffGraph, type GraphRevision, isEmptyDelta } from '../../model/delta';
import type { Freshness, GraphDelta, ViewSpec } from '../../model/wire';
import type { ProjectionHints } from '../graph/draft';
import type { DocumentHead, GraphEncoder } from '../graph/encode';
import type { EncodedDocument } from '../graph/encoded-document';
import type { PreparedTraffic } from '../graph/memory';
import { type Projection, projectGraph } from '../graph/project';
import type { Publication } from './hub';
import type { VisibleNamespaces } from './sights';
import { encodeEvent } from './sse';

/** What every view of an engine shares. */
export interface ViewTools {
  readonly encoder: GraphEncoder;
  readonly epoch: string;
  /** A number that was never given out before, larger than all others. */
  readonly nextRevision: () => number;
}

interface Shown {
  readonly traffic: PreparedTraffic;
  readonly projection: Projection;
  readonly head: DocumentHead;
  body: EncodedDocument | null;
}

/** A new revision and the change that led to it; `delta` null for the first. */
export interface Change {
  readonly from: number | null;
  readonly delta: GraphDelta | null;
}

const ENCODER = new TextEncoder();

/** Id of an SSE event: from which revision a reader can go on. */
const eventId = (epoch: string, revision: number): string => `${epoch}-${revision}`;

/** A status event. */
export const encodeStatus = (freshness: Freshness): Uint8Array => encodeEvent('status', null, ENCODER.encode(JSON.stringify(freshness)));

export class LiveView {
  readonly key: string;
  /** As it was asked for, and as its documents say it. */
  readonly asked: ViewSpec;
  /** The same with what its hide text reads. */
  readonly spec: ViewSpec;
  /** What its readers may see; null = everything. */
  readonly visible: VisibleNamespaces | null;
  /** Instant at which somebody last asked for it, ms since the epoch. */
  lastAskedMs = 0;
  /** Text of the status last sent to its readers. */
  lastStatus = '';
  readonly #tools: ViewTools;
  #shown: Shown | null = null;
  #answer: { readonly tag: string; readonly bytes: Uint8Array } | null = null;

  constructor(
    key: string,
    { asked, spec }: { readonly asked: ViewSpec; readonly spec: ViewSpec },
    visible: VisibleNamespaces | null,
    tools: ViewTools,
  ) {
    this.key = key;
    this.asked = asked;
    this.spec = spec;
    this.visible = visible;
    this.#tools = tools;
  }

  get projection(): Projection | null {
    return this.#shown?.projection ?? null;
  }

  /** Shows this traffic. Null when it did already, or when nothing changed at all. */
  show(traffic: PreparedTraffic, hints: ProjectionHints): Change | null {
    const before = this.#shown;
    if (before?.traffic === traffic) return null;
    const projection = projectGraph(traffic, this.spec, hints, this.visible?.namespaces ?? null);
    const { totals, notes, folded, paths } = projection;
    const revision = this.#tools.nextRevision();
    const { atMs } = traffic.index.snapshot;
    const next: Shown = {
      traffic,
      projection,
      head: { view: this.asked, totals, notes, folded, ...(paths === null ? {} : { paths }), atMs, revision },
      body: null,
    };
    const delta = before === null ? null : diffGraph(revisionOf(before), revisionOf(next));
    if (before !== null && delta !== null && before.head.atMs === atMs && isEmptyDelta(delta, before.head)) {
      // The inventory moved where nobody looks: same revision, but the tables come from the new state.
      this.#shown = { ...before, traffic, projection };
      return null;
    }
    this.#shown = next;
    return { from: before?.head.revision ?? null, delta };
  }

  /** The publication of what is shown; null before anything is. */
  publication(change: Change | null, freshness: () => Freshness): Publication | null {
    const shown = this.#shown;
    if (shown === null) return null;
    const { epoch, encoder } = this.#tools;
    const { head, projection } = shown;
    const id = eventId(epoch, head.revision);
    const { delta, from } = change ?? { delta: null, from: null };
    return {
      id,
      from: from === null ? null : eventId(epoch, from),
      delta: delta === null ? null : encodeEvent('delta', id, encoder.encodeDelta(delta, projection.graph, projection.laid)),
      snapshot: () => encodeEvent('snapshot', id, this.#body(shown).close(freshness())),
    };
  }

  /** The document as JSON; the same bytes while neither graph nor freshness change. Null before anything is shown. */
  encode(freshness: Freshness): { readonly tag: string; readonly bytes: Uint8Array } | null {
    const shown = this.#shown;
    if (shown === null) return null;
    // The instants inside move with the clock while nothing else does: an answer that differs in them alone is the same answer.
    const state = JSON.stringify(freshness, (key, value: unknown) => (key === 'atMs' ? undefined : value));
    const tag = `${eventId(this.#tools.epoch, shown.head.revision)}-${textHash(state)}`;
    if (this.#answer?.tag !== tag) this.#answer = { tag, bytes: this.#body(shown).close(freshness) };
    return this.#answer;
  }

  /** Edges that are kept for the next who asks. */
  get keptEdges(): number {
    return this.#shown?.projection.laid.edges.count ?? 0;
  }

  /** Forgets what it shows; it is made anew when it is asked for. */
  forget(): void {
    this.#answer = null;
    this.#shown = null;
  }

  #body(shown: Shown): EncodedDocument {
    shown.body ??= this.#tools.encoder.encodeDocument(shown.head, shown.projection.laid);
    return shown.body;
  }
}

const revisionOf = ({ head, projection }: Shown): GraphRevision => ({ ...head, ...projection.graph });

/** FNV-1a, 32 bits: enough to tell two states of freshness of one revision apart. */
function textHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
