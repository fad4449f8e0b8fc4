// What is kept of views that are asked for without a stream: a bounded number of edges, made anew when they are asked for again.
import { expect, it } from 'vitest';
import { DEFAULT_VIEW, type GraphDocument } from '../../model/wire';
import { BOOKINFO_CLUSTER } from '../graph/testing/bookinfo';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock, settle } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { EncodedGraph } from './engine-parts';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import { Reader, ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const edgesOf = ({ bytes }: EncodedGraph): GraphDocument['edges'] => (JSON.parse(new TextDecoder().decode(bytes)) as GraphDocument).edges;

it('is bounded, answers the same when it is made anew, and spares who listens', async () => {
  const clock = new FakeClock();
  const metrics = new ScriptedMetrics();
  const cluster = new ScriptedCluster();
  const defects: unknown[] = [];
  metrics.rows = [
    requestRow('shop/web-v1', 'shop/api-v1', 8),
    requestRow('shop/web-v1', 'shop/api-v2', 2),
    requestRow('shop/api-v1', 'pay/card-v1', 1),
  ];
  const engine = createLiveEngine({
    metrics,
    cluster,
    clock,
    settings: { ...DEFAULT_LIVE_SETTINGS, keptEdges: 6 },
    queryDeadlineMs: 10_000,
    slowQueryDeadlineMs: 20_000,
    onDefect: (what, error) => defects.push(what, error),
  });
  engine.start();
  cluster.change(inventoryOf(BOOKINFO_CLUSTER));
  const listened = { ...DEFAULT_VIEW, graphType: 'workload' as const };
  const reader = new Reader();
  engine.subscribe(listened, null, null, reader);
  await settle();
  const views = (['app', 'versionedApp', 'service'] as const).map((graphType) => ({ ...DEFAULT_VIEW, graphType }));
  // All at once: each is answered, although not all of them may be kept.
  const first = await Promise.all(views.map((view) => engine.fetchGraph(view, null)));
  const asked = metrics.count();
  await clock.advance(300);
  // The one asked for last was kept; the first was not, and is made anew.
  expect((await engine.fetchGraph(views[2] ?? DEFAULT_VIEW, null)).tag).toBe(first[2]?.tag);
  const anew = await engine.fetchGraph(views[0] ?? DEFAULT_VIEW, null);
  expect(anew.tag).not.toBe(first[0]?.tag);
  expect(edgesOf(anew)).toEqual(first[0] === undefined ? null : edgesOf(first[0]));
  expect(metrics.count()).toBe(asked);
  // Who listens goes on from where he is.
  await clock.advance(300);
  expect(reader.names().filter((name) => name === 'snapshot')).toEqual(['snapshot']);
  const { tag } = await engine.fetchGraph(listened, null);
  expect(tag).toContain(reader.events.find(({ event }) => event === 'snapshot')?.id ?? 'none');
  await engine.close();
  expect(defects).toEqual([]);
});
