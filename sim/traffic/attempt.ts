// One try of a request at one destination, and what a proxy makes of several: retries, per-try and route timeouts.
// In: attempts with their shares. Out: final endings with shares, and the extra tries that only servers see. Pure.
// Source: Envoy router retry semantics (x-envoy-retry-on), istio.md 3.4.
import type { RetrySpec } from '../../model/routing';
import { add, constant, cutAt, type Distribution, delay, mix } from './distribution';
import { type Ending, joinFlags, type ServiceLabels } from './flow';
import type { Group, Identity } from './group';
import type { Served } from './plan';

/** What the server's own proxy reports of an attempt; null where it saw nothing. */
export interface ServerView {
  readonly ending: Ending;
  readonly latency: Distribution;
  readonly timed: boolean;
}

export interface Attempt {
  readonly share: number;
  readonly to: Group | null;
  /** Operation that the application runs for it; null where it never gets there. */
  readonly served: Served | null;
  /** The destination as the client's proxy names it. */
  readonly peer: Identity;
  readonly service: ServiceLabels;
  /** Service as the server's proxy names it. */
  readonly serverService: ServiceLabels;
  readonly secured: boolean;
  readonly ending: Ending;
  /** The application behind the proxy gets a good answer. */
  readonly ok: boolean;
  /** The code came from upstream; a proxy's own reply is retried by its conditions only, never by its code. */
  readonly upstream: boolean;
  /** Conditions of x-envoy-retry-on that this ending meets. */
  readonly conditions: readonly string[];
  readonly latency: Distribution;
  readonly timed: boolean;
  readonly server: ServerView | null;
  readonly details: string;
  readonly cluster: string;
  /** Container port. */
  readonly port: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** A try that a retry followed: servers report it, the client does not. */
export interface ExtraTry {
  /** Expected number per request. */
  readonly times: number;
  readonly attempt: Attempt;
}

const BACKOFF_MS = 25;

const gone: Ending = { code: '0', grpcStatus: null, flags: 'DC' };

/** What a server reports when its client gave up before the answer. */
export const abandoned = (protocolIsGrpc: boolean): Ending => (protocolIsGrpc ? { ...gone, grpcStatus: '' } : gone);

/** Splits attempts at a timeout: what would last longer ends as `ending` after the limit. */
export function applyTimeout(
  attempts: readonly Attempt[],
  limitMs: number,
  ending: (attempt: Attempt) => Ending,
  details: string,
  conditions: readonly string[],
): readonly Attempt[] {
  return attempts.flatMap((attempt) => {
    const cut = cutAt(attempt.latency, limitMs);
    if (cut.above === 0) return [attempt];
    const late: Attempt = {
      ...attempt,
      share: attempt.share * cut.above,
      ending: ending(attempt),
      ok: false,
      upstream: false,
      conditions,
      latency: constant(limitMs),
      timed: true,
      details,
      responseBytes: 0,
      server: attempt.server
        ? { ending: abandoned(attempt.server.ending.grpcStatus !== null), latency: constant(limitMs), timed: true }
        : null,
    };
    if (cut.below === null) return [late];
    const intime: Attempt = {
      ...attempt,
      share: attempt.share * (1 - cut.above),
      latency: cut.below,
      server: attempt.server ? { ...attempt.server, latency: cutAt(attempt.server.latency, limitMs).below ?? cut.below } : null,
    };
    return [intime, late];
  });
}

const isRetriable = (attempt: Attempt, retries: RetrySpec): boolean => {
  if (attempt.ok) return false;
  const numeric = retries.retryOn.filter((c) => /^\d+$/.test(c));
  // A bare `retriable-status-codes` comes with 503 in Istio's default policy.
  const codes = retries.retryOn.includes('retriable-status-codes') && numeric.length === 0 ? ['503'] : numeric;
  return (attempt.upstream && codes.includes(attempt.ending.code)) || attempt.conditions.some((c) => retries.retryOn.includes(c));
};

/** Final endings of a request that may be tried again, with the tries in between. Shares sum to those of the attempts. */
export function applyRetries(
  attempts: readonly Attempt[],
  retries: RetrySpec,
): { readonly finals: readonly Attempt[]; readonly extra: readonly ExtraTry[] } {
  const limit = Math.min(retries.attempts, 10);
  const total = attempts.reduce((sum, a) => sum + a.share, 0);
  const retriable = attempts.filter((a) => isRetriable(a, retries));
  const failing = total > 0 ? retriable.reduce((sum, a) => sum + a.share, 0) / total : 0;
  if (limit === 0 || failing < 1e-9) return { finals: attempts, extra: [] };

  const failed = delay(mix(retriable.map((a) => ({ share: a.share, distribution: a.latency }))), BACKOFF_MS);
  // Time spent before the try that ends it, given that it ends after k failures.
  const before: (Distribution | null)[] = [null];
  for (let k = 1; k <= limit; k++) {
    const last = before[k - 1] ?? null;
    before.push(last ? add(last, failed) : failed);
  }
  const finals = attempts.map((attempt): Attempt => {
    const repeats = retriable.includes(attempt);
    const parts = before.flatMap((waited, k) => {
      // A failure that may be retried is final only after the last try.
      if (repeats && k < limit) return [];
      return [{ share: failing ** k, distribution: waited ? add(waited, attempt.latency) : attempt.latency }];
    });
    return {
      ...attempt,
      share: attempt.share * parts.reduce((sum, p) => sum + p.share, 0),
      latency: mix(parts),
      ending: repeats ? { ...attempt.ending, flags: joinFlags(attempt.ending.flags, 'URX') } : attempt.ending,
    };
  });
  let tries = 0;
  for (let k = 1; k <= limit; k++) tries += failing ** k;
  return {
    finals,
    extra: retriable.map((attempt) => ({ times: (attempt.share * tries) / failing, attempt })),
  };
}
