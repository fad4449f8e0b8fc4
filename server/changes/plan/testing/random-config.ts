// Random configuration for property tests: routes and destination rules with fields that nobody knows, and edits of them.
// In: a seed. Out: Inventory, Edits. The same seed gives the same.

import type { ConfigRef, DestinationEdit, Edit, Intent, MatchEdit, RuleRef, TextCondition } from '../../../../model/edit';
import { serviceKey } from '../../../../model/ids';
import {
  type ConfigKind,
  type ConfigObject,
  DEFAULT_MESH_SETTINGS,
  type Inventory,
  type Json,
  type JsonObject,
  type PodInfo,
  type ServiceInfo,
} from '../../../../model/inventory';

export type Random = () => number;

/** Small deterministic random numbers (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const below = (random: Random, most: number): number => Math.floor(random() * most);
export const pick = <T>(random: Random, ...items: readonly [T, ...T[]]): T => items[below(random, items.length)] ?? items[0];
const some = <T>(random: Random, most: number, make: (i: number) => T, least = 0): T[] =>
  Array.from({ length: least + below(random, most - least + 1) }, (_, i) => make(i));

/** Fields in a random order, some left out. */
function shuffled(random: Random, fields: readonly (readonly [string, Json | undefined])[]): JsonObject {
  const left = fields.filter(([, value]) => value !== undefined);
  const order: (readonly [string, Json | undefined])[] = [];
  while (left.length > 0) order.push(...left.splice(below(random, left.length), 1));
  return Object.fromEntries(order);
}

/** What a later version of Istio may bring. */
export function randomJson(random: Random, depth = 2): Json {
  const simple = pick<Json>(random, null, true, 0, 1.5, 'text', '', 'true');
  if (depth === 0 || random() < 0.5) return simple;
  if (random() < 0.5) return some(random, 3, () => randomJson(random, depth - 1));
  return Object.fromEntries(some(random, 3, (i) => [pick(random, `f${i}`, 'constructor', 'a/b', '~'), randomJson(random, depth - 1)]));
}

const unknown = (random: Random): readonly (readonly [string, Json | undefined])[] =>
  some(random, 2, (i): readonly [string, Json] => [`x${i}Unknown`, randomJson(random)]);
const maybe = <T>(random: Random, value: T, chance = 0.4): T | undefined => (random() < chance ? value : undefined);

export const NAMESPACES = ['bookinfo', 'shop'] as const;
export const SERVICES = ['reviews', 'ratings', 'details'] as const;
export const VERSIONS = ['v1', 'v2', 'v3'] as const;
const hostOf = (name: string, namespace: string): string => `${name}.${namespace}.svc.cluster.local`;
const anyHost = (random: Random, namespace: string): string => {
  const name = pick(random, ...SERVICES);
  return pick(random, name, hostOf(name, namespace), hostOf(name, pick(random, ...NAMESPACES)));
};

const randomMatch = (random: Random): JsonObject =>
  shuffled(random, [
    ['uri', maybe<Json>(random, { [pick(random, 'exact', 'prefix', 'regex')]: pick(random, '/a', '/b') })],
    ['method', maybe<Json>(random, { exact: 'GET' })],
    ['headers', maybe<Json>(random, { 'end-user': pick<Json>(random, { exact: 'jason' }, {}), 'x-b': { prefix: 'q' } })],
    ['withoutHeaders', maybe<Json>(random, { cookie: {} })],
    ['sourceLabels', maybe<Json>(random, { app: 'web' })],
    ['port', maybe<Json>(random, 9080)],
    ['gateways', maybe<Json>(random, ['mesh'])],
    ...unknown(random),
  ]);

