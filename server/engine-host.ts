// The engine in this thread: adapters chosen from the configuration, the live engine on top, its metrics beside it.
// In: Config, Logger, Clock. Out: EngineApi. Used by the worker thread and, without a build, by the server's own thread.
import { readFileSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { type Config, healthRatesOf, readKubeconfigList } from './config';
import type { EngineApi } from './engine-rpc';
import { createApiClient } from './kubernetes/client';
import { readConnection } from './kubernetes/connection';
import { createClusterReader } from './kubernetes/reader';
import { createLiveEngine } from './live/create-live-engine';
import { DEFAULT_LIVE_SETTINGS } from './live/settings';
import type { Logger } from './log';
import type { Clock, ClusterReader, MetricsSource } from './ports';
import { createPrometheusClient } from './prometheus/client';
import type { PrometheusAuth } from './prometheus/credentials';
import { PROMETHEUS_DEFAULTS } from './prometheus/options';

function authOf(config: Config): PrometheusAuth {
  const token = config['prometheus.bearerToken'];
  const tokenFile = config['prometheus.bearerTokenFile'];
  const username = config['prometheus.username'];
  if (token !== undefined) return { kind: 'bearer', token: token.reveal() };
  if (tokenFile !== undefined) return { kind: 'bearerFile', path: tokenFile };
  if (username !== undefined) return { kind: 'basic', username, password: config['prometheus.password']?.reveal() ?? '' };
  return { kind: 'none' };
}

const readPem = (path: string | undefined): string | null => (path === undefined ? null : readFileSync(path, 'utf8'));

function openMetrics(config: Config, clock: Clock): MetricsSource {
  return createPrometheusClient({
    ...PROMETHEUS_DEFAULTS,
    url: config['prometheus.url'],
    auth: authOf(config),
    headers: Object.fromEntries(Object.entries(config['prometheus.headers']).map(([name, value]) => [name, value.reveal()])),
    scope: config['prometheus.queryScope'],
    caPem: readPem(config['prometheus.caFile']),
    certPem: readPem(config['prometheus.certFile']),
    keyPem: readPem(config['prometheus.keyFile']),
    insecureSkipVerify: config['prometheus.insecureSkipVerify'],
    concurrency: config['prometheus.concurrency'],
    maxResponseBytes: config['prometheus.maxResponseMb'] * 1024 * 1024,
    clock,
  });
}

function openCluster(config: Config, log: Logger, clock: Clock): ClusterReader {
  const connection = readConnection({
    kubeconfig: config['kubernetes.kubeconfig'],
    context: config['kubernetes.context'],
    kubeconfigList: readKubeconfigList(),
  });
  log.info('cluster', { server: connection.server, origin: connection.origin });
  return createClusterReader({
    client: createApiClient(connection, clock),
    clock,
    cluster: config['kubernetes.clusterName'],
    rootNamespace: config['mesh.rootNamespace'],
    random: Math.random,
  });
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
  const cluster = openCluster(config, log, clock);
  const metrics = openMetrics(config, clock);
  const timeoutMs = config['prometheus.timeoutSeconds'] * 1000;
  const engine = createLiveEngine({
    metrics,
    cluster,
    clock,
    settings: { ...DEFAULT_LIVE_SETTINGS, refreshSeconds: config['graph.refreshSeconds'], tolerances: healthRatesOf(config) },
    queryDeadlineMs: timeoutMs,
    slowQueryDeadlineMs: timeoutMs * 2,
    onDefect: (what, error) => log.error('defect', { what, error }),
  });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  engine.start();
  return {
    fetchGraph: (view) => engine.fetchGraph(view),
    fetchElement: (id, view) => engine.fetchElement(id, view),
    fetchCharts: (id, view) => engine.fetchCharts(id, view),
    fetchNamespaces: (windowSeconds) => engine.fetchNamespaces(windowSeconds),
    // A cluster that is away must not keep the console from starting: it shows what the metrics say, and why the rest is missing.
    fetchHealth: () =>
      Promise.resolve({ started: engine.started || cluster.watches().some((w) => w.cause !== null), freshness: engine.freshness() }),
    fetchMetrics: () => Promise.resolve(engine.metricsText() + encodeHostMetrics(cluster, delay)),
    subscribe: (view, lastEventId, sink) => engine.subscribe(view, lastEventId, sink),
    close: async () => {
      delay.disable();
      await engine.close();
      await Promise.allSettled([cluster.close(), metrics.close()]);
    },
  };
}
