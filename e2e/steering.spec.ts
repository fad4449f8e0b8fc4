// Story: I move a fifth of the traffic to another version, see beforehand who moves, watch it, keep it, and take it back from the journal.
import type { Page } from '@playwright/test';
import { isGraphAnswer, isRecord } from './answers';
import { expectNoViolations } from './axe';
import { type ClusterApi, openClusterApi } from './cluster-api';
import { type Company, logIn, openCompany } from './company';
import { decodeRate, openGraph, panel } from './graph-screen';
import { expect, test } from './mesh';

const ROUTES = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';
const SERVICE = '/services/bookinfo/reviews?tab=routing';
const FOLLOW_MS = 90_000;
/** Three scrapes of 5 s, one refresh of a window of 15 s, and the way of a change to the proxies. */
const THREE_SCRAPES_MS = 25_000;

const createRoute = (api: ClusterApi): Promise<unknown> =>
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
  });

async function readSpec(api: ClusterApi): Promise<unknown> {
  const object = await api.send('GET', `${ROUTES}/reviews`);
  return isRecord(object) ? object['spec'] : undefined;
}

/** Share of v2 in what reviews takes within a window of three scrapes, as the graph's API has it. */
async function readShare(page: Page, url: string): Promise<number> {
  const answer: unknown = await (await page.request.get(`${url}/api/graph?namespaces=bookinfo&graphType=workload&duration=15s`)).json();
  if (!isGraphAnswer(answer)) return Number.NaN;
  const rateOf = (workload: string): number => answer.nodes.find((node) => node.workload === workload)?.inbound.http ?? 0;
  const total = rateOf('reviews-v1') + rateOf('reviews-v2') + rateOf('reviews-v3');
  return total === 0 ? Number.NaN : rateOf('reviews-v2') / total;
}

const dialog = (page: Page) => page.getByRole('dialog', { name: /Review the change of/ });
/** From a draft on the page to the last step of its review, by keys alone. */
async function walkReview(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review…' }).focus();
  await page.keyboard.press('Enter');
  await expect(
    dialog(page)
      .getByText(/v1 100 → 80/)
      .first(),
  ).toBeVisible();
  await page.getByRole('tab', { name: /Plan/ }).focus();
  for (const step of ['Findings', 'Effect', 'Apply']) {
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: new RegExp(step) })).toHaveAttribute('aria-selected', 'true');
  }
}

async function logInAt(page: Page, company: Company, person: string, path: string): Promise<string> {
  const { url } = company.console;
  await page.goto(`${url}${path}`);
  await logIn(page, person);
  await expect(page).toHaveURL(`${url}${path}`);
  return url;
}

let company: Company;
let api: ClusterApi;
test.beforeAll(async ({ mesh }) => {
  api = openClusterApi(mesh.kubeconfig);
  company = await openCompany(mesh, { tokenSeconds: 3600, environment: { HEDDLE_KUBERNETES_CONTEXT: 'heddle' } });
});
test.afterAll(async () => {
  await company.close();
  await api.close();
});
test.beforeEach(() => createRoute(api));
test.afterEach(() => api.send('DELETE', `${ROUTES}/reviews`));

