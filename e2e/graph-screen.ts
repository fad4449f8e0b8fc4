// The graph page as tests read and drive it, by roles and names only. In: a Page. Out: locators, rows, ids, numbers.
import { expect, type Locator, type Page } from '@playwright/test';
import { decodeStreamQuery, type GraphAnswer, isGraphAnswer } from './answers';

export type Query = Readonly<Record<string, string>>;

export const buildQuery = (query: Query): string => {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
};

/** Opens the graph page and waits until a graph is drawn. */
export async function openGraph(page: Page, url: string, query: Query = {}): Promise<void> {
  await page.goto(`${url}/graph${buildQuery(query)}`);
  await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
}

/** Opens the table twin and waits for its first row. */
export async function openTable(page: Page, url: string, kind: 'nodes' | 'edges', query: Query = {}): Promise<void> {
  await page.goto(`${url}/graph${buildQuery({ ...query, table: kind })}`);
  await expect(tableRows(page).first()).toBeVisible({ timeout: 30_000 });
}

export const canvas = (page: Page): Locator => page.getByRole('listbox', { name: 'Nodes of the service graph' });
export const nodeOptions = (page: Page): Locator => canvas(page).locator('[data-node]');
export const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' });
export const panelTitle = (page: Page): Locator => panel(page).locator('#panel-title');
export const toolbar = (page: Page): Locator => page.getByRole('toolbar', { name: 'Graph' });
export const findBox = (page: Page): Locator => page.getByRole('combobox', { name: /^Find in the graph/ });
export const hideBox = (page: Page): Locator => page.getByRole('combobox', { name: /^Hide what matches/ });
/** What the find box lists; the only group of choices with this title. */
export const findHits = (page: Page): Locator => page.getByRole('group', { name: 'Hits' }).getByRole('option');
export const tableRows = (page: Page): Locator => page.getByRole('grid').locator('tr[data-key]');
/** The value beside a word in the panel's list of facts. */
export const fact = (page: Page, word: string): Locator =>
  panel(page)
    .locator('dl > div')
    .filter({ has: page.getByText(word, { exact: true }) })
    .locator('dd');

/** Ids of the nodes that are drawn. */
export const readNodeIds = async (page: Page): Promise<readonly string[]> =>
  (await nodeOptions(page).evaluateAll((options) => options.map((option) => option.getAttribute('data-node') ?? ''))).sort();

export interface TableRow {
  readonly key: string;
  /** Texts by the title of their column. */
  readonly cells: Readonly<Record<string, string>>;
}

/** Every row of the table that is shown. */
export const readRows = (page: Page): Promise<readonly TableRow[]> =>
  page.getByRole('grid').evaluate((grid) => {
    const titles = [...grid.querySelectorAll('thead th')].map((head) => head.textContent.replace(/[▲▼]/g, '').trim());
    return [...grid.querySelectorAll('tr[data-key]')].map((row) => ({
      key: row.getAttribute('data-key') ?? '',
      cells: Object.fromEntries([...row.querySelectorAll('td')].map((cell, i) => [titles[i] ?? String(i), cell.textContent.trim()])),
    }));
  });

const SCALES: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };

/** Requests per second of a text such as "12.5 rps", "1.2k rps" or "< 0.01 rps"; null for anything else. */
export function decodeRate(text: string): number | null {
  const found = /^(<\s)?([\d.]+)([kMG])?\srps$/.exec(text.replaceAll('\u00a0', ' ').trim());
  if (found === null) return null;
  return Number(found[2]) * (SCALES[found[3] ?? ''] ?? 1);
}

/** Asks the API for the graph that the page's address means. */
export async function fetchGraph(url: string, query: Query = {}): Promise<GraphAnswer> {
  const answer = await fetch(`${url}/api/graph${buildQuery(query)}`);
  const body: unknown = await answer.json();
  if (!answer.ok || !isGraphAnswer(body))
    throw new Error(`GET /api/graph answered ${answer.status}: ${JSON.stringify(body).slice(0, 300)}`);
  return body;
}

/** Chooses in one of the page's selects. */
export async function choose(page: Page, name: string, label: string): Promise<void> {
  await page.getByRole('combobox', { name, exact: true }).selectOption({ label });
}

/** Opens a menu of the toolbar or masthead and gives its panel. */
export async function openMenu(page: Page, name: string | RegExp): Promise<Locator> {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).click();
  const menu = page.getByRole('dialog', { name, exact: typeof name === 'string' });
  await expect(menu).toBeVisible();
  return menu;
}

/** Clicks a checkbox or radio button and waits until the page, whose address decides, has taken it. */
export async function toggle(option: Locator, on: boolean): Promise<void> {
  await expect(option).toBeChecked({ checked: !on });
  await option.click();
  await expect(option).toBeChecked({ checked: on });
}

/** Opens the side panel, unless it is open already. */
export async function showDetails(page: Page): Promise<void> {
  const button = toolbar(page).getByRole('button', { name: 'Details', exact: true });
  if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
  await expect(panelTitle(page)).toBeVisible();
}

/** Queries of the streams that the page opens from now on, as the console decodes them. */
export function listenForStreams(page: Page): readonly URLSearchParams[] {
  const seen: URLSearchParams[] = [];
  page.on('request', (request) => {
    const query = decodeStreamQuery(request.url());
    if (query !== null) seen.push(query);
  });
  return seen;
}

/** The bitmaps of the canvas as one text: equal texts look equal. */
export const readPicture = (page: Page): Promise<string> =>
  page.getByRole('region', { name: 'Service graph' }).evaluate((region) => {
    const texts = [...region.querySelectorAll('canvas')].map((one) => {
      const data = one.toDataURL();
      let hash = 0;
      for (let i = 0; i < data.length; i++) hash = (Math.imul(hash, 31) + data.charCodeAt(i)) | 0;
      return `${data.length}:${hash}:${one.parentElement?.style.transform ?? ''}:${one.style.transform}`;
    });
    return texts.join(' ');
  });

/** Stops the refresh, so that only what a test does changes the picture, and waits until the picture rests. */
export async function freeze(page: Page): Promise<void> {
  await choose(page, 'Refresh', 'Paused');
  await expect(page.getByText(/^paused · /)).toBeVisible();
  let last = '';
  await expect
    .poll(
      async () => {
        const before = last;
        last = await readPicture(page);
        return last === before;
      },
      { intervals: [300] },
    )
    .toBe(true);
}
