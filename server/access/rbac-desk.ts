// Access by Kubernetes RBAC, kept a minute for each user, asked once for equal questions under way. In: callers. Out: RbacAccess.
// While the API server is away, what was known last stays, never more; an API server that answers with a refusal is believed at once.
import { Failure } from '../../model/failure';
import { pause } from '../pause';
import type { Caller, Clock, ClusterCredential } from '../ports';
import { fetchLocalRules, fetchRbacAccess, type RbacAccess, type RbacSources } from './rbac-access';

export interface RbacDeskOptions extends RbacSources {
  readonly clock: Clock;
  /** What callers must bring: the console never asks in its own name. */
  readonly kind: 'token' | 'impersonate';
}

/** Asked again after this; a little earlier in the background for whoever is active. */
const FRESH_MS = 60_000;
const REFRESH_MS = 45_000;
/** After a failure: not again before this, and nobody who can be answered from what is known waits longer than that. */
const RETRY_MS = 5000;
const PATIENCE_MS = 3000;
const MAX_KEPT = 1000;

interface Kept {
  readonly access: RbacAccess;
  readonly atMs: number;
  /** Instant of the last attempt that failed since, null if none did. */
  failedAtMs: number | null;
}
interface UnderWay {
  readonly subject: string;
  readonly done: Promise<RbacAccess>;
  /** The user was forgotten meanwhile: the answer is for those who wait, and not kept. */
  forgotten: boolean;
}

export class RbacDesk {
  readonly #options: RbacDeskOptions;
  /** The one that was asked for longest ago first. */
  readonly #kept = new Map<string, Kept & { readonly subject: string }>();
  readonly #underWay = new Map<string, UnderWay>();
  resolved = 0;
  failed = 0;
  /** Time that all of them took together. */
  resolvedMs = 0;

  constructor(options: RbacDeskOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** @throws Failure when nothing is known and it cannot be asked, or when the API server refuses the caller */
  async accessOf(caller: Caller, signal: AbortSignal): Promise<RbacAccess> {
    const credential = this.#credentialOf(caller);
    const key = keyOf(caller);
    const kept = this.#kept.get(key);
    const now = this.#options.clock.now();
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      const age = now - kept.atMs;
      const failedJustNow = kept.failedAtMs !== null && now - kept.failedAtMs < RETRY_MS;
      if (age >= REFRESH_MS && age < FRESH_MS && !failedJustNow) this.#refresh(key, caller, credential).catch(() => undefined);
      if (age < FRESH_MS || failedJustNow) return kept.access;
    }
    const asked = this.#refresh(key, caller, credential);
    if (kept?.failedAtMs == null) return abortable(asked.catch(this.#staleOr(key)), signal);
    // The API server was away a moment ago: it may be so still, and what is known must not wait for it.
    const given = new AbortController();
    const late = pause(this.#options.clock, PATIENCE_MS, given.signal).then(() => kept.access);
    return abortable(
      Promise.race([asked.catch(this.#staleOr(key)), late]).finally(() => given.abort()),
      signal,
    );
  }

  /** Access that knows the rules of one namespace too, which seeing everything did not need. @throws Failure as accessOf */
  async accessIn(caller: Caller, namespace: string, signal: AbortSignal): Promise<RbacAccess> {
    const access = await this.accessOf(caller, signal);
    return fetchLocalRules(access, this.#credentialOf(caller), namespace, this.#options, signal);
  }

  /** Forgets what is kept of a user, and what is being asked for him. */
  forget(subject: string): void {
    for (const [key, kept] of this.#kept) if (kept.subject === subject) this.#kept.delete(key);
    for (const [key, underWay] of this.#underWay)
      if (underWay.subject === subject) {
        this.#underWay.delete(key);
        underWay.forgotten = true;
      }
  }

  /** Asks, or joins who does; keeps what comes. */
  #refresh(key: string, caller: Caller, credential: ClusterCredential): Promise<RbacAccess> {
    const known = this.#underWay.get(key);
    if (known !== undefined) return known.done;
    const { subject } = caller.user;
    const { clock } = this.#options;
    const startedMs = clock.now();
    // Shared by all who ask: that one of them leaves does not end it. Each request has a deadline of its own.
    const done = fetchRbacAccess(credential, this.#options, new AbortController().signal)
      .then(
        (access) => {
          this.resolved++;
          this.resolvedMs += clock.now() - startedMs;
          if (!underWay.forgotten) this.#keep(key, { access, subject, atMs: startedMs, failedAtMs: null });
          return access;
        },
        (error: unknown) => {
          this.failed++;
          const kept = this.#kept.get(key);
          if (!isAway(error)) this.#kept.delete(key);
          else if (kept !== undefined) kept.failedAtMs = clock.now();
          throw error;
        },
      )
      .finally(() => {
        if (this.#underWay.get(key) === underWay) this.#underWay.delete(key);
      });
    const underWay: UnderWay = { subject, done, forgotten: false };
    this.#underWay.set(key, underWay);
    return done;
  }

  #keep(key: string, kept: Kept & { readonly subject: string }): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) return;
      this.#kept.delete(oldest);
    }
  }

  /** What was known last, if the API server is only away. */
  #staleOr(key: string): (error: unknown) => RbacAccess {
    return (error) => {
      const kept = this.#kept.get(key);
      if (kept !== undefined && isAway(error)) return kept.access;
      throw error;
    };
  }

  #credentialOf({ credential }: Caller): ClusterCredential {
    if (credential.kind === this.#options.kind) return credential;
    throw new Failure(
      'forbidden',
      this.#options.kind === 'token'
        ? 'this login brought no token that the Kubernetes API could be asked with'
        : 'this login cannot be impersonated toward the Kubernetes API',
      'Set access.mode to one that fits auth.strategy: roles always does.',
    );
  }
}

/** Whether the API server gave no answer, rather than a refusal. */
const isAway = (error: unknown): boolean =>
  error instanceof Failure &&
  (error.code === 'clusterUnreachable' ||
    error.code === 'clusterTimeout' ||
    error.code === 'clusterMalformed' ||
    error.code === 'starting');

/** Who is asked about: the user and his groups as they are now; tokens of the same login come and go. */
const keyOf = ({ user, credential }: Caller): string =>
  JSON.stringify([
    user.strategy,
    user.subject,
    user.name,
    credential.kind,
    credential.kind === 'impersonate' ? [credential.user, ...credential.groups] : user.groups,
  ]);

/** The promise, or the signal's reason if that comes first; what runs goes on for the others who share it. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) {
      promise.catch(() => undefined);
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
