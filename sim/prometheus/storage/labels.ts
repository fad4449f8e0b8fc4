// A label set as Prometheus keeps it: pairs sorted by name, empty values absent (an absent label equals an empty one).
// In: records or already sorted pairs. Out: immutable Labels with a cached identity key and a cached name-less twin.

export const METRIC_NAME = '__name__';

/** Separates the parts of keys. NUL cannot occur in a name, and the exposition format ends at it. */
export const KEY_SEPARATOR = '\u0000';

// Kept below 2^30 so that engines store it as a small integer.
function hashText(text: string): number {
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash & 0x3fff_ffff;
}

export class Labels {
  static readonly empty: Labels = new Labels([]);

  /** name, value, name, value, … sorted by name. */
  readonly pairs: readonly string[];
  private cachedKey: string | undefined;
  private cachedName: string | undefined;
  private cachedNameless: Labels | undefined;
  private cachedValueHashes: readonly number[] | undefined;

  constructor(sortedPairs: readonly string[]) {
    this.pairs = sortedPairs;
  }

  /** Identity of the set: equal keys mean equal label sets. */
  get key(): string {
    this.cachedKey ??= this.pairs.join(KEY_SEPARATOR);
    return this.cachedKey;
  }

  /** A hash of each value, position by position; cached because every aggregation asks for it. */
  get valueHashes(): readonly number[] {
    if (this.cachedValueHashes === undefined) {
      const hashes: number[] = [];
      for (let i = 1; i < this.pairs.length; i += 2) hashes.push(hashText(this.pairs[i] ?? ''));
      this.cachedValueHashes = hashes;
    }
    return this.cachedValueHashes;
  }

  /** The metric name, or '' when the set has none. */
  get name(): string {
    this.cachedName ??= this.value(METRIC_NAME);
    return this.cachedName;
  }

  /** The value of one label, or '' when absent. */
  value(name: string): string {
    const pairs = this.pairs;
    for (let i = 0; i < pairs.length; i += 2) {
      if (pairs[i] === name) return pairs[i + 1] ?? '';
    }
    return '';
  }

  /** The same set without the metric name; the result is cached because every rate() asks for it. */
  withoutName(): Labels {
    if (this.cachedNameless === undefined) {
      this.cachedNameless = this.pairs.includes(METRIC_NAME) ? this.without([METRIC_NAME]) : this;
    }
    return this.cachedNameless;
  }

  /** The same set without the named labels. */
  without(names: readonly string[]): Labels {
    return new Labels(this.filteredPairs((name) => !names.includes(name)));
  }

  /** The same set reduced to the named labels. */
  keeping(names: readonly string[]): Labels {
    const kept = this.filteredPairs((name) => names.includes(name));
    return kept.length === 0 ? Labels.empty : new Labels(kept);
  }

  /** The same set with one label set to a value ('' removes it). */
  with(name: string, value: string): Labels {
    const pairs = this.filteredPairs((other) => other !== name);
    if (value === '') return new Labels(pairs);
    let at = 0;
    while (at < pairs.length && (pairs[at] ?? '') < name) at += 2;
    pairs.splice(at, 0, name, value);
    return new Labels(pairs);
  }

  toRecord(): Record<string, string> {
    const entries: [string, string][] = [];
    for (let i = 0; i < this.pairs.length; i += 2) entries.push([this.pairs[i] ?? '', this.pairs[i + 1] ?? '']);
    return Object.fromEntries(entries);
  }

  /** PromQL notation, as Prometheus prints it in errors: name outside the braces is not split off. */
  toString(): string {
    const parts: string[] = [];
    for (let i = 0; i < this.pairs.length; i += 2) parts.push(`${this.pairs[i] ?? ''}=${JSON.stringify(this.pairs[i + 1] ?? '')}`);
    return `{${parts.join(', ')}}`;
  }

  private filteredPairs(keeps: (name: string) => boolean): string[] {
    const kept: string[] = [];
    for (let i = 0; i < this.pairs.length; i += 2) {
      const name = this.pairs[i] ?? '';
      if (keeps(name)) kept.push(name, this.pairs[i + 1] ?? '');
    }
    return kept;
  }
}

/** Sorts a record into Labels; empty values are dropped; `intern` lets a store share equal strings. */
export function buildLabels(record: Readonly<Record<string, string>>, intern: (text: string) => string = (text) => text): Labels {
  const pairs: string[] = [];
  for (const name of Object.keys(record).sort()) {
    const value = record[name] ?? '';
    if (value !== '') pairs.push(intern(name), intern(value));
  }
  return new Labels(pairs);
}

/** Prometheus' order of series: name by name, value by value, a prefix first. */
export function compareLabels(a: Labels, b: Labels): number {
  const shared = Math.min(a.pairs.length, b.pairs.length);
  for (let i = 0; i < shared; i++) {
    const left = a.pairs[i] ?? '';
    const right = b.pairs[i] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.pairs.length - b.pairs.length;
}
