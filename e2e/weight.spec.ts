// Story: somebody changes a weight in the cluster and I watch the traffic follow.
import { openClusterApi } from './cluster-api';
import { decodeRate, fetchGraph, openGraph, openTable, panel, readRows } from './graph-screen';
import { expect, test } from './mesh';

const NAMESPACE = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';
const QUERY = { namespaces: 'bookinfo', duration: '15s' };
const FOLLOW_MS = 60_000;
/** Three scrapes of 5 s, one refresh of a window of 15 s, and the way of a change to the proxies. */
const THREE_SCRAPES_MS = 25_000;

const routes = (weights: Readonly<Record<string, number>>): object => ({
  spec: {
    hosts: ['reviews'],
    http: [{ route: Object.entries(weights).map(([subset, weight]) => ({ destination: { host: 'reviews', subset }, weight })) }],
  },
});

test('shows the versions follow a changed weight within three scrapes', async ({ page, mesh }) => {
  test.setTimeout(150_000);
  const api = openClusterApi(mesh.kubeconfig);
  try {
    await api.send('POST', NAMESPACE, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'bookinfo' },
      ...routes({ v1: 34, v2: 33, v3: 33 }),
    });
    // Until the proxies were scraped a few times, nobody knows that the window is long enough.
    const admitted = async (): Promise<number> => (await page.request.get(`${mesh.url}/api/graph?duration=15s`)).status();
    await expect.poll(admitted, { timeout: FOLLOW_MS }).toBe(200);
    await openTable(page, mesh.url, 'edges', QUERY);
    /** Share of v3 in what the service sends to its versions, as the page shows it. */
    const readShare = async (): Promise<number> => {
      const rows = (await readRows(page)).filter(({ key }) => /service\/[^>]*\/reviews>.*reviews/.test(key));
      const rates = rows.map(({ cells }) => ({ target: cells['Target'] ?? '', rate: decodeRate(cells['Rate'] ?? '') ?? 0 }));
      const total = rates.reduce((sum, { rate }) => sum + rate, 0);
      return total === 0
        ? 0
        : rates.filter(({ target }) => target.startsWith('reviews v3')).reduce((sum, { rate }) => sum + rate, 0) / total;
    };
    // Whatever was routed before leaves the window of the graph first.
    await expect.poll(async () => Math.abs((await readShare()) - 0.33) < 0.08, { timeout: FOLLOW_MS }).toBe(true);

    await api.send('PATCH', `${NAMESPACE}/reviews`, routes({ v1: 5, v2: 5, v3: 90 }));
    const changed = performance.now();
    await expect.poll(readShare, { timeout: THREE_SCRAPES_MS }).toBeGreaterThan(0.87);
    expect(await readShare()).toBeLessThan(0.93);
    test.info().annotations.push({ type: 'followed', description: `${Math.round((performance.now() - changed) / 1000)} s` });

    // And the graph says why: the service's traffic is shifted by weights.
    const service = (await fetchGraph(mesh.url, QUERY)).nodes.find((node) => node.kind === 'service' && node.service === 'reviews');
    expect(service?.badges).toContain('trafficShifting');
    await openGraph(page, mesh.url, { ...QUERY, select: service?.id ?? '' });
    await expect(panel(page).getByRole('list', { name: 'Marks' })).toContainText(/traffic shifting|weights/i);
  } finally {
    await api.send('DELETE', `${NAMESPACE}/reviews`);
    await api.close();
  }
});
