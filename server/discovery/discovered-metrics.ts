// A MetricsSource that finds its backend by itself, keeps it, and looks again when it is gone. In: how to find targets, how to open one.
// Out: MetricsSource. One search at a time; between failed searches it waits, and says meanwhile why there is nothing.
import { Failure } from '../../model/failure';
import { type Clock, type MetricsSource, NO_LOAD, type QueryOptions } from '../ports';
import { LOCAL_TARGET, type MetricsTarget } from './metrics-target';

export interface DiscoveryOptions {
  readonly fetchTargets: (signal: AbortSignal) => Promise<readonly MetricsTarget[]>;
  readonly open: (target: MetricsTarget) => MetricsSource;
  readonly clock: Clock;
  readonly onFound: (target: MetricsTarget, version: string | null) => void;
  readonly onMissing: (failure: Failure) => void;
}

interface Open {
  readonly target: MetricsTarget;
  readonly source: MetricsSource;
  readonly atMs: number;
}

const PROBE_MS = 5000;
const SEARCH_AGAIN_MS = 15_000;
/** Credentials of a kubeconfig may be exchanged by then (exec plugins, token files). */
const RENEW_MS = 60_000;
/** Failures in a row after which the backend may have moved. */
const LOST_AFTER = 3;
const NEXT = 'Install Prometheus for Istio, or say where it is in prometheus.url (HEDDLE_PROMETHEUS_URL).';

const isUnreachable = (error: unknown): boolean => error instanceof Failure && error.code === 'metricsUnreachable';

/** Equal for equal credentials. */
const stampOf = ({ credentials }: MetricsTarget): string =>
  JSON.stringify([
    credentials?.authorization?.reveal(),
    credentials?.headers,
    Object.entries(credentials?.tls ?? {}).map(([k, x]) => [k, String(x)]),
  ]);

/** What stood in the way at one place, in a few words. */
function wordsOf(target: MetricsTarget, error: unknown): string {
  const why =
    target.credentials !== null && error instanceof Failure && error.code === 'metricsUnauthorized'
      ? 'this user may not use it (RBAC: get and create on services/proxy there)'
      : error instanceof Failure
        ? error.detail
        : 'it could not be asked';
  return `${target.words}: ${why}`;
}

