// Story: something is away. The last graph stays with its age and the cause in words, and comes back by itself; bad addresses say so.
import { isRecord } from './answers';
import { openClusterApi, readServerPort, writeKubeconfigTo } from './cluster-api';
import { startConsole } from './console';
import { type FaultMode, startCutProxy, startFaultProxy } from './fault-proxy';
import { choose, nodeOptions, openGraph, panel, readNodeIds } from './graph-screen';
import { expect, test } from './mesh';

/** How each way to fail is told. */
const TOLD: readonly (readonly [mode: FaultMode, words: RegExp])[] = [
  ['refuse', /Prometheus cannot be reached: .*(reset|closed)/],
  ['503', /Prometheus cannot be reached: .*answered 503/],
  ['html', /not a Prometheus answer: .*not JSON.*Log in/],
  ['nothing', /not a Prometheus answer: .*empty/],
  ['half', /not a Prometheus answer: .*breaks off/],
  ['slow', /Prometheus did not answer in time: .*within 5000 ms/],
];

test('keeps the last graph with its age and the cause while Prometheus fails, whatever way it does', async ({ page, mesh }) => {
  test.setTimeout(180_000);
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const proxy = await startFaultProxy(mesh.prometheus);
  const running = await startConsole({ prometheus: proxy.url, kubeconfig: mesh.kubeconfig });
  try {
    await openGraph(page, running.url, { namespaces: 'bookinfo' });
    await expect(page.getByText(/^live · /)).toBeVisible();
    for (const [mode, words] of TOLD) {
      proxy.mode = mode;
      await expect(page.getByText(words), `the banner for ${mode}`).toBeVisible({ timeout: 40_000 });
      await expect(page.getByText(/Data from Prometheus is \d+\s(s|min) old$/).first()).toBeVisible();
      await expect(page.getByText(/^stale · \d+\s(s|min) old$/)).toBeVisible();
      await expect(
        nodeOptions(page)
          .filter({ hasText: /reviews/ })
          .first(),
      ).toBeAttached();
      proxy.mode = 'none';
      // After a slow answer the console asks less often, so that Prometheus can recover.
      await expect(page.getByText(/^live · /), `after ${mode}`).toBeVisible({ timeout: 60_000 });
      await expect(page.getByText(/Data from Prometheus is /)).toHaveCount(0);
    }
    expect(dialogs).toEqual([]);
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('says that Prometheus is away when it was never there, and recovers by itself', async ({ page, mesh }) => {
  const proxy = await startFaultProxy(mesh.prometheus);
  proxy.mode = 'refuse';
  const running = await startConsole({ prometheus: proxy.url, kubeconfig: mesh.kubeconfig });
  try {
    await page.goto(`${running.url}/graph`);
    await expect(page.getByText(/Prometheus cannot be reached/).first()).toBeVisible();
    await expect(page.getByText(/Check the address, the network policy and that Prometheus runs\./).first()).toBeVisible();
    await page.goto(`${running.url}/overview`);
    // The cluster is known: its namespaces are shown, and that their traffic is not.
    await expect(page.getByRole('link', { name: /^bookinfo: / })).toBeVisible();
    await expect(page.getByText(/Prometheus cannot be reached/).first()).toBeVisible();
    await page.goto(`${running.url}/graph`);
    await expect(page.getByText(/Prometheus cannot be reached/).first()).toBeVisible();
    proxy.mode = 'none';
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 45_000 });
    await expect(page.getByText(/^live · /)).toBeVisible();
    await expect(page.getByText(/Prometheus cannot be reached/)).toHaveCount(0);
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('says that the Kubernetes API is away and goes on with what it knew', async ({ page, mesh }) => {
  test.setTimeout(150_000);
  const proxy = await startCutProxy(readServerPort(mesh.kubeconfig));
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig: writeKubeconfigTo(mesh.kubeconfig, proxy.port) });
  const api = openClusterApi(mesh.kubeconfig);
  try {
    await openGraph(page, running.url, { namespaces: 'bookinfo' });
    await expect(page.getByText(/^live · /)).toBeVisible();
    const graph = await readNodeIds(page);
    proxy.cut();
    await expect(page.getByText(/Data from the Kubernetes API is (\d+\s(s|min) old|not current)$/).first()).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText(/tries again by itself/).first()).toBeVisible();
    expect(await readNodeIds(page)).toEqual(graph);
    // What changed meanwhile is seen afterwards.
    await api.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'while-away' } });
    proxy.mend();
    await expect(page.getByText(/Data from the Kubernetes API is /)).toHaveCount(0, { timeout: 90_000 });
    await page.goto(`${running.url}/overview`);
    await expect(page.getByRole('link', { name: /^while-away: / })).toBeVisible();
  } finally {
    await api.send('DELETE', '/api/v1/namespaces/while-away').catch(() => undefined);
    await api.close();
    await running.close();
    await proxy.close();
  }
});

