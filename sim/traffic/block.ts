// Metrics in memory: a block is one label set with all the series that share it (a counter and its histograms, or a single gauge).
// Shapes name the lines of a block once, so that rendering only copies bytes and writes numbers. In: increments. Out: values by line.
// Shapes and names are Istio's (istio.md 1.1); counters are whole numbers, as Envoy's are.
import type { LabelSet } from './flow';

/** Envoy's default histogram bounds, for milliseconds and bytes alike. */
export const DEFAULT_BOUNDS: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

export type MetricType = 'counter' | 'gauge' | 'histogram';

export interface ShapeLine {
  readonly metric: string;
  /** Upper bound of a bucket line as Prometheus writes it, null for other lines. */
  readonly le: string | null;
  /** `metric{` or `metric{le="…",` */
  readonly head: Buffer;
}

export interface ShapeFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly from: number;
  /** One after the last line. */
  readonly to: number;
}

export interface Shape {
  readonly lines: readonly ShapeLine[];
  readonly families: readonly ShapeFamily[];
}

const lineOf = (metric: string, le: string | null = null): ShapeLine => ({
  metric,
  le,
  head: Buffer.from(le === null ? `${metric}{` : `${metric}{le="${le}",`),
});

type FamilySpec =
  | { readonly name: string; readonly type: 'counter' | 'gauge' }
  | { readonly name: string; readonly type: 'histogram'; readonly bounds: readonly number[] };

/** Lines of families in order; a histogram is its buckets, `_sum`, `_count`. */
export function buildShape(specs: readonly FamilySpec[]): Shape {
  const lines: ShapeLine[] = [];
  const families: ShapeFamily[] = [];
  for (const spec of specs) {
    const from = lines.length;
    if (spec.type === 'histogram') {
      for (const bound of spec.bounds) lines.push(lineOf(`${spec.name}_bucket`, String(bound)));
      lines.push(lineOf(`${spec.name}_bucket`, '+Inf'), lineOf(`${spec.name}_sum`), lineOf(`${spec.name}_count`));
    } else lines.push(lineOf(spec.name));
    families.push({ name: spec.name, type: spec.type, from, to: lines.length });
  }
  return { lines, families };
}

