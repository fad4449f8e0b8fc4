// The list of services of a very large mesh in Chromium: from navigation to rows, then scrolled through as by a wheel.
// In: the address of a console. Out: raw numbers of every repeat.
import { openBrowser } from './chromium';
import { type Smoothness, scroll, watchFrames } from './gestures';
import { installStopwatch, type LongTask, type Opening, RECORDER, watchOpening } from './stopwatch';

export interface ListRun extends Opening {
  readonly rows: number;
  /** What the question for the rows took, and its bytes on the wire. */
  readonly answerMs: number;
  readonly answerBytes: number;
  readonly scroll: Smoothness;
  readonly scrolledPx: number;
  readonly scrollingLong: readonly LongTask[];
}

async function runOnce(url: string): Promise<ListRun> {
  const browser = await openBrowser(`${url}/services`, installStopwatch);
  try {
    const { page } = browser;
    const opened = await watchOpening(page);
    const grid = page.getByRole('grid', { name: 'Services' });
    const rows = Number(await grid.getAttribute('aria-rowcount')) - 1;
    const answer = await page.evaluate(() => {
      const entry = performance.getEntriesByType('resource').find(({ name }) => name.includes('/api/lists/services'));
      return entry instanceof PerformanceResourceTiming
        ? { startMs: entry.startTime, endMs: entry.responseEnd, bytes: entry.encodedBodySize }
        : null;
    });
    if (answer === null) throw new Error('the page asked for no list');
    const box = await grid.boundingBox();
    if (box === null) throw new Error('the list is not in view');
    const over = { x: box.x + 200, y: box.y + 200 };
    const before = await page.evaluate(() => performance.now());
    const scrolled = await watchFrames(browser, RECORDER, (own, nowMs) => scroll(own, over, nowMs));
    const after = await page.evaluate(() => ({
      long: window.stopwatch.long,
      scrolledPx: Math.max(0, ...[...document.querySelectorAll('main *')].map(({ scrollTop }) => scrollTop)),
    }));
    return {
      ...opened,
      rows,
      dataMs: answer.endMs,
      answerMs: answer.endMs - answer.startMs,
      answerBytes: answer.bytes,
      scroll: scrolled,
      scrolledPx: after.scrolledPx,
      scrollingLong: after.long.filter(([startMs]) => startMs >= before),
    };
  } finally {
    await browser.close();
  }
}

/** Opens the list so often. */
export async function runList(url: string, repeats: number): Promise<readonly ListRun[]> {
  const runs: ListRun[] = [];
  for (let i = 0; i < repeats; i++) runs.push(await runOnce(url));
  return runs;
}
