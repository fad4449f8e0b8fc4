// Story: somebody who can name a workload tries to break in. Text is shown as text, numbers that are none are left out, nothing runs.
import type { Page } from '@playwright/test';
import { type RunningConsole, startConsole } from './console';
import { fetchGraph, nodeOptions, openGraph, openTable, panel, panelTitle, readRows, tableRows } from './graph-screen';
import { GOOD_RATE, HOSTILE_NAMES, HOSTILE_NAMESPACE, type HostilePrometheus, startHostilePrometheus } from './hostile-prometheus';
import { expect, test } from './mesh';

let prometheus: HostilePrometheus;
let running: RunningConsole;

test.beforeAll(async ({ mesh }) => {
  prometheus = await startHostilePrometheus();
  running = await startConsole({ prometheus: prometheus.url, kubeconfig: mesh.kubeconfig });
});
test.afterAll(async () => {
  await running.close();
  await prometheus.close();
});

const shown = (name: string): string => name.replace(/\s+/g, ' ').trim();

/** Nothing that a name carries was run, asked for or made into markup. */
async function expectTame(page: Page): Promise<void> {
  expect(await page.evaluate(() => '__ran' in window)).toBe(false);
  await expect(page.locator('img[src="x"], [onmouseover], [onerror], a[href^="javascript:"]')).toHaveCount(0);
}

test.beforeEach(({ page }) => {
  page.on('dialog', (dialog) => {
    void dialog.dismiss();
    throw new Error(`a dialog opened: ${dialog.message()}`);
  });
});

test('answers every name as it is, and no number that is none', async () => {
  const graph = await fetchGraph(running.url, { graphType: 'workload', serviceNodes: 'false' });
  expect(graph.freshness.metrics.state).toBe('live');
  const names = new Set(graph.nodes.map((node) => node.workload));
  for (const name of HOSTILE_NAMES) expect(names, name.slice(0, 60)).toContain(name);
  expect(graph.edges).toHaveLength(HOSTILE_NAMES.length - 1);
  for (const edge of graph.edges) expect(edge.requestsPerSecond).toBe(GOOD_RATE);
  expect(graph.totals.requestsPerSecond).toBeCloseTo(GOOD_RATE * (HOSTILE_NAMES.length - 1));
  expect(names).not.toContain('called-badly');
  expect(new Set(graph.nodes.map((node) => node.id)).size).toBe(graph.nodes.length);
});

test('draws the graph and lists it, with names as text', async ({ page }) => {
  await openGraph(page, running.url, { graphType: 'workload', serviceNodes: 'false' });
  await expect(nodeOptions(page)).toHaveCount(HOSTILE_NAMES.length);
  await expectTame(page);
  await openTable(page, running.url, 'nodes', { graphType: 'workload', serviceNodes: 'false' });
  const listed = (await readRows(page)).map(({ cells }) => shown(cells['Name'] ?? ''));
  expect([...listed].sort()).toEqual(HOSTILE_NAMES.map(shown).sort());
  await expectTame(page);
  // A name of 10 kB does not push the rest off the screen.
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});

test('opens the panel of every node, also of the one with a name of 10 kB, and of an edge', async ({ page }) => {
  const query = { graphType: 'workload', serviceNodes: 'false' };
  await openTable(page, running.url, 'nodes', query);
  for (const { cells } of await readRows(page)) {
    // Its beginning tells a name: addresses are cut, and 10 kB are nothing to print when the test fails.
    const name = shown(cells['Name'] ?? '').slice(0, 60);
    await tableRows(page).filter({ hasText: name }).first().click();
    await expect(panelTitle(page)).toContainText(name);
    await expectTame(page);
  }
  const graph = await fetchGraph(running.url, query);
  const edge = graph.edges.find((one) => one.id.length < 500);
  await openGraph(page, running.url, { ...query, select: edge?.id ?? '' });
  await expect(panel(page).getByText('Edge', { exact: true })).toBeVisible();
  await expect(panel(page).getByRole('table', { name: 'Responses: codes' })).toBeVisible();
  await expectTame(page);
});

test('shows the overview with a namespace of such a name', async ({ page }) => {
  await page.goto(`${running.url}/overview`);
  const link = page.getByRole('link').filter({ hasText: HOSTILE_NAMESPACE });
  await expect(page.getByRole('link', { name: /^bookinfo: / })).toBeVisible();
  if ((await link.count()) > 0) await link.first().click();
  await expectTame(page);
});

test('says on the page what an address carries, as text', async ({ page }) => {
  await page.goto(
    `${running.url}/graph?graphType=${encodeURIComponent('<img src=x onerror="window.__ran=1">')}&find=${encodeURIComponent('<b>bold</b>')}`,
  );
  await expect(page.getByText('The address cannot be read')).toBeVisible();
  // In the alert alone: a node of the graph behind it has such a name too.
  const alert = page.locator('.pf-v6-c-alert').filter({ hasText: 'The address cannot be read' });
  await expect(alert.getByText('<img src=x onerror=')).toBeVisible();
  await expectTame(page);
});
