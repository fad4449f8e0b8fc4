// Composition root: configuration -> engine -> the one entry of app/. Kept on globalThis, since Next bundles instrumentation and each route
// apart and they do not share module state. In: environment. Out: runtime().
import { randomBytes } from 'node:crypto';
import type { Problem } from '../model/failure';
import { Failure, problemOf } from '../model/failure';
import { type ConsoleAccess, createAccessDesk } from './access/create-access-desk';
import { Reviews } from './access/reviews';
import type { Identified, LoginDesk, Reply } from './auth/desk';
import type { ChangeSeat } from './changes/context';
import { type ChangeDesk, createChangeDesk } from './changes/create-change-desk';
import { systemClock } from './clock';
import { type Config, ConfigError, readConfig, readDrawingWorkerPath, readKubeconfigList, readWorkerPath } from './config';
import { createDrawer, type Drawer } from './drawing/drawer';
import { createEngineClient } from './engine-client';
import { createEngineHost } from './engine-host';
import type { EngineApi, StreamSink } from './engine-rpc';
import { HttpMetrics } from './http-metrics';
import { createCases } from './kubernetes/cases';
import { type ApiClient, createApiClient } from './kubernetes/client';
import { readConnection } from './kubernetes/connection';
import { createEventSource } from './kubernetes/event-source';
import { createJournal } from './kubernetes/journal';
import { KeptMaps } from './kubernetes/kept-map';
import { createLeases } from './kubernetes/leases';
import { createLogSource } from './kubernetes/log-source';
import { createClusterWriter } from './kubernetes/writer';
import { createLogger, type Logger } from './log';
import { openLoginDesk } from './login-host';
import { createLogDesk, type LogDesk } from './logs/log-desk';
import { markPeers } from './peer';
import type { Access, Caller, EventSource, ReviewPort } from './ports';

export { OPENAPI as apiDescription } from './api/openapi';
export { decodeChangeFilter } from './changes/change-filter';
export { decodeApply } from './changes/decode-request';
export { encodeChangeList } from './changes/encode-list';
export type { Refusal as ChangeRefusal } from './changes/outcomes';
export { selectEvents } from './details/events';
export { decodeCase } from './kubernetes/cases';
export type { Access, Caller, ChangeDesk, ChangeSeat, EngineApi, Identified, Problem, Reply, StreamSink };
export { Failure, problemOf };

export interface Runtime {
  readonly engine: EngineApi;
  readonly log: Logger;
  readonly http: HttpMetrics;
  /** Who is asking. */
  readonly login: LoginDesk;
  /** What they may see and do. */
  readonly access: ConsoleAccess;
  /** What is to be changed, and what was. */
  readonly changes: ChangeDesk;
  /** Logs of containers. */
  readonly logs: LogDesk;
  /** Events of the cluster. */
  readonly events: EventSource;
  /** Writes graphs as files. */
  readonly drawer: Drawer;
  /** The usual address of the console as browsers know it; null where it is not configured. */
  readonly publicUrl: string | null;
  /** Ends every stream and the engine; the process may exit then. */
  close(): Promise<void>;
}

/** Connections for pages and files of logs, beside those of live tails. */
const LOG_READS = 64;

const KEY = Symbol.for('heddle.runtime');
const held = globalThis as typeof globalThis & { [KEY]?: Runtime };

/** The API server as this thread asks it (reviews of tokens and rights); connected when first needed. */
function apiOf(config: Config, connections?: number): { readonly open: () => ApiClient; readonly close: () => Promise<void> } {
  let api: ApiClient | null = null;
  return {
    open: () => {
      api ??= createApiClient(
        readConnection({
          kubeconfig: config['kubernetes.kubeconfig'],
          context: config['kubernetes.context'],
          kubeconfigList: readKubeconfigList(),
        }),
        systemClock,
        connections,
      );
      return api;
    },
    close: async () => {
      await api?.close();
    },
  };
}

