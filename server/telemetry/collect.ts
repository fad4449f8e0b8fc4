// One snapshot of the traffic: asks the backend all questions of the plan in parallel for one instant, folds the answers, keeps what is
// reused. In: MetricsSource, requests. Out: TrafficSnapshot. The base (rates, TCP) must succeed; an overlay that fails leaves a warning
// and its last good values; quantiles never delay the rest of a live snapshot.
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import type { Asked } from '../../model/wire';
import type { Clock, MetricsCapabilities, MetricsSource, QueryCause } from '../ports';
import { Background } from './background';
import { attachBuckets, type BucketBook, buildBucketBook } from './buckets';
import { CapabilityKeeper } from './capability-keeper';
import { carryLatency, carryThroughput, fillOverlays } from './carry';
import { EdgeRegistry } from './edge-registry';
import { isExtra, readExtras } from './extras';
import { Flights } from './flights';
import { FrameReader, type FramesRequest, type TrafficFrames } from './frames';
import { type Identities, IdentityKeeper } from './identity-keeper';
import { faultOf, Inquiry, type Settled } from './inquiry';
import { type ObserveInput, observe } from './observe';
import { Pace } from './pace';
import {
  buildBucketQueries,
  buildBytesQuery,
  buildDestinationQuery,
  buildDurationQuery,
  buildSourceQuery,
  buildTcpQuery,
  type OverlayReach,
  type PlannedQuery,
  type QueryPlan,
} from './queries';
import { type RulesAt, RulesKeeper, recordedBy } from './rules-keeper';
import type { QueryAnswer } from './series-memory';
import { type KeptOverlay, type LateParts, TelemetryStream, TelemetryStreams } from './stream';
import { directionsOf, nameSeveralClusters, recordedPartsOf } from './what-is-asked';

export interface CollectRequest {
  readonly windowSeconds: number;
  /** Instant at which the window ends, cut to whole seconds. */
  readonly atMs: number;
  /** Null = all; chooseScope of queries.ts says when that costs less. */
  readonly namespaces: readonly string[] | null;
  readonly overlays: readonly Asked[];
  /** On whose behalf; absent: told by `live`. */
  readonly cause?: QueryCause;
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
  /** Called when the first quantiles or identities arrive after the live snapshot that lacks them was given out: that snapshot, completed. */
  readonly onLate: (request: CollectRequest, snapshot: TrafficSnapshot) => void;
}

/** Edges that were not seen for this long get a new key when they come back. */
const EDGES_KEPT_MS = 2 * 3_600_000;
/** Overlay values older than this are not shown any more. */
const OVERLAY_KEPT_MS = 900_000;

