// Story: I find an object in the list, change its YAML with what is wrong said while I type, review, apply, and lose nothing whatever happens.
import type { Page } from '@playwright/test';
import { type ClusterApi, openClusterApi } from './cluster-api';
import { type RunningConsole, startConsole } from './console';
import { expect, type Mesh, test } from './mesh';
import { appendText, editor, openObject, problems, readText, writeText } from './yaml-editor';

const RULES = '/apis/networking.istio.io/v1/namespaces/bookinfo/destinationrules';
const NAME = 'ratings-of-a-story';
const PATH = `DestinationRule/bookinfo/${NAME}`;

const rule = (extra: object = {}): object => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: NAME, namespace: 'bookinfo' },
  spec: { host: 'ratings', trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } }, ...extra },
});

let own: RunningConsole;
let api: ClusterApi;

async function start(mesh: Mesh): Promise<void> {
  api = openClusterApi(mesh.kubeconfig);
  own = await startConsole({
    prometheus: mesh.prometheus,
    kubeconfig: mesh.kubeconfig,
    environment: { HEDDLE_AUTH_ANONYMOUS_ROLE: 'admin' },
  });
}

test.beforeAll(async ({ mesh }) => {
  test.setTimeout(120_000);
  await start(mesh);
});
test.afterAll(async () => {
  await own.close();
  await api.close();
});
test.beforeEach(() => api.send('POST', RULES, rule()));
test.afterEach(() => api.send('DELETE', `${RULES}/${NAME}`).catch(() => undefined));

const row = (page: Page) => page.getByRole('row', { name: new RegExp(NAME) });

/** From the plan to the last button; kept at once. */
async function applyReview(page: Page): Promise<void> {
  const review = page.getByRole('dialog', { name: /^Review the change of/ });
  await expect(review).toBeVisible();
  for (const step of ['Findings', 'Effect', 'Apply']) {
    const next = review.getByRole('button', { name: new RegExp(`^Next: ${step}`, 'i') });
    await expect(next).toBeEnabled();
    await next.click();
  }
  const keep = review.getByRole('radio', { name: /keep/i });
  if ((await keep.count()) > 0) await keep.first().check();
  await review.getByRole('button', { name: /^Apply/ }).click();
  await expect(review).toBeHidden({ timeout: 30_000 });
}

test('finds an object, shows an error while it is typed, mends it, reviews, applies, and shows it in the list', async ({ page }) => {
  test.setTimeout(150_000);
  await page.goto(`${own.url}/config`);
  await expect(row(page)).toBeVisible();
  await page.getByRole('textbox', { name: 'Filter by name, label=value, kind, summary or owner' }).fill('of-a-story');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('DestinationRule');
  await expect(page).toHaveURL(/text=of-a-story&kind=DestinationRule/);
  await expect(page.getByRole('grid', { name: 'Configuration' }).getByRole('row')).toHaveCount(2);
  // The address is the state: it comes back with the page.
  await page.reload();
  await expect(page.getByRole('grid', { name: 'Configuration' }).getByRole('row')).toHaveCount(2);
  await row(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible();

  await expect(problems(page)).toContainText('nothing wrong');
  await expect(page.getByRole('button', { name: 'Review…' })).toBeDisabled();
  await appendText(page, '  subsetz:\n    - name: v1\n');
  await expect(problems(page)).toContainText('unknown field “subsetz”. Did you mean “subsets”?');
  await expect(editor(page).locator('.cm-lintRange-error')).toHaveText('subsetz');
  await problems(page)
    .getByRole('button', { name: /^Line \d+/ })
    .first()
    .click();
  await page.keyboard.press('ControlOrMeta+ArrowRight');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('s');
  await expect(problems(page)).not.toContainText('unknown field');
  await appendText(page, '      labels:\n        version: v1\n');
  await expect(problems(page)).toContainText('nothing wrong');

  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page.locator('.cm-merge-b .cm-changedLine').first()).toBeVisible();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Review…' }).click();
  await applyReview(page);
  await expect(page.getByText('As in the cluster')).toBeVisible();
  const written = await api.send('GET', `${RULES}/${NAME}`);
  expect(written).toMatchObject({ spec: { subsets: [{ name: 'v1', labels: { version: 'v1' } }] } });
  await page.getByRole('link', { name: 'Configuration' }).first().click();
  await expect(row(page)).toContainText('subsets v1');
});

