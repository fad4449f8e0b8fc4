// What the backend can do, asked at the first need, a minute later, and then hourly in the background. In: MetricsSource. Out: MetricsCapabilities or null.
import type { Clock, MetricsCapabilities, MetricsSource } from '../ports';
import type { Background } from './background';

const EVERY_MS = 3_600_000;
/** What was scraped for a moment only does not tell its interval yet. */
const SECOND_MS = 60_000;
/** Who needs to know more than is held asks this often at most. */
const PROBE_PAUSE_MS = 5000;
const RETRY_MS = 30_000;
const DEADLINE_MS = 10_000;
/** How long the first graph waits to know whether there are several clusters; asking for them makes the base dearer by a tenth. */
const CLUSTERS_DEADLINE_MS = 250;

export class CapabilityKeeper {
  readonly #source: Pick<MetricsSource, 'fetchCapabilities' | 'fetchClusters'>;
  readonly #clock: Clock;
  readonly #background: Background;
  #last: MetricsCapabilities | null = null;
  #dueMs = 0;
  #askedMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(source: Pick<MetricsSource, 'fetchCapabilities' | 'fetchClusters'>, clock: Clock, background: Background) {
    this.#source = source;
    this.#clock = clock;
    this.#background = background;
  }

  last(): MetricsCapabilities | null {
    return this.#last;
  }

  /** Whether the metrics speak of several clusters; null where the backend does not say so at once. */
  async severalClusters(signal: AbortSignal): Promise<boolean | null> {
    if (this.#last !== null) return this.#last.clusters.length > 1;
    const clusters = await this.#source.fetchClusters({ signal, deadlineMs: CLUSTERS_DEADLINE_MS }).catch(() => null);
    // None at all: there may be no traffic yet, or labels are told otherwise.
    return clusters === null || clusters.length === 0 ? null : clusters.length > 1;
  }

  /** The capabilities; waits for the first answer only, null if it failed (it is asked for again soon). */
  async read(): Promise<MetricsCapabilities | null> {
    await this.refresh();
    return this.#last;
  }

  /** As they are now rather than an hour ago; the last known ones where they cannot be asked. */
  async probe(): Promise<MetricsCapabilities | null> {
    if (this.#clock.now() - this.#askedMs >= PROBE_PAUSE_MS) this.#dueMs = 0;
    await this.refresh();
    await this.#reading;
    return this.#last;
  }

  /** Asks in the background if it is time. Resolves at once when an answer is held, else when the first attempt has ended. */
  async refresh(): Promise<void> {
    if (this.#reading === null && this.#clock.now() >= this.#dueMs)
      this.#background.run((signal) => {
        this.#askedMs = this.#clock.now();
        const reading = this.#source.fetchCapabilities({ signal, deadlineMs: DEADLINE_MS }).then(
          (capabilities) => {
            const isFirst = this.#last === null;
            this.#last = capabilities;
            this.#dueMs = this.#clock.now() + (isFirst || capabilities.scrapeIntervalSeconds === null ? SECOND_MS : EVERY_MS);
          },
          () => {
            this.#dueMs = this.#clock.now() + RETRY_MS;
          },
        );
        this.#reading = reading;
        return reading.then(() => {
          this.#reading = null;
        });
      });
    if (this.#last === null && this.#reading !== null) await this.#reading;
  }
}
