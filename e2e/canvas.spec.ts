// Story: the graph stays where I put it: a node that I drag keeps its place in this browser until I tidy up; an area that I frame fills the
// view; moving traffic moves only for those who want motion.
import type { Page } from '@playwright/test';
import { canvas, choose, fetchGraph, freeze, nodeOptions, openGraph, readPicture } from './graph-screen';
import { expect, test } from './mesh';

/** The picture once it no longer changes. */
async function settle(page: Page): Promise<string> {
  let last = '';
  await expect
    .poll(
      async () => {
        const before = last;
        last = await readPicture(page);
        return last === before;
      },
      { intervals: [350] },
    )
    .toBe(true);
  return last;
}

async function showAll(page: Page): Promise<string> {
  await canvas(page).focus();
  await page.keyboard.press('0');
  return settle(page);
}

async function middle(page: Page): Promise<{ readonly x: number; readonly y: number }> {
  const box = await canvas(page).boundingBox();
  if (box === null) throw new Error('the graph is not in view');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('keeps the place that I drag a node to, until I tidy up', async ({ page, mesh }) => {
  const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo' });
  const reviews = graph.nodes.find((node) => node.id.includes('reviews'))?.id ?? '';
  // An instant of the past: nothing but the drag changes the picture.
  const at = String(Math.floor(Date.now() / 1000) - 30);
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', at, select: reviews });
  const before = await showAll(page);
  await page.getByRole('button', { name: 'Centre in the graph' }).click();
  await settle(page);
  const from = await middle(page);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 90, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(from.x, 5);
  const dragged = await showAll(page);
  expect(dragged).not.toBe(before);

  await page.reload();
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect(await showAll(page)).toBe(dragged);

  await page.getByRole('button', { name: 'Tidy up' }).first().click();
  await expect.poll(() => showAll(page)).toBe(before);
  await page.reload();
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect(await showAll(page)).toBe(before);
});

test('gives a drag up with Escape', async ({ page, mesh }) => {
  const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo' });
  const reviews = graph.nodes.find((node) => node.id.includes('reviews'))?.id ?? '';
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', select: reviews });
  await freeze(page);
  await page.getByRole('button', { name: 'Centre in the graph' }).click();
  const before = await settle(page);
  const from = await middle(page);
  await page.mouse.move(from.x, from.y);
  await settle(page);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 90, { steps: 5 });
  expect(await settle(page)).not.toBe(before);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.mouse.move(from.x, 5);
  await expect.poll(() => settle(page)).toBe(before);
});

test('fills the view with the area that I frame with Shift', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await freeze(page);
  const whole = await showAll(page);
  const at = await middle(page);
  await page.keyboard.down('Shift');
  await page.mouse.move(at.x - 150, at.y - 80);
  await page.mouse.down();
  await page.mouse.move(at.x + 150, at.y + 80, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.mouse.move(at.x, 5);
  expect(await settle(page)).not.toBe(whole);
  expect(await showAll(page)).toBe(whole);
});

test('moves traffic, but not for those who prefer reduced motion', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo', traffic: 'true' });
  await choose(page, 'Refresh', 'Paused');
  await canvas(page).focus();
  await page.keyboard.press('0');
  await page.mouse.move(3, 3);
  const looks = async (): Promise<number> => {
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      seen.add((await canvas(page).screenshot()).toString('base64'));
      await page.waitForTimeout(150);
    }
    return seen.size;
  };
  await expect.poll(looks).toBe(3);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(looks).toBe(1);
});
