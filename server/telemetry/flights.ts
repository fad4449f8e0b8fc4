// Work that several callers want at once is done once: they share its promise, and it is given up when the last of them has gone.
// In: a key, a signal, how to start. Out: the shared result. No result is kept after it is there.

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  passengers: number;
}

const reasonOf = (signal: AbortSignal): Error => (signal.reason instanceof Error ? signal.reason : new Error('given up'));

export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Joins the work under way for `key`, or starts it; rejects at once when `signal` is aborted, which hurts no other caller. */
  join(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(reasonOf(signal));
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.passengers++;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        flight.passengers--;
        if (flight.passengers === 0) {
          if (this.#flights.get(key) === flight) this.#flights.delete(key);
          flight.controller.abort(reasonOf(signal));
        }
        reject(reasonOf(signal));
      };
      signal.addEventListener('abort', leave, { once: true });
      flight.result.then(
        (value) => {
          signal.removeEventListener('abort', leave);
          resolve(value);
        },
        (error: unknown) => {
          signal.removeEventListener('abort', leave);
          reject(error instanceof Error ? error : new Error('the work failed', { cause: error }));
        },
      );
    });
  }

  /** Gives up all work; whoever waits for it is rejected. */
  abortAll(reason: Error): void {
    for (const flight of this.#flights.values()) flight.controller.abort(reason);
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { result: start(controller.signal), controller, passengers: 0 };
    this.#flights.set(key, flight);
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.result.then(land, land);
    return flight;
  }
}
