// Pictures of steering in every state, for people to judge, in test-results/pictures: pages, the steps of a review, and what goes wrong.
// Asked for by HEDDLE_PICTURES=1 alone: they are looked at, not compared.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type ClusterApi, openClusterApi } from './cluster-api';
import { type Company, logIn, openCompany } from './company';
import { expect, test } from './mesh';
import { appendText, writeText } from './yaml-editor';

const PICTURES = join(__dirname, '..', 'test-results', 'pictures');
const ROUTES = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';
const RULES = '/apis/networking.istio.io/v1/namespaces/bookinfo/destinationrules';

const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight });
const RICH = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo', labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
  spec: {
    hosts: ['reviews'],
    http: [
      {
        name: 'beta-testers',
        match: [{ headers: { 'end-user': { exact: 'jason' } }, withoutHeaders: { debug: { exact: 'on' } } }],
        route: [to('v3', 100)],
      },
      {
        match: [{ uri: { prefix: '/reviews/slow' }, method: { exact: 'GET' } }],
        fault: { delay: { fixedDelay: '2s', percentage: { value: 5 } } },
        retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx', retryRemoteLocalities: true },
        route: [to('v2', 100)],
      },
      { route: [to('v1', 100), to('v2', 0), to('no-such-version-of-this-service', 0)] },
    ],
  },
};
const PLAIN = {
  ...RICH,
  metadata: { name: 'reviews', namespace: 'bookinfo' },
  spec: { hosts: ['reviews'], http: [{ route: [to('v1', 100), to('v2', 0)] }] },
};
const SHARED = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'shared-by-two-people', namespace: 'bookinfo' },
  spec: { host: 'details' },
};

let api: ClusterApi;
let company: Company;

test.beforeAll(async ({ mesh }) => {
  test.setTimeout(120_000);
  api = openClusterApi(mesh.kubeconfig);
  company = await openCompany(mesh, { tokenSeconds: 3600 });
});
test.afterAll(async () => {
  await company.close();
  await api.close();
});
test.afterEach(async () => {
  await api.send('DELETE', `${ROUTES}/reviews`).catch(() => undefined);
  await api.send('DELETE', `${RULES}/shared-by-two-people`).catch(() => undefined);
});

