// The live flow's own metrics in Prometheus' text format. In: counters of the flow and of the queries. Out: text.
// Source: Prometheus exposition formats, text-based format 0.0.4.
import type { CauseUse } from '../../model/load';
import type { MetricsSource, QueryStats } from '../ports';
import type { LiveFlow } from './flow';

type Labels = Readonly<Record<string, string>>;
interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

const escapeLabel = (text: string): string => text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));

function encodeFamily({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const text = Object.entries(labels).map(([key, label]) => `${key}="${escapeLabel(label)}"`);
    return `${name}${text.length > 0 ? `{${text.join(',')}}` : ''} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

/** All families of the engine, ready to be served. */
export function encodeMetrics(flow: LiveFlow, metrics: Pick<MetricsSource, 'stats' | 'load'>, nowMs: number): string {
  const queries = metrics.stats();
  const { totals, underWay, waiting } = metrics.load();
  const perCause = (value: (use: CauseUse) => number): Family['samples'] =>
    totals.map((use) => ({
      labels: { cause: use.cause.kind, window: use.cause.windowSeconds === null ? '' : `${use.cause.windowSeconds}s` },
      value: value(use),
    }));
  const one = (value: number): Family['samples'] => [{ labels: {}, value }];
  const perWindow = (value: (feed: LiveFlow['feeds'][number]) => number): Family['samples'] =>
    flow.feeds.map((feed) => ({ labels: { window: `${feed.windowSeconds}s` }, value: value(feed) }));
  const perQuery = (value: (stats: QueryStats) => number): Family['samples'] =>
    queries.map((stats) => ({ labels: { query: stats.name }, value: value(stats) }));
  const families: readonly Family[] = [
    { name: 'heddle_live_readers', type: 'gauge', help: 'Open graph streams.', samples: one(flow.hub.count()) },
    { name: 'heddle_live_views', type: 'gauge', help: 'Different views that are kept.', samples: one(flow.views.size) },
    { name: 'heddle_live_past_snapshots', type: 'gauge', help: 'Snapshots of the past that are kept.', samples: one(flow.past.size) },
    { name: 'heddle_live_projections_total', type: 'counter', help: 'Graphs built from a snapshot.', samples: one(flow.projections) },
    {
      name: 'heddle_live_projection_seconds_total',
      type: 'counter',
      help: 'Time spent building graphs from snapshots.',
      samples: one(flow.projectionMs / 1000),
    },
    {
      name: 'heddle_live_snapshot_age_seconds',
      type: 'gauge',
      help: 'Age of the newest live snapshot; absent before the first.',
      samples: flow.feeds.flatMap((f) =>
        f.collected === null ? [] : [{ labels: { window: `${f.windowSeconds}s` }, value: (nowMs - f.collected.snapshot.atMs) / 1000 }],
      ),
    },
    {
      name: 'heddle_live_past_collections_total',
      type: 'counter',
      help: 'Snapshots of the past asked of the metrics backend.',
      samples: one(flow.past.collections),
    },
    {
      name: 'heddle_live_collections_total',
      type: 'counter',
      help: 'Live snapshots asked of the metrics backend.',
      samples: perWindow((f) => f.collections),
    },
    {
      name: 'heddle_live_collections_failed_total',
      type: 'counter',
      help: 'Live snapshots that could not be read.',
      samples: perWindow((f) => f.failedCollections),
    },
    {
      name: 'heddle_live_snapshot_timestamp_seconds',
      type: 'gauge',
      help: 'Instant of the newest live snapshot; 0 before the first.',
      samples: perWindow((f) => (f.collected?.snapshot.atMs ?? 0) / 1000),
    },
    {
      name: 'heddle_live_observations',
      type: 'gauge',
      help: 'Edges of the newest live snapshot.',
      samples: perWindow((f) => f.collected?.snapshot.observations.length ?? 0),
    },
    {
      name: 'heddle_metrics_queries_total',
      type: 'counter',
      help: 'Queries sent to the metrics backend.',
      samples: perQuery((q) => q.sent),
    },
    {
      name: 'heddle_metrics_queries_failed_total',
      type: 'counter',
      help: 'Queries to the metrics backend that failed.',
      samples: perQuery((q) => q.failed),
    },
    {
      name: 'heddle_metrics_query_seconds_total',
      type: 'counter',
      help: 'Time spent waiting for the metrics backend.',
      samples: perQuery((q) => q.wallMs / 1000),
    },
    {
      name: 'heddle_metrics_query_bytes_total',
      type: 'counter',
      help: 'Bytes of answers of the metrics backend after decompression.',
      samples: perQuery((q) => q.bytes),
    },
    {
      name: 'heddle_metrics_cause_queries_total',
      type: 'counter',
      help: 'Queries sent to the metrics backend by what they are for.',
      samples: perCause((use) => use.queries),
    },
    {
      name: 'heddle_metrics_cause_query_seconds_total',
      type: 'counter',
      help: 'Time spent waiting for the metrics backend by what it is for.',
      samples: perCause((use) => use.seconds),
    },
    {
      name: 'heddle_metrics_cause_query_bytes_total',
      type: 'counter',
      help: 'Bytes of answers of the metrics backend by what they are for.',
      samples: perCause((use) => use.bytes),
    },
    { name: 'heddle_metrics_queries_under_way', type: 'gauge', help: 'Queries to the metrics backend under way.', samples: one(underWay) },
    { name: 'heddle_metrics_queries_waiting', type: 'gauge', help: 'Queries that wait for a free place.', samples: one(waiting) },
  ];
  return families.map(encodeFamily).join('');
}
