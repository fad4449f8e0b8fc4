// A simulated mesh put together: world, Kubernetes API, traffic, metrics endpoint, a Prometheus (real or embedded), and an OpenID provider if wanted.
// In: SimulationOptions. Out: Simulation with its URLs. Time comes from the injected clock; `advance` drives it where nobody waits.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeServerCertificate, type ServerCertificate } from './kubernetes/certificate';
import { type ApiServer, type LogRequest, startApiServer } from './kubernetes/server';
import { ObjectStore } from './kubernetes/store';
import { buildConsoleLogin, type ConsoleLogin } from './openid/console-login';
import { type OpenIdProvider, startOpenIdProvider } from './openid/provider';
import { Scraper } from './prometheus/scrape';
import { type RunningPrometheus, startPrometheus } from './prometheus/server';
import { SeriesStore } from './prometheus/store';
import type { ChattyOptions } from './traffic/chatty-log';
import { TrafficEngine } from './traffic/engine';
import { renderExposition } from './traffic/exposition';
import { type SampleSink, storeSink, walSink, writeHistory } from './traffic/history';
import { type MetricsServer, startMetricsServer } from './traffic/metrics-server';
import { PodLogs } from './traffic/pod-logs';
import { findPrometheus, startPrometheusProcess, storagePath } from './traffic/prometheus-process';
import { Wal } from './traffic/wal';
import { DEMO_USERS } from './world/access';
import { Cluster } from './world/cluster';
import { buildDefaultWorld } from './world/default-world';
import { buildLargeWorld } from './world/large-world';
import type { World } from './world/world';

export type UserName = keyof typeof DEMO_USERS;

export interface SimulationOptions {
  readonly world?: 'default' | 'large';
  /** Services of the large world (default 2000). */
  readonly services?: number;
  readonly series?: 'full' | 'compact';
  readonly seed?: number;
  /** Ports; 0 (default) takes free ones. */
  readonly kubePort?: number;
  readonly metricsPort?: number;
  readonly prometheusPort?: number;
  /** `auto`: real where `prometheus` is on the PATH, else embedded. */
  readonly prometheus?: 'auto' | 'real' | 'embedded' | 'none';
  /** Scratch directory; a temporary one, removed at the end, where absent. */
  readonly directory?: string;
  /** Where to write the kubeconfig (default: `kubeconfig` in the directory). */
  readonly kubeconfig?: string;
  readonly scrapeSeconds?: number;
  /** Minutes of past that charts find at the start (default 30; large world 3). */
  readonly historyMinutes?: number;
  /** ms since the epoch; absent = the system's clock, and time passes by itself. */
  readonly now?: () => number;
  /** Allow requests without a token at the API server (default false). */
  readonly anonymous?: boolean;
  /** One container writes so many lines a second; absent: none does. */
  readonly chatty?: ChattyOptions;
  /** Starts an OpenID provider with the demo's users, whose id tokens the API server takes; absent: none. */
  readonly openid?: {
    /** 0 (default) takes a free one. */
    readonly port?: number;
    /** Addresses of the console, base path included: logins return there; the first is told of logouts by back channel. */
    readonly consoleUrls: readonly string[];
  };
}

export interface Simulation {
  readonly kubernetes: ApiServer;
  /** Null with `prometheus: 'none'`. */
  readonly prometheus: { readonly url: string; readonly kind: 'real' | 'embedded' } | null;
  /** The embedded Prometheus, for its faults; null when it is another. */
  readonly embedded: RunningPrometheus | null;
  readonly metrics: MetricsServer;
  /** Null where none was asked for. */
  readonly openid: { readonly provider: OpenIdProvider; readonly login: ConsoleLogin } | null;
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly tokens: Readonly<Record<UserName, string>>;
  readonly store: ObjectStore;
  readonly engine: TrafficEngine;
  readonly world: World;
  /** Lets `ms` pass in ticks and scrapes, without waiting; only with an injected clock that the caller's `now` does not move itself. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

const HISTORY_STEP_MS = 15_000;
const RETENTION_MS = 6 * 3_600_000;
const MINUTE_MS = 60_000;

/** A clock that is the given one plus what was advanced. */
class SimulationClock {
  private readonly base: () => number;
  private addedMs = 0;

  constructor(base: () => number) {
    this.base = base;
  }

  readonly now = (): number => this.base() + this.addedMs;

