// Asks for reports on texts: from a worker, from this thread where there is no worker (tests, a strict policy).
// In: a schema, texts. Out: promises of TextReports; a question that a newer one overtakes before its turn is answered null.
import { prepareSchema } from './object-schema';
import { TextReader, type TextReport } from './text-report';
import type { SchemaMessage, TextMessage } from './text-worker';

export interface TextClient {
  /** Starts the worker; without it, or after stop, texts are read in this thread. */
  start(): void;
  setSchema(schema: unknown): void;
  read(text: string, paths: readonly string[]): Promise<TextReport | null>;
  stop(): void;
}

interface Waiting {
  readonly message: TextMessage;
  readonly answer: (report: TextReport | null) => void;
}

const isReply = (data: unknown): data is { readonly id: number; readonly report: TextReport } =>
  typeof data === 'object' && data !== null && 'id' in data && 'report' in data;

/** `startWorker` throws where workers do not exist. */
export function createTextClient(startWorker: () => Worker = startTextWorker): TextClient {
  let worker: Worker | null = null;
  let schema: unknown = null;
  let newest = 0;
  let running: Waiting | null = null;
  let next: Waiting | null = null;
  let inline: TextReader | null = null;

  const readHere = (message: TextMessage): TextReport => {
    inline ??= new TextReader(schema === null ? null : prepareSchema(schema));
    return inline.read(message.text, message.paths);
  };
  const send = (waiting: Waiting): void => {
    if (worker === null) waiting.answer(readHere(waiting.message));
    else {
      running = waiting;
      worker.postMessage(waiting.message);
    }
  };
  const goOn = (): void => {
    const following = next;
    next = null;
    if (following !== null) send(following);
  };
  const giveUp = (): void => {
    worker?.terminate();
    worker = null;
    const left = running;
    running = null;
    if (left !== null) send(left);
    goOn();
  };
  const start = (): void => {
    if (worker !== null) return;
    try {
      worker = startWorker();
    } catch {
      return;
    }
    worker.onmessage = (event: MessageEvent<unknown>) => {
      if (!isReply(event.data) || running?.message.id !== event.data.id) return;
      running.answer(event.data.report);
      running = null;
      goOn();
    };
    worker.onerror = giveUp;
    worker.postMessage({ schema } satisfies SchemaMessage);
  };

  return {
    start,
    setSchema: (given) => {
      schema = given;
      inline = null;
      const message: SchemaMessage = { schema: given };
      worker?.postMessage(message);
    },
    read: (text, paths) =>
      new Promise((answer) => {
        const waiting: Waiting = { message: { id: ++newest, text, paths }, answer };
        if (running === null) send(waiting);
        else {
          next?.answer(null);
          next = waiting;
        }
      }),
    stop: () => {
      worker?.terminate();
      worker = null;
      running?.answer(null);
      next?.answer(null);
      running = null;
      next = null;
    },
  };
}

function startTextWorker(): Worker {
  return new Worker(new URL('./text-worker.ts', import.meta.url), { type: 'module' });
}
