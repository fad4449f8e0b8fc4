// When the identities of workloads are asked for: rarely, for they change with deployments only; for a view of the past, where it shows
// workloads that nobody named yet.
// In: plans. Out: identities by workload key; never throws, an answer that is missing leaves the last one (or none) and a warning.
import { workloadKey } from '../../model/ids';
import { type Observation, UNKNOWN, type WorkloadIdentity } from '../../model/traffic';
import type { Clock, MetricsSource } from '../ports';
import type { Background } from './background';
import { buildIdentities } from './identities';
import { Inquiry } from './inquiry';
import { buildIdentityQueries, type QueryPlan } from './queries';

const EVERY_MS = 300_000;
const RETRY_MS = 60_000;
const MAX_SCOPES = 16;
/** Prometheus' default lookback: an instant selector sees series whose last sample is this young. */
const LOOKBACK_SECONDS = 300;

export type Identities = ReadonlyMap<string, WorkloadIdentity>;
const NONE: Identities = new Map();

interface Kept {
  identities: Identities;
  dueMs: number;
  isRead: boolean;
  reading: Promise<Identities> | null;
}

export interface LiveIdentities {
  readonly held: Identities;
  /** Null once any were read, or after a failure until the next attempt. */
  readonly first: Promise<Identities> | null;
}

export interface IdentityKeeperOptions {
  readonly source: Pick<MetricsSource, 'fetchVector'>;
  readonly clock: Clock;
  readonly background: Background;
  readonly deadlineMs: number;
}

interface NamedWorkloads {
  readonly identities: Identities;
  /** Workloads that were asked about; some have no identity. */
  readonly asked: ReadonlySet<string>;
}

const MAX_PAST = 4;

/** Keys of the workloads that traffic names. */
function workloadsOf(observations: readonly Observation[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { source, destination } of observations)
    for (const { cluster, namespace, workload } of [source, destination])
      if (workload !== UNKNOWN) keys.add(workloadKey(cluster, namespace, workload));
  return keys;
}

export class IdentityKeeper {
  readonly #options: IdentityKeeperOptions;
  readonly #scopes = new Map<string, Kept>();
  readonly #past = new Map<string, NamedWorkloads>();
  readonly #pastUnderWay = new Map<string, Promise<Identities>>();

  constructor(options: IdentityKeeperOptions) {
    this.#options = options;
  }

  /** Identities of a view of the past; those that were read for another one, where they name all of `seen` (absent: not known). */
  async readPast(plan: QueryPlan, home: string | null, inquiry: Inquiry, seen: readonly Observation[] | null = null): Promise<Identities> {
    const scope = JSON.stringify([plan.namespaces, home]);
    const wanted = seen === null ? null : workloadsOf(seen);
    try {
      // Two windows that are compared are read side by side: the second one waits to hear what the first one learns.
      const before = this.#pastUnderWay.get(scope);
      if (before !== undefined) await before.catch(() => undefined);
      const held = this.#past.get(scope);
      if (held !== undefined && wanted !== null && [...wanted].every((key) => held.asked.has(key))) return held.identities;
      const reading = this.#ask(plan, home, inquiry, plan.windowSeconds > LOOKBACK_SECONDS).then((identities) => {
        if (wanted !== null) this.#keepPast(scope, { identities, asked: new Set([...wanted, ...identities.keys()]) });
        return identities;
      });
      this.#pastUnderWay.set(scope, reading);
      return await reading.finally(() => this.#pastUnderWay.delete(scope));
    } catch {
      inquiry.warn('Apps and versions of workloads that are gone could not be read.');
      return NONE;
    }
  }

  #keepPast(scope: string, known: NamedWorkloads): void {
    this.#past.delete(scope);
    this.#past.set(scope, known);
    const [oldest] = this.#past.keys();
    if (this.#past.size > MAX_PAST && oldest !== undefined) this.#past.delete(oldest);
  }

  /** Identities for a live view: those held, and the first ones where they are still to come; read again in the background. */
  read(plan: QueryPlan, home: string | null, atMs: number): LiveIdentities {
    const { clock } = this.#options;
    const scope = JSON.stringify([plan.namespaces, home]);
    let kept = this.#scopes.get(scope);
    kept ??= { identities: NONE, dueMs: 0, isRead: false, reading: null };
    this.#scopes.delete(scope);
    this.#scopes.set(scope, kept);
    const [oldest] = this.#scopes.keys();
    if (this.#scopes.size > MAX_SCOPES && oldest !== undefined) this.#scopes.delete(oldest);
    if (kept.reading === null && clock.now() >= kept.dueMs) this.#refresh(kept, plan, home, atMs);
    return { held: kept.identities, first: kept.isRead ? null : kept.reading };
  }

  #refresh(kept: Kept, plan: QueryPlan, home: string | null, atMs: number): void {
    const { clock, source, background } = this.#options;
    background.run((signal) => {
      const reading = this.#ask(
        plan,
        home,
        new Inquiry(source, clock, atMs, signal, { kind: 'live', windowSeconds: plan.windowSeconds }),
        false,
      ).then(
        (identities) => {
          kept.identities = identities;
          kept.dueMs = clock.now() + EVERY_MS;
          return identities;
        },
        () => {
          kept.dueMs = clock.now() + RETRY_MS;
          return kept.identities;
        },
      );
      kept.reading = reading;
      return reading.then(() => {
        kept.reading = null;
        kept.isRead = true;
      });
    });
  }

  async #ask(plan: QueryPlan, home: string | null, inquiry: Inquiry, wholeWindow: boolean): Promise<Identities> {
    const answers = await Promise.all(buildIdentityQueries(plan, wholeWindow).map((query) => inquiry.ask(query, this.#options.deadlineMs)));
    return buildIdentities(answers, home);
  }
}
