// What the configuration does to traffic, seen only in the metrics that the proxies report.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestMesh } from './test-mesh';

let mesh: TestMesh;
beforeEach(() => {
  mesh = new TestMesh();
});
afterEach(() => {
  mesh.close();
});

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
const share = (counts: ReadonlyMap<string, number>, key: string): number => (counts.get(key) ?? 0) / sum(counts);
const route = (host: string, subset: string, weight = 100) => ({ destination: { host, subset }, weight });

describe('routing', () => {
  it('moves traffic by weight within one tick', () => {
    mesh.advance(30);
    mesh.configure('VirtualService', 'bookinfo', 'reviews', {
      hosts: ['reviews'],
      http: [{ route: [route('reviews', 'v1', 80), route('reviews', 'v2', 20)] }],
    });
    const first = mesh.requests(5, ['destination_workload'], { reporter: 'source', destination_service_name: 'reviews' });
    expect([...first.keys()].sort()).toEqual(['reviews-v1', 'reviews-v2']);
    const counts = mesh.requests(120, ['destination_workload'], { reporter: 'source', destination_service_name: 'reviews' });
    expect(share(counts, 'reviews-v1')).toBeCloseTo(0.8, 1);
    const ratings = mesh.requests(60, ['source_workload'], { reporter: 'source', destination_service_name: 'ratings' });
    expect([...ratings.keys()].sort()).toEqual(['productpage-v1', 'reviews-v2']);
  });

  it('obeys header matches for the class of requests that carries them', () => {
    mesh.configure('VirtualService', 'bookinfo', 'reviews', {
      hosts: ['reviews'],
      http: [
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [route('reviews', 'v2')] },
        { route: [route('reviews', 'v1')] },
      ],
    });
    const counts = mesh.requests(120, ['destination_workload'], { reporter: 'source', destination_service_name: 'reviews' });
    // 5 of 36 requests a second are jason's, from the gateway and the mobile app.
    expect(share(counts, 'reviews-v2')).toBeGreaterThan(0.08);
    expect(share(counts, 'reviews-v2')).toBeLessThan(0.2);
    expect(counts.has('reviews-v3')).toBe(false);
  });

  it('answers 503 NC for a missing subset and 503 UH for an empty one', () => {
    mesh.configure('VirtualService', 'bookinfo', 'details', { hosts: ['details'], http: [{ route: [route('details', 'v9')] }] });
    let codes = mesh.requests(30, ['response_code', 'response_flags', 'destination_workload'], {
      reporter: 'source',
      source_workload: 'productpage-v1',
      response_flags: 'NC',
    });
    expect([...codes.keys()]).toEqual(['503 NC unknown']);
    mesh.configure('DestinationRule', 'bookinfo', 'details', { host: 'details', subsets: [{ name: 'v9', labels: { version: 'v9' } }] });
    codes = mesh.requests(30, ['response_code', 'response_flags', 'destination_workload'], {
      reporter: 'source',
      destination_service_name: 'details',
    });
    expect([...codes.keys()]).toEqual(['503 UH unknown']);
  });

  it('answers 404 NR at the gateway for what nobody routes, with nothing known of the destination', () => {
    mesh.advance(120);
    const seen = [...mesh.series()].find((s) => s.metric === 'istio_requests_total' && s.labels['response_flags'] === 'NR');
    expect(seen?.labels).toMatchObject({
      source_workload: 'istio-ingressgateway',
      response_code: '404',
      destination_service: 'unknown',
      destination_service_name: 'unknown',
      destination_workload: 'unknown',
    });
  });

  it('sends unknown hosts to PassthroughCluster, or with REGISTRY_ONLY to BlackHoleCluster', () => {
    let hosts = mesh.requests(30, ['destination_service_name', 'destination_service', 'response_code'], {
      source_workload: 'orders-sync',
      response_code: '200',
      destination_workload: 'unknown',
    });
    expect([...hosts.keys()]).toEqual(['PassthroughCluster httpbin.org 200']);
    const config = mesh.read('configmaps', 'istio-system', 'istio');
    mesh.store.write({ ...config, data: { mesh: 'outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n' } });
    hosts = mesh.requests(30, ['destination_service_name', 'response_code'], {
      source_workload: 'orders-sync',
      destination_workload: 'unknown',
    });
    expect([...hosts.keys()]).toEqual(['BlackHoleCluster 502']);
  });

  it('does not run away when a service is routed back to its caller', () => {
    mesh.configure('VirtualService', 'bookinfo', 'details', {
      hosts: ['details'],
      http: [{ rewrite: { uri: '/productpage' }, route: [{ destination: { host: 'productpage' } }] }],
    });
    const calls = mesh.requests(10, ['destination_workload'], {
      reporter: 'source',
      source_workload: 'productpage-v1',
      destination_service_name: 'productpage',
    });
    expect(sum(calls)).toBeGreaterThan(50);
    expect(sum(calls)).toBeLessThan(2000);
  });
});

