// Story: on the page of a workload I read its metrics in and out, tell them apart by caller, compare them with before, zoom into a part of the
// range, open one chart with its table and go on with its query. What is empty is said in a line.
import { expectNoFaults } from './axe';
import { expect, test } from './mesh';

const PAGE = '/workloads/bookinfo/reviews-v2?tab=metrics';

test('reads the metrics of a workload, groups, compares, zooms, expands and explores them', async ({ page, mesh }) => {
  test.setTimeout(150_000);
  await page.goto(`${mesh.url}${PAGE}`);
  const inbound = page.getByRole('region', { name: 'Inbound', exact: true });
  const volume = inbound.getByRole('region', { name: 'Inbound: Request volume' });
  await expect(volume.getByRole('img', { name: /^Request volume, inbound\. Request volume: now/ })).toBeVisible({ timeout: 60_000 });
  await expect(inbound.getByText('No TCP traffic in this range.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Outbound: Request volume' }).getByRole('img').first()).toBeVisible({ timeout: 30_000 });

  await page.getByRole('button', { name: /^Group by/ }).click();
  await page.getByRole('checkbox', { name: 'Peer workload' }).click();
  await expect(page.getByRole('checkbox', { name: 'Peer workload' })).toBeChecked();
  await page.getByRole('checkbox', { name: 'Response code' }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/by=peerWorkload%2Ccode/);
  await expect(volume.getByRole('img', { name: /bookinfo\/productpage-v1 · 200: now/ })).toBeVisible({ timeout: 30_000 });

  await page.getByRole('combobox', { name: 'Compare' }).selectOption({ label: 'With the period before' });
  await expect(volume.getByText(/Means, compared with 30 minutes before|Nothing to compare with/)).toBeVisible({ timeout: 30_000 });

  await volume.getByRole('button', { name: 'Show PromQL' }).click();
  await expect(volume.getByText(/destination_workload="reviews-v2"/).first()).toBeVisible();

  const plot = volume.getByRole('img').first();
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the plot has no place');
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 42, { steps: 4 });
  await page.mouse.move(box.x + box.width * 0.8, box.y + 42, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/range=\d+[sm]&at=\d+/);
  await page.getByRole('button', { name: 'Reset zoom' }).click();
  await expect(page).not.toHaveURL(/at=\d+/);

  await volume.getByRole('button', { name: 'Expand Inbound: Request volume' }).click();
  const wide = page.getByRole('dialog', { name: 'Inbound: Request volume' });
  await expect(wide.getByRole('table', { name: 'Request volume, inbound' })).toBeVisible();
  await expect(page).toHaveURL(/chart=inbound%2Frequests/);
  await page.keyboard.press('Escape');
  await expect(wide).toBeHidden();

  await volume.getByRole('link', { name: 'Explore this query' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'PromQL' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Newest values' })).toContainText('productpage-v1', { timeout: 30_000 });
});

test('hides and shows lines, says what an address asks in vain and what fails', async ({ page, mesh }) => {
  test.setTimeout(120_000);
  await page.goto(`${mesh.url}${PAGE}&direction=inbound`);
  const duration = page.getByRole('region', { name: 'Inbound: Request duration' });
  const line = duration.getByRole('button', { name: 'P99', exact: true });
  await line.click({ timeout: 60_000 });
  await expect(line).toHaveAttribute('aria-pressed', 'false');
  await line.press('Enter');
  await expect(line).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('region', { name: 'Outbound', exact: true })).toHaveCount(0);

  await page.goto(`${mesh.url}${PAGE}&by=nothing`);
  await expect(page.getByText('The address cannot be read')).toBeVisible({ timeout: 30_000 });
  await page.goto(`${mesh.url}/services/bookinfo/mongodb?tab=metrics&range=5m`);
  await expect(page.getByText('No HTTP or gRPC requests in this range.').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Inbound: TCP received' }).getByRole('img').first()).toBeVisible();

  mesh.metricsFaults.mode = '503';
  try {
    await page.goto(`${mesh.url}/workloads/bookinfo/ratings-v1?tab=metrics&range=1h`);
    await expect(
      page
        .getByRole('alert')
        .filter({ hasText: /Prometheus/ })
        .first(),
    ).toBeVisible({ timeout: 60_000 });
  } finally {
    mesh.metricsFaults.mode = 'none';
  }
});

for (const theme of ['light', 'dark'] as const)
  test(`is for everybody in the ${theme} theme`, async ({ page, mesh, context }) => {
    test.setTimeout(150_000);
    await context.addInitScript((chosen) => {
      if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
    }, theme);
    const picture = async (name: string): Promise<void> => {
      if (process.env['HEDDLE_PICTURES'] !== '1') return;
      await page.screenshot({ path: `test-results/pictures/metrics-${name}-${theme}.png`, fullPage: true });
    };
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${mesh.url}/applications/bookinfo/reviews?tab=metrics&by=version&compare=period`);
    await expect(page.getByRole('region', { name: 'Outbound: Request volume' }).getByRole('img').first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('region', { name: 'Inbound: Request volume' }).getByRole('img').first()).toBeVisible();
    await picture('wide');
    await expectNoFaults(page, 'wide');
    await page.goto(`${mesh.url}${PAGE}&chart=inbound/duration`);
    await expect(page.getByRole('dialog').getByRole('table')).toBeVisible({ timeout: 60_000 });
    await picture('expanded');
    await expectNoFaults(page, 'expanded');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${mesh.url}/namespaces/boutique?tab=metrics&by=peerNamespace`);
    await expect(page.getByRole('region', { name: 'Inbound: Request volume' }).getByRole('img').first()).toBeVisible({ timeout: 60_000 });
    await picture('narrow');
    await expectNoFaults(page, 'narrow');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