const causeOf = ({ cause, live, windowSeconds }: CollectRequest): QueryCause => cause ?? { kind: live ? 'live' : 'past', windowSeconds };

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
  readonly #frames: FrameReader;
  readonly #rules: RulesKeeper;

  constructor(options: CollectorOptions) {
    const { source, clock, slowDeadlineMs } = options;
    this.#options = options;
    this.#capabilities = new CapabilityKeeper(source, clock, this.#background);
    this.#identities = new IdentityKeeper({ source, clock, background: this.#background, deadlineMs: slowDeadlineMs });
    this.#rules = new RulesKeeper(source, clock);
    this.#frames = new FrameReader({
      source,
      clock,
      registry: this.#registry,
      homeCluster: options.homeCluster,
      deadlineMs: slowDeadlineMs,
    });
  }

  /** What the backend holds, as last found out; null before the first collection. */
  capabilities(): MetricsCapabilities | null {
    return this.#capabilities.last();
  }

  /** The same, asked again where it was not just now. */
  probe(): Promise<MetricsCapabilities | null> {
    return this.#capabilities.probe();
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
    const reason = new Error('the collector is closed');
    this.#flights.abortAll(reason);
    this.#frames.close(reason);
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
    const cause = causeOf(request);
    return this.#flights.join(key, signal, (shared) =>
      this.#collectAll({ windowSeconds, atMs, namespaces, overlays, live, cause }, shared),
    );
  }

  /**
   * The traffic of many instants of the past, for replay: 30 minutes in steps of 10 s take 20 queries at most, two of them for identities.
   * What was read is kept for the next range that overlaps. Frames have no quantiles.
   * @throws Failure badRequest for a range without frames, else as collect
   */
  async collectFrames(request: FramesRequest, signal: AbortSignal): Promise<TrafficFrames> {
    await this.#capabilities.read();
    const severalClusters = await this.#capabilities.severalClusters(signal);
    signal.throwIfAborted();
    const namespaces = request.namespaces === null || request.namespaces.length === 0 ? null : [...new Set(request.namespaces)].sort();
    return this.#frames.read({ ...request, namespaces }, severalClusters, { identities: this.#identities, rules: this.#rules }, signal);
  }

  /** The snapshot with its extras, read side by side. */
  async #collectAll(request: CollectRequest, signal: AbortSignal): Promise<TrafficSnapshot> {
    const { source, clock, homeCluster, slowDeadlineMs: deadlineMs } = this.#options;
    if (!request.overlays.some(isExtra)) return this.#collect(request, signal);
    const inquiry = new Inquiry(source, clock, request.atMs, signal, causeOf(request));
    const parts = { registry: this.#registry, clock, homeCluster, deadlineMs, severalClusters: this.#capabilities.severalClusters(signal) };
    const [snapshot, extras] = await Promise.all([this.#collect(request, signal), readExtras(request, inquiry, parts)]);
    return { ...snapshot, extras, warnings: [...snapshot.warnings, ...inquiry.warnings()] };
  }

  async #collect(request: CollectRequest, signal: AbortSignal): Promise<TrafficSnapshot> {
    const { clock, source, homeCluster } = this.#options;
    const { windowSeconds, namespaces, live, atMs } = request;
    // The first live graph does not wait for the probes, only for the number of clusters, and briefly: where that is not told, it asks for
    // the clusters of every edge and sees whether there are several.
    if (!live) await this.#capabilities.read();
    const [told, rules] = await Promise.all([
      this.#capabilities.severalClusters(signal),
      this.#rules.at(windowSeconds, atMs, signal, causeOf(request)),
    ]);
    signal.throwIfAborted();
    const name = `${windowSeconds}s ${namespaces === null ? '' : JSON.stringify(namespaces)}`;
    const severalClusters = told ?? true;
    const plan: QueryPlan = {
      windowSeconds,
      namespaces,
      severalClusters,
      stream: live ? (rules.edges === null ? name : `${name} recorded`) : null,
      recorded: recordedBy(rules),
    };
    const stream = live ? this.#streams.of(name) : new TelemetryStream(name);
    // Whatever fails first ends the rest: nobody needs half a base.
    const stop = new AbortController();
    const inquiry = new Inquiry(source, clock, atMs, AbortSignal.any([signal, stop.signal]), causeOf(request));
    try {
      const known = stream.sourceOnlyHosts;
      const wantsQuantiles = request.overlays.includes('quantiles');
      // What rules recorded of the histograms is so little that it is read beside the base.
      if (live && wantsQuantiles && rules.latency !== null && known !== null && told !== null)
        this.#startQuantiles(request, plan, told ? null : homeCluster, stream, rules);
      // The base stands first in the line. The first time, only it tells of which hosts the source alone reports: a live view gets their
      // overlays later, one of the past waits for them.
      const reading = this.#readBase(plan, inquiry);
      const early = live || known !== null ? this.#askOverlays(request, plan, inquiry, known ?? []) : null;
      const base = await reading;
      const home = !severalClusters || (told === null && !nameSeveralClusters(labelsOfBase(base))) ? homeCluster : null;
      const input = { ...base, nowMs: clock.now(), duration: null, bytes: null, homeCluster: home };
      const overlays = await (early ??
        this.#askOverlays(request, plan, inquiry, observe(input, this.#registry, stream.memory).sourceOnlyHosts));
      const observations = this.#fold(input, overlays, stream, inquiry);
      const snapshot = (identities: Identities): TrafficSnapshot => {
        const book = wantsQuantiles ? newestBook(stream, inquiry) : null;
        return withBook(
          {
            atMs,
            windowSeconds,
            observations,
            bucketBoundsMs: [],
            identities,
            quantilesAtMs: null,
            warnings: inquiry.warnings(),
            cost: inquiry.cost(),
            ...recordedPartsOf(rules, wantsQuantiles),
          },
          book,
        );
      };
      if (!live) {
        const identities = await this.#identities.readPast(plan, home, inquiry, observations);
        if (wantsQuantiles) await this.#readBuckets(plan, home, stream, inquiry, rules);
        return snapshot(identities);
      }
      // From here to the end nothing waits, so that what is late cannot arrive in between.
      if (wantsQuantiles) this.#startQuantiles(request, plan, home, stream, rules);
      const { held, first } = this.#identities.read(plan, home, atMs);
      const given = snapshot(held);
      const isLacking = known === null && (stream.sourceOnlyHosts ?? []).length > 0 && overlays.some((each) => each?.answer != null);
      const readRest = isLacking ? (rest: AbortSignal) => this.#readSourceOnly(request, plan, input, stream, rest) : null;
      this.#completeLater(request, stream, given, first, readRest);
      return given;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      stop.abort();
      if (live) this.#pace.noteCollection(name, inquiry.elapsedMs(), clock.now());
      this.#registry.forgetUnseen(clock.now() - EDGES_KEPT_MS);
    }
  }

  /** Gives the snapshot out again when what it lacks arrives, as long as it is the newest of its stream. */
  #completeLater(
    request: CollectRequest,
    stream: TelemetryStream,
    given: TrafficSnapshot,
    first: Promise<Identities> | null,
    readRest: ((signal: AbortSignal) => Promise<readonly Observation[]>) | null,
  ): void {
    const lacksBook = request.overlays.includes('quantiles') && given.quantilesAtMs === null;
    let snapshot = given;
    const complete = ({ book, identities, observations }: LateParts): void => {
      if (book !== undefined && !lacksBook) return;
      if (book !== undefined) snapshot = withBook(snapshot, book);
      if (identities !== undefined) snapshot = { ...snapshot, identities };
      if (observations !== undefined) snapshot = { ...snapshot, observations: fillOverlays(snapshot.observations, observations) };
      this.#options.onLate(request, snapshot);
    };
    stream.complete = complete;
    const probing = this.#capabilities.refresh();
    if (first === null && readRest === null) return;
    this.#background.run(async (signal) => {
      const [identities, observations] = await Promise.all([first, readRest?.(signal) ?? null, probing]);
      const isNews = (identities !== null && identities.size > 0) || (observations !== null && observations.length > 0);
      if (stream.complete === complete && isNews)
        complete({ ...(identities === null ? {} : { identities }), ...(observations === null ? {} : { observations }) });
    });
  }

  /** The two halves of the base, side by side. */
  async #readBase(plan: QueryPlan, inquiry: Inquiry): Promise<Base> {
    const [source, destination, tcp] = await Promise.all([
      this.#askBase(buildSourceQuery, plan, inquiry),
      this.#askBase(buildDestinationQuery, plan, inquiry),
      plan.recorded?.edges === true ? this.#askBase(buildTcpQuery, plan, inquiry) : null,
    ]);
    return { source, destination, ...(tcp === null ? {} : { tcp }) };
  }

  /** One half of the base. Nothing recorded may mean that there is nothing, or that its rule failed while the others did not: computed, then. */
  async #askBase(build: (plan: QueryPlan) => PlannedQuery, plan: QueryPlan, inquiry: Inquiry): Promise<QueryAnswer> {
    const { deadlineMs } = this.#options;
    const answer = await inquiry.ask(build(plan), deadlineMs);
    if (plan.recorded?.edges !== true || answer.columns.count > 0) return answer;
    return inquiry.ask(build({ ...plan, recorded: { ...plan.recorded, edges: false } }), deadlineMs);
  }

  #askOverlays(
    { overlays }: CollectRequest,
    plan: QueryPlan,
    inquiry: Inquiry,
    hosts: readonly string[],
    reach: OverlayReach = 'all',
  ): Promise<Overlays> {
    const { deadlineMs } = this.#options;
    const directions = directionsOf(overlays);
    return Promise.all([
      overlays.includes('latency') ? inquiry.settle(buildDurationQuery(plan, hosts, reach), deadlineMs) : null,
      directions.length > 0 ? inquiry.settle(buildBytesQuery(plan, directions, hosts, reach), deadlineMs) : null,
    ]);
  }

  /** Observations with the overlays of edges of which only the source reports; none if they cannot be read, for the next poll does it. */
  async #readSourceOnly(
    request: CollectRequest,
    plan: QueryPlan,
    input: ObserveInput,
    stream: TelemetryStream,
    signal: AbortSignal,
  ): Promise<readonly Observation[]> {
    const { source, clock } = this.#options;
    const own = new Inquiry(source, clock, request.atMs, signal, causeOf(request));
    const [duration, bytes] = await this.#askOverlays(request, { ...plan, stream: null }, own, stream.sourceOnlyHosts ?? [], 'sourceOnly');
    const answers = { duration: duration?.answer ?? null, bytes: bytes?.answer ?? null };
    if (answers.duration === null && answers.bytes === null) return [];
    return observe({ ...input, ...answers }, this.#registry, stream.memory).observations;
  }

  /** Observations of all answers; an overlay that failed shows its last good values, if they are not too old, and a warning. */
  #fold(input: ObserveInput, [duration, bytes]: Overlays, stream: TelemetryStream, inquiry: Inquiry): readonly Observation[] {
    const answers = { duration: duration?.answer ?? null, bytes: bytes?.answer ?? null };
    const observed = observe({ ...input, ...answers }, this.#registry, stream.memory);
    stream.sourceOnlyHosts = observed.sourceOnlyHosts;
    let { observations } = observed;
    const keep = (settled: Settled | null, kept: KeptOverlay | null, what: string, carry: typeof carryLatency): KeptOverlay | null => {
      if (settled === null) return kept;
      if (settled.fault === null) return { atMs: inquiry.atMs, observations: observed.observations };
      const isFresh = kept !== null && inquiry.atMs - kept.atMs <= OVERLAY_KEPT_MS;
      inquiry.warn(isFresh ? `${what} is of ${atClock(kept.atMs)} UTC: ${settled.fault}` : `${what} is missing: ${settled.fault}`);
      if (isFresh) observations = carry(observations, kept.observations);
      return kept;
    };
    stream.latency = keep(duration, stream.latency, 'Average latency', carryLatency);
    stream.throughput = keep(bytes, stream.throughput, 'Throughput', carryThroughput);
    return observations;
  }

  /** Reads the quantiles of a live stream in the background, if it is time. */
  #startQuantiles(request: CollectRequest, plan: QueryPlan, home: string | null, stream: TelemetryStream, rules: RulesAt): void {
    const { source, clock } = this.#options;
    if (stream.bucketsUnderWay) return;
    // What rules recorded costs little, and does not change before their next evaluation.
    const isDue =
      rules.latency === null ? this.#pace.quantilesDue(stream.name, clock.now()) : stream.book?.atMs !== rules.latency.evaluatedMs;
    if (!isDue) return;
    stream.bucketsUnderWay = true;
    this.#background.run(async (signal) => {
      const own = new Inquiry(source, clock, request.atMs, signal, causeOf(request));
      const before = stream.book;
      await this.#readBuckets(plan, home, stream, own, rules);
      this.#pace.noteQuantiles(stream.name, own.elapsedMs(), clock.now());
      stream.bucketsUnderWay = false;
      if (stream.book !== null && stream.book !== before) stream.complete?.({ book: stream.book });
    });
  }

  async #readBuckets(plan: QueryPlan, home: string | null, stream: TelemetryStream, inquiry: Inquiry, rules: RulesAt): Promise<void> {
    const { slowDeadlineMs, clock } = this.#options;
    const queries = buildBucketQueries(plan, stream.sourceOnlyHosts ?? []);
    try {
      const answers = await Promise.all(queries.map((query) => inquiry.ask(query, slowDeadlineMs)));
      const at = { atMs: rules.latency?.evaluatedMs ?? inquiry.atMs, nowMs: clock.now() };
      stream.book = buildBucketBook(answers, at, home, this.#registry, stream.buckets, rules.latency !== null);
      stream.bucketsFault = null;
    } catch (error) {
      stream.bucketsFault = faultOf(error);
    }
  }
}

