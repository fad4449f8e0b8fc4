// The samples in memory: series by label set, an inverted index, retention, and the metadata that scrapes bring.
// In: samples (by label set or by series reference). Out: series for matchers; their samples are read per time span.
import { Arena } from './storage/arena';
import { LabelIndex } from './storage/label-index';
import { buildLabels } from './storage/labels';
import type { Matcher } from './storage/matcher';
import type { SampleBuffer } from './storage/sample-buffer';
import { Series } from './storage/series';
import { TimeColumn } from './storage/time-column';

export interface MetricMetadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** How often the store looks for samples past retention, as a share of the retention time. */
const TRUNCATIONS_PER_RETENTION = 24;
const MAX_RECENT_COLUMNS = 256;

export class SeriesStore {
  readonly retentionMs: number;
  private readonly arena = new Arena();
  private readonly index = new LabelIndex();
  private readonly seriesByRef = new Map<number, Series>();
  private readonly refByKey = new Map<string, number>();
  private readonly internedStrings = new Map<string, string>();
  private readonly recentColumns = new Map<number, TimeColumn>();
  private readonly metadataByMetric = new Map<string, MetricMetadata[]>();
  private nextRef = 1;
  private newestMs = Number.NEGATIVE_INFINITY;
  private truncateAtMs = Number.POSITIVE_INFINITY;

  /** retentionMs: samples older than the newest sample minus this are dropped, chunk by chunk. */
  constructor(options: { readonly retentionMs: number }) {
    this.retentionMs = options.retentionMs;
  }

  /** Appends one sample; false when it is not newer than the series' last sample. */
  append(labels: Readonly<Record<string, string>>, timestampMs: number, value: number): boolean {
    return this.appendTo(this.referTo(labels), timestampMs, value);
  }

  /** The reference of the series with these labels, created when new; it stays valid until retention removes the series. */
  referTo(labels: Readonly<Record<string, string>>): number {
    const built = buildLabels(labels, (text) => this.intern(text));
    const known = this.refByKey.get(built.key);
    if (known !== undefined) return known;
    const ref = this.nextRef++;
    this.seriesByRef.set(ref, new Series(ref, built));
    this.refByKey.set(built.key, ref);
    this.index.add(ref, built);
    return ref;
  }

  hasSeries(ref: number): boolean {
    return this.seriesByRef.has(ref);
  }

  /** Fast path of append: false for an unknown reference (removed by retention) or an out-of-order sample. */
  appendTo(ref: number, timestampMs: number, value: number): boolean {
    return this.write(ref, timestampMs, value, false);
  }

  /** Ends the series at this time: instant selectors stop seeing it at once instead of after the lookback. */
  markStale(ref: number, timestampMs: number): boolean {
    return this.write(ref, timestampMs, Number.NaN, true);
  }

  /** The series that satisfy every matcher, in creation order. */
  select(matchers: readonly Matcher[]): Series[] {
    const refs = this.index.select(matchers, (ref) => this.seriesByRef.get(ref)?.labels);
    const selected: Series[] = [];
    for (const ref of refs) {
      const series = this.seriesByRef.get(ref);
      if (series !== undefined) selected.push(series);
    }
    return selected;
  }

  /** Replaces the buffer's content by the samples of the series with fromMs ≤ t ≤ toMs. */
  read(series: Series, fromMs: number, toMs: number, buffer: SampleBuffer): void {
    buffer.clear();
    series.read(fromMs, toMs, this.arena, buffer);
  }

  labelNames(): string[] {
    return this.index.names();
  }

  labelValues(name: string): string[] {
    return this.index.valuesOf(name);
  }

  /** Remembers HELP and TYPE of a metric; distinct descriptions of one metric are all kept, as Prometheus lists them. */
  describe(metric: string, metadata: MetricMetadata): void {
    const known = this.metadataByMetric.get(metric);
    if (known === undefined) this.metadataByMetric.set(metric, [metadata]);
    else if (!known.some((one) => one.type === metadata.type && one.help === metadata.help && one.unit === metadata.unit)) {
      known.push(metadata);
    }
  }

  metadata(): ReadonlyMap<string, readonly MetricMetadata[]> {
    return this.metadataByMetric;
  }

  get seriesCount(): number {
    return this.seriesByRef.size;
  }

  get sealedBytes(): number {
    return this.arena.byteLength;
  }

  /** Drops chunks, and series, that hold nothing at or after the time. */
  truncate(beforeMs: number): void {
    const dead = new Set<number>();
    for (const [ref, series] of this.seriesByRef) {
      series.dropBefore(beforeMs);
      if (series.maxTimestampMs < beforeMs) {
        dead.add(ref);
        this.seriesByRef.delete(ref);
        this.refByKey.delete(series.labels.key);
      }
    }
    this.index.remove(dead);
    this.arena.dropBefore(beforeMs);
  }

  private write(ref: number, timestampMs: number, value: number, isStale: boolean): boolean {
    const series = this.seriesByRef.get(ref);
    if (series?.append(timestampMs, value, isStale, this.arena, this.startColumn) !== true) return false;
    if (timestampMs > this.newestMs) {
      this.newestMs = timestampMs;
      if (this.truncateAtMs === Number.POSITIVE_INFINITY) this.truncateAtMs = timestampMs + this.retentionMs;
      else if (timestampMs >= this.truncateAtMs) {
        this.truncateAtMs = timestampMs + this.retentionMs / TRUNCATIONS_PER_RETENTION;
        this.truncate(timestampMs - this.retentionMs);
      }
    }
    return true;
  }

  // Series that begin a chunk at the same moment share one column of timestamps.
  private readonly startColumn = (timestampMs: number): TimeColumn => {
    const recent = this.recentColumns.get(timestampMs);
    if (recent !== undefined) return recent;
    if (this.recentColumns.size >= MAX_RECENT_COLUMNS) {
      for (const oldest of this.recentColumns.keys()) {
        this.recentColumns.delete(oldest);
        break;
      }
    }
    const column = new TimeColumn();
    this.recentColumns.set(timestampMs, column);
    return column;
  };

  private intern(text: string): string {
    const known = this.internedStrings.get(text);
    if (known !== undefined) return known;
    // A copy through bytes: a substring of a scrape would keep the whole scrape's text alive.
    const copy = Buffer.from(text, 'utf8').toString('utf8');
    this.internedStrings.set(copy, copy);
    return copy;
  }
}
