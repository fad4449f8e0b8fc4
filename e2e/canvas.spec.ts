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

/** Where the nodes are in the graph, by id. */
const readPlaces = (page: Page): Promise<Readonly<Record<string, string>>> =>
  nodeOptions(page).evaluateAll((options) =>
    Object.fromEntries(options.map((option) => [option.getAttribute('data-node') ?? '', option.getAttribute('data-at') ?? ''])),
  );

/** Opens bookinfo as it was a moment ago, so that nothing but the test changes it, with a node in the middle of the view. */
async function openOn(page: Page, url: string): Promise<{ readonly id: string; readonly at: { readonly x: number; readonly y: number } }> {
  const graph = await fetchGraph(url, { namespaces: 'bookinfo' });
  const id = graph.nodes.find((node) => node.id.includes('reviews'))?.id ?? '';
  await openGraph(page, url, { namespaces: 'bookinfo', at: String(Math.floor(Date.now() / 1000) - 30), select: id });
  await page.getByRole('button', { name: 'Centre in the graph' }).click();
  await settle(page);
  return { id, at: await middle(page) };
}

async function drag(page: Page, from: { readonly x: number; readonly y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 90, { steps: 5 });
}

test('keeps the place that I drag a node to, until I tidy up', async ({ page, mesh }) => {
  const { id, at } = await openOn(page, mesh.url);
  const before = await readPlaces(page);
  await drag(page, at);
  await page.mouse.up();
  await expect.poll(async () => (await readPlaces(page))[id]).not.toBe(before[id]);
  const dragged = await readPlaces(page);
  expect({ ...dragged, [id]: before[id] }).toEqual(before);

  await page.reload();
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect(await readPlaces(page)).toEqual(dragged);

  await page.getByRole('button', { name: 'Tidy up' }).first().click();
  await expect.poll(() => readPlaces(page)).toEqual(before);
  await page.reload();
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect(await readPlaces(page)).toEqual(before);
});

test('gives a drag up with Escape', async ({ page, mesh }) => {
  const { at } = await openOn(page, mesh.url);
  const [before, picture] = [await readPlaces(page), await settle(page)];
  await drag(page, at);
  expect(await settle(page)).not.toBe(picture);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await settle(page);
  expect(await readPlaces(page)).toEqual(before);
  await page.reload();
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect(await readPlaces(page)).toEqual(before);
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
