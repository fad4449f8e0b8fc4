// Replay: the traffic of many instants, read by few range queries. The past is cut into blocks of steps that lie on a fixed grid, so that
// ranges which overlap share what was read; a frame is folded only when it is asked for, by the same rules as a snapshot.
// In: FramesRequest, MetricsSource. Out: TrafficFrames. Quantiles are not in frames: ask for the instant itself (TelemetryCollector.collect).
import { Failure } from '../../model/failure';
import type { CollectionCost, TrafficSnapshot } from '../../model/traffic';
import type { Overlay } from '../../model/wire';
import type { Clock, MetricsSource, QueryCause, RangeColumns, RangeRequest } from '../ports';
import type { EdgeRegistry } from './edge-registry';
import { Flights } from './flights';
import { FrameStore } from './frame-store';
import type { Identities, IdentityKeeper } from './identity-keeper';
import { faultOf, Inquiry } from './inquiry';
import { ObserveMemory, observe } from './observe';
import {
  buildBytesQuery,
  buildDestinationQuery,
  buildDurationQuery,
  buildSourceQuery,
  buildTcpQuery,
  type PlannedQuery,
  type QueryPlan,
} from './queries';
import type { RulesKeeper } from './rules-keeper';
import type { QueryAnswer, SeriesColumns } from './series-memory';
import { directionsOf, nameSeveralClusters } from './what-is-asked';

export interface FramesRequest {
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  /** Frames lie on whole multiples of the step within [fromMs, toMs]. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Null = all; chooseScope of queries.ts says when that costs less. */
  readonly namespaces: readonly string[] | null;
  /** `quantiles` is passed over. */
  readonly overlays: readonly Overlay[];
}

export interface TrafficFrames {
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  /** Instants of the frames, ascending. */
  readonly instantsMs: readonly number[];
  /** The traffic at `instantsMs[index]`. Folded when it is asked for: keep what is shown more than once. @throws RangeError */
  frame(index: number): TrafficSnapshot;
  /** What makes frames incomplete, in words. */
  readonly warnings: readonly string[];
  /** What had to be asked; nothing of what was held already. */
  readonly cost: CollectionCost;
}

/** Ranges of which no more than this many queries are made, whatever is shown. */
export const MAX_FRAME_QUERIES = 17;
const MAX_FRAMES = 2000;
const CAUSE: QueryCause = { kind: 'replay', windowSeconds: null };
const BLOCK_FRAMES = 60;
/** Blocks that are read side by side; the live views come between them. */
const SIDE_BY_SIDE = 2;
/** Identities of workloads change with deployments: ranges that end within the same minutes share them. */
const IDENTITY_GRID_MS = 120_000;
const MAX_IDENTITIES = 8;

/** What a query gave, with the names of its labels. */
interface Answered {
  readonly labels: readonly string[];
  readonly columns: RangeColumns;
}

interface Block {
  /** First and last step of the grid. */
  readonly first: number;
  readonly last: number;
  readonly source: Answered;
  readonly destination: Answered;
  /** Null where the destination brings it. */
  readonly tcp: Answered | null;
  readonly duration: Answered | null;
  readonly bytes: Answered | null;
}

export interface FrameReaderOptions {
  readonly source: Pick<MetricsSource, 'fetchRangeColumns' | 'fetchVector'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly registry: EdgeRegistry;
  readonly homeCluster: string;
  readonly deadlineMs: number;
}

/** Steps of one block: so many that a range needs no more queries than are allowed. */
export function planBlocks(firstStep: number, lastStep: number, queriesPerBlock: number): number {
  for (let frames = BLOCK_FRAMES; ; frames *= 2) {
    const blocks = Math.floor(lastStep / frames) - Math.floor(firstStep / frames) + 1;
    if (blocks * queriesPerBlock <= MAX_FRAME_QUERIES || frames > MAX_FRAMES) return frames;
  }
}

export class FrameReader {
  readonly #options: FrameReaderOptions;
  readonly #store = new FrameStore();
  readonly #flights = new Flights<RangeColumns>();
  readonly #whoWas = new Map<string, { readonly seconds: number; readonly identities: Identities }>();
  /** Meanings of the series of a block, kept with it. */
  readonly #memories = new WeakMap<RangeColumns, { readonly home: string | null; readonly memory: ObserveMemory }>();

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  close(reason: Error): void {
    this.#flights.abortAll(reason);
  }

