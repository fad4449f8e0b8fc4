// Chromium without a GPU, and what its renderer costs. In: an address. Out: an open page, the CPU of its main thread, its heap.
import { readFileSync } from 'node:fs';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';

export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
];
export const VIEW = { width: 1600, height: 900 };

export interface BenchBrowser {
  readonly page: Page;
  /** CPU that main threads of renderers have used, by process, ms. */
  mainThreads(): Promise<ReadonlyMap<number, number>>;
  /** CPU of all processes of the browser since they were started, ms. */
  cpuMs(): Promise<number>;
  /** Bytes of live JavaScript objects, after a collection. */
  heapBytes(): Promise<number>;
  close(): Promise<void>;
}

/** CPU of the first thread of a process, ms (proc(5): nanoseconds on the CPU). @throws if there is no such process */
const mainThreadMs = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

async function listRenderers(session: CDPSession): Promise<readonly number[]> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Opens an address in a browser of its own. @throws when Chromium does not start */
export async function openBrowser(url: string, script?: () => void): Promise<BenchBrowser> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const context = await browser.newContext({ viewport: VIEW, deviceScaleFactor: 1 });
  const page = await context.newPage();
  if (script) await page.addInitScript(script);
  const whole = await browser.newBrowserCDPSession();
  const own = await context.newCDPSession(page);
  await page.goto(url);
  return {
    page,
    mainThreads: async () => {
      const times = new Map<number, number>();
      for (const pid of await listRenderers(whole)) times.set(pid, mainThreadMs(pid));
      return times;
    },
    cpuMs: async () => {
      const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
    },
    heapBytes: async () => {
      await own.send('HeapProfiler.enable');
      for (let i = 0; i < 3; i++) await own.send('HeapProfiler.collectGarbage');
      return (await own.send('Runtime.getHeapUsage')).usedSize;
    },
    close: () => browser.close(),
  };
}

/** CPU of the busiest main thread between two looks: the page's. */
export function busiest(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return Math.max(0, ...[...after].map(([pid, ms]) => ms - (before.get(pid) ?? 0)));
}
