// One snapshot of the traffic: asks the backend all questions of the plan in parallel for one instant, folds the answers, keeps what is
// reused. In: MetricsSource, requests. Out: TrafficSnapshot. The base (rates, TCP) must succeed; an overlay that fails leaves a warning
// and its last good values; quantiles never delay the rest of a live snapshot.
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import type { Overlay } from '../../model/wire';
import type { Clock, MetricsCapabilities, MetricsSource } from '../ports';
import { Background } from './background';
import { attachBuckets, type BucketBook, buildBucketBook } from './buckets';
import { CapabilityKeeper } from './capability-keeper';
import { carryLatency, carryThroughput } from './carry';
import { EdgeRegistry } from './edge-registry';
import { Flights } from './flights';
import { IdentityKeeper } from './identity-keeper';
import { faultOf, Inquiry, type Settled } from './inquiry';
import { observe } from './observe';
import { Pace } from './pace';
import { buildBucketQueries, buildBytesQuery, buildDurationQuery, buildRequestsQuery, buildTcpQuery, type QueryPlan } from './queries';
import { type KeptOverlay, TelemetryStream, TelemetryStreams } from './stream';

export interface CollectRequest {
  readonly windowSeconds: number;
  /** Instant at which the window ends, cut to whole seconds. */
  readonly atMs: number;
  /** Null = all; chooseScope of queries.ts says when that costs less. */
  readonly namespaces: readonly string[] | null;
  readonly overlays: readonly Overlay[];
  /** Live: asked again and again as time goes on. Otherwise a view of the past, which waits for its quantiles. */
  readonly live: boolean;
}

export interface CollectorOptions {
  readonly source: MetricsSource;
  readonly clock: Clock;
  /** Name of the cluster that metrics belong to which do not tell several clusters apart. */
  readonly homeCluster: string;
  /** Deadline of a base or overlay query. */
  readonly deadlineMs: number;
  /** Deadline of a query of buckets or identities. */
  readonly slowDeadlineMs: number;
  /** Called when the first quantiles arrive after the live snapshot that wanted them was given out: that snapshot, completed. */
  readonly onLate: (request: CollectRequest, snapshot: TrafficSnapshot) => void;
}

/** Edges that were not seen for this long get a new key when they come back. */
const EDGES_KEPT_MS = 2 * 3_600_000;
/** Overlay values older than this are not shown any more. */
const OVERLAY_KEPT_MS = 900_000;

const atClock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** Collects snapshots; one per backend, shared by everybody. */
export class TelemetryCollector {
  readonly #options: CollectorOptions;
  readonly #registry = new EdgeRegistry();
  readonly #streams = new TelemetryStreams();
  readonly #flights = new Flights<TrafficSnapshot>();
  readonly #pace = new Pace();
  readonly #background = new Background();
  readonly #capabilities: CapabilityKeeper;
  readonly #identities: IdentityKeeper;

  constructor(options: CollectorOptions) {
    const { source, clock, homeCluster, slowDeadlineMs } = options;
    this.#options = options;
    this.#capabilities = new CapabilityKeeper(source, clock, this.#background);
    this.#identities = new IdentityKeeper({ source, clock, background: this.#background, homeCluster, deadlineMs: slowDeadlineMs });
  }

  /** What the backend holds, as last found out; null before the first collection. */
  capabilities(): MetricsCapabilities | null {
    return this.#capabilities.last();
  }

  /** Interval at which live snapshots should be asked for: `refreshMs`, or more if collecting takes over a third of it. */
  recommendedIntervalMs(refreshMs: number): number {
    return this.#pace.recommendedIntervalMs(refreshMs, this.#options.clock.now());
  }

  /** Resolves when nothing runs in the background. */
  settle(): Promise<void> {
    return this.#background.settle();
  }

  /** Gives up everything under way and waits for its end. */
  async close(): Promise<void> {
    this.#flights.abortAll(new Error('the collector is closed'));
    await this.#background.close();
  }

  /**
   * The snapshot of a request; equal requests under way share one.
   * @throws Failure if the base cannot be read, in the words of the backend; the signal's reason if it is aborted.
   */
  collect(request: CollectRequest, signal: AbortSignal): Promise<TrafficSnapshot> {
    const { windowSeconds, live } = request;
    const namespaces = request.namespaces === null || request.namespaces.length === 0 ? null : [...new Set(request.namespaces)].sort();
    const atMs = Math.floor(request.atMs / 1000) * 1000;
    const overlays = [...new Set(request.overlays)].sort();
    const key = JSON.stringify([windowSeconds, atMs, namespaces, overlays, live]);
    return this.#flights.join(key, signal, (shared) => this.#collect({ windowSeconds, atMs, namespaces, overlays, live }, shared));
  }

