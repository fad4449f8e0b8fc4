// Story: one build is served at the root, under a path behind nginx, and under a path with dots: everything works and stays inside.
import type { Page } from '@playwright/test';
import { isRecord } from './answers';
import { type RunningConsole, startConsole } from './console';
import { openEventStream } from './event-stream';
import { fetchGraph, nodeOptions, openTable, panelTitle, showDetails } from './graph-screen';
import { expect, test } from './mesh';
import { findNginx, passOn, startNginx } from './nginx';

/** More than components/graph/layout lays out by itself. */
const WORKER_NODES = 160;

/** What the page asks outside of its base, and what it complains about, from now on. */
function watchPage(
  page: Page,
  base: string,
): { readonly outside: readonly string[]; readonly inside: readonly string[]; readonly complaints: readonly string[] } {
  const [outside, inside, complaints]: [string[], string[], string[]] = [[], [], []];
  page.context().on('request', (request) => {
    const url = request.url();
    if (/^(?:data|blob):/.test(url)) return;
    const within = url === base || url.startsWith(`${base}/`) || url.startsWith(`${base}?`);
    (within ? inside : outside).push(url);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return { outside, inside, complaints };
}

/** A graph that is large enough is laid out by a worker, whose script has an address, too. The simulated mesh is too small: it is repeated. */
async function expectWorker(page: Page, base: string): Promise<void> {
  const graph = await fetchGraph(base);
  const nodes = Array.from({ length: WORKER_NODES }, (_, i) => ({ ...graph.nodes[0], id: `service/copy/${i}`, parent: null }));
  const data = JSON.stringify({ ...graph, nodes, edges: [], boxes: [] });
  await page.route(`${base}/api/graph/stream*`, (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: `retry: 60000\n\nid: copy-1\nevent: snapshot\ndata: ${data}\n\n` }),
  );
  const started = page.waitForEvent('worker');
  await page.goto(`${base}/graph`);
  expect((await started).url().startsWith(`${base}/_next/`)).toBe(true);
  await expect(nodeOptions(page)).toHaveCount(WORKER_NODES);
}

async function walk(page: Page, base: string): Promise<void> {
  const seen = watchPage(page, base);
  await page.context().addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  const streamed = page.waitForResponse((answer) => answer.url().startsWith(`${base}/api/graph/stream`));
  await page.goto(base);
  await expect(page).toHaveURL(new RegExp(`^${base.replaceAll('.', '\\.')}/graph`));
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  expect((await streamed).headers()['content-type']).toContain('text/event-stream');
  const icon = await page.locator('link[rel="icon"]').getAttribute('href');
  expect((await page.request.get(new URL(icon ?? '', base).href)).headers()['content-type']).toContain('image/svg+xml');

  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Overview' }).click();
  await expect(page).toHaveURL(/\/overview/);
  await page.getByRole('link', { name: /^bookinfo: / }).click();
  await expect(page).toHaveURL(`${base}/graph?namespaces=bookinfo`);
  await expect(
    nodeOptions(page)
      .filter({ hasText: / in bookinfo/ })
      .first(),
  ).toBeAttached({ timeout: 30_000 });
  await showDetails(page);
  await expect(panelTitle(page)).toHaveText('bookinfo');
  await page.goBack();
  await expect(page).toHaveURL(`${base}/overview`);
  await openTable(page, base, 'edges', { namespaces: 'bookinfo' });
  await page.goto(`${base}/no-such-page`);
  await page.getByRole('link', { name: 'Open the graph' }).click();
  await expect(page).toHaveURL(`${base}/graph`);

  await expectWorker(page, base);
  expect(seen.outside, 'requests outside of the base path').toEqual([]);
  expect(seen.complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
}

/** A stream as a client reads it: it says how to come back, begins with a graph and goes on, so nothing on the way gathers it. */
async function expectStream(base: string): Promise<void> {
  const stream = await openEventStream(`${base}/api/graph/stream?namespaces=bookinfo`);
  try {
    const first = await stream.next(['snapshot']);
    expect(isRecord(first.data)).toBe(true);
    expect(stream.retryMs()).toBeGreaterThan(0);
    await stream.next(['delta', 'snapshot']);
  } finally {
    stream.close();
  }
}

async function withConsole(
  mesh: { readonly prometheus: string; readonly kubeconfig: string },
  basePath: string,
  work: (running: RunningConsole) => Promise<void>,
): Promise<void> {
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig: mesh.kubeconfig, basePath });
  try {
    await work(running);
  } finally {
    await running.close();
  }
}

for (const basePath of ['/', '/a.b/mesh-1'])
  test(`serves everything under ${basePath}`, async ({ page, mesh }) => {
    await withConsole(mesh, basePath, async (running) => {
      await walk(page, running.url);
      await expectStream(running.url);
      test.info().annotations.push({ type: 'start', description: `${Math.round(running.answerMs)} ms` });
      const { origin } = new URL(running.url);
      const outside = await fetch(`${origin}/outside`, { redirect: 'manual' });
      expect(outside.status).toBe(404);
      if (basePath !== '/') expect(await outside.text()).toContain(`served under ${basePath}`);
    });
  });

test('serves everything under /console behind nginx, which must not strip the path', async ({ page, mesh }) => {
  const nginx = findNginx();
  test.skip(nginx === null, 'nginx is not installed: apt-get install nginx');
  if (nginx === null) return;
  await withConsole(mesh, '/console', async (running) => {
    const target = new URL(running.url).origin;
    const proxy = await startNginx(nginx, passOn('/console', target));
    try {
      await walk(page, `${proxy.origin}/console`);
      await expectStream(`${proxy.origin}/console`);
      // A path of Next with a slash at its end leads back inside.
      const slash = await fetch(`${proxy.origin}/console/`, { redirect: 'manual' });
      expect(new URL(slash.headers.get('location') ?? '', `${proxy.origin}/console/`).href).toBe(`${proxy.origin}/console`);
    } finally {
      await proxy.close();
    }
    const stripping = await startNginx(nginx, passOn('/console/', `${target}/`));
    try {
      const answer = await fetch(`${stripping.origin}/console/graph`, { redirect: 'manual' });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toMatch(/served under \/console.*must not strip/s);
    } finally {
      await stripping.close();
    }
  });
});
