// Story: our provider is not the one that the console's authors had in mind. Glewlwyd, with the settings that README names and nothing else:
// groups give roles, tokens are renewed, logging out ends the session there too. Runs where glewlwyd is installed (npm test installs it on Debian).
import type { Page } from '@playwright/test';
import { isRecord } from './answers';
import { findFreePort } from './child';
import { countRefreshes } from './company';
import { type RunningConsole, startConsole } from './console';
import { CLIENT_ID, hasGlewlwyd, type RunningGlewlwyd, startGlewlwyd } from './glewlwyd';
import { nodeOptions } from './graph-screen';
import { expect, test } from './mesh';

const GRACE = {
  username: 'grace',
  password: 'grace-hopper-1906',
  name: 'Grace Ho',
  email: 'grace@example.com',
  groups: ['ops', 'mesh-admins'],
};
const HAL = { username: 'hal', password: 'hal-finney-1956', name: 'Hal Fine', email: 'hal@example.com', groups: ['bookinfo-team'] };
const ROLES = [
  { role: 'admin', groups: ['mesh-admins'], namespaces: ['*'] },
  { role: 'editor', groups: ['bookinfo-team'], namespaces: ['bookinfo'] },
];
/** Tokens are renewed 30 s before their end. */
const TOKEN_SECONDS = 40;

let provider: RunningGlewlwyd;
let running: RunningConsole;

test.skip(!hasGlewlwyd(), 'glewlwyd is not installed: apt-get install --no-install-recommends glewlwyd dbconfig-no-thanks');
test.beforeAll(async ({ mesh }) => {
  if (!hasGlewlwyd()) return;
  const port = await findFreePort();
  const consoleUrl = `http://127.0.0.1:${port}`;
  provider = await startGlewlwyd({ consoleUrl, people: [GRACE, HAL], accessTokenSeconds: TOKEN_SECONDS });
  running = await startConsole({
    prometheus: mesh.prometheus,
    kubeconfig: mesh.kubeconfig,
    port,
    environment: {
      HEDDLE_AUTH_STRATEGY: 'openid',
      HEDDLE_AUTH_OPENID_ISSUER: provider.issuer,
      HEDDLE_AUTH_OPENID_CLIENT_ID: CLIENT_ID,
      HEDDLE_AUTH_OPENID_CLIENT_SECRET: provider.clientSecret,
      HEDDLE_SERVER_PUBLIC_URLS: consoleUrl,
      HEDDLE_ACCESS_ROLES: JSON.stringify(ROLES),
    },
  });
});
test.afterAll(async () => {
  if (!hasGlewlwyd()) return;
  await running.close();
  await provider.close();
});

/** The pages of glewlwyd: name and password, then its own question whether to go on. */
async function logIn(page: Page, { username, password }: { readonly username: string; readonly password: string }): Promise<void> {
  await page.getByRole('link', { name: /^Log in/ }).click();
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
  await page.getByRole('button', { name: /Continue/ }).click();
}

async function readMe(page: Page): Promise<Readonly<Record<string, unknown>>> {
  const me: unknown = await (await page.request.get(`${running.url}/api/me`)).json();
  return isRecord(me) ? me : {};
}

const countOf = async (page: Page, event: string): Promise<number> => {
  const text = await (await page.request.get(`${running.url}/metrics`)).text();
  return Number(new RegExp(`heddle_auth_events_total\\{event="${event}",outcome="ok"\\} (\\d+)`).exec(text)?.[1] ?? 0);
};

test('groups give the role; tokens are renewed; logging out ends the session there too, by its own message', async ({ page }) => {
  await page.goto(`${running.url}/graph?namespaces=bookinfo`);
  await logIn(page, GRACE);
  await expect(page).toHaveURL(`${running.url}/graph?namespaces=bookinfo`);
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  const who = { user: { name: GRACE.email, groups: GRACE.groups }, isAdmin: true };
  expect(await readMe(page)).toMatchObject(who);
  await expect(async () => {
    expect((await readMe(page))['user']).not.toBeNull();
    expect(await countRefreshes(page, running.url)).toBeGreaterThan(0);
  }).toPass({ timeout: 60_000, intervals: [1000] });
  expect(await readMe(page)).toMatchObject(who);

  await page.getByRole('button', { name: /^User: / }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  // It asks once more whether its own session shall end, and stays on its page when it did.
  await expect(page).toHaveURL((url) => url.href.startsWith(new URL(provider.issuer).origin));
  await page.getByRole('button', { name: 'Logout' }).click();
  // Back-channel logout: a token that somebody else's code made and signed.
  await expect(async () => expect(await countOf(page, 'providerLogout')).toBe(1)).toPass({ timeout: 20_000 });
  expect((await readMe(page))['user']).toBeNull();
  expect((await page.request.get(`${running.url}/api/graph`)).status()).toBe(401);
  await page.goto(`${running.url}/graph`);
  await page.getByRole('link', { name: /^Log in/ }).click();
  await expect(page.locator('#password')).toBeVisible();
});

test('an editor of one namespace sees that namespace', async ({ page }) => {
  await page.goto(`${running.url}/graph`);
  await logIn(page, HAL);
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect(await readMe(page)).toMatchObject({ user: { name: HAL.email, groups: HAL.groups }, isAdmin: false, sees: 'some' });
  const answer: unknown = await (await page.request.get(`${running.url}/api/namespaces`)).json();
  const namespaces = isRecord(answer) && Array.isArray(answer['namespaces']) ? answer['namespaces'] : [];
  expect(namespaces.map((own) => (isRecord(own) ? own['name'] : null))).toEqual(['bookinfo']);
});
