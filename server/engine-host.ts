// The engine in this thread: adapters chosen from the configuration, the live engine on top, its metrics beside it.
// In: Config, Logger, Clock. Out: EngineApi. Used by the worker thread and, without a build, by the server's own thread.
import { readFileSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Failure } from '../model/failure';
import { type Config, healthRatesOf, readKubeconfigList, readWebIdentity } from './config';
import { dashboardCallsOf } from './dashboard-calls';
import { createDiscoveredMetrics } from './discovery/discovered-metrics';
import { fetchTargets } from './discovery/find-targets';
import { isInsideCluster } from './discovery/inside-cluster';
import type { MetricsTarget } from './discovery/metrics-target';
import { surveyCluster } from './discovery/survey';
import type { EngineApi } from './engine-rpc';
import { type ApiClient, createApiClient } from './kubernetes/client';
import { type Connection, readConnection } from './kubernetes/connection';
import { createClusterReader } from './kubernetes/reader';
import { createLiveEngine } from './live/create-live-engine';
import { DEFAULT_LIVE_SETTINGS } from './live/settings';
import type { Logger } from './log';
import { logCallsOf } from './log-calls';
import type { Clock, ClusterReader, MetricsSource } from './ports';
import { createPrometheusClient } from './prometheus/client';
import type { PrometheusAuth } from './prometheus/credentials';
import { PROMETHEUS_DEFAULTS } from './prometheus/options';
import { GOOGLE_METADATA } from './prometheus/temporary-keys';
import { readDashboards } from './read-dashboards';
import { steeringCallsOf } from './steering-calls';

function awsAuthOf(config: Config, region: string): PrometheusAuth {
  const accessKeyId = config['prometheus.aws.accessKeyId'];
  const secretAccessKey = config['prometheus.aws.secretAccessKey']?.reveal();
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { kind: 'sigv4', region, service: 'aps', keys: { accessKeyId, secretAccessKey, sessionToken: null } };
  const identity = readWebIdentity();
  if (identity === null)
    throw new Failure(
      'metricsUnauthorized',
      'prometheus.aws.region is set and there are no keys to sign with',
      'Give the pod a role (eks.amazonaws.com/role-arn on its service account), or set prometheus.aws.accessKeyId and its secret.',
    );
  return { kind: 'sigv4', region, service: 'aps', keys: { ...identity, endpoint: `https://sts.${region}.amazonaws.com/` } };
}

function authOf(config: Config): PrometheusAuth {
  const token = config['prometheus.bearerToken'];
  const tokenFile = config['prometheus.bearerTokenFile'];
  const username = config['prometheus.username'];
  const region = config['prometheus.aws.region'];
  if (region !== undefined) return awsAuthOf(config, region);
  if (token !== undefined) return { kind: 'bearer', token: token.reveal() };
  if (tokenFile !== undefined) return { kind: 'bearerFile', path: tokenFile };
  if (username !== undefined) return { kind: 'basic', username, password: config['prometheus.password']?.reveal() ?? '' };
  return config['prometheus.backend'] === 'gmp' ? { kind: 'google', metadata: GOOGLE_METADATA } : { kind: 'none' };
}

const readPem = (path: string | undefined): string | null => (path === undefined ? null : readFileSync(path, 'utf8'));

