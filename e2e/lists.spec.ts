// Story: I look for what is not healthy in a list, filter, sort and choose columns, share the address, take the list with me as CSV, and go
// on to a page; 5,000 services open at once; and what a list says when there is less to show.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectNoFaults } from './axe';
import { readServerPort, writeKubeconfigTo } from './cluster-api';
import { startConsole } from './console';
import { startCutProxy, startFaultProxy } from './fault-proxy';
import { scrollThrough, watchLongTasks } from './long-tasks';
import { expect, test } from './mesh';

const PICTURES = join(__dirname, '..', 'test-results', 'pictures');
const LISTS = ['Namespaces', 'Applications', 'Workloads', 'Services'] as const;
const grid = (page: Page, name: string) => page.getByRole('grid', { name, exact: true });
const search = (page: Page) => page.getByRole('textbox', { name: 'Filter by name, label=value or key:value' });

test('finds a workload by label and health, keeps it in the address, and goes on to its page', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/overview`);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Workloads' }).click();
  const table = grid(page, 'Workloads');
  await expect(table.getByRole('row').nth(5)).toBeVisible({ timeout: 30_000 });
  await search(page).fill('app=reviews');
  await expect(table.getByRole('row')).toHaveCount(4);
  await expect(page).toHaveURL(/app(?:%3D|=)reviews/);
  await search(page).fill('app=reviews version:v2');
  await expect(table.getByRole('row')).toHaveCount(2);
  await page.reload();
  await expect(table.getByRole('row')).toHaveCount(2, { timeout: 30_000 });
  await expect(table.getByRole('row').nth(1)).toContainText(/reviews-v2.*rps/);

  await search(page).fill('app=reviews');
  await table.getByRole('button', { name: 'Name', exact: true }).click();
  await expect(page).toHaveURL(/order=name/);
  await expect(table.getByRole('row').nth(1)).toContainText('reviews-v1');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const csv = readFileSync(await (await download).path(), 'utf8');
  expect(csv.split('\n')[0]).toContain(',name,');
  expect(csv.trim().split('\n')).toHaveLength(4);

  await table.getByRole('row', { name: /reviews-v2/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/workloads\/bookinfo\/reviews-v2/);
  await expect(page.getByRole('heading', { level: 1, name: 'reviews-v2' })).toBeVisible();
  await page.goBack();
  await expect(search(page)).toHaveValue('app=reviews', { timeout: 30_000 });
});

test('says what the filters hide, and takes them away at a click', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/services`);
  await expect(grid(page, 'Services').getByRole('row').nth(3)).toBeVisible({ timeout: 30_000 });
  await search(page).fill('nothing-is-called-so');
  await expect(page.getByText('No service passes the filters')).toBeVisible();
  await expectNoFaults(page, 'filtered');
  await page.screenshot({ path: join(PICTURES, 'lists-filtered.png') });
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect(grid(page, 'Services').getByRole('row').nth(3)).toBeVisible();
});

const SERVICES = 5_000;
const row = (i: number) => ({
  cluster: 'Kubernetes',
  namespace: `team-${i % 250}`,
  name: `service-${i}-of-a-team-that-likes-long-names`,
  kind: 'ClusterIP',
  health: i % 50 === 0 ? 'degraded' : 'healthy',
  reason: null,
  reasonOf: null,
  inbound: [i % 97, i % 50 === 0 ? 1 : 0, 0, 0, 0],
  outbound: null,
  p95Ms: null,
  mtlsShare: 1,
  mode: 'sidecar',
  injection: 'istio-injection=enabled',
  unmeshedPods: 0,
  labels: { app: `service-${i}` },
  pods: { ready: 2, desired: 2 },
  versions: ['v1'],
  proxies: ['1.27.0'],
  refs: { count: 0, first: [] },
  findings: [0, 0, 0],
  known: true,
});
const LIVE = { state: 'live', atMs: 1, cause: null, next: null };

