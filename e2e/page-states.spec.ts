// Story: whatever page I open, I can tell in which state it is: being read, nothing there, one of the two sources away, not for me, no such
// thing. Every kind of page in every state that it has, with its words, in the light on a desk and in the dark on a phone.
import type { Locator, Page } from '@playwright/test';
import { type ClusterApi, openClusterApi, readServerPort, writeKubeconfigTo } from './cluster-api';
import { logIn, openCompany } from './company';
import { startConsole } from './console';
import { startCutProxy, startFaultProxy } from './fault-proxy';
import { seeInEachLook } from './looks';
import { expect, test } from './mesh';

interface Shown {
  readonly name: string;
  readonly path: string;
  readonly words: RegExp;
}

const WAIT = { timeout: 45_000 };
const LISTS = ['namespaces', 'applications', 'workloads', 'services'] as const;
const WORKLOAD = '/workloads/bookinfo/reviews-v2';
const SERVICE = '/services/bookinfo/reviews';
const seen = (page: Page, words: RegExp): Locator => page.getByText(words).filter({ visible: true }).first();

/** Opens each page, waits for its words, and looks at it. */
async function lookAt(page: Page, url: string, state: string, pages: readonly Shown[]): Promise<void> {
  for (const { name, path, words } of pages)
    await test.step(`${state}: ${path}`, async () => {
      await page.goto(`${url}${path}`);
      await expect(seen(page, words), `${state}: ${path}`).toBeVisible(WAIT);
      await seeInEachLook(page, `${state}-${name}`);
    });
}

const QUIET = 'quiet';
const IDLE = { app: 'idle' };

/** A namespace in which nothing happens: one deployment without pods, and its service. */
async function makeQuiet(api: ClusterApi): Promise<void> {
  const meta = { namespace: QUIET, name: 'idle', labels: IDLE };
  await api.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: QUIET } });
  await api.send('POST', `/apis/apps/v1/namespaces/${QUIET}/deployments`, {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta },
    spec: {
      replicas: 0,
      selector: { matchLabels: IDLE },
      template: { metadata: { labels: IDLE }, spec: { containers: [{ name: 'idle', image: 'example.com/idle:1' }] } },
    },
  });
  await api.send('POST', `/api/v1/namespaces/${QUIET}/services`, {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: meta },
    spec: { selector: IDLE, ports: [{ name: 'http', port: 80 }] },
  });
}

