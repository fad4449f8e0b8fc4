// Story: I look at the graph from every side: types, namespaces, window, labels, search, the panel, its table twin; the address keeps it all.
import { GRAPH_TYPES } from '../model/graph';
import {
  buildQuery,
  choose,
  decodeRate,
  fact,
  fetchGraph,
  findBox,
  findHits,
  freeze,
  hideBox,
  listenForStreams,
  nodeOptions,
  openGraph,
  openMenu,
  openTable,
  panel,
  panelTitle,
  readNodeIds,
  readPicture,
  readRows,
  showDetails,
  tableRows,
  toggle,
  toolbar,
} from './graph-screen';
import { expect, test } from './mesh';
import { fetchSum } from './prometheus-query';

const TYPE_WORDS = {
  versionedApp: 'Versioned app graph',
  app: 'App graph',
  service: 'Service graph',
  workload: 'Workload graph',
} as const;
/** What each type, and only it, calls the slow version of reviews. */
const TYPICAL = {
  versionedApp: /^v3, app in bookinfo|^reviews v3, app in bookinfo/,
  app: /^reviews, app in bookinfo/,
  service: /^reviews, service in bookinfo/,
  workload: /^reviews-v3, workload in bookinfo/,
} as const;

test('draws every graph type with the nodes that the API names', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', graphType: 'workload' });
  for (const graphType of GRAPH_TYPES) {
    await choose(page, 'Graph type', TYPE_WORDS[graphType]);
    // Rare calls come and go with every refresh: both sides are asked until they agree.
    await expect(async () => {
      const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo', graphType });
      expect(await readNodeIds(page)).toEqual(graph.nodes.map((node) => node.id).sort());
    }).toPass({ intervals: [500] });
    await expect(nodeOptions(page).filter({ hasText: TYPICAL[graphType] })).toHaveCount(1);
  }
});

test('takes the service nodes out and puts them back', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  const services = nodeOptions(page).filter({ hasText: /, service in bookinfo/ });
  await expect(services.first()).toBeAttached();
  const menu = await openMenu(page, 'Display options');
  await toggle(menu.getByRole('checkbox', { name: /^Service nodes/ }), false);
  await expect(page).toHaveURL(/serviceNodes=false/);
  await expect(services).toHaveCount(0);
  await toggle(menu.getByRole('checkbox', { name: /^Service nodes/ }), true);
  await expect(services.first()).toBeAttached();
});

test('shows the chosen namespaces and what touches them', async ({ page, mesh }) => {
  await openGraph(page, mesh.url);
  await expect(
    nodeOptions(page)
      .filter({ hasText: / in boutique/ })
      .first(),
  ).toBeAttached();
  const menu = await openMenu(page, /^Namespaces: /);
  await menu.getByRole('textbox', { name: 'Filter namespaces' }).fill('book');
  await toggle(menu.getByRole('checkbox', { name: /^bookinfo/ }), true);
  await menu.getByRole('button', { name: 'Done' }).click();
  await expect(page).toHaveURL(/namespaces=bookinfo/);
  await expect(nodeOptions(page).filter({ hasText: / in boutique/ })).toHaveCount(0);
  await expect(nodeOptions(page).filter({ hasNotText: /in bookinfo|outside the selected namespaces|unknown/ })).toHaveCount(0);
  await showDetails(page);
  await expect(panelTitle(page)).toHaveText('bookinfo');
});

test('asks for another window', async ({ page, mesh }) => {
  const streams = listenForStreams(page);
  await openGraph(page, mesh.url);
  await choose(page, 'Window of the metrics', 'Last 5 minutes');
  await showDetails(page);
  await expect(fact(page, 'Window')).toHaveText('Last 5 minutes');
  expect(streams.at(-1)?.get('duration')).toBe('5m');
  await expect(nodeOptions(page).first()).toBeAttached();
});