function openChanges(config: Config, open: () => ApiClient, engine: EngineApi, log: Logger): ChangeDesk {
  const namespace = config['changes.namespace'] ?? config['mesh.rootNamespace'];
  const maps = new KeptMaps(open, namespace);
  const reviews = new Reviews(
    { postReview: async (path, body, credential, options) => open().postReview(path, body, credential, options) },
    systemClock,
  );
  return createChangeDesk({
    writer: createClusterWriter({ open, clock: systemClock, cluster: config['kubernetes.clusterName'] }),
    journal: createJournal(maps, (name) => log.warn('a journal entry cannot be read', { namespace, name })),
    leases: createLeases(open, namespace, systemClock),
    cases: createCases(maps),
    engine,
    rights: { may: (credential, deed, signal) => reviews.fetchDecision(credential, deed, signal) },
    settings: { enabled: config['changes.enabled'], keep: config['changes.keep'], sampleMs: config['graph.refreshSeconds'] * 1000 },
    clock: systemClock,
    log,
    random: () => randomBytes(5).toString('hex'),
  });
}

/** Starts the console; called once, before any request. Exits the process with every fault named when the configuration is bad. */
export function startRuntime(): void {
  if (held[KEY]) return;
  const exit = (text: string): void => {
    process.stderr.write(`${text}\n`);
    process.exit(1);
  };
  let config: ReturnType<typeof readConfig>;
  try {
    config = readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    exit(error.message);
    return;
  }
  const log = createLogger({
    level: config['log.level'],
    format: config['log.format'],
    now: systemClock.now,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const workerPath = readWorkerPath();
  const api = apiOf(config);
  // The cluster is looked for when somebody must be asked about, not before.
  const reviews: ReviewPort = {
    postReview: async (path, body, credential, options) => api.open().postReview(path, body, credential, options),
  };
  let engine: EngineApi;
  let login: LoginDesk;
  try {
    login = openLoginDesk(config, reviews, systemClock, log);
    engine =
      workerPath === null
        ? createEngineHost(config, log, systemClock)
        : createEngineClient(workerPath, log, systemClock, (text) => exit(text));
  } catch (error) {
    exit(error instanceof Failure ? `${error.message}. ${error.next}` : String(error));
    return;
  }
  const access = createAccessDesk({
    settings: {
      strategy: config['auth.strategy'],
      mode: config['access.mode'],
      anonymousRole: config['auth.anonymousRole'],
      roles: config['access.roles'],
    },
    reviews,
    fetchNamespaces: () => engine.fetchNamespaceNames(),
    clock: systemClock,
    log,
  });
  const changes = openChanges(config, api.open, engine, log);
  changes.start();
  // Followed logs hold a connection each: they have a pool of their own.
  const logLimits = { perUser: config['logs.followedPerUser'], all: config['logs.followed'] };
  const logApi = apiOf(config, logLimits.all + LOG_READS);
  const logs = createLogDesk({
    port: createLogSource(logApi.open),
    clock: systemClock,
    limits: logLimits,
    onDefect: (error) => log.error('defect', { what: 'a live tail of logs', error }),
  });
  login.watchLogouts((subject) => access.forget(subject));
  // A production build does so before it listens (server/main); the server of `next dev` is not ours.
  const unmarkPeers = workerPath === null ? markPeers() : () => undefined;
  const drawer = createDrawer(readDrawingWorkerPath(), systemClock);
  const publicUrl = config['server.publicUrls'][0] ?? null;
  const close = async (): Promise<void> => {
    unmarkPeers();
    logs.close();
    // Changes under way are let go of first, so that another replica goes on at once.
    await Promise.allSettled([changes.close(), login.close(), engine.close(), drawer.close()]);
    await Promise.allSettled([api.close(), logApi.close()]);
  };
  held[KEY] = {
    engine,
    log,
    http: new HttpMetrics(),
    login,
    access,
    changes,
    logs,
    events: createEventSource(api.open),
    drawer,
    publicUrl,
    close,
  };
  log.info('started', { prometheus: config['prometheus.url'], engine: workerPath === null ? 'in this thread' : 'worker thread' });
  const stop = (): void => {
    // Open streams would keep Next's server waiting for ever.
    setTimeout(() => process.exit(143), 4000).unref();
    void close().finally(() => process.exit(143));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** The running console. @throws Failure starting */
export function runtime(): Runtime {
  const found = held[KEY];
  if (!found) throw new Failure('starting', 'the console has not started yet', 'Try again in a moment.');
  return found;
}
