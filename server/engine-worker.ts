// The worker thread of a production build: the engine behind messages. In: ToEngine. Out: FromEngine.
// What it encodes lies in memory that threads share, however many readers a view has.
import { parentPort } from 'node:worker_threads';
import { Failure, problemOf } from '../model/failure';
import { systemClock } from './clock';
import { readConfig } from './config';
import { createEngineHost } from './engine-host';
import type { EngineApi, FromEngine, StreamHandle, ToEngine } from './engine-rpc';
import type { LogFields, Logger, LogLevel } from './log';

/** Chunks that may be on their way to a reader before the engine waits for it. */
const ON_THE_WAY = 4;

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
const send = (message: FromEngine): void => port.postMessage(message);

// Fields may hold errors and Failures, which lose their kind on the way: the logger of this thread words them first.
const plain = (fields: LogFields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Failure
        ? { code: value.code, detail: value.detail, next: value.next }
        : value instanceof Error
          ? { error: value.message, stack: value.stack }
          : value,
    ]),
  );
const emit = (level: LogLevel, event: string, fields: LogFields = {}): void => send({ type: 'log', level, event, fields: plain(fields) });
const log: Logger = {
  debug: (event, fields) => emit('debug', event, fields),
  info: (event, fields) => emit('info', event, fields),
  warn: (event, fields) => emit('warn', event, fields),
  error: (event, fields) => emit('error', event, fields),
};

function start(): EngineApi {
  try {
    return createEngineHost(readConfig(), log, systemClock);
  } catch (error) {
    send({
      type: 'fatal',
      text: error instanceof Failure ? `${error.message}. ${error.next}` : error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
const engine = start();
const streams = new Map<number, { handle: StreamHandle | null; onTheWay: number }>();
const shared = new WeakMap<Uint8Array, SharedArrayBuffer>();

function share(chunk: Uint8Array): SharedArrayBuffer {
  const { buffer } = chunk;
  if (buffer instanceof SharedArrayBuffer && chunk.byteLength === buffer.byteLength) return buffer;
  let memory = shared.get(chunk);
  if (!memory) {
    memory = new SharedArrayBuffer(chunk.byteLength);
    new Uint8Array(memory).set(chunk);
    shared.set(chunk, memory);
  }
  return memory;
}

function fail(id: number, error: unknown): void {
  if (!(error instanceof Failure)) log.error('a call failed', { error });
  const { code, detail, next } = problemOf(error);
  send({ type: 'failure', id, code, detail, next });
}

function perform(message: Extract<ToEngine, { type: 'call' }>): Promise<unknown> {
  switch (message.name) {
    case 'fetchGraph':
      return engine.fetchGraph(...message.args);
    case 'fetchSearch':
      return engine.fetchSearch(...message.args);
    case 'fetchFind':
      return engine.fetchFind(...message.args);
    case 'fetchElement':
      return engine.fetchElement(...message.args);
    case 'fetchCharts':
      return engine.fetchCharts(...message.args);
    case 'fetchComparison':
      return engine.fetchComparison(...message.args);
    case 'fetchReplay':
      return engine.fetchReplay(...message.args);
    case 'fetchRates':
      return engine.fetchRates(...message.args);
    case 'fetchNamespaces':
      return engine.fetchNamespaces(...message.args);
    case 'fetchList':
      return engine.fetchList(...message.args);
    case 'fetchLoad':
      return engine.fetchLoad();
    case 'fetchNamespaceNames':
      return engine.fetchNamespaceNames();
    case 'fetchHealth':
      return engine.fetchHealth(...message.args);
    case 'admitWindow':
      return engine.admitWindow(...message.args);
    case 'fetchMetrics':
      return engine.fetchMetrics();
    case 'fetchDashboards':
      return engine.fetchDashboards(...message.args);
    case 'fetchDashboard':
      return engine.fetchDashboard(...message.args);
    case 'fetchPanel':
      return engine.fetchPanel(...message.args);
    case 'fetchQuery':
      return engine.fetchQuery(...message.args);
    case 'fetchEntityMetrics':
      return engine.fetchEntityMetrics(...message.args);
    case 'fetchServiceRouting':
      return engine.fetchServiceRouting(...message.args);
    case 'fetchConfigList':
      return engine.fetchConfigList(...message.args);
    case 'fetchConfigNames':
      return engine.fetchConfigNames(...message.args);
    case 'fetchConfigFindings':
      return engine.fetchConfigFindings(...message.args);
    case 'explain':
      return engine.explain(...message.args);
    case 'checkEdits':
      return engine.checkEdits(...message.args);
    case 'rehearse':
      return engine.rehearse(...message.args);
    case 'measureTraffic':
      return engine.measureTraffic(...message.args);
    case 'fetchLogPods':
      return engine.fetchLogPods(...message.args);
    case 'awaitEndpoints':
      return engine.awaitEndpoints(...message.args);
    case 'fetchDetails':
      return engine.fetchDetails(...message.args);
    case 'close':
      return engine.close();
  }
}

function subscribe({ id, view, sight, lastEventId }: Extract<ToEngine, { type: 'subscribe' }>): void {
  const stream: { handle: StreamHandle | null; onTheWay: number } = { handle: null, onTheWay: 0 };
  streams.set(id, stream);
  const sink: Parameters<EngineApi['subscribe']>[3] = {
    write: (chunk) => {
      stream.onTheWay += 1;
      send({ type: 'chunk', id, chunk: share(chunk) });
      return stream.onTheWay < ON_THE_WAY;
    },
    close: () => {
      streams.delete(id);
      send({ type: 'end', id });
    },
  };
  try {
    stream.handle = engine.subscribe(view, sight, lastEventId, sink);
  } catch (error) {
    // The answer has begun: the reader comes back by itself.
    log.warn('a stream was refused', { error });
    sink.close();
  }
}

port.on('message', (message: ToEngine) => {
  switch (message.type) {
    case 'call':
      perform(message).then(
        (value) => send({ type: 'result', id: message.id, value }),
        (error: unknown) => fail(message.id, error),
      );
      return;
    case 'subscribe':
      subscribe(message);
      return;
    case 'drained': {
      const stream = streams.get(message.id);
      if (!stream) return;
      const wasFull = stream.onTheWay >= ON_THE_WAY;
      stream.onTheWay = 0;
      if (wasFull) stream.handle?.drained();
      return;
    }
    case 'cancel':
      streams.get(message.id)?.handle?.cancel();
      streams.delete(message.id);
      return;
  }
});