  /** Reads a range; @throws Failure badRequest for one that is empty, in the future or too long, and that of the backend for its base. */
  async read(
    request: FramesRequest,
    severalClusters: boolean | null,
    keepers: { readonly identities: Pick<IdentityKeeper, 'readPast'>; readonly rules: Pick<RulesKeeper, 'over'> },
    signal: AbortSignal,
  ): Promise<TrafficFrames> {
    const { clock } = this.#options;
    const { windowSeconds, stepSeconds, namespaces, overlays } = request;
    const stepMs = stepSeconds * 1000;
    const first = Math.ceil(request.fromMs / stepMs);
    const last = Math.floor(Math.min(request.toMs, clock.now()) / stepMs);
    if (last < first) throw refused('no frame lies in this range', 'Choose a longer range of the past, or a shorter step.');
    if (last - first >= MAX_FRAMES)
      throw refused(`${last - first + 1} frames are more than ${MAX_FRAMES}`, 'Choose a shorter range or a longer step.');
    const directions = directionsOf(overlays);
    const wantsLatency = overlays.includes('latency');
    const startedMs = clock.now();
    const warnings = new Set<string>();
    const cost = { queries: 0, bytes: 0 };
    const rules = await keepers.rules.over(windowSeconds, { startMs: first * stepMs, endMs: last * stepMs, stepSeconds }, signal, CAUSE);
    if (rules !== null) cost.queries++;
    const isRecorded = (from: number, to: number): boolean => rules?.slice(from - first, to - first + 1).every(Boolean) === true;
    const whole: QueryPlan = { windowSeconds, namespaces, severalClusters: severalClusters ?? true, stream: null };
    const perBlock = 2 + Number(rules !== null) + Number(wantsLatency) + Number(directions.length > 0);
    const blockFrames = planBlocks(first, last, perBlock);

    const readBlock = async (number: number): Promise<Block> => {
      const own = { first: Math.max(first, number * blockFrames), last: Math.min(last, (number + 1) * blockFrames - 1) };
      const edges = isRecorded(own.first, own.last);
      const plan: QueryPlan = { ...whole, recorded: { edges, latency: false } };
      const ask = async (query: PlannedQuery): Promise<Answered> => {
        const range = { startMs: number * blockFrames * stepMs, stepSeconds, steps: blockFrames };
        return { labels: query.labels, columns: await this.#columns(query, range, own.last * stepMs, signal, cost, warnings) };
      };
      const settle = (query: PlannedQuery, what: string): Promise<Answered | null> =>
        ask(query).catch((error: unknown) => {
          signal.throwIfAborted();
          warnings.add(`${what} is missing: ${faultOf(error)}`);
          return null;
        });
      const [source, destination, tcp] = await Promise.all([
        ask(buildSourceQuery(plan)),
        ask(buildDestinationQuery(plan)),
        edges ? ask(buildTcpQuery(plan)) : null,
      ]);
      const hosts = wantsLatency || directions.length > 0 ? hostsOfCallersOnly(source, destination) : [];
      const [duration, bytes] = await Promise.all([
        wantsLatency ? settle(buildDurationQuery(plan, hosts), 'Average latency') : null,
        directions.length > 0 ? settle(buildBytesQuery(plan, directions, hosts), 'Throughput') : null,
      ]);
      return { ...own, source, destination, tcp, duration, bytes };
    };

    const numbers: number[] = [];
    for (let number = Math.floor(first / blockFrames); number <= Math.floor(last / blockFrames); number++) numbers.push(number);
    const blocks: Block[] = [];
    for (let i = 0; i < numbers.length; i += SIDE_BY_SIDE) {
      signal.throwIfAborted();
      const read = await Promise.all(numbers.slice(i, i + SIDE_BY_SIDE).map(readBlock));
      blocks.push(...read);
      // The first fold learns what the series of a block mean, which takes ten times as long as the next one: not while somebody scrubs.
      if (severalClusters !== null)
        for (const block of read)
          if (!this.#memories.has(block.source.columns))
            this.#fold(block, block.first % blockFrames, 0, windowSeconds, severalClusters ? null : this.#options.homeCluster, NOBODY);
    }
    const several =
      severalClusters ??
      blocks.some(({ source, destination }) =>
        nameSeveralClusters([source, destination].map(({ labels, columns }) => ({ names: labels, series: columns.labels }))),
      );
    const home = several ? null : this.#options.homeCluster;
    const identities = await this.#identities(
      { ...whole, windowSeconds: (last - first) * stepSeconds + windowSeconds },
      home,
      last * stepMs,
      keepers.identities,
      signal,
      cost,
      warnings,
    );
    const fold = (step: number): TrafficSnapshot => {
      const block = blocks.find((own) => step >= own.first && step <= own.last);
      if (block === undefined) throw new RangeError(`there is no frame at step ${step}`);
      return this.#fold(block, step % blockFrames, step * stepMs, windowSeconds, home, identities);
    };
    return {
      windowSeconds,
      stepSeconds,
      instantsMs: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * stepMs),
      frame: (index) => fold(first + index),
      warnings: [...warnings],
      cost: { ...cost, wallMs: clock.now() - startedMs },
    };
  }