  async #collect(request: CollectRequest, signal: AbortSignal): Promise<TrafficSnapshot> {
    const { clock, source } = this.#options;
    const { windowSeconds, namespaces, live, atMs } = request;
    const capabilities = await this.#capabilities.read();
    const name = `${windowSeconds}s ${namespaces === null ? '' : JSON.stringify(namespaces)}`;
    const plan: QueryPlan = {
      windowSeconds,
      namespaces,
      severalClusters: (capabilities?.clusters.length ?? 0) > 1,
      stream: live ? name : null,
    };
    const stream = live ? this.#streams.of(name) : new TelemetryStream(name);
    // Whatever fails first ends the rest: nobody needs half a base.
    const stop = new AbortController();
    const inquiry = new Inquiry(source, clock, atMs, AbortSignal.any([signal, stop.signal]));
    try {
      // The base stands first in the line.
      const reading = this.#readObservations(request, plan, stream, inquiry);
      const naming = live ? this.#identities.read(plan, atMs) : this.#identities.readPast(plan, inquiry);
      const observations = await reading;
      const identities = await naming;
      const wantsQuantiles = request.overlays.includes('quantiles');
      if (wantsQuantiles && !live) await this.#readBuckets(plan, stream, inquiry);
      // From here to the end nothing waits, so that quantiles cannot arrive in between.
      if (wantsQuantiles && live) this.#startQuantiles(request, plan, stream);
      const book = wantsQuantiles ? newestBook(stream, inquiry) : null;
      const cost = inquiry.cost();
      const warnings = inquiry.warnings();
      const build = (own: BucketBook | null): TrafficSnapshot => ({
        atMs,
        windowSeconds,
        observations: own === null ? observations : attachBuckets(observations, own),
        bucketBoundsMs: own?.boundsMs ?? [],
        identities,
        quantilesAtMs: own?.atMs ?? null,
        warnings,
        cost,
      });
      const isPending = live && book === null && wantsQuantiles;
      stream.completeLate = isPending ? (own) => this.#options.onLate(request, build(own)) : null;
      return build(book);
    } finally {
      stop.abort();
      if (live) this.#pace.noteCollection(name, inquiry.elapsedMs(), clock.now());
      this.#registry.forgetUnseen(clock.now() - EDGES_KEPT_MS);
    }
  }

  async #readObservations(
    request: CollectRequest,
    plan: QueryPlan,
    stream: TelemetryStream,
    inquiry: Inquiry,
  ): Promise<readonly Observation[]> {
    const { deadlineMs, clock } = this.#options;
    const askOverlays = (hosts: readonly string[]): Promise<readonly [Settled | null, Settled | null]> =>
      Promise.all([
        request.overlays.includes('latency') ? inquiry.settle(buildDurationQuery(plan, hosts), deadlineMs) : null,
        request.overlays.includes('throughput') ? inquiry.settle(buildBytesQuery(plan, hosts), deadlineMs) : null,
      ]);
    const known = stream.sourceOnlyHosts;
    const early = known === null ? null : askOverlays(known);
    const [requests, tcp] = await Promise.all([
      inquiry.ask(buildRequestsQuery(plan), deadlineMs),
      inquiry.ask(buildTcpQuery(plan), deadlineMs),
    ]);
    const base = {
      nowMs: clock.now(),
      requests,
      tcp,
      duration: null,
      bytes: null,
      homeCluster: plan.severalClusters ? null : this.#options.homeCluster,
    };
    // The first time, only the base tells of which hosts the source alone reports.
    const late = early ?? askOverlays(observe(base, this.#registry, stream.memory).sourceOnlyHosts);
    const [duration, bytes] = await late;
    const observed = observe({ ...base, duration: duration?.answer ?? null, bytes: bytes?.answer ?? null }, this.#registry, stream.memory);
    stream.sourceOnlyHosts = observed.sourceOnlyHosts;
    let { observations } = observed;
    const keep = (settled: Settled | null, kept: KeptOverlay | null, what: string, carry: typeof carryLatency): KeptOverlay | null => {
      if (settled === null) return kept;
      if (settled.fault === null) return { atMs: request.atMs, observations: observed.observations };
      const isFresh = kept !== null && request.atMs - kept.atMs <= OVERLAY_KEPT_MS;
      inquiry.warn(isFresh ? `${what} is of ${atClock(kept.atMs)} UTC: ${settled.fault}` : `${what} is missing: ${settled.fault}`);
      if (isFresh) observations = carry(observations, kept.observations);
      return kept;
    };
    stream.latency = keep(duration, stream.latency, 'Average latency', carryLatency);
    stream.throughput = keep(bytes, stream.throughput, 'Throughput', carryThroughput);
    return observations;
  }

  /** Reads the quantiles of a live stream in the background, if it is time. */
  #startQuantiles(request: CollectRequest, plan: QueryPlan, stream: TelemetryStream): void {
    const { source, clock } = this.#options;
    if (stream.bucketsUnderWay || !this.#pace.quantilesDue(stream.name, clock.now())) return;
    stream.bucketsUnderWay = true;
    this.#background.run(async (signal) => {
      const own = new Inquiry(source, clock, request.atMs, signal);
      const before = stream.book;
      await this.#readBuckets(plan, stream, own);
      this.#pace.noteQuantiles(stream.name, own.elapsedMs(), clock.now());
      stream.bucketsUnderWay = false;
      if (stream.book !== null && stream.book !== before) stream.completeLate?.(stream.book);
      stream.completeLate = null;
    });
  }

  async #readBuckets(plan: QueryPlan, stream: TelemetryStream, inquiry: Inquiry): Promise<void> {
    const { slowDeadlineMs, clock, homeCluster } = this.#options;
    const queries = buildBucketQueries(plan, stream.sourceOnlyHosts ?? []);
    try {
      const answers = await Promise.all(queries.map((query) => inquiry.ask(query, slowDeadlineMs)));
      const at = { atMs: inquiry.atMs, nowMs: clock.now() };
      stream.book = buildBucketBook(answers, at, plan.severalClusters ? null : homeCluster, this.#registry, stream.buckets);
      stream.bucketsFault = null;
    } catch (error) {
      stream.bucketsFault = faultOf(error);
    }
  }
}

/** The quantiles that were read last, unless they are too old to be shown. */
function newestBook({ book, bucketsFault: fault }: TelemetryStream, inquiry: Inquiry): BucketBook | null {
  const isFresh = book !== null && inquiry.atMs - book.atMs <= OVERLAY_KEPT_MS;
  if (fault !== null) inquiry.warn(isFresh ? `Quantiles are of ${atClock(book.atMs)} UTC: ${fault}` : `Quantiles are missing: ${fault}`);
  return isFresh ? book : null;
}