/** A Prometheus at a place of the settings or one that was found; the API server's proxy wants the credentials of the kubeconfig instead. */
function openTarget(config: Config, clock: Clock, { url, credentials }: Pick<MetricsTarget, 'url' | 'credentials'>): MetricsSource {
  const headers = Object.fromEntries(Object.entries(config['prometheus.headers']).map(([name, value]) => [name, value.reveal()]));
  const common = {
    ...PROMETHEUS_DEFAULTS,
    url,
    backend: config['prometheus.backend'],
    parameters: config['prometheus.parameters'],
    scope: config['prometheus.queryScope'],
    concurrency: config['prometheus.concurrency'],
    maxResponseBytes: config['prometheus.maxResponseMb'] * 1024 * 1024,
    clock,
  };
  if (credentials !== null) {
    const { authorization, tls } = credentials;
    return createPrometheusClient({
      ...common,
      headers: { ...headers, ...credentials.headers, ...(authorization === null ? {} : { authorization: authorization.reveal() }) },
      caPem: tls.ca === undefined ? null : String(tls.ca),
      certPem: tls.cert === undefined ? null : String(tls.cert),
      keyPem: tls.key === undefined ? null : String(tls.key),
      insecureSkipVerify: tls.rejectUnauthorized === false,
    });
  }
  return createPrometheusClient({
    ...common,
    headers,
    auth: authOf(config),
    caPem: readPem(config['prometheus.caFile']),
    certPem: readPem(config['prometheus.certFile']),
    keyPem: readPem(config['prometheus.keyFile']),
    insecureSkipVerify: config['prometheus.insecureSkipVerify'],
  });
}

/** The Prometheus of the settings, else whichever is found in the cluster. */
function openMetrics(config: Config, log: Logger, clock: Clock, { client, connection }: ClusterAccess): MetricsSource {
  const url = config['prometheus.url'];
  if (url !== undefined) return openTarget(config, clock, { url, credentials: null });
  const rootNamespace = config['mesh.rootNamespace'];
  return createDiscoveredMetrics({
    fetchTargets: (signal) => fetchTargets({ client, connection, rootNamespace, isInsideCluster }, signal),
    open: (target) => openTarget(config, clock, target),
    clock,
    onFound: (target, version) => log.info('found', { what: 'Prometheus', where: target.words, version }),
    onMissing: ({ detail, next }) => log.warn('missing', { what: 'Prometheus', why: detail, fix: next }),
  });
}

interface ClusterAccess {
  readonly connection: Connection;
  readonly client: ApiClient;
}

function openClusterAccess(config: Config, log: Logger, clock: Clock): ClusterAccess {
  const connection = readConnection({
    kubeconfig: config['kubernetes.kubeconfig'],
    context: config['kubernetes.context'],
    kubeconfigList: readKubeconfigList(),
  });
  log.info('cluster', { server: connection.server, origin: connection.origin });
  return { connection, client: createApiClient(connection, clock) };
}

const openCluster = (config: Config, clock: Clock, { client }: ClusterAccess): ClusterReader =>
  createClusterReader({
    client,
    clock,
    cluster: config['kubernetes.clusterName'],
    rootNamespace: config['mesh.rootNamespace'],
    secretNames: config['kubernetes.secretNames'],
    random: Math.random,
  });

/** Says once, at the start, what there is of a mesh and how to mend what is missing. */
async function logSurvey(config: Config, log: Logger, { client }: ClusterAccess, signal: AbortSignal): Promise<void> {
  for (const { what, found, fix } of await surveyCluster(client, config['mesh.rootNamespace'], signal))
    if (found !== null) log.info('found', { what, found });
    else if (!signal.aborted) log.warn('missing', { what, fix });
}

const seconds = (nanoseconds: number): number => nanoseconds / 1e9;

