// One scrape target: turns its expositions into samples, keeps the series cache and the staleness of its series.
// In: the text of a scrape (or its failure) and its time. Out: samples, stale markers and report series in the store.
import { decodeExposition, decodeSeriesText, type ExposedMetadata, type ExposedSample } from './exposition';
import type { SeriesStore } from './store';

export interface ScrapeTarget {
  readonly url: string;
  /** Labels added to every sample of the target, besides job and instance. */
  readonly labels: Readonly<Record<string, string>>;
  readonly job: string;
  readonly instance: string;
  /** True: the exposed labels win over the target's; false: they are renamed exported_*. */
  readonly honorLabels?: boolean;
}

export type TargetHealth = 'up' | 'down' | 'unknown';

/** Series texts kept beyond those of the last scrape before the cache is cleaned. */
const CACHE_SLACK = 1000;
const REPORTS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const;

// A copy through bytes: a substring would keep the text of the whole scrape alive.
function copyText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** Adds the target's labels to exposed ones as Prometheus does with and without honor_labels. */
export function mergeLabels(
  exposed: Readonly<Record<string, string>>,
  target: Readonly<Record<string, string>>,
  honorLabels: boolean,
): Record<string, string> {
  if (honorLabels) return { ...target, ...exposed };
  const merged: Record<string, string> = { ...exposed, ...target };
  const conflicts = Object.keys(target).filter((name) => (exposed[name] ?? '') !== '');
  conflicts.sort((a, b) => a.length - b.length);
  for (const name of conflicts) {
    let renamed = `exported_${name}`;
    while (renamed in merged) renamed = `exported_${renamed}`;
    merged[renamed] = exposed[name] ?? '';
  }
  return merged;
}

export class TargetScrape {
  readonly target: ScrapeTarget;
  readonly targetLabels: Readonly<Record<string, string>>;
  health: TargetHealth = 'unknown';
  lastError = '';
  lastScrapeMs: number | undefined;
  lastDurationSeconds = 0;
  private readonly store: SeriesStore;
  private refByText = new Map<string, number>();
  private lastTexts: readonly string[] = [];
  private lastRefs: readonly number[] = [];
  private liveRefs = new Set<number>();

  constructor(store: SeriesStore, target: ScrapeTarget) {
    this.store = store;
    this.target = target;
    this.targetLabels = { ...target.labels, job: target.job, instance: target.instance };
  }

  /** Stores a successful scrape; throws ExpositionError (and stores nothing) when the text is malformed. */
  writeScrape(text: string, timestampMs: number): { readonly scraped: number; readonly added: number } {
    const { samples, metadata } = decodeExposition(text);
    const refs = this.referAll(samples);
    const live = new Set<number>();
    let added = 0;
    samples.forEach((sample, i) => {
      const ref = refs[i];
      if (ref === undefined) return;
      this.store.appendTo(ref, sample.timestampMs ?? timestampMs, sample.value);
      // Series with times of their own are not ended by their absence (Prometheus tracks staleness only without).
      if (sample.timestampMs !== undefined) return;
      if (!this.liveRefs.has(ref)) added++;
      live.add(ref);
    });
    for (const ref of this.liveRefs) if (!live.has(ref)) this.store.markStale(ref, timestampMs);
    this.liveRefs = live;
    if (this.refByText.size > 2 * samples.length + CACHE_SLACK) {
      const current = new Set(samples.map(({ seriesText }) => seriesText));
      this.refByText = new Map([...this.refByText].filter(([seriesText]) => current.has(seriesText)));
    }
    this.describe(metadata);
    return { scraped: samples.length, added };
  }

  /** Ends every series of the target: the scrape failed. */
  writeFailure(timestampMs: number): void {
    for (const ref of this.liveRefs) this.store.markStale(ref, timestampMs);
    this.liveRefs.clear();
  }

  /** Writes up, scrape_duration_seconds and their companions. */
  writeReport(timestampMs: number, isUp: boolean, durationSeconds: number, scraped: number, added: number): void {
    this.health = isUp ? 'up' : 'down';
    this.lastScrapeMs = timestampMs;
    this.lastDurationSeconds = durationSeconds;
    const values = [isUp ? 1 : 0, durationSeconds, scraped, scraped, added];
    REPORTS.forEach((name, i) => {
      this.store.appendTo(this.reportRef(name), timestampMs, values[i] ?? 0);
    });
  }

  /** Ends every series, the report series too: the target is gone. */
  writeEnd(timestampMs: number): void {
    this.writeFailure(timestampMs);
    if (this.lastScrapeMs === undefined) return;
    for (const name of REPORTS) this.store.markStale(this.reportRef(name), timestampMs);
  }

  private reportRef(name: string): number {
    return this.store.referTo({ ...this.targetLabels, __name__: name });
  }

  // All labels are decoded before the first series is made: a bad line voids the whole scrape.
  private referAll(samples: readonly ExposedSample[]): number[] {
    const texts: string[] = [];
    const refs: number[] = [];
    const unknown = new Map<number, Readonly<Record<string, string>>>();
    samples.forEach(({ seriesText }, i) => {
      const lastText = this.lastTexts[i];
      // Endpoints rarely change the order of their lines, and comparing is cheaper than hashing.
      const isSame = lastText === seriesText;
      const text = isSame ? lastText : copyText(seriesText);
      const ref = isSame ? this.lastRefs[i] : this.refByText.get(text);
      if (ref === undefined || !this.store.hasSeries(ref)) {
        unknown.set(i, mergeLabels(decodeSeriesText(text), this.targetLabels, this.target.honorLabels === true));
      }
      texts.push(text);
      refs.push(ref ?? 0);
    });
    for (const [i, labels] of unknown) {
      const ref = this.store.referTo(labels);
      refs[i] = ref;
      this.refByText.set(texts[i] ?? '', ref);
    }
    this.lastTexts = texts;
    this.lastRefs = refs;
    return refs;
  }

  private describe(metadata: readonly ExposedMetadata[]): void {
    const byMetric = new Map<string, { type: string; help: string }>();
    for (const { metric, type, help } of metadata) {
      const known = byMetric.get(metric) ?? { type: 'unknown', help: '' };
      byMetric.set(metric, { type: type ?? known.type, help: help ?? known.help });
    }
    for (const [metric, { type, help }] of byMetric) this.store.describe(metric, { type, help, unit: '' });
  }
}
