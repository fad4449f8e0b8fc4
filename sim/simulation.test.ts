// The whole simulation over its servers: Kubernetes API, metrics, Prometheus (embedded, and a real one where it is installed).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isRecord, listOf, recordOf, textOf, valueAt } from './kubernetes/json';
import { Browser } from './openid/fixtures/browser';
import { DEMO_IDENTITIES } from './openid/identities';
import { type Simulation, startSimulation, type UserName } from './simulation';
import { findPrometheus } from './traffic/prometheus-process';
import { CONFIG_RESOURCES } from './world/inventory';

const START_MS = Date.UTC(2026, 4, 1, 12);
let running: Simulation | null = null;
afterEach(async () => {
  await running?.close();
  running = null;
});

async function start(options: Parameters<typeof startSimulation>[0]): Promise<Simulation> {
  running = await startSimulation(options);
  return running;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

// As kubectl does it: address, authority and token come from the kubeconfig.
function call(
  simulation: Simulation,
  user: UserName,
  method: string,
  path: string,
  body?: unknown,
  more: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<Answer> {
  const config: unknown = parse(readFileSync(simulation.kubeconfig, 'utf8'));
  const cluster = recordOf(valueAt(listOf(valueAt(config, 'clusters'))[0], 'cluster'));
  const token = listOf(valueAt(config, 'users'))
    .map((u) => (valueAt(u, 'name') === user ? textOf(valueAt(u, 'user', 'token')) : undefined))
    .find((t) => t !== undefined);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      `${String(cluster['server'])}${path}`,
      {
        method,
        ca: Buffer.from(String(cluster['certificate-authority-data']), 'base64').toString(),
        headers: {
          authorization: `Bearer ${token ?? ''}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...more,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          let json: unknown = null;
          try {
            json = JSON.parse(text);
          } catch {
            json = null;
          }
          resolve({ status: response.statusCode ?? 0, text, json });
        });
      },
    );
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function query(simulation: Simulation, promql: string, atMs: number): Promise<Map<string, number>> {
  const url = `${simulation.prometheus?.url ?? ''}/api/v1/query?${new URLSearchParams({ query: promql, time: String(atMs / 1000) }).toString()}`;
  const answer: unknown = await (await fetch(url)).json();
  const result = listOf(valueAt(answer, 'data', 'result')).filter(isRecord);
  return new Map(result.map((r) => [Object.values(recordOf(r['metric'])).join(' '), Number(listOf(r['value'])[1])]));
}

describe('a simulation with the embedded Prometheus', () => {
  it('has a past, follows a change made through the API, and keeps rights apart', async () => {
    let nowMs = START_MS;
    const simulation = await start({ now: () => nowMs, prometheus: 'embedded', historyMinutes: 10 });
    const byVersion = 'sum by (destination_version) (rate(istio_requests_total{reporter="destination",destination_app="reviews"}[1m]))';
    const past = await query(simulation, byVersion, START_MS - 120_000);
    expect([...past.keys()].sort()).toEqual(['v1', 'v2', 'v3']);

    const path = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';
    const change = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews' },
      spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }] }] },
    };
    expect((await call(simulation, 'viewer', 'POST', path, change)).status).toBe(403);
    expect((await call(simulation, 'editor', 'POST', path, change)).status).toBe(201);
    expect((await call(simulation, 'nobody', 'GET', path)).status).toBe(403);
    expect((await call(simulation, 'heddle', 'GET', '/api/v1/pods?limit=1')).status).toBe(200);
    expect((await call(simulation, 'editor', 'POST', path.replace('bookinfo', 'boutique'), change)).status).toBe(403);

    await simulation.advance(90_000);
    nowMs += 0;
    const after = await query(simulation, byVersion, START_MS + 90_000);
    expect([...after].filter(([, rate]) => rate > 0).map(([version]) => version)).toEqual(['v1']);

    const pod = simulation.store
      .list('pods', 'bookinfo')
      .find((p) => p.metadata.labels?.['app'] === 'reviews' && p.metadata.labels['version'] === 'v1');
    const logs = `/api/v1/namespaces/bookinfo/pods/${pod?.metadata.name ?? ''}/log`;
    const proxy = (await call(simulation, 'admin', 'GET', `${logs}?container=istio-proxy&sinceSeconds=30`)).text.trim().split('\n');
    const counted = await query(
      simulation,
      `sum(increase(istio_requests_total{reporter="destination",destination_workload="reviews-v1"}[30s]))`,
      START_MS + 90_000,
    );
    // The window of increase() is extrapolated, the log is exact.
    expect(proxy.length / ([...counted.values()][0] ?? 0)).toBeCloseTo(1, 0);
    expect(proxy[0]).toMatch(/^\[2026-05-01T12:01:\d\d\.\d{3}Z\] "GET \/reviews\/0 HTTP\/1\.1" 200 - via_upstream /);
    const application = await call(simulation, 'admin', 'GET', `${logs}?container=reviews&tailLines=5&timestamps=true`);
    expect(application.text.trim().split('\n')).toHaveLength(5);
    expect(application.text).toMatch(/^2026-05-01T12:01:\d\d\.\d+Z .*GET \/reviews\/0 200/m);
  });

  it('holds nothing that its own API server would refuse', async () => {
    const simulation = await start({ now: () => START_MS, prometheus: 'none' });
    const resources = [...Object.values(CONFIG_RESOURCES), 'deployments.apps', 'services'];
    const refused: string[] = [];
    let checked = 0;
    for (const resource of resources)
      for (const object of simulation.store.list(resource)) {
        const plural = resource.split('.')[0] ?? '';
        const { namespace, name } = object.metadata;
        const base = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
        const path = `${base}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}/${name}?dryRun=All&fieldValidation=Strict`;
        const answer = await call(simulation, 'admin', 'PUT', path, object);
        checked += 1;
        if (answer.status !== 200) refused.push(`${resource} ${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
      }
    expect(refused).toEqual([]);
    expect(checked).toBeGreaterThan(40);
  });

  it('removes its scratch directory and frees its ports', async () => {
    const simulation = await start({ now: () => START_MS, prometheus: 'none' });
    const { kubeconfig } = simulation;
    expect(existsSync(kubeconfig)).toBe(true);
    await simulation.close();
    running = null;
    expect(existsSync(kubeconfig)).toBe(false);
    await expect(fetch(`${simulation.metrics.url}/metrics`)).rejects.toThrow();
  });
});

