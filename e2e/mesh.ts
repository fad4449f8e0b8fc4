// What a browser test stands on: one simulated mesh and one console for all tests of a worker, a proxy before Prometheus that can be made to
// fail, and a page that must not throw. In: nothing. Out: Playwright's `test` with these fixtures.
import { test as base } from '@playwright/test';
import { startConsole } from './console';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { type SimulatedMesh, startSimulatedMesh } from './simulation';

export interface Mesh extends Omit<SimulatedMesh, 'close'> {
  /** The console. */
  readonly url: string;
  /** Stands between the console and Prometheus. */
  readonly metricsFaults: FaultProxy;
}

/** Starts a mesh and a console on it; call `close` at the end. */
export async function startMesh(prometheus: 'real' | 'embedded' | 'auto'): Promise<Mesh & { close(): Promise<void> }> {
  const simulation = await startSimulatedMesh(prometheus);
  const metricsFaults = await startFaultProxy(simulation.prometheus);
  const closeBackends = async (): Promise<void> => {
    await metricsFaults.close();
    await simulation.close();
  };
  try {
    const running = await startConsole({ prometheus: metricsFaults.url, kubeconfig: simulation.kubeconfig });
    return {
      ...simulation,
      url: running.url,
      metricsFaults,
      close: async () => {
        await running.close();
        await closeBackends();
      },
    };
  } catch (error) {
    await closeBackends();
    throw error;
  }
}

interface TestFixtures {
  /** The page follows every refresh of the console instead of every second one. */
  readonly quickRefresh: undefined;
  /** A test whose page throws fails, whatever else it sees. */
  readonly noPageErrors: undefined;
}

export const test = base.extend<TestFixtures, { readonly mesh: Mesh }>({
  mesh: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright demands a destructured first argument
    async ({}, use) => {
      const mesh = await startMesh('auto');
      await use(mesh);
      await mesh.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  quickRefresh: [
    async ({ context }, use) => {
      await context.addInitScript(() => {
        // The blank page before the first has no storage.
        if (!window.location.protocol.startsWith('http')) return;
        if (window.localStorage.getItem('heddle.refresh') === null) window.localStorage.setItem('heddle.refresh', '5');
      });
      await use(undefined);
    },
    { auto: true },
  ],
  noPageErrors: [
    async ({ context }, use) => {
      const errors: string[] = [];
      context.on('weberror', (error) => errors.push(error.error().stack ?? error.error().message));
      await use(undefined);
      base.expect(errors, 'errors that the page did not catch').toEqual([]);
    },
    { auto: true },
  ],
});
export { expect } from '@playwright/test';
