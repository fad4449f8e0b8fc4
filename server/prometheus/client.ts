// The MetricsSource that speaks the Prometheus HTTP API: queries in, columns and series out.
// In: PrometheusOptions. Out: MetricsSource. https://prometheus.io/docs/prometheus/latest/querying/api/
import type { InstantVector, MetricsSource, QueryCause, QueryOptions, QueryStats, RangeColumns, RangeRequest, VectorQuery } from '../ports';
import { fetchCapabilitiesBy, fetchClustersBy, fetchMeshValues, type ReadApi } from './capabilities';
import { decodeMatrix } from './decode';
import { LoadAccount } from './load-account';
import { BACKEND_NOTES, type PrometheusOptions } from './options';
import { VectorScanner } from './scan';
import { RangeScanner } from './scan-range';
import { applyScope } from './scope';
import { SeriesIndex } from './series-index';
import { joinColumns, joinVectors, Splitting } from './splitting';
import { type ApiRequest, createTransport } from './transport';

/** Streams whose series are remembered; past this the one unused for longest is forgotten. */
const MAX_STREAMS = 256;
const RANGE_NAME = 'range';
const PROBE_NAME = 'probe';
const PROBE_CAUSE: QueryCause = { kind: 'probe', windowSeconds: null };
const VALUES_DEADLINE_MS = 10_000;