for (const theme of ['light', 'dark'] as const)
  for (const { size, width, height } of [
    { size: 'desk', width: 1440, height: 900 },
    { size: 'phone', width: 390, height: 844 },
  ])
    test.describe(`on a ${size} in the ${theme} theme`, () => {
      test.use({ viewport: { width, height } });
      test.beforeEach(async ({ context }) => {
        await context.addInitScript((chosen) => {
          if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
        }, theme);
      });
      const take = async (page: Page, name: string): Promise<void> => {
        await page.evaluate(() => document.fonts.ready);
        // Panels and dialogs glide in.
        await page.waitForTimeout(400);
        const picture = await page.screenshot({ path: join(PICTURES, `${name}-${size}-${theme}.png`) });
        expect(picture.length).toBeGreaterThan(8_000);
      };
      const enter = async (page: Page, person: string, path: string): Promise<void> => {
        await page.goto(`${company.console.url}${path}`);
        await logIn(page, person);
        await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
      };

      test('pages', async ({ page }) => {
        test.setTimeout(180_000);
        await api.send('POST', ROUTES, RICH);
        await page.goto(`${company.console.url}/services/bookinfo/reviews?tab=routing`);
        await expect(page.getByRole('link', { name: /^Log in/ })).toBeVisible();
        await take(page, 'login');
        await enter(page, 'editor', '/services/bookinfo/reviews?tab=routing');
        await expect(page.getByText('Not in these forms').first()).toBeVisible();
        await take(page, 'service');
        await page.goto(`${company.console.url}/services/bookinfo/ratings?tab=routing`);
        await expect(page.getByText('No rule.')).toBeVisible();
        await take(page, 'service-first-rule');
        await page.goto(`${company.console.url}/config`);
        await expect(page.getByRole('grid', { name: 'Configuration' })).toBeVisible();
        await take(page, 'config');
        await page.goto(`${company.console.url}/config?text=nothing-has-this-name`);
        await expect(page.getByText('No object passes the filters')).toBeVisible();
        await take(page, 'config-empty');
        await page.goto(
          `${company.console.url}/config/VirtualService/bookinfo/reviews?at=spec.http[0].match&back=/services/bookinfo/reviews%3Ftab%3Drouting`,
        );
        await expect(page.locator('.cm-content')).toBeVisible();
        await expect(page.getByText('1 error')).toBeVisible();
        await take(page, 'editor-findings');
        await page.goto(
          `${company.console.url}/explain?sourceNamespace=bookinfo&source=productpage-v1&host=reviews.bookinfo.svc.cluster.local&port=9080`,
        );
        await expect(page.getByText(/Rules tried/)).toBeVisible();
        await take(page, 'explain');
        await page.goto(`${company.console.url}/account?namespace=bookinfo`);
        await expect(page.getByRole('table', { name: /What you may do/ })).toBeVisible();
        await take(page, 'account');
        await page.goto(`${company.console.url}/overview`);
        await expect(page.getByRole('link', { name: /^bookinfo/ })).toBeVisible();
        await take(page, 'overview');
        await page.goto(`${company.console.url}/changes?who=nobody-at-all`);
        await expect(page.getByText('No change passes the filters')).toBeVisible();
        await take(page, 'journal-empty');
      });

      test('a change, step by step', async ({ page }) => {
        test.setTimeout(240_000);
        await api.send('POST', ROUTES, PLAIN);
        await enter(page, 'editor', '/services/bookinfo/reviews?tab=routing');
        await page.getByRole('spinbutton', { name: 'Weight of v2' }).fill('20');
        await expect(page.getByRole('region', { name: 'Draft' })).toBeVisible();
        await take(page, 'draft');
        await page.getByRole('button', { name: 'Review…' }).click();
        const dialog = page.getByRole('dialog', { name: /Review the change of/ });
        await expect(dialog.getByText(/v1 100 → 80/).first()).toBeVisible();
        await take(page, 'review-1-plan');
        for (const [i, step] of ['Findings', 'Effect', 'Apply'].entries()) {
          await dialog.getByRole('button', { name: `Next: ${step}` }).click();
          await take(page, `review-${i + 2}-${step.toLowerCase()}`);
        }
        await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
        await expect(dialog).toBeHidden({ timeout: 60_000 });
        await page.waitForTimeout(6_000);
        await take(page, 'waiting');
        await page.goto(`${company.console.url}/changes`);
        await page
          .getByRole('button', { name: /reviews/ })
          .first()
          .click();
        await expect(page.getByRole('article', { name: 'Entry of the journal' })).toBeVisible();
        await take(page, 'journal');
        await page
          .getByRole('button', { name: /^Confirm/ })
          .first()
          .click();
        await page.waitForTimeout(1_000);
        await take(page, 'journal-kept');
      });

      test('what goes wrong', async ({ page, context }) => {
        test.setTimeout(240_000);
        const { url } = company.console;
        await api.send('POST', ROUTES, PLAIN);
        await api.send('POST', RULES, SHARED);
        await enter(page, 'viewer', '/services/bookinfo/reviews?tab=routing');
        await expect(page.getByText(/You may look at/)).toBeVisible();
        await take(page, 'service-viewer');
        await context.clearCookies();
        await enter(page, 'editor', '/services/bookinfo/no-such-service?tab=routing');
        await take(page, 'service-not-found');
        await page.goto(`${url}/services/boutique/frontend?tab=routing`);
        await page.waitForTimeout(1_500);
        await take(page, 'service-forbidden');
        await page.goto(`${url}/config/VirtualService/bookinfo/no-such-object`);
        await expect(page.getByText('Not found')).toBeVisible();
        await take(page, 'object-not-found');
        const away = async (pattern: string, name: string, path: string, seen: RegExp): Promise<void> => {
          await page.goto(`${url}${path}`);
          await expect(page.getByText(seen).first()).toBeVisible();
          await page.route(pattern, (route) =>
            route.fulfill({
              status: 503,
              contentType: 'application/problem+json',
              body: JSON.stringify({
                title: 'The Kubernetes API does not answer',
                detail: 'GET https://10.96.0.1:443/apis/networking.istio.io/v1 ran into its deadline of 5 s',
                next: 'Check the API server and the network policy of the console.',
                code: 'unreachable',
              }),
            }),
          );
          await page
            .getByRole('button', { name: /Refresh now|Refresh/ })
            .first()
            .click({ timeout: 2_000 })
            .catch(() => undefined);
          await page.waitForTimeout(1_500);
          await take(page, `${name}-stale`);
          await page.reload();
          await page.waitForTimeout(1_500);
          await take(page, `${name}-error`);
          await page.unroute(pattern);
          await page.route(pattern, () => undefined);
          await page.reload();
          await page.waitForTimeout(1_500);
          await take(page, `${name}-loading`);
          await page.unroute(pattern);
        };
        await away('**/api/services/**', 'service', '/services/bookinfo/reviews?tab=routing', /Versions and subsets/);
        await away('**/api/config?*', 'config', '/config', /objects?/);
        await away('**/api/changes?*', 'journal', '/changes', /Changes/);
        await away('**/api/namespaces*', 'overview', '/overview', /bookinfo/);

        await page.goto(`${url}/config/DestinationRule/bookinfo/shared-by-two-people`);
        await appendText(page, '  trafficPolicy:\n    loadBalancer:\n      simple: RANDOM\n');
        await expect(page.getByText('Changed; kept as a draft')).toBeVisible();
        await api.send('PATCH', `${RULES}/shared-by-two-people`, { spec: { trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } } });
        await expect(page.getByText(/changed/i).first()).toBeVisible({ timeout: 30_000 });
        await page.waitForTimeout(12_000);
        await take(page, 'editor-conflict');
        await api.send('DELETE', `${RULES}/shared-by-two-people`);
        await page.waitForTimeout(12_000);
        await take(page, 'editor-deleted');
        await writeText(page, 'kind: VirtualService\n\tspec: 1\n---\na: b\n');
        await page.waitForTimeout(1_500);
        await take(page, 'editor-bad-text');
        await context.clearCookies();
        await page.waitForTimeout(12_000);
        await take(page, 'session-ended');
      });
    });
