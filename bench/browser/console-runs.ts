// The production build on a large simulated world, in Chromium: from navigation to the folded graph, then gestures on it; what of the mesh
// is drawn. In: the address of a console. Out: raw numbers of every repeat.
import { encodeView, type GraphDocument } from '../../model/wire';
import { foldedLike } from '../../server/graph/fold-plan';
import { HttpReader } from '../live/http-reader';
import { openBrowser } from './chromium';
import { countDrawn, type Drawn } from './drawn';
import { pan, type Smoothness, watchFrames, zoom } from './gestures';
import { CALM_MS, installStopwatch, type Opening, RECORDER, watchOpening } from './stopwatch';

export interface ConsoleRun extends Opening {
  readonly pan: Smoothness;
  readonly zoom: Smoothness;
}

const READY_DEADLINE_MS = 180_000;
const TRIES = 10;

/** Waits until a path answers something. @throws when it does not in time */
export async function waitForAnswer(url: string, path: string, isThere: (bytes: Buffer) => boolean): Promise<void> {
  const reader = new HttpReader(url);
  const endMs = performance.now() + READY_DEADLINE_MS;
  try {
    while (performance.now() < endMs) {
      const { status, bytes } = await reader.read(path);
      if (status === 200 && isThere(bytes)) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await reader.close();
  }
  throw new Error(`${path} of the console does not answer what it should`);
}

/** What is drawn by default, against the same folds with every edge, and against the whole mesh, of one instant. */
export async function readDrawn(url: string): Promise<Drawn> {
  const reader = new HttpReader(url);
  // Our own server's answers, as its own client reads them.
  const read = async (query: string): Promise<GraphDocument> =>
    JSON.parse((await reader.readWell(`/api/graph?${query}`)).bytes.toString('utf8')) as GraphDocument;
  try {
    for (let i = 0; i < TRIES; i++) {
      const drawn = await read('level=auto');
      const view = { ...drawn.view, ...foldedLike(drawn) };
      const whole = await read('level=full');
      const uncut = await read(encodeView(view).toString());
      if (drawn.atMs === whole.atMs && drawn.atMs === uncut.atMs) return countDrawn(drawn, uncut, whole);
    }
  } finally {
    await reader.close();
  }
  throw new Error('three graphs of one instant were not to be had');
}

async function runOnce(url: string): Promise<ConsoleRun> {
  const browser = await openBrowser(`${url}/graph`, installStopwatch);
  try {
    const { page } = browser;
    const opened = await watchOpening(page);
    const box = await page.getByRole('listbox', { name: 'Nodes of the service graph' }).boundingBox();
    if (box === null) throw new Error('the graph is not in view');
    // Inside the padding of a fitted graph nothing can be dragged.
    const free = { x: box.x + box.width - 8, y: box.y + 8 };
    const panned = await watchFrames(browser, RECORDER, (own, nowMs) => pan(own, free, nowMs));
    await page.keyboard.press('0');
    await page.waitForTimeout(CALM_MS);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const zoomed = await watchFrames(browser, RECORDER, (own, nowMs) => zoom(own, middle, nowMs));
    return { ...opened, pan: panned, zoom: zoomed };
  } finally {
    await browser.close();
  }
}

export interface ConsoleRuns {
  readonly runs: readonly ConsoleRun[];
  readonly drawn: Drawn;
}

/** Opens the graph of a world so often. */
export async function runConsole(url: string, repeats: number): Promise<ConsoleRuns> {
  await waitForAnswer(url, '/api/graph?level=auto', (bytes) => bytes.includes('"kind":"namespace"'));
  const runs: ConsoleRun[] = [];
  for (let i = 0; i < repeats; i++) runs.push(await runOnce(url));
  return { runs, drawn: await readDrawn(url) };
}
