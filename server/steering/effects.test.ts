// What a change does to the callers of a service, as far as the metrics tell. In: small meshes, observed traffic. Out: kinds, rates, reasons.
import { describe, expect, it } from 'vitest';
import type { EdgeEffect } from '../../model/change';
import type { Inventory } from '../../model/inventory';
import { type ObservationSpec, snapshotOf } from '../graph/testing/mesh-fixture';
import { buildMeshIndex } from '../istio/mesh-index';
import { type Forecast, forecastEffects } from './effects';
import { changed, documents, inventoryOf, service } from './testing/mesh';
import { touchedHosts } from './touched-hosts';

const HOST = 'reviews.shop.svc.cluster.local';
const SUBSETS = `
kind: DestinationRule
metadata: {namespace: shop, name: reviews}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}, {name: v3, labels: {version: v3}}]`;
const routes = (http: string, name = 'reviews'): string => `
kind: VirtualService
metadata: {namespace: shop, name: ${name}}
spec: {hosts: [reviews], http: ${http}}`;
const to = (...shares: readonly (readonly [string, number])[]): string =>
  `{route: [${shares.map(([subset, weight]) => `{destination: {host: reviews, subset: ${subset}}, weight: ${weight}}`).join(', ')}]}`;
const only = (subset: string): string => `{route: [{destination: {host: reviews, subset: ${subset}}}]}`;

const BASE = documents(
  service('shop', 'web'),
  service('shop', 'mobile'),
  service('shop', 'reviews', ['v1', 'v2', 'v3']),
  `kind: Pod\nmetadata: {namespace: shop, name: old-0, labels: {app: old}}\nspec: {mesh: none}`,
  SUBSETS,
);
const reviews = (version: string, rate: number, more: Partial<ObservationSpec> = {}): ObservationSpec => ({
  from: 'shop/web-v1',
  to: `shop/reviews-${version}`,
  service: 'shop/reviews',
  codes: { '200': rate },
  ...more,
});

function change(before: Inventory, after: Inventory, traffic: readonly ObservationSpec[], hosts: readonly string[] = [HOST]): Forecast {
  return forecastEffects(buildMeshIndex(before), buildMeshIndex(after), snapshotOf(traffic), new Set(hosts));
}
function single(forecast: Forecast): EdgeEffect {
  const [effect] = forecast.effects;
  if (effect === undefined || forecast.effects.length !== 1) throw new Error(`${forecast.effects.length} effects`);
  return effect;
}
const ratesOf = (shares: EdgeEffect['before']): Readonly<Record<string, number>> =>
  Object.fromEntries(
    shares.map(({ host, subset, requestsPerSecond }) => [subset ?? host.split('.')[0] ?? '', Number(requestsPerSecond.toFixed(6))]),
  );

