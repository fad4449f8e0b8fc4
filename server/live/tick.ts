// THE SPINE OF THE READ FLOW. One refresh: due windows -> collect -> index -> project the watched views -> diff -> publish.
// In: LiveFlow (the state), or one window with what is needed of it. Out: everybody who watches has the newest graph, or knows why not.
import type { LiveFlow } from './flow';
import type { Demand, WindowFeed } from './window-feed';

/** Refreshes every window that somebody watches and whose time has come. Never rejects: failures are told by the freshness. */
export async function tick(flow: LiveFlow): Promise<void> {
  flow.views.sweep();
  await Promise.all(flow.dueWindows().map((feed) => refresh(flow, feed, flow.demandOn(feed))));
}

/** Refreshes one window for a demand; equal demands under way share one collection. */
export async function refresh(flow: LiveFlow, feed: WindowFeed, demand: Demand): Promise<void> {
  // Ask Prometheus, once for all viewers of the window (server/telemetry).
  await feed.collect(demand, flow.signal);
  publishWindow(flow, feed);
}

/** Brings all watched views of a window to its newest snapshot and the newest inventory. */
export function publishWindow(flow: LiveFlow, feed: WindowFeed): void {
  // Intern names, lay out numbers: once per snapshot, for all views (server/graph/memory).
  const traffic = flow.index(feed);
  for (const view of flow.watchedViews(feed))
    flow.guard(view, () => {
      // Fold into the view, enrich step by step, compare with the last revision (server/graph/project, model/delta).
      const change = traffic === null || !flow.isCovered(view, feed) ? null : flow.show(view, traffic);
      // Encode once, send to all its readers (hub, sse).
      if (change !== null) flow.publish(view, change);
      flow.publishStatus(view);
    });
  // For whoever comes next (server/graph/memory).
  if (traffic !== null) flow.warm(traffic);
}
