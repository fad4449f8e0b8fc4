// Who asked for what he may not see or do: a log line and a count each. In: refused questions. Out: lines by Logger, exposition text.
// Screens ask again and again: of each user, deed and namespace one line a minute, but all are counted. Bounded.
import type { Logger } from '../log';
import type { Caller, Clock } from '../ports';

/** `graph`, `steering`, `logs`: named namespaces outside his sight; `access`: asked what he may do in one; `admin`: asked for what is the administrators'. */
export type DeniedAction = 'graph' | 'steering' | 'logs' | 'access' | 'admin';

const QUIET_MS = 60_000;
const MAX_TOLD = 10_000;
const MAX_NAMED = 20;

export class Denials {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #counts = new Map<DeniedAction, number>();
  readonly #told = new Map<string, number>();

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Notes that a caller was refused; `namespaces` as he named them. */
  note(action: DeniedAction, { user, address }: Caller, namespaces: readonly string[]): void {
    this.#counts.set(action, (this.#counts.get(action) ?? 0) + 1);
    const named = namespaces.slice(0, MAX_NAMED);
    const now = this.#clock.now();
    const key = JSON.stringify([action, user.subject, named]);
    const last = this.#told.get(key);
    if (last !== undefined && now - last < QUIET_MS) return;
    this.#told.delete(key);
    this.#told.set(key, now);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= MAX_TOLD) break;
      this.#told.delete(oldest);
    }
    this.#log.warn('access', {
      action,
      outcome: 'denied',
      user: user.name.slice(0, 200),
      subject: user.subject.slice(0, 200),
      address: address.slice(0, 64),
      namespaces: named,
      ...(namespaces.length > named.length ? { more: namespaces.length - named.length } : {}),
    });
  }

  /** Samples of heddle_access_denials_total by action. */
  counts(): readonly (readonly [DeniedAction, number])[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
