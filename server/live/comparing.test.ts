// Comparisons as the engine answers them: which window is read, how often, what a reader is told who does not see everything.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sight } from '../../model/account';
import type { Baseline, ComparisonDocument } from '../../model/comparison';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock, settle } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import { ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const VIEW: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };
const HOUR: Baseline = { kind: 'ago', seconds: 3600 };

let clock: FakeClock;
let metrics: ScriptedMetrics;
let engine: LiveEngine;

beforeEach(() => {
  clock = new FakeClock();
  metrics = new ScriptedMetrics();
  metrics.rows = [requestRow('shop/web', 'shop/api', 80), requestRow('shop/api', 'vault/secret-store', 50)];
  const turnMs = clock.now() - 1_800_000;
  metrics.rowsAt = (atMs) =>
    atMs < turnMs ? [requestRow('shop/web', 'shop/api', 40), requestRow('vault/secret-job', 'shop/api', 30)] : null;
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
});
afterEach(() => engine.close());

async function compare(baseline: Baseline, sight: Sight = null, view: ViewSpec = VIEW): Promise<ComparisonDocument> {
  const bytes = await engine.history.fetchComparison(view, baseline, sight);
  return JSON.parse(new TextDecoder().decode(bytes)) as ComparisonDocument;
}
const edgesOf = ({ edges }: ComparisonDocument): readonly string[] =>
  edges
    .map(({ source, target, tone }) => `${source.split('/').slice(2).join('/')} > ${target.split('/').slice(2).join('/')} ${tone}`)
    .sort();

it('compares what is with what was an hour before', async () => {
  const document = await compare(HOUR);
  expect(edgesOf(document)).toEqual([
    'shop/api > vault/secret-store added',
    'shop/web > shop/api changed',
    'vault/secret-job > shop/api removed',
  ]);
  expect(document.after.atMs - document.before.atMs).toBeGreaterThanOrEqual(3_600_000);
  expect(document.after.atMs - document.before.atMs).toBeLessThan(3_632_000);
  expect([document.before.requestsPerSecond, document.after.requestsPerSecond]).toEqual([70, 130]);
  expect(document.ghosts.edges).toHaveLength(1);
});

it('reads each window once, whoever compares', async () => {
  await compare(HOUR);
  const asked = metrics.count('source', 'destination');
  await Promise.all([compare(HOUR), compare(HOUR, ['shop']), compare(HOUR)]);
  await settle();
  expect(metrics.count('source', 'destination')).toBe(asked);
});

it('compares two instants of the past', async () => {
  const nowSeconds = Math.floor(clock.now() / 1000);
  const document = await compare({ kind: 'instant', atSeconds: nowSeconds - 7200 }, null, { ...VIEW, atSeconds: nowSeconds - 3600 });
  expect(document.edges).toEqual([]);
  expect(document.edgeCounts.noise).toBe(2);
  // Both windows show the same workloads: who they are is asked once, of callees and of callers.
  expect(metrics.count('identity')).toBe(2);
  expect([document.before.atMs, document.after.atMs]).toEqual([(nowSeconds - 7200) * 1000, (nowSeconds - 3600) * 1000]);
});

it('tells nobody what he may not see', async () => {
  const document = await compare(HOUR, ['shop']);
  expect(JSON.stringify(document)).not.toMatch(/vault|secret/);
  expect(edgesOf(document)).toEqual([' > shop/api removed', 'shop/api >  added', 'shop/web > shop/api changed']);
  expect((await compare(HOUR, [])).edges).toEqual([]);
});

it('folds both windows alike', async () => {
  const namespaces = Array.from({ length: 200 }, (_, i) => `n${i}`);
  const crowd = namespaces.map((namespace) => requestRow(`shop/web`, `${namespace}/api`, 30));
  metrics.rows = crowd;
  const document = await compare(HOUR, null, { ...VIEW, level: 'auto' });
  expect(edgesOf(document).filter((edge) => edge.includes('shop/api removed'))).toEqual([]);
  expect(document.ghosts.nodes.every(({ kind }) => kind === 'namespace')).toBe(true);
});

it('refuses a baseline that is still to come', async () => {
  await expect(compare({ kind: 'instant', atSeconds: Math.floor(clock.now() / 1000) + 600 })).rejects.toMatchObject({ code: 'badRequest' });
});