function randomEntry(random: Random, namespace: string): JsonObject {
  const destination = shuffled(random, [
    ['host', anyHost(random, namespace)],
    ['subset', maybe(random, pick(random, ...VERSIONS), 0.8)],
    ['port', maybe<Json>(random, { number: 9080 }, 0.2)],
    ...unknown(random),
  ]);
  return shuffled(random, [
    ['destination', destination],
    ['weight', maybe(random, below(random, 101), 0.8)],
    ['headers', maybe<Json>(random, { request: { set: { 'x-from': 'route' } } }, 0.2)],
    ...unknown(random),
  ]);
}

const randomRule = (random: Random, namespace: string, list: 'http' | 'tcp'): JsonObject =>
  shuffled(random, [
    ['name', list === 'http' ? maybe(random, 'a-rule') : undefined],
    [
      'match',
      maybe<Json>(
        random,
        some(random, 2, () => (list === 'http' ? randomMatch(random) : { port: 9080 }), 1),
      ),
    ],
    ['route', some(random, 3, () => randomEntry(random, namespace), 1)],
    ['timeout', list === 'http' ? maybe(random, pick(random, '2s', '0.5s', '1500ms')) : undefined],
    ['retries', list === 'http' ? maybe<Json>(random, { attempts: 3, retryRemoteLocalities: true }) : undefined],
    ['fault', list === 'http' ? maybe<Json>(random, { delay: { fixedDelay: '2s', percent: 10 } }) : undefined],
    ...unknown(random),
  ]);

const virtualServiceSpec = (random: Random, namespace: string): JsonObject =>
  shuffled(random, [
    ['hosts', [anyHost(random, namespace)]],
    ['http', some(random, 4, () => randomRule(random, namespace, 'http'), 1)],
    ['tcp', maybe<Json>(random, [randomRule(random, namespace, 'tcp')])],
    ['exportTo', maybe<Json>(random, ['*'])],
    ...unknown(random),
  ]);

const destinationRuleSpec = (random: Random, namespace: string): JsonObject =>
  shuffled(random, [
    ['host', anyHost(random, namespace)],
    [
      'subsets',
      VERSIONS.filter(() => random() < 0.6).map((name) =>
        shuffled(random, [
          ['name', name],
          ['labels', { version: name }],
          ['trafficPolicy', maybe<Json>(random, { connectionPool: { tcp: { maxConnections: 5 } } })],
          ...unknown(random),
        ]),
      ),
    ],
    ['trafficPolicy', maybe<Json>(random, shuffled(random, [['loadBalancer', { simple: 'RANDOM' }], ...unknown(random)]))],
    ...unknown(random),
  ]);

const httpRouteSpec = (random: Random): JsonObject =>
  shuffled(random, [
    ['parentRefs', [{ group: '', kind: 'Service', name: 'reviews' }]],
    [
      'rules',
      some(
        random,
        3,
        () =>
          shuffled(random, [
            ['matches', maybe<Json>(random, [{ path: { type: 'PathPrefix', value: '/a' }, xUnknown: 1 }])],
            [
              'backendRefs',
              some(
                random,
                3,
                () =>
                  shuffled(random, [['name', pick(random, ...SERVICES)], ['port', 9080], ['weight', maybe(random, 5)], ...unknown(random)]),
                1,
              ),
            ],
            ['filters', maybe<Json>(random, [{ type: 'ExtensionRef', extensionRef: { name: 'x' } }])],
            ['timeouts', maybe<Json>(random, { request: '2s', backendRequest: '1s' })],
            ...unknown(random),
          ]),
        1,
      ),
    ],
    ...unknown(random),
  ]);

const METADATA = {
  cluster: 'Kubernetes',
  uid: 'u',
  resourceVersion: '7',
  labels: {},
  annotations: {},
} as const;

