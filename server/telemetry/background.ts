// Work that nobody waits for now: started, bounded by a signal, and waited for at the end. In: tasks. Out: nothing is lost or left running.

export class Background {
  readonly #controller = new AbortController();
  readonly #running = new Set<Promise<void>>();

  /** Runs `task`, which must take care of its own errors; ignored after close. */
  run(task: (signal: AbortSignal) => Promise<void>): void {
    if (this.#controller.signal.aborted) return;
    const work = task(this.#controller.signal).catch(() => undefined);
    this.#running.add(work);
    void work.then(() => this.#running.delete(work));
  }

  /** Resolves when all that runs has ended. */
  async settle(): Promise<void> {
    await Promise.all([...this.#running]);
  }

  /** Gives up all and waits for its end. */
  async close(): Promise<void> {
    this.#controller.abort(new Error('closed'));
    await this.settle();
  }
}
