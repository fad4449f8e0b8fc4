// Pictures of the main screens for people to judge, in test-results/pictures; and, only when asked (HEDDLE_PICTURE=1), README's picture.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { choose, fetchGraph, nodeOptions, openGraph, openTable, panelTitle, readPicture } from './graph-screen';
import { expect, test } from './mesh';

const PICTURES = join(__dirname, '..', 'test-results', 'pictures');

/** Until nothing moves any more: layout, flights of the camera, fonts. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  if ((await nodeOptions(page).count()) === 0) return;
  let last = '';
  await expect
    .poll(
      async () => {
        const before = last;
        last = await readPicture(page);
        return last === before;
      },
      { intervals: [400] },
    )
    .toBe(true);
}

const take = async (page: Page, name: string): Promise<void> => {
  await settle(page);
  const path = join(PICTURES, `${name}.png`);
  const picture = await page.screenshot({ path });
  // Not a blank page: that much colour does not fit into fewer bytes.
  expect(picture.length).toBeGreaterThan(20_000);
};

for (const theme of ['light', 'dark'] as const)
  for (const { size, width, height } of [
    { size: 'desk', width: 1440, height: 900 },
    { size: 'phone', width: 390, height: 844 },
  ])
    test(`pictures on a ${size} in the ${theme} theme`, async ({ page, mesh, context }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height });
      await context.addInitScript((chosen) => {
        if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
      }, theme);
      const suffix = `${size}-${theme}`;
      await page.goto(`${mesh.url}/overview`);
      await expect(page.getByRole('link', { name: /^bookinfo: / })).toBeVisible();
      await take(page, `overview-${suffix}`);

      await openGraph(page, mesh.url);
      await expect(page.getByText(/^live · /)).toBeAttached();
      await take(page, `graph-${suffix}`);

      const query = { namespaces: 'bookinfo', labels: 'rate,errors,p95,mtls', overlays: 'quantiles' };
      const graph = await fetchGraph(mesh.url, query);
      const node = graph.nodes.find((one) => one.app === 'reviews' && one.version === 'v3');
      await openGraph(page, mesh.url, { ...query, select: node?.id ?? '' });
      await expect(panelTitle(page)).toHaveText('reviews v3');
      await expect(page.getByRole('figure').first()).toBeVisible({ timeout: 30_000 });
      await take(page, `node-${suffix}`);

      await openTable(page, mesh.url, 'edges', { namespaces: 'bookinfo' });
      await take(page, `table-${suffix}`);
    });

test('pictures of a stale graph, an explanation, the legend and the past', async ({ page, mesh }) => {
  test.setTimeout(120_000);
  const graph = await fetchGraph(mesh.url, { namespaces: 'clients' });
  const passthrough = graph.nodes.find((node) => node.kind === 'passthrough');
  await openGraph(page, mesh.url, { namespaces: 'clients', select: passthrough?.id ?? '', legend: 'true' });
  await expect(page.getByText('Likely cause:')).toBeVisible();
  await take(page, 'explanation-desk-light');
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', at: String(Math.floor(Date.now() / 1000) - 600) });
  await take(page, 'past-desk-light');
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  try {
    mesh.metricsFaults.mode = '503';
    await expect(page.getByText(/^stale · /)).toBeVisible({ timeout: 40_000 });
    await take(page, 'stale-desk-light');
  } finally {
    mesh.metricsFaults.mode = 'none';
  }
  await page.goto(`${mesh.url}/graph?namespaces=kube-system`);
  await expect(page.getByRole('heading', { name: 'No traffic in this window' })).toBeVisible();
  await take(page, 'empty-desk-light');
});

test("README's picture", async ({ page, mesh, context }) => {
  test.skip(process.env['HEDDLE_PICTURE'] !== '1', 'only when asked for: it is part of the repository');
  await context.addInitScript(() => {
    if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', 'light');
  });
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', labels: 'rate,errors' });
  await choose(page, 'Refresh', 'Every 10 s');
  // Without the list of pages the graph has more room and larger letters.
  await page.getByRole('button', { name: 'Navigation' }).click();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(page.getByText(/^live · /)).toBeVisible();
  await page.mouse.move(0, 0);
  await settle(page);
  await page.screenshot({ path: join(__dirname, '..', 'public', 'graph.png') });
});
