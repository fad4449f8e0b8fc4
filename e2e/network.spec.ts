// Story: the console keeps to itself: nothing leaves its origin, nothing foreign runs, little is loaded, and a hidden tab asks for nothing.
import { gzipSync } from 'node:zlib';
import { decodeSamples } from './exposition';
import { fetchGraph, nodeOptions, openGraph, openMenu, openTable, panelTitle, toggle } from './graph-screen';
import { expect, test } from './mesh';
import { openObject } from './yaml-editor';

const FIRST_LOAD_BYTES = 200 * 1024;

test('asks nobody but its own origin, breaks no policy and reports no error', async ({ page, mesh, context }) => {
  const foreign: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== mesh.url) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`);
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });

  const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo' });
  await page.goto(`${mesh.url}/overview`);
  await expect(page.getByRole('link', { name: /^bookinfo: / })).toBeVisible();
  await openGraph(page, mesh.url, {
    namespaces: 'bookinfo',
    overlays: 'latency,quantiles,throughput',
    labels: 'rate,errors,avg,p95,throughput,share,mtls',
    traffic: 'true',
    legend: 'true',
    select: graph.edges.find((edge) => edge.protocol === 'http')?.id ?? '',
  });
  await expect(panelTitle(page)).toBeVisible();
  await expect(page.getByRole('figure').first()).toBeVisible({ timeout: 30_000 });
  await toggle((await openMenu(page, 'Theme')).getByRole('radio', { name: 'Dark' }), true);
  await expect(page.locator('html')).toHaveClass(/pf-v6-theme-dark/);
  await openTable(page, mesh.url, 'edges');
  // The editor writes styles of its own, and reads texts in a worker.
  await openObject(page, mesh.url, 'DestinationRule/bookinfo/reviews');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.goto(`${mesh.url}/no-such-page`);
  await expect(page.getByRole('heading', { name: 'There is no page at this address' })).toBeVisible();

  expect(foreign).toEqual([]);
  // The page that does not exist was asked for on purpose.
  expect(complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
});

test('sends a policy with a nonce of its own for each page', async ({ mesh }) => {
  const readPolicy = async (): Promise<string> => (await fetch(`${mesh.url}/graph`)).headers.get('content-security-policy') ?? '';
  const [first, second] = [await readPolicy(), await readPolicy()];
  for (const policy of [first, second]) {
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic'/);
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
  }
  expect(first).not.toBe(second);
});

test('loads at most 200 KB of script before the graph', async ({ mesh }) => {
  const html = await (await fetch(`${mesh.url}/graph`)).text();
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag);
  const paths = new Set<string>();
  for (const tag of tags) {
    // Browsers that know modules never load it.
    if (/\bnomodule\b/i.test(tag)) continue;
    const path = /^<script/.test(tag)
      ? /\bsrc="([^"]+)"/.exec(tag)?.[1]
      : /\bas="script"/.test(tag)
        ? /\bhref="([^"]+)"/.exec(tag)?.[1]
        : undefined;
    if (path !== undefined) paths.add(path);
  }
  expect(paths.size).toBeGreaterThan(3);
  const sizes = await Promise.all(
    [...paths].map(async (path) => {
      const answer = await fetch(new URL(path, mesh.url));
      expect(answer.status, path).toBe(200);
      // Named by their content: a browser need never ask twice.
      expect(answer.headers.get('cache-control')).toContain('immutable');
      return [path, gzipSync(Buffer.from(await answer.arrayBuffer())).length] as const;
    }),
  );
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  test.info().annotations.push({ type: 'first load', description: `${Math.round(bytes / 1024)} KiB gzip in ${sizes.length} scripts` });
  expect(bytes, JSON.stringify(sizes)).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});

test('a hidden tab stops its stream and catches up when it is shown', async ({ page, mesh }) => {
  const readStreams = async (): Promise<number> =>
    decodeSamples(await (await fetch(`${mesh.url}/metrics`)).text()).find(({ name }) => name === 'heddle_http_streams')?.value ??
    Number.NaN;
  await expect.poll(readStreams).toBe(0);
  await page.clock.install();
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await expect.poll(readStreams).toBe(1);
  const setHidden = (hidden: boolean): Promise<void> =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (value ? 'hidden' : 'visible') });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await setHidden(true);
  // A glance at another tab costs nothing: the stream is kept for half a minute.
  await page.clock.runFor(10_000);
  expect(await readStreams()).toBe(1);
  await page.clock.runFor(25_000);
  await expect.poll(readStreams).toBe(0);
  await setHidden(false);
  await expect.poll(readStreams).toBe(1);
  await expect(nodeOptions(page).first()).toBeAttached();
});
