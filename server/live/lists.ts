// What the engine answers for the lists: rows from the snapshot of a window that the graph reads too, encoded once for readers of equal
// sight. In: LiveFlow, inventory, findings. Out: EncodedList. No question to the metrics backend is its own: it only has a window kept current.
import type { Sight } from '../../model/account';
import type { EntityKind } from '../../model/entity';
import type { Inventory } from '../../model/inventory';
import type { EncodedList, ListDocument, ListQuery } from '../../model/list';
import type { Freshness } from '../../model/wire';
import type { PreparedTraffic } from '../graph/memory';
import { buildRows, type CountedFindings, countFindings } from '../lists/build-rows';
import type { Clock, ClusterReader } from '../ports';
import { indexOf } from '../steering/rehearse';
import type { Analyses, KnownFindings } from './analyses';
import { emptySnapshot } from './empty-snapshot';
import type { LiveFlow } from './flow';
import { hushFailure } from './hush';
import { Lru } from './lru';
import type { VisibleNamespaces } from './sights';
import type { Demand, WindowFeed } from './window-feed';

export interface ListParts {
  readonly flow: LiveFlow;
  readonly cluster: Pick<ClusterReader, 'inventory'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly analyses: Pick<Analyses, 'fetch' | 'latest'>;
  /** Makes sure that a window answers a demand, or was tried. */
  readonly ensure: (feed: WindowFeed, demand: Demand, signal?: AbortSignal) => Promise<void>;
}

interface Options {
  readonly signal?: AbortSignal;
}

interface RowText {
  readonly namespace: string;
  readonly text: string;
}

interface Found {
  /** Whose configuration the rows tell of. */
  readonly inventory: Inventory;
  readonly serial: number;
  readonly counted: CountedFindings;
}

const MAX_LISTS = 64;
/** Rows that are kept encoded, for all kinds and sights together. */
const MAX_ROWS = 100_000;
const MAX_BYTES = 96 * 1024 * 1024;
/** Lists that were asked for so lately are made ready after each refresh. */
const WANTED_FOR_MS = 60_000;

interface Wanted {
  readonly query: ListQuery;
  readonly visible: VisibleNamespaces | null;
  readonly atMs: number;
}

