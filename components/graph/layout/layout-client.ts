// Asks for layouts: small ones at once, large ones from a worker, from this thread where there is no worker (tests, a strict policy).
// In: LayoutInput. Out: a promise of an Arrangement. Only the newest request matters: older ones are answered null.
import type { Arrangement, LayoutInput } from './arrangement';
import { type ElkClient, startElk } from './elk-client';
import { layoutGraph } from './layout-graph';
import { DEFAULT_LAYOUT } from './layout-names';

/** Up to these a layout takes some milliseconds, less than starting a worker: what is drawn by default waits for none. */
const INLINE_NODES = 150;
const INLINE_EDGES = 400;

export interface Laid {
  readonly arrangement: Arrangement;
  /** Why it is another layout than the one asked for, in words; null if it is that one. */
  readonly note: string | null;
}

export interface LayoutClient {
  /** Null when a newer request overtook this one. */
  layout(input: LayoutInput): Promise<Laid | null>;
  stop(): void;
}

const isReply = (data: unknown): data is { readonly id: number; readonly result: Arrangement } =>
  typeof data === 'object' && data !== null && 'id' in data && 'result' in data;

/** `startWorker` throws where workers do not exist. */
export function createLayoutClient(
  startWorker: () => Worker = startLayoutWorker,
  loadElk: () => Promise<ElkClient> = startElk,
): LayoutClient {
  let worker: Worker | null = null;
  let broken = false;
  let newest = 0;
  let waiting: { readonly id: number; readonly input: LayoutInput; readonly answer: (result: Laid | null) => void } | null = null;

  const settle = (id: number, result: Arrangement): void => {
    if (waiting?.id !== id) return;
    const { answer } = waiting;
    waiting = null;
    answer({ arrangement: result, note: null });
  };
  let elk: Promise<ElkClient> | null = null;
  const askElk = async (id: number, input: LayoutInput): Promise<Laid | null> => {
    try {
      elk ??= loadElk();
      const arrangement = await (await elk).layout(input);
      return id === newest ? { arrangement, note: null } : null;
    } catch (error) {
      elk = null;
      const cause = error instanceof Error ? error.message : String(error);
      const note = `ELK could not arrange this graph (${cause}); it is shown as Flow. Choose Layered again to try once more.`;
      return id === newest ? { arrangement: layoutGraph({ ...input, layout: DEFAULT_LAYOUT }), note } : null;
    }
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
      if (input.layout === 'layered') return askElk(id, input);
      const isSmall = input.nodes.length <= INLINE_NODES && input.edges.length <= INLINE_EDGES;
      const thread = isSmall ? null : start();
      if (!thread) return Promise.resolve({ arrangement: layoutGraph(input), note: null });
      return new Promise((answer) => {
        waiting = { id, input, answer };
        thread.postMessage({ id, input });
      });
    },
    stop: () => {
      worker?.terminate();
      worker = null;
      elk?.then((client) => client.stop()).catch(() => undefined);
      newest++;
      waiting?.answer(null);
      waiting = null;
    },
  };
}

function startLayoutWorker(): Worker {
  return new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
}