describe('weights', () => {
  const before = inventoryOf(documents(BASE, routes(`[${only('v1')}]`)));

  it('move exactly what they say', () => {
    const after = changed(before, routes(`[${to(['v1', 80], ['v2', 20])}]`));
    const forecast = change(before, after, [reviews('v1', 10)]);
    const effect = single(forecast);
    expect(effect).toMatchObject({
      kind: 'moves',
      requestsPerSecond: 10,
      movedPerSecond: 2,
      failingPerSecond: 0,
      delayed: null,
      host: HOST,
    });
    expect([ratesOf(effect.before), ratesOf(effect.after)]).toEqual([{ v1: 10 }, { v1: 8, v2: 2 }]);
    expect(effect.source).toMatchObject({ namespace: 'shop', workload: 'web-v1' });
    expect(effect.why).toBe('rule 1 of VirtualService shop/reviews sends 80 % to v1 and 20 % to v2');
    expect(effect.rules.after).toMatchObject({ kind: 'VirtualService', name: 'reviews', path: 'spec.http[0]' });
    expect(
      forecast.forecast.map(({ subset, nowPerSecond, predictedPerSecond, readyEndpoints }) => [
        subset,
        nowPerSecond,
        predictedPerSecond,
        readyEndpoints,
      ]),
    ).toEqual([
      ['v1', 10, 8, 1],
      ['v2', 0, 2, 1],
    ]);
  });

  it('count from the split that is observed', () => {
    const split = changed(before, routes(`[${to(['v1', 50], ['v2', 50])}]`));
    const effect = single(change(split, changed(before, routes(`[${only('v2')}]`)), [reviews('v1', 5.5), reviews('v2', 4.5)]));
    expect([ratesOf(effect.before), ratesOf(effect.after), effect.movedPerSecond]).toEqual([{ v1: 5.5, v2: 4.5 }, { v2: 10 }, 5.5]);
  });

  it('of a service without rules move from all pods', () => {
    const plain = inventoryOf(BASE);
    const effect = single(change(plain, before, [reviews('v1', 3), reviews('v2', 3), reviews('v3', 3)]));
    expect([effect.kind, effect.movedPerSecond, ratesOf(effect.after)]).toEqual(['moves', 6, { v1: 9 }]);
    expect(effect.rules.before).toBeNull();
  });

  it('that reach the same pods in the same shares keep everything', () => {
    const plain = inventoryOf(BASE);
    const effect = single(
      change(plain, changed(plain, routes(`[${to(['v1', 1], ['v2', 1], ['v3', 1])}]`)), [reviews('v1', 3), reviews('v2', 3)]),
    );
    expect(effect).toMatchObject({ kind: 'kept', movedPerSecond: 0 });
  });

  it('spread over workloads by their ready pods', () => {
    const more = documents(
      BASE,
      `kind: Pod\nmetadata: {namespace: shop, name: reviews-v2-1, labels: {app: reviews, version: v2}}\nspec: {}`,
    );
    const pinned = inventoryOf(documents(more, routes(`[${only('v1')}]`)));
    const effect = single(change(pinned, inventoryOf(more), [reviews('v1', 8)]));
    expect(effect.after).toEqual([
      { host: HOST, subset: null, workloads: ['reviews-v1', 'reviews-v2', 'reviews-v3'], requestsPerSecond: 8 },
    ]);
    expect(effect.movedPerSecond).toBeCloseTo(6);
  });

  it('of the source are known, those of another are not its', () => {
    const mobile = '{match: [{sourceLabels: {app: mobile}}], route: [{destination: {host: reviews, subset: v3}}]}';
    const after = changed(before, routes(`[${mobile}, ${only('v1')}]`));
    const { effects } = change(before, after, [reviews('v1', 4), reviews('v1', 6, { from: 'shop/mobile-v1' })]);
    expect(effects.map(({ source, kind, movedPerSecond }) => [source.workload, kind, movedPerSecond])).toEqual([
      ['mobile-v1', 'moves', 6],
      ['web-v1', 'kept', 0],
    ]);
  });

  it('move bytes of TCP', () => {
    const tcp = documents(service('shop', 'web'), service('shop', 'db', ['v1', 'v2'], '{tcp: 80}'), SUBSETS.replaceAll('reviews', 'db'));
    const rule = (weights: string): string =>
      `kind: VirtualService\nmetadata: {namespace: shop, name: db}\nspec: {hosts: [db], tcp: [{route: [${weights}]}]}`;
    const v1 = rule('{destination: {host: db, subset: v1}}');
    const both = rule('{destination: {host: db, subset: v1}, weight: 75}, {destination: {host: db, subset: v2}, weight: 25}');
    const old = inventoryOf(documents(tcp, v1));
    const sent: ObservationSpec = { from: 'shop/web-v1', to: 'shop/db-v1', service: 'shop/db', protocol: 'tcp', tcp: [400, 9000] };
    const effect = single(change(old, changed(old, both), [sent], ['db.shop.svc.cluster.local']));
    expect(effect).toMatchObject({ kind: 'moves', protocol: 'tcp', requestsPerSecond: 400, movedPerSecond: 100 });
  });
});

