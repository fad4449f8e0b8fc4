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

test('groups give the role; tokens are renewed; logging out ends the session there too', async ({ page }) => {
  page.on('response', (r) => {
    if (r.url().startsWith(new URL(provider.issuer).origin) && (r.status() >= 300 || /session|auth/.test(r.url())))
      void r.text().then(
        (t) => console.log(r.request().method(), r.status(), r.url().slice(0, 300), t.slice(0, 300)),
        () => console.log(r.status(), r.url(), r.headers()['location']),
      );
  });
  await page.goto(`${running.url}/graph?namespaces=bookinfo`);
  await logIn(page, GRACE);
  await expect(page).toHaveURL(`${running.url}/graph?namespaces=bookinfo`);
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect(await readMe(page)).toMatchObject({ user: { name: GRACE.email, groups: GRACE.groups }, isAdmin: true });
  await expect(async () => {
    expect((await readMe(page))['user']).not.toBeNull();
    expect(await countRefreshes(page, running.url)).toBeGreaterThan(0);
  }).toPass({ timeout: 60_000, intervals: [1000] });
  expect(await readMe(page)).toMatchObject({ user: { name: GRACE.email, groups: GRACE.groups }, isAdmin: true });
  await page.getByRole('button', { name: /^User: / }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForTimeout(2000);
  await page.screenshot({ path: '/tmp/glew/4.png' });
  await page.getByRole('button', { name: 'Logout' }).click();
  await page.waitForTimeout(3000);
  await page.screenshot({ path: '/tmp/glew/5.png' });

  console.log(page.url(), provider.output(), running.output());
});
