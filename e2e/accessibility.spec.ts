// Story: the console is for everybody: no serious fault that axe can find, in both themes, on a desk and on a phone.
import { expectNoFaults } from './axe';
import { choose, fetchGraph, nodeOptions, openGraph, openTable, panelTitle } from './graph-screen';
import { expect, test } from './mesh';
import { appendText, openObject, problems } from './yaml-editor';

const SIZES = [
  { name: 'desk', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const;
const THEMES = ['light', 'dark'] as const;

for (const { name, width, height } of SIZES)
  for (const theme of THEMES)
    test(`has no serious fault on a ${name} in the ${theme} theme`, async ({ page, mesh, context }) => {
      test.setTimeout(150_000);
      await page.setViewportSize({ width, height });
      await context.addInitScript((chosen) => {
        if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
      }, theme);
      const query = { namespaces: 'bookinfo' };
      const graph = await fetchGraph(mesh.url, query);
      // The fullest panel: with an explanation, commands to copy, tables and charts.
      const node = graph.nodes.find((one) => one.explanation?.code === 'outOfMeshCaller');
      const edge = graph.edges.find((one) => one.errorsPerSecond > 0);

      await page.goto(`${mesh.url}/overview`);
      await expect(page.getByRole('link', { name: /^bookinfo: / })).toBeVisible();
      await expectNoFaults(page, 'overview');

      await openGraph(page, mesh.url, query);
      await expectNoFaults(page, 'graph');
      for (const [words, id] of [
        ['node', node?.id],
        ['edge', edge?.id],
      ] as const) {
        expect(id, words).toBeDefined();
        await openGraph(page, mesh.url, { ...query, select: id ?? '', legend: 'true' });
        await expect(panelTitle(page)).toBeVisible();
        await expect(page.getByRole('figure').first()).toBeVisible({ timeout: 30_000 });
        await expectNoFaults(page, words, 'main');
      }

      await openTable(page, mesh.url, 'edges', query);
      await expectNoFaults(page, 'table', 'main');

      await openGraph(page, mesh.url, query);
      await choose(page, 'Refresh', width < 768 ? 'Pause' : 'Paused');
      const menus = width < 768 ? ['Graph options', 'Theme'] : ['Labels on the edges', 'Display options', 'Theme', 'User: anonymous'];
      for (const menu of [/^Namespaces: /, ...menus]) {
        await page.getByRole('button', { name: menu, exact: true }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await expectNoFaults(page, `menu ${String(menu)}`, '[role="dialog"]');
        await page.keyboard.press('Escape');
      }
      await expect(nodeOptions(page).first()).toBeAttached();
    });

for (const { name, width, height } of SIZES)
  for (const theme of THEMES)
    test(`has no serious fault where configuration is listed, edited and explained, on a ${name} in the ${theme} theme`, async ({
      page,
      mesh,
      context,
    }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height });
      await context.addInitScript((chosen) => {
        if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
      }, theme);
      await page.goto(`${mesh.url}/config`);
      await expect(page.getByRole('grid', { name: 'Configuration' })).toBeVisible();
      await expectNoFaults(page, 'list');
      await page.getByRole('button', { name: 'Create an object' }).click();
      await expectNoFaults(page, 'menu', '[role="dialog"]');

      await openObject(page, mesh.url, 'DestinationRule/bookinfo/reviews');
      await appendText(page, '  nope: 1\n');
      await expect(problems(page)).toContainText('unknown field “nope”');
      await expectNoFaults(page, 'editor');
      await page.getByRole('button', { name: 'Compare' }).click();
      await expect(page.locator('.cm-changedLine').first()).toBeVisible();
      await expectNoFaults(page, 'comparison', 'main');

      await page.goto(`${mesh.url}/explain?sourceNamespace=bookinfo&source=productpage-v1&host=reviews&port=9080`);
      await expect(page.getByRole('table', { name: 'Destinations' })).toBeVisible();
      await expectNoFaults(page, 'explanation', 'main');
    });
