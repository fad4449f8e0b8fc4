// Story: one console, one configuration, three doors: its own address, the company's proxy under a path, and my own port-forward. I log in
// at any of them and stay there. nginx is Debian's, with the limits that it has when nobody sets any.
import type { Page } from '@playwright/test';
import { findFreePort } from './child';
import { type Company, countRefreshes, logIn, openCompany } from './company';
import { startCutProxy } from './fault-proxy';
import { nodeOptions } from './graph-screen';
import { expect, test } from './mesh';
import { findNginx, passOn, startNginx } from './nginx';

const BASE_PATH = '/console';
/** Tokens are renewed 30 s before their end, and not earlier than half a minute after the login. */
const TOKEN_SECONDS = 40;

const nginx = findNginx();
const PLACES = ['at its own address', 'behind nginx', 'through a TCP forward'] as const;
type PlaceName = (typeof PLACES)[number];

let company: Company;
let urls: Readonly<Record<PlaceName, string>>;
const closers: (() => Promise<void>)[] = [];

test.beforeAll(async ({ mesh }) => {
  const [own, proxied] = [await findFreePort(), await findFreePort()];
  // Bytes in, bytes out, another port: what `kubectl port-forward` is for a browser.
  const forward = await startCutProxy(own);
  closers.push(() => forward.close());
  urls = {
    'behind nginx': `http://127.0.0.1:${proxied}${BASE_PATH}`,
    'at its own address': `http://127.0.0.1:${own}${BASE_PATH}`,
    'through a TCP forward': `http://localhost:${forward.port}${BASE_PATH}`,
  };
  company = await openCompany(mesh, {
    tokenSeconds: TOKEN_SECONDS,
    port: own,
    basePath: BASE_PATH,
    publicUrls: Object.values(urls),
    environment: { HEDDLE_SERVER_TRUSTED_PROXIES: '127.0.0.1' },
  });
  closers.push(() => company.close());
  if (nginx === null) return;
  const proxy = await startNginx(nginx, passOn(BASE_PATH, `http://127.0.0.1:${own}`), proxied);
  closers.push(() => proxy.close());
});
test.afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Every address that the page itself went to, in order; the provider's are told apart by their origin. */
function watchPages(page: Page): readonly string[] {
  const seen: string[] = [];
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) seen.push(frame.url());
  });
  return seen;
}

for (const place of PLACES)
  test(`${place}: deep link, renewal without a reload, logout`, async ({ page }) => {
    test.skip(place === 'behind nginx' && nginx === null, 'nginx is not installed: apt-get install nginx');
    const url = urls[place];
    const pages = watchPages(page);
    await page.goto(`${url}/graph?namespaces=bookinfo&duration=5m`);
    await logIn(page, 'Ada');
    await expect(page).toHaveURL(/\/graph\?.*namespaces=bookinfo/);
    expect(new URL(page.url()).searchParams.get('duration')).toBe('5m');
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
    // It began and ended at the same door, whatever the others are called.
    const { issuer } = company.provider;
    expect(pages.filter((at) => !at.startsWith(issuer)).every((at) => at === url || at.startsWith(`${url}/`))).toBe(true);

    await page.evaluate(() => Object.assign(window, { heddleSamePage: true }));
    const before = await countRefreshes(page, url);
    await expect(async () => {
      expect((await page.request.get(`${url}/api/me`)).status()).toBe(200);
      expect(await countRefreshes(page, url)).toBeGreaterThan(before);
    }).toPass({ timeout: 60_000, intervals: [1000] });
    // The renewed session carries on in the same page: what it asks now is answered.
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Overview' }).click();
    await expect(page.getByRole('link', { name: /^bookinfo: / })).toBeVisible();
    expect(await page.evaluate(() => 'heddleSamePage' in window)).toBe(true);
    await expect(page.getByRole('dialog')).toHaveCount(0);

    await page.getByRole('button', { name: /^User: / }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page).toHaveURL(new RegExp(`^${url}/login`));
    expect((await page.request.get(`${url}/api/graph`)).status()).toBe(401);
  });

for (const groups of [60, 120, 300])
  test(`behind nginx with its default limits: a user with ${groups} groups`, async ({ page }) => {
    test.skip(nginx === null, 'nginx is not installed: apt-get install nginx');
    const url = urls['behind nginx'];
    company.provider.knobs.moreGroups = groups;
    const refusals: string[] = [];
    page.on('response', (answer) => {
      // Not 401, which is what a page hears that begins without a session.
      if (answer.status() >= 400 && answer.status() !== 401) refusals.push(`${answer.status()} ${answer.url()}`);
    });
    try {
      await page.goto(`${url}/graph?namespaces=bookinfo`);
      await logIn(page, 'Ada');
      await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
      expect((await page.request.get(`${url}/api/namespaces`)).status()).toBe(200);
      expect((await page.request.get(`${url}/account`)).status()).toBe(200);
      // Neither 400 (large_client_header_buffers 4 8k), 414 nor 502 (an answer's headers over proxy_buffer_size).
      expect(refusals).toEqual([]);
    } finally {
      company.provider.knobs.moreGroups = 0;
    }
    // That nginx does have those limits.
    const refused = await fetch(`${url}/api/namespaces`, { headers: { cookie: `x=${'x'.repeat(9000)}` } });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Request Header Or Cookie Too Large');
  });
