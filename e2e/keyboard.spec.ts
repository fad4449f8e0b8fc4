// Story: I have no mouse. Everything is reached, seen and done by keys.
import type { Locator, Page } from '@playwright/test';
import {
  canvas,
  fetchGraph,
  findBox,
  findHits,
  freeze,
  nodeOptions,
  openGraph,
  openTable,
  panel,
  panelTitle,
  readPicture,
  tableRows,
} from './graph-screen';
import { expect, test } from './mesh';

const MOST_STOPS = 60;

const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement).catch(() => false);

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let i = 0; i < MOST_STOPS; i++) {
    if (await isFocused(target)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${MOST_STOPS} times ${key} did not lead to ${target.toString()}`);
}

/** Id of the node under the canvas's cursor. */
const readCursor = (page: Page): Promise<string | null> =>
  canvas(page).evaluate((stage) => {
    const active = stage.getAttribute('aria-activedescendant');
    return active === null ? null : (document.getElementById(active)?.getAttribute('data-node') ?? null);
  });

test('starts with a link that skips to the content', async ({ page, mesh }) => {
  await openGraph(page, mesh.url);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  await page.keyboard.press('Tab');
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
});

test('opens, uses and closes the menus', async ({ page, mesh }) => {
  await openGraph(page, mesh.url);
  const button = page.getByRole('button', { name: 'Namespaces: All namespaces' });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Filter namespaces' })).toBeFocused();
  await page.keyboard.type('bookinfo');
  await tabTo(page, page.getByRole('checkbox', { name: /^bookinfo/ }));
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/namespaces=bookinfo/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Namespaces: bookinfo' })).toBeFocused();

  await tabTo(page, page.getByRole('button', { name: 'Labels on the edges' }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('checkbox', { name: 'mTLS' }));
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/labels=rate%2Cerrors%2Cmtls/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Labels on the edges' })).toBeFocused();
  // Tab out of an open menu closes it.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Display options' }));
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('walks the graph along its edges, selects, opens, searches and zooms', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', graphType: 'workload' });
  await freeze(page);
  await tabTo(page, canvas(page));
  const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo', graphType: 'workload' });
  const calls = new Set(graph.edges.map((edge) => `${edge.source} ${edge.target}`));

  await page.keyboard.press('Home');
  const first = await readCursor(page);
  expect(first).not.toBeNull();
  // Right is what is called, left is who calls.
  await page.keyboard.press('ArrowRight');
  const called = await readCursor(page);
  expect(calls).toContain(`${first} ${called}`);
  await page.keyboard.press('ArrowLeft');
  expect(calls).toContain(`${await readCursor(page)} ${called}`);
  // Page Down visits every node.
  await page.keyboard.press('Home');
  const visited = new Set<string | null>();
  for (let i = 0; i < (await nodeOptions(page).count()); i++) {
    visited.add(await readCursor(page));
    await page.keyboard.press('PageDown');
  }
  expect(visited.size).toBe(await nodeOptions(page).count());

  const last = (await readCursor(page)) ?? '?';
  await page.keyboard.press('Enter');
  await expect(panelTitle(page)).toHaveText(last.split('/').at(-1) ?? '?');
  await expect.poll(() => new URL(page.url()).searchParams.get('select')).toBe(last);
  await page.keyboard.press('Enter');
  await expect(panelTitle(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect.poll(() => new URL(page.url()).searchParams.get('select')).toBeNull();

  await canvas(page).focus();
  await page.keyboard.press('/');
  await expect(findBox(page)).toBeFocused();
  await page.keyboard.type('reviews');
  const hits = findHits(page);
  await expect(hits.first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(hits.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  const chosen = await hits
    .nth(1)
    .locator('span')
    .filter({ hasText: /^reviews/ })
    .first()
    .textContent();
  await page.keyboard.press('Enter');
  await expect(panelTitle(page)).toHaveText(chosen ?? '?');
});

test('zooms in, out and back to everything', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await freeze(page);
  await canvas(page).focus();
  await page.keyboard.press('0');
  let whole = '';
  await expect
    .poll(async () => {
      const before = whole;
      whole = await readPicture(page);
      return whole === before;
    })
    .toBe(true);
  for (const key of ['+', '-']) {
    await page.keyboard.press(key);
    await expect.poll(() => readPicture(page)).not.toBe(whole);
    await page.keyboard.press('0');
    await expect.poll(() => readPicture(page)).toBe(whole);
  }
});

test('reads, sorts and chooses in the table, and uses the panel', async ({ page, mesh }) => {
  await openTable(page, mesh.url, 'nodes', { namespaces: 'bookinfo' });
  const sort = page.getByRole('columnheader', { name: 'Name', exact: true }).getByRole('button');
  await tabTo(page, sort);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('columnheader', { name: 'Name', exact: true })).toHaveAttribute('aria-sort', 'ascending');
  await tabTo(page, tableRows(page).first());
  await page.keyboard.press('ArrowDown');
  await expect(tableRows(page).nth(1)).toBeFocused();
  const name = (await tableRows(page).nth(1).locator('td').first().textContent()) ?? '?';
  await page.keyboard.press('Enter');
  await expect(panelTitle(page)).toHaveText(name);
  await expect(tableRows(page).and(page.locator('[aria-selected="true"]'))).toContainText(name);

  const border = panel(page).getByRole('separator', { name: 'Width of the panel' });
  await tabTo(page, border);
  const width = Number(await border.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowLeft');
  await expect(border).toHaveAttribute('aria-valuenow', String(width + 24));
  await tabTo(page, panel(page).getByRole('button', { name: 'Close the details' }));
  await page.keyboard.press('Enter');
  await expect(panel(page)).toHaveCount(0);
});

test('shows where the focus is, at every stop', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await freeze(page);
  await page.evaluate(() => window.scrollTo(0, 0));
  const unseen: string[] = [];
  let stops = 0;
  for (; stops < MOST_STOPS; stops++) {
    await page.keyboard.press('Tab');
    // A picture with the focus and one without, of the same place.
    const box = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const { x, y, width, height } = element.getBoundingClientRect();
      return {
        x,
        y,
        width,
        height,
        words: `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent}`.slice(0, 60),
      };
    });
    if (box === null) break;
    const x = Math.max(0, box.x - 4);
    const y = Math.max(0, box.y - 4);
    const clip = { x, y, width: Math.min(1440 - x, box.width + 8), height: Math.min(900 - y, box.height + 8) };
    if (clip.width <= 0 || clip.height <= 0) {
      unseen.push(`${box.words} (outside of the window)`);
      continue;
    }
    const focused = await page.screenshot({ clip, animations: 'disabled', caret: 'initial' });
    await page.evaluate(() => {
      const element = document.activeElement;
      if (element instanceof HTMLElement) {
        element.blur();
        element.setAttribute('data-last-stop', '');
      }
    });
    const blurred = await page.screenshot({ clip, animations: 'disabled', caret: 'initial' });
    if (focused.equals(blurred)) unseen.push(box.words);
    await page.evaluate(() => {
      const element = document.querySelector('[data-last-stop]');
      element?.removeAttribute('data-last-stop');
      if (element instanceof HTMLElement) element.focus({ focusVisible: true });
    });
  }
  expect(unseen).toEqual([]);
  expect(stops).toBeGreaterThan(15);
});
