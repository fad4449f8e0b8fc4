// Suite `logs`: a container that writes 5,000 numbered lines a second, followed on the production build for minutes: by a page in Chromium, by a
// reader that takes everything, by one that takes nothing. In: seconds. Out: long tasks, server memory, order, lines lost without a word.
import { request } from 'undici';
import { openBrowser } from '../browser/chromium';
import { isBuilt, type RunningConsole, startConsole, startSimulated } from '../live/console-process';
import { readCpuMs, readResidentBytes } from '../process-usage';
import { median, most } from '../statistics';
import type { BenchOptions, Suite } from '../suite';

const LINES_PER_SECOND = 5000;
const NAMESPACE = 'bookinfo';
const WORKLOAD = 'ratings-v1';
const SAMPLE_MS = 2000;
/** Until buffers have their size and the code is compiled. */
const WARM_UP_MS = 20_000;

interface Tally {
  lines: number;
  /** Lines that were said to be skipped. */
  said: number;
  /** Lines missing without a word. */
  lost: number;
  disordered: number;
  last: number | null;
  skippedSince: number;
}

const newTally = (): Tally => ({ lines: 0, said: 0, lost: 0, disordered: 0, last: null, skippedSince: 0 });

/** Takes a line's number, or how many were skipped (text null). */
export function tallyRow(tally: Tally, text: string | null, cut: number): void {
  if (text === null) {
    tally.said += cut;
    tally.skippedSince += cut;
    return;
  }
  const n = Number(/\bn=(\d+)/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(n)) return;
  tally.lines++;
  if (tally.last !== null) {
    if (n <= tally.last) tally.disordered++;
    else tally.lost += Math.max(0, n - tally.last - 1 - tally.skippedSince);
  }
  tally.last = n;
  tally.skippedSince = 0;
}

type Row = readonly [number, string, string | null, number?];

async function readTail(url: string, tally: Tally, signal: AbortSignal): Promise<void> {
  const { body } = await request(url, { signal, bodyTimeout: 0 });
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^event: lines\ndata: (.*)$/s.exec(block)?.[1];
        if (data !== undefined)
          for (const [, , text, cut = 0] of (JSON.parse(data) as { rows: readonly Row[] }).rows) tallyRow(tally, text, cut);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Opens a tail and reads nothing of it: the slowest reader that there is. */
async function stallTail(url: string, signal: AbortSignal): Promise<void> {
  const { body } = await request(url, { signal, bodyTimeout: 0 });
  body.on('error', () => undefined);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function findPod({ url }: RunningConsole): Promise<string> {
  for (let i = 0; i < 120; i++) {
    const { body, statusCode } = await request(`${url}/api/logs/${NAMESPACE}/pods?kind=workload&name=${WORKLOAD}`);
    const document = (await body.json()) as { readonly pods?: readonly { readonly name: string }[] };
    const name = document.pods?.[0]?.name;
    if (statusCode === 200 && name !== undefined) return name;
    await pause(500);
  }
  throw new Error('the console does not list the pod');
}

async function run({ scratch, logSeconds, say }: BenchOptions) {
  if (!isBuilt()) return 'there is no production build: run `npm run build` first';
  const mesh = await startSimulated([
    '--prometheus',
    'embedded',
    '--history',
    '5m',
    '--data',
    `${scratch}/logs`,
    '--chatty',
    String(LINES_PER_SECOND),
  ]);
  const console = await startConsole(mesh);
  const pod = await findPod(console);
  const stop = new AbortController();
  const tail = `${console.url}/api/logs/${NAMESPACE}/stream?source=${pod}/ratings&tail=0`;
  const tally = newTally();
  const browser = await openBrowser(`${console.url}/workloads/${NAMESPACE}/${WORKLOAD}?tab=logs`, () => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  try {
    const { page } = browser;
    await page.getByRole('listbox').getByRole('option').first().waitFor({ timeout: 60_000 });
    const reading = Promise.all([readTail(tail, tally, stop.signal), stallTail(tail, stop.signal)]);
    await pause(WARM_UP_MS);
    await page.evaluate(() => (window as unknown as { readonly longTasks: number[] }).longTasks.splice(0));
    const [startedMs, cpuMs, linesBefore] = [performance.now(), readCpuMs(console.pid), tally.lines];
    const residents: number[] = [];
    let pageDisorder = 0;
    let lastShown = 0;
    while (performance.now() - startedMs < logSeconds * 1000) {
      await pause(SAMPLE_MS);
      residents.push(readResidentBytes(console.pid) / 1e6);
      const shown = await page.evaluate(() =>
        [...document.querySelectorAll('[role=option]')].map((row) => /\bn=(\d+)/.exec(row.textContent)?.[1]),
      );
      const numbers = shown.filter((text) => text !== undefined).map(Number);
      pageDisorder += numbers.filter((n, i) => i > 0 && n <= (numbers[i - 1] ?? 0)).length;
      if ((numbers.at(-1) ?? 0) <= lastShown) pageDisorder++;
      lastShown = numbers.at(-1) ?? lastShown;
      if (residents.length % 30 === 0)
        say(`logs: ${((performance.now() - startedMs) / 1000).toFixed(0)} s, ${residents.at(-1)?.toFixed(0) ?? ''} MB`);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    const longTasks = await page.evaluate(() => (window as unknown as { readonly longTasks: readonly number[] }).longTasks);
    const cpuShare = (readCpuMs(console.pid) - cpuMs) / (seconds * 10);
    const heapMb = (await browser.heapBytes()) / 1e6;
    stop.abort();
    await reading.catch(() => undefined);
    const rate = (tally.lines - linesBefore) / seconds;
    const quarter = Math.max(1, Math.floor(residents.length / 4));
    const early = median(residents.slice(0, quarter));
    const late = median(residents.slice(-quarter));
    const measurements = [
      {
        name: 'lines a second that a quick reader is given',
        value: rate,
        unit: 'count',
        budget: { atLeast: LINES_PER_SECOND * 0.95 },
        note: `${tally.lines} lines in all`,
      },
      {
        name: 'longest task of the page',
        value: longTasks.length === 0 ? 0 : most(longTasks),
        unit: 'ms',
        budget: { atMost: 200 },
        note: `${longTasks.length} over 50 ms in ${seconds.toFixed(0)} s`,
      },
      {
        name: 'growth of the server',
        value: late - early,
        unit: 'MB',
        budget: { atMost: 40 },
        note: `from ${early.toFixed(0)} to ${late.toFixed(0)} MB, most ${most(residents).toFixed(0)}; a reader that takes nothing beside it`,
      },
      {
        name: 'lines lost without a word',
        value: tally.lost,
        unit: 'count',
        budget: { atMost: 0 },
        note: `${tally.said} said to be skipped`,
      },
      {
        name: 'lines out of order',
        value: tally.disordered + pageDisorder,
        unit: 'count',
        budget: { atMost: 0 },
        note: `${pageDisorder} of them in the page`,
      },
      { name: 'heap of the page at the end', value: heapMb, unit: 'MB', budget: { atMost: 150 }, note: '' },
      { name: 'CPU of the server', value: cpuShare, unit: '%', budget: null, note: 'of one core, its refreshes included' },
    ] as const;
    return { measurements, raw: { residents, longTasks, tally } };
  } finally {
    stop.abort();
    await browser.close();
    await console.close();
    await mesh.close();
  }
}

export const logsSuite: Suite = {
  name: 'logs',
  about: 'A flood of 5,000 log lines a second: memory, order, losses, long tasks.',
  run,
};
