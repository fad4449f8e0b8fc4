// The side panel's data of one element: tables from memory, principals and charts read on demand and kept for one refresh.
// In: projection, id. Out: ElementDocument, ElementChartsDocument.
import { Failure } from '../../model/failure';
import { UNKNOWN } from '../../model/traffic';
import type { ElementChartsDocument, ElementDocument, ViewSpec } from '../../model/wire';
import { buildTables, findElement, type GraphElement } from '../graph/element';
import type { Projection } from '../graph/project';
import type { Clock, MetricsCapabilities, MetricsSource } from '../ports';
import { fetchElementCharts, fetchPrincipals } from '../telemetry/element';
import { Lru } from './lru';
import { selectTraffic } from './selectors';

export interface ElementsOptions {
  readonly metrics: Pick<MetricsSource, 'fetchRange' | 'fetchVector'>;
  readonly clock: Clock;
  readonly capabilities: () => MetricsCapabilities | null;
  readonly deadlineMs: number;
  readonly keepMs: number;
}

/** Charts show half an hour at least, and twice the window where that is more. */
const MIN_RANGE_SECONDS = 1800;
const MAX_KEPT = 200;

export class Elements {
  readonly #options: ElementsOptions;
  readonly #kept = new Lru<{ readonly untilMs: number; readonly answer: Promise<unknown> }>(MAX_KEPT, MAX_KEPT);

  constructor(options: ElementsOptions) {
    this.#options = options;
  }

  /** Tables of an element; an edge's principals are null when the backend does not answer. @throws Failure notFound */
  async fetchDocument(projection: Projection, id: string, signal: AbortSignal): Promise<ElementDocument> {
    const element = elementOf(projection, id);
    const { atMs } = projection.trace.traffic.index.snapshot;
    const found = element.kind === 'edge' ? await this.#fetchPrincipals(element, projection, atMs, signal) : null;
    const mask = projection.trace.traffic.mask;
    // Who calls a service may be anybody: on the way from it to its workload, hidden callers are left out.
    const principals =
      mask === null || found === null
        ? found
        : found.filter((p) => mayBeSeen(p.source, mask.namespaces) && mayBeSeen(p.destination, mask.namespaces));
    return { id, atMs, ...buildTables(projection, element), principals };
  }

  async #fetchPrincipals(
    element: GraphElement,
    { view, trace }: Projection,
    atMs: number,
    signal: AbortSignal,
  ): Promise<ElementDocument['principals']> {
    const [only] = selectTraffic(element, this.#severalClusters(), trace.traffic.mask !== null);
    if (only === undefined || element.kind !== 'edge') return null;
    const { metrics, deadlineMs } = this.#options;
    const request = { traffic: only.selector, atMs, windowSeconds: view.windowSeconds, deadlineMs };
    try {
      return await this.#once(JSON.stringify(['principals', request]), () => fetchPrincipals(metrics, request, signal));
    } catch {
      // The tables are worth showing without; that the metrics fail is told by the freshness.
      return null;
    }
  }

  /** History of an element of the graph. @throws Failure notFound, or that of the backend. */
  async fetchCharts(projection: Projection, id: string, signal: AbortSignal): Promise<ElementChartsDocument> {
    const element = elementOf(projection, id);
    const { metrics, clock, deadlineMs, capabilities, keepMs } = this.#options;
    const { view } = projection;
    const request = {
      traffic: selectTraffic(element, this.#severalClusters(), projection.trace.traffic.mask !== null),
      endMs: view.atSeconds === null ? Math.floor(clock.now() / keepMs) * keepMs : view.atSeconds * 1000,
      rangeSeconds: rangeOf(view),
      scrapeIntervalSeconds: capabilities()?.scrapeIntervalSeconds ?? null,
      deadlineMs,
    };
    if (request.traffic.length === 0) return { id, charts: [] };
    const charts = await this.#once(JSON.stringify(['charts', request]), () => fetchElementCharts(metrics, request, signal));
    return { id, charts };
  }

  #severalClusters(): boolean {
    return (this.#options.capabilities()?.clusters.length ?? 0) > 1;
  }

  /** Equal questions within a refresh, and those under way, share one answer. */
  #once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.#options.clock.now();
    const kept = this.#kept.read(key);
    // The key holds what was asked, so what is kept under it is of this type.
    if (kept !== null && kept.untilMs > now) return kept.answer as Promise<T>;
    const answer = ask();
    const entry = { untilMs: now + this.#options.keepMs, answer };
    this.#kept.write(key, entry, 1);
    answer.catch(() => {
      // A failure is not kept: the next one asks again.
      if (this.#kept.read(key) === entry) this.#kept.write(key, { untilMs: 0, answer }, 1);
    });
    return answer;
  }
}

const rangeOf = (view: ViewSpec): number => Math.max(MIN_RANGE_SECONDS, view.windowSeconds * 2);

/** A SPIFFE id of a namespace that may be seen (spiffe://<trust domain>/ns/<namespace>/sa/<account>), or no id at all. */
function mayBeSeen(principal: string, namespaces: ReadonlySet<string>): boolean {
  if (principal === UNKNOWN) return true;
  const namespace = /^(?:spiffe:\/\/)?[^/]*\/ns\/([^/]+)\/sa\/[^/]+$/.exec(principal)?.[1];
  return namespace !== undefined && namespaces.has(namespace);
}

function elementOf(projection: Projection, id: string): GraphElement {
  const element = findElement(projection, id);
  // What stands behind a hidden node is not to be asked for: it answers like a thing that is not there.
  if (element !== null && !(element.kind === 'node' && element.node.kind === 'hidden')) return element;
  throw new Failure(
    'notFound',
    `the graph shows no element ${JSON.stringify(id.slice(0, 200))} now`,
    'It has no traffic in this window any more, or the view folds it. Choose another window or open its namespace.',
  );
}
