// Tests of local mode against the simulated cluster: Prometheus is found and asked through the API server, by the kubeconfig's credentials.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { type Simulation, startSimulation } from '../../sim/simulation';
import { systemClock } from '../clock';
import { type ApiClient, createApiClient } from '../kubernetes/client';
import { type Connection, readConnection } from '../kubernetes/connection';
import { createPrometheusClient } from '../prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../prometheus/options';
import { createDiscoveredMetrics } from './discovered-metrics';
import { fetchTargets } from './find-targets';
import { LOCAL_TARGET, type MetricsTarget } from './metrics-target';
import { surveyCluster } from './survey';

let simulation: Simulation;
const closers: (() => Promise<void>)[] = [];
const signal = new AbortController().signal;

beforeAll(async () => {
  simulation = await startSimulation({ prometheus: 'embedded', historyMinutes: 2 });
});
afterAll(async () => {
  for (const close of closers) await close();
  await simulation.close();
});

function connect(context: string): { readonly connection: Connection; readonly client: ApiClient } {
  const connection = readConnection({ kubeconfig: simulation.kubeconfig, context, kubeconfigList: undefined });
  const client = createApiClient(connection, systemClock);
  closers.push(() => client.close());
  return { connection, client };
}
const search = (context: string, inside = false) =>
  fetchTargets({ ...connect(context), rootNamespace: 'istio-system', isInsideCluster: () => Promise.resolve(inside) }, signal);

const open = ({ url, credentials }: MetricsTarget) =>
  createPrometheusClient({
    ...PROMETHEUS_DEFAULTS,
    url,
    clock: systemClock,
    headers: credentials?.authorization ? { authorization: credentials.authorization.reveal() } : {},
    caPem: credentials?.tls.ca === undefined ? null : String(credentials.tls.ca),
  });

describe('without a Prometheus in the cluster', () => {
  it('tries this machine', async () => {
    expect(await search('admin')).toEqual([LOCAL_TARGET]);
  });

  it('says what there is', async () => {
    const { client } = connect('admin');
    expect(await surveyCluster(client, 'istio-system', signal)).toEqual([
      { what: 'Kubernetes', found: expect.stringContaining('version v1.'), fix: null },
      { what: 'Istio', found: 'istiod in istio-system', fix: null },
      { what: 'Gateway API', found: 'installed', fix: null },
    ]);
    const elsewhere = await surveyCluster(client, 'mesh-system', signal);
    expect(elsewhere[1]).toMatchObject({ found: null, fix: expect.stringContaining('mesh.rootNamespace') });
  });

  it('says why when the API server is away', async () => {
    const client = { fetchJson: () => Promise.reject(new Failure('clusterUnreachable', 'https://gone: ECONNREFUSED', 'Start it.')) };
    expect(await surveyCluster(client, 'istio-system', signal)).toEqual([
      { what: 'Kubernetes', found: null, fix: 'https://gone: ECONNREFUSED. Start it.' },
    ]);
    const { connection } = connect('admin');
    const away = fetchTargets({ client, connection, rootNamespace: 'istio-system', isInsideCluster: () => Promise.resolve(false) }, signal);
    await expect(away).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('with a Prometheus in the cluster', () => {
  beforeAll(async () => {
    const { connection } = connect('admin');
    const { tls, authorization } = await connection.readCredentials();
    const { Agent, request } = await import('undici');
    const agent = new Agent({ connect: tls });
    const made = await request(`${connection.server}/api/v1/namespaces/istio-system/services`, {
      method: 'POST',
      dispatcher: agent,
      headers: { authorization: authorization?.reveal() ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' } },
        spec: { ports: [{ name: 'http', port: 9090 }] },
      }),
    });
    await made.body.dump();
    await agent.destroy();
    expect(made.statusCode).toBe(201);
  });

  it('asks it through the API server', async () => {
    const found: string[] = [];
    const { connection, client } = connect('admin');
    const metrics = createDiscoveredMetrics({
      fetchTargets: (s) =>
        fetchTargets({ client, connection, rootNamespace: 'istio-system', isInsideCluster: () => Promise.resolve(false) }, s),
      open,
      clock: systemClock,
      onFound: ({ words }) => found.push(words),
      onMissing: ({ detail }) => found.push(`missing: ${detail}`),
    });
    closers.push(() => metrics.close());
    const query = { name: 'sum', promql: 'sum by (reporter) (istio_requests_total)', labels: ['reporter'] };
    const { count } = await metrics.fetchVector(query, Date.now(), { signal, deadlineMs: 10_000 });
    expect(count).toBeGreaterThan(0);
    expect(found).toEqual(['Service prometheus of istio-system, through the API server']);
  });

  it('is asked by its name inside of the cluster', async () => {
    expect((await search('admin', true)).map(({ url }) => url)).toEqual(['http://prometheus.istio-system.svc:9090', LOCAL_TARGET.url]);
  });

  it('says which right is missing to whoever may not use it', async () => {
    const { connection, client } = connect('viewer');
    const missing: string[] = [];
    const metrics = createDiscoveredMetrics({
      fetchTargets: async (s) =>
        (
          await fetchTargets({ client, connection, rootNamespace: 'istio-system', isInsideCluster: () => Promise.resolve(false) }, s)
        ).filter((target) => target !== LOCAL_TARGET),
      open,
      clock: systemClock,
      onFound: ({ words }) => missing.push(`found ${words}`),
      onMissing: ({ detail }) => missing.push(detail),
    });
    closers.push(() => metrics.close());
    await expect(
      metrics.fetchVector({ name: 'q', promql: 'vector(1)', labels: [] }, Date.now(), { signal, deadlineMs: 10_000 }),
    ).rejects.toMatchObject({ code: 'metricsUnreachable' });
    expect(missing).toEqual([expect.stringMatching(/Service prometheus of istio-system, through the API server: .*services\/proxy/)]);
  });
});
