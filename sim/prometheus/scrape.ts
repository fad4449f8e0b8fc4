// The scraper: fetches every target's /metrics at a fixed interval and writes what it finds into the store.
// In: a list of targets (asked anew for every round), a clock, a fetcher. Out: samples in the store, target states.
import type { SeriesStore } from './store';
import { type ScrapeTarget, type TargetHealth, TargetScrape } from './target-scrape';

export type { ScrapeTarget } from './target-scrape';

/** Fetches the text of a /metrics endpoint; rejects on any answer but 200. */
export type FetchText = (url: string, signal: AbortSignal) => Promise<string>;

export interface ScraperOptions {
  readonly store: SeriesStore;
  readonly targets: () => readonly ScrapeTarget[];
  readonly intervalMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fetchText?: FetchText;
}

/** State of a target, as /api/v1/targets shows it. */
export interface TargetStatus {
  readonly labels: Readonly<Record<string, string>>;
  readonly job: string;
  readonly url: string;
  readonly health: TargetHealth;
  readonly lastError: string;
  readonly lastScrapeMs: number | undefined;
  readonly lastDurationSeconds: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

const MAX_TIMEOUT_MS = 10_000;
const CONCURRENT_SCRAPES = 8;

async function fetchMetrics(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, headers: { accept: 'text/plain;version=0.0.4;q=1,*/*;q=0.1' } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`server returned HTTP status ${response.status} ${response.statusText}`);
  return text;
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function identify(target: ScrapeTarget): string {
  return JSON.stringify([target.url, target.job, target.instance, target.honorLabels === true, Object.entries(target.labels).sort()]);
}

export class Scraper {
  private readonly options: ScraperOptions;
  private readonly timeoutMs: number;
  private scrapes = new Map<string, TargetScrape>();
  private timer: NodeJS.Timeout | undefined;
  private isStarted = false;
  private currentRound: Promise<void> | undefined;
  private readonly aborted = new AbortController();

  constructor(options: ScraperOptions) {
    this.options = options;
    this.timeoutMs = Math.min(options.intervalMs, MAX_TIMEOUT_MS);
  }

  /** Scrapes at every multiple of the interval until stop(); a round that is late makes the next multiple be skipped. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.scheduleNext();
  }

  /** Ends the rounds and aborts fetches under way; the scraper cannot be started again. */
  stop(): void {
    this.isStarted = false;
    clearTimeout(this.timer);
    this.aborted.abort();
  }

  /** One round over all targets; resolves when every target was written. Never rejects for a failing target. */
  scrapeOnce(): Promise<void> {
    this.currentRound ??= this.scrapeRound().finally(() => {
      this.currentRound = undefined;
    });
    return this.currentRound;
  }

  targetStatuses(): readonly TargetStatus[] {
    return [...this.scrapes.values()].map((scrape) => ({
      labels: scrape.targetLabels,
      job: scrape.target.job,
      url: scrape.target.url,
      health: scrape.health,
      lastError: scrape.lastError,
      lastScrapeMs: scrape.lastScrapeMs,
      lastDurationSeconds: scrape.lastDurationSeconds,
      intervalMs: this.options.intervalMs,
      timeoutMs: this.timeoutMs,
    }));
  }

  private scheduleNext(): void {
    if (!this.isStarted) return;
    const nowMs = this.options.now();
    const nextMs = (Math.floor(nowMs / this.options.intervalMs) + 1) * this.options.intervalMs;
    this.timer = setTimeout(() => {
      void this.scrapeOnce().then(() => {
        this.scheduleNext();
      });
    }, nextMs - nowMs);
  }

  private async scrapeRound(): Promise<void> {
    this.followTargets();
    const waiting = [...this.scrapes.values()];
    const worker = async (): Promise<void> => {
      for (let scrape = waiting.shift(); scrape !== undefined; scrape = waiting.shift()) await this.scrapeTarget(scrape);
    };
    await Promise.all(Array.from({ length: CONCURRENT_SCRAPES }, worker));
  }

  private followTargets(): void {
    const next = new Map<string, TargetScrape>();
    for (const target of this.options.targets()) {
      const id = identify(target);
      next.set(id, this.scrapes.get(id) ?? new TargetScrape(this.options.store, target));
    }
    for (const [id, scrape] of this.scrapes) if (!next.has(id)) scrape.writeEnd(this.options.now());
    this.scrapes = next;
  }

  private async scrapeTarget(scrape: TargetScrape): Promise<void> {
    const { now, fetchText = fetchMetrics } = this.options;
    const startMs = now();
    const signal = AbortSignal.any([AbortSignal.timeout(this.timeoutMs), this.aborted.signal]);
    try {
      const text = await fetchText(scrape.target.url, signal);
      const { scraped, added } = scrape.writeScrape(text, startMs);
      scrape.lastError = '';
      scrape.writeReport(startMs, true, (now() - startMs) / 1000, scraped, added);
    } catch (error) {
      if (this.aborted.signal.aborted) return;
      scrape.lastError = describeError(error);
      scrape.writeFailure(startMs);
      scrape.writeReport(startMs, false, (now() - startMs) / 1000, 0, 0);
    }
  }
}
