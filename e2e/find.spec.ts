// Story: somebody asks the graph questions: finds and hides by expressions, sees mistakes in words, looks around one node, saves what he looks at.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { canvas, findBox, findHits, hideBox, nodeOptions, openGraph, panelTitle, readNodeIds } from './graph-screen';
import { expect, test } from './mesh';

const parameter = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const menu = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('menu');

/** Opens the menu of a node with keys alone. */
async function openMenuOf(page: Page, end: string): Promise<void> {
  await canvas(page).focus();
  await page.keyboard.press('Home');
  const ids = await readNodeIds(page);
  for (let i = 0; i <= ids.length; i++) {
    const active = await canvas(page).getAttribute('aria-activedescendant');
    const id = active === null ? null : await page.locator(`[id="${active}"]`).getAttribute('data-node');
    if (id?.endsWith(end) === true) break;
    await page.keyboard.press('PageDown');
  }
  await page.keyboard.press('Shift+F10');
  await expect(menu(page)).toBeVisible();
}

test('finds by an expression that the field completes, and goes to a hit', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await page.keyboard.press('/');
  await expect(findBox(page)).toBeFocused();
  await page.keyboard.type('workl');
  await page.keyboard.press('Tab');
  await expect(findBox(page)).toHaveValue('workload ');
  await page.keyboard.type('= reviews-v');
  await page.keyboard.press('Tab');
  await expect(findBox(page)).toHaveValue(/^workload = reviews-v\d $/);
  await findBox(page).fill('workload startswith reviews AND version = v3');
  await expect(findHits(page)).toHaveCount(1);
  await expect.poll(() => parameter(page, 'find')).toBe('workload startswith reviews AND version = v3');
  await findHits(page).first().click();
  await expect(panelTitle(page)).toHaveText('reviews v3');
  // A label is known to the server only.
  await findBox(page).fill('label:app = reviews AND node = app');
  await expect(
    findHits(page)
      .filter({ hasText: /reviews/ })
      .first(),
  ).toBeVisible();
});

test('says in words what is wrong with an expression', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await findBox(page).fill('responsetme > 1000');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'operand' })).toHaveText(
    /Unknown operand 'responsetme'.*Did you mean responsetime\?/,
  );
  expect(parameter(page, 'find')).toBeNull();
  await findBox(page).fill('rt > 1000');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'operand' })).toHaveCount(0);
  // What the expression reads is switched on.
  await expect.poll(() => parameter(page, 'labels')).toContain('p95');
  await expect.poll(() => parameter(page, 'overlays')).toBe('quantiles');
});

test('hides what matches, before anything is folded', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', graphType: 'workload', serviceNodes: 'false' });
  await expect(nodeOptions(page).filter({ hasText: /^mongodb/ })).not.toHaveCount(0);
  await hideBox(page).fill('workload startswith mongodb or name = unknown');
  await page.keyboard.press('Enter');
  await expect(nodeOptions(page).filter({ hasText: /^mongodb/ })).toHaveCount(0);
  await expect(nodeOptions(page).filter({ hasText: /^reviews/ })).not.toHaveCount(0);
  await expect.poll(() => parameter(page, 'hide')).toBe('workload startswith mongodb OR name = unknown');
  await hideBox(page).fill('name != ""');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Nothing is left to draw' })).toBeVisible();
  await page.getByRole('button', { name: 'Hide nothing' }).click();
  await expect(nodeOptions(page).filter({ hasText: /^mongodb/ })).not.toHaveCount(0);
});

test('looks around one node and between two, with keys alone', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', graphType: 'workload', serviceNodes: 'false' });
  await openMenuOf(page, '/reviews-v2');
  await expect(menu(page).getByRole('menuitem', { name: 'Details' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Focus' })).toContainText('reviews-v2');
  await expect.poll(() => parameter(page, 'focus')).toMatch(/\/reviews-v2$/);
  await page.getByRole('button', { name: 'More hops towards callees' }).click();
  await expect.poll(() => parameter(page, 'down')).toBe('2');
  await page.getByRole('button', { name: 'Leave the focus' }).click();
  await expect(page.getByRole('region', { name: 'Focus' })).toHaveCount(0);
  expect(parameter(page, 'focus')).toBeNull();

  await expect(nodeOptions(page).filter({ hasText: /^productpage-v1/ })).not.toHaveCount(0);
  await openMenuOf(page, '/productpage-v1');
  await menu(page).getByRole('menuitem', { name: 'Show all paths to …' }).click();
  await expect(page.getByText(/^Paths from productpage-v1: choose/)).toBeVisible();
  await findBox(page).fill('workload startswith ratings');
  await findHits(page).first().click();
  await expect(page.getByRole('region', { name: 'Paths' })).toContainText('from productpage-v1 to ratings');
  await expect.poll(() => parameter(page, 'to')).toContain('/ratings');
  await page.getByRole('button', { name: 'Leave the paths' }).click();
  await expect.poll(() => parameter(page, 'from')).toBeNull();
});

test('saves a view under a name, opens and deletes it', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', graphType: 'workload' });
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('textbox', { name: 'Name for this view' }).fill('Bookinfo workloads');
  await page.keyboard.press('Enter');
  await expect.poll(() => parameter(page, 'saved')).toBe('Bookinfo workloads');
  await page.goto(`${mesh.url}/graph`);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('list', { name: 'Saved views' }).getByRole('button', { name: 'Bookinfo workloads', exact: true }).click();
  await expect.poll(() => parameter(page, 'graphType')).toBe('workload');
  await expect(page.getByRole('combobox', { name: 'Graph type' })).toHaveValue('workload');
  await page.getByRole('button', { name: 'Saved views: Bookinfo workloads' }).click();
  await page.getByRole('button', { name: 'Delete Bookinfo workloads' }).click();
  await expect(page.getByText('Bookinfo workloads is deleted.')).toBeVisible();
  expect(parameter(page, 'saved')).toBeNull();
});

test('can be used by everybody: the open fields, menus and panels', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  const check = async (): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  };
  await findBox(page).focus();
  await check();
  await findBox(page).fill('app = rev');
  await expect(page.getByRole('option', { name: /^reviews/ }).first()).toBeVisible();
  await check();
  await findBox(page).fill('foo = 1');
  await page.keyboard.press('Enter');
  await check();
  await findBox(page).fill('');
  for (const name of ['Help for find and hide', 'Display options', 'Saved views']) {
    await page.getByRole('button', { name, exact: true }).click();
    await expect(page.getByRole('dialog', { name, exact: true })).toBeVisible();
    await check();
    await page.keyboard.press('Escape');
  }
  await openMenuOf(page, '');
  await check();
});
