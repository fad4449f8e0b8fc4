// Work done beforehand in small pieces while nobody waits, so that the first of every kind of view costs what the next one does.
// In: Clock, pieces of work. Out: a thread that is never busy for long. Newer work replaces what is left of older.
import type { Clock } from '../ports';

/** After a refresh its readers come first. */
const START_MS = 50;
/** Between two pieces, so that whoever asks meanwhile is answered. */
const PAUSE_MS = 2;

export class WarmUp {
  readonly #clock: Clock;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does the work piece by piece; `onDefect` is told of what should never happen. */
  start(work: Iterator<void, void>, onDefect: (error: unknown) => void): void {
    this.stop();
    const step = (): void => {
      this.#cancel = null;
      try {
        if (work.next().done !== true) this.#cancel = this.#clock.after(PAUSE_MS, step);
      } catch (error) {
        onDefect(error);
      }
    };
    this.#cancel = this.#clock.after(START_MS, step);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
