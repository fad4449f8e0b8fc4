// Story: two replicas behind one name share nothing but the keys of their sessions. Whoever logs in at one is in at the other; whoever is
// logged out by the provider is out at once where its message arrives, and elsewhere when the tokens have ended, open pages too.
import { buildConsoleLogin } from '../sim/openid/console-login';
import { type OpenIdProvider, startOpenIdProvider } from '../sim/openid/provider';
import { findFreePort } from './child';
import { logIn } from './company';
import { type RunningConsole, startConsole } from './console';
import { nodeOptions } from './graph-screen';
import { expect, test } from './mesh';

const TOKEN_SECONDS = 60;
/** The longest that a page may stay open at a replica that heard of nothing: its tokens, then a moment of chance. */
const OUT_WITHIN_MS = (TOKEN_SECONDS + 15 + 10) * 1000;

let provider: OpenIdProvider;
let here: RunningConsole;
let there: RunningConsole;

test.beforeAll(async ({ mesh }) => {
  // Cookies know no ports: for a browser these two are one host, as replicas behind a Service are.
  const ports = [await findFreePort(), await findFreePort()] as const;
  const plan = buildConsoleLogin(ports.map((port) => `http://127.0.0.1:${port}`));
  const lifetimes = { idTokenSeconds: TOKEN_SECONDS, accessTokenSeconds: TOKEN_SECONDS };
  provider = await startOpenIdProvider({ port: 0, clients: [plan.client], lifetimes });
  const environment = { ...plan.settingsFor(provider.issuer).environment, HEDDLE_AUTH_SESSION_KEYS: 'k'.repeat(48) };
  const start = (port: number): Promise<RunningConsole> =>
    startConsole({ prometheus: mesh.prometheus, kubeconfig: mesh.kubeconfig, port, environment });
  here = await start(ports[0]);
  there = await start(ports[1]);
});
test.afterAll(async () => {
  await there.close();
  await here.close();
  await provider.close();
});

test('a login counts at both; one that the provider ends is over at both', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto(`${here.url}/graph?namespaces=bookinfo`);
  await logIn(page, 'Vera');
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  const other = await page.context().newPage();
  await other.goto(`${there.url}/graph?namespaces=bookinfo`);
  await expect(nodeOptions(other).first()).toBeAttached({ timeout: 30_000 });

  expect(await provider.revokeSessions('viewer')).toMatchObject({ failed: [], notified: ['heddle'] });
  const revokedAt = performance.now();
  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();
  expect((await page.request.get(`${here.url}/api/namespaces`)).status()).toBe(401);
  // No request is made here: the page finds out by itself.
  await expect(other.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible({ timeout: OUT_WITHIN_MS });
  test.info().annotations.push({ type: 'out', description: `${Math.round((performance.now() - revokedAt) / 1000)} s` });
  expect((await other.request.get(`${there.url}/api/namespaces`)).status()).toBe(401);
});
