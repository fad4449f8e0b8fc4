// Story: it is my first day. I log in, find a service in the graph, give a tenth to its other version, watch, keep it, and take it back.
// Once with the mouse, its clicks counted, and once by keys alone.
import type { Locator, Page } from '@playwright/test';
import { isRecord } from './answers';
import { type ClusterApi, openClusterApi } from './cluster-api';
import { type Company, openCompany } from './company';
import { findBox, findHits, nodeOptions, panel } from './graph-screen';
import { expect, test } from './mesh';

const ROUTES = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';

/** What the mouse may take: log in (the button, then the person), find the node, open its routing, change, review, apply, keep. */
const CLICKS_TO_LOG_IN = 2;
const CLICKS_TO_KEEP = 8;
const CLICKS_TO_UNDO = 4;

let company: Company;
let api: ClusterApi;
test.beforeAll(async ({ mesh }) => {
  api = openClusterApi(mesh.kubeconfig);
  company = await openCompany(mesh, { tokenSeconds: 3600 });
});
test.afterAll(async () => {
  await company.close();
  await api.close();
});
test.beforeEach(() =>
  api.send('POST', ROUTES, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'bookinfo' },
    spec: {
      hosts: ['reviews'],
      http: [
        {
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight: 100 },
            { destination: { host: 'reviews', subset: 'v2' }, weight: 0 },
          ],
        },
      ],
    },
  }),
);
test.afterEach(() => api.send('DELETE', `${ROUTES}/reviews`));

async function readWeights(): Promise<readonly unknown[]> {
  const object = await api.send('GET', `${ROUTES}/reviews`);
  const spec = isRecord(object) && isRecord(object['spec']) ? object['spec'] : {};
  const rules: readonly unknown[] = Array.isArray(spec['http']) ? spec['http'] : [];
  const [rule] = rules;
  const routes: readonly unknown[] = isRecord(rule) && Array.isArray(rule['route']) ? rule['route'] : [];
  return routes.map((route) => (isRecord(route) ? (route['weight'] ?? 0) : null));
}

const review = (page: Page): Locator => page.getByRole('dialog', { name: /Review the change of/ });
const waiting = (page: Page): Locator => page.getByRole('list', { name: 'Changes that wait for you' });
const hit = (page: Page): Locator => findHits(page).filter({ hasText: /reviews\s*service in bookinfo/ });
const routingLink = (page: Page): Locator => panel(page).getByRole('link', { name: /^Routing of reviews/ });
const weight = (page: Page): Locator => page.getByLabel('Weight of v2 as a number');
const undo = (page: Page): Locator => page.getByRole('button', { name: /^Undo the change/ });

test('needs few clicks, and one to begin to undo it', async ({ page }) => {
  test.setTimeout(180_000);
  let clicks = 0;
  const click = async (target: Locator): Promise<void> => {
    clicks += 1;
    await target.click();
  };
  const { url } = company.console;
  await page.goto(`${url}/graph?namespaces=bookinfo`);
  await click(page.getByRole('link', { name: /^Log in/ }));
  await click(page.getByRole('button', { name: /Emil/ }));
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  const entered = clicks;

  await click(findBox(page));
  await page.keyboard.type('reviews');
  await click(hit(page).first());
  await click(routingLink(page));
  await click(weight(page));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('10');
  await click(page.getByRole('button', { name: 'Review…' }));
  await expect(
    review(page)
      .getByText(/v1 100 → 90/)
      .first(),
  ).toBeVisible();
  await click(page.getByRole('tab', { name: /Apply/ }));
  await click(review(page).getByRole('button', { name: 'Apply', exact: true }));
  await expect(waiting(page).getByRole('timer')).toBeVisible({ timeout: 30_000 });
  expect(await readWeights()).toEqual([90, 10]);
  await click(waiting(page).getByRole('button', { name: /^Confirm/ }));
  await expect(waiting(page)).toHaveCount(0);
  const kept = clicks;

  await click(undo(page).first());
  await expect(
    review(page)
      .getByText(/v1 90 → 100/)
      .first(),
  ).toBeVisible();
  await click(page.getByRole('tab', { name: /Apply/ }));
  await click(review(page).getByRole('radio', { name: /Keep it at once/ }));
  await click(review(page).getByRole('button', { name: 'Apply and keep' }));
  await expect(review(page)).toHaveCount(0, { timeout: 30_000 });
  await expect.poll(readWeights).toEqual([100, 0]);

  test
    .info()
    .annotations.push({ type: 'clicks', description: `${entered} to log in, ${kept - entered} to keep, ${clicks - kept} to undo` });
  expect({ toLogIn: entered, toKeep: kept - entered, toUndo: clicks - kept }).toEqual({
    toLogIn: CLICKS_TO_LOG_IN,
    toKeep: CLICKS_TO_KEEP,
    toUndo: CLICKS_TO_UNDO,
  });
});

const MOST_STOPS = 120;

test('needs no mouse at all', async ({ page }) => {
  test.setTimeout(240_000);
  /** Tab until it has the focus, as somebody without a mouse gets there. */
  const reach = async (target: Locator): Promise<void> => {
    await expect(target).toBeVisible({ timeout: 30_000 });
    for (let i = 0; i < MOST_STOPS; i++) {
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${MOST_STOPS} times Tab did not lead to ${target.toString()}`);
  };
  const press = async (target: Locator, key = 'Enter'): Promise<void> => {
    await reach(target);
    await page.keyboard.press(key);
  };
  await page.goto(`${company.console.url}/graph?namespaces=bookinfo`);
  await press(page.getByRole('link', { name: /^Log in/ }));
  await press(page.getByRole('button', { name: /Emil/ }));
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });

  await reach(findBox(page));
  await page.keyboard.type('reviews');
  await expect(hit(page).first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await press(routingLink(page));
  const slider = page.getByLabel('Weight of v2', { exact: true });
  await reach(slider);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
  await expect(weight(page)).toHaveValue('10');
  await press(page.getByRole('button', { name: 'Review…' }));
  await expect(page.getByRole('tab', { name: /Plan/ })).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('tab', { name: /Apply/ })).toHaveAttribute('aria-selected', 'true');
  await press(review(page).getByRole('button', { name: 'Apply', exact: true }));
  await expect(waiting(page).getByRole('timer')).toBeVisible({ timeout: 30_000 });
  await press(waiting(page).getByRole('button', { name: /^Confirm/ }));
  await expect(waiting(page)).toHaveCount(0);

  await press(undo(page).first());
  await expect(page.getByRole('tab', { name: /Plan/ })).toBeFocused();
  await page.keyboard.press('End');
  // Of radio buttons, the one that is chosen is reached by Tab, the others by arrows.
  await press(review(page).getByRole('radio', { name: /Revert by itself/ }), 'ArrowDown');
  await expect(review(page).getByRole('radio', { name: /Keep it at once/ })).toBeChecked();
  await press(review(page).getByRole('button', { name: 'Apply and keep' }));
  await expect(review(page)).toHaveCount(0, { timeout: 30_000 });
  await expect.poll(readWeights).toEqual([100, 0]);
});
