// A browser as the console sees it: opens the stream of a view, applies what comes, reads slowly now and then, goes away and comes back.
// In: an engine, a view, a sight. Out: the graph that it holds.
import type { Sight } from '../../model/account';
import { applyDelta } from '../../model/delta';
import type { GraphDelta, GraphDocument, ViewSpec } from '../../model/wire';
import type { LiveEngine } from '../../server/live/engine';

interface Received {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** All readers of a view are sent the same chunk: it is decoded once. */
const decoded = new WeakMap<Uint8Array, Received | null>();
const DECODER = new TextDecoder();

function decode(chunk: Uint8Array): Received | null {
  const known = decoded.get(chunk);
  if (known !== undefined) return known;
  const fields = new Map(
    DECODER.decode(chunk)
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const [event, data] = [fields.get('event'), fields.get('data')];
  const found =
    event === undefined || data === undefined ? null : { event, id: fields.get('id') ?? null, data: JSON.parse(data) as unknown };
  decoded.set(chunk, found);
  return found;
}

export class Viewer {
  readonly view: ViewSpec;
  readonly sight: Sight;
  document: GraphDocument | null = null;
  lastEventId: string | null = null;
  events = 0;
  /** Full: takes a chunk and no more until it is drained. */
  slow = false;
  #gone = false;
  readonly #handle: { drained(): void; cancel(): void };

  constructor(engine: LiveEngine, view: ViewSpec, sight: Sight, resumeFrom: string | null, held: GraphDocument | null) {
    this.view = view;
    this.sight = sight;
    this.document = held;
    this.#handle = engine.subscribe(view, sight, resumeFrom, {
      write: (chunk) => {
        this.#receive(chunk);
        return !this.slow;
      },
      close: () => {
        this.#gone = true;
      },
    });
  }

  get gone(): boolean {
    return this.#gone;
  }

  #receive(chunk: Uint8Array): void {
    const received = decode(chunk);
    if (received === null) return;
    this.events++;
    if (received.id !== null) this.lastEventId = received.id;
    // The engine's own events: their shape is what a browser reads them for.
    if (received.event === 'snapshot') this.document = received.data as GraphDocument;
    else if (received.event === 'delta' && this.document !== null) this.document = applyDelta(this.document, received.data as GraphDelta);
  }

  /** Has room again. */
  drain(): void {
    this.slow = false;
    this.#handle.drained();
  }

  leave(): void {
    this.#gone = true;
    this.#handle.cancel();
  }
}