function configObject(random: Random, kind: ConfigKind, namespace: string, name: string, createdAtMs: number): ConfigObject {
  const mesh = kind === 'VirtualService' || kind === 'DestinationRule';
  const spec =
    kind === 'VirtualService'
      ? virtualServiceSpec(random, namespace)
      : kind === 'DestinationRule'
        ? destinationRuleSpec(random, namespace)
        : httpRouteSpec(random);
  return {
    ...METADATA,
    namespace,
    name,
    createdAtMs,
    labels: pick<ConfigObject['labels']>(random, {}, { zone: 'a', app: 'b' }),
    annotations: pick<ConfigObject['annotations']>(random, {}, { 'a.istio.io/b': 'c' }),
    apiVersion: mesh ? 'networking.istio.io/v1' : 'gateway.networking.k8s.io/v1',
    kind,
    generation: 1,
    spec,
    status: null,
  };
}

/** Two namespaces of three services with three versions each, and random routes and rules over them. */
export function randomInventory(random: Random): Inventory {
  const services = new Map<ServiceInfo['key'], ServiceInfo>();
  const pods = new Map<string, PodInfo>();
  const config = new Map<ConfigKind, ConfigObject[]>();
  for (const namespace of NAMESPACES)
    for (const name of SERVICES) {
      const key = serviceKey('Kubernetes', namespace, name);
      const meta = { ...METADATA, namespace, createdAtMs: 1 };
      services.set(key, {
        ...meta,
        key,
        name,
        type: 'ClusterIP',
        host: hostOf(name, namespace),
        headless: false,
        externalName: null,
        clusterIps: [],
        ports: [{ name: 'http', port: 9080, targetPort: 9080, transport: 'TCP', appProtocol: null }],
        selector: { app: name },
      });
      for (const version of VERSIONS)
        pods.set(`${namespace}/${name}-${version}`, {
          ...meta,
          name: `${name}-${version}`,
          labels: { app: name, version },
          workload: null,
          ip: '10.0.0.1',
          ready: true,
          phase: 'Running',
          serviceAccount: 'default',
          containers: [],
          injected: true,
          ambient: false,
          restarts: 0,
          proxyVersion: null,
        });
      for (const kind of ['VirtualService', 'DestinationRule', 'HTTPRoute'] as const)
        if (random() < 0.6)
          config.set(kind, [...(config.get(kind) ?? []), configObject(random, kind, namespace, `${name}-x`, below(random, 100))]);
    }
  return {
    cluster: 'Kubernetes',
    revision: 1,
    mesh: DEFAULT_MESH_SETTINGS,
    namespaces: new Map(),
    services,
    workloads: new Map(),
    pods,
    config,
  };
}

function randomRuleRef(random: Random, inventory: Inventory): RuleRef {
  const kind = pick<ConfigKind>(random, 'VirtualService', 'VirtualService', 'HTTPRoute');
  const namespace = pick(random, ...NAMESPACES);
  const host = hostOf(pick(random, ...SERVICES), namespace);
  const objects = inventory.config.get(kind) ?? [];
  const object = objects[below(random, objects.length)];
  if (object === undefined || random() < 0.2)
    return { object: null, list: 'http', index: 0, host, as: pick(random, 'VirtualService', 'HTTPRoute') };
  const list = kind === 'VirtualService' && object.spec['tcp'] !== undefined && random() < 0.2 ? 'tcp' : 'http';
  const rules = object.spec[kind === 'VirtualService' ? list : 'rules'];
  const ref: ConfigRef = { kind, namespace: object.namespace, name: object.name };
  return { object: ref, list, index: below(random, Array.isArray(rules) ? rules.length : 1), host };
}

const randomCondition = (random: Random): TextCondition =>
  pick<TextCondition>(
    random,
    { type: 'exact', value: '/a' },
    { type: 'prefix', value: '/c' },
    { type: 'regex', value: '.+' },
    { type: 'present' },
  );

export function randomMatchEdit(random: Random): MatchEdit {
  return {
    ...(random() < 0.5 ? { path: randomCondition(random) } : {}),
    ...(random() < 0.3 ? { method: 'GET' } : {}),
    ...(random() < 0.4 ? { headers: [{ name: 'End-User', condition: randomCondition(random) }] } : {}),
    ...(random() < 0.2 ? { sourceLabels: { app: 'web' } } : {}),
    ...(random() < 0.2 ? { gateways: ['mesh'] } : {}),
  };
}

