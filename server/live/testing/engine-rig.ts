// What an engine test needs beside the metrics: a cluster that changes on command, a reader that decodes its stream.
// In: inventories, chunks. Out: ClusterReader, Subscriber.
import { applyDelta } from '../../../model/delta';
import type { Inventory, WatchState } from '../../../model/inventory';
import type { GraphDelta, GraphDocument } from '../../../model/wire';
import type { ClusterReader } from '../../ports';
import type { Subscriber } from '../hub';

/** A cluster whose inventory a test sets. */
export class ScriptedCluster implements ClusterReader {
  readonly cluster = 'Kubernetes';
  state: WatchState[] = [{ resource: 'pods', state: 'live', objects: 1, currentAtMs: 1, cause: null }];
  #inventory: Inventory | null = null;
  #onChange: (inventory: Inventory) => void = () => undefined;
  start(onChange: (inventory: Inventory) => void): void {
    this.#onChange = onChange;
  }
  change(inventory: Inventory): void {
    this.#inventory = inventory;
    this.#onChange(inventory);
  }
  inventory(): Inventory | null {
    return this.#inventory;
  }
  watches(): readonly WatchState[] {
    return this.state;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

export interface Event {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** Keeps the events of a stream. */
export class Reader implements Subscriber {
  room = true;
  closed = false;
  readonly events: Event[] = [];
  write(chunk: Uint8Array): boolean {
    const fields = new Map(
      new TextDecoder()
        .decode(chunk)
        .split('\n')
        .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const [event, data] = [fields.get('event'), fields.get('data')];
    if (event !== undefined && data !== undefined) this.events.push({ event, id: fields.get('id') ?? null, data: JSON.parse(data) });
    return this.room;
  }
  close(): void {
    this.closed = true;
  }
  names(): readonly string[] {
    return this.events.map((e) => e.event);
  }
  /** The document that a browser would hold now. */
  document(): GraphDocument {
    let held: GraphDocument | null = null;
    for (const { event, data } of this.events) {
      // The engine's own events: their shape is what this test reads them for.
      if (event === 'snapshot') held = data as GraphDocument;
      else if (event === 'delta' && held !== null) held = applyDelta(held, data as GraphDelta);
    }
    if (held === null) throw new Error('no snapshot');
    return held;
  }
}
