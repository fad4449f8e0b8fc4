// Explanations, the list of configuration, measures and fresh objects. In: small meshes. Out: sentences, rows, numbers.
import { describe, expect, it } from 'vitest';
import type { ExplainQuestion } from '../../model/steering';
import { snapshotOf } from '../graph/testing/mesh-fixture';
import { finish } from '../istio/memo';
import { buildMeshIndex } from '../istio/mesh-index';
import { foldBuckets, quantileOf } from '../telemetry/quantile';
import { encodeConfigList, listConfig } from './config-list';
import { explainRequest } from './explain';
import { measureHosts } from './measure';
import { overlayFresh } from './overlay-fresh';
import { ownerWords } from './owner-words';
import { documents, inventoryOf, service } from './testing/mesh';

const MESH = documents(
  service('shop', 'web'),
  service('shop', 'reviews', ['v1', 'v3']),
  'kind: DestinationRule\nmetadata: {namespace: shop, name: reviews}\nspec: {host: reviews, trafficPolicy: {connectionPool: {http: {http2MaxRequests: 5}}}, subsets: [{name: v1, labels: {version: v1}}, {name: v3, labels: {version: v3}, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]}',
  'kind: VirtualService\nmetadata: {namespace: shop, name: reviews}\nspec: {hosts: [reviews], http: [{match: [{uri: {prefix: /a}, queryParams: {q: {exact: z}}}], redirect: {uri: /b}}, {route: [{destination: {host: reviews, subset: v1}, weight: 80}, {destination: {host: reviews, subset: v3}, weight: 20}]}]}',
  'kind: AuthorizationPolicy\nmetadata: {namespace: shop, name: v3-only-get}\nspec: {selector: {matchLabels: {version: v3}}, rules: [{to: [{operation: {methods: [GET]}}]}]}',
);
const QUESTION: ExplainQuestion = {
  source: { namespace: 'shop', workload: 'web-v1' },
  host: 'reviews',
  port: 80,
  protocol: 'http',
  method: 'GET',
  path: '/',
  headers: {},
};

describe('an explanation', () => {
  const index = buildMeshIndex(inventoryOf(MESH));
  const ask = (more: Partial<ExplainQuestion>) => explainRequest(index, { ...QUESTION, ...more });

  it('is one sentence and all that stands behind it', () => {
    const found = ask({});
    expect(found.summary).toBe('rule 2 of VirtualService shop/reviews sends 80 % to v1 and 20 % to v3 over mutual TLS; allowed');
    expect(found.decision.tried.map(({ matched }) => matched)).toEqual([false, true]);
    expect(found.policies).toMatchObject([
      { subset: 'v1', decidedBy: { kind: 'DestinationRule', path: 'spec' }, policy: { connectionPool: {} } },
      { subset: 'v3', decidedBy: { path: 'spec.subsets[1]' }, policy: { connectionPool: {}, loadBalancer: { simple: 'RANDOM' } } },
    ]);
    expect(found.mtls.map(({ workload }) => workload)).toEqual(['reviews-v1', 'reviews-v3']);
  });

  it('reads path, query, method and headers', () => {
    expect(ask({ path: '/ab?q=z' }).summary).toBe('rule 1 of VirtualService shop/reviews redirects to http://reviews/b?q=z (301)');
    expect(ask({ method: 'POST' }).summary).toContain('reviews-v1: allowed and reviews-v3: denied');
    expect(ask({ host: 'nowhere.example.com' }).summary).toBe('the mesh does not know the host and lets the request pass as it is');
    expect(ask({ source: { namespace: 'shop', workload: 'nobody' } }).summary).toContain('the service itself sends all to reviews');
  });
});

