// What is wrong with the mesh, as the engine knows it: analysed in slices, so that nobody else waits long, and kept. In: inventories.
// Out: KnownFindings. They are never those of an object that was written since; only what hangs on pods may be some seconds old.
import type { Inventory } from '../../model/inventory';
import type { Clock, ClusterReader } from '../ports';
import { findChangesInSteps, findInSteps, type MeshFindings, sameConfig } from '../steering/mesh-findings';
import { abortable } from './abortable';
import { runInSlices } from './slices';

export interface AnalysesParts {
  readonly cluster: Pick<ClusterReader, 'inventory'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Told of what should never happen where nobody waits for the answer. */
  readonly onDefect: (what: string, error: unknown) => void;
  /** For tests. */
  readonly sliceMs?: number;
}

export interface KnownFindings extends MeshFindings {
  /** Another number for other findings. */
  readonly serial: number;
}

interface Last {
  readonly known: KnownFindings;
  /** When everything was looked at last, and what there was. */
  readonly atMs: number;
  readonly looked: Inventory;
}

interface Run {
  readonly inventory: Inventory;
  readonly done: Promise<KnownFindings>;
}

/** While only pods change, findings are made anew this seldom. */
const FRESH_MS = 30_000;
/** What is so old is not told any more where something changed since, for pods may be others altogether. */
const STALE_MS = 120_000;
/** Where nothing changes, suppressions may still end. */
const UNCHANGED_MS = 300_000;
/** So long after the last question they are kept ready. */
const WANTED_FOR_MS = 60_000;

export class Analyses {
  readonly #parts: AnalysesParts;
  #last: Last | null = null;
  #running: Run | null = null;
  #askedMs: number | null = null;
  #closed = false;

  constructor(parts: AnalysesParts) {
    this.#parts = parts;
  }

  /** Findings of the objects as they are now; null while the cluster was not read. Waits for an analysis where there is none of them. */
  async fetch(signal?: AbortSignal): Promise<KnownFindings | null> {
    this.#askedMs = this.#parts.clock.now();
    const inventory = this.#parts.cluster.inventory();
    if (inventory === null) return null;
    const known = this.latest();
    if (known !== null) {
      this.#keepFresh();
      return known;
    }
    if (this.#running !== null && !sameConfig(this.#running.inventory, inventory)) {
      // Whatever it ends with, it is of older objects; the next one starts with those of then.
      await abortable(
        this.#running.done.catch(() => undefined),
        signal,
      );
      const next = this.latest();
      if (next !== null) return next;
    }
    return abortable((this.#running ?? this.#start(inventory)).done, signal);
  }

  /** Findings that are known of the objects as they are now; null where an analysis has to be waited for. */
  latest(): KnownFindings | null {
    const inventory = this.#parts.cluster.inventory();
    if (this.#last === null || inventory === null) return null;
    const { known, atMs } = this.#last;
    if (known.inventory === inventory) return known;
    if (this.#parts.clock.now() - atMs > STALE_MS || !sameConfig(known.inventory, inventory)) return null;
    return { ...known, inventory };
  }

  /** The cluster has changed: what is asked for again and again is made ready before it is asked for. */
  noteChange(): void {
    // Whoever asks first finds the first analysis made, or under way.
    const isWanted = this.#askedMs === null ? this.#last === null : this.#parts.clock.now() - this.#askedMs < WANTED_FOR_MS;
    if (isWanted) this.#keepFresh();
  }

  close(): void {
    this.#closed = true;
  }

  /** Analyses again where that is due; nobody waits for it. */
  #keepFresh(): void {
    const inventory = this.#parts.cluster.inventory();
    if (inventory === null || this.#running !== null || this.#closed) return;
    if (this.#last !== null && this.latest() !== null) {
      const keepMs = samePods(this.#last.looked, inventory) ? UNCHANGED_MS : FRESH_MS;
      if (this.#parts.clock.now() - this.#last.atMs < keepMs) return;
    }
    this.#start(inventory).done.catch((error: unknown) => {
      if (!this.#closed) this.#parts.onDefect('the analysis of the mesh', error);
    });
  }

  #start(inventory: Inventory): Run {
    const run: Run = { inventory, done: this.#run(inventory).finally(() => this.#end(run)) };
    this.#running = run;
    return run;
  }

  #end(run: Run): void {
    if (this.#running === run) this.#running = null;
  }

  async #run(inventory: Inventory): Promise<KnownFindings> {
    const nowMs = this.#parts.clock.now();
    const { sliceMs } = this.#parts;
    const check = (): void => {
      if (this.#closed) throw new Error('the analysis was given up: the engine is closed');
    };
    const last = this.#last;
    // What a written object touches is soon found; what hangs on pods is looked at with everything, which may follow.
    const few =
      last !== null && !sameConfig(last.known.inventory, inventory) && (samePods(last.looked, inventory) || nowMs - last.atMs < STALE_MS);
    const work = few ? findChangesInSteps(last.known, inventory, nowMs) : findInSteps(inventory, nowMs);
    const found = await runInSlices(work, sliceMs === undefined ? { check } : { check, sliceMs });
    const known = { ...found, serial: (last?.known.serial ?? 0) + 1 };
    this.#last = few ? { known, atMs: last.atMs, looked: last.looked } : { known, atMs: nowMs, looked: inventory };
    return known;
  }
}

const samePods = (a: Inventory, b: Inventory): boolean => a.pods === b.pods && a.workloads === b.workloads;
