// Windows below a minute on the live engine: permitted by the scrape interval, refused with its name.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_VIEW, type GraphDocument, type ViewSpec } from '../../model/wire';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { FakeClock } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import type { EncodedGraph } from './engine-parts';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import { Reader, ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const BASE = ['source', 'destination'];
const VIEW: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };
const decode = ({ bytes }: EncodedGraph): GraphDocument => JSON.parse(new TextDecoder().decode(bytes));

let clock: FakeClock;
let metrics: ScriptedMetrics;
let engine: LiveEngine;

beforeEach(() => {
  clock = new FakeClock();
  metrics = new ScriptedMetrics();
  metrics.rows = [requestRow('shop/web-v1', 'shop/api-v1', 8), requestRow('shop/web-v1', 'shop/api-v2', 2)];
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
  cluster.change(inventoryOf({ workloads: { 'shop/web-v1': {}, 'shop/api-v1': {}, 'shop/api-v2': {} }, services: { 'shop/api': {} } }));
});
afterEach(() => engine.close());

describe('short windows', () => {
  const short: ViewSpec = { ...VIEW, windowSeconds: 15 };

  it('are read where they hold three scrapes, and again with every new sample', async () => {
    metrics.scrapeIntervalSeconds = 5;
    const document = decode(await engine.fetchGraph(short, null));
    expect(document.edges).toHaveLength(2);
    expect(metrics.asked.find(({ name }) => name === 'source')?.promql).toContain('[15s]');
    expect((await engine.fetchNamespaces(15, null)).shortestWindowSeconds).toBe(15);
    const asked = metrics.count('source');
    engine.subscribe(short, null, null, new Reader());
    await clock.advance(5000);
    expect(metrics.count('source')).toBe(asked + 1);
  });

  it('are refused where they do not, naming the interval, and nothing is asked for them', async () => {
    await expect(engine.fetchGraph(short, null)).rejects.toMatchObject({
      code: 'badRequest',
      detail: expect.stringContaining('scraped every 15 s'),
      next: expect.stringContaining('at least 45s'),
    });
    await expect(engine.admitWindow(44)).rejects.toMatchObject({ code: 'badRequest' });
    await expect(engine.fetchNamespaces(30, null)).rejects.toMatchObject({ code: 'badRequest' });
    await expect(engine.fetchCharts('x', short, null)).rejects.toMatchObject({ code: 'badRequest' });
    await expect(engine.fetchElement('x', short, null)).rejects.toMatchObject({ code: 'badRequest' });
    await clock.advance(60_000);
    expect(metrics.count(...BASE)).toBe(0);
    await engine.admitWindow(45);
    expect((await engine.fetchNamespaces(60, null)).shortestWindowSeconds).toBe(45);
  });

  it('are permitted soon after the proxies were scraped more often', async () => {
    metrics.scrapeIntervalSeconds = null;
    await expect(engine.admitWindow(15)).rejects.toMatchObject({ detail: expect.stringContaining('nobody knows how often') });
    metrics.scrapeIntervalSeconds = 5;
    await clock.advance(4000);
    await expect(engine.admitWindow(15)).rejects.toMatchObject({ code: 'badRequest' });
    await clock.advance(1000);
    await engine.admitWindow(15);
  });
});