  advance(ms: number): void {
    this.addedMs += ms;
  }
}

function drawTokens(): Record<UserName, string> {
  const draw = (): string => randomBytes(24).toString('base64url');
  return { admin: draw(), editor: draw(), viewer: draw(), nobody: draw(), heddle: draw() };
}

function writeKubeconfig(path: string, url: string, certificate: ServerCertificate, tokens: Readonly<Record<UserName, string>>): void {
  const names = Object.keys(tokens);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'admin',
    clusters: [
      { name: 'heddle-sim', cluster: { server: url, 'certificate-authority-data': Buffer.from(certificate.cert).toString('base64') } },
    ],
    users: Object.entries(tokens).map(([name, token]) => ({ name, user: { token } })),
    contexts: names.map((name) => ({ name, context: { cluster: 'heddle-sim', user: name, namespace: 'default' } })),
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
}

const buildWorld = (options: SimulationOptions, nowMs: number): World => {
  const seed = options.seed ?? 1;
  return options.world === 'large'
    ? buildLargeWorld({ seed, nowMs, services: options.services ?? 2000, series: options.series ?? 'compact' })
    : buildDefaultWorld({ seed, nowMs });
};

interface Backend {
  readonly kind: 'real' | 'embedded' | 'none';
  readonly sink: SampleSink | null;
  readonly series: SeriesStore | null;
}

function prepareBackend(options: SimulationOptions, directory: string): Backend {
  const wanted = options.prometheus ?? 'auto';
  if (wanted === 'none') return { kind: 'none', sink: null, series: null };
  const found = wanted === 'embedded' ? null : findPrometheus();
  if (wanted === 'real' && found === null) throw new Error('no prometheus on the PATH; install it or use --prometheus embedded');
  if (found !== null) return { kind: 'real', sink: walSink(new Wal(join(storagePath(directory), 'wal'))), series: null };
  const series = new SeriesStore({ retentionMs: RETENTION_MS });
  return { kind: 'embedded', sink: storeSink(series), series };
}

/** Everything that must be undone, last first. */
class Closers {
  private readonly steps: (() => Promise<void> | void)[] = [];

  push(step: () => Promise<void> | void): void {
    this.steps.push(step);
  }

  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'the simulation did not close cleanly');
  }
}

/** Starts a simulated mesh. Resolves when the API answers and the first scrape is done; on failure everything started is closed again. */
export async function startSimulation(options: SimulationOptions = {}): Promise<Simulation> {
  const closers = new Closers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.run();
    throw error;
  }
}