describe('a simulation with logins', () => {
  const virtualServices = (namespace: string) => `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;

  it('gives everybody at the API server what his groups may, by id token or by impersonation', async () => {
    const consoleUrl = 'http://console.example.com:8080/mesh';
    const simulation = await start({ prometheus: 'none', historyMinutes: 1, openid: { consoleUrls: [`${consoleUrl}/`] } });
    const { openid } = simulation;
    if (openid === null) throw new Error('no provider was started');
    const { environment } = openid.login;
    expect(environment).toMatchObject({ HEDDLE_AUTH_STRATEGY: 'openid', HEDDLE_SERVER_PUBLIC_URLS: consoleUrl });
    const idTokenOf = async (username: string): Promise<string> => {
      const address = new URL(`${openid.provider.issuer}/auth`);
      const verifier = 'v'.repeat(43);
      const redirect_uri = `${consoleUrl}/api/auth/callback`;
      const client_id = String(environment['HEDDLE_AUTH_OPENID_CLIENT_ID']);
      address.search = new URLSearchParams({
        client_id,
        redirect_uri,
        response_type: 'code',
        scope: 'openid profile email',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString();
      const back = await new Browser(openid.provider.issuer).logIn(address, username);
      const secret = String(environment['HEDDLE_AUTH_OPENID_CLIENT_SECRET']);
      const answer = await fetch(`${openid.provider.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client_id}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: back.searchParams.get('code') ?? '',
          redirect_uri,
          code_verifier: verifier,
        }),
      });
      return textOf(recordOf(await answer.json())['id_token']) ?? '';
    };
    const statuses = async (headers: Readonly<Record<string, string | readonly string[]>>): Promise<readonly number[]> => {
      const list = await call(simulation, 'heddle', 'GET', virtualServices('bookinfo'), undefined, headers);
      const elsewhere = await call(simulation, 'heddle', 'GET', virtualServices('boutique'), undefined, headers);
      const change = { kind: 'VirtualService', apiVersion: 'networking.istio.io/v1', metadata: { name: 'x' }, spec: { hosts: ['x'] } };
      const write = await call(simulation, 'heddle', 'POST', `${virtualServices('bookinfo')}?dryRun=All`, change, headers);
      return [list.status, elsewhere.status, write.status];
    };
    const expected: Readonly<Record<string, readonly number[]>> = {
      admin: [200, 200, 201],
      editor: [200, 403, 201],
      viewer: [200, 200, 403],
      nobody: [403, 403, 403],
    };
    for (const { username, email, groups } of DEMO_IDENTITIES) {
      expect([username, await statuses({ authorization: `Bearer ${await idTokenOf(username)}` })]).toEqual([username, expected[username]]);
      // The console's service account in the name of the same user.
      const impersonated = { 'impersonate-user': email, ...(groups.length === 0 ? {} : { 'impersonate-group': groups }) };
      expect([username, await statuses(impersonated)]).toEqual([username, expected[username]]);
    }
    // In its own name it reads and writes (access.mode roles), but no secrets.
    expect(await statuses({})).toEqual([200, 200, 201]);
    expect((await call(simulation, 'heddle', 'GET', '/api/v1/secrets')).status).toBe(403);
    expect((await call(simulation, 'editor', 'GET', '/version', undefined, { 'impersonate-user': 'admin@example.com' })).status).toBe(403);
  });

  it('wants to know where the console is', async () => {
    await expect(start({ prometheus: 'none', historyMinutes: 1, openid: { consoleUrls: [] } })).rejects.toThrow('address of the console');
    await expect(start({ prometheus: 'none', historyMinutes: 1, openid: { consoleUrls: ['here'] } })).rejects.toThrow('"here" is none');
  });
});