/** Finds, asks, and finds again. Every rejection is a Failure; the search itself fails as metricsUnreachable with every place that was tried. */
export function createDiscoveredMetrics(options: DiscoveryOptions): MetricsSource {
  const { clock, open, onFound, onMissing } = options;
  const ending = new AbortController();
  let held: Open | null = null;
  let searching: Promise<Open> | null = null;
  let failed: { readonly failure: Failure; readonly atMs: number } | null = null;
  let lost = 0;

  /** Whether Prometheus answers there, and whether it knows the mesh. */
  async function probe(source: MetricsSource): Promise<{ readonly version: string | null; readonly knowsMesh: boolean }> {
    const query = { signal: ending.signal, deadlineMs: PROBE_MS };
    const { count } = await source.fetchVector({ name: 'discovery', promql: 'vector(1)', labels: [] }, clock.now(), query);
    if (count !== 1) throw new Failure('metricsMalformed', 'what answers there is no Prometheus', NEXT);
    const { version, metrics } = await source.fetchCapabilities(query);
    return { version, knowsMesh: ['istio_requests_total', 'istio_tcp_sent_bytes_total'].some((name) => metrics.has(name)) };
  }

  async function search(): Promise<Open> {
    const tried: string[] = [];
    let second: { readonly open: Open; readonly version: string | null } | null = null;
    for (const target of await options.fetchTargets(ending.signal)) {
      const source = open(target);
      const found: Open = { target, source, atMs: clock.now() };
      try {
        const { version, knowsMesh } = await probe(source);
        if (knowsMesh) {
          void second?.open.source.close();
          onFound(target, version);
          return found;
        }
        if (second === null) {
          second = { open: found, version };
          continue;
        }
      } catch (error) {
        tried.push(wordsOf(target, error));
      }
      await source.close();
    }
    // One without the mesh's metrics still says what is missing, and may get them.
    if (second !== null) {
      onFound(second.open.target, second.version);
      return second.open;
    }
    const only = tried.length === 1 && tried[0]?.startsWith(`${LOCAL_TARGET.words}: `) === true;
    throw new Failure(
      'metricsUnreachable',
      only ? `no Prometheus was found in the cluster; ${tried.join('; ')}` : `no Prometheus was found that answers; ${tried.join('; ')}`,
      NEXT,
    );
  }

  function find(): Promise<Open> {
    if (failed !== null && clock.now() - failed.atMs < SEARCH_AGAIN_MS) return Promise.reject(failed.failure);
    searching ??= search()
      .then(
        (found) => {
          const old = held;
          held = found;
          failed = null;
          lost = 0;
          if (ending.signal.aborted) void found.source.close();
          if (old) void old.source.close();
          return found;
        },
        (error: unknown) => {
          const failure =
            error instanceof Failure
              ? error
              : new Failure('metricsUnreachable', 'Prometheus could not be looked for', NEXT, { cause: error });
          failed = { failure, atMs: clock.now() };
          onMissing(failure);
          throw failure;
        },
      )
      .finally(() => {
        searching = null;
      });
    return searching;
  }

  /** The backend to ask now. What goes by credentials that may be old is looked for again meanwhile. */
  async function current(): Promise<Open> {
    if (held === null) return find();
    if (held.target.credentials !== null && clock.now() - held.atMs >= RENEW_MS) return renew(held);
    return held;
  }

  async function renew(old: Open): Promise<Open> {
    const targets = await options.fetchTargets(ending.signal).catch(() => []);
    const same = targets.find((target) => target.url === old.target.url);
    if (held !== old) return held ?? find();
    const unchanged = same === undefined || stampOf(same) === stampOf(old.target);
    const renewed: Open = {
      target: same ?? old.target,
      source: unchanged ? old.source : open(same),
      atMs: clock.now(),
    };
    held = renewed;
    // Queries under way on the old one end by themselves or by their deadline.
    if (renewed.source !== old.source) clock.after(RENEW_MS, () => void old.source.close());
    return renewed;
  }

  async function ask<T>({ signal }: QueryOptions, run: (source: MetricsSource) => Promise<T>): Promise<T> {
    const { source } = await waitFor(current(), signal);
    try {
      const answer = await run(source);
      lost = 0;
      return answer;
    } catch (error) {
      if (isUnreachable(error) && held?.source === source && ++lost >= LOST_AFTER) {
        held = null;
        clock.after(RENEW_MS, () => void source.close());
      }
      throw error;
    }
  }

  // Whoever starts the console is told at once, not when somebody first looks.
  find().catch(() => undefined);
  return {
    fetchVector: (query, atMs, query_) => ask(query_, (source) => source.fetchVector(query, atMs, query_)),
    fetchRange: (promql, startMs, endMs, step, query_) => ask(query_, (source) => source.fetchRange(promql, startMs, endMs, step, query_)),
    fetchRangeColumns: (query, range, query_) => ask(query_, (source) => source.fetchRangeColumns(query, range, query_)),
    fetchCapabilities: (query_) => ask(query_, (source) => source.fetchCapabilities(query_)),
    fetchClusters: (query_) => ask(query_, (source) => source.fetchClusters(query_)),
    stats: () => held?.source.stats() ?? [],
    load: () => held?.source.load() ?? NO_LOAD,
    close: async () => {
      ending.abort();
      await held?.source.close();
      held = null;
    },
  };
}

/** A search serves everybody who waits for it: one who gives up leaves it running. */
function waitFor<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return Promise.reject(new Failure('metricsTimeout', 'the query was given up', 'Try again.'));
  }
  return new Promise((resolve, reject) => {
    const giveUp = (): void =>
      reject(new Failure('metricsTimeout', 'the query was given up while Prometheus was looked for', 'Try again.'));
    signal.addEventListener('abort', giveUp, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
