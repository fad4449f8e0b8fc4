// The questions of one collection: all for the same instant, counted, their warnings gathered. In: MetricsSource. Out: answers.
import type { Clock, MetricsSource, QueryCause } from '../ports';
import type { PlannedQuery } from './queries';
import type { QueryAnswer } from './series-memory';

/** What a query gave: its answer, or why it failed. */
export type Settled = { readonly answer: QueryAnswer; readonly fault: null } | { readonly answer: null; readonly fault: string };

export class Inquiry {
  readonly #source: Pick<MetricsSource, 'fetchVector'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #signal: AbortSignal;
  readonly #cause: QueryCause;
  readonly #warnings = new Set<string>();
  readonly #startedMs: number;
  readonly atMs: number;
  #queries = 0;
  #bytes = 0;

  constructor(source: Pick<MetricsSource, 'fetchVector'>, clock: Pick<Clock, 'now'>, atMs: number, signal: AbortSignal, cause: QueryCause) {
    this.#source = source;
    this.#clock = clock;
    this.#signal = signal;
    this.#cause = cause;
    this.#startedMs = clock.now();
    this.atMs = atMs;
  }

  /** Asks one query. @throws Failure */
  async ask(query: PlannedQuery, deadlineMs: number): Promise<QueryAnswer> {
    this.#signal.throwIfAborted();
    this.#queries++;
    const vector = await this.#source.fetchVector(query, this.atMs, { signal: this.#signal, deadlineMs, cause: this.#cause });
    this.#bytes += vector.bytes;
    for (const warning of vector.warnings) this.warn(warning);
    return { labels: query.labels, columns: vector };
  }

  /** Asks one query and never throws. */
  async settle(query: PlannedQuery, deadlineMs: number): Promise<Settled> {
    try {
      return { answer: await this.ask(query, deadlineMs), fault: null };
    } catch (error) {
      return { answer: null, fault: faultOf(error) };
    }
  }

  warn(warning: string): void {
    this.#warnings.add(warning);
  }

  warnings(): readonly string[] {
    return [...this.#warnings];
  }

  elapsedMs(): number {
    return this.#clock.now() - this.#startedMs;
  }

  cost(): { readonly queries: number; readonly bytes: number; readonly wallMs: number } {
    return { queries: this.#queries, bytes: this.#bytes, wallMs: this.elapsedMs() };
  }
}

/** Why something failed, in words without secrets. */
export const faultOf = (error: unknown): string =>
  error instanceof Error && error.name === 'Failure' ? error.message : 'an unexpected error';
