// Who calls whom in the default world, held against the source code of Bookinfo and Online Boutique.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestMesh } from './test-mesh';

// One mesh for all: nothing here changes its configuration.
let mesh: TestMesh;
beforeAll(() => {
  mesh = new TestMesh();
});
afterAll(() => {
  mesh.close();
});

/** `source>service>destination protocol` of everything that a source reports. */
function edges(): readonly string[] {
  const found = new Set<string>();
  for (const { metric, labels, value } of mesh.series()) {
    if (metric !== 'istio_requests_total' && metric !== 'istio_tcp_sent_bytes_total') continue;
    if (value <= 0 || labels['reporter'] !== 'source') continue;
    const names = ['source_workload', 'destination_service_name', 'destination_workload'].map((name) => labels[name] ?? '');
    found.add(`${names.join('>')} ${labels['request_protocol'] ?? ''}`);
  }
  return [...found].sort();
}

const FRONTEND_CALLS = [
  'productcatalogservice',
  'currencyservice',
  'cartservice',
  'recommendationservice',
  'shippingservice',
  'checkoutservice',
  'adservice',
];
const CHECKOUT_CALLS = ['productcatalogservice', 'shippingservice', 'paymentservice', 'emailservice', 'currencyservice', 'cartservice'];

const BOUTIQUE = [
  ...FRONTEND_CALLS.map((s) => `frontend>${s}>${s} grpc`),
  ...CHECKOUT_CALLS.map((s) => `checkoutservice>${s}>${s} grpc`),
  'recommendationservice>productcatalogservice>productcatalogservice grpc',
  'cartservice>redis-cart>redis-cart tcp',
  'loadgenerator>frontend>frontend http',
  'istio-gateway-istio>frontend>frontend http',
];

const BOOKINFO = [
  'istio-ingressgateway>productpage>productpage-v1 http',
  'productpage-v1>details>details-v1 http',
  ...['v1', 'v2', 'v3'].map((v) => `productpage-v1>reviews>reviews-${v} http`),
  ...['v2', 'v3'].flatMap((v) => ['v1', 'v2'].map((r) => `reviews-${v}>ratings>ratings-${r} http`)),
  'productpage-v1>ratings>ratings-v1 http',
  'productpage-v1>ratings>ratings-v2 http',
  'ratings-v2>mongodb>mongodb-v1 tcp',
  'details-v1>www.googleapis.com>unknown http',
  // What nobody routes (/favicon.ico).
  'istio-ingressgateway>unknown>unknown http',
];

describe('edges of the default world', () => {
  it('are those of the real applications', () => {
    mesh.advance(300);
    const seen = edges();
    expect(seen.filter((e) => !/^(?:mobile-app|orders-sync)>/.test(e))).toEqual([...BOUTIQUE, ...BOOKINFO].sort());
    expect(seen.filter((e) => e.startsWith('orders-sync>'))).toEqual([
      'orders-sync>PassthroughCluster>unknown http',
      'orders-sync>ledger-db>ledger-db tcp',
      'orders-sync>ledger>ledger http',
    ]);
  });

  it('have the call counts of a page: currency conversion is busy, each recommendation shows four products', () => {
    const calls = mesh.requests(600, ['destination_service_name'], { reporter: 'source', source_workload: 'frontend' });
    expect(calls.get('currencyservice') ?? 0).toBeGreaterThan(calls.get('cartservice') ?? 0);
    expect((calls.get('productcatalogservice') ?? 0) / (calls.get('recommendationservice') ?? 1)).toBeGreaterThan(4);
  });

  it('have one slow version and one service that errs', () => {
    mesh.advance(300);
    const meanMs = (version: string): number => {
      const edge = { reporter: 'destination', destination_app: 'reviews', destination_version: version };
      return mesh.total('istio_request_duration_milliseconds_sum', edge) / mesh.total('istio_request_duration_milliseconds_count', edge);
    };
    expect(meanMs('v3')).toBeGreaterThan(10 * meanMs('v1'));
    const errs = mesh.requests(600, ['grpc_response_status'], { reporter: 'destination', destination_app: 'recommendationservice' });
    expect((errs.get('13') ?? 0) / ((errs.get('0') ?? 0) + (errs.get('13') ?? 0))).toBeCloseTo(0.04, 2);
  });

  it('breathe: the load of some minutes is well above that of others, and never stops', () => {
    const perMinute: number[] = [];
    for (let minute = 0; minute < 14; minute++) {
      const pages = mesh.requests(60, ['reporter'], { reporter: 'source', source_workload: 'istio-ingressgateway' });
      perMinute.push(pages.get('source') ?? 0);
    }
    expect(Math.min(...perMinute)).toBeGreaterThan(0);
    expect(Math.max(...perMinute) / Math.min(...perMinute)).toBeGreaterThan(1.6);
  });
});
