// The state of the read flow: windows, views, readers, and what they have in common. In: adapters, settings. Out: the questions and acts
// that tick.ts names. No timers here: engine.ts decides when.
import { GRAPH_TYPES } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import type { TrafficSnapshot } from '../../model/traffic';
import { DEFAULT_VIEW, type Freshness, type ViewSpec } from '../../model/wire';
import { NO_HINTS, type ProjectionHints } from '../graph/draft';
import { GraphEncoder } from '../graph/encode';
import { GraphMemory, type PreparedTraffic } from '../graph/memory';
import { projectGraph } from '../graph/project';
import type { Clock, ClusterReader } from '../ports';
import { chooseScope } from '../telemetry/queries';
import type { Collector } from './collector';
import { clusterState, metricsState } from './freshness';
import { Hub } from './hub';
import { type Change, encodeStatus, type LiveView } from './live-view';
import { demandOf, Past } from './past';
import { RecentTraffic } from './recent';
import { Replays } from './replays';
import type { LiveSettings } from './settings';
import { Sights, type VisibleNamespaces } from './sights';
import { Views } from './views';
import { WarmUp } from './warm-up';
import { covers, type Demand, joinDemands, WindowFeed } from './window-feed';

export interface FlowParts {
  readonly collector: Collector;
  readonly cluster: Pick<ClusterReader, 'inventory' | 'watches'>;
  readonly clock: Clock;
  readonly settings: LiveSettings;
  /** Told of what should never happen; the flow goes on with the next view or refresh. */
  readonly onDefect: (what: string, error: unknown) => void;
}

const EVERY_KIND: readonly ViewSpec[] = (['full', 'auto'] as const).flatMap((level) =>
  GRAPH_TYPES.flatMap((graphType) => [true, false].map((serviceNodes) => ({ ...DEFAULT_VIEW, graphType, serviceNodes, level }))),
);
const NOTHING: Demand = { namespaces: new Set(), overlays: new Set() };
const EVERYTHING: Demand = { namespaces: null, overlays: new Set() };
const QUANTILES: Demand = { namespaces: null, overlays: new Set(['quantiles']) };

export class LiveFlow {
  readonly memory: GraphMemory;
  readonly views: Views;
  readonly sights = new Sights();
  readonly hub: Hub;
  readonly past: Past;
  readonly replays: Replays;
  readonly recent = new Map<number, RecentTraffic>();
  /** What others will want of a snapshot besides views, made in pieces while nobody waits. */
  readonly preparations: ((traffic: PreparedTraffic) => Iterable<void>)[] = [];
  readonly #parts: FlowParts;
  readonly #encoder = new GraphEncoder();
  readonly #warmUp: WarmUp;
  /** Kinds of view that are still to be made for nobody: code that never ran is several times slower. */
  readonly #toPractise = [...EVERY_KIND];
  /** What was warmed last. */
  #warm: PreparedTraffic | null = null;
  readonly #feeds = new Map<number, WindowFeed>();
  readonly #traffic = new WeakMap<TrafficSnapshot, PreparedTraffic>();
  readonly #stop = new AbortController();
  /** Instant at which the overview of each window was last asked for, and the quantiles of all its traffic. */
  readonly #overviewMs = new Map<number, number>();
  readonly #quantilesMs = new Map<number, number>();
  #revision = 0;
  projections = 0;
  /** Time that they took. */
  projectionMs = 0;

