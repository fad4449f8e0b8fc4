// What the Istio and Gateway API schemas accept, refuse, default and prune, in the words of the API server.
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../kinds/kind-registry';
import { isKubeObject } from '../object';
import { applyDefaults, checkValue, pruneUnknown, unknownFields } from './check';
import { decodeDurationMs } from './schema';

const registry = new KindRegistry();

function problems(apiVersion: string, kind: string, spec: unknown): readonly string[] {
  const schema = registry.findByKind(apiVersion, kind)?.schema();
  if (schema === undefined) throw new Error(`no kind ${kind} in ${apiVersion}`);
  const object = applyDefaults(schema, { apiVersion, kind, metadata: { name: 'x' }, spec });
  return checkValue(schema, object).map(({ field, message }) => `${field ?? ''}: ${message}`);
}

const networking = (kind: string, spec: unknown) => problems('networking.istio.io/v1', kind, spec);
const security = (kind: string, spec: unknown) => problems('security.istio.io/v1', kind, spec);
const gatewayApi = (kind: string, spec: unknown) => problems('gateway.networking.k8s.io/v1', kind, spec);
const http = (...rules: readonly unknown[]) => ({ hosts: ['a'], http: rules });

describe('Istio schemas', () => {
  it.each([
    [
      'a route',
      'VirtualService',
      http({ match: [{ uri: { prefix: '/' } }], route: [{ destination: { host: 'a' }, weight: 0 }], timeout: '10s' }),
    ],
    ['a delegate without hosts', 'VirtualService', { http: [{ delegate: { name: 'd' } }] }],
    ['an empty string match (present)', 'VirtualService', http({ match: [{ headers: { x: {} } }] })],
    [
      'a destination rule',
      'DestinationRule',
      { host: 'a', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } }, subsets: [{ name: 'v1' }] },
    ],
    ['a gateway', 'Gateway', { servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] }],
    ['a service entry', 'ServiceEntry', { hosts: ['a.b'], resolution: 'DNS', ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] }],
  ])('accept %s', (_name, kind, spec) => {
    expect(networking(kind, spec)).toEqual([]);
  });

  it.each([
    ['VirtualService', http({ route: [{ destination: {} }] }), 'spec.http[0].route[0].destination.host: Required value'],
    [
      'VirtualService',
      http({ route: [{ destination: { host: 'a' }, weight: -1 }] }),
      'spec.http[0].route[0].weight: Invalid value: -1: spec.http[0].route[0].weight in body should be greater than or equal to 0',
    ],
    [
      'VirtualService',
      http({ match: [{ uri: { exact: '/', prefix: '/' } }] }),
      'spec.http[0].match[0].uri: Invalid value: "object": "spec.http[0].match[0].uri" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    ['VirtualService', { hosts: 'a' }, 'spec.hosts: Invalid value: "string": spec.hosts in body must be of type array: "string"'],
    [
      'VirtualService',
      http({ timeout: '0.5ms' }),
      'spec.http[0].timeout: Invalid value: "0.5ms": must be a valid duration greater than 1ms',
    ],
    [
      'VirtualService',
      http({ timeout: 5 }),
      'spec.http[0].timeout: Invalid value: "integer": spec.http[0].timeout in body must be of type string: "integer"',
    ],
    ['DestinationRule', { subsets: [] }, 'spec.host: Required value'],
    [
      'DestinationRule',
      { host: 'a', trafficPolicy: { tls: { mode: 'STRICT' } } },
      'spec.trafficPolicy.tls.mode: Unsupported value: "STRICT": supported values: "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"',
    ],
    [
      'Gateway',
      { servers: [{ port: { number: 80, name: 'h', protocol: 'HTTP' }, hosts: [] }] },
      'spec.servers[0].hosts: Invalid value: 0: spec.servers[0].hosts in body should have at least 1 items',
    ],
    ['ServiceEntry', { hosts: ['*'] }, 'spec.hosts[0]: Invalid value: "*": hostname cannot be wildcard'],
    [
      'ServiceEntry',
      { hosts: ['a'], endpoints: [{ address: '1.1.1.1' }] },
      'spec: Invalid value: "object": NONE mode cannot set endpoints',
    ],
    [
      'ServiceEntry',
      {
        hosts: ['a'],
        ports: [
          { number: 1, name: 'a' },
          { number: 1, name: 'b' },
        ],
      },
      'spec.ports: Invalid value: "array": port number cannot be duplicated',
    ],
    [
      'ServiceEntry',
      {
        hosts: ['a'],
        ports: [
          { number: 1, name: 'a' },
          { number: 2, name: 'a' },
        ],
      },
      'spec.ports[1]: Duplicate value: {"name":"a"}',
    ],
  ])('refuse a %s (%#)', (kind, spec, message) => {
    expect(networking(kind, spec)).toEqual([message]);
  });

  it('refuse policies that their CEL rules refuse', () => {
    expect(security('PeerAuthentication', { portLevelMtls: { 80: { mode: 'STRICT' } } })).toEqual([
      'spec: Invalid value: "object": portLevelMtls requires selector',
    ]);
    expect(security('PeerAuthentication', { selector: { matchLabels: { a: 'b' } }, portLevelMtls: { 0: { mode: 'STRICT' } } })).toEqual([
      'spec.portLevelMtls: Invalid value: "object": port must be between 1-65535',
    ]);
    expect(security('AuthorizationPolicy', { selector: {}, targetRefs: [{ kind: 'Gateway', name: 'g' }] })).toEqual([
      'spec: Invalid value: "object": only one of targetRefs or selector can be set',
    ]);
    expect(security('AuthorizationPolicy', { action: 'BLOCK' })[0]).toContain('spec.action: Unsupported value: "BLOCK"');
    expect(security('RequestAuthentication', { jwtRules: [{}] })).toEqual(['spec.jwtRules[0].issuer: Required value']);
    expect(problems('telemetry.istio.io/v1', 'Telemetry', { tracing: [{ randomSamplingPercentage: 101 }] })).toHaveLength(1);
  });

  it('report every problem in one go', () => {
    const spec = http({ route: [{ destination: {} }, { destination: { host: 'a' }, weight: 'x' }] });
    expect(networking('VirtualService', spec)).toHaveLength(2);
  });
});

