// Inbound listeners of a sidecar: those of its Sidecar object, of its services, none; and what they make of TLS and policies.
import { describe, expect, it } from 'vitest';
import { evaluateAuthorization } from './authorization';
import { inboundAt } from './inbound';
import { evaluateMtls } from './mtls';
import { callerOf, meshOf, podNamed } from './test-mesh';

const BASE = `
kind: Service
metadata: {namespace: shop, name: web}
spec: {ports: {http: [80, 8080], tcp-admin: [90, 9090], https: [443, 8443], named: [81, web-port]}}
---
kind: Pod
metadata: {namespace: shop, name: web-1, labels: {app: web}}
spec: {ports: {web-port: 8181}}
---
kind: Pod
metadata: {namespace: shop, name: bare, labels: {app: bare}}
spec: {mesh: none}
`;
const sidecar = (ingress: string, selector = 'workloadSelector: {labels: {app: web}}, '): string => `
---
kind: Sidecar
metadata: {namespace: shop, name: s}
spec: {${selector}ingress: [${ingress}]}`;
const at = (yaml: string, port: number, pod = 'shop/web-1') => {
  const index = meshOf(BASE + yaml);
  return inboundAt(index, podNamed(index, pod), port);
};

describe('an inbound port', () => {
  it.each([
    ['of a service', '', 8080, { kind: 'service', protocol: 'http' }],
    ['of a service, TCP', '', 9090, { kind: 'service', protocol: 'tcp' }],
    ['of a service by name', '', 8181, { kind: 'service', protocol: 'auto' }],
    ['that no service has', '', 7000, { kind: 'passthrough', protocol: 'auto', decidedBy: null }],
    [
      'of a Sidecar',
      sidecar('{port: {number: 8080, protocol: TCP, name: raw}, defaultEndpoint: "127.0.0.1:9999"}'),
      8080,
      { kind: 'ingress', protocol: 'tcp', endpoint: '127.0.0.1:9999', decidedBy: { kind: 'Sidecar', path: 'spec.ingress[0]' } },
    ],
    [
      'of a service, left out of a Sidecar with others',
      sidecar('{port: {number: 8080, protocol: HTTP, name: http}}'),
      9090,
      { kind: 'passthrough', decidedBy: { kind: 'Sidecar', path: 'spec.ingress' } },
    ],
    [
      'by the Sidecar of the whole namespace',
      sidecar('{port: {number: 6000, protocol: GRPC, name: g}, defaultEndpoint: "unix:///tmp/x"}', ''),
      6000,
      { kind: 'ingress', protocol: 'http', endpoint: 'unix:///tmp/x' },
    ],
    [
      'by the Sidecar of others',
      sidecar('{port: {number: 8080, protocol: TCP, name: t}}', 'workloadSelector: {labels: {app: db}}, '),
      8080,
      { kind: 'service' },
    ],
  ])('%s', (_what, yaml, port, expected) => {
    expect(at(yaml, port)).toMatchObject(expected);
  });

  it('is nothing that a pod without a sidecar has', () => {
    expect(at('', 8080, 'shop/bare')).toBeNull();
  });

  it('has the protocol of the oldest of several services', () => {
    const twin = (age: number): string => `
---
kind: Service
metadata: {namespace: shop, name: twin, age: ${age}}
spec: {selector: {app: web}, ports: {tcp: [70, 8080]}}`;
    expect(at(twin(-1), 8080)?.protocol).toBe('tcp');
    expect(at(twin(99), 8080)?.protocol).toBe('http');
  });
});

describe('an ingress listener', () => {
  const mtls = (yaml: string, mode: 'DISABLE' | 'PERMISSIVE', client: string) => {
    const index = meshOf(`${BASE}${yaml}
---
kind: PeerAuthentication
apiVersion: security.istio.io/v1
metadata: {namespace: shop, name: p}
spec: {mtls: {mode: ${mode}}}
---
kind: DestinationRule
metadata: {namespace: shop, name: d}
spec: {host: web, trafficPolicy: {tls: {mode: ${client}}}}`);
    const destination = { host: 'web.shop.svc.cluster.local', subset: null, port: 80 };
    return evaluateMtls(index, callerOf({ namespace: 'shop' }), destination, podNamed(index, 'shop/web-1')).result;
  };
  const tls = sidecar('{port: {number: 8080, protocol: HTTPS, name: h}, tls: {mode: SIMPLE}}');
  it.each([
    ['SIMPLE', 'DISABLE', 'SIMPLE', 'tls'],
    ['SIMPLE', 'DISABLE', 'DISABLE', 'fails'],
    ['SIMPLE', 'DISABLE', 'ISTIO_MUTUAL', 'fails'],
    ['counts for nothing', 'PERMISSIVE', 'ISTIO_MUTUAL', 'mutualTls'],
    ['counts for nothing', 'PERMISSIVE', 'DISABLE', 'plaintext'],
  ] as const)('ends TLS %s where mutual TLS is %s and the client sends %s: %s', (_what, mode, client, result) => {
    expect(mtls(tls, mode, client)).toBe(result);
  });

  it('of TCP makes policies blind for what only HTTP shows', () => {
    const ask = (yaml: string) => {
      const index = meshOf(`${BASE}${yaml}
---
kind: AuthorizationPolicy
apiVersion: security.istio.io/v1
metadata: {namespace: shop, name: a}
spec: {rules: [{to: [{operation: {methods: [GET]}}]}]}`);
      const caller = { principal: null, namespace: null, serviceAccount: null, ip: null };
      return evaluateAuthorization(index, { caller, server: podNamed(index, 'shop/web-1'), port: 8080, protocol: 'http', method: 'GET' })
        .outcome;
    };
    expect(ask('')).toBe('allowed');
    expect(ask(sidecar('{port: {number: 8080, protocol: TCP, name: t}}'))).toBe('denied');
  });
});
