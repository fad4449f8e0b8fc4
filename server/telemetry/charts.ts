// The answers of an element's range queries as charts: rates by code class, share of errors, latency, throughput, TCP bytes. Pure.
// In: series of each query, the direction. Out: charts. Side rules of drilldown.ts; reports reconciled point by point as in the graph.
import type { ChartPoint, ChartSeries, ElementChart } from '../../model/wire';
import type { ChartRange, ElementQueryId } from './drilldown';
import { quantileOf } from './quantile';
import { type Cell, CellTable, type Report, reconcile } from './reconcile';
import { decodeSide } from './series-memory';

/** One series of a range query; server/ports' RangeSeries fits. */
export interface LabelledSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [unixSeconds: number, value: number])[];
}

export interface ElementAnswer {
  readonly promql: string;
  readonly series: readonly LabelledSeries[];
}

/** `edge` is seen like `inbound`. */
export type ChartDirection = ElementChart['direction'];

/** Values of one series on the grid of the range; NaN where it has none. */
interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Float64Array;
}

class Grid {
  readonly #range: ChartRange;
  readonly size: number;
  constructor(range: ChartRange) {
    this.#range = range;
    this.size = Math.round((range.endMs - range.startMs) / (range.stepSeconds * 1000)) + 1;
  }
  lines(answer: ElementAnswer | undefined): readonly Line[] {
    return (answer?.series ?? []).map(({ labels, points }) => {
      const values = new Float64Array(this.size).fill(Number.NaN);
      for (const [seconds, value] of points) {
        const place = Math.round((seconds * 1000 - this.#range.startMs) / (this.#range.stepSeconds * 1000));
        if (place >= 0 && place < this.size && Number.isFinite(value)) values[place] = value;
      }
      return { labels, values };
    });
  }
  /** Points of what `at` says of each place. */
  draw(at: (place: number) => number | null): readonly ChartPoint[] {
    const { startMs, stepSeconds } = this.#range;
    return Array.from({ length: this.size }, (_, place): ChartPoint => [startMs / 1000 + place * stepSeconds, at(place)]);
  }
}

const valueAt = (line: Line, place: number): number => {
  const value = line.values[place] ?? Number.NaN;
  return Number.isNaN(value) ? 0 : value;
};

/** Inbound: what callees and waypoints report, of different workloads, is added up; outbound: what callers report. */
function preferred(lines: readonly Line[], direction: ChartDirection, place: number): readonly Line[] {
  const isCalled = (line: Line): boolean => decodeSide(line.labels['reporter'] ?? '') === 'source';
  const has = (own: readonly Line[]): boolean => own.some((line) => valueAt(line, place) > 0);
  const called = lines.filter(isCalled);
  const served = lines.filter((line) => !isCalled(line));
  const [first, second] = direction === 'outbound' ? [called, served] : [served, called];
  return has(first) ? first : second;
}

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', 'no response', 'gRPC OK', 'gRPC errors', 'other'] as const;
type CodeClass = (typeof CLASSES)[number];
const ERROR_CLASSES: ReadonlySet<CodeClass> = new Set(['4xx', '5xx', 'no response', 'gRPC errors']);

function classOf({ code, grpcStatus }: Pick<Cell, 'code' | 'grpcStatus'>): CodeClass {
  const first = code.charAt(0);
  if (grpcStatus !== null && first !== '4' && first !== '5') return grpcStatus === '0' ? 'gRPC OK' : 'gRPC errors';
  if (code === '0') return 'no response';
  return CLASSES.find((name) => name === `${first}xx`) ?? 'other';
}

/** Whether the labels of a request series tell of an error. */
export function isErrorResponse(labels: Readonly<Record<string, string>>): boolean {
  const status = labels['grpc_response_status'] ?? '';
  const grpcStatus = labels['request_protocol'] === 'grpc' && status !== '' ? status : null;
  return ERROR_CLASSES.has(classOf({ code: labels['response_code'] ?? '', grpcStatus }));
}

/** Requests per second by code class at each place. */
function buildClasses(lines: readonly Line[], direction: ChartDirection, size: number): readonly ReadonlyMap<CodeClass, number>[] {
  const cells = new CellTable();
  const own = lines.map((line) => {
    const { labels } = line;
    const isGrpc = labels['request_protocol'] === 'grpc' && (labels['grpc_response_status'] ?? '') !== '';
    const flags = labels['response_flags'] ?? '';
    const cell = cells.cellOf(
      labels['response_code'] ?? '',
      isGrpc ? (labels['grpc_response_status'] ?? '') : null,
      flags === '' ? '-' : flags,
    );
    const side: Report['side'] = decodeSide(labels['reporter'] ?? '') === 'source' ? 'source' : 'destination';
    return { line, cell, side };
  });
  return Array.from({ length: size }, (_, place) => {
    const all: Report[] = own
      .map(({ line, cell, side }) => ({ side, security: 'unknown' as const, cell, perSecond: valueAt(line, place) }))
      .filter((report) => report.perSecond > 0);
    const called = all.filter((report) => report.side === 'source');
    const reports = direction === 'outbound' && called.length > 0 ? called : all;
    const classes = new Map<CodeClass, number>();
    if (reports.length > 0)
      for (const response of reconcile(reports).responses) {
        const name = classOf(response);
        classes.set(name, (classes.get(name) ?? 0) + response.requestsPerSecond);
      }
    return classes;
  });
}

const sumAt = (lines: readonly Line[], place: number): number => lines.reduce((total, line) => total + valueAt(line, place), 0);
const hasValues = (series: ChartSeries): boolean => series.points.some(([, value]) => value !== null && value !== 0);

function buildLatency(grid: Grid, answers: Answers, direction: ChartDirection): readonly ChartSeries[] {
  const buckets = grid.lines(answers.get('buckets'));
  const boundOf = (line: Line): number => (line.labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(line.labels['le']));
  const bounds = [...new Set(buckets.map(boundOf))].filter((bound) => !Number.isNaN(bound)).sort((a, b) => a - b);
  const histograms = Array.from({ length: grid.size }, (_, place) => {
    const rates = new Float64Array(bounds.length);
    for (const line of preferred(buckets, direction, place)) {
      const bound = bounds.indexOf(boundOf(line));
      if (bound >= 0) rates[bound] = (rates[bound] ?? 0) + valueAt(line, place);
    }
    return rates;
  });
  const quantiles = [50, 95, 99].map((percent) => ({
    name: `P${percent}`,
    points: grid.draw((place) => quantileOf(bounds, histograms[place] ?? new Float64Array(0), percent / 100)?.valueMs ?? null),
  }));
  const requests = grid.lines(answers.get('requests'));
  const durations = grid.lines(answers.get('duration'));
  const average = grid.draw((place) => {
    const own = preferred(durations, direction, place);
    const sides = new Set(own.map((line) => decodeSide(line.labels['reporter'] ?? '')));
    const divisor = sumAt(
      requests.filter((line) => sides.has(decodeSide(line.labels['reporter'] ?? ''))),
      place,
    );
    return divisor > 0 ? sumAt(own, place) / divisor : null;
  });
  return [{ name: 'Average', points: average }, ...quantiles];
}

export type Answers = ReadonlyMap<ElementQueryId, ElementAnswer>;

/** The charts of one direction; a chart without any value is left out. */
export function buildCharts(answers: Answers, range: ChartRange, direction: ChartDirection): readonly ElementChart[] {
  const grid = new Grid(range);
  const requests = grid.lines(answers.get('requests'));
  const classes = buildClasses(requests, direction, grid.size);
  const total = (place: number): number => [...(classes[place]?.values() ?? [])].reduce((sum, value) => sum + value, 0);
  const errors = (place: number): number =>
    [...(classes[place]?.entries() ?? [])].reduce((sum, [name, value]) => (ERROR_CLASSES.has(name) ? sum + value : sum), 0);
  const byDirection = (
    id: 'bytes' | 'tcp',
    names: readonly (readonly [string, string])[],
    keep: (line: Line) => boolean,
  ): readonly ChartSeries[] => {
    const lines = grid.lines(answers.get(id)).filter(keep);
    return names.map(([value, name]) => ({
      name,
      points: grid.draw((place) =>
        sumAt(
          preferred(lines, direction, place).filter((line) => line.labels['direction'] === value),
          place,
        ),
      ),
    }));
  };
  const promqlOf = (...ids: readonly ElementQueryId[]): readonly string[] => ids.flatMap((id) => answers.get(id)?.promql ?? []);
  const side = direction === 'edge' ? '' : direction === 'inbound' ? ', inbound' : ', outbound';
  const charts: readonly ElementChart[] = [
    {
      id: 'rate',
      title: `Requests${side}`,
      unit: 'rps',
      series: CLASSES.map((name) => ({ name, points: grid.draw((place) => classes[place]?.get(name) ?? 0) })).filter(hasValues),
      promql: promqlOf('requests'),
      direction,
    },
    {
      id: 'errors',
      title: `Errors${side}`,
      unit: 'percent',
      series: [{ name: 'Errors', points: grid.draw((place) => (total(place) > 0 ? (100 * errors(place)) / total(place) : null)) }],
      promql: promqlOf('requests'),
      direction,
    },
    {
      id: 'latency',
      title: `Latency${side}`,
      unit: 'ms',
      series: buildLatency(grid, answers, direction),
      promql: promqlOf('buckets', 'duration', 'requests'),
      direction,
    },
    {
      id: 'throughput',
      title: `Throughput${side}`,
      unit: 'Bps',
      series: byDirection(
        'bytes',
        [
          ['request', 'Requests'],
          ['response', 'Responses'],
        ],
        () => true,
      ),
      promql: promqlOf('bytes'),
      direction,
    },
    {
      id: 'bytes',
      title: `TCP${side}`,
      unit: 'Bps',
      // Where requests are seen, ztunnel's bytes are the same traffic one layer below.
      series: byDirection(
        'tcp',
        [
          ['sent', 'Sent'],
          ['received', 'Received'],
        ],
        (line) => requests.length === 0 || line.labels['layer'] !== 'ztunnel',
      ),
      promql: promqlOf('tcp'),
      direction,
    },
  ];
  // Errors of zero are worth drawing where there are requests.
  return charts.filter(({ id, series }) =>
    id === 'errors' ? series.some(({ points }) => points.some(([, value]) => value !== null)) : series.some(hasValues),
  );
}