it('the list of configuration has kinds, owners, findings and words', () => {
  const inventory = inventoryOf(MESH);
  const ref = { kind: 'VirtualService', namespace: 'shop', name: 'reviews' } as const;
  const finding = { code: 'X', aliases: [], severity: 'error', object: ref, path: '', message: '', consequence: '', fix: null } as const;
  const lost = {
    code: 'KIA1313',
    severity: 'error',
    entity: { kind: 'service', namespace: 'shop', name: 'web' },
    message: 'far',
    consequence: '',
  } as const;
  const watches = [
    { resource: 'tcproutes.gateway.networking.k8s.io', state: 'absent', objects: 0, currentAtMs: null, cause: null },
  ] as const;
  const all = finish(listConfig(inventory, { findings: [finding, finding], entities: [lost] }, watches, { kinds: null, namespaces: null }));
  expect(JSON.parse(new TextDecoder().decode(finish(encodeConfigList(all))))).toEqual(all);
  expect(all.entities).toEqual([lost]);
  expect(all.rows.map(({ ref: { kind }, summary, findings }) => [kind, summary, findings.error])).toEqual([
    ['VirtualService', 'reviews: 2 rules', 2],
    ['DestinationRule', 'reviews: subsets v1, v3, connectionPool', 0],
    ['AuthorizationPolicy', 'version=v3: ALLOW, 1 rule', 0],
  ]);
  expect(all.kinds.find(({ kind }) => kind === 'TCPRoute')).toMatchObject({
    apiVersion: null,
    reason: expect.stringContaining('does not serve'),
  });
  expect(all.kinds.find(({ kind }) => kind === 'Sidecar')).toMatchObject({ apiVersion: 'networking.istio.io/v1', reason: null });
  expect(
    finish(listConfig(inventory, { findings: [], entities: [] }, [], { kinds: ['DestinationRule'], namespaces: ['shop'] })).rows,
  ).toHaveLength(1);
  expect(finish(listConfig(inventory, { findings: [], entities: [lost] }, [], { kinds: null, namespaces: ['far'] }))).toMatchObject({
    rows: [],
    entities: [],
  });
  expect(ownerWords({ labels: {}, annotations: { 'argocd.argoproj.io/tracking-id': 'shop:networking/VirtualService:a/b' } })).toBe(
    'Argo CD application shop',
  );
});

it('a measure sums requests, errors and latency of hosts', () => {
  const call = (to: string, codes: Record<string, number>, buckets: readonly number[]) => ({
    from: 'shop/web',
    to: `shop/${to}`,
    service: 'shop/reviews',
    codes,
    buckets,
  });
  const snapshot = snapshotOf(
    [
      call('reviews-v1', { '200': 7, '404': 1 }, [4, 8, 8]),
      call('reviews-v3', { '503 UH': 1, '0 DC': 1 }, [0, 0, 2]),
      { from: 'shop/web', to: 'shop/db', service: 'shop/db', protocol: 'tcp', tcp: [100, 200] },
      { from: 'shop/web', to: 'shop/x', service: 'shop/x', codes: { '500': 99 } },
    ],
    { bucketBoundsMs: [10, 100, Number.POSITIVE_INFINITY] },
  );
  const hosts = ['reviews.shop.svc.cluster.local', 'db.shop.svc.cluster.local', 'reviews.shop.svc.cluster.local'];
  const measure = measureHosts(
    snapshot,
    hosts,
    (bounds, histograms, q) => quantileOf(bounds, foldBuckets(bounds, histograms), q)?.valueMs ?? null,
  );
  expect(measure).toMatchObject({ requestsPerSecond: 10, errorPercent: 20, p95Ms: 100 });
  expect(measure.byDestination.map(({ workload, requestsPerSecond }) => [workload, requestsPerSecond])).toEqual([
    ['db', 100],
    ['reviews-v1', 8],
    ['reviews-v3', 2],
  ]);
  expect(measureHosts(snapshot, ['nowhere'], () => 1)).toMatchObject({
    requestsPerSecond: 0,
    errorPercent: 0,
    p95Ms: null,
    byDestination: [],
  });
});

it('fresh objects stand in for what the watches know, unless that is newer', () => {
  const inventory = inventoryOf(MESH);
  const [known] = inventory.config.get('VirtualService') ?? [];
  if (known === undefined) throw new Error('no VirtualService');
  const ref = { kind: 'VirtualService', namespace: 'shop', name: 'reviews' } as const;
  const objects = (fresh: Parameters<typeof overlayFresh>[1]) => overlayFresh(inventory, fresh).config.get('VirtualService') ?? [];
  expect(overlayFresh(inventory, [])).toBe(inventory);
  const newer = { ...known, resourceVersion: '7', spec: {} };
  expect(objects([{ ref, object: newer }])).toEqual([newer]);
  expect(objects([{ ref, object: { ...newer, resourceVersion: '0' } }])).toEqual([known]);
  expect(objects([{ ref, object: null }])).toEqual([]);
  expect(objects([{ ref: { ...ref, name: 'other' }, object: { ...newer, name: 'other' } }]).map(({ name }) => name)).toEqual([
    'reviews',
    'other',
  ]);
});
