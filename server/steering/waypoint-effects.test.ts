// What a change does to callers in ambient mode: through waypoints, past them, and what stands before them. In: small meshes, traffic. Out: effects.
import { describe, expect, it } from 'vitest';
import type { EdgeEffect } from '../../model/change';
import type { Inventory } from '../../model/inventory';
import { type ObservationSpec, snapshotOf } from '../graph/testing/mesh-fixture';
import { buildMeshIndex } from '../istio/mesh-index';
import { forecastEffects } from './effects';
import { explainRequest } from './explain';
import { changed, documents, inventoryOf, service } from './testing/mesh';
import { touchedHosts } from './touched-hosts';

const HOST = 'reviews.shop.svc.cluster.local';
const inAmbient = (yaml: string): string => yaml.replaceAll('\nspec: {}', '\nspec: {mesh: ambient}');
const routes = (weights: string): string => `
kind: VirtualService
metadata: {namespace: shop, name: reviews}
spec: {hosts: [reviews], http: [{route: [${weights}]}]}`;
const V1 = '{destination: {host: reviews, subset: v1}}';
const BOTH = '{destination: {host: reviews, subset: v1}, weight: 80}, {destination: {host: reviews, subset: v2}, weight: 20}';
const BASE = documents(
  inAmbient(service('shop', 'web')),
  inAmbient(service('shop', 'reviews', ['v1', 'v2'])).replace('name: reviews}', 'name: reviews, labels: {istio.io/use-waypoint: wp}}'),
  `kind: DestinationRule
metadata: {namespace: shop, name: reviews}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}`,
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {namespace: shop, name: wp}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}`,
  `kind: Pod
metadata: {namespace: shop, name: wp-0, labels: {app: wp, gateway.networking.k8s.io/gateway-name: wp, gateway.istio.io/managed: istio.io-mesh-controller}}
spec: {mesh: none, serviceAccount: wp}`,
);
const TRAFFIC: readonly ObservationSpec[] = [
  { from: 'shop/web-v1', to: 'shop/reviews-v1', service: 'shop/reviews', codes: { '200': 10 } },
  { from: 'shop/wp', to: 'shop/reviews-v1', service: 'shop/reviews', protocol: 'tcp', tcp: [5000, 9000] },
];
const effectsOf = (before: Inventory, after: Inventory): readonly EdgeEffect[] =>
  forecastEffects(buildMeshIndex(before), buildMeshIndex(after), snapshotOf(TRAFFIC), new Set([HOST])).effects;
const policy = (name: string, spec: string): string => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {namespace: shop, name: ${name}}
spec: ${spec}`;

