// Story: something was wrong a few minutes ago. I replay it, pin the instant, send the link; and I see what a change of weights did.
import type { Page } from '@playwright/test';
import { isRecord } from './answers';
import { expectNoViolations } from './axe';
import { openClusterApi } from './cluster-api';
import { logIn, openCompany } from './company';
import { nodeOptions, openGraph, panelTitle, readNodeIds, readRows, tableRows, toolbar } from './graph-screen';
import { expect, test } from './mesh';

const ROUTES = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';
/** A window of a minute after the change, and what it takes to be seen. */
const SETTLED_MS = 150_000;

const replay = (page: Page) => page.getByRole('region', { name: 'Replay' });
const comparison = (page: Page) => page.getByRole('region', { name: 'Comparison' });
const slider = (page: Page) => page.getByRole('slider', { name: 'Instant of the replay' });
const instantOf = (page: Page): number => Number(new URL(page.url()).searchParams.get('at'));

test('replays the last minutes by keys alone, and shares an instant of them', async ({ page, mesh, context }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await toolbar(page).getByRole('button', { name: 'Replay', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(slider(page)).toBeVisible();
  const [from = 0, to = 0] = (new URL(page.url()).searchParams.get('replay') ?? '').split('-').map(Number);
  expect(to - from).toBe(1800);

  // To the end, a frame back, ten frames back.
  await slider(page).focus();
  await page.keyboard.press('End');
  await expect.poll(() => instantOf(page)).toBe(to);
  await expect(nodeOptions(page).first()).toBeAttached();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => instantOf(page)).toBe(to - 10);
  await page.keyboard.press('PageDown');
  await expect.poll(() => instantOf(page)).toBe(to - 110);
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /rps/);
  await expectNoViolations(page);

  // Playing moves on by itself, frame by frame, until it is told to stop.
  await page.getByRole('combobox', { name: 'Speed' }).selectOption({ label: 'Fast: 1 s a frame' });
  await replay(page).getByRole('button', { name: 'Play' }).press('Enter');
  await expect.poll(() => instantOf(page), { timeout: 30_000 }).toBeGreaterThanOrEqual(to - 90);
  await replay(page).getByRole('button', { name: 'Pause' }).press('Enter');
  const paused = instantOf(page);
  expect((paused - from) % 10).toBe(0);
  const nodes = await readNodeIds(page);

  // Who opens the address sees the same instant.
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(nodeOptions(other).first()).toBeAttached();
  await expect(slider(other)).toHaveValue(String(paused));
  expect(await readNodeIds(other)).toEqual(nodes);
  await other.close();

  await replay(page).getByRole('button', { name: 'Back to live' }).press('Enter');
  await expect(replay(page)).toHaveCount(0);
  expect(new URL(page.url()).searchParams.has('at')).toBe(false);

  // Pinned: the graph stays where it is.
  await toolbar(page).getByRole('button', { name: 'Pin', exact: true }).press('Enter');
  await expect.poll(() => instantOf(page)).toBeGreaterThan(to);
  await expect(page.getByText(/This is the past: /)).toBeVisible();
});

test('shows what a change of weights did, from its entry in the journal', async ({ page, mesh }) => {
  test.setTimeout(400_000);
  const api = openClusterApi(mesh.kubeconfig);
  const company = await openCompany(mesh, { tokenSeconds: 3600, environment: { HEDDLE_KUBERNETES_CONTEXT: 'heddle' } });
  try {
    await api.send('POST', ROUTES, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'bookinfo' },
      spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' }, weight: 100 }] }] },
    });
    const { url } = company.console;
    await page.goto(`${url}/overview`);
    await logIn(page, 'Emil');
    await expect(page).toHaveURL(`${url}/overview`);
    // All of it goes to v1 for a whole window.
    await page.waitForTimeout(75_000);
    await applyWeights(page, url);

    await page.goto(`${url}/changes`);
    const link = page.getByRole('link', { name: 'Compare before and after on the graph' });
    await page
      .getByRole('button', { name: /reviews/ })
      .first()
      .click();
    await expect(link.first()).toBeVisible({ timeout: SETTLED_MS });
    await link.first().press('Enter');
    await expect(comparison(page).getByRole('group', { name: 'Kinds of changes' })).toBeVisible({ timeout: 60_000 });
    await expect(nodeOptions(page).first()).toBeAttached();
    await expectNoViolations(page);

    await comparison(page).getByRole('button', { name: 'Table of changes' }).press('Enter');
    await expect(tableRows(page).first()).toBeVisible();
    const rows = (await readRows(page)).map(({ key, cells }) => ({ key, change: cells['Change'] ?? '' }));
    // Half of it goes to v3 now, which got nothing before.
    expect(rows.filter(({ key }) => /reviews>.*reviews.*v3/.test(key)).map(({ change }) => change)).toEqual(['+ Added']);
    expect(rows.filter(({ key }) => /reviews>.*reviews.*v1/.test(key)).map(({ change }) => change)).toEqual(['◆ Changed']);
    await expectNoViolations(page);

    // A row leads to its edge.
    await tableRows(page).first().focus();
    await page.keyboard.press('Enter');
    await expect(panelTitle(page)).toBeVisible();
    await expect(tableRows(page).first()).toHaveAttribute('aria-selected', 'true');
  } finally {
    await api.send('DELETE', `${ROUTES}/reviews`);
    await company.close();
    await api.close();
  }
});

/** By the API that the review speaks to: the rehearsal, then what was rehearsed. */
async function applyWeights(page: Page, url: string): Promise<void> {
  const readJson = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
    const body: unknown = await (await page.request.get(`${url}${path}`)).json();
    if (!isRecord(body)) throw new Error(`no object at ${path}`);
    return body;
  };
  const me = await readJson('/api/me');
  const headers = { 'x-heddle-csrf': String(me['csrfToken']), origin: new URL(url).origin };
  const object = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' };
  const rule = { object, list: 'http', index: 0, host: 'reviews.bookinfo.svc.cluster.local' };
  const destinations = ['v1', 'v3'].map((subset) => ({ host: 'reviews', subset, port: null, weight: 50 }));
  const edits = [{ type: 'weights', rule, destinations }];
  const preview: unknown = await (await page.request.post(`${url}/api/changes/preview`, { headers, data: { edits } })).json();
  const digest = isRecord(preview) && isRecord(preview['plan']) ? preview['plan']['digest'] : null;
  expect(digest, JSON.stringify(preview).slice(0, 300)).not.toBeNull();
  const confirm = { revertAfterSeconds: null, guard: null };
  const applied = await page.request.post(`${url}/api/changes`, {
    headers,
    data: { edits, digest, reason: 'half to v3', confirm, override: null },
  });
  expect(applied.status(), (await applied.text()).slice(0, 300)).toBe(200);
}
