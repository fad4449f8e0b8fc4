// What is kept between the collections of one window and scope: memories that save work, and the last good data of each overlay.
// In: nothing. Out: TelemetryStream, and the few that are kept.
import type { Observation } from '../../model/traffic';
import { type BucketBook, BucketMemory } from './buckets';
import type { Identities } from './identity-keeper';
import { ObserveMemory } from './observe';

export interface KeptOverlay {
  readonly atMs: number;
  readonly observations: readonly Observation[];
}

/** What a live snapshot may be given out without, because it would delay it. */
export interface LateParts {
  readonly book?: BucketBook;
  readonly identities?: Identities;
  /** With the overlays of edges of which only the source reports. */
  readonly observations?: readonly Observation[];
}

export class TelemetryStream {
  readonly name: string;
  readonly memory = new ObserveMemory();
  readonly buckets = new BucketMemory();
  /** Null before the first collection. */
  sourceOnlyHosts: readonly string[] | null = null;
  latency: KeptOverlay | null = null;
  throughput: KeptOverlay | null = null;
  book: BucketBook | null = null;
  /** Why the quantiles could not be read the last time; null if they could. */
  bucketsFault: string | null = null;
  bucketsUnderWay = false;
  /** Gives out the newest snapshot again with what it lacked; what it did not lack is passed over. */
  complete: ((late: LateParts) => void) | null = null;
  constructor(name: string) {
    this.name = name;
  }
}

/** Windows and scopes that are watched at the same time; past this the one unused for longest starts anew. */
const MAX_STREAMS = 8;

export class TelemetryStreams {
  readonly #streams = new Map<string, TelemetryStream>();
  /** The stream of that name, kept from before if it is one of the last used. */
  of(name: string): TelemetryStream {
    const own = this.#streams.get(name) ?? new TelemetryStream(name);
    this.#streams.delete(name);
    this.#streams.set(name, own);
    const [oldest] = this.#streams.keys();
    if (this.#streams.size > MAX_STREAMS && oldest !== undefined) this.#streams.delete(oldest);
    return own;
  }
}