describe('the metrics endpoint', () => {
  it('serves all targets, each target, and their discovery', async () => {
    const simulation = await start({ now: () => START_MS, prometheus: 'none', historyMinutes: 1 });
    const all = await (await fetch(`${simulation.metrics.url}/metrics`)).text();
    expect(all).toContain('# TYPE istio_requests_total counter');
    const discovered: unknown = await (await fetch(`${simulation.metrics.url}/sd`)).json();
    const entries = listOf(discovered).map((d) => recordOf(valueAt(d, 'labels')));
    expect(entries.length).toBeGreaterThan(28);
    const reviews = entries.find((e) => e['app'] === 'reviews');
    const page = await (await fetch(`${simulation.metrics.url}${String(reviews?.['__metrics_path__'])}`)).text();
    expect(page).toContain('istio_requests_total{reporter=');
    expect((await fetch(`${simulation.metrics.url}/metrics/bookinfo/nobody`)).status).toBe(404);
    expect((await fetch(`${simulation.metrics.url}/metrics`, { method: 'POST' })).status).toBe(405);
  });
});

describe.skipIf(findPrometheus() === null)('a simulation with a real Prometheus (needs `prometheus` on the PATH)', () => {
  it('finds the past that was written to its log, and scrapes the present', async () => {
    const simulation = await start({ prometheus: 'real', historyMinutes: 10, scrapeSeconds: 1 });
    const now = Date.now();
    const promql = 'sum by (reporter) (rate(istio_requests_total[2m]))';
    const past = await query(simulation, promql, now - 5 * 60_000);
    expect([...past.keys()].sort()).toEqual(['destination', 'source']);
    const engine = [...simulation.engine.targets()].length;
    expect(engine).toBeGreaterThan(28);
    // The same series go on: nothing of the past has other labels than the present.
    const series = await query(simulation, 'count(istio_requests_total)', now);
    const before = await query(simulation, 'count(istio_requests_total)', now - 60_000);
    expect(Math.abs((series.get('') ?? 0) - (before.get('') ?? 0))).toBeLessThan(10);
    expect(series.get('') ?? 0).toBeGreaterThan(80);
  });
});
