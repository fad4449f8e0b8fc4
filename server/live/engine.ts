// The live engine: everything that the HTTP side asks of the read flow, and the timers that keep it going.
// In: collector, metrics, cluster reader, clock, settings. Out: LiveEngine. Arguments and results can be structured-cloned.
import type { Sight } from '../../model/account';
import { Failure } from '../../model/failure';
import type { FindDocument } from '../../model/find/document';
import { readFind, wholeView } from '../../model/find/server-query';
import type { LoadDocument } from '../../model/load';
import type { SearchDocument } from '../../model/search';
import type { TrafficSnapshot } from '../../model/traffic';
import {
  type ElementChartsDocument,
  type ElementDocument,
  type Freshness,
  type NamespacesDocument,
  SAFE_WINDOW_SECONDS,
  shortestWindow,
  type ViewSpec,
} from '../../model/wire';
import { findInView } from '../graph/find-view';
import type { PreparedTraffic } from '../graph/memory';
import { summarizeNamespaces } from '../graph/namespaces';
import type { Projection } from '../graph/project';
import { meshView, searchMesh } from '../graph/search-mesh';
import { abortable } from './abortable';
import { Analyses } from './analyses';
import type { LateSnapshot } from './collector';
import { Dashboards } from './dashboards';
import { Details } from './details';
import { Elements } from './elements';
import { emptySnapshot } from './empty-snapshot';
import type { EncodedGraph, EngineParts } from './engine-parts';
import { EntityMetrics } from './entity-metrics';
import { LiveFlow } from './flow';
import { Foresight } from './foresight';
import { History } from './history';
import type { Subscriber, Subscription } from './hub';
import { hushed, hushFailure } from './hush';
import { Lists } from './lists';
import { encodeStatus, type LiveView } from './live-view';
import { buildLoad } from './load-document';
import { encodeMetrics } from './metrics-text';
import { demandOf } from './past';
import { Steering } from './steering';
import { publishWindow, refresh, tick } from './tick';
import type { Demand, WindowFeed } from './window-feed';
import { checkWindow } from './window-limit';

interface Options {
  readonly signal?: AbortSignal;
}

/** Changes of the inventory are gathered this long before graphs are made anew. */
const INVENTORY_DELAY_MS = 1000;
/** Without any data, who asks again this soon after a failure is told that failure. */
const RETRY_PAUSE_MS = 2000;
/** Views that are asked for without a stream are looked through this long after one was. */
const TRIM_AFTER_MS = 250;
/** Rehearsals take traffic that is at most so old without waiting for newer. */
const RECENT_TRAFFIC_MS = 120_000;

