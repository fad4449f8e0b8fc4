// Which windows a backend has enough samples for. In: a window, the scrape interval as far as it is known. Out: nothing, or a Failure that
// names the interval. Pure.
import { Failure } from '../../model/failure';
import { encodeDuration, SAFE_WINDOW_SECONDS, SCRAPES_PER_WINDOW, shortestWindow } from '../../model/wire';

/** @throws Failure badRequest for a window that holds fewer than three scrapes */
export function checkWindow(windowSeconds: number, scrapeIntervalSeconds: number | null): void {
  const shortest = shortestWindow(scrapeIntervalSeconds);
  if (windowSeconds >= shortest) return;
  const asked = `duration=${encodeDuration(windowSeconds)}`;
  if (scrapeIntervalSeconds === null)
    throw new Failure(
      'badRequest',
      `${asked} is too short while nobody knows how often the proxies are scraped: Prometheus has fewer than three samples of any, or does not say`,
      `Ask for at least ${encodeDuration(SAFE_WINDOW_SECONDS)}, or try again when Prometheus has scraped a few times more.`,
    );
  throw new Failure(
    'badRequest',
    `${asked} is shorter than ${SCRAPES_PER_WINDOW} scrapes: the proxies are scraped every ${scrapeIntervalSeconds} s`,
    `Ask for at least ${encodeDuration(shortest)}, or have Prometheus scrape the proxies more often.`,
  );
}