describe('what the metrics cannot tell', () => {
  const before = inventoryOf(documents(BASE, routes(`[${only('v1')}]`)));
  const jason = (subset: string): string =>
    `{match: [{headers: {end-user: {exact: jason}}}], route: [{destination: {host: reviews, subset: ${subset}}}]}`;

  it('is unknown, and says why', () => {
    const forecast = change(before, changed(before, routes(`[${jason('v2')}, ${only('v1')}]`)), [reviews('v1', 10)]);
    expect(single(forecast)).toMatchObject({
      kind: 'unknown',
      after: [],
      why: 'rule 1 of VirtualService shop/reviews asks for the header end-user, which the metrics do not carry',
    });
    expect(forecast.forecast.map(({ predictedPerSecond }) => predictedPerSecond)).toEqual([null, null]);
  });

  it('is of no account where both ways lead to the same', () => {
    expect(single(change(before, changed(before, routes(`[${jason('v1')}, ${only('v1')}]`)), [reviews('v1', 10)])).kind).toBe('kept');
  });

  it('leaves what other workloads answer known', () => {
    const old = changed(before, routes(`[${jason('v2')}, ${only('v1')}]`));
    const after = changed(before, routes(`[${jason('v2')}, ${to(['v1', 90], ['v3', 10])}]`));
    const effect = single(change(old, after, [reviews('v1', 8), reviews('v2', 2)]));
    expect([effect.kind, effect.movedPerSecond, ratesOf(effect.after)]).toMatchObject([
      'moves',
      expect.closeTo(0.8),
      { v1: 7.2, v2: 2, v3: 0.8 },
    ]);
  });

  it('is how many requests take which of two rules to the same workload', () => {
    const old = changed(
      before,
      routes(`[{match: [{uri: {prefix: /a}}], route: [{destination: {host: reviews, subset: v1}}]}, ${only('v1')}]`),
    );
    const after = changed(
      before,
      routes(`[{match: [{uri: {prefix: /a}}], route: [{destination: {host: reviews, subset: v2}}]}, ${only('v1')}]`),
    );
    const effect = single(change(old, after, [reviews('v1', 8)]));
    expect(effect.kind).toBe('unknown');
    expect(effect.why).toContain('rule 1 and rule 2 lead to the same workloads');
  });

  it('are callers of other clusters', () => {
    const elsewhere = reviews('v1', 3, { from: 'far/job' });
    expect(single(change(before, changed(before, routes(`[${only('v2')}]`)), [elsewhere]))).toMatchObject({
      kind: 'unknown',
      requestsPerSecond: 3,
    });
  });

  it('is how long requests take', () => {
    const after = changed(before, routes('[{timeout: 2s, route: [{destination: {host: reviews, subset: v1}}]}]'));
    const forecast = change(before, after, [reviews('v1', 10)]);
    expect(single(forecast)).toMatchObject({ kind: 'unknown', why: expect.stringContaining('2 s') });
    expect(forecast.forecast[0]?.predictedPerSecond).toBe(10);
    expect(single(change(after, before, [reviews('v1', 10)])).kind).toBe('kept');
  });
});

