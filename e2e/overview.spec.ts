// Story: I see every namespace with its health and go from there to its graph.
import { isRecord } from './answers';
import { nodeOptions, openMenu, panelTitle, showDetails, toggle } from './graph-screen';
import { expect, test } from './mesh';

const HEALTH_WORDS: Readonly<Record<string, string>> = {
  failure: 'Failure',
  degraded: 'Degraded',
  notReady: 'Not ready',
  healthy: 'Healthy',
  na: 'No traffic',
};

async function fetchHealth(url: string): Promise<ReadonlyMap<string, string>> {
  const body: unknown = await (await fetch(`${url}/api/namespaces`)).json();
  const list = isRecord(body) && Array.isArray(body['namespaces']) ? body['namespaces'] : [];
  return new Map(list.filter(isRecord).map((one) => [String(one['name']), HEALTH_WORDS[String(one['health'])] ?? '?']));
}

test('lists every namespace with its health', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/overview`);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  // A refresh may change a health between the two questions: asked until both agree.
  await expect(async () => {
    const health = await fetchHealth(mesh.url);
    expect([...health.keys()]).toEqual(expect.arrayContaining(['bookinfo', 'boutique', 'clients', 'legacy', 'istio-system']));
    for (const [name, words] of health)
      await expect(page.getByRole('link', { name: `${name}: ${words}. Open its graph` })).toBeVisible({ timeout: 1000 });
    await expect(page.getByRole('link', { name: /\. Open its graph$/ })).toHaveCount(health.size, { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  const card = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: /^bookinfo: / }) });
  await expect(card).toContainText('Sidecar');
  await expect(card.getByText(/^[1-9][\d.]*k?\srps$/).first()).toBeVisible();
  await expect(page.getByRole('listitem').filter({ has: page.getByRole('link', { name: /^legacy: / }) })).toContainText('Not in the mesh');
});

test('leads to the graph of a namespace', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/overview?duration=5m`);
  await page.getByRole('link', { name: /^bookinfo: / }).click();
  await expect(page).toHaveURL(`${mesh.url}/graph?namespaces=bookinfo&duration=5m`);
  await expect(
    nodeOptions(page)
      .filter({ hasText: / in bookinfo/ })
      .first(),
  ).toBeAttached({ timeout: 30_000 });
  await showDetails(page);
  await expect(panelTitle(page)).toHaveText('bookinfo');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Overview' }).click();
  await expect(page).toHaveURL(`${mesh.url}/overview?namespaces=bookinfo&duration=5m`);
});

test('filters, orders and changes to a list', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/overview`);
  const links = page.getByRole('link', { name: /\. Open its graph$/ });
  await expect(links.first()).toBeVisible();
  await page.getByRole('textbox', { name: 'Filter by name or label' }).fill('istio-injection=enabled');
  await expect(links).toHaveCount(3);
  await page.getByRole('combobox', { name: 'Order' }).selectOption({ label: 'Name' });
  await expect(links).toHaveText(['bookinfo', 'boutique', 'clients']);
  await page.getByRole('textbox', { name: 'Filter by name or label' }).fill('nothing of this name');
  await expect(page.getByText('No namespace passes the filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.getByRole('button', { name: 'List', exact: true }).click();
  const table = page.getByRole('grid', { name: 'Namespaces' });
  await table.getByRole('row', { name: /^boutique/ }).click();
  await expect(page).toHaveURL(`${mesh.url}/graph?namespaces=boutique`);
});

test('follows the choice of namespaces in the masthead', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/overview`);
  await expect(page.getByRole('link', { name: /\. Open its graph$/ }).first()).toBeVisible();
  const menu = await openMenu(page, /^Namespaces: /);
  await toggle(menu.getByRole('checkbox', { name: /^clients/ }), true);
  await toggle(menu.getByRole('checkbox', { name: /^legacy/ }), true);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: /\. Open its graph$/ })).toHaveCount(2);
});
