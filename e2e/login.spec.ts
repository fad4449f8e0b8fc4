// Story: I log in at my company's provider, see what I may see, stay logged in while I look, and am never sent away from my work.
import type { Page } from '@playwright/test';
import { isRecord } from './answers';
import { type Company, countRefreshes, logIn, openCompany } from './company';
import { nodeOptions } from './graph-screen';
import { expect, test } from './mesh';

const readNamespaces = async (page: Page, url: string): Promise<readonly string[]> => {
  const answer: unknown = await (await page.request.get(`${url}/api/namespaces`)).json();
  const list = isRecord(answer) && Array.isArray(answer['namespaces']) ? answer['namespaces'] : [];
  return list.map((own) => (isRecord(own) ? String(own['name']) : '')).sort();
};

test.describe('with an OpenID provider', () => {
  let company: Company;
  test.beforeAll(async ({ mesh }) => {
    company = await openCompany(mesh, { tokenSeconds: 40 });
  });
  test.afterAll(() => company.close());

  test('keeps the deep link through the login, and logs out', async ({ page }) => {
    const { url } = company.console;
    await page.goto(`${url}/graph?namespaces=bookinfo&duration=5m`);
    await logIn(page, 'Ada');
    await expect(page).toHaveURL(/\/graph\?.*namespaces=bookinfo.*duration=5m|\/graph\?.*duration=5m.*namespaces=bookinfo/);
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
    expect(await readNamespaces(page, url)).toEqual(expect.arrayContaining(['bookinfo', 'boutique', 'istio-system']));
    await page.getByRole('button', { name: /^User: / }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page).toHaveURL(new RegExp(`^${url}/login`));
    expect((await page.request.get(`${url}/api/namespaces`)).status()).toBe(401);
    expect((await page.request.get(`${url}/api/graph`)).status()).toBe(401);
  });

  test('shows an editor of one namespace that namespace, and its neighbours without their names', async ({ page }) => {
    const { url } = company.console;
    await page.goto(`${url}/graph`);
    await logIn(page, 'Emil');
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
    expect(await readNamespaces(page, url)).toEqual(['bookinfo']);
    await expect(
      nodeOptions(page)
        .filter({ hasText: /hidden/ })
        .first(),
    ).toBeAttached();
    const graph = await (await page.request.get(`${url}/api/graph?graphType=workload`)).text();
    expect(graph).toContain('productpage');
    for (const name of ['boutique', 'istio-ingressgateway', 'checkoutservice']) expect(graph).not.toContain(name);
    const refused = await page.request.get(`${url}/api/graph?namespaces=boutique`);
    expect(await refused.text()).not.toContain('checkoutservice');
  });

  test('tells somebody without any right who they are and where it is said why', async ({ page }) => {
    const { url } = company.console;
    await page.goto(`${url}/graph`);
    await logIn(page, 'Noor');
    await expect(page.getByRole('heading', { name: /may see no namespace/ })).toBeVisible({ timeout: 30_000 });
    await page.getByRole('link', { name: 'Find out why' }).click();
    await expect(page).toHaveURL(`${url}/account`);
    await expect(
      page
        .getByText('noGroupMatches')
        .or(page.getByText(/no group/i))
        .first(),
    ).toBeVisible();
  });

  test('renews the tokens quietly, without loading the page again', async ({ page }) => {
    const { url } = company.console;
    await page.goto(`${url}/graph?namespaces=bookinfo`);
    await logIn(page, 'Vera');
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
    await page.evaluate(() => Object.assign(window, { heddleSamePage: true }));
    // Tokens live for 40 s and are renewed 30 s before their end.
    await expect(async () => {
      expect((await page.request.get(`${url}/api/me`)).status()).toBe(200);
      expect(await countRefreshes(page, url)).toBeGreaterThan(0);
    }).toPass({ timeout: 60_000, intervals: [1000] });
    expect(await page.evaluate(() => 'heddleSamePage' in window)).toBe(true);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('ends with a dialog over the page when the provider ends the session, and comes back to it', async ({ page }) => {
    const { url } = company.console;
    await page.goto(`${url}/graph?namespaces=bookinfo`);
    await logIn(page, 'Vera');
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
    const here = page.url();
    expect(await company.provider.revokeSessions('viewer')).toMatchObject({ failed: [], notified: expect.arrayContaining(['heddle']) });
    await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible({ timeout: 60_000 });
    // Still there behind the dialog, where roles do not reach.
    await expect(page.locator('[data-node]').first()).toBeAttached();
    await page.getByRole('button', { name: 'Log in again' }).click();
    const person = page.getByRole('button', { name: /Vera/ });
    await expect(person.or(nodeOptions(page).first())).toBeAttached({ timeout: 30_000 });
    if (await person.isVisible()) await person.click();
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
    expect(page.url()).toBe(here);
  });

  test('takes a user with 300 groups and a token of 12 kB under the limits of proxies', async ({ page }) => {
    const { url } = company.console;
    company.provider.knobs.moreGroups = 300;
    try {
      const sizes: number[] = [];
      page.on('request', (request) => {
        if (request.url().startsWith(`${url}/api/`)) void request.allHeaders().then((all) => sizes.push((all['cookie'] ?? '').length));
      });
      await page.goto(`${url}/graph?namespaces=bookinfo`);
      await logIn(page, 'Ada');
      await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
      await page.request.get(`${url}/api/namespaces`);
      expect(sizes.length).toBeGreaterThan(0);
      // nginx: large_client_header_buffers 4 8k; one line must fit one buffer.
      expect(Math.max(...sizes)).toBeLessThan(8000);
    } finally {
      company.provider.knobs.moreGroups = 0;
    }
  });

  test('shows the provider’s own words when it refuses, and does not loop', async ({ page }) => {
    const { url } = company.console;
    company.provider.knobs.refusal = { error: 'access_denied', description: 'This account is not assigned to the application.' };
    try {
      await page.goto(`${url}/overview`);
      await page.getByRole('link', { name: /^Log in/ }).click();
      await expect(page).toHaveURL(/\/login\?failed=/);
      await expect(page.getByText('This account is not assigned to the application.').first()).toBeVisible();
      await expect(page.getByRole('link', { name: 'Try again' })).toBeVisible();
    } finally {
      company.provider.knobs.refusal = null;
    }
  });
});