describe('faults and refusals', () => {
  const before = inventoryOf(documents(BASE, routes(`[${only('v1')}]`)));
  const one = (http: string, more = ''): EdgeEffect =>
    single(change(before, changed(before, documents(routes(http), ...(more === '' ? [] : [more]))), [reviews('v1', 10)]));

  it('answer and delay their share', () => {
    const fault = (kind: string): string => `[{fault: ${kind}, route: [{destination: {host: reviews, subset: v1}}]}]`;
    expect(one(fault('{abort: {httpStatus: 503, percentage: {value: 5}}}'))).toMatchObject({
      kind: 'fails',
      failingPerSecond: 0.5,
      movedPerSecond: 0,
    });
    expect(one(fault('{delay: {fixedDelay: 2s, percentage: {value: 50}}}'))).toMatchObject({
      kind: 'slower',
      delayed: { milliseconds: 2000, requestsPerSecond: 5 },
    });
  });

  it('of destinations that are not there are failures', () => {
    expect(one(`[${to(['v1', 90], ['v9', 10])}]`)).toMatchObject({ kind: 'fails', failingPerSecond: 1 });
    const empty = changed(
      inventoryOf(documents(BASE.replace('{version: v3}', '{version: v7}'), routes(`[${only('v1')}]`))),
      routes(`[${only('v3')}]`),
    );
    expect(single(change(before, empty, [reviews('v1', 10)]))).toMatchObject({ kind: 'fails', failingPerSecond: 10 });
  });

  it('of the proxy itself are told apart from those that lead elsewhere', () => {
    expect(one('[{match: [{sourceLabels: {app: mobile}, uri: {prefix: /}}], route: [{destination: {host: reviews}}]}]').kind).not.toBe(
      'cut',
    );
    expect(one('[{match: [{port: 80, sourceLabels: {app: web}}], directResponse: {status: 503}}]')).toMatchObject({
      kind: 'fails',
      failingPerSecond: 10,
    });
    expect(one('[{redirect: {uri: /elsewhere}}]')).toMatchObject({ kind: 'moves', after: [] });
  });

  it('by mutual TLS and policies are cuts', () => {
    const strict = 'kind: PeerAuthentication\nmetadata: {namespace: shop, name: strict}\nspec: {mtls: {mode: STRICT}}';
    const old = reviews('v1', 2, { from: 'shop/old' });
    const { effects } = change(before, changed(before, strict), [reviews('v1', 10), old]);
    expect(effects.map(({ source, kind, failingPerSecond }) => [source.workload, kind, failingPerSecond])).toEqual([
      ['old', 'cut', 2],
      ['web-v1', 'kept', 0],
    ]);
    const policy = (rules: string): string => `kind: AuthorizationPolicy\nmetadata: {namespace: shop, name: some}\nspec: {rules: ${rules}}`;
    const judge = (rules: string): EdgeEffect => single(change(before, changed(before, policy(rules)), [reviews('v1', 10)]));
    expect(judge('[{from: [{source: {namespaces: [other]}}]}]')).toMatchObject({ kind: 'cut', failingPerSecond: 10 });
    expect(judge('[{from: [{source: {namespaces: [shop]}}]}]').kind).toBe('kept');
    expect(judge('[{to: [{operation: {paths: [/a]}}]}]')).toMatchObject({ kind: 'unknown', why: expect.stringContaining('path') });
    const plain =
      'kind: DestinationRule\nmetadata: {namespace: shop, name: reviews}\nspec: {host: reviews, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: v1, labels: {version: v1}}]}';
    expect(single(change(changed(before, strict), changed(before, documents(strict, plain)), [reviews('v1', 10)])).kind).toBe('cut');
  });

  it('do not act on who has no sidecar', () => {
    const effect = single(change(before, changed(before, routes(`[${only('v2')}]`)), [reviews('v1', 2, { from: 'shop/old' })]));
    expect(effect).toMatchObject({ kind: 'kept', why: 'the caller has no sidecar: routing rules do not act on it' });
  });
});

describe('through a gateway', () => {
  const gateway = documents(
    'kind: Service\nmetadata: {namespace: edge, name: ingress}\nspec: {ports: {http: 80}, selector: {app: ingress}}',
    'kind: Pod\nmetadata: {namespace: edge, name: ingress-0, labels: {app: ingress, gateway: "true"}}\nspec: {}',
    'kind: Gateway\nmetadata: {namespace: shop, name: front}\nspec: {selector: {app: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com"]}]}',
  );
  const bound = (http: string, hosts = 'www.example.com', name = 'front'): string =>
    `kind: VirtualService\nmetadata: {namespace: shop, name: ${name}}\nspec: {hosts: [${hosts}], gateways: [front], http: ${http}}`;
  const before = inventoryOf(documents(BASE, gateway, bound(`[${only('v1').replace('reviews', HOST)}]`)));
  const seen = reviews('v1', 10, { from: 'edge/ingress' });

  it('moves like any caller', () => {
    const after = changed(before, bound(`[${to(['v1', 70], ['v2', 30])}]`));
    expect(single(change(before, after, [seen]))).toMatchObject({ kind: 'moves', movedPerSecond: expect.closeTo(3), host: HOST });
    expect(single(change(before, changed(before, routes(`[${only('v2')}]`)), [seen])).kind).toBe('kept');
  });

  it('is cut where nothing serves the host any more', () => {
    expect(single(change(before, changed(before, '', ['VirtualService/shop/front']), [seen]))).toMatchObject({
      kind: 'cut',
      failingPerSecond: 10,
    });
  });

  it('is unknown where another domain may have been called', () => {
    const two = changed(before, bound(`[${only('v1')}]`, 'api.example.com', 'api'));
    const after = changed(two, bound(`[${only('v2')}]`, 'api.example.com', 'api'));
    expect(single(change(two, after, [seen])).kind).toBe('unknown');
    const wide = changed(before, bound(`[${only('v1')}]`, '"*.example.com"'));
    const narrow = changed(wide, bound(`[${only('v2')}]`, 'api.example.com', 'api'));
    expect(single(change(wide, narrow, [seen]))).toMatchObject({ kind: 'unknown', why: expect.stringContaining('the host header') });
  });
});