async function start(options: SimulationOptions, closers: Closers): Promise<Simulation> {
  const large = options.world === 'large';
  const live = options.now === undefined;
  const clock = new SimulationClock(options.now ?? Date.now);
  // A page of the large world is some 150 MB: read less often.
  const scrapeSeconds = options.scrapeSeconds ?? (large ? 15 : 5);
  const tickMs = large ? 5000 : 1000;

  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'heddle-sim-'));
  mkdirSync(directory, { recursive: true });
  if (options.directory === undefined)
    closers.push(() => {
      rmSync(directory, { recursive: true, force: true });
    });

  const startMs = clock.now();
  const world = buildWorld(options, startMs);
  const store = new ObjectStore({ now: clock.now, uidSeed: world.seed });
  store.seed(world.objects);
  const cluster = new Cluster({ store, seed: world.seed, now: clock.now });
  closers.push(() => {
    cluster.close();
  });
  cluster.settle();

  const historyMs = (options.historyMinutes ?? (large ? 3 : 30)) * MINUTE_MS;
  const engine = new TrafficEngine({ world, store, startMs: startMs - historyMs, rememberedTicks: large ? 24 : 900 });
  closers.push(() => {
    engine.close();
  });
  const backend = prepareBackend(options, directory);
  if (backend.sink) writeHistory(engine, startMs, HISTORY_STEP_MS, backend.sink);
  else engine.tick(startMs);

  const step = (): void => {
    cluster.advance();
    engine.tick(clock.now());
  };
  const metrics = await startMetricsServer({ engine, advance: step, port: options.metricsPort ?? 0 });
  closers.push(() => metrics.close());

  const openid = options.openid === undefined ? null : await startLogin(options.openid, clock.now, closers);

  let prometheus: Simulation['prometheus'] = null;
  const logs = new PodLogs(store, engine, clock.now, options.chatty ?? null);
  const tokens = drawTokens();
  // kubectl sends tokens over TLS only. Clients judge validity by the system's clock, whatever the simulation's says.
  const certificate = makeServerCertificate(Date.now());
  const kubernetes = await startApiServer({
    store,
    now: clock.now,
    tokens: new Map(Object.entries(tokens).map(([name, token]) => [token, userOf(name)])),
    anonymous: options.anonymous ?? false,
    ...(openid === null ? {} : { oidc: openid.login.apiServer }),
    tls: certificate,
    readLogs: (request: LogRequest) => logs.read(request),
    // A Service of this name, once somebody makes one, is the Prometheus of the simulation.
    serviceAddress: ({ name, port }) => (name === 'prometheus' && port === 9090 ? (prometheus?.url ?? null) : null),
    port: options.kubePort ?? 0,
  });
  closers.push(() => kubernetes.close());
  const kubeconfig = options.kubeconfig ?? join(directory, 'kubeconfig');
  writeKubeconfig(kubeconfig, kubernetes.url, certificate, tokens);

  let scraper: Scraper | null = null;
  let embedded: RunningPrometheus | null = null;
  if (backend.kind === 'embedded' && backend.series) {
    scraper = new Scraper({
      store: backend.series,
      targets: () => [
        { url: `${metrics.url}/metrics`, labels: {}, job: 'mesh', instance: metrics.url.slice('http://'.length), honorLabels: true },
      ],
      intervalMs: scrapeSeconds * 1000,
      now: clock.now,
      // The same page without the detour over a socket.
      fetchText: () => {
        step();
        return Promise.resolve(Buffer.concat(renderExposition(engine.targets(), true)).toString('utf8'));
      },
    });
    const running = scraper;
    embedded = await startPrometheus({
      store: backend.series,
      port: options.prometheusPort ?? 0,
      now: clock.now,
      targets: () => running.targetStatuses(),
    });
    closers.push(embedded.close);
    closers.push(() => {
      running.stop();
    });
    await running.scrapeOnce();
    if (live) running.start();
    prometheus = { url: embedded.url, kind: 'embedded' };
  } else if (backend.kind === 'real') {
    const child = await startPrometheusProcess({
      directory,
      port: options.prometheusPort ?? 0,
      scrapeSeconds,
      target: `127.0.0.1:${metrics.port}`,
    });
    closers.push(() => child.close());
    prometheus = { url: child.url, kind: 'real' };
    await waitForFirstScrape(child.url);
  }

  if (live) {
    const timer = setInterval(step, tickMs);
    closers.push(() => {
      clearInterval(timer);
    });
  }

  const advance = async (ms: number): Promise<void> => {
    const until = clock.now() + ms;
    while (clock.now() < until) {
      clock.advance(Math.min(scrapeSeconds * 1000, until - clock.now()));
      step();
      await scraper?.scrapeOnce();
    }
  };
  return {
    kubernetes,
    prometheus,
    embedded,
    metrics,
    openid,
    kubeconfig,
    tokens,
    store,
    engine,
    world,
    advance,
    close: () => closers.run(),
  };
}

async function startLogin(
  options: NonNullable<SimulationOptions['openid']>,
  clock: () => number,
  closers: Closers,
): Promise<NonNullable<Simulation['openid']>> {
  const { client, settingsFor } = buildConsoleLogin(options.consoleUrls);
  const provider = await startOpenIdProvider({ port: options.port ?? 0, clients: [client], clock });
  closers.push(() => provider.close());
  return { provider, login: settingsFor(provider.issuer) };
}

function userOf(name: string): { readonly username: string; readonly groups: readonly string[] } {
  const found = Object.entries(DEMO_USERS).find(([user]) => user === name);
  if (!found) throw new Error(`no demo user is called ${name}`);
  return found[1];
}

/** A real Prometheus scrapes in its own time; `up` says when it has. */
async function waitForFirstScrape(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const text = await fetch(`${url}/api/v1/query?query=${encodeURIComponent('up{job="mesh"} == 1')}`, {
      signal: AbortSignal.timeout(10_000),
    }).then(
      (response) => response.text(),
      () => '',
    );
    if (text.includes('"mesh"')) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`prometheus at ${url} has not scraped the mesh within 60 s; look at ${url}/targets`);
}