test('says clearly what is wrong with a bad text, and loses none of it', async ({ page }) => {
  test.setTimeout(120_000);
  await openObject(page, own.url, PATH);
  const good = await readText(page);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]`;
  const bad: readonly (readonly [text: string, words: RegExp])[] = [
    [`${good}\n---\nkind: Other`, /A second document begins here/],
    [
      good.replace('kind: DestinationRule', 'kind: VirtualService'),
      /This editor changes DestinationRule bookinfo\/.*the text is a VirtualService/,
    ],
    [good.replace('namespace: bookinfo', 'namespace: boutique'), /metadata\.namespace is “boutique”.*cannot move/],
    [`${good}\n\tx: 1`, /A tab indents this line/],
    [bomb, /YAML bomb/],
    ['', /There is no text/],
  ];
  for (const [text, words] of bad) {
    await writeText(page, text);
    if (text === '') await page.keyboard.press('Backspace');
    await expect(problems(page)).toContainText(words);
    await expect(page.getByRole('button', { name: 'Review…' })).toBeDisabled();
  }
  // CRLF is no fault.
  await writeText(page, `${good.replaceAll('\n', '\r\n')}\r\n# a remark\r\n`);
  await expect(problems(page)).toContainText('nothing wrong');
  await expect(page.getByRole('button', { name: 'Review…' })).toBeEnabled();
  // Everything can be undone.
  await page.getByRole('button', { name: 'Discard changes' }).click();
  expect((await readText(page)).trim()).toBe(good.trim());
});

test('keeps a draft through a reload, a change by somebody else, and a deletion', async ({ page }) => {
  test.setTimeout(120_000);
  await openObject(page, own.url, PATH);
  await appendText(page, '  exportTo: ["."]\n');
  await expect(page.getByText('Changed; kept as a draft in this browser')).toBeVisible();
  // Asked before it is left by a link.
  await page.getByRole('link', { name: 'Explain' }).click();
  const question = page.getByRole('dialog', { name: 'Leave with changes that are not applied?' });
  await question.getByRole('button', { name: 'Stay' }).click();
  await page.reload();
  await expect(page.getByText(/^.*Your draft.*is back/)).toBeVisible();
  await expect(editor(page)).toContainText('exportTo: ["."]');

  await api.send('PATCH', `${RULES}/${NAME}`, { spec: { trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } } });
  await expect(page.getByText('The object was changed in the cluster while you edited it')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Merge both changes' }).click();
  await expect(editor(page)).toContainText('simple: RANDOM');
  await expect(editor(page)).toContainText('exportTo: ["."]');

  await api.send('DELETE', `${RULES}/${NAME}`);
  await expect(page.getByText(/is not in the cluster any more/)).toBeVisible({ timeout: 30_000 });
  await expect(editor(page)).toContainText('exportTo: ["."]');
  await page.getByRole('button', { name: 'Create it anew from this text' }).click();
  await expect(page.getByRole('button', { name: 'Review…' })).toBeEnabled();
});

test('creates from a template that has no faults, and deletes with a preview', async ({ page }) => {
  test.setTimeout(150_000);
  await page.goto(`${own.url}/config?namespaces=bookinfo`);
  await page.getByRole('button', { name: 'Create an object' }).click();
  await page.getByRole('link', { name: /^PeerAuthentication/ }).click();
  await expect(editor(page)).toContainText('kind: PeerAuthentication');
  await expect(problems(page)).toContainText('nothing wrong');
  const name = /^ {2}name: (.*)$/m.exec(await readText(page))?.[1] ?? '';
  await page.getByRole('button', { name: 'Review…' }).click();
  await applyReview(page);
  await expect(page).toHaveURL(new RegExp(`/config/PeerAuthentication/bookinfo/${name}`));
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await applyReview(page);
  await expect(page.getByText(/is not in the cluster any more/)).toBeVisible({ timeout: 30_000 });
});

test('explains a request, saves the case, and runs it again', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(`${own.url}/explain`);
  await page.getByRole('button', { name: 'Explain' }).click();
  await expect(page.getByText('Name the host that is called.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Caller’s namespace' }).selectOption('bookinfo');
  await page.getByLabel('Caller’s workload').fill('productpage-v1');
  await page.getByLabel('Host').fill('reviews');
  await page.getByLabel('Port').fill('9080');
  await page.getByRole('button', { name: 'Explain' }).click();
  await expect(page.getByRole('heading', { name: 'What happens' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Destinations' })).toContainText('reviews.bookinfo.svc.cluster.local');
  // Everything is in the address.
  await page.reload();
  await expect(page.getByRole('table', { name: 'Destinations' })).toContainText('100');
  await page.getByRole('textbox', { name: 'Name of the case' }).fill('reviews from the page');
  await page.getByRole('button', { name: 'Save the case' }).click();
  const saved = page.getByRole('region', { name: /^Saved cases/ });
  await expect(saved).toContainText('As expected.');
  await saved.getByRole('button', { name: 'Remove the case reviews from the page' }).click();
  await expect(saved).toContainText('None yet.');
});