type Base = Pick<ObserveInput, 'source' | 'destination' | 'tcp'>;
/** Duration and bytes; null: not wanted. */
type Overlays = readonly [Settled | null, Settled | null];

/** Labels of all series of a base. */
const labelsOfBase = ({ source, destination }: Base): Parameters<typeof nameSeveralClusters>[0] =>
  [source, destination].map(({ labels, columns }) => ({
    names: labels,
    series: Array.from(columns.slots, (slot) => columns.labelsOf(slot)),
  }));

const withBook = (snapshot: TrafficSnapshot, book: BucketBook | null): TrafficSnapshot =>
  book === null
    ? snapshot
    : {
        ...snapshot,
        observations: attachBuckets(snapshot.observations, book),
        bucketBoundsMs: book.boundsMs,
        quantilesAtMs: book.atMs,
      };

/** The quantiles that were read last, unless they are too old to be shown. */
function newestBook({ book, bucketsFault: fault }: TelemetryStream, inquiry: Inquiry): BucketBook | null {
  const isFresh = book !== null && inquiry.atMs - book.atMs <= OVERLAY_KEPT_MS;
  if (fault !== null) inquiry.warn(isFresh ? `Quantiles are of ${atClock(book.atMs)} UTC: ${fault}` : `Quantiles are missing: ${fault}`);
  return isFresh ? book : null;
}
