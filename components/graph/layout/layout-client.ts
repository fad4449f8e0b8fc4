// Asks for layouts: small ones at once, large ones from a worker, from this thread where there is no worker (tests, a strict policy).
// In: LayoutInput. Out: a promise of an Arrangement. Only the newest request matters: older ones are answered null.
import type { Arrangement, LayoutInput } from './arrangement';
import { layoutGraph } from './layout-graph';

/** Below this a layout takes a few milliseconds, less than starting a worker. */
const INLINE_NODES = 60;

export interface LayoutClient {
  /** Null when a newer request overtook this one. */
  layout(input: LayoutInput): Promise<Arrangement | null>;
  stop(): void;
}

const isReply = (data: unknown): data is { readonly id: number; readonly result: Arrangement } =>
  typeof data === 'object' && data !== null && 'id' in data && 'result' in data;

/** `startWorker` throws where workers do not exist. */
export function createLayoutClient(startWorker: () => Worker = startLayoutWorker): LayoutClient {
  let worker: Worker | null = null;
  let broken = false;
  let newest = 0;
  let waiting: { readonly id: number; readonly input: LayoutInput; readonly answer: (result: Arrangement | null) => void } | null = null;

  const settle = (id: number, result: Arrangement): void => {
    if (waiting?.id !== id) return;
    const { answer } = waiting;
    waiting = null;
    answer(result);
  };
  const giveUp = (): void => {
    broken = true;
    worker?.terminate();
    worker = null;
    if (waiting) settle(waiting.id, layoutGraph(waiting.input));
  };
  const start = (): Worker | null => {
    if (broken || worker) return worker;
    try {
      worker = startWorker();
    } catch {
      broken = true;
      return null;
    }
    worker.onmessage = (event: MessageEvent<unknown>) => {
      if (isReply(event.data)) settle(event.data.id, event.data.result);
    };
    worker.onerror = giveUp;
    return worker;
  };

  return {
    layout: (input) => {
      const id = ++newest;
      waiting?.answer(null);
      waiting = null;
      const thread = input.nodes.length > INLINE_NODES ? start() : null;
      if (!thread) return Promise.resolve(layoutGraph(input));
      return new Promise((answer) => {
        waiting = { id, input, answer };
        thread.postMessage({ id, input });
      });
    },
    stop: () => {
      worker?.terminate();
      worker = null;
      waiting?.answer(null);
      waiting = null;
    },
  };
}

function startLayoutWorker(): Worker {
  return new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
}
