// The endpoints of Prometheus' HTTP API v1, as functions from a decoded request to a JSON answer.
// In: method, path, parameters. Out: status and body; the shapes are those of Prometheus 2.42.
// https://prometheus.io/docs/prometheus/latest/querying/api/
import { invalidParameter, readDurationMs, readLimit, readMatcherSets, readTimeMs } from './api-params';
import { encodeLabels, encodeResult } from './encode-result';
import { formatDuration } from './promql/literals';
import { QueryError } from './promql/query-error';
import { evaluateInstant, evaluateRange, type QueryOptions } from './query';
import type { TargetStatus } from './scrape';
import { compareLabels } from './storage/labels';
import type { Series } from './storage/series';
import type { MetricMetadata, SeriesStore } from './store';

export interface ApiContext {
  readonly store: SeriesStore;
  readonly now: () => number;
  readonly targets: () => readonly TargetStatus[];
  readonly version: string;
  readonly leftOpenRanges: boolean;
  readonly startMs: number;
  /** Milliseconds of a clock that never jumps, for query deadlines. */
  readonly monotonicMs: () => number;
  readonly queryTimeoutMs: number;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** Form fields first, then the URL's parameters. */
  readonly params: URLSearchParams;
}

export interface ApiAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Endpoint = (context: ApiContext, params: URLSearchParams) => string;

const MAX_POINTS = 11_000;
const ANSWER_STATUS = { bad_data: 400, execution: 422, timeout: 503 } as const;
const TRUNCATED = '["results truncated due to limit"]';

function succeed(data: string, warnings?: string): string {
  return `{"status":"success","data":${data}${warnings === undefined ? '' : `,"warnings":${warnings}`}}`;
}

function answerJson(status: number, body: string): ApiAnswer {
  return { status, contentType: 'application/json', body };
}

function answerError(error: QueryError): ApiAnswer {
  return answerJson(ANSWER_STATUS[error.kind], JSON.stringify({ status: 'error', errorType: error.kind, error: error.message }));
}

function decodeQueryOptions(context: ApiContext, params: URLSearchParams): QueryOptions {
  const timeoutMs = params.get('timeout') === null ? context.queryTimeoutMs : readDurationMs(params, 'timeout');
  const deadlineMs = context.monotonicMs() + Math.min(timeoutMs, context.queryTimeoutMs);
  return { leftOpenRanges: context.leftOpenRanges, isExpired: () => context.monotonicMs() > deadlineMs };
}

function query(context: ApiContext, params: URLSearchParams): string {
  const timeMs = readTimeMs(params, 'time', context.now());
  const options = decodeQueryOptions(context, params);
  try {
    return succeed(encodeResult(evaluateInstant(context.store, params.get('query') ?? '', timeMs, options)));
  } catch (error) {
    if (error instanceof QueryError && error.kind === 'bad_data') throw invalidParameter('query', error.message);
    throw error;
  }
}

function queryRange(context: ApiContext, params: URLSearchParams): string {
  const startMs = readTimeMs(params, 'start');
  const endMs = readTimeMs(params, 'end');
  if (endMs < startMs) throw invalidParameter('end', 'end timestamp must not be before start time');
  const stepMs = Math.trunc(readDurationMs(params, 'step'));
  if (stepMs <= 0) {
    throw invalidParameter('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer');
  }
  if ((endMs - startMs) / stepMs > MAX_POINTS) {
    const advice = 'Try decreasing the query resolution (?step=XX)';
    throw new QueryError('bad_data', `exceeded maximum resolution of 11,000 points per timeseries. ${advice}`);
  }
  const options = decodeQueryOptions(context, params);
  return succeed(encodeResult(evaluateRange(context.store, params.get('query') ?? '', startMs, endMs, stepMs, options)));
}

// The series of any matcher set (all series without one) that have samples between start and end.
function selectSeries(context: ApiContext, params: URLSearchParams): ReadonlySet<Series> {
  const startMs = readTimeMs(params, 'start', Number.NEGATIVE_INFINITY);
  const endMs = readTimeMs(params, 'end', Number.POSITIVE_INFINITY);
  const sets = readMatcherSets(params);
  const selected = new Set<Series>();
  for (const matchers of sets.length === 0 ? [[]] : sets) {
    for (const series of context.store.select(matchers)) {
      if (series.minTimestampMs <= endMs && series.maxTimestampMs >= startMs) selected.add(series);
    }
  }
  return selected;
}

function answerLimited(items: readonly string[], limit: number | undefined): string {
  if (limit === undefined || items.length <= limit) return succeed(`[${items.join(',')}]`);
  return succeed(`[${items.slice(0, limit).join(',')}]`, TRUNCATED);
}

function series(context: ApiContext, params: URLSearchParams): string {
  if (params.getAll('match[]').length === 0) throw new QueryError('bad_data', 'no match[] parameter provided');
  const limit = readLimit(params, 'limit');
  const labels = [...selectSeries(context, params)].map((one) => one.labels).sort(compareLabels);
  return answerLimited(labels.map(encodeLabels), limit);
}

function hasFilter(params: URLSearchParams): boolean {
  return ['match[]', 'start', 'end'].some((name) => (params.get(name) ?? '') !== '');
}