test('writes rate, errors, latency and mTLS on the edges as chosen', async ({ page, mesh }) => {
  const streams = listenForStreams(page);
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  const menu = await openMenu(page, 'Labels on the edges');
  await expect(menu.getByRole('checkbox', { name: /^Rate/ })).toBeChecked();
  await expect(menu.getByRole('checkbox', { name: /^Error share/ })).toBeChecked();
  // P95 is collected only now: its numbers reach the panel and, with it, the canvas.
  await toggle(menu.getByRole('checkbox', { name: 'P95 latency' }), true);
  await expect.poll(() => streams.at(-1)?.get('overlays')).toBe('quantiles');
  await page.keyboard.press('Escape');
  await showDetails(page);
  const slowest = panel(page)
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Slowest' }) });
  await expect(slowest.getByText(/^P95 [\d.]+\s(ms|s)$/).first()).toBeVisible({ timeout: 30_000 });

  await freeze(page);
  const pictures = new Set([await readPicture(page)]);
  for (const name of [/^Rate/, /^Error share/, 'mTLS'] as const) {
    const again = await openMenu(page, 'Labels on the edges');
    await again.getByRole('checkbox', { name, exact: typeof name === 'string' }).click();
    await page.keyboard.press('Escape');
    // Each label more or less is another picture.
    await expect.poll(async () => pictures.has(await readPicture(page))).toBe(false);
    pictures.add(await readPicture(page));
  }
  await expect(page).toHaveURL(/labels=p95%2Cmtls/);
});

test('finds nodes and edges by search', async ({ page, mesh }) => {
  await openGraph(page, mesh.url);
  await findBox(page).fill('reviews v3');
  await findHits(page)
    .filter({ hasText: /reviews v3/ })
    .first()
    .click();
  await expect(panelTitle(page)).toHaveText('reviews v3');
  await expect(page).toHaveURL(/select=/);
  await findBox(page).fill('productpage > reviews');
  const edges = findHits(page).filter({ hasText: /http edge/ });
  await expect(edges.first()).toBeVisible();
  await edges.first().click();
  await expect(panelTitle(page)).toHaveText(/^productpage.* → reviews/);
  await findBox(page).fill('no such thing');
  await expect(page.getByText(/^Nothing matches/)).toBeVisible();
});

test('tells of an edge what Prometheus tells', async ({ page, mesh }) => {
  const query = { namespaces: 'bookinfo', graphType: 'workload', serviceNodes: 'false' };
  const graph = await fetchGraph(mesh.url, query);
  const edge = graph.edges.find(
    (one) => one.source.endsWith('/productpage-v1') && one.target.endsWith('/details-v1') && one.protocol === 'http',
  );
  if (edge === undefined) throw new Error('the graph has no edge from productpage to details');
  const promql =
    'sum(rate(istio_requests_total{reporter="destination",source_workload="productpage-v1",source_workload_namespace="bookinfo",destination_workload="details-v1",destination_workload_namespace="bookinfo"}[60s]))';
  // At one and the same instant nothing breathes: the numbers are equal but for rounding.
  const same = await fetchSum(mesh.prometheus, promql, graph.atMs);
  expect(same).toBeGreaterThan(1);
  expect(Math.abs(edge.requestsPerSecond / same - 1)).toBeLessThan(0.01);

  await openGraph(page, mesh.url, { ...query, select: edge.id });
  await expect(panelTitle(page)).toHaveText('productpage-v1 → details-v1');
  // The page says how old its numbers are: Prometheus is asked for that instant. The load breathes, so a second matters little.
  const told = async (text: string | null): Promise<number> => {
    const age = /^live · (\d+)\ss ago$/.exec((await page.getByText(/^live · \d+\ss ago$/).textContent()) ?? '')?.[1];
    const sum = await fetchSum(mesh.prometheus, promql, Date.now() - Number(age) * 1000);
    return Math.abs((decodeRate(text ?? '') ?? 0) / sum - 1);
  };
  await expect(async () => expect(await told(await fact(page, 'Rate').textContent())).toBeLessThan(0.1)).toPass();
  await expect(fact(page, 'Protocol')).toHaveText('HTTP');
  await expect(fact(page, 'mTLS')).toHaveText('mTLS');
  await expect(fact(page, 'Reported by')).toHaveText(/proxy/);

  const codes = panel(page).getByRole('table', { name: 'Responses: codes' });
  await expect(codes.getByRole('row', { name: /^200 OK/ })).toBeVisible();
  const ok = codes.getByRole('row', { name: /^200/ }).getByRole('cell').first();
  await expect(async () => expect(await told(await ok.textContent())).toBeLessThan(0.1)).toPass();
  await expect(panel(page).getByRole('table', { name: 'Identities of caller and target' })).toContainText(
    'spiffe://cluster.local/ns/bookinfo/sa/bookinfo-productpage',
  );
});