describe('routes to other services', () => {
  const split = (a: number, b: number): string => `
kind: HTTPRoute
apiVersion: gateway.networking.k8s.io/v1
metadata: {namespace: shop, name: reviews}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews}]
  rules: [{backendRefs: [{name: stable, port: 80, weight: ${a}}, {name: canary, port: 80, weight: ${b}}]}]`;
  const before = inventoryOf(documents(BASE, service('shop', 'stable'), service('shop', 'canary'), split(90, 10)));
  const into = (name: string, rate: number, from = 'shop/web-v1'): ObservationSpec => ({
    from,
    to: `shop/${name}-v1`,
    service: `shop/${name}`,
    codes: { '200': rate },
  });
  const host = (name: string): string => `${name}.shop.svc.cluster.local`;

  it('are followed though telemetry names the backends', () => {
    const { effects, forecast } = change(before, changed(before, split(50, 50)), [into('stable', 9), into('canary', 1)]);
    expect(effects).toHaveLength(1);
    expect(effects[0]).toMatchObject({ kind: 'moves', host: HOST, requestsPerSecond: 10, movedPerSecond: expect.closeTo(4) });
    expect(forecast.map((row) => [row.host, row.predictedPerSecond])).toEqual([
      [host('stable'), 5],
      [host('canary'), 5],
    ]);
  });

  it('are not blamed for who calls the backend itself', () => {
    const traffic = [into('stable', 9), into('canary', 1), into('canary', 7, 'shop/mobile-v1')];
    const { effects } = change(before, changed(before, split(50, 50)), traffic, [HOST, host('stable'), host('canary')]);
    expect(effects.map(({ source, kind, requestsPerSecond }) => [source.workload, kind, requestsPerSecond])).toEqual([
      ['web-v1', 'moves', 10],
      ['mobile-v1', 'kept', 7],
    ]);
  });
});

describe('which hosts are touched', () => {
  const host = (name: string): string => `${name}.shop.svc.cluster.local`;
  const before = inventoryOf(
    documents(BASE, service('shop', 'other'), service('far', 'away'), routes('[{route: [{destination: {host: other}}]}]')),
  );
  const touched = (yaml: string, kind: 'VirtualService' | 'DestinationRule' | 'PeerAuthentication', name: string): readonly string[] => {
    const ref = { kind, namespace: 'shop', name };
    const step = {
      action: 'create',
      ref,
      resourceVersion: null,
      before: null,
      after: null,
      patch: [],
      words: [],
      waitAfter: null,
    } as const;
    return [...touchedHosts(buildMeshIndex(before), buildMeshIndex(changed(before, yaml)), { steps: [step] })].sort();
  };

  it('those of routes before and after, and those that lead to them', () => {
    expect(touched(routes(`[${only('v1')}]`), 'VirtualService', 'reviews')).toEqual([host('other'), HOST]);
    const rule = 'kind: DestinationRule\nmetadata: {namespace: shop, name: other}\nspec: {host: other}';
    expect(touched(rule, 'DestinationRule', 'other')).toEqual([host('other'), HOST]);
    const wild = 'kind: DestinationRule\nmetadata: {namespace: shop, name: all}\nspec: {host: "*.shop.svc.cluster.local"}';
    expect(touched(wild, 'DestinationRule', 'all')).toEqual([host('mobile'), host('other'), HOST, host('web')]);
  });

  it('those of the namespace of a policy', () => {
    const policy = 'kind: PeerAuthentication\nmetadata: {namespace: shop, name: p}\nspec: {selector: {matchLabels: {app: other}}}';
    expect(touched(policy, 'PeerAuthentication', 'p')).toEqual([host('other'), HOST]);
  });
});
