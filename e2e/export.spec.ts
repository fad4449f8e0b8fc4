// Story: I take the graph with me: as a picture, as data for a spreadsheet, as text for a document, as an address; by hand and from a pipeline.
import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import { expectNoFaults } from './axe';
import { fetchGraph, nodeOptions, openGraph, openMenu, openTable } from './graph-screen';
import { expect, test } from './mesh';

async function save(page: Page, menu: Locator, label: string): Promise<{ readonly download: Download; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), menu.getByRole('button', { name: label, exact: true }).click()]);
  await expect(menu.getByRole('status').last()).toContainText(`Saved as ${download.suggestedFilename()}`);
  return { download, bytes: await readFile(await download.path()) };
}

/** Lets the browser itself read a picture: its size and how many different colours it holds; a picture that it refuses throws. */
const look = (page: Page, bytes: Buffer, type: string): Promise<{ width: number; height: number; colours: number }> =>
  page.evaluate(
    async ([base64, media]) => {
      const image = new Image();
      image.src = `data:${media};base64,${base64}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = 400;
      canvas.height = 300;
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.drawImage(image, 0, 0, 400, 300);
      const { data } = context.getImageData(0, 0, 400, 300);
      const colours = new Set<number>();
      for (let i = 0; i < data.length; i += 4) colours.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
      return { width: image.naturalWidth, height: image.naturalHeight, colours: colours.size };
    },
    [bytes.toString('base64'), type] as const,
  );

test('saves the graph that I see as a picture, with what it shows and the way back', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  const menu = await openMenu(page, 'Export the graph');
  const svg = await save(page, menu, 'SVG');
  expect(svg.download.suggestedFilename()).toMatch(/^heddle-versionedApp-bookinfo-1m-\d{8}T\d{6}Z\.svg$/);
  const text = svg.bytes.toString('utf8');
  expect(text).toContain('Versioned app graph of bookinfo');
  expect(text).toMatch(/Showing \d+ of \d+ nodes/);
  expect(text).toContain('productpage');
  const drawn = await look(page, svg.bytes, 'image/svg+xml');
  expect(drawn.width).toBeGreaterThan(700);
  expect(drawn.colours).toBeGreaterThan(20);

  const png = await save(page, menu, 'PNG');
  const seen = await look(page, png.bytes, 'image/png');
  // Twice as sharp as the SVG, and the same picture; refreshes between may change numbers.
  expect(seen.width).toBeGreaterThan(1.8 * drawn.width);
  expect(seen.colours).toBeGreaterThan(20);
  expect(png.bytes.toString('latin1')).toContain('/graph?');

  const way = /href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  await page.goto(way);
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
  await expect(page.getByText(/This is the past: /).first()).toBeVisible();
});

test('saves the table for a spreadsheet and the graph as text, with the keyboard alone', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await page.getByRole('button', { name: 'Export the graph' }).focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('dialog', { name: 'Export the graph' });
  await expect(menu).toBeVisible();
  const csv = menu.getByRole('button', { name: 'CSV of the edges' });
  for (let i = 0; i < 8 && !(await csv.evaluate((button) => button === document.activeElement)); i++) await page.keyboard.press('Tab');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  const rows = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows[0]).toMatch(/^source,source_namespace,target,/);
  const graph = await fetchGraph(mesh.url, { namespaces: 'bookinfo' });
  expect(Math.abs(rows.length - 1 - graph.edges.length)).toBeLessThanOrEqual(3);

  const mermaid = await save(page, menu, 'Mermaid');
  expect(mermaid.bytes.toString('utf8')).toMatch(/\nflowchart LR\n[\s\S]*subgraph b\d+\["bookinfo"\]/);
  const dot = await save(page, menu, 'Graphviz DOT');
  expect(dot.bytes.toString('utf8')).toMatch(/^digraph heddle \{[\s\S]*subgraph cluster_b\d+ \{/);

  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(page.getByRole('button', { name: 'Export the graph' })).toBeFocused();
});

test('saves a picture where the table is shown, and a permalink pinned in time', async ({ page, mesh, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openTable(page, mesh.url, 'nodes', { namespaces: 'bookinfo' });
  const menu = await openMenu(page, 'Export the graph');
  const svg = await save(page, menu, 'SVG');
  expect((await look(page, svg.bytes, 'image/svg+xml')).colours).toBeGreaterThan(20);
  await menu.getByRole('button', { name: 'Copy a permalink pinned in time' }).click();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  expect(link.searchParams.get('at')).toMatch(/^\d{10}$/);
  expect(link.searchParams.get('namespaces')).toBe('bookinfo');
});

test('gives the same forms to a pipeline', async ({ page, mesh }) => {
  const view = 'namespaces=bookinfo&graphType=workload';
  for (const [format, type, part] of [
    ['json', 'application/json', '"nodes"'],
    ['csv', 'text/csv', 'productpage-v1'],
    ['nodes.csv', 'text/csv', 'productpage-v1'],
    ['dot', 'text/vnd.graphviz', 'productpage-v1'],
    ['mermaid', 'text/vnd.mermaid', 'productpage-v1'],
    ['svg', 'image/svg+xml', 'productpage-v1'],
  ] as const) {
    const answer = await fetch(`${mesh.url}/api/graph/export?${view}&format=${format}&labels=rate,p95&theme=dark`);
    const text = await answer.text();
    expect(answer.status, text.slice(0, 300)).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('content-disposition')).toMatch(/attachment; filename="heddle-workload-bookinfo-1m-/);
    expect(text).toContain(part);
    if (format === 'svg') {
      await page.goto(mesh.url);
      expect((await look(page, Buffer.from(text), 'image/svg+xml')).colours).toBeGreaterThan(20);
      expect(text).toContain('p95');
    }
  }
  const refused = await fetch(`${mesh.url}/api/graph/export?format=exe`);
  expect(refused.status).toBe(400);
});

for (const theme of ['light', 'dark'] as const)
  test(`has a menu without serious faults in the ${theme} theme`, async ({ page, mesh, context }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await context.addInitScript((chosen) => {
      if (window.location.protocol.startsWith('http')) window.localStorage.setItem('heddle.theme', chosen);
    }, theme);
    await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
    await openMenu(page, 'Export the graph');
    await expectNoFaults(page, 'export menu');
  });
