// Long work in slices: the thread is held a few milliseconds at a time, and whoever came meanwhile is served first. In: work in steps. Out: its end.
import { nextTurn, TURN_MS } from '../pause';

export interface SliceOptions {
  /** So long the thread is held at a time; a step beyond it ends soon. */
  readonly sliceMs?: number;
  /** Asked between slices: throws where nobody wants the end any more. */
  readonly check?: () => void;
}

/** The first slice is run at once: what is short takes no turn. */
export async function runInSlices<T>(work: Generator<void, T>, { sliceMs = TURN_MS, check }: SliceOptions = {}): Promise<T> {
  for (;;) {
    const endMs = performance.now() + sliceMs;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < endMs);
    await nextTurn();
    check?.();
  }
}