export class Lists {
  readonly #parts: ListParts;
  readonly #kept = new Lru<{ readonly tag: string; readonly bytes: Uint8Array }>(MAX_LISTS, MAX_BYTES);
  readonly #epoch: string;
  #empty: { readonly inventory: Inventory | null; readonly windowSeconds: number; readonly traffic: PreparedTraffic } | null = null;
  #found: Found | null = null;
  /** Lists whose rows were made. */
  built = 0;
  readonly #wanted = new Lru<Wanted>(MAX_LISTS, MAX_LISTS);
  readonly #rows = new Lru<{ readonly traffic: PreparedTraffic; readonly found: Found | null; readonly rows: readonly RowText[] }>(
    MAX_LISTS,
    MAX_ROWS,
  );

  constructor(parts: ListParts) {
    this.#parts = parts;
    this.#epoch = parts.clock.now().toString(36);
    parts.flow.preparations.push((traffic) => this.#prepare(traffic));
  }

  /** Rows that will be asked for again, of a snapshot that has just come. */
  *#prepare(traffic: PreparedTraffic): Generator<void, void> {
    const { flow, cluster, clock, analyses } = this.#parts;
    const inventory = cluster.inventory();
    const found = this.#counted(analyses.latest());
    // Before they are known, rows are made by whoever waits for them.
    if (inventory !== null && found === null) return;
    for (const { query, visible, atMs } of this.#wanted.values()) {
      const isDue = clock.now() - atMs < WANTED_FOR_MS && query.windowSeconds === traffic.index.snapshot.windowSeconds;
      if (!isDue || flow.feedOf(query.windowSeconds).collected?.covered.namespaces !== null) continue;
      this.#rowsOf(query, visible, traffic, inventory, found);
      yield;
    }
  }

  /**
   * A list as JSON; without its bytes for whoever has them already. Its window was admitted before. Without metrics, what the inventory
   * alone says, and the other way round.
   * @throws Failure when nothing is known.
   */
  async fetch(query: ListQuery, sight: Sight, knownTag: string | null, options: Options = {}): Promise<EncodedList> {
    const { flow, cluster, ensure, analyses } = this.#parts;
    const visible = flow.sights.read(sight);
    this.#wanted.write(rowsKeyOf(query, visible), { query, visible, atMs: this.#parts.clock.now() }, 1);
    flow.wantLists(query.windowSeconds, query.quantiles);
    const feed = flow.feedOf(query.windowSeconds);
    await ensure(feed, { namespaces: null, overlays: new Set(query.quantiles ? (['quantiles'] as const) : []) }, options.signal);
    const found = this.#counted(await analyses.fetch(options.signal));
    // Only a snapshot of all namespaces tells of each.
    const traffic = feed.collected?.covered.namespaces === null ? flow.index(feed) : null;
    const inventory = cluster.inventory();
    if (traffic === null && inventory === null && feed.failure !== null) throw visible === null ? feed.failure : hushFailure(feed.failure);
    const freshness = flow.freshnessOf(feed, visible);
    const tag = this.#tagOf(query, visible, traffic, inventory, found?.serial ?? 0, freshness);
    if (tag === knownTag) return { tag, bytes: null };
    const key = keyOf(query, visible);
    const kept = this.#kept.read(key);
    if (kept !== null && kept.tag === tag) return kept;
    const rows = this.#rowsOf(query, visible, traffic, inventory, found);
    const asked = new Set(query.namespaces);
    const head: Omit<ListDocument, 'rows'> = {
      kind: query.kind,
      atMs: traffic?.index.snapshot.atMs ?? null,
      windowSeconds: query.windowSeconds,
      quantilesAtMs: traffic?.index.snapshot.quantilesAtMs ?? null,
      freshness,
    };
    const told = (asked.size === 0 ? rows : rows.filter(({ namespace }) => asked.has(namespace))).map(({ text }) => text);
    const made = { tag, bytes: new TextEncoder().encode(`${JSON.stringify(head).slice(0, -1)},"rows":[${told.join(',')}]}`) };
    this.#kept.write(key, made, made.bytes.length);
    return made;
  }

  /** Rows that a reader may see, encoded; whatever namespaces are asked for next, they are these. */
  #rowsOf(
    query: ListQuery,
    visible: VisibleNamespaces | null,
    traffic: PreparedTraffic | null,
    inventory: Inventory | null,
    found: Found | null,
  ): readonly RowText[] {
    const { kind, windowSeconds } = query;
    const own = traffic ?? this.#emptyTraffic(inventory, windowSeconds);
    const key = rowsKeyOf(query, visible);
    const kept = this.#rows.read(key);
    if (kept !== null && kept.traffic === own && kept.found === found) return kept.rows;
    const maySee = (namespace: string): boolean => visible === null || visible.namespaces.has(namespace);
    const mesh = found === null ? null : { index: indexOf(found.inventory), findings: found.counted };
    const rows = buildRows(kind, { traffic: own, hasMetrics: traffic !== null, mesh, maySee }).map(
      (row): RowText => ({ namespace: row.namespace, text: JSON.stringify(row) }),
    );
    this.built++;
    this.#rows.write(key, { traffic: own, found, rows }, rows.length + 1);
    return rows;
  }

  #counted(known: KnownFindings | null): Found | null {
    if (known === null) return null;
    const { inventory, serial } = known;
    const last = this.#found;
    if (last?.serial === serial && last.inventory === inventory) return last;
    const counted = last?.serial === serial ? last.counted : countFindings(known.findings, known.entities);
    this.#found = { inventory, serial, counted };
    return this.#found;
  }

  /** Says everything on which the bytes depend; ages do not count. */
  #tagOf(
    query: ListQuery,
    visible: VisibleNamespaces | null,
    traffic: PreparedTraffic | null,
    inventory: Inventory | null,
    findings: number,
    { metrics, cluster }: Freshness,
  ): string {
    const snapshot = traffic?.index.snapshot ?? null;
    const states = [metrics.state, metrics.cause, cluster.state, cluster.cause];
    const parts = [snapshot?.atMs ?? 0, snapshot?.quantilesAtMs ?? 0, inventory?.revision ?? -1, findings, hash(JSON.stringify(states))];
    return [this.#epoch, hash(keyOf(query, visible)), ...parts.map((part) => part.toString(36))].join('-');
  }

  #emptyTraffic(inventory: Inventory | null, windowSeconds: number): PreparedTraffic {
    const { flow, clock } = this.#parts;
    if (this.#empty?.inventory !== inventory || this.#empty.windowSeconds !== windowSeconds)
      this.#empty = { inventory, windowSeconds, traffic: flow.memory.read(emptySnapshot(clock.now(), windowSeconds), inventory) };
    return this.#empty.traffic;
  }
}

const rowsKeyOf = ({ kind, windowSeconds }: ListQuery, visible: VisibleNamespaces | null): string =>
  JSON.stringify([kind satisfies EntityKind, windowSeconds, visible?.id ?? null]);

const keyOf = ({ kind, windowSeconds, namespaces }: ListQuery, visible: VisibleNamespaces | null): string =>
  JSON.stringify([kind satisfies EntityKind, windowSeconds, namespaces, visible?.id ?? null]);

/** A short text that is another for another text, but for chance (FNV-1a). */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
