// While somebody looks at a frame of a replay, the next one is made: stepping on waits for nothing. In: views as they are answered.
// Out: views made. One at a time; whoever scrubs elsewhere changes what comes next.
import type { Sight } from '../../model/account';
import type { ViewSpec } from '../../model/wire';
import type { Clock } from '../ports';
import type { Replays } from './replays';

/** After an answer was sent, and what its sending left to do. */
const PAUSE_MS = 20;

export class Foresight {
  readonly #clock: Clock;
  readonly #replays: Pick<Replays, 'nextOf'>;
  readonly #make: (view: ViewSpec, sight: Sight) => Promise<void>;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, replays: Pick<Replays, 'nextOf'>, make: (view: ViewSpec, sight: Sight) => Promise<void>) {
    this.#clock = clock;
    this.#replays = replays;
    this.#make = make;
  }

  /** A view was answered. */
  after(view: ViewSpec, sight: Sight): void {
    const next = view.atSeconds === null ? null : this.#replays.nextOf(view, view.atSeconds);
    if (next === null) return;
    this.stop();
    this.#cancel = this.#clock.after(PAUSE_MS, () => {
      this.#cancel = null;
      // What fails here is told to whoever asks for that frame.
      void this.#make({ ...view, atSeconds: next }, sight).catch(() => undefined);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