const escapeValue = (text: string): string =>
  !/[\\"\n]/.test(text) ? text : text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));

/** One label set and its series. */
export abstract class Block {
  readonly shape: Shape;
  readonly labels: LabelSet;
  /** Labels of the target and of the block as text, `a="b",c="d"`. */
  readonly text: Buffer;
  /** The block's own labels only. */
  readonly ownText: Buffer;

  /** `targetText` are the labels of the scrape target, each followed by a comma. */
  constructor(shape: Shape, labels: LabelSet, targetText: string) {
    this.shape = shape;
    this.labels = labels;
    let text = '';
    // Labels with an empty value do not exist in Prometheus.
    for (const name in labels) {
      const value = labels[name] ?? '';
      if (value !== '') text += text === '' ? `${name}="${escapeValue(value)}"` : `,${name}="${escapeValue(value)}"`;
    }
    this.text = Buffer.from(targetText + text);
    this.ownText = this.text.subarray(Buffer.byteLength(targetText));
  }

  /** Value of a line of the shape now. */
  abstract valueAt(line: number): number;
}

/** Counts spread over buckets in expectation; rounded bucket by bucket they stay whole, monotone in time and in the bound. */
export class HistogramCounts {
  private readonly expected: Float64Array;
  count = 0;
  private sum = 0;

  constructor(bounds: number) {
    this.expected = new Float64Array(bounds);
  }

  /** Adds `n` values with the given cumulative shares and mean. */
  add(n: number, cumulative: Float64Array, mean: number): void {
    const { expected } = this;
    for (let k = 0; k < expected.length; k++) expected[k] = (expected[k] ?? 0) + n * (cumulative[k] ?? 0);
    this.count += n;
    this.sum += n * mean;
  }

  /** Buckets first, then `+Inf`, sum, count. */
  valueAt(line: number): number {
    const buckets = this.expected.length;
    if (line < buckets) return Math.floor((this.expected[line] ?? 0) + 0.5);
    return line === buckets + 1 ? Math.round(this.sum * 100) / 100 : this.count;
  }
}

/** Which parts of the HTTP metrics a proxy emits (Telemetry API) and with which bounds (sidecar.istio.io/statsHistogramBuckets). */
export interface RequestShape extends Shape {
  readonly bounds: readonly number[];
  readonly sizes: boolean;
}

export function buildRequestShape(bounds: readonly number[], sizes: boolean): RequestShape {
  const histogram = (name: string): FamilySpec => ({ name, type: 'histogram', bounds });
  return {
    ...buildShape([
      { name: 'istio_requests_total', type: 'counter' },
      histogram('istio_request_duration_milliseconds'),
      ...(sizes ? [histogram('istio_request_bytes'), histogram('istio_response_bytes')] : []),
    ]),
    bounds,
    sizes,
  };
}

/** What one batch of requests adds; cumulative shares are aligned with the shape's bounds. */
export interface RequestBatch {
  readonly count: number;
  readonly duration: Float64Array;
  readonly durationMean: number;
  readonly request: Float64Array;
  readonly requestMean: number;
  readonly response: Float64Array;
  readonly responseMean: number;
}

/** istio_requests_total and the histograms beside it. */
export class RequestBlock extends Block {
  private readonly duration: HistogramCounts;
  private readonly request: HistogramCounts;
  private readonly response: HistogramCounts;
  private readonly width: number;

  constructor(shape: RequestShape, labels: LabelSet, targetText: string) {
    super(shape, labels, targetText);
    this.width = shape.bounds.length + 3;
    this.duration = new HistogramCounts(shape.bounds.length);
    this.request = new HistogramCounts(shape.sizes ? shape.bounds.length : 0);
    this.response = new HistogramCounts(shape.sizes ? shape.bounds.length : 0);
  }

  add(batch: RequestBatch): void {
    this.duration.add(batch.count, batch.duration, batch.durationMean);
    this.request.add(batch.count, batch.request, batch.requestMean);
    this.response.add(batch.count, batch.response, batch.responseMean);
  }

  override valueAt(line: number): number {
    if (line === 0) return this.duration.count;
    const at = (line - 1) % this.width;
    const which = Math.floor((line - 1) / this.width);
    return (which === 0 ? this.duration : which === 1 ? this.request : this.response).valueAt(at);
  }
}

const counters = (...names: readonly string[]): Shape => buildShape(names.map((name) => ({ name, type: 'counter' })));

const TCP_SHAPE = counters(
  'istio_tcp_sent_bytes_total',
  'istio_tcp_received_bytes_total',
  'istio_tcp_connections_opened_total',
  'istio_tcp_connections_closed_total',
);

/** Bytes and connections. `received` is what the client sent (istio.md 1.1: directions are those of the proxy's downstream). */
export class TcpBlock extends Block {
  private sent = 0;
  private received = 0;
  private commands = 0;
  private opened = 0;
  private closed = 0;

  constructor(labels: LabelSet, targetText: string) {
    super(TCP_SHAPE, labels, targetText);
  }

  /** Adds commands over connections that carry `perConnection` of them; with 1, every attempt opens and closes one. */
  add(count: number, requestBytes: number, responseBytes: number, perConnection: number): void {
    this.received += Math.round(count * requestBytes);
    this.sent += Math.round(count * responseBytes);
    if (perConnection <= 1) {
      this.opened += count;
      this.closed += count;
      return;
    }
    if (this.commands === 0) this.opened += 1;
    const before = Math.floor(this.commands / perConnection);
    this.commands += count;
    const turned = Math.floor(this.commands / perConnection) - before;
    this.opened += turned;
    this.closed += turned;
  }

  override valueAt(line: number): number {
    return [this.sent, this.received, this.opened, this.closed][line] ?? 0;
  }
}

const MESSAGE_SHAPE = counters('istio_request_messages_total', 'istio_response_messages_total');

/** Messages of gRPC streams. */
export class MessageBlock extends Block {
  private requests = 0;
  private responses = 0;

  constructor(labels: LabelSet, targetText: string) {
    super(MESSAGE_SHAPE, labels, targetText);
  }

  add(requests: number, responses: number): void {
    this.requests += requests;
    this.responses += responses;
  }

  override valueAt(line: number): number {
    return line === 0 ? this.requests : this.responses;
  }
}

/** A single series whose value is set. */
export class ValueBlock extends Block {
  value = 0;

  override valueAt(): number {
    return this.value;
  }
}

/** A histogram of its own. */
export class HistogramBlock extends Block {
  readonly counts: HistogramCounts;

  constructor(shape: Shape, labels: LabelSet, targetText: string, bounds: number) {
    super(shape, labels, targetText);
    this.counts = new HistogramCounts(bounds);
  }

  override valueAt(line: number): number {
    return this.counts.valueAt(line);
  }
}