test('says that a page is being read', async ({ page, mesh }) => {
  test.setTimeout(240_000);
  const held: (readonly [name: string, path: string, api: RegExp, words: string])[] = [
    ...LISTS.map((list) => [list, `/${list}`, new RegExp(`/api/lists/${list}`), `The ${list} are being read`] as const),
    ['config', '/config', /\/api\/config(\?|$)/, 'The configuration is being read'],
    ['dashboards', '/dashboards', /\/api\/dashboards(\?|$)/, 'The dashboards are being read'],
    ['dashboard', '/dashboards/istio-mesh', /\/api\/dashboards\/istio-mesh/, 'The dashboard is being read'],
    ['workload', WORKLOAD, /\/api\/details\//, 'This part of the page is being loaded'],
    ['metrics', `${WORKLOAD}?tab=metrics`, /\/api\/metrics\//, 'Inbound metrics are being read'],
    ['logs', `${WORKLOAD}?tab=logs`, /\/api\/logs\//, 'The pods are being read'],
  ];
  for (const [name, path, api, words] of held)
    await test.step(path, async () => {
      // Never answered: the page waits.
      await page.route(api, () => undefined);
      await page.goto(`${mesh.url}${path}`);
      await expect(page.getByRole('status', { name: words }).or(page.getByText(words)).first()).toBeAttached(WAIT);
      await seeInEachLook(page, `loading-${name}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    });
});

test('says that there is nothing, and why', async ({ page, mesh }) => {
  test.setTimeout(400_000);
  const api = openClusterApi(mesh.kubeconfig);
  await makeQuiet(api);
  const company = await openCompany(mesh, {
    tokenSeconds: 3600,
    environment: { HEDDLE_ACCESS_ROLES: JSON.stringify([{ role: 'admin', users: ['editor@example.com', 'editor'], namespaces: [QUIET] }]) },
  });
  try {
    await lookAt(page, mesh.url, 'empty', [
      { name: 'namespace', path: `/namespaces/${QUIET}`, words: /^none$/ },
      { name: 'namespace-traffic', path: `/namespaces/${QUIET}?tab=traffic`, words: /Nothing called it within the window\./ },
      { name: 'namespace-metrics', path: `/namespaces/${QUIET}?tab=metrics`, words: /^No (HTTP|TCP).* in this range\./ },
      { name: 'workload', path: `/workloads/${QUIET}/idle`, words: /It has no pods now\./ },
      { name: 'workload-metrics', path: `/workloads/${QUIET}/idle?tab=metrics`, words: /^No (HTTP|TCP).* in this range\./ },
      { name: 'workload-logs', path: `/workloads/${QUIET}/idle?tab=logs`, words: /Nothing runs behind this workload now/ },
      { name: 'workload-configuration', path: `/workloads/${QUIET}/idle?tab=configuration`, words: /Objects that apply here/ },
      { name: 'service', path: `/services/${QUIET}/idle`, words: /Nothing talked to it, and it talked to nothing/ },
      { name: 'service-routing', path: `/services/${QUIET}/idle?tab=routing`, words: /Versions and subsets/ },
      { name: 'dashboards', path: '/dashboards?name=no-such-board', words: /No dashboard passes the filter/ },
      { name: 'workloads-filtered', path: '/workloads?text=nothing-is-so', words: /No workload passes the filters/ },
      { name: 'config-filtered', path: '/config?text=nothing-is-so', words: /No object passes the filters/ },
      {
        name: 'services-of-namespace',
        path: '/services?namespaces=kube-public',
        words: /No service is in the namespaces that are chosen above/,
      },
    ]);
    await page.goto(`${company.console.url}/config`);
    await logIn(page, 'editor');
    await lookAt(page, company.console.url, 'empty-sight', [
      { name: 'config', path: '/config', words: /No configuration yet/ },
      { name: 'dashboards', path: '/dashboards', words: /Not open to you/ },
    ]);
    await api.send('DELETE', `/apis/apps/v1/namespaces/${QUIET}/deployments/idle`);
    await api.send('DELETE', `/api/v1/namespaces/${QUIET}/services/idle`);
    await lookAt(page, company.console.url, 'empty-sight', [
      { name: 'applications', path: '/applications', words: /No applications yet/ },
      { name: 'workloads', path: '/workloads', words: /No workloads yet/ },
      { name: 'services', path: '/services', words: /No services yet/ },
    ]);
  } finally {
    await company.close();
    await api.send('DELETE', `/api/v1/namespaces/${QUIET}`);
    await api.close();
  }
});

test('shows what the cluster says while Prometheus is away', async ({ page, mesh }) => {
  test.setTimeout(400_000);
  const proxy = await startFaultProxy(mesh.prometheus);
  proxy.mode = 'refuse';
  const running = await startConsole({ prometheus: proxy.url, kubeconfig: mesh.kubeconfig });
  try {
    await lookAt(page, running.url, 'no-metrics', [
      ...LISTS.map((list) => ({ name: list, path: `/${list}`, words: /No metrics: rates, errors and mTLS are not known/ })),
      { name: 'config', path: '/config', words: /objects, \d+ with findings/ },
      { name: 'dashboards', path: '/dashboards', words: /Its dashboards open, but have nothing to draw/ },
      { name: 'dashboard', path: '/dashboards/istio-mesh', words: /Prometheus cannot be reached/ },
      { name: 'workload', path: WORKLOAD, words: /^reviews-v2-\w+-\w+$/ },
      { name: 'workload-traffic', path: `${WORKLOAD}?tab=traffic`, words: /No traffic is known: the metrics cannot be read/ },
      { name: 'workload-metrics', path: `${WORKLOAD}?tab=metrics`, words: /^Prometheus cannot be reached$/ },
      { name: 'workload-logs', path: `${WORKLOAD}?tab=logs`, words: /^Live$/ },
      { name: 'service', path: SERVICE, words: /No traffic: the metrics cannot be read/ },
      { name: 'service-routing', path: `${SERVICE}?tab=routing`, words: /Versions and subsets/ },
      { name: 'service-configuration', path: `${SERVICE}?tab=configuration`, words: /Objects that apply here/ },
      { name: 'application', path: '/applications/bookinfo/reviews', words: /No traffic: the metrics cannot be read/ },
      { name: 'namespace', path: '/namespaces/bookinfo', words: /No traffic: the metrics cannot be read/ },
    ]);
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('shows what the metrics say while the Kubernetes API is away', async ({ page, mesh }) => {
  test.setTimeout(400_000);
  const proxy = await startCutProxy(readServerPort(mesh.kubeconfig));
  proxy.cut();
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig: writeKubeconfigTo(mesh.kubeconfig, proxy.port) });
  try {
    await lookAt(page, running.url, 'no-cluster', [
      ...LISTS.map((list) => ({ name: list, path: `/${list}`, words: /The Kubernetes API says nothing/ })),
      { name: 'config', path: '/config', words: /The Kubernetes API cannot be reached/ },
      { name: 'dashboards', path: '/dashboards', words: /^\d+ dashboards$/ },
      { name: 'dashboard', path: '/dashboards/istio-mesh', words: /^\d[\d.]*\srps$/ },
      { name: 'workload', path: WORKLOAD, words: /Only traffic: the Kubernetes API cannot be read/ },
      { name: 'workload-traffic', path: `${WORKLOAD}?tab=traffic`, words: /productpage-v1/ },
      { name: 'workload-metrics', path: `${WORKLOAD}?tab=metrics`, words: /^Request volume$/ },
      { name: 'workload-logs', path: `${WORKLOAD}?tab=logs`, words: /The Kubernetes API cannot be reached/ },
      { name: 'service', path: SERVICE, words: /Only traffic: the Kubernetes API cannot be read/ },
      { name: 'service-routing', path: `${SERVICE}?tab=routing`, words: /The Kubernetes API cannot be reached/ },
      { name: 'service-configuration', path: `${SERVICE}?tab=configuration`, words: /^The Kubernetes API cannot be read\.$/ },
      { name: 'application', path: '/applications/bookinfo/reviews', words: /Only traffic: the Kubernetes API cannot be read/ },
      { name: 'namespace', path: '/namespaces/bookinfo', words: /Only traffic: the Kubernetes API cannot be read/ },
    ]);
  } finally {
    await running.close();
    await proxy.close();
  }
});

test('says what may not be seen, and to whom to turn', async ({ page, mesh, browser }) => {
  test.setTimeout(400_000);
  const company = await openCompany(mesh, { tokenSeconds: 3600 });
  const { url } = company.console;
  try {
    await page.goto(`${url}/workloads`);
    await logIn(page, 'nobody');
    await lookAt(page, url, 'forbidden-all', [
      { name: 'workloads', path: '/workloads', words: /may see no namespace/ },
      { name: 'config', path: '/config', words: /may see no namespace/ },
      { name: 'workload', path: WORKLOAD, words: /may see no namespace/ },
    ]);
    const other = await browser.newContext();
    const second = await other.newPage();
    await second.goto(`${url}/services/boutique/frontend`);
    await logIn(second, 'editor');
    await lookAt(second, url, 'forbidden', [
      { name: 'service', path: '/services/boutique/frontend', words: /There is no such service/ },
      { name: 'service-logs', path: '/services/boutique/frontend?tab=logs', words: /There is no such service/ },
      { name: 'workload-metrics', path: '/workloads/boutique/frontend?tab=metrics', words: /There is no such workload/ },
      { name: 'namespace', path: '/namespaces/boutique', words: /There is no such namespace/ },
      { name: 'services', path: '/services?namespaces=boutique', words: /There is no namespace boutique, or you may not see it/ },
      { name: 'dashboard', path: '/dashboards/istio-control-plane', words: /^Not allowed$/ },
      { name: 'object', path: '/config/VirtualService/boutique/frontend', words: /There is no namespace boutique/ },
    ]);
    await other.close();
  } finally {
    await company.close();
  }
});

test('says that there is no such thing, and what there is', async ({ page, mesh }) => {
  test.setTimeout(400_000);
  await lookAt(page, mesh.url, 'not-found', [
    { name: 'workload', path: '/workloads/bookinfo/review-v2', words: /There is no such workload/ },
    { name: 'workload-logs', path: '/workloads/bookinfo/review-v2?tab=logs', words: /There is no such workload/ },
    { name: 'service', path: '/services/bookinfo/review', words: /There is no such service/ },
    { name: 'service-routing', path: '/services/bookinfo/review?tab=routing', words: /There is no such service/ },
    { name: 'application', path: '/applications/bookinfo/review', words: /There is no such application/ },
    { name: 'namespace', path: '/namespaces/book', words: /There is no such namespace/ },
    {
      name: 'list',
      path: '/workloads?namespaces=no-such-namespace',
      words: /There is no namespace no-such-namespace, or you may not see it/,
    },
    { name: 'object', path: '/config/VirtualService/bookinfo/review', words: /^Not found$/ },
    { name: 'kind', path: '/config/Nonsense/bookinfo/review', words: /There is no such kind of configuration/ },
    { name: 'dashboard', path: '/dashboards/none', words: /there is no dashboard/i },
  ]);
});

const PODS = '/api/v1/namespaces/bookinfo/pods';

test('says why a log is not read: waiting, out of reach, not allowed', async ({ page, mesh }) => {
  test.setTimeout(300_000);
  const api = openClusterApi(mesh.kubeconfig);
  const labels = { app: 'stuck' };
  await api.send('POST', PODS, {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'stuck', namespace: 'bookinfo', labels } },
    spec: { containers: [{ name: 'stuck', image: 'registry.invalid/stuck:1' }] },
  });
  await api.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'all-but-logs' } },
    rules: [
      { apiGroups: [''], resources: ['configmaps', 'namespaces', 'nodes', 'pods', 'services', 'events'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['apps', 'networking.istio.io', 'security.istio.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    ],
  });
  await api.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'all-but-logs' } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all-but-logs' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'nobody' }],
  });
  const running = await startConsole({
    prometheus: mesh.prometheus,
    kubeconfig: mesh.kubeconfig,
    environment: { HEDDLE_KUBERNETES_CONTEXT: 'nobody' },
  });
  const way = await startCutProxy(Number(new URL(mesh.url).port));
  try {
    await lookAt(page, mesh.url, 'logs', [
      { name: 'waiting', path: '/workloads/bookinfo/stuck?tab=logs', words: /has not started yet; its log is opened as soon as it does/ },
    ]);
    await lookAt(page, running.url, 'logs', [{ name: 'forbidden', path: `${WORKLOAD}?tab=logs`, words: /You may not read logs here/ }]);
    await page.goto(`http://127.0.0.1:${way.port}${WORKLOAD}?tab=logs`);
    await expect(page.getByText('Live', { exact: true })).toBeVisible(WAIT);
    way.cut();
    await expect(seen(page, /^Reconnecting: /)).toBeVisible(WAIT);
    await seeInEachLook(page, 'logs-reconnecting');
    way.mend();
    await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 60_000 });
  } finally {
    await way.close();
    await running.close();
    await api.send('DELETE', `${PODS}/stuck`);
    await api.send('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/all-but-logs');
    await api.send('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterroles/all-but-logs');
    await api.close();
  }
});
