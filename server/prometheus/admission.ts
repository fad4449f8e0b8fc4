// How many queries are under way at once: the rest wait in line, and may leave it. In: acquire with an AbortSignal. Out: a release.

export interface Admission {
  /** Resolves when it is this caller's turn; rejects with the signal's reason if it is aborted before. Release exactly once. */
  acquire(signal: AbortSignal): Promise<() => void>;
  /** Callers in line. */
  waiting(): number;
  /** Callers whose turn it is. */
  active(): number;
}

interface Waiter {
  admit(): void;
}

/** Admits `limit` callers at once, in the order of their asking. */
export function createAdmission(limit: number): Admission {
  let active = 0;
  const line = new Set<Waiter>();
  const release = (): void => {
    const [first] = line;
    if (first === undefined) {
      active--;
      return;
    }
    line.delete(first);
    first.admit();
  };
  const once = (): (() => void) => {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      release();
    };
  };
  return {
    waiting: () => line.size,
    active: () => active,
    acquire: (signal) => {
      if (signal.aborted) return Promise.reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      if (active < limit) {
        active++;
        return Promise.resolve(once());
      }
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          admit: () => {
            signal.removeEventListener('abort', leave);
            resolve(once());
          },
        };
        const leave = (): void => {
          line.delete(waiter);
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        };
        signal.addEventListener('abort', leave, { once: true });
        line.add(waiter);
      });
    },
  };
}
