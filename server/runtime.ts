// Composition root: configuration -> engine -> the one entry of app/. Kept on globalThis, since Next bundles instrumentation and each route
// apart and they do not share module state. In: environment. Out: runtime().
import type { Problem } from '../model/failure';
import { Failure, problemOf } from '../model/failure';
import { systemClock } from './clock';
import { ConfigError, readConfig, readWorkerPath } from './config';
import { createEngineClient } from './engine-client';
import { createEngineHost } from './engine-host';
import type { EngineApi, StreamSink } from './engine-rpc';
import { HttpMetrics } from './http-metrics';
import { createLogger, type Logger } from './log';

export { OPENAPI as apiDescription } from './api/openapi';
export type { EngineApi, Problem, StreamSink };
export { Failure, problemOf };

export interface Runtime {
  readonly engine: EngineApi;
  readonly log: Logger;
  readonly http: HttpMetrics;
  /** Ends every stream and the engine; the process may exit then. */
  close(): Promise<void>;
}

const KEY = Symbol.for('heddle.runtime');
const held = globalThis as typeof globalThis & { [KEY]?: Runtime };

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
  let engine: EngineApi;
  try {
    engine =
      workerPath === null
        ? createEngineHost(config, log, systemClock)
        : createEngineClient(workerPath, log, systemClock, (text) => exit(text));
  } catch (error) {
    exit(error instanceof Failure ? `${error.message}. ${error.next}` : String(error));
    return;
  }
  held[KEY] = { engine, log, http: new HttpMetrics(), close: () => engine.close() };
  log.info('started', { prometheus: config['prometheus.url'], engine: workerPath === null ? 'in this thread' : 'worker thread' });
  const stop = (): void => {
    // Open streams would keep Next's server waiting for ever.
    setTimeout(() => process.exit(143), 4000).unref();
    void engine.close().finally(() => process.exit(143));
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