  /** Who the workloads of the range were; asked anew when its end moves on by more than a minute or so. */
  async #identities(
    plan: QueryPlan,
    home: string | null,
    atMs: number,
    keeper: Pick<IdentityKeeper, 'readPast'>,
    signal: AbortSignal,
    cost: { queries: number; bytes: number },
    warnings: Set<string>,
  ): Promise<Identities> {
    const endMs = Math.ceil(atMs / IDENTITY_GRID_MS) * IDENTITY_GRID_MS;
    const key = JSON.stringify([plan.namespaces, plan.severalClusters, home, endMs]);
    const held = this.#whoWas.get(key);
    if (held !== undefined && held.seconds >= plan.windowSeconds) return held.identities;
    const inquiry = new Inquiry(this.#options.source, this.#options.clock, Math.min(endMs, this.#options.clock.now()), signal, CAUSE);
    const identities = await keeper.readPast(plan, home, inquiry);
    const { queries, bytes } = inquiry.cost();
    cost.queries += queries;
    cost.bytes += bytes;
    if (inquiry.warnings().length === 0) {
      const [oldest] = this.#whoWas.keys();
      if (this.#whoWas.size >= MAX_IDENTITIES && oldest !== undefined) this.#whoWas.delete(oldest);
      this.#whoWas.set(key, { seconds: plan.windowSeconds, identities });
    }
    for (const warning of inquiry.warnings()) warnings.add(warning);
    return identities;
  }

  /** A query's columns of one block, up to `neededMs` at least: from what is held, else read and held. */
  async #columns(
    query: PlannedQuery,
    block: { readonly startMs: number; readonly stepSeconds: number; readonly steps: number },
    neededMs: number,
    signal: AbortSignal,
    cost: { queries: number; bytes: number },
    warnings: Set<string>,
  ): Promise<RangeColumns> {
    const { source, clock, deadlineMs } = this.#options;
    const stepMs = block.stepSeconds * 1000;
    const key = JSON.stringify([query.promql, block.startMs, block.stepSeconds, block.steps]);
    let columns = this.#store.read(key, neededMs, clock.now());
    if (columns === null) {
      const lastMs = block.startMs + (block.steps - 1) * stepMs;
      const nowMs = clock.now();
      const endMs = Math.min(lastMs, Math.max(neededMs, Math.floor(nowMs / stepMs) * stepMs));
      const range: RangeRequest = { startMs: block.startMs, endMs, stepSeconds: block.stepSeconds };
      columns = await this.#flights.join(`${key} ${endMs}`, signal, async (shared) => {
        const read = await source.fetchRangeColumns(query, range, { signal: shared, deadlineMs, cause: CAUSE });
        cost.queries++;
        cost.bytes += read.bytes;
        this.#store.write(key, { columns: read, endMs, readMs: nowMs });
        return read;
      });
    }
    for (const warning of columns.warnings) warnings.add(warning);
    return columns;
  }

  #fold(
    block: Block,
    place: number,
    atMs: number,
    windowSeconds: number,
    homeCluster: string | null,
    identities: Identities,
  ): TrafficSnapshot {
    const startedMs = performance.now();
    const held = this.#memories.get(block.source.columns);
    const memory = held?.home === homeCluster ? held.memory : new ObserveMemory();
    this.#memories.set(block.source.columns, { home: homeCluster, memory });
    const at = ({ labels, columns }: Answered): QueryAnswer => ({ labels, columns: columnsAt(columns, place) });
    const { observations } = observe(
      {
        nowMs: this.#options.clock.now(),
        source: at(block.source),
        destination: at(block.destination),
        ...(block.tcp === null ? {} : { tcp: at(block.tcp) }),
        duration: block.duration === null ? null : at(block.duration),
        bytes: block.bytes === null ? null : at(block.bytes),
        homeCluster,
      },
      this.#options.registry,
      memory,
    );
    return {
      atMs,
      windowSeconds,
      observations,
      bucketBoundsMs: [],
      identities,
      quantilesAtMs: null,
      warnings: [],
      cost: { queries: 0, bytes: 0, wallMs: performance.now() - startedMs },
    };
  }
}

const NOBODY: Identities = new Map();

const refused = (detail: string, next: string): Failure => new Failure('badRequest', detail, next);

/** The series that have a value at one step, as an instant query would have answered. */
export function columnsAt({ labels, values, steps }: RangeColumns, place: number): SeriesColumns {
  const slots = new Int32Array(labels.length);
  const found = new Float64Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++) {
    const value = place < steps ? (values[row * steps + place] ?? Number.NaN) : Number.NaN;
    if (Number.isNaN(value)) continue;
    slots[count] = row;
    found[count] = value;
    count++;
  }
  return { count, slots: slots.subarray(0, count), values: found.subarray(0, count), labelsOf: (slot) => labels[slot] ?? [] };
}

const EDGE_NAMES = ['source_workload', 'source_workload_namespace', 'destination_workload', 'destination_workload_namespace'] as const;

/** Hosts of edges of which only callers report, sorted. */
function hostsOfCallersOnly(source: Answered, destination: Answered): readonly string[] {
  const hostsByEdge = ({ labels, columns }: Answered): Map<string, string> => {
    const places = [...EDGE_NAMES, 'destination_service', 'request_protocol'].map((name) => labels.indexOf(name));
    const host = labels.indexOf('destination_service');
    return new Map(columns.labels.map((own) => [places.map((place) => own[place] ?? '').join('\n'), own[host] ?? '']));
  };
  const served = hostsByEdge(destination);
  const hosts = [...hostsByEdge(source)].filter(([edge]) => !served.has(edge)).map(([, host]) => host);
  return [...new Set(hosts)].sort();
}
