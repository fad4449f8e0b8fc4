// The Prometheus text exposition format 0.0.4: what a /metrics endpoint answers.
// In: its text. Out: samples (their labels still as text, so that a scraper can cache them), metadata; ExpositionError when malformed.
import { decodeFloat } from './promql/literals';

export interface ExposedSample {
  /** Metric name and labels exactly as written; see decodeSeriesText. */
  readonly seriesText: string;
  readonly value: number;
  /** Milliseconds since 1970, when the endpoint gives a time of its own. */
  readonly timestampMs: number | undefined;
}

export interface ExposedMetadata {
  readonly metric: string;
  readonly type: string | undefined;
  readonly help: string | undefined;
}

export interface Exposition {
  readonly samples: readonly ExposedSample[];
  readonly metadata: readonly ExposedMetadata[];
}

export class ExpositionError extends Error {
  constructor(message: string, line: string) {
    super(`${message} in ${JSON.stringify(line.slice(0, 200))}`);
    this.name = 'ExpositionError';
  }
}

const METADATA_LINE = /^#[ \t]+(HELP|TYPE)[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t](.*))?$/;
const METRIC_NAME_PREFIX = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:\\.|[^"\\])*)"[ \t]*(,?)/y;
const METRIC_TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

function decodeMetadata(line: string): ExposedMetadata | undefined {
  const parts = METADATA_LINE.exec(line);
  if (parts === null) return undefined;
  const metric = parts[2] ?? '';
  const text = parts[3] ?? '';
  if (parts[1] === 'HELP') {
    const help = text.replace(/\\([\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : '\\'));
    return { metric, help, type: undefined };
  }
  const type = text.trim();
  if (!METRIC_TYPES.has(type)) throw new ExpositionError(`invalid metric type ${JSON.stringify(type)}`, line);
  return { metric, help: undefined, type: type === 'untyped' ? 'unknown' : type };
}

function decodeSample(line: string): ExposedSample {
  // Nothing after the labels can contain a brace, so the last one closes them.
  const brace = line.lastIndexOf('}');
  let end = brace + 1;
  if (brace === -1) {
    const name = METRIC_NAME_PREFIX.exec(line);
    if (name === null) throw new ExpositionError('expected a metric name', line);
    end = name[0].length;
  }
  const rest = line.slice(end).trim();
  const space = rest.search(/[ \t]/);
  const valueText = space === -1 ? rest : rest.slice(0, space);
  if (valueText === '') throw new ExpositionError('expected value after metric', line);
  const value = decodeFloat(valueText);
  if (value === undefined) throw new ExpositionError(`${JSON.stringify(valueText)} is not a number`, line);
  const seriesText = line.slice(0, end);
  if (space === -1) return { seriesText, value, timestampMs: undefined };
  const timestampText = rest.slice(space).trim();
  if (!/^\d+$/.test(timestampText)) throw new ExpositionError('expected timestamp or new record', line);
  return { seriesText, value, timestampMs: Number(timestampText) };
}

/** Decodes a whole exposition; throws ExpositionError for the first malformed line (the whole scrape is then void). */
export function decodeExposition(text: string): Exposition {
  const samples: ExposedSample[] = [];
  const metadata: ExposedMetadata[] = [];
  let from = 0;
  while (from < text.length) {
    let to = text.indexOf('\n', from);
    if (to === -1) to = text.length;
    const line = text.slice(from, to).trimStart();
    from = to + 1;
    if (line === '') continue;
    if (line.startsWith('#')) {
      const described = decodeMetadata(line);
      if (described !== undefined) metadata.push(described);
    } else samples.push(decodeSample(line));
  }
  return { samples, metadata };
}

/** Decodes `name{label="value",…}` into a label record with __name__; throws ExpositionError. */
export function decodeSeriesText(seriesText: string): Record<string, string> {
  const name = METRIC_NAME_PREFIX.exec(seriesText);
  if (name === null) throw new ExpositionError('expected a metric name', seriesText);
  // A label may be called __proto__; a map takes it as a name like any other.
  const labels = new Map([['__name__', name[0]]]);
  const opening = /^[ \t]*\{/.exec(seriesText.slice(name[0].length));
  if (opening === null) {
    if (name[0].length < seriesText.length) throw new ExpositionError('unexpected text after the metric name', seriesText);
    return Object.fromEntries(labels);
  }
  let at = name[0].length + opening[0].length;
  for (;;) {
    LABEL.lastIndex = at;
    const label = LABEL.exec(seriesText);
    if (label === null) break;
    const value = label[2] ?? '';
    labels.set(
      label[1] ?? '',
      value.includes('\\') ? value.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)) : value,
    );
    at = LABEL.lastIndex;
    if (label[3] === '') break;
  }
  if (!/^[ \t]*\}$/.test(seriesText.slice(at))) throw new ExpositionError('expected a label or the end of the labels', seriesText);
  return Object.fromEntries(labels);
}
