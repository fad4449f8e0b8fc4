// The log of changes that watches replay and old lists are rebuilt from: bounded, ordered by revision, like etcd's between compactions.
import type { KubeObject } from './object';

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  /** The object after the change; for DELETED its last state, at the revision of the delete. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly revision: number;
}

export class History {
  readonly #limit: number;
  #events: StoreEvent[] = [];
  #compactedRevision: number;

  /** Keeps between `limit` and twice as many events. */
  constructor(limit: number, startRevision: number) {
    this.#limit = limit;
    this.#compactedRevision = startRevision;
  }

  /** Changes up to and including this revision are forgotten. */
  get compactedRevision(): number {
    return this.#compactedRevision;
  }

  append(event: StoreEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#limit * 2) this.#drop(this.#events.length - this.#limit);
  }

  /** Forgets everything, and takes every revision before the given one as forgotten. */
  compact(revision: number): void {
    this.#events = [];
    this.#compactedRevision = revision;
  }

  /** Events of one resource after a revision, oldest first; undefined where that revision is compacted away. */
  eventsAfter(resource: string, revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compactedRevision) return undefined;
    return this.#events.slice(this.#firstAfter(revision)).filter((event) => event.resource === resource);
  }

  #firstAfter(revision: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(count: number): void {
    const last = this.#events[count - 1];
    if (last === undefined) return;
    this.#compactedRevision = last.revision;
    this.#events = this.#events.slice(count);
  }
}