const randomDestination = (random: Random, rule: RuleRef): DestinationEdit => ({
  host: random() < 0.7 ? rule.host : hostOf(pick(random, ...SERVICES), pick(random, ...NAMESPACES)),
  subset: rule.as === 'HTTPRoute' || rule.object?.kind === 'HTTPRoute' ? null : pick(random, null, ...VERSIONS),
  port: pick(random, null, null, 9080),
  weight: below(random, 101),
});

/** Intents that set a value: done again they change nothing. */
export function randomIntent(random: Random, inventory: Inventory): Intent {
  const rule = randomRuleRef(random, inventory);
  const destinations = some(random, 3, () => randomDestination(random, rule), 1);
  const unique = [...new Map(destinations.map((one) => [`${one.host}|${one.subset ?? ''}`, one])).values()];
  const [first = randomDestination(random, rule)] = unique;
  return pick<Intent>(
    random,
    { type: 'weights', rule, destinations: unique },
    { type: 'weights', rule, destinations: unique },
    { type: 'match', rule, matches: some(random, 3, () => randomMatchEdit(random)) },
    { type: 'fault', rule, fault: pick(random, null, { delay: { milliseconds: 1500, percent: 5 }, abort: null }) },
    { type: 'timeout', rule, milliseconds: pick(random, null, 2000, 1500) },
    { type: 'retries', rule, retries: pick(random, null, { attempts: 2, perTryTimeoutMs: 500, retryOn: ['503'] }) },
    {
      type: 'mirror',
      rule,
      mirror: pick(random, null, { host: first.host, subset: first.subset, port: null, percent: pick(random, 100, 12.5) }),
    },
    { type: 'rewrite', rule, rewrite: pick(random, null, { path: '/z', authority: null }, { path: null, authority: 'b.example' }) },
    {
      type: 'headers',
      rule,
      headers: pick(random, null, { request: { set: { 'x-a': '1' }, remove: ['x-b'] }, response: { add: { 'x-c': '2' } } }),
    },
    {
      type: 'cors',
      rule,
      cors: pick(random, null, {
        allowOrigins: [{ type: 'exact', value: 'https://a.example' }],
        allowMethods: ['GET'],
        allowHeaders: [],
        exposeHeaders: [],
        maxAgeSeconds: 60,
        allowCredentials: null,
      }),
    },
    {
      type: 'trafficPolicy',
      host: rule.host,
      namespace: 'bookinfo',
      subset: pick(random, null, 'v1'),
      policy: { loadBalancer: pick(random, null, { simple: 'ROUND_ROBIN' }), tls: { mode: 'ISTIO_MUTUAL' } },
    },
    { type: 'subsets', host: rule.host, namespace: 'bookinfo', subsets: [{ name: pick(random, 'v1', 'v9'), labels: { version: 'v9' } }] },
  );
}

/** Any edit, those that mean another thing when they are done again included. */
export function randomEdit(random: Random, inventory: Inventory): Edit {
  if (random() < 0.6) return randomIntent(random, inventory);
  const rule = randomRuleRef(random, inventory);
  const object = rule.object ?? { kind: 'DestinationRule', namespace: 'bookinfo', name: 'reviews-x' };
  return pick<Edit>(
    random,
    { type: 'moveRule', rule, to: below(random, 3) },
    { type: 'removeRule', rule },
    { type: 'disableRule', rule },
    { type: 'enableRule', object, position: 0 },
    { type: 'delete', ref: object },
    {
      type: 'addRule',
      rule,
      name: null,
      matches: [{ path: { type: 'prefix', value: '/n' } }],
      action: { type: 'route', destinations: [randomDestination(random, rule)] },
    },
  );
}
