// Story: from a workload I go on to its logs: live, the program and its proxy, filtered, a request in words, older lines, and a file.
import { expectNoFaults } from './axe';
import { openClusterApi } from './cluster-api';
import { expect, test } from './mesh';

const PAGE = '/workloads/bookinfo/productpage-v1?tab=logs';

test('follows a workload live, reads a request in words, filters, goes back and saves', async ({ page, mesh }) => {
  test.setTimeout(120_000);
  await page.goto(`${mesh.url}${PAGE}`);
  const lines = page.getByRole('listbox').getByRole('option');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(lines.first()).toBeVisible();
  // New lines come by themselves.
  const last = await lines.last().textContent();
  await expect.poll(() => lines.last().textContent(), { timeout: 20_000 }).not.toBe(last);

  // The proxies' requests, those that failed first of all.
  await page.getByRole('textbox', { name: 'Filter by text' }).fill('"GET /');
  await expect(page).toHaveURL(/logFind=/);
  await expect(lines.last()).toContainText('HTTP/1.1');
  await lines.last().click();
  const details = page.getByRole('region', { name: 'The chosen line' });
  await expect(details.getByRole('heading', { name: 'Access log of the proxy' })).toBeFocused();
  await expect(details.getByRole('rowheader', { name: 'Response flags' })).toBeVisible();
  await expect(details.getByRole('rowheader', { name: 'Duration' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  // Opening a line held the list still; it says what came meanwhile.
  await expect(page.getByRole('button', { name: /new lines?: follow the end$/ })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: /follow the end$/i }).click();
  await expect(page.getByText('Following the end')).toBeVisible();

  // A regular expression is looked for beside the page: one that never ends is given up.
  await page.getByRole('checkbox', { name: 'Regex' }).click();
  await page.getByRole('textbox', { name: 'Filter by a regular expression' }).fill('\\s200\\s');
  await expect(lines.last()).toContainText('200');
  await page.getByRole('textbox', { name: 'Filter by a regular expression' }).fill('(.+)+§');
  await expect(page.getByText(/takes too long on these lines/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole('textbox', { name: 'Filter by a regular expression' }).fill('(');
  await expect(page.getByText(/^Not a regular expression/)).toBeVisible();
  await expect(page.getByText(/takes too long/)).toBeHidden();
  await page.getByRole('textbox', { name: 'Filter by a regular expression' }).fill('');

  await page.getByRole('combobox', { name: 'Application and proxy' }).selectOption('split');
  await expect(page.getByRole('listbox', { name: 'Lines: Proxy' }).getByRole('option').first()).toBeVisible();
  await expect(page.getByRole('listbox', { name: 'Lines: Application' }).getByRole('option').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Application and proxy' }).selectOption('merged');

  // Older lines come before those that are there, and what is in view stays.
  const list = page.getByRole('listbox');
  await expect(list).toHaveCount(1);
  const count = async (): Promise<number> => Number(await lines.first().getAttribute('aria-setsize'));
  await list.focus();
  await page.keyboard.press('Home');
  const before = await count();
  await page.getByRole('button', { name: 'Load older lines' }).click();
  await expect.poll(count).toBeGreaterThan(before);

  await page.getByText('Save', { exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Whole log from the cluster' }).click()]);
  expect(file.suggestedFilename()).toBe('bookinfo-logs.log');
});

test('shows JSON as a table, and says why a container brings nothing', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/workloads/boutique/cartservice?tab=logs&logShape=table`);
  await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await expect(
    page
      .getByText('took_ms', { exact: true })
      .or(page.getByText('response_code', { exact: true }))
      .filter({ visible: true })
      .first(),
  ).toBeVisible({ timeout: 20_000 });
  await page.goto(`${mesh.url}${PAGE}&logPrevious=true`);
  await expect(page.getByText(/has no such log/).first()).toBeVisible();
  await page.goto(`${mesh.url}/workloads/bookinfo/none?tab=logs`);
  await expect(page.getByText(/there is no workload bookinfo\/none/i).first()).toBeVisible();
});

const PODS = '/api/v1/namespaces/bookinfo/pods';
const SERVICES = '/api/v1/namespaces/bookinfo/services';

test('reads pods that have run to their end, and what was written before a restart', async ({ page, mesh }) => {
  test.setTimeout(120_000);
  const api = openClusterApi(mesh.kubeconfig);
  const labels = { app: 'copy', 'sidecar.istio.io/inject': 'false' };
  const made = [
    ['copy-1-done', 'Never', 'true'],
    ['copy-2-broken', 'Never', 'false'],
    ['copy-3-again', 'Always', 'false'],
  ] as const;
  for (const [name, restartPolicy, command] of made)
    await api.send('POST', PODS, {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'bookinfo', labels } },
      spec: { restartPolicy, containers: [{ name: 'copy', image: 'example.com/copy:1', command: [command] }] },
    });
  await api.send('POST', SERVICES, {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'copy', namespace: 'bookinfo' } },
    spec: { selector: { app: 'copy' }, ports: [{ name: 'http', port: 80 }] },
  });
  try {
    const chooser = page.getByText('Pods: all that run', { exact: true });
    await expect(async () => {
      await page.goto(`${mesh.url}/services/bookinfo/copy?tab=logs`);
      await expect(chooser).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
    // The pod that is started again and again is alone read at first; its log is that of the last try.
    const lines = page.getByRole('listbox').getByRole('option');
    await expect(lines.last()).toContainText('exit code 1');
    await expect(page.getByText(/^copy-3-again copy$/)).toBeVisible();
    await chooser.click();
    await expect(page.getByRole('checkbox', { name: /copy-1-done\s*Succeeded/ })).toBeVisible();
    await expect(page.getByRole('checkbox', { name: /copy-3-again\s*4 restarts/ })).toBeVisible();
    await page.screenshot({ path: 'test-results/pictures/logs-finished-pods.png' });
    await page.getByRole('checkbox', { name: /copy-2-broken\s*Failed/ }).click();
    await expect(page.getByText(/^copy-2-broken copy$/)).toBeVisible();
    await expect(lines.last()).toContainText('exit code 1');
    await page.getByRole('checkbox', { name: /copy-2-broken/ }).click();
    await expect(page.getByRole('checkbox', { name: /copy-2-broken/ })).not.toBeChecked();
    await page.getByRole('checkbox', { name: /copy-1-done/ }).click();
    await expect(lines.last()).toContainText('copy is done');
    await page.getByRole('checkbox', { name: /copy-1-done/ }).click();
    await expect(page.getByRole('checkbox', { name: /copy-1-done/ })).not.toBeChecked();
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'Before restart' }).click();
    await expect(page.getByText('Of the container before the last restart')).toBeVisible();
    await expect(lines.last()).toContainText('exit code 1');
    // Where nothing was restarted, it is not offered.
    await page.goto(`${mesh.url}/workloads/bookinfo/details-v1?tab=logs`);
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
    await expect(page.getByRole('checkbox', { name: 'Before restart' })).toBeDisabled();
  } finally {
    for (const [name] of made) await api.send('DELETE', `${PODS}/${name}`);
    await api.send('DELETE', `${SERVICES}/copy`);
    await api.close();
  }
});

for (const theme of ['light', 'dark'] as const)
  for (const [size, width, height] of [
    ['desk', 1440, 900],
    ['phone', 390, 844],
  ] as const)
    test(`is for everybody on a ${size} in the ${theme} theme`, async ({ page, mesh, context }) => {
      await page.setViewportSize({ width, height });
      await context.addInitScript((chosen) => {
        if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
      }, theme);
      await page.goto(`${mesh.url}${PAGE}&logFind=HTTP/1.1`);
      await page.getByRole('listbox').getByRole('option').last().click();
      await expect(page.getByRole('region', { name: 'The chosen line' })).toBeVisible();
      await expectNoFaults(page, `logs in the ${theme} theme`);
      await page.screenshot({ path: `test-results/pictures/logs-${size}-${theme}.png` });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