/** Metrics of this process and of the watches, in Prometheus' text format. */
function encodeHostMetrics(cluster: ClusterReader, delay: IntervalHistogram): string {
  const { rss, heapUsed } = process.memoryUsage();
  const cpu = process.cpuUsage();
  const watches = cluster.watches();
  const lines = [
    '# HELP heddle_watch_state 1 for the state in which the watch of a Kubernetes resource is.',
    '# TYPE heddle_watch_state gauge',
    ...watches.map((w) => `heddle_watch_state{resource="${w.resource}",state="${w.state}"} 1`),
    '# HELP heddle_watch_objects Objects of a Kubernetes resource that are held.',
    '# TYPE heddle_watch_objects gauge',
    ...watches.map((w) => `heddle_watch_objects{resource="${w.resource}"} ${w.objects}`),
    "# HELP heddle_engine_event_loop_delay_seconds Delay of the engine thread's event loop since start.",
    '# TYPE heddle_engine_event_loop_delay_seconds summary',
    `heddle_engine_event_loop_delay_seconds{quantile="0.5"} ${seconds(delay.percentile(50))}`,
    `heddle_engine_event_loop_delay_seconds{quantile="0.99"} ${seconds(delay.percentile(99))}`,
    '# HELP process_resident_memory_bytes Resident memory of the process.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${rss}`,
    "# HELP heddle_engine_heap_bytes Used heap of the engine's thread.",
    '# TYPE heddle_engine_heap_bytes gauge',
    `heddle_engine_heap_bytes ${heapUsed}`,
    '# HELP process_cpu_seconds_total User and system CPU time of the process.',
    '# TYPE process_cpu_seconds_total counter',
    `process_cpu_seconds_total ${(cpu.user + cpu.system) / 1e6}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Starts the engine. @throws Failure when there is no cluster to talk to or a file cannot be read */
export function createEngineHost(config: Config, log: Logger, clock: Clock): EngineApi {
  const access = openClusterAccess(config, log, clock);
  const cluster = openCluster(config, clock, access);
  const metrics = openMetrics(config, log, clock, access);
  const surveying = new AbortController();
  const timeoutMs = config['prometheus.timeoutSeconds'] * 1000;
  const engine = createLiveEngine({
    metrics,
    cluster,
    clock,
    dashboards: readDashboards(config['dashboards.directory'], log),
    grafanaUrl: config['grafana.url'] ?? null,
    settings: { ...DEFAULT_LIVE_SETTINGS, refreshSeconds: config['graph.refreshSeconds'], tolerances: healthRatesOf(config) },
    queryDeadlineMs: timeoutMs,
    slowQueryDeadlineMs: timeoutMs * 2,
    onDefect: (what, error) => log.error('defect', { what, error }),
  });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  engine.start();
  void logSurvey(config, log, access, surveying.signal);
  return {
    fetchGraph: (view, sight) => engine.fetchGraph(view, sight),
    fetchSearch: (text, view, sight) => engine.fetchSearch(text, view, sight),
    fetchFind: (find, view, sight) => engine.fetchFind(find, view, sight),
    fetchElement: (id, view, sight) => engine.fetchElement(id, view, sight),
    fetchCharts: (id, view, sight) => engine.fetchCharts(id, view, sight),
    fetchComparison: (view, baseline, sight) => engine.history.fetchComparison(view, baseline, sight),
    fetchReplay: (view, range, sight) => engine.history.fetchReplay(view, range, sight),
    fetchRates: (namespaces, range, sight) => engine.history.fetchRates(namespaces, range, sight),
    fetchNamespaces: (windowSeconds, sight) => engine.fetchNamespaces(windowSeconds, sight),
    fetchLoad: () => Promise.resolve(engine.load()),
    fetchNamespaceNames: () => Promise.resolve(engine.namespaceNames()),
    // A cluster that is away must not keep the console from starting: it shows what the metrics say, and why the rest is missing.
    fetchHealth: (sight) =>
      Promise.resolve({ started: engine.started || cluster.watches().some((w) => w.cause !== null), freshness: engine.freshness(sight) }),
    fetchMetrics: () => Promise.resolve(engine.metricsText() + encodeHostMetrics(cluster, delay)),
    admitWindow: (windowSeconds) => engine.admitWindow(windowSeconds),
    subscribe: (view, sight, lastEventId, sink) => engine.subscribe(view, sight, lastEventId, sink),
    ...dashboardCallsOf(engine, surveying.signal),
    ...steeringCallsOf(engine),
    fetchDetails: (entity, query, sight) => engine.details.fetchDetails(entity, query, sight),
    ...logCallsOf(cluster),
    close: async () => {
      surveying.abort();
      delay.disable();
      await engine.close();
      await Promise.allSettled([cluster.close(), metrics.close()]);
    },
  };
}