test('draws the history of an element and shows its queries', async ({ page, mesh }) => {
  const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo', graphType: 'workload' });
  const node = graph.nodes.find((one) => one.workload === 'details-v1');
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', graphType: 'workload', select: node?.id ?? '' });
  await expect(panelTitle(page)).toHaveText('details-v1');
  const charts = panel(page).getByRole('figure');
  // The simulated past is half an hour: the line is there, and its name is a sentence with numbers.
  await expect(charts.getByRole('img', { name: /^Requests, inbound\. .*\d\srps/ })).toBeVisible({ timeout: 30_000 });
  await expect(charts.filter({ hasText: 'Requests, inbound' }).locator('path.recharts-line-curve').first()).toBeAttached();
  await charts.filter({ hasText: 'Latency, inbound' }).getByRole('button', { name: 'Show PromQL' }).click();
  const promql = await charts.filter({ hasText: 'Latency, inbound' }).locator('code').first().textContent();
  expect(promql).toContain('istio_request_duration_milliseconds_bucket');
  // What is shown can be asked as it stands.
  await fetchSum(mesh.prometheus, `sum(${promql ?? ''})`);
});

test('explains the PassthroughCluster and how to end it', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'clients' });
  await findBox(page).fill('PassthroughCluster');
  await findHits(page).first().click();
  await expect(panel(page).getByText('Likely cause:')).toBeVisible();
  await expect(panel(page)).toContainText('Hosts outside the mesh that no ServiceEntry declares.');
  await expect(panel(page)).toContainText('orders-sync (clients) calls');
  await expect(panel(page)).toContainText('httpbin.org');
  await expect(panel(page).locator('pre').filter({ hasText: 'kind: ServiceEntry' })).toContainText('- httpbin.org');
});

test('names the caller outside of the mesh and how to take it in', async ({ page, mesh }) => {
  const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo' });
  const caller = graph.nodes.find((node) => node.explanation?.code === 'outOfMeshCaller');
  expect(caller).toBeDefined();
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', select: caller?.id ?? '' });
  await expect(panel(page)).toContainText('Callers without a proxy: they are not in the mesh.');
  await expect(panel(page)).toContainText('report-job (legacy)');
  await expect(panel(page).locator('pre').filter({ hasText: 'kubectl label namespace legacy istio-injection=enabled' })).toBeVisible();
  // Its calls are the ones that are not encrypted, and ratings refuses them.
  const edge = graph.edges.find((one) => one.source === caller?.id && one.errorsPerSecond > 0);
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', select: edge?.id ?? '' });
  await expect(fact(page, 'mTLS')).toHaveText('plaintext');
  await expect(panel(page).getByRole('row', { name: /^403 Forbidden/ })).toBeVisible();
});

test('has the same edges in the table as in the API', async ({ page, mesh }) => {
  await openTable(page, mesh.url, 'edges');
  await expect(async () => {
    const graph = await fetchGraph(mesh.url);
    const rows = await readRows(page);
    expect(rows.map(({ key }) => key).sort()).toEqual(graph.edges.map((edge) => edge.id).sort());
    const rates = new Map(graph.edges.map((edge) => [edge.id as string, edge.protocol === 'tcp' ? null : edge.requestsPerSecond]));
    for (const { key, cells } of rows) {
      const rate = rates.get(key) ?? null;
      if (rate === null) expect(cells['Rate']).toBe('–');
      else expect(Math.abs((decodeRate(cells['Rate'] ?? '') ?? -1) - rate)).toBeLessThanOrEqual(Math.max(0.25 * rate, 0.02));
    }
  }).toPass({ intervals: [1000], timeout: 30_000 });
  await page.getByRole('textbox', { name: 'Filter edges' }).fill('reviews ratings');
  for (const { cells } of await readRows(page))
    expect(`${cells['Source']} ${cells['Target']}`).toMatch(/reviews.*ratings|ratings.*reviews/);
  await expect(tableRows(page).first()).toBeVisible();
});

