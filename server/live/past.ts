// Snapshots of the past: collected once, kept while there is room; equal requests under way share one collection.
// In: instants. Out: PreparedTraffic. The past does not change, so nothing is ever read twice while it is kept.
import type { Inventory } from '../../model/inventory';
import type { TrafficSnapshot } from '../../model/traffic';
import { askedBy, isMeshWide, type ViewSpec } from '../../model/wire';
import type { GraphMemory, PreparedTraffic } from '../graph/memory';
import type { Collector } from './collector';
import { Lru } from './lru';
import type { Demand } from './window-feed';

export interface PastOptions {
  readonly collector: Collector;
  readonly memory: GraphMemory;
  readonly inventory: () => Inventory | null;
  readonly scopeOf: (demand: Demand) => readonly string[] | null;
  /** The traffic of a view at an instant that was read with many others; null where it was not. */
  readonly frameOf: (view: ViewSpec, atSeconds: number) => TrafficSnapshot | null;
  readonly entries: number;
  readonly observations: number;
}

/** What a view needs of its window. */
export const demandOf = (view: ViewSpec): Demand => ({
  namespaces: view.namespaces.length === 0 || isMeshWide(view) ? null : new Set(view.namespaces),
  overlays: new Set(askedBy(view)),
});

export class Past {
  readonly #options: PastOptions;
  readonly #kept: Lru<PreparedTraffic>;
  readonly #underWay = new Map<string, Promise<PreparedTraffic>>();
  collections = 0;

  constructor(options: PastOptions) {
    this.#options = options;
    this.#kept = new Lru(options.entries, options.observations);
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Traffic of a view of the past. @throws Failure when it cannot be read. */
  async fetch(view: ViewSpec, atSeconds: number, signal: AbortSignal, kind: 'past' | 'compare' = 'past'): Promise<PreparedTraffic> {
    const { collector, memory, inventory, scopeOf, frameOf } = this.#options;
    const demand = demandOf(view);
    const namespaces = scopeOf(demand);
    const overlays = [...demand.overlays].sort();
    const key = JSON.stringify([view.windowSeconds, atSeconds, namespaces, overlays]);
    const kept = this.#kept.read(key);
    if (kept !== null) return kept;
    const shared = this.#underWay.get(key);
    if (shared !== undefined) return shared;
    const frame = frameOf(view, atSeconds);
    if (frame !== null) {
      const traffic = memory.read(frame, inventory());
      this.#kept.write(key, traffic, frame.observations.length + 1);
      return traffic;
    }
    this.collections++;
    const started = collector
      .collect(
        {
          windowSeconds: view.windowSeconds,
          atMs: atSeconds * 1000,
          namespaces,
          overlays,
          live: false,
          cause: { kind, windowSeconds: view.windowSeconds },
        },
        signal,
      )
      .then((snapshot) => {
        const traffic = memory.read(snapshot, inventory());
        this.#kept.write(key, traffic, snapshot.observations.length + 1);
        return traffic;
      })
      .finally(() => {
        this.#underWay.delete(key);
      });
    this.#underWay.set(key, started);
    return started;
  }
}
