// Random configurations of Bookinfo's services, and random calls to them, all of a seed. In: Random. Out: specs as JSON, calls.
// The specs stay within what the naive router knows too, so that a third opinion can be asked.
import type { JsonObject } from '../../../model/inventory';
import type { Random } from '../../world/random';

const DOMAIN = 'bookinfo.svc.cluster.local';
export const SERVICES = ['reviews', 'ratings', 'details'] as const;
export type ServiceName = (typeof SERVICES)[number];
export const hostOf = (service: string): string => `${service}.${DOMAIN}`;

/** Who calls: workloads of the default world with a sidecar, as a gateway, and without any proxy. */
export const CALLERS = [
  { namespace: 'bookinfo', workload: 'productpage-v1', app: 'productpage' },
  { namespace: 'clients', workload: 'mobile-app', app: 'mobile-app' },
  { namespace: 'legacy', workload: 'ledger', app: 'ledger' },
] as const;
export type CallerName = (typeof CALLERS)[number];

export interface RandomCall {
  readonly caller: CallerName;
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RandomObject {
  readonly kind: 'VirtualService' | 'DestinationRule' | 'PeerAuthentication' | 'AuthorizationPolicy';
  readonly namespace: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly spec: JsonObject;
}

const PATHS = ['/', '/reviews', '/reviews/0', '/reviewsX', '/ratings/7', '/x/y', '/x/reviews'];
const USERS = ['jason', 'jane', 'Jason', 'x', 'ajason'];
const METHODS = ['GET', 'POST', 'DELETE'];
const chance = (random: Random, share: number): boolean => random.next() < share;

export const randomCall = (random: Random): RandomCall => ({
  caller: random.pick(CALLERS),
  service: random.pick(SERVICES),
  method: random.pick(METHODS),
  path: random.pick(PATHS),
  headers: chance(random, 0.5) ? { 'end-user': random.pick(USERS) } : {},
});

function randomMatch(random: Random): JsonObject {
  const text = (values: readonly string[]): JsonObject =>
    random.pick([
      { exact: random.pick(values) },
      { prefix: random.pick(values).slice(0, 4) },
      { regex: `${random.pick(values).slice(0, 3)}.*` },
    ]);
  return {
    ...(chance(random, 0.4) ? { uri: text(PATHS) } : {}),
    ...(chance(random, 0.4) ? { headers: { 'end-user': chance(random, 0.2) ? {} : text(USERS) } } : {}),
    ...(chance(random, 0.15) ? { withoutHeaders: { 'end-user': text(USERS) } } : {}),
    ...(chance(random, 0.3) ? { method: { exact: random.pick(METHODS) } } : {}),
    ...(chance(random, 0.15) ? { sourceLabels: { app: random.pick(CALLERS).app } } : {}),
    ...(chance(random, 0.1) ? { sourceNamespace: random.pick(CALLERS).namespace } : {}),
    ...(chance(random, 0.1) ? { port: random.pick([9080, 80]) } : {}),
  };
}

function randomDestination(random: Random, service: string): JsonObject {
  const subset = random.pick(['v1', 'v2', 'v3', 'v9', null]);
  const host = chance(random, 0.1) ? random.pick(['nobody', ...SERVICES]) : service;
  return {
    destination: { host: hostOf(host), ...(subset === null ? {} : { subset }), port: { number: 9080 } },
    ...(chance(random, 0.9) ? { weight: random.pick([0, 1, 5, 20, 80, 100]) } : {}),
  };
}

function randomRule(random: Random, service: string): JsonObject {
  const matches = chance(random, 0.25) ? [] : Array.from({ length: random.whole(1, 2) }, () => randomMatch(random));
  const when = matches.length === 0 ? {} : { match: matches };
  const action = random.next();
  if (action < 0.06) return { ...when, redirect: { uri: '/elsewhere', redirectCode: 302 } };
  if (action < 0.12) return { ...when, directResponse: { status: random.pick([418, 503]) } };
  const routes = Array.from({ length: random.whole(1, 3) }, () => randomDestination(random, service));
  const abort = { abort: { httpStatus: 555, percentage: { value: random.pick([5, 50, 100]) } } };
  return {
    ...when,
    // Of several destinations, validation asks for one with a weight.
    route: routes.length === 1 ? routes : routes.map((route, i) => (i === 0 ? { ...route, weight: random.whole(1, 100) } : route)),
    retries: { attempts: 0 },
    ...(chance(random, 0.2) ? { fault: { ...abort, ...(chance(random, 0.5) ? delay(random) : {}) } } : {}),
    ...(chance(random, 0.1) ? { timeout: '60s' } : {}),
    ...(chance(random, 0.15) ? { mirror: { host: hostOf('details') }, mirrorPercentage: { value: random.pick([10, 100]) } } : {}),
  };
}

const delay = (random: Random): JsonObject => ({ delay: { fixedDelay: '50ms', percentage: { value: random.pick([10, 100]) } } });

function randomRoutes(random: Random): readonly RandomObject[] {
  return Array.from({ length: random.whole(1, 5) }, (_, i): RandomObject => {
    const service = random.pick(SERVICES);
    const wild = chance(random, 0.15);
    return {
      kind: 'VirtualService',
      namespace: random.pick(['bookinfo', 'clients']),
      name: `vs-${i}`,
      createdAtMs: random.whole(1, 1000) * 10 + i,
      spec: {
        hosts: [wild ? `*.${DOMAIN}` : hostOf(service)],
        ...(chance(random, 0.25) ? { exportTo: ['.'] } : {}),
        http: Array.from({ length: random.whole(1, 4) }, () => randomRule(random, service)),
      },
    };
  });
}

function randomPolicies(random: Random): readonly RandomObject[] {
  const modes = random.pick([
    ['STRICT', 'PERMISSIVE'],
    ['STRICT', 'PERMISSIVE', 'DISABLE'],
  ]);
  // A client that insists on mutual TLS with a server that refuses it is retried: kept apart, so that shares stay simple.
  const tlsModes = modes.length === 2 ? ['DISABLE', 'ISTIO_MUTUAL', 'SIMPLE'] : ['DISABLE'];
  const rules = SERVICES.flatMap((service, i): readonly RandomObject[] => {
    if (chance(random, 0.2)) return [];
    const subsets = ['v1', 'v2', 'v3'].filter(() => chance(random, 0.85)).map((version) => ({ name: version, labels: { version } }));
    const tls = chance(random, 0.25) ? { trafficPolicy: { tls: { mode: random.pick(tlsModes) } } } : {};
    return [{ kind: 'DestinationRule', namespace: 'bookinfo', name: service, createdAtMs: i, spec: { host: service, subsets, ...tls } }];
  });
  const peer = (namespace: string, name: string, spec: JsonObject): RandomObject => ({
    ...{ kind: 'PeerAuthentication', namespace, name, createdAtMs: 1, spec },
  });
  const mode = (): JsonObject => ({ mtls: { mode: random.pick(modes) } });
  const peers = [
    ...(chance(random, 0.3) ? [peer('istio-system', 'mesh', mode())] : []),
    ...(chance(random, 0.3) ? [peer('bookinfo', 'namespace', mode())] : []),
    ...(chance(random, 0.3) ? [peer('bookinfo', 'workload', { selector: { matchLabels: { version: 'v1' } }, ...mode() })] : []),
  ];
  return [...rules, ...peers, ...randomAuthorization(random)];
}

function randomAuthorization(random: Random): readonly RandomObject[] {
  return Array.from({ length: random.whole(0, 2) }, (_, i): RandomObject => {
    const source = random.pick([
      { namespaces: [random.pick(['bookinfo', 'clients'])] },
      { principals: ['*'] },
      { notNamespaces: ['clients'] },
      { serviceAccounts: ['bookinfo/bookinfo-productpage'] },
    ]);
    const operation = random.pick([
      { methods: [random.pick(METHODS)] },
      { paths: ['/reviews*'] },
      { notPaths: ['/x/*'] },
      { ports: ['9080'] },
    ]);
    return {
      kind: 'AuthorizationPolicy',
      namespace: 'bookinfo',
      name: `policy-${i}`,
      createdAtMs: i,
      spec: {
        action: random.pick(['ALLOW', 'DENY']),
        ...(chance(random, 0.7) ? { selector: { matchLabels: { app: random.pick(SERVICES) } } } : {}),
        rules: [{ ...(chance(random, 0.7) ? { from: [{ source }] } : {}), ...(chance(random, 0.6) ? { to: [{ operation }] } : {}) }],
      },
    };
  });
}

export const randomConfig = (random: Random): readonly RandomObject[] => [...randomRoutes(random), ...randomPolicies(random)];