describe('resilience', () => {
  const to = (host: string, extra: Readonly<Record<string, unknown>>) => ({
    hosts: [host],
    http: [{ ...extra, route: [{ destination: { host } }] }],
  });

  it('injects aborts at the client: FI, no destination, and the caller degrades', () => {
    mesh.configure(
      'VirtualService',
      'bookinfo',
      'ratings',
      to('ratings', { fault: { abort: { httpStatus: 500, percentage: { value: 50 } } } }),
    );
    const source = mesh.requests(120, ['response_code', 'response_flags', 'destination_workload'], {
      reporter: 'source',
      source_workload: 'reviews-v2',
      destination_service_name: 'ratings',
    });
    expect(share(source, '500 FI unknown')).toBeCloseTo(0.5, 1);
    const pages = mesh.requests(30, ['response_code'], { reporter: 'source', destination_service_name: 'reviews' });
    // A page may give up on the slow version now and then (code 0), but the missing stars are no error.
    expect(share(pages, '200')).toBeGreaterThan(0.99);
  });

  it('injects delays: DI at the client only, and the caller hangs up at its own timeout', () => {
    mesh.configure(
      'VirtualService',
      'bookinfo',
      'ratings',
      to('ratings', { fault: { delay: { fixedDelay: '7s', percentage: { value: 100 } } } }),
    );
    const source = mesh.requests(60, ['response_code', 'response_flags'], {
      reporter: 'source',
      source_workload: 'reviews-v2',
      destination_service_name: 'ratings',
    });
    // v2 waits ten seconds: it gets its answer after seven.
    expect([...source.keys()]).toEqual(['200 DI']);
    const v3 = mesh.requests(30, ['response_code', 'response_flags', 'destination_workload'], {
      reporter: 'source',
      source_workload: 'reviews-v3',
      destination_service_name: 'ratings',
    });
    expect([...v3.keys()]).toEqual(['0 DI,DC unknown']);
    const server = mesh.requests(30, ['response_flags'], {
      reporter: 'destination',
      destination_app: 'ratings',
      source_workload: 'reviews-v2',
    });
    expect([...server.keys()]).toEqual(['-']);
    // productpage waits three seconds, twice.
    const page = mesh.requests(30, ['response_code', 'response_flags'], {
      reporter: 'source',
      source_workload: 'productpage-v1',
      destination_workload: 'reviews-v2',
    });
    expect([...page.keys()]).toEqual(['0 DC']);
  });

  it('ends requests at a timeout: 504 UT at the client, 0 DC at the server', () => {
    mesh.configure('VirtualService', 'bookinfo', 'reviews', {
      hosts: ['reviews'],
      http: [{ timeout: '0.1s', retries: { attempts: 0 }, route: [route('reviews', 'v3')] }],
    });
    const source = mesh.requests(60, ['response_code', 'response_flags'], { reporter: 'source', destination_service_name: 'reviews' });
    expect(share(source, '504 UT')).toBeGreaterThan(0.95);
    const server = mesh.requests(60, ['response_code', 'response_flags'], { reporter: 'destination', destination_service_name: 'reviews' });
    expect(share(server, '0 DC')).toBeGreaterThan(0.95);
  });

  it('retries: the server sees more requests than the client, the last failure is marked URX', () => {
    mesh.configure(
      'VirtualService',
      'boutique',
      'recommendationservice',
      to('recommendationservice', { retries: { attempts: 3, retryOn: 'internal' } }),
    );
    const edge = { destination_service_name: 'recommendationservice' };
    const before = {
      source: mesh.total('istio_requests_total', { ...edge, reporter: 'source' }),
      destination: mesh.total('istio_requests_total', { ...edge, reporter: 'destination' }),
    };
    mesh.advance(600);
    const source = mesh.total('istio_requests_total', { ...edge, reporter: 'source' }) - before.source;
    const destination = mesh.total('istio_requests_total', { ...edge, reporter: 'destination' }) - before.destination;
    expect(destination / source).toBeGreaterThan(1.03);
    expect(destination / source).toBeLessThan(1.06);
    const failed = mesh.total('istio_requests_total', { ...edge, reporter: 'source', grpc_response_status: '13' });
    expect(failed / source).toBeLessThan(0.001);
  });

  it('marks exhausted retries URX', () => {
    mesh.configure(
      'VirtualService',
      'bookinfo',
      'details',
      to('details', { timeout: '2s', retries: { attempts: 2, perTryTimeout: '1ms', retryOn: '5xx' } }),
    );
    const source = mesh.requests(60, ['response_code', 'response_flags'], { reporter: 'source', destination_service_name: 'details' });
    expect(source.get('504 UT,URX') ?? 0).toBeGreaterThan(0);
  });

  it('mirrors: the shadow is seen by its server only', () => {
    mesh.configure('VirtualService', 'bookinfo', 'reviews', {
      hosts: ['reviews'],
      http: [{ route: [route('reviews', 'v1')], mirror: { host: 'reviews', subset: 'v2' }, mirrorPercentage: { value: 50 } }],
    });
    const source = mesh.requests(120, ['destination_workload'], { reporter: 'source', destination_service_name: 'reviews' });
    expect([...source.keys()]).toEqual(['reviews-v1']);
    const server = mesh.requests(120, ['destination_workload'], { reporter: 'destination', destination_service_name: 'reviews' });
    expect((server.get('reviews-v2') ?? 0) / (server.get('reviews-v1') ?? 1)).toBeCloseTo(0.5, 1);
    expect(server.has('reviews-v3')).toBe(false);
  });
});

