// The engine's answers of steering: cut to their reader, with and without traffic, on fresh objects. In: a scripted cluster and metrics.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sight } from '../../model/account';
import type { Edit } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { ConfigListDocument, ExplainQuestion } from '../../model/steering';
import { changed, documents, inventoryOf, service } from '../steering/testing/mesh';
import { FakeClock } from '../testing/fake-clock';
import { createLiveEngine } from './create-live-engine';
import type { LiveEngine } from './engine';
import { DEFAULT_LIVE_SETTINGS } from './settings';
import type { Steering } from './steering';
import { ScriptedCluster } from './testing/engine-rig';
import { requestRow, ScriptedMetrics } from './testing/scripted-metrics';

const API = 'api.shop.svc.cluster.local';
const SHOP: Sight = ['shop'];
const SECRET = /vault|secret/;
const MESH = documents(
  service('shop', 'web'),
  service('shop', 'api', ['v1', 'v2']),
  service('vault', 'secret-store'),
  service('vault', 'secret-job'),
  'kind: DestinationRule\nmetadata: {namespace: shop, name: api}\nspec: {host: api, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}',
  'kind: VirtualService\nmetadata: {namespace: shop, name: api}\nspec: {hosts: [api], http: [{route: [{destination: {host: api, subset: v1}}]}]}',
  'kind: VirtualService\nmetadata: {namespace: vault, name: secret-late, age: 99}\nspec: {hosts: [api.shop.svc.cluster.local], http: [{route: [{destination: {host: secret-store}}]}]}',
  'kind: VirtualService\nmetadata: {namespace: vault, name: secret-store}\nspec: {hosts: [secret-store], http: [{route: [{destination: {host: secret-store, subset: nine}}]}]}',
);
const weights = (v1: number): Edit => ({
  type: 'weights',
  rule: { object: { kind: 'VirtualService', namespace: 'shop', name: 'api' }, list: 'http', index: 0, host: API },
  destinations: [
    { host: API, subset: 'v1', port: null, weight: v1 },
    { host: API, subset: 'v2', port: null, weight: 100 - v1 },
  ],
});
const question = (namespace: string, workload: string, host: string): ExplainQuestion => ({
  source: { namespace, workload },
  host,
  port: 80,
  protocol: 'http',
  method: 'GET',
  path: '/',
  headers: {},
});

let clock: FakeClock;
let metrics: ScriptedMetrics;
let cluster: ScriptedCluster;
let engine: LiveEngine;
let steering: Steering;

