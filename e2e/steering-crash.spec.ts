// Story: I apply a change that reverts by itself unless I confirm it, close the browser, and the console's machine dies. The change is
// taken back all the same, by the next console that starts, and the object is what it was.
import type { Page } from '@playwright/test';
import { buildConsoleLogin } from '../sim/openid/console-login';
import { type OpenIdProvider, startOpenIdProvider } from '../sim/openid/provider';
import { isRecord } from './answers';
import { findFreePort } from './child';
import { type ClusterApi, openClusterApi } from './cluster-api';
import { logIn } from './company';
import { type RunningConsole, startConsole } from './console';
import { fetchGraph, nodeOptions } from './graph-screen';
import { expect, type Mesh, test } from './mesh';

const OBJECTS = '/apis/networking.istio.io/v1/namespaces/bookinfo';
const HOST = 'reviews.bookinfo.svc.cluster.local';
const REVERT_AFTER_SECONDS = 30;

const RULE = {
  object: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
  list: 'http',
  index: 0,
  host: HOST,
};
const EDITS = [
  {
    type: 'weights',
    rule: RULE,
    destinations: [
      { host: 'reviews', subset: 'v1', port: null, weight: 80 },
      { host: 'reviews', subset: 'v2', port: null, weight: 20 },
    ],
  },
];

const SERVERS_OWN: readonly string[] = ['resourceVersion', 'managedFields', 'generation'];

/** What the API server sets by itself at every write is not the object's own. */
function ownPart(object: unknown): unknown {
  if (!isRecord(object) || !isRecord(object['metadata'])) throw new Error('the object has no metadata');
  const metadata = Object.entries(object['metadata']).filter(([name]) => !SERVERS_OWN.includes(name));
  return { ...object, metadata: Object.fromEntries(metadata) };
}

/** Sends a change as the page of whoever is logged in does; status and body. */
const send = (page: Page, path: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> =>
  page.evaluate(
    async ([address, json]) => {
      const me: unknown = await (await fetch('/api/me')).json();
      const token = typeof me === 'object' && me !== null && 'csrfToken' in me ? String(me.csrfToken) : '';
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-heddle-csrf': token },
        body: json,
      });
      const answered: unknown = await answer.json();
      return { status: answer.status, body: answered };
    },
    [path, JSON.stringify(body)] as const,
  );

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((held: unknown, name) => (isRecord(held) ? held[name] : undefined), value);
const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** All of reviews goes to v1; the demo's world has the subsets. */
async function makeRoutes(api: ClusterApi): Promise<void> {
  await api.send('POST', `${OBJECTS}/virtualservices`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'bookinfo', annotations: { 'example.com/kept': 'as it is' } },
    spec: {
      hosts: ['reviews'],
      http: [
        {
          name: 'all',
          route: [{ destination: { host: 'reviews', subset: 'v1' }, weight: 100, headers: { request: { set: { 'x-a': 'b' } } } }],
        },
      ],
    },
  });
}

async function openConsole(mesh: Mesh, port: number, environment: Readonly<Record<string, string>>): Promise<RunningConsole> {
  return startConsole({ prometheus: mesh.prometheus, kubeconfig: mesh.kubeconfig, port, environment });
}

test('a change that nobody confirms is taken back, although browser and console are gone', async ({ page, mesh }) => {
  test.setTimeout(240_000);
  const api = openClusterApi(mesh.kubeconfig);
  const port = await findFreePort();
  const plan = buildConsoleLogin([`http://127.0.0.1:${port}/`]);
  const provider: OpenIdProvider = await startOpenIdProvider({
    port: 0,
    clients: [plan.client],
    lifetimes: { idTokenSeconds: 600, accessTokenSeconds: 600 },
  });
  const environment = { ...plan.settingsFor(provider.issuer).environment, HEDDLE_AUTH_SESSION_KEYS: 'k'.repeat(48) };
  let running: RunningConsole | null = null;
  try {
    await makeRoutes(api);
    running = await openConsole(mesh, port, environment);
    await page.goto(`${running.url}/graph?namespaces=bookinfo`);
    await logIn(page, 'Emil');
    await expect(nodeOptions(page).first()).toBeAttached({ timeout: 30_000 });
    const before = await api.send('GET', `${OBJECTS}/virtualservices/reviews`);

    // Everything still goes to v1 by the rule, and the traffic has followed.
    const preview = await expect
      .poll(
        async () => {
          const { status, body } = await send(page, '/api/changes/preview', { edits: EDITS });
          expect(status, JSON.stringify(body).slice(0, 500)).toBe(200);
          const moved = listAt(body, 'effects').find((effect) => at(effect, 'kind') === 'moves');
          return at(moved, 'source', 'workload') ?? null;
        },
        { timeout: 60_000 },
      )
      .toBe('productpage-v1')
      .then(() => send(page, '/api/changes/preview', { edits: EDITS }));
    expect(at(preview.body, 'revertBy', 'identity')).toBe('console');
    const forecast = listAt(preview.body, 'forecast');
    const predicted = (subset: string): number =>
      Number(
        at(
          forecast.find((one) => at(one, 'subset') === subset),
          'predictedPerSecond',
        ) ?? Number.NaN,
      );
    expect(predicted('v2') / (predicted('v1') + predicted('v2'))).toBeCloseTo(0.2, 2);

    const applied = await send(page, '/api/changes', {
      edits: EDITS,
      digest: at(preview.body, 'plan', 'digest'),
      reason: 'a story of a machine that dies',
      confirm: { revertAfterSeconds: REVERT_AFTER_SECONDS, guard: null },
      override: null,
    });
    expect(applied.status, JSON.stringify(applied.body).slice(0, 500)).toBeLessThan(300);
    const id = String(at(applied.body, 'id'));
    const appliedAt = Date.now();
    const weights = async (): Promise<readonly unknown[]> => {
      const object = await api.send('GET', `${OBJECTS}/virtualservices/reviews`);
      return listAt(listAt(object, 'spec', 'http')[0], 'route').map((route) => at(route, 'weight'));
    };
    await expect.poll(weights).toEqual([80, 20]);

    await page.close();
    await running.kill();
    expect(await weights()).toEqual([80, 20]);
    running = await openConsole(mesh, port, environment);

    await expect.poll(weights, { timeout: 90_000, intervals: [500] }).toEqual([100]);
    // Not before its time: the promise was to wait.
    expect(Date.now() - appliedAt).toBeGreaterThan((REVERT_AFTER_SECONDS - 2) * 1000);
    expect(ownPart(await api.send('GET', `${OBJECTS}/virtualservices/reviews`))).toEqual(ownPart(before));

    const later = await page.context().newPage();
    await later.goto(`${running.url}/changes`);
    const record: unknown = await (await later.request.get(`${running.url}/api/changes/${id}`)).json();
    expect(at(record, 'state')).toBe('reverted');
    expect(at(record, 'by', 'name')).toBe('editor@example.com');
    expect((await fetchGraph(mesh.url, { namespaces: 'bookinfo' })).nodes.length).toBeGreaterThan(0);
  } finally {
    await running?.close();
    await provider.close();
    await api.send('DELETE', `${OBJECTS}/virtualservices/reviews`).catch(() => null);
    await api.close();
  }
});