interface Totals {
  sent: number;
  failed: number;
  wallMs: number;
  bytes: number;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Connects to a backend; nothing is sent before the first query. Every rejection is a Failure with a `metrics…` code. */
export function createPrometheusClient(options: PrometheusOptions): MetricsSource {
  const transport = createTransport(options);
  const totals = new Map<string, Totals>();
  const account = new LoadAccount(() => options.clock.now());
  const indexes = new Map<string, SeriesIndex>();
  const busy = new Set<string>();

  /** Runs a query to its decoded end and counts it. */
  const count = async <T>(
    name: string,
    cause: QueryCause | undefined,
    run: (addBytes: (bytes: number) => void) => Promise<T>,
  ): Promise<T> => {
    const total = totals.get(name) ?? { sent: 0, failed: 0, wallMs: 0, bytes: 0 };
    totals.set(name, total);
    const startedMs = performance.now();
    total.sent++;
    let received = 0;
    let failed = 0;
    try {
      return await run((bytes) => {
        total.bytes += bytes;
        received += bytes;
      });
    } catch (error) {
      total.failed++;
      failed = 1;
      throw error;
    } finally {
      const wallMs = performance.now() - startedMs;
      total.wallMs += wallMs;
      account.note(cause, { failed, seconds: wallMs / 1000, bytes: received });
    }
  };

  const readText = <T>(name: string, request: ApiRequest, queryOptions: QueryOptions, decode: (text: string) => T): Promise<T> =>
    count(name, queryOptions.cause, async (addBytes) => {
      const chunks: Buffer[] = [];
      addBytes(await transport.fetchInto(request, (chunk) => void chunks.push(chunk), queryOptions));
      return decode(Buffer.concat(chunks).toString('utf8'));
    });

  /** The memory of a stream, taken out of use by others until released; a fresh one if it is in use or there is no stream. */
  const borrowIndex = (query: VectorQuery): { readonly index: SeriesIndex; readonly release: () => void } => {
    if (query.stream === undefined) return { index: new SeriesIndex(), release: () => undefined };
    const key = JSON.stringify([query.name, query.stream, query.labels]);
    if (busy.has(key)) return { index: new SeriesIndex(), release: () => undefined };
    const index = indexes.get(key) ?? new SeriesIndex();
    indexes.delete(key);
    indexes.set(key, index);
    const [oldest] = indexes.keys();
    if (indexes.size > MAX_STREAMS && oldest !== undefined) indexes.delete(oldest);
    busy.add(key);
    return { index, release: () => void busy.delete(key) };
  };

  // The backend must stop working when nobody waits any more.
  const timeoutOf = (queryOptions: QueryOptions): readonly [string, string] => [
    'timeout',
    `${Math.max(1, Math.ceil(queryOptions.deadlineMs / 1000))}s`,
  ];

  const fetchOneVector = (query: VectorQuery, atMs: number, queryOptions: QueryOptions): Promise<InstantVector> =>
    count(query.name, queryOptions.cause, async (addBytes) => {
      const startedMs = performance.now();
      const { index, release } = borrowIndex(query);
      try {
        const scanner = new VectorScanner(index, query.labels);
        const request: ApiRequest = {
          method: 'POST',
          path: '/api/v1/query',
          parameters: [['query', applyScope(query.promql, options.scope)], ['time', seconds(atMs)], timeoutOf(queryOptions)],
        };
        const bytes = await transport.fetchInto(request, (chunk) => scanner.push(chunk), queryOptions);
        addBytes(bytes);
        const { labels, ...columns } = scanner.end();
        const labelsOf = (slot: number): readonly string[] => {
          const own = labels[slot];
          if (own === undefined) throw new RangeError(`no slot ${slot} in this result`);
          return own;
        };
        return { ...columns, labelsOf, wallMs: performance.now() - startedMs, bytes };
      } finally {
        release();
      }
    });

  const fetchOneRange = (query: VectorQuery, { startMs, endMs, stepSeconds }: RangeRequest, queryOptions: QueryOptions) =>
    count(query.name, queryOptions.cause, async (addBytes): Promise<RangeColumns> => {
      const startedMs = performance.now();
      const stepMs = stepSeconds * 1000;
      const scanner = new RangeScanner(query.labels, { startMs, stepMs, count: Math.floor((endMs - startMs) / stepMs) + 1 });
      const parameters = [
        ['query', applyScope(query.promql, options.scope)],
        ['start', seconds(startMs)],
        ['end', seconds(endMs)],
        ['step', String(stepSeconds)],
        timeoutOf(queryOptions),
      ] as const;
      const request: ApiRequest = { method: 'POST', path: '/api/v1/query_range', parameters };
      const bytes = await transport.fetchInto(request, (chunk) => scanner.push(chunk), queryOptions);
      addBytes(bytes);
      return { ...scanner.end(), wallMs: performance.now() - startedMs, bytes };
    });

  const probeWith =
    (queryOptions: QueryOptions): ReadApi =>
    (path, parameters) => {
      const scoped = parameters.map(([name, value]) =>
        name === 'query' || name === 'match[]' ? ([name, applyScope(value, options.scope)] as const) : ([name, value] as const),
      );
      return readText(PROBE_NAME, { method: 'GET', path, parameters: scoped }, { cause: PROBE_CAUSE, ...queryOptions }, (text) => text);
    };

  const splitting = new Splitting({
    now: () => options.clock.now(),
    listValues: (label) => {
      const signal = new AbortController().signal;
      return fetchMeshValues(probeWith({ signal, deadlineMs: VALUES_DEADLINE_MS, cause: PROBE_CAUSE }), options.clock.now(), label);
    },
  });

  return {
    fetchVector: async (query, atMs, queryOptions) =>
      joinVectors(await splitting.ask(query, 'instant', queryOptions.signal, (part) => fetchOneVector(part, atMs, queryOptions))),
    fetchRange: (promql, startMs, endMs, stepSeconds, queryOptions) => {
      const parameters = [
        ['query', applyScope(promql, options.scope)],
        ['start', seconds(startMs)],
        ['end', seconds(endMs)],
        ['step', String(stepSeconds)],
        timeoutOf(queryOptions),
      ] as const;
      return readText(RANGE_NAME, { method: 'POST', path: '/api/v1/query_range', parameters }, queryOptions, decodeMatrix);
    },
    fetchRangeColumns: async (query, range, queryOptions) =>
      joinColumns(await splitting.ask(query, 'range', queryOptions.signal, (part) => fetchOneRange(part, range, queryOptions))),
    fetchCapabilities: async (queryOptions) => {
      const found = await fetchCapabilitiesBy(probeWith(queryOptions), options.clock.now());
      const note = BACKEND_NOTES[options.backend];
      return note === null ? found : { ...found, notes: [...found.notes, note] };
    },
    fetchClusters: (queryOptions) => fetchClustersBy(probeWith(queryOptions), options.clock.now()),
    load: () => ({
      lastMinute: account.lastMinute(),
      totals: account.totals(),
      ...transport.line(),
      concurrency: options.concurrency,
      splits: splitting.list(),
    }),
    stats: (): readonly QueryStats[] => [...totals].map(([name, total]) => ({ name, ...total })),
    close: () => transport.close(),
  };
}