beforeEach(() => {
  clock = new FakeClock();
  metrics = new ScriptedMetrics();
  cluster = new ScriptedCluster();
  metrics.rows = [
    requestRow('shop/web-v1', 'shop/api-v1', 8),
    requestRow('vault/secret-job-v1', 'shop/api-v1', 4),
    requestRow('vault/secret-store-v1', 'shop/api-v1', 2),
    requestRow('shop/web-v1', 'vault/secret-store-v1', 3),
    requestRow('vault/secret-job-v1', 'vault/secret-store-v1', 50),
  ].map((row) => ({
    ...row,
    labels: { ...row.labels, ...(/^api/.test(row.labels['destination_workload'] ?? '') ? { destination_service: API } : {}) },
  }));
  engine = createLiveEngine({
    metrics,
    cluster,
    clock,
    settings: DEFAULT_LIVE_SETTINGS,
    queryDeadlineMs: 10_000,
    slowQueryDeadlineMs: 20_000,
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  engine.start();
  cluster.change(inventoryOf(MESH));
  ({ steering } = engine);
});
afterEach(() => engine.close());

const codeOf = async (ask: () => unknown): Promise<string> => {
  try {
    await ask();
    return 'an answer';
  } catch (error) {
    return error instanceof Failure ? error.code : 'a defect';
  }
};

describe('a rehearsal', () => {
  it('takes the traffic that is there, and reads it where there is none yet', async () => {
    const first = await steering.rehearse([weights(75)], [], [], null);
    expect(first.effects.map(({ source, kind, movedPerSecond }) => [source.workload, kind, movedPerSecond])).toEqual([
      ['web-v1', 'moves', 2],
      ['secret-job-v1', 'moves', 1],
      ['secret-store-v1', 'moves', 0.5],
    ]);
    expect(first).toMatchObject({ hosts: [API], trafficAtMs: clock.now(), windowSeconds: 60, problems: [] });
    expect(first.plan.steps).toHaveLength(1);
    await steering.rehearse([weights(50)], [], [], null);
    expect(metrics.count('destination')).toBe(1);
  });

  it('works without traffic while Prometheus is away', async () => {
    metrics.failure = new Failure('metricsUnreachable', 'refused', 'Wait.');
    const rehearsal = await steering.rehearse([weights(75)], [], [], null);
    expect(rehearsal).toMatchObject({ trafficAtMs: null, effects: [] });
    expect(rehearsal.plan.steps).toHaveLength(1);
    expect(
      rehearsal.forecast.map(({ subset, predictedPerSecond, readyEndpoints }) => [subset, predictedPerSecond, readyEndpoints]),
    ).toEqual([
      ['v1', null, 1],
      ['v2', null, 1],
    ]);
    expect(await steering.measureTraffic([API], null)).toBeNull();
  });

  it('sums up hidden callers, and names nothing that is hidden', async () => {
    const told = await steering.rehearse([weights(75)], [], [], SHOP);
    expect(JSON.stringify(told)).not.toMatch(SECRET);
    expect(told.effects.map(({ source, movedPerSecond }) => [source.workload, movedPerSecond])).toEqual([
      ['web-v1', 2],
      ['hidden', 1.5],
    ]);
    expect(told.forecast).toEqual((await steering.rehearse([weights(75)], [], [], null)).forecast);
  });

  it('refuses to look at hidden objects by changing them, in the same words as any that is not there', async () => {
    const remove: Edit = { type: 'delete', ref: { kind: 'VirtualService', namespace: 'vault', name: 'secret-store' } };
    expect(await codeOf(() => steering.rehearse([remove], [], [], SHOP))).toBe('forbidden');
    expect(await codeOf(() => steering.checkEdits([remove], SHOP))).toBe('forbidden');
    expect(await codeOf(() => steering.explain(question('shop', 'web-v1', API), [remove], SHOP))).toBe('forbidden');
    expect(await codeOf(() => steering.checkEdits([remove], null))).toBe('an answer');
  });

  it('plans on fresh objects, and asks saved cases again', async () => {
    const [known] =
      changed(inventoryOf(MESH), '')
        .config.get('VirtualService')
        ?.filter(({ name }) => name === 'api') ?? [];
    if (known === undefined) throw new Error('no VirtualService');
    const spec = { hosts: ['api'], http: [{ timeout: '9s', route: [{ destination: { host: 'api', subset: 'v1' } }] }] };
    const ref = { kind: 'VirtualService', namespace: 'shop', name: 'api' } as const;
    const fresh = [{ ref, object: { ...known, resourceVersion: '77', spec } }];
    const saved = { id: '1', name: 'web to api', question: question('shop', 'web-v1', 'api'), expected: '' };
    const { plan, cases } = await steering.rehearse([weights(75)], fresh, [saved], null);
    expect(plan.steps[0]).toMatchObject({ resourceVersion: '77', after: { spec: { http: [{ timeout: '9s' }] } } });
    expect(cases).toMatchObject([
      { name: 'web to api', changed: true, before: expect.stringContaining('all to v1'), after: expect.stringContaining('75 %') },
    ]);
  });
});

describe('documents', () => {
  it('of a service are those of its namespace', async () => {
    const all = await steering.fetchServiceRouting('shop', 'api', null);
    expect(all.objects.map(({ ref }) => ref.name)).toEqual(['api', 'secret-late']);
    expect(all.requestsPerSecond).toBe(14);
    const mine = await steering.fetchServiceRouting('shop', 'api', SHOP);
    expect(mine.objects.map(({ ref }) => ref.name)).toEqual(['api']);
    expect(mine.rules).toHaveLength(1);
    expect(JSON.stringify(mine)).not.toMatch(SECRET);
    expect(await codeOf(() => steering.fetchServiceRouting('vault', 'secret-store', SHOP))).toBe('notFound');
    expect(await codeOf(() => steering.fetchServiceRouting('shop', 'nosuch', SHOP))).toBe('notFound');
  });

  it('of configuration are those that may be seen, with their findings', async () => {
    const list = async (sight: Sight) =>
      JSON.parse(new TextDecoder().decode(await steering.fetchConfigList({ kinds: null, namespaces: null }, sight))) as ConfigListDocument;
    const rows = async (sight: Sight) => (await list(sight)).rows.map(({ ref }) => `${ref.namespace}/${ref.name}`);
    expect(await rows(null)).toHaveLength(4);
    expect(await rows(SHOP)).toEqual(['shop/api', 'shop/api']);
    expect(JSON.stringify(await list(SHOP))).not.toMatch(SECRET);
    const ref = { kind: 'VirtualService', namespace: 'vault', name: 'secret-store' } as const;
    expect((await steering.fetchConfigFindings(ref, null)).map(({ code }) => code)).toContain('IST0101');
    expect(await steering.fetchConfigFindings(ref, SHOP)).toEqual([]);
    const mine = await steering.fetchConfigFindings({ kind: 'VirtualService', namespace: 'shop', name: 'api' }, SHOP);
    expect(JSON.stringify(mine)).not.toMatch(SECRET);
  });

  it('that explain are for visible callers and hosts', async () => {
    const { now, then } = steering.explain(question('shop', 'web-v1', API), [weights(60)], SHOP);
    expect([now.summary, then?.summary]).toMatchObject([
      expect.stringContaining('all to v1'),
      expect.stringContaining('60 % to v1 and 40 % to v2'),
    ]);
    expect(await codeOf(() => steering.explain(question('vault', 'secret-job-v1', API), [], SHOP))).toBe('notFound');
    expect(await codeOf(() => steering.explain(question('shop', 'web-v1', 'secret-store.vault.svc.cluster.local'), [], SHOP))).toBe(
      'notFound',
    );
    expect(await codeOf(() => steering.explain(question('shop', 'web-v1', 'secret-store.vault'), [], SHOP))).toBe('notFound');
  });

  it('that measure count visible hosts, and endpoints are counted as they are', async () => {
    const vault = 'secret-store.vault.svc.cluster.local';
    expect(await steering.measureTraffic([API, vault], null)).toMatchObject({ requestsPerSecond: 67 });
    expect(await steering.measureTraffic([API, vault], SHOP)).toMatchObject({
      requestsPerSecond: 14,
      byDestination: [{ workload: 'api-v1' }],
    });
    expect([
      steering.countEndpoints(API, 'v2', SHOP),
      steering.countEndpoints(API, null, SHOP),
      steering.countEndpoints(API, 'nine', SHOP),
    ]).toEqual([1, 2, 0]);
    expect([steering.countEndpoints(vault, null, null), steering.countEndpoints(vault, null, SHOP)]).toEqual([1, 0]);
  });

  it('wait for the cluster', async () => {
    const empty = createLiveEngine({
      metrics,
      cluster: new ScriptedCluster(),
      clock,
      settings: DEFAULT_LIVE_SETTINGS,
      queryDeadlineMs: 1,
      slowQueryDeadlineMs: 1,
      onDefect: () => undefined,
    });
    expect(await codeOf(() => empty.steering.fetchConfigList({ kinds: null, namespaces: null }, null))).toBe('starting');
    await empty.close();
  });
});