describe('Gateway API schemas', () => {
  it('fill in the defaults of the CRDs', () => {
    const schema = registry.findByKind('gateway.networking.k8s.io/v1', 'HTTPRoute')?.schema();
    if (schema === undefined) throw new Error('HTTPRoute is not registered');
    const spec = { parentRefs: [{ name: 'g' }], rules: [{ backendRefs: [{ name: 'a', port: 80 }] }] };
    expect(applyDefaults(schema, { spec })).toEqual({
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ group: '', kind: 'Service', name: 'a', port: 80, weight: 1 }],
          },
        ],
      },
    });
  });

  it('refuse what their patterns and rules refuse', () => {
    const route = (rule: unknown) => ({ rules: [rule] });
    expect(gatewayApi('HTTPRoute', route({ backendRefs: [{ name: 'a' }] }))).toEqual([
      'spec.rules[0].backendRefs[0]: Invalid value: "object": Must have port for Service reference',
    ]);
    expect(gatewayApi('HTTPRoute', route({ matches: [{ path: { type: 'Exact', value: 'x' } }] }))[0]).toContain(
      'value must be an absolute path',
    );
    expect(gatewayApi('HTTPRoute', route({ filters: [{ type: 'URLRewrite' }] }))).toEqual([
      'spec.rules[0].filters[0]: Invalid value: "object": filter.urlRewrite must be specified for URLRewrite filter.type',
    ]);
    expect(gatewayApi('HTTPRoute', { hostnames: ['Bad_Host'] })[0]).toContain('spec.hostnames[0] in body should match');
    expect(gatewayApi('Gateway', { gatewayClassName: 'istio', listeners: [] })[0]).toContain('should have at least 1 items');
    const listener = { name: 'a', port: 80, protocol: 'HTTP' };
    expect(gatewayApi('Gateway', { gatewayClassName: 'istio', listeners: [listener, { ...listener, name: 'b' }] })).toEqual([
      'spec.listeners: Invalid value: "array": Combination of port, protocol and hostname must be unique for each listener',
    ]);
    expect(gatewayApi('ReferenceGrant', { from: [], to: [{ group: '', kind: 'Service' }] })).toHaveLength(1);
    expect(gatewayApi('TCPRoute', {})).toEqual(['spec.rules: Required value']);
  });
});

describe('unknown fields', () => {
  const schema = registry.findByKind('networking.istio.io/v1', 'VirtualService')?.schema() ?? {};

  it('are named by path and pruned; a part that keeps unknown fields is left alone', () => {
    const object = { spec: { hosts: ['a'], http: [{ rout: [] }], extra: 1 }, status: { anything: 1 } };
    expect(unknownFields(schema, object)).toEqual(['spec.http[0].rout', 'spec.extra']);
    expect(pruneUnknown(schema, object)).toEqual({ spec: { hosts: ['a'], http: [{}] }, status: { anything: 1 } });
  });

  it('keep a key named __proto__ out of the prototype', () => {
    const hostile: unknown = JSON.parse('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","labels":{"__proto__":"y"}}}');
    const configMap = registry.findByKind('v1', 'ConfigMap')?.schema() ?? {};
    const pruned = pruneUnknown(configMap, hostile);
    expect(isKubeObject(pruned) && Object.hasOwn(pruned.metadata.labels ?? {}, '__proto__')).toBe(true);
  });
});

it('every registered kind has a schema with metadata, and only unique names', () => {
  for (const kind of registry.kinds) expect(kind.schema().properties).toHaveProperty('metadata');
  expect(new Set(registry.kinds.map((kind) => kind.resource)).size).toBe(registry.kinds.length);
});

it.each([
  ['1h2m', 3_720_000],
  ['1.5s', 1500],
  ['-1s', -1000],
  ['0', 0],
  ['10', undefined],
  ['s', undefined],
  ['', undefined],
])('decodes the duration %s', (text, expected) => {
  expect(decodeDurationMs(text)).toBe(expected);
});
