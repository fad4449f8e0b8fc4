// ELK in a worker of its own, loaded when it is first asked for: most readers never do. In: LayoutInput. Out: Arrangement.
import type { Arrangement, LayoutInput } from './arrangement';
import { fromElk, toElk } from './elk-layout';

export interface ElkClient {
  /** @throws what ELK says, or that it could not be loaded */
  layout(input: LayoutInput): Promise<Arrangement>;
  stop(): void;
}

/** Loads ELK. @throws when it cannot be loaded */
export async function startElk(): Promise<ElkClient> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Nobody may be waiting when it breaks.
  broken.catch(() => undefined);
  const elk = new Elk({
    algorithms: ['layered'],
    workerFactory: () => {
      const worker = new Worker(new URL('./elk-worker.ts', import.meta.url), { type: 'module' });
      worker.onerror = (event) => fail(new Error(event.message || 'its worker could not be started'));
      return worker;
    },
  });
  return {
    layout: async (input) => fromElk(input, await Promise.race([elk.layout(toElk(input)), broken])),
    stop: () => elk.terminateWorker(),
  };
}