test('keeps its whole state in the address', async ({ page, mesh, context }) => {
  await openGraph(page, mesh.url);
  await choose(page, 'Graph type', 'Workload graph');
  await choose(page, 'Window of the metrics', 'Last 10 minutes');
  const namespaces = await openMenu(page, /^Namespaces: /);
  await toggle(namespaces.getByRole('checkbox', { name: /^bookinfo/ }), true);
  await namespaces.getByRole('button', { name: 'Done' }).click();
  const labels = await openMenu(page, 'Labels on the edges');
  await toggle(labels.getByRole('checkbox', { name: 'P95 latency' }), true);
  await toggle(labels.getByRole('checkbox', { name: 'mTLS' }), true);
  const display = await openMenu(page, 'Display options');
  await toggle(display.getByRole('checkbox', { name: /^Service nodes/ }), false);
  await toggle(display.getByRole('checkbox', { name: /^Idle nodes/ }), true);
  await toggle(display.getByRole('radio', { name: 'Only edges that are not healthy' }), true);
  await page.keyboard.press('Escape');
  await hideBox(page).fill('mongodb');
  await page.keyboard.press('Enter');
  await findBox(page).fill('reviews-v2');
  await findHits(page).first().click();
  await toolbar(page).getByRole('button', { name: 'Legend' }).click();
  await expect(panelTitle(page)).toHaveText('reviews-v2');

  const other = await context.newPage();
  await other.goto(page.url());
  await expect(panelTitle(other)).toHaveText('reviews-v2');
  await expect(other.getByRole('combobox', { name: 'Graph type' })).toHaveValue('workload');
  await expect(other.getByRole('combobox', { name: 'Window of the metrics' })).toHaveValue('600');
  await expect(other.getByRole('button', { name: 'Namespaces: bookinfo' })).toBeVisible();
  await expect(findBox(other)).toHaveValue('reviews-v2');
  await expect(other.getByRole('region', { name: 'Legend' })).toBeVisible();
  const labelsThere = await openMenu(other, 'Labels on the edges');
  for (const name of [/^Rate/, /^Error share/, /^P95 latency/, /^mTLS/])
    await expect(labelsThere.getByRole('checkbox', { name })).toBeChecked();
  await expect(labelsThere.getByRole('checkbox', { name: /^P50/ })).not.toBeChecked();
  const displayThere = await openMenu(other, 'Display options');
  await expect(displayThere.getByRole('checkbox', { name: /^Service nodes/ })).not.toBeChecked();
  await expect(displayThere.getByRole('checkbox', { name: /^Idle nodes/ })).toBeChecked();
  await expect(displayThere.getByRole('radio', { name: 'Only edges that are not healthy' })).toBeChecked();
  await expect(hideBox(other)).toHaveValue('mongodb');
  await expect(nodeOptions(other).filter({ hasText: /^mongodb/ })).toHaveCount(0);
  expect(other.url()).toBe(page.url());
});

test('pins a graph of the past', async ({ page, mesh }) => {
  // The simulated mesh brings half an hour of past with it.
  const atSeconds = Math.floor(Date.now() / 1000) - 900;
  const query = { namespaces: 'bookinfo', at: String(atSeconds) };
  const graph = await fetchGraph(mesh.url, query);
  expect(graph.atMs).toBe(atSeconds * 1000);
  expect(graph.edges.length).toBeGreaterThan(5);
  await openGraph(page, mesh.url, query);
  await expect(page.getByText(/This is the past: \d{4}-/)).toBeVisible();
  expect(await readNodeIds(page)).toEqual(graph.nodes.map((node) => node.id).sort());
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(page).toHaveURL(`${mesh.url}/graph${buildQuery({ namespaces: 'bookinfo' })}`);
  await expect(page.getByText(/^live · /)).toBeVisible();
});