describe('security', () => {
  it('STRICT ends plaintext: callers without a sidecar vanish, meshed ones that send plaintext get 503 UC', () => {
    mesh.configure('PeerAuthentication', 'bookinfo', 'default', { mtls: { mode: 'STRICT' } });
    const plain = mesh.requests(30, ['destination_workload'], { source_workload: 'unknown' });
    expect(plain.size).toBe(0);
    mesh.configure('DestinationRule', 'bookinfo', 'details', { host: 'details', trafficPolicy: { tls: { mode: 'DISABLE' } } });
    const source = mesh.requests(30, ['response_code', 'response_flags'], { reporter: 'source', destination_service_name: 'details' });
    expect([...source.keys()]).toEqual(['503 UC']);
    const server = mesh.requests(30, ['response_code'], { reporter: 'destination', destination_service_name: 'details' });
    expect(server.size).toBe(0);
  });

  it('plaintext by DestinationRule shows as policy none where it is permitted', () => {
    mesh.configure('DestinationRule', 'bookinfo', 'details', { host: 'details', trafficPolicy: { tls: { mode: 'DISABLE' } } });
    const server = mesh.requests(30, ['connection_security_policy', 'source_principal'], {
      reporter: 'destination',
      destination_service_name: 'details',
      source_workload: 'productpage-v1',
    });
    expect([...server.keys()]).toEqual(['none unknown']);
  });

  it('an AuthorizationPolicy denies with 403 on both sides, and gRPC status 7 for gRPC', () => {
    mesh.configure('AuthorizationPolicy', 'bookinfo', 'deny-all', {});
    const http = mesh.requests(30, ['reporter', 'response_code', 'response_flags'], {
      destination_service_name: 'details',
      source_workload: 'productpage-v1',
    });
    // Nothing reaches productpage any more, and so nothing reaches details but the caller without a sidecar.
    expect(http.size).toBe(0);
    const door = mesh.requests(30, ['reporter', 'response_code', 'response_flags'], {
      destination_service_name: 'productpage',
      source_workload: 'istio-ingressgateway',
    });
    expect([...door.keys()].sort()).toEqual(['destination 403 -', 'source 403 -']);
    mesh.configure('AuthorizationPolicy', 'boutique', 'no-ads', {
      selector: { matchLabels: { app: 'adservice' } },
      action: 'DENY',
      rules: [{}],
    });
    const grpc = mesh.requests(30, ['reporter', 'response_code', 'grpc_response_status'], { destination_service_name: 'adservice' });
    expect([...grpc.keys()].sort()).toEqual(['destination 200 7', 'source 200 7']);
  });

  it('the policy of the default world refuses the caller without an identity', () => {
    const codes = mesh.requests(60, ['response_code'], { reporter: 'destination', destination_app: 'ratings', source_workload: 'unknown' });
    expect([...codes.keys()]).toEqual(['403']);
  });
});

describe('availability', () => {
  it('answers 503 UH when no endpoint is ready', () => {
    const deployment = mesh.read('deployments.apps', 'boutique', 'adservice');
    mesh.store.write({ ...deployment, spec: { ...(deployment['spec'] as object), replicas: 0 } });
    const codes = mesh.requests(30, ['response_code', 'grpc_response_status', 'response_flags'], {
      reporter: 'source',
      destination_service_name: 'adservice',
    });
    expect([...codes.keys()]).toEqual(['200 14 UH']);
  });

  it('spreads requests over the pods of a scaled workload', () => {
    const deployment = mesh.read('deployments.apps', 'bookinfo', 'details-v1');
    mesh.store.write({ ...deployment, spec: { ...(deployment['spec'] as object), replicas: 3 } });
    mesh.advance(15);
    const perPod = new Map<string, number>();
    mesh.advance(60);
    for (const s of mesh.series())
      if (s.metric === 'istio_requests_total' && s.labels['reporter'] === 'destination' && s.labels['destination_app'] === 'details') {
        const pod = s.targetLabels['pod'] ?? '';
        perPod.set(pod, (perPod.get(pod) ?? 0) + s.value);
      }
    expect(perPod.size).toBe(3);
    expect(Math.min(...perPod.values())).toBeGreaterThan(200);
  });
});
