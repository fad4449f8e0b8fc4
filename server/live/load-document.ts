// What the console asks of the metrics backend now, for whoever wonders what it costs. In: the flow, the backend's account. Out: LoadDocument.
import type { LoadDocument, QueryUse } from '../../model/load';
import type { EngineParts } from './engine-parts';
import type { WindowFeed } from './window-feed';

const sumOf = (uses: readonly QueryUse[]): QueryUse =>
  uses.reduce<QueryUse>(
    (sum, own) => ({
      queries: sum.queries + own.queries,
      failed: sum.failed + own.failed,
      seconds: sum.seconds + own.seconds,
      bytes: sum.bytes + own.bytes,
    }),
    { queries: 0, failed: 0, seconds: 0, bytes: 0 },
  );

/** The load of the windows that are kept. */
export function buildLoad(
  feeds: readonly WindowFeed[],
  { metrics, collector, clock }: Pick<EngineParts, 'metrics' | 'collector' | 'clock'>,
): LoadDocument {
  const { lastMinute, underWay, waiting, concurrency, splits } = metrics.load();
  const capabilities = collector.capabilities();
  return {
    atMs: clock.now(),
    perMinute: sumOf(lastMinute),
    causes: lastMinute,
    underWay,
    waiting,
    concurrency,
    windows: feeds
      .map((feed) => ({
        windowSeconds: feed.windowSeconds,
        intervalSeconds: Math.round(feed.intervalMs() / 1000),
        wantedSeconds: Math.round(feed.wantedMs() / 1000),
        edges: feed.collected?.snapshot.observations.length ?? 0,
        recordedAtMs: feed.collected?.snapshot.recorded?.edgesAtMs ?? null,
      }))
      .sort((a, b) => a.windowSeconds - b.windowSeconds),
    splits,
    version: capabilities?.version ?? null,
    notes: capabilities?.notes ?? [],
  };
}