  constructor(parts: FlowParts) {
    const { settings, clock, collector, cluster } = parts;
    this.#parts = parts;
    this.#warmUp = new WarmUp(clock);
    const rules = compileHealthRules(settings.tolerances);
    this.memory = new GraphMemory(rules);
    this.hub = new Hub({
      clock,
      heartbeatMs: settings.heartbeatSeconds * 1000,
      ringDeltas: settings.ringDeltas,
      ringBytes: settings.ringBytes,
    });
    const tools = {
      encoder: this.#encoder,
      epoch: clock.now().toString(36),
      nextRevision: () => {
        this.#revision++;
        return this.#revision;
      },
    };
    const interestMs = settings.interestSeconds * 1000;
    this.views = new Views({ clock, hub: this.hub, tools, maxViews: settings.maxViews, keptEdges: settings.keptEdges, interestMs });
    this.replays = new Replays({ collector, scopeOf: (view) => this.#scopeOf(demandOf(view)) });
    this.past = new Past({
      collector,
      memory: new GraphMemory(rules),
      inventory: () => cluster.inventory(),
      scopeOf: this.#scopeOf,
      frameOf: (view, atSeconds) => this.replays.find(view, atSeconds),
      entries: settings.historyEntries,
      observations: settings.historyObservations,
    });
  }

  /** Aborted when the flow ends. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }
  get feeds(): readonly WindowFeed[] {
    return [...this.#feeds.values()];
  }

  feedOf(windowSeconds: number): WindowFeed {
    const known = this.#feeds.get(windowSeconds);
    if (known !== undefined) return known;
    const { collector, clock, settings } = this.#parts;
    const refreshMs = settings.refreshSeconds * 1000;
    const made = new WindowFeed({ windowSeconds, collector, clock, refreshMs, scopeOf: this.#scopeOf });
    this.#feeds.set(windowSeconds, made);
    return made;
  }

  readonly #scopeOf = (demand: Demand): readonly string[] | null =>
    demand.namespaces === null
      ? null
      : chooseScope([...demand.namespaces], this.#parts.cluster.inventory()?.namespaces.size ?? Number.POSITIVE_INFINITY);

  /** Notes that somebody wants the overview of a window. */
  wantOverview(windowSeconds: number): void {
    this.#overviewMs.set(windowSeconds, this.#parts.clock.now());
  }

  /** Notes that somebody wants lists of a window, perhaps with quantiles. */
  wantLists(windowSeconds: number, quantiles: boolean): void {
    this.wantOverview(windowSeconds);
    if (quantiles) this.#quantilesMs.set(windowSeconds, this.#parts.clock.now());
  }

  /** Live windows that somebody watches, whether due or not; the others are forgotten. */
  watchedWindows(): readonly WindowFeed[] {
    const watched = new Set(
      this.views
        .wanted()
        .filter((v) => v.spec.atSeconds === null)
        .map((v) => v.spec.windowSeconds),
    );
    for (const windowSeconds of this.#overviewMs.keys()) if (this.#wantsOverview(windowSeconds)) watched.add(windowSeconds);
    for (const [windowSeconds, feed] of this.#feeds)
      if (!watched.has(windowSeconds) && this.#isForgettable(feed)) this.#feeds.delete(windowSeconds);
    return [...watched].map((windowSeconds) => this.feedOf(windowSeconds));
  }

  /** Snapshots of windows that nobody watches are kept for a while: they tell the freshness and answer a quick return. */
  #isForgettable(feed: WindowFeed): boolean {
    const { settings, clock } = this.#parts;
    const atMs = feed.collected?.snapshot.atMs ?? 0;
    return feed.windowSeconds !== settings.defaultWindowSeconds && clock.now() - atMs > 10 * settings.interestSeconds * 1000;
  }

  #wantsOverview(windowSeconds: number): boolean {
    return this.#isWanted(this.#overviewMs.get(windowSeconds));
  }

  #isWanted(askedMs: number | undefined): boolean {
    return askedMs !== undefined && this.#parts.clock.now() - askedMs < this.#parts.settings.interestSeconds * 1000;
  }

  dueWindows(): readonly WindowFeed[] {
    const now = this.#parts.clock.now();
    return this.watchedWindows().filter((feed) => feed.dueMs() <= now);
  }

  /** What all who watch a window need of it together. */
  demandOn(feed: WindowFeed): Demand {
    let demand = this.#wantsOverview(feed.windowSeconds) ? EVERYTHING : NOTHING;
    if (this.#isWanted(this.#quantilesMs.get(feed.windowSeconds))) demand = joinDemands(demand, QUANTILES);
    for (const view of this.#liveViews(feed)) demand = joinDemands(demand, demandOf(view.spec));
    return demand;
  }

  #liveViews(feed: WindowFeed): readonly LiveView[] {
    return this.views.wanted().filter((v) => v.spec.atSeconds === null && v.spec.windowSeconds === feed.windowSeconds);
  }

  /** Views that are pushed to; the others are projected when they are asked for. */
  watchedViews(feed: WindowFeed): readonly LiveView[] {
    return this.#liveViews(feed).filter((view) => this.hub.has(view.key));
  }

  isCovered(view: LiveView, feed: WindowFeed): boolean {
    return feed.collected !== null && covers(feed.collected.covered, demandOf(view.spec));
  }

  /** The newest snapshot of a window, ready for projection with the newest inventory; null before the first. */
  index(feed: WindowFeed): PreparedTraffic | null {
    const { collected } = feed;
    if (collected === null) return null;
    const inventory = this.#parts.cluster.inventory();
    const known = this.#traffic.get(collected.snapshot);
    if (known !== undefined && known.index.inventory.inventory === inventory) return known;
    const made = this.memory.read(collected.snapshot, inventory);
    this.#traffic.set(collected.snapshot, made);
    if (known === undefined && collected.covered.namespaces === null) this.recentOf(feed.windowSeconds).note(made);
    return made;
  }

  recentOf(windowSeconds: number): RecentTraffic {
    const known = this.recent.get(windowSeconds);
    if (known !== undefined) return known;
    const made = new RecentTraffic();
    this.recent.set(windowSeconds, made);
    return made;
  }

  /** Prepares, when its readers have been served, what views that nobody has asked for yet will need of a snapshot. */
  warm(traffic: PreparedTraffic): void {
    if (this.#warm === traffic) return;
    this.#warm = traffic;
    this.#warmUp.start(this.#preparation(traffic), (error) => this.#parts.onDefect('the preparation of views', error));
  }

  *#preparation(traffic: PreparedTraffic): Generator<void, void> {
    yield* this.memory.warm(traffic, this.#encoder);
    for (const prepare of this.preparations) yield* prepare(traffic);
    // A refresh may come before it is done: the next goes on where this one ends.
    for (let view = this.#toPractise.shift(); view !== undefined; view = this.#toPractise.shift()) {
      const { totals, notes, folded, laid } = projectGraph(traffic, view);
      this.#encoder.encodeDocument({ totals, notes, folded, atMs: 0, revision: 0, view }, laid);
      yield;
    }
  }

  /** Shows a snapshot in a view; what that took is counted. */
  show(view: LiveView, traffic: PreparedTraffic): ReturnType<LiveView['show']> {
    const startedMs = performance.now();
    const before = view.projection;
    const change = view.show(traffic, this.#hints());
    if (view.projection !== before) this.projections++;
    this.projectionMs += performance.now() - startedMs;
    return change;
  }

  /** What the backend lacks. */
  #hints(): ProjectionHints {
    const capabilities = this.#parts.collector.capabilities();
    return capabilities === null ? NO_HINTS : { scrapeIntervalSeconds: capabilities.scrapeIntervalSeconds, missing: capabilities.notes };
  }

  /** Age and cause of what a live window shows; the backends' own words only for those who see everything. */
  freshnessOf(feed: WindowFeed, visible: VisibleNamespaces | null): Freshness {
    const quoted = visible === null;
    return { metrics: metricsState(feed.collected?.snapshot ?? null, feed.failure, quoted), cluster: this.#clusterFreshness(quoted) };
  }

  #clusterFreshness(quoted: boolean): Freshness['cluster'] {
    return clusterState(this.#parts.cluster.inventory(), this.#parts.cluster.watches(), quoted);
  }

  /** Of what a view shows: the past is never stale. */
  freshnessOfView(view: LiveView): Freshness {
    if (view.spec.atSeconds === null) return this.freshnessOf(this.feedOf(view.spec.windowSeconds), view.visible);
    const snapshot = view.projection?.trace.traffic.index.snapshot ?? null;
    const quoted = view.visible === null;
    return { metrics: metricsState(snapshot, null, quoted), cluster: this.#clusterFreshness(quoted) };
  }

  publish(view: LiveView, change: Change): void {
    if (!this.hub.has(view.key)) return;
    const publication = view.publication(change, () => this.freshnessOfView(view));
    if (publication !== null) this.hub.publish(view.key, publication);
  }

  /** Tells the readers of a view its freshness, if that is news. */
  publishStatus(view: LiveView): void {
    const freshness = this.freshnessOfView(view);
    const text = JSON.stringify(freshness);
    if (text === view.lastStatus) return;
    view.lastStatus = text;
    this.hub.publishStatus(view.key, encodeStatus(freshness));
  }

  /** Runs something for one view; what it throws does not touch the others. */
  guard(view: LiveView, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#parts.onDefect(`the view ${view.key}`, error);
    }
  }

  close(): void {
    this.#stop.abort(new Error('the live flow is closed'));
    this.#warmUp.stop();
    this.hub.close();
  }
}