function labels(context: ApiContext, params: URLSearchParams): string {
  const limit = readLimit(params, 'limit');
  let names = context.store.labelNames();
  if (hasFilter(params)) {
    const found = new Set<string>();
    for (const { labels: set } of selectSeries(context, params))
      for (let i = 0; i < set.pairs.length; i += 2) found.add(set.pairs[i] ?? '');
    names = [...found].sort();
  }
  return answerLimited(
    names.map((name) => JSON.stringify(name)),
    limit,
  );
}

function labelValues(context: ApiContext, params: URLSearchParams, name: string): string {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw new QueryError('bad_data', `invalid label name: ${JSON.stringify(name)}`);
  const limit = readLimit(params, 'limit');
  let values = context.store.labelValues(name);
  if (hasFilter(params)) {
    const found = new Set<string>();
    for (const { labels: set } of selectSeries(context, params)) found.add(set.value(name));
    found.delete('');
    values = [...found].sort();
  }
  return answerLimited(
    values.map((value) => JSON.stringify(value)),
    limit,
  );
}

function metadata(context: ApiContext, params: URLSearchParams): string {
  const limit = readLimit(params, 'limit');
  const perMetric = readLimit(params, 'limit_per_metric');
  const wanted = params.get('metric') ?? '';
  const found = new Map<string, readonly MetricMetadata[]>();
  for (const [metric, descriptions] of context.store.metadata()) {
    if (wanted !== '' && metric !== wanted) continue;
    if (limit !== undefined && found.size >= limit) break;
    found.set(metric, descriptions.slice(0, perMetric));
  }
  return succeed(JSON.stringify(Object.fromEntries(found)));
}

function targets(context: ApiContext, params: URLSearchParams): string {
  const state = params.get('state') ?? 'any';
  const pool = params.get('scrapePool') ?? '';
  const shown = state === 'dropped' ? [] : context.targets().filter(({ job }) => pool === '' || job === pool);
  const activeTargets = shown.map((target) => ({
    discoveredLabels: { ...target.labels, __address__: new URL(target.url).host },
    labels: target.labels,
    scrapePool: target.job,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.lastError,
    // Go's zero time stands for "never".
    lastScrape: target.lastScrapeMs === undefined ? '0001-01-01T00:00:00Z' : new Date(target.lastScrapeMs).toISOString(),
    lastScrapeDuration: target.lastDurationSeconds,
    health: target.health,
    scrapeInterval: formatDuration(target.intervalMs),
    scrapeTimeout: formatDuration(target.timeoutMs),
  }));
  return succeed(JSON.stringify({ activeTargets, droppedTargets: [] }));
}

function buildInfo({ version }: ApiContext): string {
  return succeed(JSON.stringify({ version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' }));
}

function runtimeInfo(context: ApiContext): string {
  const startTime = new Date(context.startMs).toISOString();
  const info = { startTime, CWD: '/', reloadConfigSuccess: true, lastConfigTime: startTime, corruptionCount: 0, goroutineCount: 0 };
  return succeed(
    JSON.stringify({ ...info, GOMAXPROCS: 1, GOGC: '', GODEBUG: '', storageRetention: formatDuration(context.store.retentionMs) }),
  );
}

const FORM_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['/api/v1/query', query],
  ['/api/v1/query_range', queryRange],
  ['/api/v1/series', series],
  ['/api/v1/labels', labels],
  // Nothing here records exemplars.
  ['/api/v1/query_exemplars', () => succeed('[]')],
]);

const GET_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['/api/v1/metadata', metadata],
  ['/api/v1/targets', targets],
  ['/api/v1/rules', () => succeed('{"groups":[]}')],
  ['/api/v1/alerts', () => succeed('{"alerts":[]}')],
  ['/api/v1/alertmanagers', () => succeed('{"activeAlertmanagers":[],"droppedAlertmanagers":[]}')],
  ['/api/v1/status/buildinfo', buildInfo],
  ['/api/v1/status/runtimeinfo', runtimeInfo],
]);

const LABEL_VALUES_PATH = /^\/api\/v1\/label\/([^/]+)\/values$/;

function findEndpoint(path: string): { readonly run: Endpoint; readonly acceptsPost: boolean } | undefined {
  const form = FORM_ENDPOINTS.get(path);
  if (form !== undefined) return { run: form, acceptsPost: true };
  const get = GET_ENDPOINTS.get(path);
  if (get !== undefined) return { run: get, acceptsPost: false };
  const name = LABEL_VALUES_PATH.exec(path)?.[1];
  if (name === undefined) return undefined;
  return { run: (context, params) => labelValues(context, params, name), acceptsPost: false };
}

function answerText(status: number, body: string): ApiAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

/** Answers one request; failures of the query become Prometheus' error JSON. */
export function answerRequest(context: ApiContext, request: ApiRequest): ApiAnswer {
  const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
  if (path === '/-/healthy') return answerText(200, 'Prometheus Server is Healthy.\n');
  if (path === '/-/ready') return answerText(200, 'Prometheus Server is Ready.\n');
  const endpoint = findEndpoint(path);
  if (endpoint === undefined) return answerText(404, '404 page not found\n');
  const isAllowed = request.method === 'GET' || (request.method === 'POST' && endpoint.acceptsPost);
  if (!isAllowed) return answerText(405, 'Method Not Allowed\n');
  try {
    return answerJson(200, endpoint.run(context, request.params));
  } catch (error) {
    if (error instanceof QueryError) return answerError(error);
    throw error;
  }
}
