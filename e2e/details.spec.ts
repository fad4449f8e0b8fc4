// Story: from a red edge I go on to the workload, its pods, its traffic and its configuration, and back to the graph; and what a page says
// when there is less to show.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectNoFaults } from './axe';
import { openClusterApi, readServerPort, writeKubeconfigTo } from './cluster-api';
import { logIn, openCompany } from './company';
import { startConsole } from './console';
import { startCutProxy, startFaultProxy } from './fault-proxy';
import { fetchGraph, openGraph, panel } from './graph-screen';
import { expect, test } from './mesh';
import { editor } from './yaml-editor';

const PICTURES = join(__dirname, '..', 'test-results', 'pictures');
const EVENTS = '/api/v1/namespaces/bookinfo/events';
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const tab = (page: Page, name: string) => page.getByRole('navigation', { name: /^Parts of the / }).getByRole('link', { name, exact: true });

test('goes from a red edge to the workload, its pods, traffic and configuration, and back', async ({ page, mesh }) => {
  test.setTimeout(180_000);
  const api = openClusterApi(mesh.kubeconfig);
  await api.send('POST', EVENTS, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'reviews-v2.told', namespace: 'bookinfo' },
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'bookinfo', name: 'reviews-v2' },
    type: 'Warning',
    reason: 'ProgressDeadlineExceeded',
    message: 'told by the story',
    lastTimestamp: new Date().toISOString(),
    count: 3,
  });
  try {
    const view = { namespaces: 'bookinfo', graphType: 'workload' };
    const graph = await fetchGraph(mesh.url, view);
    const edge = graph.edges.find(({ target }) => target.endsWith('/bookinfo/reviews-v2'));
    if (edge === undefined) throw new Error('nothing calls reviews-v2');
    await openGraph(page, mesh.url, { ...view, select: edge.target });
    await panel(page).getByRole('link', { name: 'Open reviews-v2' }).click();
    await expect(heading(page, 'reviews-v2')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Pods', exact: true }).getByRole('row').nth(1)).toContainText('reviews-v2-');
    await expect(page.getByRole('region', { name: 'Events', exact: true })).toContainText('told by the story');
    await expect(page.getByRole('region', { name: 'Events', exact: true })).toContainText('3 times');
    await expect(page.getByRole('region', { name: 'In the mesh', exact: true })).toContainText('namespace bookinfo');
    await expect(page.getByRole('region', { name: 'Who talks to it', exact: true }).getByRole('listbox')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('region', { name: 'Ports and mutual TLS', exact: true })).toContainText('9080');

    await tab(page, 'Traffic').click();
    await expect(page).toHaveURL(/\/workloads\/bookinfo\/reviews-v2\?tab=traffic$/);
    const inbound = page.getByRole('table', { name: 'Traffic in' });
    await expect(inbound.getByRole('row').nth(1)).toContainText(/productpage-v1.*rps/);
    await expect(inbound.getByRole('row').nth(1)).toContainText(/\d\sms/, { timeout: 30_000 });
    await page.getByRole('table', { name: 'Traffic out' }).getByRole('link', { name: 'ratings-v1', exact: true }).first().click();
    await expect(page).toHaveURL(/\/workloads\/bookinfo\/ratings-v1\?tab=traffic$/);
    await page.goBack();
    await inbound.getByRole('link', { name: /rps/ }).first().click();
    await expect(page).toHaveURL(/\/graph\?.*select=/);
    await expect(panel(page)).toContainText('reviews', { timeout: 30_000 });

    await page.goto(`${mesh.url}/services/bookinfo/reviews`);
    await tab(page, 'Configuration').click();
    await page.getByRole('grid', { name: 'Objects that apply here' }).getByRole('link', { name: 'reviews', exact: true }).first().click();
    await expect(page).toHaveURL(/object=/);
    await expect(editor(page)).toBeVisible({ timeout: 30_000 });
    await tab(page, 'Routing').click();
    await expect(page.getByRole('heading', { name: /Versions and subsets/ })).toBeVisible();
    await page.getByRole('navigation', { name: 'Elsewhere' }).getByRole('link', { name: 'Show in the graph' }).click();
    await expect(page).toHaveURL(/\/graph\?.*focus=service/);
  } finally {
    await api.send('DELETE', `${EVENTS}/reviews-v2.told`);
  }
});

