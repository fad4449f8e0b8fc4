// Ranges of the past that somebody replays: read by few queries, kept while they are stepped through, folded frame by frame.
// In: views, ranges. Out: what was read; the traffic of a frame. The columns behind the frames are bounded by server/telemetry/frame-store;
// what holds on to them here is the last few ranges.
import type { ReplayDocument, ReplayRange } from '../../model/replay';
import type { TrafficSnapshot } from '../../model/traffic';
import type { Overlay, ViewSpec } from '../../model/wire';
import type { TrafficFrames } from '../telemetry/frames';
import type { Collector } from './collector';

export interface ReplaysOptions {
  readonly collector: Pick<Collector, 'collectFrames'>;
  /** Narrows the namespaces of a view to those to ask for; null = all. */
  readonly scopeOf: (view: ViewSpec) => readonly string[] | null;
}

interface Held {
  /** Equal for views whose frames are the same. */
  readonly about: string;
  readonly overlays: ReadonlySet<Overlay>;
  readonly range: ReplayRange;
  readonly frames: TrafficFrames;
}

/** Ranges that are kept; a wide mesh in 180 frames takes some 60 MB. */
const MAX_HELD = 3;

export class Replays {
  readonly #options: ReplaysOptions;
  /** Last used last. */
  #held: readonly Held[] = [];
  readonly #underWay = new Map<string, Promise<Held>>();

  constructor(options: ReplaysOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.length;
  }

  /** Reads the frames of a range for a view, unless they are kept. @throws Failure badRequest, or that of the metrics backend */
  async prepare(view: ViewSpec, range: ReplayRange, signal: AbortSignal): Promise<ReplayDocument> {
    const { frames } = await this.#read(view, range, signal);
    const { instantsMs, stepSeconds, warnings, cost } = frames;
    const [fromMs = range.fromSeconds * 1000, toMs = fromMs] = [instantsMs[0], instantsMs.at(-1)];
    return { fromMs, toMs, stepSeconds, frames: instantsMs.length, warnings, cost };
  }

  /** The traffic of a view at an instant, where a kept range has it as a frame; null otherwise. */
  find(view: ViewSpec, atSeconds: number): TrafficSnapshot | null {
    const held = this.#holding(view, atSeconds);
    if (held === null) return null;
    return held.frames.frame(held.frames.instantsMs.indexOf(atSeconds * 1000));
  }

  /** The instant after one, where both are frames of a kept range; null otherwise. */
  nextOf(view: ViewSpec, atSeconds: number): number | null {
    const held = this.#holding(view, atSeconds);
    const next = atSeconds + (held?.range.stepSeconds ?? 0);
    return held?.frames.instantsMs.includes(next * 1000) ? next : null;
  }

  #holding(view: ViewSpec, atSeconds: number): Held | null {
    // Frames have no histograms: whoever wants quantiles asks for the instant itself.
    if (this.#held.length === 0 || view.overlays.includes('quantiles')) return null;
    const about = this.#about(view);
    const fits = (own: Held): boolean =>
      own.about === about &&
      view.overlays.every((overlay) => own.overlays.has(overlay)) &&
      own.frames.instantsMs.includes(atSeconds * 1000);
    return this.#held.findLast(fits) ?? null;
  }

  #about(view: ViewSpec): string {
    return JSON.stringify([view.windowSeconds, this.#options.scopeOf(view)]);
  }

  async #read(view: ViewSpec, range: ReplayRange, signal: AbortSignal): Promise<Held> {
    const about = this.#about(view);
    const overlays = view.overlays.filter((overlay) => overlay !== 'quantiles').sort();
    const key = JSON.stringify([about, overlays, range]);
    const shared = this.#underWay.get(key);
    if (shared !== undefined) return shared;
    const reading = this.#options.collector
      .collectFrames(
        {
          windowSeconds: view.windowSeconds,
          stepSeconds: range.stepSeconds,
          fromMs: range.fromSeconds * 1000,
          toMs: range.toSeconds * 1000,
          namespaces: this.#options.scopeOf(view),
          overlays,
        },
        signal,
      )
      .then((frames) => {
        const held: Held = { about, overlays: new Set(overlays), range, frames };
        const others = this.#held.filter(
          (own) => own.about !== about || own.range.stepSeconds !== range.stepSeconds || !covers(range, own.range),
        );
        this.#held = [...others, held].slice(-MAX_HELD);
        return held;
      })
      .finally(() => {
        this.#underWay.delete(key);
      });
    this.#underWay.set(key, reading);
    return reading;
  }
}

const covers = (wide: ReplayRange, narrow: ReplayRange): boolean =>
  wide.fromSeconds <= narrow.fromSeconds && wide.toSeconds >= narrow.toSeconds;
