// What the pointer is over, and what it rests on. In: hits. Out: ids, and a call when the thing rested on changes.
// Only what the pointer rests on is brought forward: a graph that flickers under a moving pointer is no help.
import type { Hit } from './hit-test';

const REST_MS = 220;
/** Nodes above which pointing at something does not dim the rest: every drawing would take too long. */
const MAX_NODES = 250;

export class Hover {
  readonly #onFocus: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Under the pointer. */
  id: string | null = null;
  /** Node or edge on which the pointer has rested. */
  focus: string | null = null;

  constructor(onFocus: () => void) {
    this.#onFocus = onFocus;
  }

  /** The pointer is over this; false when it was before. */
  point(hit: Hit | null, nodes: number): boolean {
    const id = hit?.id ?? null;
    if (id === this.id) return false;
    this.id = id;
    this.stop();
    const focus = hit && hit.kind !== 'box' && nodes <= MAX_NODES ? id : null;
    this.#timer = setTimeout(() => {
      if (this.focus === focus) return;
      this.focus = focus;
      this.#onFocus();
    }, REST_MS);
    return true;
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
