// Who draws graphs for the API: a thread per drawing, one at a time, a short queue. In: path of the worker's bundle, a clock. Out: Drawer.
// Without a bundle (next dev, tests) this thread draws.
import { Worker } from 'node:worker_threads';
import { Failure, type FailureCode } from '../../model/failure';
import type { Clock } from '../ports';
import { type DrawnFile, type DrawRequest, drawGraph } from './draw';

export type Drawn =
  | { readonly type: 'file'; readonly file: DrawnFile }
  | { readonly type: 'failure'; readonly code: FailureCode; readonly detail: string; readonly next: string };

export interface Drawer {
  /** @throws Failure tooLarge, tooManyRequests, internal */
  draw(json: Uint8Array, request: DrawRequest): Promise<DrawnFile>;
  close(): Promise<void>;
}

const QUEUE = 8;
const DEADLINE_MS = 60_000;
const HEAP_MB = 768;

export function createDrawer(workerPath: string | null, clock: Clock, startWorker = startDrawingWorker): Drawer {
  if (workerPath === null)
    return {
      draw: (json, request) => Promise.resolve().then(() => drawGraph(json, request)),
      close: () => Promise.resolve(),
    };
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  const running = new Set<Worker>();
  const drawOne = (json: Uint8Array, request: DrawRequest): Promise<DrawnFile> =>
    new Promise((resolve, reject) => {
      const worker = startWorker(workerPath, json, request);
      running.add(worker);
      const fail = (detail: string): void => {
        reject(new Failure('internal', detail, 'Draw fewer namespaces, or take csv or json.'));
        void worker.terminate();
      };
      const cancel = clock.after(DEADLINE_MS, () => fail(`the drawing took longer than ${DEADLINE_MS / 1000} s`));
      worker.on('message', (drawn: Drawn) => {
        if (drawn.type === 'file') resolve(drawn.file);
        else reject(new Failure(drawn.code, drawn.detail, drawn.next));
      });
      worker.on('error', (error) => fail(`the drawing thread failed: ${error.message}`));
      worker.on('exit', () => {
        cancel();
        running.delete(worker);
        reject(new Failure('internal', 'the drawing thread ended without a drawing', 'Try again.'));
      });
      worker.unref();
    });
  return {
    draw: async (json, request) => {
      if (waiting >= QUEUE)
        throw new Failure('tooManyRequests', `${waiting} graphs are waiting to be drawn`, 'Try again in some seconds, or take json.');
      waiting++;
      const turn = last.catch(() => undefined).then(() => drawOne(json, request));
      last = turn;
      return turn.finally(() => {
        waiting--;
      });
    },
    close: async () => {
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}

const startDrawingWorker = (path: string, json: Uint8Array, request: DrawRequest): Worker =>
  new Worker(path, {
    name: 'heddle-drawing',
    workerData: { json, request },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