test('opens 5,000 services at once and scrolls without long tasks', async ({ page, mesh }) => {
  test.setTimeout(120_000);
  const body = JSON.stringify({
    kind: 'service',
    atMs: Date.now(),
    windowSeconds: 60,
    quantilesAtMs: null,
    rows: Array.from({ length: SERVICES }, (_, i) => row(i)),
    freshness: { metrics: LIVE, cluster: LIVE },
  });
  await page.route(/\/api\/lists\/services(?:\?|$)/, (route) => route.fulfill({ contentType: 'application/json', body }));
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await page.goto(`${mesh.url}/namespaces`);
  await expect(grid(page, 'Namespaces').getByRole('row').nth(3)).toBeVisible({ timeout: 30_000 });
  const readTasks = await watchLongTasks(page);
  const started = Date.now();
  await pages.getByRole('link', { name: 'Services' }).click();
  const table = grid(page, 'Services');
  await expect(table.getByRole('row').nth(3)).toBeVisible();
  const openedMs = Date.now() - started;
  await expect(page.getByText(/^5000 services, 100 not healthy/)).toBeVisible();
  expect(await table.getAttribute('aria-rowcount')).toBe(String(SERVICES + 1));
  expect(await table.getByRole('row').count()).toBeLessThan(120);
  const scrolling = await scrollThrough(page, table, readTasks);
  test
    .info()
    .annotations.push({ type: 'measured', description: `opened in ${openedMs} ms; long tasks while scrolling: ${scrolling.join(', ')}` });
  expect(Math.max(0, ...scrolling), 'a long task while scrolling, ms').toBeLessThan(200);
});

test('lists what the cluster says while Prometheus is away', async ({ page, mesh }) => {
  const proxy = await startFaultProxy(mesh.prometheus);
  proxy.mode = 'refuse';
  const running = await startConsole({ prometheus: proxy.url, kubeconfig: mesh.kubeconfig });
  try {
    await page.goto(`${running.url}/workloads`);
    await expect(page.getByText(/No metrics: rates, errors and mTLS are not known/)).toBeVisible({ timeout: 40_000 });
    await expect(grid(page, 'Workloads').getByRole('row', { name: /reviews-v2/ })).toBeVisible();
    await expectNoFaults(page, 'without metrics');
    await page.screenshot({ path: join(PICTURES, 'lists-no-metrics.png') });
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('lists what the metrics know while the Kubernetes API is away', async ({ page, mesh }) => {
  const proxy = await startCutProxy(readServerPort(mesh.kubeconfig));
  proxy.cut();
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig: writeKubeconfigTo(mesh.kubeconfig, proxy.port) });
  try {
    await page.goto(`${running.url}/workloads`);
    await expect(page.getByText(/The Kubernetes API says nothing/)).toBeVisible({ timeout: 40_000 });
    await expect(grid(page, 'Workloads').getByRole('row', { name: /reviews-v2/ })).toBeVisible();
    await expectNoFaults(page, 'without the cluster');
    await page.screenshot({ path: join(PICTURES, 'lists-no-cluster.png') });
  } finally {
    await running.close();
    await proxy.close();
  }
});

for (const theme of ['light', 'dark'] as const)
  for (const { size, width, height } of [
    { size: 'desk', width: 1440, height: 900 },
    { size: 'phone', width: 390, height: 844 },
  ])
    test(`is for everybody on a ${size} in the ${theme} theme`, async ({ page, mesh, context }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height });
      await context.addInitScript((chosen) => {
        if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
      }, theme);
      for (const name of LISTS) {
        await page.goto(`${mesh.url}/${name.toLowerCase()}`);
        await expect(grid(page, name).getByRole('row').nth(3)).toBeVisible({ timeout: 30_000 });
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
          name,
        ).toBeLessThanOrEqual(0);
        await expectNoFaults(page, name);
        await page.screenshot({ path: join(PICTURES, `lists-${name.toLowerCase()}-${size}-${theme}.png`) });
        // Whose row it is stays in sight while its columns are scrolled.
        if (size === 'phone') {
          await grid(page, name).evaluate((table) => table.parentElement?.scrollTo({ left: 300 }));
          await expect(grid(page, name).getByRole('row').nth(1).getByRole('link').first()).toBeInViewport();
          await page.screenshot({ path: join(PICTURES, `lists-${name.toLowerCase()}-${size}-${theme}-scrolled.png`) });
        }
      }
    });
