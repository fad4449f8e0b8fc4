// Suite `browser`: the canvas of the graph, by itself, in Chromium without a GPU: first picture, gestures, refreshes, layout, moving traffic, heap.
// In: repeats. Out: times, frames per second, CPU of the main thread. Sizes and density are those of mesh-model.
import { existsSync } from 'node:fs';
import type { GraphDocument } from '../../model/wire';
import type { Measurement } from '../report';
import type { BenchOptions, Suite } from '../suite';
import { runDots, runLayout, runSize, type SizeRun } from './canvas-runs';
import { CHROMIUM, openBrowser } from './chromium';
import { buildMeshDocument, changeEdges, replaceVersions } from './mesh-document';
import { buildMeshModel } from './mesh-model';
import type { LayoutRun } from './page/bench-page';
import { startPageServer } from './page-server';
import { dotMeasurements, layoutMeasurements, sizeMeasurements } from './rows';

const SIZES = [50, 200, 500, 1000, 3000] as const;
const LAID_OUT = [200, 1000, 3000] as const;
const REPEATS = 3;
const CHANGES = 4;
const CHANGED_SHARE = 0.3;
const REPLACED_SHARE = 0.05;

function buildDocuments(): Map<string, GraphDocument> {
  const documents = new Map<string, GraphDocument>();
  for (const size of SIZES) {
    const first = buildMeshDocument(buildMeshModel(size));
    documents.set(`mesh-${size}`, first);
    let last = first;
    for (let i = 1; i <= CHANGES; i++) {
      last = changeEdges(last, CHANGED_SHARE, i);
      documents.set(`mesh-${size}-change-${i}`, last);
    }
    documents.set(`mesh-${size}-churn`, replaceVersions(last, REPLACED_SHARE, 7));
  }
  return documents;
}

const changesOf = (size: number): readonly string[] => Array.from({ length: CHANGES }, (_, i) => `mesh-${size}-change-${i + 1}`);

async function run(options: BenchOptions) {
  if (!existsSync(CHROMIUM)) return `there is no Chromium at ${CHROMIUM}; CHROMIUM_PATH says where it is`;
  const server = await startPageServer(buildDocuments());
  const onPage = async <T>(work: (browser: Awaited<ReturnType<typeof openBrowser>>) => Promise<T>): Promise<T> => {
    const browser = await openBrowser(server.url);
    try {
      return await work(browser);
    } finally {
      await browser.close();
    }
  };
  const repeat = async <T>(
    what: string,
    times: number,
    work: (browser: Awaited<ReturnType<typeof openBrowser>>) => Promise<T>,
  ): Promise<T[]> => {
    options.say(`browser: ${what}`);
    const all: T[] = [];
    for (let i = 0; i < times; i++) all.push(await onPage(work));
    return all;
  };
  try {
    const measurements: Measurement[] = [];
    const sizes: SizeRun[][] = [];
    for (const size of SIZES) {
      const runs = await repeat(`${size} nodes`, size > 1000 ? 1 : REPEATS, (browser) =>
        runSize(browser, size, changesOf(size), `mesh-${size}-churn`),
      );
      sizes.push(runs);
      measurements.push(...sizeMeasurements(runs));
    }
    const layouts: Record<number, LayoutRun[]> = {};
    for (const size of LAID_OUT) {
      const runs = await repeat(`layout of ${size}`, REPEATS, (browser) => runLayout(browser, `mesh-${size}`, 'flow'));
      layouts[size] = runs;
      measurements.push(...layoutMeasurements(size, runs));
    }
    const dots = await repeat('moving traffic', REPEATS, (browser) => runDots(browser, 'mesh-200'));
    measurements.push(...dotMeasurements(dots));
    return { measurements, raw: { scriptBytes: server.scriptBytes, sizes, layouts, dots } };
  } finally {
    await server.close();
  }
}

export const browserSuite: Suite = { name: 'browser', about: 'the canvas of the graph in Chromium, without a GPU', run };