test('starts without the Kubernetes API, shows what the metrics say, and takes the rest when it comes', async ({ page, mesh }) => {
  const proxy = await startCutProxy(readServerPort(mesh.kubeconfig));
  proxy.cut();
  const kubeconfig = writeKubeconfigTo(mesh.kubeconfig, proxy.port);
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig });
  const readStatus = async (): Promise<unknown> => {
    const body: unknown = await (await fetch(`${running.url}/api/health/ready`)).json();
    return isRecord(body) ? body['status'] : null;
  };
  try {
    expect(await readStatus()).toBe('degraded');
    await openGraph(page, running.url);
    await expect(page.getByText(/Nothing from the Kubernetes API yet$/).first()).toBeVisible();
    await expect(
      nodeOptions(page)
        .filter({ hasText: /reviews/ })
        .first(),
    ).toBeAttached();
    proxy.mend();
    await expect(page.getByText(/Nothing from the Kubernetes API yet$/)).toHaveCount(0, { timeout: 60_000 });
    await expect.poll(readStatus, { timeout: 30_000 }).toBe('ok');
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('comes back when the console itself was away', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { namespaces: 'bookinfo' });
  await expect(page.getByText(/^live · /)).toBeVisible();
  // The network between the browser and the console breaks: the open stream too.
  await page.context().setOffline(true);
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await expect(nodeOptions(page).first()).toBeAttached();
  await page.context().setOffline(false);
  await expect(page.getByText(/^live · [0-9]\s?s ago$|^live · 1\d\ss ago$/)).toBeVisible({ timeout: 60_000 });
});

test('says what to try when the window is empty', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/graph?namespaces=kube-system`);
  await expect(page.getByRole('heading', { name: 'No traffic in this window' })).toBeVisible();
  await expect(page.getByText(/Prometheus has no requests and no connections of kube-system in the last 1 minute\./)).toBeVisible();
  await page.getByRole('button', { name: 'Last 10 minutes' }).click();
  await expect(page).toHaveURL(/duration=10m/);
  await expect(page.getByText(/in the last 10 minutes\./)).toBeVisible();
  await page.getByRole('button', { name: 'Show idle nodes' }).click();
  await expect(page).toHaveURL(/idle=true/);
  await expect(page.getByRole('button', { name: 'Show idle nodes' })).toHaveCount(0);
  await page.getByRole('button', { name: 'All namespaces', exact: true }).click();
  await expect(
    nodeOptions(page)
      .filter({ hasText: /^archive/ })
      .first(),
  ).toBeAttached();
});

test('says that a namespace of the address does not exist', async ({ page, mesh }) => {
  await page.goto(`${mesh.url}/graph?namespaces=no-such-namespace`);
  await expect(page.getByText('The cluster has no namespace no-such-namespace.')).toBeVisible();
  await page.getByRole('button', { name: 'All namespaces', exact: true }).click();
  await expect(nodeOptions(page).first()).toBeAttached();
});

test('says what is wrong with an address and shows the default graph', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { graphType: 'pie', duration: 'banana', labels: 'nonsense', edges: '<b>' });
  const alert = page.getByText(/graphType="pie" \(expected one of versionedApp, app, service, workload\); duration="banana"/);
  await expect(page.getByText('The address cannot be read')).toBeVisible();
  await expect(alert).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Graph type' })).toHaveValue('versionedApp');
  // The first choice mends the address.
  await choose(page, 'Graph type', 'App graph');
  await expect(page).toHaveURL(/graphType=app/);
  await expect(page.getByText('The address cannot be read')).toHaveCount(0);
});

test('says that a selected element is not in the graph', async ({ page, mesh }) => {
  await openGraph(page, mesh.url, { select: 'workload/Kubernetes/bookinfo/no-such-workload' });
  await expect(panel(page).getByText('Not in this graph')).toBeVisible();
  await expect(panel(page).locator('#panel-title')).toHaveText('no-such-workload');
});

test('shows what there is instead of a page that does not exist', async ({ page, mesh }) => {
  const answer = await page.goto(`${mesh.url}/no-such-page`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There is no page at this address' })).toBeVisible();
  await page.getByRole('link', { name: 'Open the graph' }).click();
  await expect(page).toHaveURL(`${mesh.url}/graph`);
});
