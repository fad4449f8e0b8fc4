// Replays as the engine answers them: how many queries a range takes, that its frames take none, that the next is made ahead, who sees what.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sight } from '../../model/account';
import type { ReplayRange } from '../../model/replay';
import { DEFAULT_VIEW, type GraphDocument, type ViewSpec } from '../../model/wire';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock, settle } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import { ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const VIEW: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };

let clock: FakeClock;
let metrics: ScriptedMetrics;
let engine: LiveEngine;
let range: ReplayRange;

beforeEach(() => {
  clock = new FakeClock();
  metrics = new ScriptedMetrics();
  metrics.rows = [requestRow('shop/web', 'shop/api', 80), requestRow('shop/api', 'vault/secret-store', 50)];
  const cluster = new ScriptedCluster();
  engine = createLiveEngine({
    metrics,
    cluster,
    clock,
    settings: DEFAULT_LIVE_SETTINGS,
    queryDeadlineMs: 10_000,
    slowQueryDeadlineMs: 20_000,
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  engine.start();
  cluster.change(inventoryOf({}));
  const toSeconds = Math.floor(clock.now() / 10_000) * 10 - 60;
  range = { fromSeconds: toSeconds - 1800, toSeconds, stepSeconds: 10 };
});
afterEach(() => engine.close());

async function read(atSeconds: number, sight: Sight = null, view: ViewSpec = VIEW): Promise<GraphDocument> {
  const { bytes } = await engine.fetchGraph({ ...view, atSeconds }, sight);
  return JSON.parse(new TextDecoder().decode(bytes)) as GraphDocument;
}

it('reads half an hour in steps of ten seconds by twenty queries at most, and every frame by none', async () => {
  const view: ViewSpec = { ...VIEW, overlays: ['latency', 'requestThroughput', 'throughput'] };
  const document = await engine.history.fetchReplay(view, range, null);
  expect(document).toMatchObject({ frames: 181, fromMs: range.fromSeconds * 1000, toMs: range.toSeconds * 1000, stepSeconds: 10 });
  const asked = metrics.count();
  expect(asked).toBeGreaterThan(2);
  expect(asked).toBeLessThanOrEqual(20);
  expect(document.cost.queries).toBe(asked);
  for (let at = range.fromSeconds; at <= range.toSeconds; at += 70) {
    const frame = await read(at, null, view);
    expect([frame.atMs, frame.edges.length, frame.edges.map(({ requestsPerSecond }) => requestsPerSecond).sort()]).toEqual([
      at * 1000,
      2,
      [50, 80],
    ]);
  }
  expect(metrics.count()).toBe(asked);
});

it('is read once for all who replay it', async () => {
  await Promise.all([engine.history.fetchReplay(VIEW, range, null), engine.history.fetchReplay(VIEW, range, ['shop'])]);
  const asked = metrics.count();
  await engine.history.fetchReplay(VIEW, range, null);
  expect(metrics.count()).toBe(asked);
});

it('shows each reader what he may see', async () => {
  await engine.history.fetchReplay(VIEW, range, ['shop']);
  expect(JSON.stringify(await read(range.fromSeconds, ['shop']))).not.toMatch(/vault|secret/);
  expect((await read(range.fromSeconds, [])).edges).toEqual([]);
});

it('makes the next frame while one is looked at', async () => {
  await engine.history.fetchReplay(VIEW, range, null);
  await read(range.fromSeconds);
  const made = (): number => Number(/heddle_live_projections_total (\d+)/.exec(engine.metricsText())?.[1]);
  const before = made();
  await clock.advance(100);
  await settle();
  expect(made()).toBe(before + 1);
  await read(range.fromSeconds + 10);
  expect(made()).toBe(before + 1);
});

it('asks for the instant itself where quantiles are wanted, or where there is no frame', async () => {
  await engine.history.fetchReplay(VIEW, range, null);
  const asked = metrics.count();
  await read(range.fromSeconds + 3);
  const between = metrics.count();
  expect(between).toBeGreaterThan(asked);
  await read(range.fromSeconds + 10, null, { ...VIEW, overlays: ['quantiles'] });
  expect(metrics.count('buckets')).toBeGreaterThan(0);
});

it('refuses a range in the future', async () => {
  const future = { ...range, fromSeconds: range.toSeconds + 3600, toSeconds: range.toSeconds + 7200 };
  await expect(engine.history.fetchReplay(VIEW, future, null)).rejects.toMatchObject({ code: 'badRequest' });
});
