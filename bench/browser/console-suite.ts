// Suite `console`: the production build in Chromium without a GPU: the graph of the large world as it opens, and a list of 5,000 services.
// In: services of the world. Out: times after navigation, what is drawn, frames per second, long tasks.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt, startConsole, startMesh } from '../live/console-process';
import type { BenchOptions, Suite } from '../suite';
import { CHROMIUM } from './chromium';
import { consoleMeasurements, drawnMeasurements, listMeasurements } from './console-rows';
import { runConsole, waitForAnswer } from './console-runs';
import { runList } from './list-runs';

const REPEATS = 3;
const LISTED_SERVICES = 5000;

/** The console on a world of so many services, until `work` is done. */
async function onWorld<T>(scratch: string, services: number, work: (url: string) => Promise<T>): Promise<T> {
  const mesh = await startMesh(join(scratch, `world-${services}`), services);
  try {
    const running = await startConsole(mesh);
    try {
      return await work(running.url);
    } finally {
      await running.close();
    }
  } finally {
    await mesh.close();
  }
}

async function run({ scratch, services, say }: BenchOptions) {
  if (!existsSync(CHROMIUM)) return `there is no Chromium at ${CHROMIUM}; CHROMIUM_PATH says where it is`;
  if (!isBuilt()) return 'there is no production build; npm run build makes one';
  say(`console: the graph of ${services} services`);
  const graph = await onWorld(scratch, services, (url) => runConsole(url, REPEATS));
  say(`console: a list of ${LISTED_SERVICES} services`);
  const lists = await onWorld(scratch, LISTED_SERVICES, async (url) => {
    // Warm as any list of a console that somebody looks at: its rows know rates.
    await waitForAnswer(url, '/api/lists/services', (bytes) => /"atMs":\d/.test(bytes.toString('utf8')));
    return runList(url, REPEATS);
  });
  return {
    measurements: [...consoleMeasurements(services, graph.runs), ...drawnMeasurements(graph.drawn), ...listMeasurements(lists)],
    raw: { graph, lists },
  };
}

export const consoleSuite: Suite = { name: 'console', about: 'the production build in Chromium, without a GPU', run };