describe('callers in ambient mode', () => {
  const before = inventoryOf(documents(BASE, routes(V1)));

  it('move by the rules of the waypoint, whose own connections are not counted again', () => {
    const effects = effectsOf(before, changed(before, routes(BOTH)));
    expect(effects).toMatchObject([
      {
        kind: 'moves',
        requestsPerSecond: 10,
        movedPerSecond: 2,
        why: 'rule 1 of VirtualService shop/reviews sends 80 % to v1 and 20 % to v2',
      },
    ]);
  });

  it('stay where no waypoint stands before the service', () => {
    const bare = inventoryOf(documents(BASE.replace('labels: {istio.io/use-waypoint: wp}', 'labels: {}'), routes(V1)));
    const [effect] = effectsOf(bare, changed(bare, routes(BOTH)));
    expect(effect).toMatchObject({ kind: 'kept', why: expect.stringContaining('no waypoint') as unknown });
  });

  it('are judged by the policies of the waypoint, by their own identity', () => {
    const target = 'targetRefs: [{group: "", kind: Service, name: reviews}]';
    const others = policy('only', `{${target}, rules: [{from: [{source: {serviceAccounts: [shop/other]}}]}]}`);
    expect(effectsOf(before, changed(before, others))).toMatchObject([{ kind: 'cut', failingPerSecond: 10 }]);
    const own = policy('only', `{${target}, rules: [{from: [{source: {namespaces: [shop]}}]}]}`);
    expect(effectsOf(before, changed(before, own))).toMatchObject([{ kind: 'kept' }]);
    const paths = policy('only', `{${target}, rules: [{to: [{operation: {paths: [/x]}}]}]}`);
    expect(effectsOf(before, changed(before, paths))).toMatchObject([{ kind: 'unknown', why: expect.stringContaining('path') as unknown }]);
  });

  it('are not seen by the pods behind it, which see the waypoint', () => {
    const selector = 'selector: {matchLabels: {app: reviews}}';
    const notWaypoint = policy('only', `{${selector}, rules: [{from: [{source: {serviceAccounts: [shop/default]}}]}]}`);
    expect(effectsOf(before, changed(before, notWaypoint))).toMatchObject([{ kind: 'cut' }]);
    const waypoint = policy('only', `{${selector}, rules: [{from: [{source: {serviceAccounts: [shop/wp]}}]}]}`);
    expect(effectsOf(before, changed(before, waypoint))).toMatchObject([{ kind: 'kept' }]);
  });

  it('are explained with both proxies', () => {
    const deny = policy(
      'deny',
      '{action: DENY, targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: wp}], rules: [{to: [{operation: {paths: [/private]}}]}]}',
    );
    const question = {
      source: { namespace: 'shop', workload: 'web-v1' },
      host: HOST,
      port: 80,
      protocol: 'http',
      method: 'GET',
      headers: {},
    } as const;
    const ask = (path: string) => explainRequest(buildMeshIndex(changed(before, deny)), { ...question, path });
    expect(ask('/private').authorization.map(({ workload, outcome }) => [workload, outcome.outcome])).toEqual([
      ['wp', 'denied'],
      ['reviews-v1', 'allowed'],
    ]);
    expect(ask('/').authorization[0]?.outcome.outcome).toBe('allowed');
    expect(ask('/').decision).toMatchObject({ outcome: 'route', rule: { name: 'reviews' } });
  });

  it('are among those whom a change of the waypoint or its policies can touch', () => {
    const after = changed(before, policy('p', '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: wp}]}'));
    const hostsOf = (kind: 'AuthorizationPolicy' | 'K8sGateway', name: string) =>
      touchedHosts(buildMeshIndex(before), buildMeshIndex(after), { steps: [{ ref: { kind, namespace: 'shop', name } }] } as never);
    expect([...hostsOf('AuthorizationPolicy', 'p')]).toEqual([HOST]);
    expect([...hostsOf('K8sGateway', 'wp')]).toEqual([HOST]);
  });
});

describe('TCP that stays on its pods and gets a subset', () => {
  it('is foreseen there', () => {
    const tcp = documents(
      service('shop', 'web'),
      service('shop', 'db', ['v1'], '{tcp: 80}'),
      `kind: DestinationRule\nmetadata: {namespace: shop, name: db}\nspec: {host: db, subsets: [{name: v1, labels: {version: v1}}]}`,
    );
    const before = inventoryOf(tcp);
    const after = changed(
      before,
      'kind: VirtualService\nmetadata: {namespace: shop, name: db}\nspec: {hosts: [db], tcp: [{route: [{destination: {host: db, subset: v1}}]}]}',
    );
    const sent: ObservationSpec = { from: 'shop/web-v1', to: 'shop/db-v1', service: 'shop/db', protocol: 'tcp', tcp: [400, 9000] };
    const { effects, forecast } = forecastEffects(
      buildMeshIndex(before),
      buildMeshIndex(after),
      snapshotOf([sent]),
      new Set(['db.shop.svc.cluster.local']),
    );
    expect(effects).toMatchObject([
      { kind: 'kept', movedPerSecond: 0, after: [{ subset: 'v1', workloads: ['db-v1'], requestsPerSecond: 400 }] },
    ]);
    expect(forecast.map(({ subset, nowPerSecond, predictedPerSecond }) => [subset, nowPerSecond, predictedPerSecond])).toEqual([
      [null, 400, 0],
      ['v1', 0, 400],
    ]);
  });
});
