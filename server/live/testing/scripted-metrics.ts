// A metrics backend in memory that answers the telemetry's own queries from rows, counts them, can fail and can be held up.
// In: rows of labels and values by query name. Out: MetricsSource.
import type { Failure } from '../../../model/failure';
import {
  type InstantVector,
  type MetricsCapabilities,
  type MetricsSource,
  NO_LOAD,
  type QueryLoad,
  type QueryStats,
  type RangeColumns,
  type RangeRequest,
  type RangeSeries,
  type VectorQuery,
} from '../../ports';

export interface Row {
  readonly query: 'source' | 'destination' | 'duration' | 'bytes' | 'buckets' | 'identity' | 'principals';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export class ScriptedMetrics implements MetricsSource {
  rows: readonly Row[] = [];
  /** Rows of an instant in place of `rows`, where it says any. */
  rowsAt: (atMs: number) => readonly Row[] | null = () => null;
  range: readonly RangeSeries[] = [];
  /** Answers of range queries in place of `range`. */
  rangeOf: (promql: string) => readonly RangeSeries[] = () => this.range;
  failure: Failure | null = null;
  scrapeIntervalSeconds: number | null = 15;
  /** Names and texts of all queries so far. */
  readonly asked: { readonly name: string; readonly promql: string; readonly atMs: number }[] = [];
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  /** Holds every answer back until `release`. */
  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }
  release(): void {
    this.#open();
  }
  /** Queries of a refresh so far. */
  count(...names: readonly string[]): number {
    return this.asked.filter((q) => names.length === 0 || names.includes(q.name)).length;
  }

  async fetchVector(query: VectorQuery, atMs: number): Promise<InstantVector> {
    // Looks for recording rules, of which there are none, are no questions about traffic.
    if (query.name !== 'rules') this.asked.push({ name: query.name, promql: query.promql, atMs });
    await this.#gate;
    if (this.failure !== null) throw this.failure;
    const rows = (this.rowsAt(atMs) ?? this.rows).filter((row) => row.query === query.name);
    const series = rows.map((row) => query.labels.map((label) => row.labels[label] ?? ''));
    return {
      count: rows.length,
      slots: Int32Array.from(rows, (_, i) => i),
      values: Float64Array.from(rows, (row) => row.value),
      labelsOf: (slot) => series[slot] ?? [],
      warnings: [],
      infos: [],
      wallMs: 1,
      bytes: 100,
    };
  }

  async fetchRange(promql: string, _startMs: number, endMs: number): Promise<readonly RangeSeries[]> {
    this.asked.push({ name: 'range', promql, atMs: endMs });
    await this.#gate;
    if (this.failure !== null) throw this.failure;
    return this.rangeOf(promql);
  }

  /** The rows stand still: every step has the same values. */
  async fetchRangeColumns(query: VectorQuery, { startMs, endMs, stepSeconds }: RangeRequest): Promise<RangeColumns> {
    const { count, slots, values, labelsOf } = await this.fetchVector(query, endMs);
    const steps = Math.floor((endMs - startMs) / (stepSeconds * 1000)) + 1;
    const filled = new Float32Array(count * steps);
    for (let row = 0; row < count; row++) filled.fill(values[row] ?? 0, row * steps, (row + 1) * steps);
    return { steps, labels: Array.from(slots, labelsOf), values: filled, warnings: [], wallMs: 1, bytes: 100 };
  }

  async fetchCapabilities(): Promise<MetricsCapabilities> {
    await this.#gate;
    if (this.failure !== null) throw this.failure;
    return {
      version: '2.42.0',
      scrapeIntervalSeconds: this.scrapeIntervalSeconds,
      metrics: new Set(['istio_requests_total']),
      clusters: [],
      notes: [],
    };
  }

  async fetchClusters(): Promise<readonly string[]> {
    return (await this.fetchCapabilities()).clusters;
  }

  load(): QueryLoad {
    const live = { cause: { kind: 'live', windowSeconds: 60 }, queries: this.count(), failed: 0, seconds: 0.5, bytes: 100 } as const;
    return { ...NO_LOAD, lastMinute: [live], totals: [live], concurrency: 4 };
  }

  stats(): readonly QueryStats[] {
    return [{ name: 'destination', sent: this.count('destination'), failed: 0, wallMs: 5, bytes: 100 }];
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A row of istio_requests_total as the destination reports it. */
export function requestRow(from: string, to: string, value: number, code = '200'): Row {
  const [sourceNamespace = '', source = ''] = from.split('/');
  const [namespace = '', workload = ''] = to.split('/');
  const service = workload.replace(/-v\d+$/, '');
  return {
    query: 'destination',
    value,
    labels: {
      reporter: 'destination',
      connection_security_policy: 'mutual_tls',
      request_protocol: 'http',
      response_code: code,
      response_flags: '-',
      source_workload: source,
      source_workload_namespace: sourceNamespace,
      destination_workload: workload,
      destination_workload_namespace: namespace,
      destination_service: `${service}.${namespace}.svc.cluster.local`,
      destination_service_name: service,
      destination_service_namespace: namespace,
    },
  };
}