export class LiveEngine {
  /** Each answers the questions of its kind: `entityMetrics` charts and `lists` rows, `details` documents of whatever has a page. */
  readonly steering: Steering;
  readonly details: Details;
  readonly history: History;
  readonly dashboards: Dashboards;
  readonly entityMetrics: EntityMetrics;
  readonly lists: Lists;
  readonly #parts: EngineParts;
  readonly #flow: LiveFlow;
  readonly #elements: Elements;
  readonly #analyses: Analyses;
  readonly #foresight: Foresight;
  #cancelTick: (() => void) | null = null;
  #cancelInventory: (() => void) | null = null;
  #cancelTrim: (() => void) | null = null;
  #closed = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#flow = new LiveFlow(parts);
    const { metrics, clock, settings, collector, cluster } = parts;
    const analyses = new Analyses(parts);
    this.#analyses = analyses;
    this.steering = new Steering({
      ...{ cluster, analyses, clock, sights: this.#flow.sights, windowSeconds: settings.defaultWindowSeconds },
      fetchTraffic: ({ quantiles }, signal) => this.#fetchTraffic(quantiles, signal),
    });
    const see = async (spec: ViewSpec, sight: Sight) => {
      const { view, projection } = await this.#see(spec, sight, {});
      this.#trimSoon();
      return { projection, freshness: this.#flow.freshnessOfView(view) };
    };
    const asking = {
      ...{ metrics, clock, deadlineMs: settings.elementDeadlineMs, keepMs: settings.refreshSeconds * 1000 },
      capabilities: () => collector.capabilities(),
    };
    this.history = new History({ ...asking, flow: this.#flow, see });
    this.details = new Details({ analyses, cluster, flow: this.#flow, see });
    this.#foresight = new Foresight(clock, this.#flow.replays, async (spec, sight) => {
      const view = this.#open(spec, sight);
      await this.#project(view);
      view.encode(this.#flow.freshnessOfView(view));
    });
    this.dashboards = new Dashboards({ ...asking, dashboards: parts.dashboards, grafanaUrl: parts.grafanaUrl });
    this.entityMetrics = new EntityMetrics({ ...asking, cluster, linkGrafana: (id) => this.dashboards.linkGrafana(id) });
    this.#elements = new Elements(asking);
    this.lists = new Lists({ flow: this.#flow, cluster, clock, analyses, ensure: (...wanted) => this.#ensure(...wanted) });
  }

  /** Starts the watches of the API server; metrics are read when somebody watches. */
  start(): void {
    this.#parts.cluster.start(() => {
      this.#cancelInventory ??= this.#parts.clock.after(INVENTORY_DELAY_MS, () => {
        this.#cancelInventory = null;
        for (const feed of this.#flow.watchedWindows()) publishWindow(this.#flow, feed);
        this.#analyses.noteChange();
      });
    });
  }

  /** Ends streams, timers and everything under way. The adapters are the owner's to close. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick?.();
    this.#cancelInventory?.();
    this.#cancelTrim?.();
    this.#foresight.stop();
    this.#analyses.close();
    this.#flow.close();
    await this.#parts.collector.close();
  }

  /**
   * Whether the backend has enough samples for a window; it is asked how often it scrapes where what is known would refuse.
   * @throws Failure badRequest
   */
  async admitWindow(windowSeconds: number): Promise<void> {
    if (windowSeconds >= SAFE_WINDOW_SECONDS) return;
    const { collector } = this.#parts;
    if (windowSeconds >= shortestWindow(collector.capabilities()?.scrapeIntervalSeconds ?? null)) return;
    checkWindow(windowSeconds, (await collector.probe())?.scrapeIntervalSeconds ?? null);
  }

  /**
   * The graph of a view as JSON. Sends no query when the window was read within a refresh.
   * @throws Failure of the metrics backend while there is nothing to show yet; afterwards the last good graph, with its age.
   */
  async fetchGraph(spec: ViewSpec, sight: Sight, options: Options = {}): Promise<EncodedGraph> {
    await this.admitWindow(spec.windowSeconds);
    const view = this.#open(spec, sight);
    await hushed(view.visible, this.#project(view, options.signal));
    const encoded = view.encode(this.#flow.freshnessOfView(view));
    if (encoded === null) throw new Failure('internal', 'the view shows nothing', 'Try again.');
    this.#trimSoon();
    this.#foresight.after(spec, sight);
    return encoded;
  }

  /** In a turn of its own: whoever has projected a view and not encoded it yet comes first. */
  #trimSoon(): void {
    this.#cancelTrim ??= this.#parts.clock.after(TRIM_AFTER_MS, () => {
      this.#cancelTrim = null;
      this.#flow.views.trim();
    });
  }

  /**
   * What a find text matches in the whole of a view, folded or not; what is hidden stays hidden.
   * @throws Failure badRequest for a text that cannot be read
   */
  async fetchFind(find: string, spec: ViewSpec, sight: Sight, options: Options = {}): Promise<FindDocument> {
    const query = readFind(find);
    const { view, projection: drawn } = await this.#see(spec, sight, options);
    const { projection: whole } = await this.#see(wholeView(view.spec, query), sight, options);
    this.#trimSoon();
    return findInView(query, whole, drawn.graph, whole.trace.traffic.index.snapshot.atMs);
  }

  /** Nodes of the whole mesh by name, and what of a view stands for them. */
  async fetchSearch(text: string, spec: ViewSpec, sight: Sight, options: Options = {}): Promise<SearchDocument> {
    const { projection: drawn } = await this.#see(spec, sight, options);
    const { projection: mesh } = await this.#see(meshView(spec), sight, options);
    this.#trimSoon();
    return searchMesh(text, mesh.graph, drawn.graph, mesh.trace.traffic.index.snapshot.atMs);
  }

  /** Code, flag and host tables of a node, edge or box; of an edge also its principals. @throws Failure notFound */
  async fetchElement(id: string, spec: ViewSpec, sight: Sight, options: Options = {}): Promise<ElementDocument> {
    const { view, projection } = await this.#see(spec, sight, options);
    return hushed(view.visible, abortable(this.#elements.fetchDocument(projection, id, this.#flow.signal), options.signal));
  }

  /** History of a node, edge or box. @throws Failure notFound, or that of the metrics backend. */
  async fetchCharts(id: string, spec: ViewSpec, sight: Sight, options: Options = {}): Promise<ElementChartsDocument> {
    const { view, projection } = await this.#see(spec, sight, options);
    return hushed(view.visible, abortable(this.#elements.fetchCharts(projection, id, this.#flow.signal), options.signal));
  }

  /**
   * Every namespace that may be seen, with health and traffic; without metrics, what the inventory alone says.
   * @throws Failure when nothing is known.
   */
  async fetchNamespaces(windowSeconds: number, sight: Sight, options: Options = {}): Promise<NamespacesDocument> {
    await this.admitWindow(windowSeconds);
    const flow = this.#flow;
    const visible = flow.sights.read(sight);
    const { clock, cluster, collector, metrics, settings } = this.#parts;
    flow.wantOverview(windowSeconds);
    const feed = flow.feedOf(windowSeconds);
    await this.#ensure(feed, { namespaces: null, overlays: new Set() }, options.signal);
    const recent = flow.recentOf(windowSeconds);
    if (feed.collected !== null)
      void recent.seed(metrics, clock.now(), windowSeconds, { signal: flow.signal, deadlineMs: settings.elementDeadlineMs });
    const traffic = flow.index(feed);
    const inventory = cluster.inventory();
    if (traffic === null && inventory === null && feed.failure !== null) throw visible === null ? feed.failure : hushFailure(feed.failure);
    const summaries = summarizeNamespaces(traffic ?? flow.memory.read(emptySnapshot(clock.now(), windowSeconds), inventory));
    return {
      atMs: traffic?.index.snapshot.atMs ?? null,
      windowSeconds,
      shortestWindowSeconds: shortestWindow(collector.capabilities()?.scrapeIntervalSeconds ?? null),
      namespaces: summaries
        .filter(({ name }) => visible === null || visible.namespaces.has(name))
        .map((summary) => ({ ...summary, recent: recent.of(summary.name) })),
      freshness: flow.freshnessOf(feed, visible),
    };
  }

  /** Names of the namespaces of the cluster, sorted; null before they are known. */
  namespaceNames(): readonly string[] | null {
    const inventory = this.#parts.cluster.inventory();
    if (inventory === null) return null;
    const names = new Set(inventory.namespaces.keys());
    // Where namespaces may not be listed, what is in them tells their names.
    for (const map of [inventory.services, inventory.workloads]) for (const { namespace } of map.values()) names.add(namespace);
    return [...names].sort();
  }

  /**
   * Streams a view to a subscriber: retry, then the deltas since `lastEventId` or a snapshot, then deltas and states as they come.
   * While nothing is known yet, the first event is a status. Its window was admitted before.
   * @throws Failure tooManyRequests
   */
  subscribe(spec: ViewSpec, sight: Sight, lastEventId: string | null, subscriber: Subscriber): Subscription {
    const flow = this.#flow;
    const view = this.#open(spec, sight);
    this.#bringUpToDate(view);
    const freshness = flow.freshnessOfView(view);
    const publication = view.publication(null, () => flow.freshnessOfView(view));
    const subscription = flow.hub.subscribe(view.key, lastEventId, subscriber, { publication, status: encodeStatus(freshness) });
    view.lastStatus = JSON.stringify(freshness);
    // Whatever it brings is published; whatever fails is told by the status.
    void this.#project(view).then(
      // Its readers have been sent it by #show.
      () => flow.publishStatus(view),
      () => flow.publishStatus(view),
    );
    return {
      drained: () => subscription.drained(),
      cancel: () => {
        subscription.cancel();
        view.lastAskedMs = this.#parts.clock.now();
      },
    };
  }

  /** Age and cause of the data of the default window, as somebody may read it. */
  freshness(sight: Sight): Freshness {
    return this.#flow.freshnessOf(this.#flow.feedOf(this.#parts.settings.defaultWindowSeconds), this.#flow.sights.read(sight));
  }

  #open(spec: ViewSpec, sight: Sight): LiveView {
    return this.#flow.views.open(spec, this.#flow.sights.read(sight));
  }

  /** True once the API server was listed completely. */
  get started(): boolean {
    return this.#parts.cluster.inventory() !== null;
  }

  /** What is asked of the metrics backend, and on whose behalf. */
  load(): LoadDocument {
    return buildLoad(this.#flow.feeds, this.#parts);
  }

  /** The engine's metrics in Prometheus' text format. */
  metricsText(): string {
    return encodeMetrics(this.#flow, this.#parts.metrics, this.#parts.clock.now());
  }

  /** Takes a snapshot that was completed by quantiles after it was given out. */
  readonly acceptLate: LateSnapshot = (request, snapshot) => {
    if (!request.live || this.#closed) return;
    const feed = this.#flow.feedOf(request.windowSeconds);
    if (feed.complete(snapshot)) publishWindow(this.#flow, feed);
  };

  /** A view as somebody sees it now. */
  async #see(spec: ViewSpec, sight: Sight, { signal }: Options): Promise<{ readonly view: LiveView; readonly projection: Projection }> {
    await this.admitWindow(spec.windowSeconds);
    const view = this.#open(spec, sight);
    return { view, projection: await hushed(view.visible, this.#project(view, signal)) };
  }

  /** Brings a view to the newest data, collecting where that is needed; its projection. */
  async #project(view: LiveView, signal?: AbortSignal): Promise<Projection> {
    const flow = this.#flow;
    if (view.spec.atSeconds !== null) return this.#projectPast(view, view.spec.atSeconds, signal);
    const feed = flow.feedOf(view.spec.windowSeconds);
    await this.#ensure(feed, demandOf(view.spec), signal);
    this.#bringUpToDate(view);
    if (view.projection !== null) return view.projection;
    throw feed.failure ?? new Failure('starting', 'no snapshot of the traffic was read yet', 'Try again in a moment.');
  }

  async #projectPast(view: LiveView, atSeconds: number, signal?: AbortSignal): Promise<Projection> {
    const { clock } = this.#parts;
    if (atSeconds * 1000 > clock.now() + 60_000)
      throw new Failure(
        'badRequest',
        `at=${atSeconds} lies in the future`,
        'Ask for an instant in the past, or leave "at" out for live data.',
      );
    const traffic = await abortable(this.#flow.past.fetch(view.spec, atSeconds, this.#flow.signal), signal);
    this.#show(view, traffic);
    this.#schedule();
    if (view.projection === null) throw new Failure('internal', 'the view shows nothing', 'Try again.');
    return view.projection;
  }

  /** The newest traffic of the default window; null while none can be had. */
  async #fetchTraffic(quantiles: boolean, signal?: AbortSignal): Promise<TrafficSnapshot | null> {
    const feed = this.#flow.feedOf(this.#parts.settings.defaultWindowSeconds);
    const fresh = this.#ensure(feed, { namespaces: null, overlays: new Set(quantiles ? (['quantiles'] as const) : []) }, signal);
    const { collected } = feed;
    // What is whole and hardly old will do: nobody who edits a rule waits for Prometheus.
    if (!quantiles && collected?.covered.namespaces === null && this.#parts.clock.now() - collected.snapshot.atMs < RECENT_TRAFFIC_MS) {
      void fresh.catch(() => undefined);
      return collected.snapshot;
    }
    await fresh;
    return feed.collected?.covered.namespaces === null ? feed.collected.snapshot : null;
  }

  /** Makes sure that a window answers a demand, or was tried. */
  async #ensure(feed: WindowFeed, demand: Demand, signal?: AbortSignal): Promise<void> {
    const flow = this.#flow;
    const { clock } = this.#parts;
    const justFailed = feed.collected === null && feed.failure !== null && clock.now() < feed.attemptMs + RETRY_PAUSE_MS;
    if (!feed.answers(demand) && !justFailed) {
      const whole = flow.demandOn(feed);
      const joined: Demand = {
        namespaces: demand.namespaces === null || whole.namespaces === null ? null : new Set([...demand.namespaces, ...whole.namespaces]),
        overlays: new Set([...demand.overlays, ...whole.overlays]),
      };
      await abortable(refresh(flow, feed, joined), signal);
    }
    this.#schedule();
  }

  /** Shows the newest snapshot of its window, where that covers the view. */
  #bringUpToDate(view: LiveView): void {
    if (view.spec.atSeconds !== null) return;
    const feed = this.#flow.feedOf(view.spec.windowSeconds);
    const traffic = this.#flow.index(feed);
    if (traffic !== null && this.#flow.isCovered(view, feed)) this.#show(view, traffic);
  }

  #show(view: LiveView, traffic: PreparedTraffic): void {
    const change = this.#flow.show(view, traffic);
    if (change !== null) this.#flow.publish(view, change);
  }

  /** Sets the timer to the next window that falls due. */
  #schedule(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    if (this.#closed) return;
    const feeds = this.#flow.watchedWindows();
    const { clock, settings } = this.#parts;
    if (feeds.length === 0) {
      // Views of the past that nobody asks for any more are forgotten all the same.
      if (this.#flow.views.size > 0)
        this.#cancelTick = clock.after(settings.interestSeconds * 1000, () => {
          this.#flow.views.sweep();
          this.#schedule();
        });
      return;
    }
    const dueMs = Math.min(...feeds.map((feed) => feed.dueMs()));
    this.#cancelTick = clock.after(Math.max(0, dueMs - clock.now()), () => {
      this.#cancelTick = null;
      void tick(this.#flow)
        .catch((error: unknown) => this.#parts.onDefect('the refresh', error))
        .finally(() => this.#schedule());
    });
  }
}