test('moves reviews to 80/20 with a preview, keeps it, and takes it back', async ({ page }) => {
  test.setTimeout(300_000);
  const before = await readSpec(api);
  const url = await logInAt(page, company, 'Emil', '/overview');
  await expect.poll(() => readShare(page, url), { timeout: FOLLOW_MS }).toBeLessThan(0.05);

  // From the graph to the service.
  const graph: unknown = await (await page.request.get(`${url}/api/graph?namespaces=bookinfo`)).json();
  if (!isGraphAnswer(graph)) throw new Error('no graph');
  const node = graph.nodes.find((one) => one.kind === 'service' && one.service === 'reviews');
  await openGraph(page, url, { namespaces: 'bookinfo', select: node?.id ?? '' });
  await panel(page)
    .getByRole('link', { name: /^Routing of reviews/ })
    .click();
  await expect(page).toHaveURL(`${url}${SERVICE}`);

  // The slider by keys; the other follows.
  const slider = page.getByLabel('Weight of v2', { exact: true });
  await slider.focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
  await expect(page.getByLabel('Weight of v2 as a number')).toHaveValue('20');
  await expect(page.getByLabel('Weight of v1 as a number')).toHaveValue('80');
  await expectNoViolations(page);

  // The draft outlives the page.
  await page.reload();
  await expect(page.getByLabel('Weight of v2 as a number')).toHaveValue('20');

  await walkReview(page);
  await expectNoViolations(page);
  await page.getByRole('tab', { name: /Effect/ }).click();
  const caller = dialog(page).getByRole('row', { name: /productpage-v1/ });
  await expect(caller).toContainText('moves');
  const predicted = async (version: string): Promise<number> =>
    decodeRate(
      (await dialog(page)
        .getByRole('table', { name: /now and predicted/ })
        .getByRole('row', { name: new RegExp(`reviews ${version}`) })
        .getByRole('cell')
        .nth(2)
        .textContent()) ?? '',
    ) ?? Number.NaN;
  const [v1, v2] = [await predicted('v1'), await predicted('v2')];
  expect(v2 / (v1 + v2)).toBeCloseTo(0.2, 1);

  await page.getByRole('tab', { name: /Apply/ }).click();
  await dialog(page).getByLabel(/^Why/).fill('canary of v2');
  await dialog(page).getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(dialog(page)).toHaveCount(0, { timeout: 30_000 });
  const applied = performance.now();
  const waiting = page.getByRole('list', { name: 'Changes that wait for you' });
  await expect(waiting.getByRole('timer')).toHaveText(/^[45]:\d\d$/);
  await expect.poll(() => readShare(page, url), { timeout: THREE_SCRAPES_MS, intervals: [500] }).toBeGreaterThan(0.17);
  expect(await readShare(page, url)).toBeLessThan(0.23);
  test.info().annotations.push({ type: 'followed', description: `${Math.round((performance.now() - applied) / 1000)} s` });

  await waiting.getByRole('button', { name: /^Confirm/ }).click();
  await expect(waiting).toHaveCount(0);
  expect(await readSpec(api)).not.toEqual(before);

  // Undo, from the journal, by the same review.
  await page.goto(`${url}/changes`);
  await page
    .getByRole('button', { name: /canary of v2/ })
    .first()
    .click();
  await expectNoViolations(page);
  await page.getByRole('button', { name: /^Undo the change/ }).click();
  await expect(
    dialog(page)
      .getByText(/v1 80 → 100/)
      .first(),
  ).toBeVisible();
  await page.getByRole('tab', { name: /Apply/ }).click();
  await dialog(page)
    .getByRole('radio', { name: /Keep it at once/ })
    .check();
  await dialog(page).getByRole('button', { name: 'Apply and keep' }).click();
  await expect(dialog(page)).toHaveCount(0, { timeout: 30_000 });
  await expect.poll(() => readSpec(api)).toEqual(before);
});

test('sets a change back at once, and keeps the draft when somebody else was faster', async ({ page }) => {
  test.setTimeout(180_000);
  const url = await logInAt(page, company, 'Emil', SERVICE);
  await page.getByLabel('Weight of v2 as a number').fill('20');
  await walkReview(page);
  // Somebody writes the same object between the plan and its application.
  const patched = await api.send('PATCH', `${ROUTES}/reviews`, { spec: { exportTo: ['*'] } });
  await dialog(page).getByRole('button', { name: 'Apply', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Plan again' }).click({ timeout: 60_000 });
  await expect(
    dialog(page)
      .getByText(/since you looked/)
      .first(),
  ).toBeVisible();
  await page.getByRole('tab', { name: /Apply/ }).click();
  await dialog(page).getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(dialog(page)).toHaveCount(0, { timeout: 30_000 });
  await page
    .getByRole('list', { name: 'Changes that wait for you' })
    .getByRole('button', { name: /^Revert/ })
    .click();
  await expect.poll(() => readSpec(api), { timeout: 60_000 }).toEqual(isRecord(patched) ? patched['spec'] : null);
  await page.goto(`${url}/changes`);
  await expect(page.getByRole('button', { name: /Reverted/ }).first()).toBeVisible();
});

test('lets a viewer read everything and write nothing', async ({ page }) => {
  await logInAt(page, company, 'Vera', SERVICE);
  await expect(page.getByText(/You may look at the routing in bookinfo/)).toBeVisible();
  await expect(page.getByLabel('Weight of v2', { exact: true })).toBeDisabled();
  await expect(page.getByRole('button', { name: /^Add a rule|^Remove rule|^Move rule|^Switch/ })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Draft' })).toHaveCount(0);
  await expectNoViolations(page);
  const before = await readSpec(api);
  // And by hand, with the session's own token.
  const statuses = await page.evaluate(async () => {
    const me = (await (await fetch('/api/me')).json()) as { csrfToken: string };
    const rule = {
      object: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
      list: 'http',
      index: 0,
      host: 'reviews.bookinfo.svc.cluster.local',
    };
    const edits = [{ type: 'timeout', rule, milliseconds: 1000 }];
    const send = async (path: string, body: unknown): Promise<Response> =>
      fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-heddle-csrf': me.csrfToken },
        body: JSON.stringify(body),
      });
    const confirm = { revertAfterSeconds: null, guard: null };
    const preview = await send('/api/changes/preview', { edits });
    const planned = (await preview.json()) as { plan?: { digest: string } };
    const digest = planned.plan?.digest ?? 'none';
    const apply = await send('/api/changes', { edits, digest, reason: 'x', confirm, override: null });
    return { preview: preview.status, apply: apply.status };
  });
  expect(statuses.apply).toBe(403);
  expect(await readSpec(api)).toEqual(before);
});
