// Who listens to which view, and what each of them is sent: every event is encoded once for all readers of its view.
// In: readers, events as bytes. Out: writes to readers. Memory is bounded: a reader that is behind gets nothing until it has drained, then
// one fresh snapshot; a reader that comes back before its view is dropped gets the deltas it missed if they are still kept.
import type { Clock } from '../ports';
import { encodeComment, encodeRetry } from './sse';

/** Receives the bytes of one stream. */
export interface Subscriber {
  /** Takes a chunk; false: full, send no more until `drained()` of the subscription. */
  write(chunk: Uint8Array): boolean;
  /** The stream ends here. */
  close(): void;
}

export interface Subscription {
  /** The reader has room again. */
  drained(): void;
  /** The reader is gone. */
  cancel(): void;
}

/** A revision of a view and the change that led to it; chunks are whole events. */
export interface Publication {
  readonly id: string;
  /** Id from which the delta leads here; null: only a snapshot will do. */
  readonly from: string | null;
  readonly delta: Uint8Array | null;
  /** Encodes the snapshot event of this revision; called at most once. */
  readonly snapshot: () => Uint8Array;
}

export interface HubOptions {
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly ringDeltas: number;
  readonly ringBytes: number;
}

const RETRY_MS = 2000;
const HEARTBEAT = encodeComment('alive');

interface Reader {
  readonly subscriber: Subscriber;
  /** Id that the reader has, null before its first snapshot. */
  has: string | null;
  full: boolean;
  /** Status that it was not sent yet. */
  owesStatus: boolean;
}

class Channel {
  readonly readers = new Set<Reader>();
  readonly #options: HubOptions;
  #current: Publication | null = null;
  #snapshot: Uint8Array | null = null;
  /** Status event of the moment. */
  status: Uint8Array | null = null;
  readonly #ring: { readonly from: string; readonly id: string; readonly delta: Uint8Array }[] = [];
  #ringBytes = 0;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  publish(publication: Publication): void {
    const { id, from, delta } = publication;
    if (from !== null && delta !== null && from === this.#current?.id) {
      this.#ring.push({ from, id, delta });
      this.#ringBytes += delta.length;
    } else {
      this.#ring.length = 0;
      this.#ringBytes = 0;
    }
    while (this.#ring.length > this.#options.ringDeltas || this.#ringBytes > this.#options.ringBytes)
      this.#ringBytes -= this.#ring.shift()?.delta.length ?? this.#ringBytes;
    this.#current = publication;
    this.#snapshot = null;
    for (const reader of this.readers) this.#catchUp(reader, delta, from);
  }

  publishStatus(status: Uint8Array): void {
    this.status = status;
    for (const reader of this.readers) {
      reader.owesStatus = true;
      this.#settle(reader);
    }
  }

  /** A reader that says what it has: the deltas since then where they are kept, else a snapshot, then the status. */
  join(reader: Reader, lastEventId: string | null): void {
    this.readers.add(reader);
    reader.owesStatus = this.status !== null;
    this.#write(reader, encodeRetry(RETRY_MS));
    const start = lastEventId === null ? -1 : this.#ring.findIndex((entry) => entry.from === lastEventId);
    if (lastEventId !== null && lastEventId === this.#current?.id) reader.has = lastEventId;
    else if (start >= 0)
      for (const { delta, id } of this.#ring.slice(start)) {
        if (reader.full) break;
        this.#write(reader, delta);
        reader.has = id;
      }
    this.#settle(reader);
  }

  drained(reader: Reader): void {
    reader.full = false;
    this.#settle(reader);
  }

  beat(): void {
    for (const reader of this.readers) if (!reader.full) this.#write(reader, HEARTBEAT);
  }

  #catchUp(reader: Reader, delta: Uint8Array | null, from: string | null): void {
    if (!reader.full && delta !== null && from !== null && reader.has === from) {
      this.#write(reader, delta);
      reader.has = this.#current?.id ?? null;
    } else this.#settle(reader);
  }

  /** Brings a reader with room to the current revision and status. */
  #settle(reader: Reader): void {
    const current = this.#current;
    if (!reader.full && current !== null && reader.has !== current.id) {
      this.#snapshot ??= current.snapshot();
      this.#write(reader, this.#snapshot);
      reader.has = current.id;
    }
    if (!reader.full && reader.owesStatus && this.status !== null) {
      reader.owesStatus = false;
      this.#write(reader, this.status);
    }
  }

  #write(reader: Reader, chunk: Uint8Array): void {
    if (!this.readers.has(reader)) return;
    if (!reader.subscriber.write(chunk)) reader.full = true;
  }
}

export class Hub {
  readonly #options: HubOptions;
  readonly #channels = new Map<string, Channel>();
  #stopBeating: (() => void) | null = null;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Readers of one view, or of all. */
  count(key?: string): number {
    if (key !== undefined) return this.#channels.get(key)?.readers.size ?? 0;
    let sum = 0;
    for (const channel of this.#channels.values()) sum += channel.readers.size;
    return sum;
  }

  /** Whether a view is kept: somebody listens, or did a short while ago. */
  has(key: string): boolean {
    return this.#channels.has(key);
  }

  /** Sends a new revision to all readers of a view and keeps it for those that come back. */
  publish(key: string, publication: Publication): void {
    this.#channels.get(key)?.publish(publication);
  }

  /** Sends a status event (age, cause) to all readers of a view. */
  publishStatus(key: string, status: Uint8Array): void {
    this.#channels.get(key)?.publishStatus(status);
  }

  /**
   * Adds a reader. `current` is what the view shows now, if anything; a reader that has it already gets only what follows.
   */
  subscribe(
    key: string,
    lastEventId: string | null,
    subscriber: Subscriber,
    current: { readonly publication: Publication | null; readonly status: Uint8Array },
  ): Subscription {
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      channel = new Channel(this.#options);
      if (current.publication !== null) channel.publish(current.publication);
      this.#channels.set(key, channel);
    }
    const own = channel;
    own.status = current.status;
    const reader: Reader = { subscriber, has: null, full: false, owesStatus: true };
    own.join(reader, lastEventId);
    this.#beat();
    return {
      drained: () => {
        if (own.readers.has(reader)) own.drained(reader);
      },
      cancel: () => {
        own.readers.delete(reader);
      },
    };
  }

  /** Forgets a view, unless somebody listens to it: who comes back later gets a snapshot. */
  drop(key: string): void {
    const channel = this.#channels.get(key);
    if (channel !== undefined && channel.readers.size === 0) this.#channels.delete(key);
  }

  #beat(): void {
    this.#stopBeating ??= this.#options.clock.after(this.#options.heartbeatMs, () => {
      this.#stopBeating = null;
      for (const channel of this.#channels.values()) channel.beat();
      if (this.count() > 0) this.#beat();
    });
  }

  /** Ends every stream. */
  close(): void {
    this.#stopBeating?.();
    this.#stopBeating = null;
    for (const channel of this.#channels.values())
      for (const reader of channel.readers) {
        channel.readers.delete(reader);
        reader.subscriber.close();
      }
    this.#channels.clear();
  }
}
