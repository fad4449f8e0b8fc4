// Who looks after a change: held by a Lease that is renewed, so that any replica can take over from one that died. In: LeaseStore, Clock.
// Out: Tenures. As client-go's leader election: a lease is over when it was not renewed for its duration by OUR clock, whatever it says.
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { Clock, LeaseStore } from '../ports';

export const LEASE_SECONDS = 20;
const RENEW_MS = 4_000;
/** Writes begin only within this time of the last renewal, and have a deadline of 11 s: they are over before somebody else begins. */
const VALID_MS = 8_000;

export interface Tenure {
  /** Whether a write may begin. */
  isValid(): boolean;
  /** @throws Failure clusterTimeout when the lease may have gone to another replica */
  assertValid(): void;
  /** Lets the next one take it at once. */
  release(): Promise<void>;
}

export class Tenures {
  readonly #store: LeaseStore;
  readonly #clock: Clock;
  readonly #holder: string;
  readonly #signal: AbortSignal;
  /** What others hold: the version that was seen, and since when it has not changed. */
  readonly #seen = new Map<string, { readonly version: string; readonly sinceMs: number }>();

  constructor(store: LeaseStore, clock: Clock, holder: string, signal: AbortSignal) {
    this.#store = store;
    this.#clock = clock;
    this.#holder = holder;
    this.#signal = signal;
  }

  /** Takes the lease of a change; null while somebody else holds it. @throws Failure forbidden, cluster* */
  async take(id: string): Promise<Tenure | null> {
    const name = leaseName(id);
    const startedMs = this.#clock.now();
    const found = await this.#store.read(name, this.#signal);
    if (found !== null && found.holder !== '' && found.holder !== this.#holder) {
      const seen = this.#seen.get(id);
      if (seen?.version !== found.version) {
        this.#seen.set(id, { version: found.version, sinceMs: startedMs });
        return null;
      }
      if (startedMs - seen.sinceMs < LEASE_SECONDS * 1000) return null;
    }
    const version = await this.#store.hold(name, this.#holder, found?.version ?? null, LEASE_SECONDS, this.#signal);
    this.#seen.delete(id);
    return version === null ? null : this.#hold(name, version, startedMs);
  }

  /** Removes leases that nobody renews and that no change needs: their holders died before the journal had one, or after it had ended. */
  async prune(isNeeded: (id: string) => boolean): Promise<void> {
    const nowMs = this.#clock.now();
    const leases = await this.#store.list(this.#signal);
    const held = new Set(leases.map(({ name }) => name));
    for (const id of [...this.#seen.keys()]) if (!held.has(leaseName(id))) this.#seen.delete(id);
    for (const { name, version } of leases) {
      if (!name.startsWith(PREFIX)) continue;
      const id = name.slice(PREFIX.length);
      if (isNeeded(id)) continue;
      const seen = this.#seen.get(id);
      if (seen?.version !== version) this.#seen.set(id, { version, sinceMs: nowMs });
      else if (nowMs - seen.sinceMs >= LEASE_SECONDS * 1000) {
        this.#seen.delete(id);
        await this.#store.remove(name, version, this.#signal);
      }
    }
  }

  #hold(name: string, first: string, startedMs: number): Tenure {
    const stop = new AbortController();
    let version: string | null = first;
    let renewedMs = startedMs;
    const renew = async (): Promise<void> => {
      while (!isAborted(stop.signal) && version !== null) {
        await pause(this.#clock, RENEW_MS, stop.signal);
        if (isAborted(stop.signal)) return;
        const askedMs = this.#clock.now();
        try {
          let next: string | null = await this.#store.hold(name, this.#holder, version, LEASE_SECONDS, stop.signal);
          if (next === null) {
            // Our own renewal may have come through without its answer.
            const found = await this.#store.read(name, stop.signal);
            next = found?.holder === this.#holder ? found.version : null;
          }
          version = next;
          if (version !== null) renewedMs = askedMs;
        } catch {
          // Tried again; meanwhile the tenure runs out by itself.
        }
      }
    };
    const renewing = renew();
    const isValid = (): boolean => version !== null && !isAborted(stop.signal) && this.#clock.now() - renewedMs < VALID_MS;
    return {
      isValid,
      assertValid: () => {
        if (!isValid())
          throw new Failure(
            'clusterTimeout',
            `the lease ${name} could not be renewed`,
            'Another replica takes over, or this one in a while.',
          );
      },
      release: async () => {
        stop.abort();
        await renewing;
        if (version !== null) await this.#store.remove(name, version, AbortSignal.timeout(5_000)).catch(() => undefined);
      },
    };
  }
}

const PREFIX = 'heddle-change-';
const leaseName = (id: string): string => PREFIX + id;
