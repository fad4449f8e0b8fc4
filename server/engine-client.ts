// The engine in its worker thread, as an EngineApi. In: path of the worker's bundle. Out: EngineApi over messages.
// If the thread dies, every pending call fails with a reason, every stream ends (browsers reconnect), and a new thread is started.
import { Worker } from 'node:worker_threads';
import { Failure } from '../model/failure';
import type { EngineApi, EngineCalls, FromEngine, StreamSink, ToEngine } from './engine-rpc';
import type { Logger } from './log';
import { pause } from './pause';
import type { Clock } from './ports';

const RESTART_AFTER_MS = 1000;

/** Starts the worker; `onFatal` is told when the engine cannot start as configured. */
export function createEngineClient(workerPath: string, log: Logger, clock: Clock, onFatal: (text: string) => void): EngineApi {
  let nextId = 1;
  let closing = false;
  const calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: Failure) => void }>();
  const sinks = new Map<number, StreamSink>();
  // One view of the shared memory per chunk, whoever reads it.
  const views = new WeakMap<SharedArrayBuffer, Uint8Array>();
  let worker = startWorker();

  function startWorker(): Worker {
    // A graph lives until the next one: a roomy young generation would only copy it to and fro, and its memory is never given back.
    const started = new Worker(workerPath, { name: 'heddle-engine', resourceLimits: { maxYoungGenerationSizeMb: 24 } });
    started.on('message', (message: FromEngine) => receive(message));
    started.on('error', (error) => log.error('the engine thread failed', { error }));
    started.on('exit', (code) => {
      if (started !== worker) return;
      for (const call of calls.values())
        call.reject(new Failure('internal', 'the engine thread ended', 'Try again; the log of the console says why it ended.'));
      calls.clear();
      for (const sink of sinks.values()) sink.close();
      sinks.clear();
      if (closing) return;
      log.error('the engine thread ended; starting it anew', { code });
      void pause(clock, RESTART_AFTER_MS, new AbortController().signal).then(() => {
        if (!closing) worker = startWorker();
      });
    });
    started.unref();
    return started;
  }

  function receive(message: FromEngine): void {
    switch (message.type) {
      case 'result':
        calls.get(message.id)?.resolve(message.value);
        calls.delete(message.id);
        return;
      case 'failure':
        calls.get(message.id)?.reject(new Failure(message.code, message.detail, message.next));
        calls.delete(message.id);
        return;
      case 'chunk': {
        const sink = sinks.get(message.id);
        if (!sink) return;
        let view = views.get(message.chunk);
        if (!view) {
          view = new Uint8Array(message.chunk);
          views.set(message.chunk, view);
        }
        if (sink.write(view)) send({ type: 'drained', id: message.id });
        return;
      }
      case 'end':
        sinks.get(message.id)?.close();
        sinks.delete(message.id);
        return;
      case 'fatal':
        onFatal(message.text);
        return;
      case 'log':
        log[message.level](message.event, message.fields);
        return;
    }
  }
  const send = (message: ToEngine): void => worker.postMessage(message);

  function call<N extends keyof EngineCalls>(name: N, ...args: EngineCalls[N]): Promise<unknown> {
    const id = nextId++;
    return new Promise((resolve, reject) => {
      calls.set(id, { resolve, reject });
      // The union of messages is built from EngineCalls, which the compiler cannot see through a type parameter.
      send({ type: 'call', id, name, args } as unknown as ToEngine);
    });
  }
  // The worker runs this project's own code and answers by EngineApi's types.
  const typed = <T>(answer: Promise<unknown>): Promise<T> => answer as Promise<T>;

  return {
    fetchGraph: (view, sight) => typed(call('fetchGraph', view, sight)),
    fetchSearch: (text, view, sight) => typed(call('fetchSearch', text, view, sight)),
    fetchFind: (find, view, sight) => typed(call('fetchFind', find, view, sight)),
    fetchElement: (id, view, sight) => typed(call('fetchElement', id, view, sight)),
    fetchCharts: (id, view, sight) => typed(call('fetchCharts', id, view, sight)),
    fetchComparison: (view, baseline, sight) => typed(call('fetchComparison', view, baseline, sight)),
    fetchReplay: (view, range, sight) => typed(call('fetchReplay', view, range, sight)),
    fetchRates: (namespaces, range, sight) => typed(call('fetchRates', namespaces, range, sight)),
    fetchNamespaces: (windowSeconds, sight) => typed(call('fetchNamespaces', windowSeconds, sight)),
    fetchList: (query, sight, knownTag) => typed(call('fetchList', query, sight, knownTag)),
    fetchLoad: () => typed(call('fetchLoad')),
    fetchNamespaceNames: () => typed(call('fetchNamespaceNames')),
    fetchHealth: (sight) => typed(call('fetchHealth', sight)),
    fetchMetrics: () => typed(call('fetchMetrics')),
    admitWindow: (windowSeconds) => typed(call('admitWindow', windowSeconds)),
    fetchDashboards: (sight) => typed(call('fetchDashboards', sight)),
    fetchDashboard: (id, choice, sight) => typed(call('fetchDashboard', id, choice, sight)),
    fetchPanel: (id, panel, choice, range, sight) => typed(call('fetchPanel', id, panel, choice, range, sight)),
    fetchQuery: (promql, range, sight) => typed(call('fetchQuery', promql, range, sight)),
    fetchEntityMetrics: (entity, query, sight) => typed(call('fetchEntityMetrics', entity, query, sight)),
    fetchServiceRouting: (namespace, name, sight) => typed(call('fetchServiceRouting', namespace, name, sight)),
    fetchConfigList: (filter, sight) => typed(call('fetchConfigList', filter, sight)),
    fetchConfigNames: (namespaces, sight) => typed(call('fetchConfigNames', namespaces, sight)),
    fetchConfigFindings: (ref, sight) => typed(call('fetchConfigFindings', ref, sight)),
    explain: (question, edits, sight) => typed(call('explain', question, edits, sight)),
    checkEdits: (edits, sight) => typed(call('checkEdits', edits, sight)),
    rehearse: (edits, fresh, cases, sight) => typed(call('rehearse', edits, fresh, cases, sight)),
    measureTraffic: (hosts, sight) => typed(call('measureTraffic', hosts, sight)),
    awaitEndpoints: (host, subset, sight) => typed(call('awaitEndpoints', host, subset, sight)),
    fetchLogPods: (entity, sight) => typed(call('fetchLogPods', entity, sight)),
    fetchDetails: (entity, query, sight) => typed(call('fetchDetails', entity, query, sight)),
    subscribe: (view, sight, lastEventId, sink) => {
      const id = nextId++;
      sinks.set(id, sink);
      send({ type: 'subscribe', id, view, sight, lastEventId });
      return {
        drained: () => send({ type: 'drained', id }),
        cancel: () => {
          if (sinks.delete(id)) send({ type: 'cancel', id });
        },
      };
    },
    close: async () => {
      closing = true;
      await Promise.race([call('close').catch(() => undefined), pause(clock, RESTART_AFTER_MS, new AbortController().signal)]);
      await worker.terminate();
    },
  };
}
