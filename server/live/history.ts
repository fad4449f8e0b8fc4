// The questions about other instants than now: comparisons of two windows, rates over time, replays. In: the live flow, how to project.
// Out: History, a part of the engine.
import type { Sight } from '../../model/account';
import type { Baseline } from '../../model/comparison';
import type { RateHistoryDocument, ReplayDocument, ReplayRange } from '../../model/replay';
import type { ViewSpec } from '../../model/wire';
import type { Clock, MetricsCapabilities, MetricsSource } from '../ports';
import { Comparing, type Seen } from './comparing';
import type { LiveFlow } from './flow';
import { hushed } from './hush';
import { RateHistory } from './rate-history';

export interface HistoryParts {
  readonly metrics: Pick<MetricsSource, 'fetchRange'>;
  readonly clock: Clock;
  readonly capabilities: () => MetricsCapabilities | null;
  readonly deadlineMs: number;
  readonly flow: Pick<LiveFlow, 'sights' | 'past' | 'replays' | 'signal'>;
  /** A view at its newest, as somebody may see it. */
  readonly see: (view: ViewSpec, sight: Sight) => Promise<Seen>;
}

const INCOMPLETE = 'The metrics may be incomplete.';

export class History {
  readonly #parts: HistoryParts;
  readonly #comparing = new Comparing();
  readonly #rates: RateHistory;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.#rates = new RateHistory(parts);
  }

  /**
   * A view compared with itself at another instant, as JSON. Reads the other window only where it is not kept.
   * @throws Failure badRequest, or that of the metrics backend
   */
  fetchComparison(spec: ViewSpec, baseline: Baseline, sight: Sight): Promise<Uint8Array> {
    const { flow, clock, capabilities, see } = this.#parts;
    const compared = this.#comparing.fetch(spec, baseline, {
      see: (view) => see(view, sight),
      prepare: (view, atSeconds) => void flow.past.fetch(view, atSeconds, flow.signal, 'compare').catch(() => undefined),
      nowMs: clock.now(),
      scrapeIntervalSeconds: capabilities()?.scrapeIntervalSeconds ?? null,
    });
    return hushed(flow.sights.read(sight), compared);
  }

  /**
   * Reads the frames of a range, so that each is at hand when the view is asked for at its instant.
   * @throws Failure badRequest, or that of the metrics backend
   */
  fetchReplay(view: ViewSpec, range: ReplayRange, sight: Sight): Promise<ReplayDocument> {
    const { flow } = this.#parts;
    const visible = flow.sights.read(sight);
    const reading = flow.replays.prepare(view, range, flow.signal);
    // The backend's words may name what is hidden.
    return hushed(
      visible,
      visible === null ? reading : reading.then((document) => ({ ...document, warnings: document.warnings.map(() => INCOMPLETE) })),
    );
  }

  /** Rates of everything that somebody sees, or of the part in these namespaces. @throws Failure of the metrics backend */
  fetchRates(
    namespaces: readonly string[],
    range: { readonly rangeSeconds: number; readonly toSeconds: number | null },
    sight: Sight,
  ): Promise<RateHistoryDocument> {
    const { flow } = this.#parts;
    const visible = flow.sights.read(sight);
    const wanted = namespaces.length === 0 ? null : namespaces;
    const seen = visible === null ? wanted : (wanted ?? [...visible.namespaces]).filter((name) => visible.namespaces.has(name));
    return hushed(visible, this.#rates.fetch({ ...range, namespaces: seen }, flow.signal));
  }
}
