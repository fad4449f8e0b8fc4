// Story: from the list of dashboards I open one, choose a service, read its charts and the PromQL behind them, and go on with a query of my own.
import { expectNoFaults } from './axe';
import { expect, test } from './mesh';

test('reads a service by its dashboard, the query behind a chart, and asks one of my own', async ({ page, mesh }) => {
  test.setTimeout(120_000);
  await page.goto(`${mesh.url}/dashboards`);
  await page.getByRole('link', { name: 'Istio Service' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Istio Service' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Service' }).selectOption('reviews.bookinfo.svc.cluster.local');
  await expect(page).toHaveURL(/var-service=reviews\.bookinfo/);

  const chart = page.getByRole('region', { name: 'Incoming Requests By Source And Response Code', exact: true });
  await chart.scrollIntoViewIfNeeded();
  await expect(chart.getByRole('img', { name: /^Incoming Requests.*productpage-v1\.bookinfo : 200/ })).toBeVisible({ timeout: 30_000 });
  await chart.getByRole('button', { name: 'Show PromQL' }).click();
  await expect(chart.getByText(/sum\(irate\(istio_requests_total\{reporter=~"destination"/).first()).toBeVisible();

  await chart.getByRole('button', { name: /^Expand/ }).click();
  const wide = page.getByRole('dialog', { name: 'Incoming Requests By Source And Response Code' });
  await expect(wide.getByRole('img', { name: /^Incoming Requests/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(wide).toBeHidden();
  await expect(page).not.toHaveURL(/panel=/);

  await chart.getByRole('link', { name: 'Explore this query' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'PromQL' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Newest values' })).toContainText('productpage-v1');
  const editor = page.getByRole('textbox', { name: 'PromQL' });
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('sum(istio_requests_tot');
  await page.getByRole('option', { name: /istio_requests_total/ }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/promql=sum%28istio_requests_total/);
  await expect(page.getByRole('table', { name: 'Newest values' }).getByRole('row')).toHaveCount(2);
});

test('says in words what an address, a query or a choice asks in vain', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/dashboards/none`);
  await expect(page.getByText(/there is no dashboard/i)).toBeVisible();
  await page.goto(`${mesh.url}/dashboards/istio-ztunnel`);
  await expect(page.getByText(/Needs ztunnel, which runs where the mesh has the ambient mode/).first()).toBeVisible({ timeout: 30_000 });
  await page.goto(`${mesh.url}/dashboards/istio-mesh?range=forever`);
  await expect(page.getByText('The address cannot be read')).toBeVisible();
  await page.goto(`${mesh.url}/query?promql=${encodeURIComponent('sum(')}`);
  await expect(page.getByText(/refused the query/i).first()).toBeVisible();
  await page.goto(`${mesh.url}/query?promql=no_such_metric`);
  await expect(page.getByText('the backend has none of no_such_metric', { exact: false })).toBeVisible();
});

for (const theme of ['light', 'dark'] as const)
  test(`is for everybody in the ${theme} theme`, async ({ page, mesh, context }) => {
    test.setTimeout(120_000);
    await context.addInitScript((chosen) => {
      if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
    }, theme);
    await page.goto(`${mesh.url}/dashboards`);
    await expect(page.getByRole('link', { name: 'Istio Mesh' })).toBeVisible();
    await expectNoFaults(page, 'list');
    await page.goto(`${mesh.url}/dashboards/istio-mesh`);
    await expect(page.getByRole('grid').or(page.getByRole('table', { name: 'HTTP/gRPC Workloads' }))).toBeVisible({ timeout: 30_000 });
    await expectNoFaults(page, 'mesh');
    await page.goto(`${mesh.url}/dashboards/istio-control-plane`);
    await page.getByRole('region', { name: 'Push Time' }).scrollIntoViewIfNeeded();
    await expect(page.getByRole('region', { name: 'Push Time' }).getByRole('img')).toBeVisible({ timeout: 30_000 });
    await expectNoFaults(page, 'control plane');
    await page.goto(`${mesh.url}/query?promql=up`);
    await expect(page.getByRole('table', { name: 'Newest values' })).toBeVisible({ timeout: 30_000 });
    await expectNoFaults(page, 'query');
  });
