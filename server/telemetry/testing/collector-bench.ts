// A collector with a scripted backend and a clock of its own. In: what the backend answers. Out: Bench. For tests only.
import type { TrafficSnapshot } from '../../../model/traffic';
import type { Clock, VectorQuery } from '../../ports';
import { type CollectRequest, TelemetryCollector } from '../collect';
import { edge, type Row, ScriptedSource } from './answers';

class TestClock implements Clock {
  ms = 1_700_000_000_000;
  now(): number {
    return this.ms;
  }
  after(): () => void {
    return () => undefined;
  }
}

const open: TelemetryCollector[] = [];
/** Closes every collector that was made; for afterEach. */
export async function closeBenches(): Promise<void> {
  for (const each of open.splice(0)) await each.close();
}

export const unknown = { destination_workload: 'unknown', destination_workload_namespace: 'unknown' };
/** Traffic of three edges. */
export function rowsOf(query: VectorQuery): readonly Row[] {
  switch (query.name) {
    case 'source':
      return [[edge('a', 'x', { ...unknown, reporter: 'source', response_code: '503', response_flags: 'UH' }), 2]];
    case 'destination':
      return [
        [edge('a', 'b'), 10],
        [edge('a', 'db', { direction: 'sent', app: 'db' }), 50],
      ];
    case 'duration':
      return [[edge('a', 'b'), 200]];
    case 'bytes':
      return [[edge('a', 'b', { direction: 'response' }), 4000]];
    case 'buckets':
      return query.promql.includes('reporter="source"')
        ? [[edge('a', 'x', { ...unknown, le: '+Inf' }), 2]]
        : [
            [edge('a', 'b', { le: '10' }), 4],
            [edge('a', 'b', { le: '+Inf' }), 10],
          ];
    case 'identity':
      return [
        [
          {
            [query.labels[0] ?? '']: 'a',
            [query.labels[1] ?? '']: 'shop',
            [query.labels[2] ?? '']: 'a-app',
            [query.labels[3] ?? '']: 'v2',
          },
          1,
        ],
      ];
    default:
      return [];
  }
}

export interface Bench {
  readonly source: ScriptedSource;
  readonly clock: TestClock;
  readonly collector: TelemetryCollector;
  readonly late: { readonly request: CollectRequest; readonly snapshot: TrafficSnapshot }[];
  ask(more?: Partial<CollectRequest>, signal?: AbortSignal): Promise<TrafficSnapshot>;
  names(): readonly string[];
}
/** A collector on a scripted backend. */
export function bench(
  script: (query: VectorQuery, clock: TestClock, signal: AbortSignal) => readonly Row[] | Promise<readonly Row[]> = rowsOf,
): Bench {
  const clock = new TestClock();
  const source = new ScriptedSource((query, _, options) => script(query, clock, options.signal));
  const late: Bench['late'] = [];
  const collector = new TelemetryCollector({
    source,
    clock,
    homeCluster: 'home',
    deadlineMs: 1000,
    slowDeadlineMs: 2000,
    onLate: (request, snapshot) => late.push({ request, snapshot }),
  });
  open.push(collector);
  const ask: Bench['ask'] = (more = {}, signal = new AbortController().signal) =>
    collector.collect({ windowSeconds: 60, atMs: clock.ms, namespaces: null, overlays: [], live: true, ...more }, signal);
  return { source, clock, collector, late, ask, names: () => source.asked.map((query) => query.name) };
}

export const find = (snapshot: TrafficSnapshot, workload: string): TrafficSnapshot['observations'][number] | undefined =>
  snapshot.observations.find((o) => o.service.name === workload);
