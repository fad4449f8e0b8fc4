// Answers of queries made by hand, as an adapter would give them, and a backend that answers from them.
// In: rows of labels and values. Out: QueryAnswer, MetricsSource. For tests only.
import { Failure } from '../../../model/failure';
import {
  type InstantVector,
  type MetricsCapabilities,
  type MetricsSource,
  NO_LOAD,
  type QueryLoad,
  type QueryOptions,
  type RangeColumns,
  type RangeRequest,
  type VectorQuery,
} from '../../ports';
import type { QueryAnswer } from '../series-memory';

export type Row = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Columns of rows; slots are numbered by label values, and mean the same in every vector that shares `arrays`. */
export function vectorOf(
  labels: readonly string[],
  rows: readonly Row[],
  arrays: Map<string, readonly [number, readonly string[]]> = new Map(),
): InstantVector {
  const bySlot: (readonly string[])[] = [];
  const slots = rows.map(([own]) => {
    const values = labels.map((name) => own[name] ?? '');
    const key = JSON.stringify(values);
    const known = arrays.get(key) ?? ([arrays.size, values] as const);
    arrays.set(key, known);
    bySlot[known[0]] = known[1];
    return known[0];
  });
  return {
    count: rows.length,
    slots: Int32Array.from(slots),
    values: Float64Array.from(rows, ([, value]) => value),
    labelsOf: (slot) => bySlot[slot] ?? [],
    warnings: [],
    infos: [],
    wallMs: 1,
    bytes: rows.length * 100,
  };
}

export const answerOf = (labels: readonly string[], rows: readonly Row[]): QueryAnswer => ({ labels, columns: vectorOf(labels, rows) });

/** Labels of an edge of a mesh with one cluster, complete as Istio writes them. */
export const edge = (source: string, destination: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  source_workload: source,
  source_workload_namespace: source === 'unknown' ? 'unknown' : 'shop',
  destination_workload: destination,
  destination_workload_namespace: destination === 'unknown' ? 'unknown' : 'shop',
  destination_service: `${destination}.shop.svc.cluster.local`,
  destination_service_name: destination,
  destination_service_namespace: 'shop',
  request_protocol: 'http',
  reporter: 'destination',
  connection_security_policy: 'mutual_tls',
  response_code: '200',
  response_flags: '-',
  ...more,
});

type Script = (query: VectorQuery, atMs: number, options: QueryOptions) => readonly Row[] | Promise<readonly Row[]>;

export class ScriptedSource implements MetricsSource {
  readonly asked: { readonly name: string; readonly promql: string; readonly atMs: number; readonly stream: string | null }[] = [];
  readonly ranges: { readonly name: string; readonly promql: string; readonly startMs: number; readonly endMs: number }[] = [];
  capabilities: MetricsCapabilities | null = {
    version: '2.42.0',
    scrapeIntervalSeconds: 15,
    metrics: new Set(),
    clusters: ['Kubernetes'],
    notes: [],
  };
  warnings: readonly string[] = [];
  probes = 0;
  /** Looks for recording rules are counted apart: there are none, unless a test says so. */
  ruleProbes = 0;
  rules: (atMs: number) => readonly Row[] = () => [];
  /** False: a backend that does not list the values of labels. */
  tellsClusters = true;
  readonly #script: Script;
  constructor(script: Script) {
    this.#script = script;
  }
  async fetchVector(query: VectorQuery, atMs: number, options: QueryOptions): Promise<InstantVector> {
    if (query.name === 'rules') {
      this.ruleProbes++;
      return vectorOf(query.labels, this.rules(atMs));
    }
    this.asked.push({ name: query.name, promql: query.promql, atMs, stream: query.stream ?? null });
    const rows = await this.#script(query, atMs, options);
    return { ...vectorOf(query.labels, rows), warnings: this.warnings };
  }
  fetchRange(): Promise<readonly []> {
    return Promise.resolve([]);
  }
  /** The instants of a range, each asked of the script. */
  async fetchRangeColumns(query: VectorQuery, { startMs, endMs, stepSeconds }: RangeRequest, options: QueryOptions): Promise<RangeColumns> {
    const steps = Math.floor((endMs - startMs) / (stepSeconds * 1000)) + 1;
    const script: Script = query.name === 'rules' ? (_, atMs) => this.rules(atMs) : this.#script;
    if (query.name === 'rules') this.ruleProbes++;
    else this.ranges.push({ name: query.name, promql: query.promql, startMs, endMs });
    const rows = new Map<string, { readonly labels: readonly string[]; readonly values: Float32Array }>();
    for (let step = 0; step < steps; step++)
      for (const [own, value] of await script(query, startMs + step * stepSeconds * 1000, options)) {
        const labels = query.labels.map((name) => own[name] ?? '');
        const row = rows.get(JSON.stringify(labels)) ?? { labels, values: new Float32Array(steps).fill(Number.NaN) };
        rows.set(JSON.stringify(labels), row);
        row.values[step] = value;
      }
    const values = new Float32Array(rows.size * steps);
    [...rows.values()].forEach((row, i) => {
      values.set(row.values, i * steps);
    });
    return {
      steps,
      labels: [...rows.values()].map((row) => row.labels),
      values,
      warnings: this.warnings,
      wallMs: 1,
      bytes: rows.size * 100,
    };
  }
  fetchCapabilities(): Promise<MetricsCapabilities> {
    this.probes++;
    return this.capabilities === null
      ? Promise.reject(new Failure('metricsUnreachable', 'away', 'wait'))
      : Promise.resolve(this.capabilities);
  }
  fetchClusters(): Promise<readonly string[]> {
    return this.capabilities === null || !this.tellsClusters
      ? Promise.reject(new Failure('metricsUnreachable', 'away', 'wait'))
      : Promise.resolve(this.capabilities.clusters);
  }
  stats(): readonly [] {
    return [];
  }
  load(): QueryLoad {
    return NO_LOAD;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