test('names what was looked for and what is named nearly so, where there is nothing', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/workloads/bookinfo/review-v2`);
  await expect(page.getByRole('heading', { name: 'There is no such workload' })).toBeVisible();
  await expect(page.getByText(/there is no workload bookinfo\/review-v2/i)).toBeVisible();
  await page.getByRole('link', { name: 'bookinfo/reviews-v2', exact: true }).click();
  await expect(heading(page, 'reviews-v2')).toBeVisible();
  await page.goto(`${mesh.url}/namespaces/no-such-place`);
  await expect(page.getByRole('heading', { name: 'There is no such namespace' })).toBeVisible();
});

test('shows what the cluster says while Prometheus is away', async ({ page, mesh }) => {
  const proxy = await startFaultProxy(mesh.prometheus);
  proxy.mode = 'refuse';
  const running = await startConsole({ prometheus: proxy.url, kubeconfig: mesh.kubeconfig });
  try {
    await page.goto(`${running.url}/workloads/bookinfo/reviews-v2`);
    await expect(page.getByText(/No traffic: the metrics cannot be read/)).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('region', { name: 'Pods', exact: true }).getByRole('row').nth(1)).toContainText('reviews-v2-');
    await expectNoFaults(page, 'without metrics');
    await page.screenshot({ path: join(PICTURES, 'details-no-metrics.png') });
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('shows what the traffic says while the Kubernetes API is away', async ({ page, mesh }) => {
  const proxy = await startCutProxy(readServerPort(mesh.kubeconfig));
  proxy.cut();
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig: writeKubeconfigTo(mesh.kubeconfig, proxy.port) });
  try {
    await page.goto(`${running.url}/workloads/bookinfo/reviews-v2?tab=traffic`);
    await expect(page.getByText(/Only traffic: the Kubernetes API cannot be read/)).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('table', { name: 'Traffic in' }).getByRole('row').nth(1)).toContainText('productpage-v1');
    await expectNoFaults(page, 'without the cluster');
    await page.screenshot({ path: join(PICTURES, 'details-no-cluster.png') });
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('says the same of what is not there and of what may not be seen', async ({ page, mesh }) => {
  const company = await openCompany(mesh, { tokenSeconds: 3600 });
  try {
    await page.goto(`${company.console.url}/services/boutique/frontend`);
    await logIn(page, 'editor');
    await expect(page.getByRole('heading', { name: 'There is no such service' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/in a namespace that you do not see/)).toBeVisible();
    await page.screenshot({ path: join(PICTURES, 'details-not-seen.png') });
  } finally {
    await company.close();
  }
});

const PAGES = [
  ['workload', '/workloads/bookinfo/reviews-v2', 'Pods'],
  ['service', '/services/bookinfo/reviews', 'Endpoints'],
  ['application', '/applications/bookinfo/reviews', 'Pods'],
  ['namespace', '/namespaces/bookinfo', 'Related'],
  ['traffic', '/workloads/bookinfo/productpage-v1?tab=traffic', 'Out'],
  ['configuration', '/services/bookinfo/reviews?tab=configuration', 'Objects that apply here'],
] as const;

for (const theme of ['light', 'dark'] as const)
  for (const { size, width, height } of [
    { size: 'desk', width: 1440, height: 900 },
    { size: 'phone', width: 390, height: 844 },
  ])
    test(`is for everybody on a ${size} in the ${theme} theme`, async ({ page, mesh, context }) => {
      test.setTimeout(180_000);
      await page.setViewportSize({ width, height });
      await context.addInitScript((chosen) => {
        if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
      }, theme);
      for (const [name, path, part] of PAGES) {
        await page.goto(`${mesh.url}${path}`);
        await expect(page.getByRole('region', { name: part, exact: true })).toBeVisible({ timeout: 30_000 });
        if (name !== 'traffic' && name !== 'configuration')
          await expect(page.getByRole('region', { name: 'Who talks to it', exact: true }).getByRole('listbox')).toBeVisible({
            timeout: 30_000,
          });
        // The page may not be wider than the screen; tables scroll by themselves.
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
          name,
        ).toBeLessThanOrEqual(0);
        await expectNoFaults(page, name);
        await page.screenshot({ path: join(PICTURES, `details-${name}-${size}-${theme}.png`), fullPage: true });
      }
      await page.goto(`${mesh.url}/workloads/bookinfo/review-v2`);
      await expect(page.getByRole('heading', { name: 'There is no such workload' })).toBeVisible();
      await expectNoFaults(page, 'not found');
      await page.screenshot({ path: join(PICTURES, `details-not-found-${size}-${theme}.png`) });
    });
