// The range of a panel on a grid: how far its points are apart, and how long a rate looks back. In: seconds. Out: RangeGrid. Pure.
import type { Intervals } from './bind';

export interface RangeGrid {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
}

/** Steps that the eye likes. */
const STEPS = [5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const MAX_POINTS = 240;
const UNKNOWN_SCRAPE_SECONDS = 15;

/** Equal questions within a step have one grid, and so one answer. */
export function buildGrid(toSeconds: number, rangeSeconds: number, scrapeSeconds: number | null): RangeGrid {
  const least = Math.max(scrapeSeconds ?? UNKNOWN_SCRAPE_SECONDS, rangeSeconds / MAX_POINTS);
  const stepSeconds = STEPS.find((step) => step >= least) ?? 86400;
  const end = Math.floor(toSeconds / stepSeconds) * stepSeconds;
  return { fromSeconds: end - Math.ceil(rangeSeconds / stepSeconds) * stepSeconds, toSeconds: end, stepSeconds };
}

/** A mesh that is scraped more often than the default still has a past that was not, and rates over seconds are mostly noise. */
const LEAST_RATE_SECONDS = 60;

/** Grafana's rule: four scrapes at least, and a scrape more than a step, so that no increase is missed. */
export function intervalsOf({ fromSeconds, toSeconds, stepSeconds }: RangeGrid, scrapeSeconds: number | null): Intervals {
  const scrape = Math.ceil(scrapeSeconds ?? UNKNOWN_SCRAPE_SECONDS);
  return {
    rateSeconds: Math.max(stepSeconds + scrape, 4 * scrape, LEAST_RATE_SECONDS),
    stepSeconds,
    rangeSeconds: toSeconds - fromSeconds,
  };
}
