// One refresh as the console does it, part by part: bytes -> columns -> observations -> prepared traffic -> default view -> bytes.
// In: answers of the base queries. Out: CPU of each part. Keeps what a live view keeps between refreshes.

import { diffGraph } from '../../model/delta';
import { compileHealthRules, DEFAULT_HEALTH_RULES } from '../../model/health-rules';
import type { Inventory } from '../../model/inventory';
import { DEFAULT_VIEW, type Freshness, type GraphDocument } from '../../model/wire';
import { GraphEncoder } from '../../server/graph/encode';
import { GraphMemory } from '../../server/graph/memory';
import { projectGraph } from '../../server/graph/project';
import { VectorScanner } from '../../server/prometheus/scan';
import { SeriesIndex } from '../../server/prometheus/series-index';
import { EdgeRegistry } from '../../server/telemetry/edge-registry';
import { ObserveMemory, observe } from '../../server/telemetry/observe';
import type { QueryAnswer } from '../../server/telemetry/series-memory';

/** The bodies of the base queries at one instant. */
export interface Bodies {
  readonly atMs: number;
  readonly source: Buffer;
  readonly destination: Buffer;
}

export const PARTS = ['scan', 'observe', 'prepare', 'project', 'encode', 'diff and encode'] as const;
export type Part = (typeof PARTS)[number];
/** CPU milliseconds of all threads, by part; `diff and encode` is what a delta costs beyond the document. */
export type PartCosts = Readonly<Record<Part, number>>;

export interface Refreshed {
  readonly costs: PartCosts;
  readonly wallMs: number;
  readonly edges: number;
  readonly documentBytes: number;
  readonly deltaBytes: number;
}

const CHUNK = 64 * 1024;
const LIVE: Freshness = {
  metrics: { state: 'live', atMs: 0, cause: null, next: null },
  cluster: { state: 'live', atMs: 0, cause: null, next: null },
};

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The server's side of one live stream of snapshots. */
export class Refresher {
  readonly #indexes = { source: new SeriesIndex(), destination: new SeriesIndex() };
  readonly #registry = new EdgeRegistry();
  readonly #memory = new ObserveMemory();
  readonly #graphs = new GraphMemory(compileHealthRules(DEFAULT_HEALTH_RULES));
  readonly #encoder = new GraphEncoder();
  readonly #labels: Readonly<Record<'source' | 'destination', readonly string[]>>;
  readonly #inventory: Inventory;
  readonly #windowSeconds: number;
  #last: Omit<GraphDocument, 'freshness'> | null = null;
  #revision = 0;

  constructor(labels: Readonly<Record<'source' | 'destination', readonly string[]>>, inventory: Inventory, windowSeconds: number) {
    this.#labels = labels;
    this.#inventory = inventory;
    this.#windowSeconds = windowSeconds;
  }

  refresh(bodies: Bodies): Refreshed {
    const costs: Record<Part, number> = { scan: 0, observe: 0, prepare: 0, project: 0, encode: 0, 'diff and encode': 0 };
    const timed = <T>(part: Part, run: () => T): T => {
      const startedMs = cpuMs();
      const result = run();
      costs[part] = cpuMs() - startedMs;
      return result;
    };
    const startedMs = performance.now();
    const [source, destination] = timed(
      'scan',
      () => [this.#scan('source', bodies.source), this.#scan('destination', bodies.destination)] as const,
    );
    const { observations } = timed('observe', () =>
      observe(
        { nowMs: bodies.atMs, source, destination, duration: null, bytes: null, homeCluster: 'Kubernetes' },
        this.#registry,
        this.#memory,
      ),
    );
    const prepared = timed('prepare', () =>
      this.#graphs.read(
        {
          atMs: bodies.atMs,
          windowSeconds: this.#windowSeconds,
          observations,
          bucketBoundsMs: [],
          identities: NO_IDENTITIES,
          quantilesAtMs: null,
          warnings: [],
          cost: { queries: 2, wallMs: 0, bytes: bodies.source.length + bodies.destination.length },
        },
        this.#inventory,
      ),
    );
    const projection = timed('project', () => projectGraph(prepared, DEFAULT_VIEW));
    const { totals, notes, folded, laid } = projection;
    this.#revision++;
    const head = { totals, notes, folded, atMs: bodies.atMs, revision: this.#revision, view: DEFAULT_VIEW };
    const encoded = timed('encode', () => this.#encoder.encodeDocument(head, laid).close(LIVE));
    const wallMs = performance.now() - startedMs;
    const before = this.#last;
    // The first that is compared makes the objects.
    const delta = timed('diff and encode', () => {
      const document = { ...head, ...projection.graph };
      this.#last = document;
      return before === null ? null : this.#encoder.encodeDelta(diffGraph(before, document), document, laid);
    });
    return { costs, wallMs, edges: laid.edges.count, documentBytes: encoded.length, deltaBytes: delta?.length ?? 0 };
  }

  #scan(name: 'source' | 'destination', body: Buffer): QueryAnswer {
    const scanner = new VectorScanner(this.#indexes[name], this.#labels[name]);
    for (let at = 0; at < body.length; at += CHUNK) scanner.push(body.subarray(at, at + CHUNK));
    const { labels, ...columns } = scanner.end();
    return { labels: this.#labels[name], columns: { ...columns, labelsOf: (slot) => labels[slot] ?? [] } };
  }
}

const NO_IDENTITIES = new Map<string, never>();
