// Every panel of the built-in dashboards on the simulated mesh: its queries are answered, and what has no samples there is listed here with
// its reason. One panel's numbers are held to the store's own answer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PanelDocument } from '../../model/dashboard';
import type { Failure } from '../../model/failure';
import { type Simulation, startSimulation } from '../../sim/simulation';
import { DASHBOARDS } from '../dashboards/catalogue';
import type { MetricsSource } from '../ports';
import { createPrometheusClient } from '../prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../prometheus/options';
import { FakeClock } from '../testing/fake-clock';
import { Dashboards } from './dashboards';

const NO_ZTUNNEL = 'the simulated mesh has no ambient mode, hence no ztunnel';
const NO_WASM = 'the simulated mesh has no WasmPlugin';
const NO_JVM = 'no workload of the simulated mesh runs on the JVM';
const NO_NODE = 'no workload of the simulated mesh emits the metrics of Node.js';
/** Panels without samples, by dashboard and panel; `*` = all of it. */
const EMPTY: Readonly<Record<string, string>> = {
  'istio-ztunnel/*': NO_ZTUNNEL,
  'istio-wasm/active': NO_WASM,
  'istio-wasm/created': NO_WASM,
  'istio-wasm/cache-entry': NO_WASM,
  'istio-wasm/cache-visit': NO_WASM,
  'istio-wasm/remote-fetch': NO_WASM,
  'jvm/*': NO_JVM,
  'nodejs/*': NO_NODE,
  'go/time-in-garbage-collection': 'the simulated istiod does not emit go_gc_duration_seconds',
};

const RANGE = { rangeSeconds: 300, atSeconds: null };
/** One service that is asked over HTTP and one that is reached over TCP: both halves of the panels by peer. */
const CHOICES: Readonly<Record<string, readonly Readonly<Record<string, readonly string[]>>[]>> = {
  'istio-service': [
    { service: ['reviews.bookinfo.svc.cluster.local'] },
    { service: ['mongodb.bookinfo.svc.cluster.local'] },
    { service: ['redis-cart.boutique.svc.cluster.local'] },
  ],
  'istio-workload': [
    { namespace: ['bookinfo'], workload: ['reviews-v2'] },
    { namespace: ['bookinfo'], workload: ['mongodb-v1'] },
    { namespace: ['bookinfo'], workload: ['ratings-v2-mongodb'] },
    { namespace: ['boutique'], workload: ['redis-cart'] },
    { namespace: ['boutique'], workload: ['cartservice'] },
  ],
};

describe('the built-in dashboards on the simulated mesh', () => {
  let simulation: Simulation;
  let source: MetricsSource;
  let dashboards: Dashboards;
  const forever = new AbortController().signal;

  beforeAll(async () => {
    simulation = await startSimulation({ prometheus: 'embedded', historyMinutes: 15 });
    const clock = new FakeClock(Date.now());
    source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: simulation.prometheus?.url ?? '', clock });
    dashboards = new Dashboards({
      metrics: source,
      clock,
      capabilities: () => null,
      deadlineMs: 30_000,
      keepMs: 60_000,
      dashboards: DASHBOARDS,
      grafanaUrl: 'https://grafana.example.com/',
    });
  }, 120_000);
  afterAll(async () => {
    await source.close();
    await simulation.close();
  });

  const readPanels = (id: string, panel: string): Promise<readonly PanelDocument[]> =>
    Promise.all((CHOICES[id] ?? [{}]).map((choice) => dashboards.readPanel(id, panel, choice, RANGE, null, forever)));

  for (const { id, rows } of DASHBOARDS)
    for (const panel of rows.flatMap(({ panels }) => panels).filter(({ kind }) => kind !== 'text')) {
      const reason = EMPTY[`${id}/*`] ?? EMPTY[`${id}/${panel.id}`];
      it(`${id}/${panel.id} ${reason === undefined ? 'has samples' : `says what is missing: ${reason}`}`, async () => {
        const documents = await readPanels(id, panel.id);
        const drawn = documents.some(({ series }) => series.some(({ points }) => points.some(([, value]) => value !== null)));
        expect(drawn).toBe(reason === undefined);
        if (reason !== undefined) {
          // Either the metrics are not there, or they are of others and the panel says what it needs.
          expect(panel.fix !== null || documents.some(({ missing }) => missing.length > 0) || id === 'nodejs').toBe(true);
        }
      });
    }

  it('shows the numbers of the store, unchanged', async () => {
    const document = await dashboards.readPanel('istio-mesh', 'traffic-volume', {}, RANGE, null, forever);
    const [query] = document.queries;
    const answer = await fetch(`${simulation.prometheus?.url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: query?.promql ?? '', time: String(document.toSeconds) }),
    });
    const told = (await answer.json()) as { readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] } };
    expect(document.series[0]?.points).toEqual([[document.toSeconds, Number(told.data.result[0]?.value[1])]]);
  });

  it('tells readers of some namespaces nothing of others', async () => {
    const document = await dashboards.read('istio-service', {}, ['bookinfo'], forever);
    const services = document.variables.find(({ name }) => name === 'service')?.values ?? [];
    expect(services.length).toBeGreaterThan(0);
    expect(services.filter((host) => host.includes('.svc.') && !host.includes('.bookinfo.'))).toEqual([]);
    const asked = { service: ['redis-cart.boutique.svc.cluster.local'] };
    const panel = await dashboards.readPanel(
      'istio-service',
      'incoming-requests-by-source-and-response-code',
      asked,
      RANGE,
      ['bookinfo'],
      forever,
    );
    expect(JSON.stringify(panel)).not.toContain('boutique');
    await expect(dashboards.read('istio-mesh', {}, ['bookinfo'], forever)).rejects.toMatchObject({
      code: 'forbidden',
    } satisfies Partial<Failure>);
    await expect(dashboards.readQuery('up', RANGE, ['bookinfo'], forever)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('lists the dashboards of runtimes where something emits their metrics, to those who may see it', async () => {
    const idsFor = async (sight: readonly string[] | null): Promise<readonly string[]> =>
      (await dashboards.list(sight, forever)).dashboards.map(({ id }) => id);
    expect(await idsFor(null)).toEqual(expect.arrayContaining(['go', 'envoy', 'istio-mesh']));
    expect(await idsFor(null)).not.toEqual(expect.arrayContaining(['jvm']));
    expect(await idsFor(['bookinfo'])).not.toContain('go');
  });

  it('links to Grafana, by uid or by title', async () => {
    expect((await dashboards.read('istio-mesh', {}, null, forever)).grafana).toBe(
      'https://grafana.example.com/d/1a9a8ea49444aae205c7737573e894f9',
    );
    expect((await dashboards.read('istio-service', {}, null, forever)).grafana).toBe(
      'https://grafana.example.com/dashboards?query=Istio%20Service%20Dashboard',
    );
  });

  it('asks equal questions once', async () => {
    const before = source.stats().reduce((sum, { sent }) => sum + sent, 0);
    await Promise.all(Array.from({ length: 20 }, () => readPanels('istio-control-plane', 'goroutines')));
    await readPanels('istio-control-plane', 'goroutines');
    expect(source.stats().reduce((sum, { sent }) => sum + sent, 0) - before).toBeLessThanOrEqual(1);
  });
});
