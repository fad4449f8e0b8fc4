// Every reader takes whatever JSON a cluster may hold: it never throws, and the evaluators never throw on what it returns.
import { describe, expect, it } from 'vitest';
import type { ConfigKind, ConfigObject, Inventory, Json, JsonObject } from '../../../model/inventory';
import { evaluateAuthorization } from '../authorization';
import { buildMeshIndex } from '../mesh-index';
import { evaluateMtls } from '../mtls';
import { evaluateRoute } from '../route';
import { callerOf, inventoryOf, podNamed, requestOf } from '../test-mesh';
import { readApiRoute } from './api-route';
import { readAuthorizationPolicy } from './authorization-policy';
import { readDestinationRule } from './destination-rule';
import { readRequestAuthentication } from './request-authentication';
import { readSidecar } from './sidecar';
import { readVirtualService } from './virtual-service';

const WORLD = inventoryOf(`
kind: Service
metadata: {name: a}
spec: {ports: {http: 80}}
---
kind: Pod
metadata: {name: a-1, labels: {app: a, gateway.networking.k8s.io/gateway-name: x}}
`);

/** Deterministic numbers in [0, 1). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS = [
  ...[
    'hosts',
    'http',
    'match',
    'uri',
    'prefix',
    'exact',
    'regex',
    'headers',
    'route',
    'destination',
    'host',
    'subset',
    'port',
    'number',
    'weight',
  ],
  ...[
    'gateways',
    'tcp',
    'tls',
    'sniHosts',
    'redirect',
    'rewrite',
    'fault',
    'delay',
    'fixedDelay',
    'delegate',
    'name',
    'selector',
    'matchLabels',
  ],
  ...[
    'servers',
    'protocol',
    'mtls',
    'mode',
    'portLevelMtls',
    'rules',
    'from',
    'source',
    'principals',
    'namespaces',
    'to',
    'operation',
    'paths',
  ],
  ...['when', 'key', 'values', 'egress', 'trafficPolicy', 'subsets', 'labels', 'parentRefs', 'listeners', 'backendRefs', 'filters', 'type'],
  ...[
    'matches',
    'path',
    'value',
    'hostnames',
    'exportTo',
    'endpoints',
    'addresses',
    'ports',
    'gatewayClassName',
    'kind',
    'retries',
    'timeout',
  ],
];
const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1,
  80,
  1e9,
  '',
  '*',
  'a',
  'a.default.svc.cluster.local',
  '(',
  '1s',
  'x/y',
  'HTTP',
  'STRICT',
  'istio',
];

function jsonOf(random: () => number, depth: number): Json {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const kind = depth === 0 ? 0 : random();
  if (kind < 0.25) return pick(VALUES) ?? null;
  if (kind < 0.5) return Array.from({ length: Math.floor(random() * 3) }, () => jsonOf(random, depth - 1));
  const object: Record<string, Json> = {};
  for (let i = 0; i < 6; i++) object[pick(WORDS) ?? 'x'] = jsonOf(random, depth - 1);
  return object;
}

const KINDS: readonly ConfigKind[] = [
  ...(['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'WorkloadEntry', 'PeerAuthentication'] as const),
  ...(['AuthorizationPolicy', 'K8sGateway', 'HTTPRoute', 'GRPCRoute', 'ReferenceGrant', 'GatewayClass'] as const),
  ...(['TCPRoute', 'TLSRoute', 'RequestAuthentication'] as const),
];

const isObject = (json: Json): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);

const objectOf = (kind: string, spec: JsonObject, name = 'x'): ConfigObject => ({
  ...{ cluster: 'Kubernetes', namespace: 'default', name, uid: name, resourceVersion: '1', createdAtMs: 0, labels: {}, annotations: {} },
  ...{ apiVersion: 'v1', kind, generation: 1, spec, status: null },
});

describe('foreign JSON', () => {
  it('of any shape never throws', () => {
    const random = randomOf(42);
    for (let round = 0; round < 40; round++) {
      const config = new Map<ConfigKind, readonly ConfigObject[]>();
      for (const kind of KINDS) {
        const specs = [0, 1].map(() => jsonOf(random, 5)).filter(isObject);
        config.set(
          kind,
          specs.map((spec, i) => objectOf(kind === 'K8sGateway' ? 'Gateway' : kind, { hosts: ['a', '*'], ...spec }, `${kind}${i}`)),
        );
      }
      const inventory: Inventory = { ...WORLD, config };
      const index = buildMeshIndex(inventory);
      const server = podNamed(index, 'default/a-1');
      for (const mode of ['sidecar', 'gateway', 'none'] as const)
        for (const protocol of ['http', 'grpc', 'tcp', 'tls'] as const) {
          const caller = callerOf({ mode, podLabels: server.labels });
          const decision = evaluateRoute(index, requestOf('a', { caller, protocol }));
          if (decision.outcome === 'route') expect(decision.destinations.reduce((sum, d) => sum + d.share, 0)).toBeCloseTo(1, 9);
        }
      const host = 'a.default.svc.cluster.local';
      expect(evaluateMtls(index, callerOf(), { host, subset: null, port: 80 }, server).why).not.toBe('');
      const request = {
        caller: { principal: null, namespace: null, serviceAccount: null, ip: null },
        server,
        port: 80,
        protocol: 'http',
      } as const;
      expect(evaluateAuthorization(index, request).why).not.toBe('');
    }
  });

  it('of the wrong type is noted with its path', () => {
    const view = readVirtualService(objectOf('VirtualService', { hosts: ['a', 7], http: [{ timeout: 5, match: 'x' }, 'y'] }));
    expect(view.notes).toEqual([
      'spec.hosts[1] is not a text',
      'spec.http[1] is not an object',
      'spec.http[0].match is not a list',
      'spec.http[0].timeout is not a duration',
    ]);
  });

  it('is read once per object', () => {
    const object = objectOf('AuthorizationPolicy', {});
    expect(readAuthorizationPolicy(object)).toBe(readAuthorizationPolicy(object));
  });
});

describe('views for consoles', () => {
  it('of a RequestAuthentication: whose tokens, from where', () => {
    const spec: JsonObject = {
      selector: { matchLabels: { app: 'a' } },
      jwtRules: [
        { issuer: 'https://i', audiences: ['x'], jwksUri: 'https://i/keys', forwardOriginalToken: true },
        {
          issuer: 'j',
          jwks: '{}',
          fromHeaders: [{ name: 'X-Token', prefix: 'JWT ' }],
          outputClaimToHeaders: [{ header: 'x-sub', claim: 'sub' }],
        },
      ],
    };
    const view = readRequestAuthentication(objectOf('RequestAuthentication', spec));
    expect(view).toMatchObject({
      selector: { app: 'a' },
      rules: [
        {
          issuer: 'https://i',
          jwksUri: 'https://i/keys',
          hasInlineKeys: false,
          forwardOriginalToken: true,
          fromHeaders: [{ name: 'Authorization', prefix: 'Bearer ' }],
          fromParams: ['access_token'],
        },
        {
          hasInlineKeys: true,
          fromHeaders: [{ name: 'X-Token', prefix: 'JWT ' }],
          fromParams: [],
          outputClaimToHeaders: [{ claim: 'sub' }],
        },
      ],
    });
    expect(view.rules[1]?.pointer.path).toBe('spec.jwtRules[1]');
  });

  it('of a Sidecar: ports that it opens, and where unknown hosts go', () => {
    const spec: JsonObject = {
      ingress: [{ port: { number: 9080, name: 'web', protocol: 'https' }, defaultEndpoint: '127.0.0.1:8080', tls: { mode: 'SIMPLE' } }],
      outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'e', port: { number: 443 } } },
    };
    expect(readSidecar(objectOf('Sidecar', spec))).toMatchObject({
      ingress: [{ port: 9080, portName: 'web', protocol: 'HTTPS', defaultEndpoint: '127.0.0.1:8080', tlsMode: 'SIMPLE', bind: null }],
      egress: null,
      egressProxy: { host: 'e', subset: null, port: 443 },
    });
    expect(readSidecar(objectOf('Sidecar', {}))).toMatchObject({ ingress: null, egressProxy: null });
  });

  it('of a traffic policy: all that a console shows', () => {
    const trafficPolicy: JsonObject = {
      loadBalancer: {
        consistentHash: { httpHeaderName: 'x-user', maglev: {} },
        warmup: { duration: '30s' },
        localityLbSetting: {
          enabled: true,
          distribute: [{ from: 'a/*', to: { 'a/*': 80, 'b/*': 20 } }],
          failover: [{ from: 'a', to: 'b' }],
        },
      },
      connectionPool: { tcp: { idleTimeout: '1h' }, http: { maxConcurrentStreams: 7, h2UpgradePolicy: 'UPGRADE' } },
      outlierDetection: { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 3 },
      tls: { mode: 'MUTUAL', credentialName: 'c', subjectAltNames: ['s'], insecureSkipVerify: true },
    };
    expect(readDestinationRule(objectOf('DestinationRule', { host: 'a', trafficPolicy })).policy).toMatchObject({
      loadBalancer: {
        algorithm: 'CONSISTENT_HASH',
        hashOn: 'header x-user',
        hashTable: { type: 'maglev', size: 65_537 },
        warmupMs: 30_000,
        locality: { enabled: true, distribute: [{ to: { 'b/*': 20 } }], failover: [{ from: 'a', to: 'b' }], failoverPriority: [] },
      },
      connectionPool: { idleTimeoutMs: 3_600_000, maxConcurrentStreams: 7, h2UpgradePolicy: 'UPGRADE' },
      outlierDetection: { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 3, consecutive5xxErrors: 5 },
      tls: { mode: 'MUTUAL', credentialName: 'c', subjectAltNames: ['s'], insecureSkipVerify: true, caCertificates: null },
    });
  });

  it('of a TLSRoute: hostnames, parents, backends', () => {
    const spec: JsonObject = {
      hostnames: ['A.org'],
      parentRefs: [{ name: 'g', port: 443 }],
      rules: [{ backendRefs: [{ name: 'b', port: 8443, weight: 2 }] }],
    };
    expect(readApiRoute(objectOf('TLSRoute', spec))).toMatchObject({
      hostnames: ['a.org'],
      parents: [{ kind: 'Gateway', name: 'g', port: 443 }],
      rules: [{ backends: [{ name: 'b', port: 8443, weight: 2, kind: 'Service' }] }],
    });
  });
});
