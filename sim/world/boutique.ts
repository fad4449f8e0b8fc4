// Google's Online Boutique (microservices-demo v0.10.6): eleven services, gRPC behind an HTTP frontend, Redis over TCP, a load generator.
// In: Stamp. Out: objects, behaviours and loads of namespace `boutique`. No version labels: Istio calls their revision `latest`.
// Calls per page are counted in the source code of frontend, recommendationservice and checkoutservice.
import type { KubeObject } from '../kubernetes/object';
import {
  type CallSpec,
  type FailureSpec,
  grpcCall,
  httpCall,
  type LatencySpec,
  type OperationSpec,
  operation,
  type RootLoad,
  tcpCall,
  type WorkloadBehaviour,
} from './behaviour';
import { buildDeployment, buildIstio, buildNamespace, buildObject, buildService, buildServiceAccount, type Stamp } from './objects';
import type { WorldPart } from './world';

const NS = 'boutique';
const SHOP = '/hipstershop.';

type Calls = (times?: number, onFailure?: 'fail' | 'degrade') => CallSpec;
const rpc =
  (host: string, port: number, path: string): Calls =>
  (times = 1, onFailure = 'fail') =>
    grpcCall(host, port, SHOP + path, { times, onFailure });

const products = 'productcatalogservice';
const listProducts = rpc(products, 3550, 'ProductCatalogService/ListProducts');
const readProduct = rpc(products, 3550, 'ProductCatalogService/GetProduct');
const currencies = rpc('currencyservice', 7000, 'CurrencyService/GetSupportedCurrencies');
const convert = rpc('currencyservice', 7000, 'CurrencyService/Convert');
const readCart = rpc('cartservice', 7070, 'CartService/GetCart');
const addItem = rpc('cartservice', 7070, 'CartService/AddItem');
const emptyCart = rpc('cartservice', 7070, 'CartService/EmptyCart');
const recommend = rpc('recommendationservice', 8080, 'RecommendationService/ListRecommendations');
const quote = rpc('shippingservice', 50051, 'ShippingService/GetQuote');
const ship = rpc('shippingservice', 50051, 'ShippingService/ShipOrder');
const placeOrder = rpc('checkoutservice', 5050, 'CheckoutService/PlaceOrder');
const charge = rpc('paymentservice', 50051, 'PaymentService/Charge');
const confirm = rpc('emailservice', 5000, 'EmailService/SendOrderConfirmation');
const ads = rpc('adservice', 9555, 'AdService/GetAds');

// Items in an average cart, products on the home page, recommendations shown.
const ITEMS = 1.7;
const PRODUCTS = 9;
const SHOWN = 4;

const page = (path: string, medianMs: number, responseBytes: number, calls: readonly CallSpec[], options: Partial<OperationSpec> = {}) =>
  operation('http', 8080, path, { medianMs, sigma: 0.4 }, { responseBytes, calls, ...options });

const FRONTEND: readonly OperationSpec[] = [
  page('/', 4, 10_800, [currencies(), listProducts(), readCart(), convert(PRODUCTS), ads(1, 'degrade')]),
  page('/product', 5, 8200, [
    readProduct(),
    currencies(),
    readCart(),
    convert(),
    recommend(1, 'degrade'),
    readProduct(SHOWN, 'degrade'),
    ads(1, 'degrade'),
  ]),
  page('/cart', 5, 9100, [
    currencies(),
    readCart(),
    recommend(1, 'degrade'),
    readProduct(SHOWN, 'degrade'),
    quote(),
    convert(1 + ITEMS),
    readProduct(ITEMS),
  ]),
  page('/cart', 3, 380, [readProduct(), addItem()], { method: 'POST', status: 302 }),
  page('/cart/checkout', 6, 7400, [placeOrder(), recommend(1, 'degrade'), readProduct(SHOWN, 'degrade'), currencies()], { method: 'POST' }),
  page('/setCurrency', 2, 320, [], { method: 'POST', status: 302 }),
  page('/_healthz', 1, 160, []),
];

interface Part {
  readonly name: string;
  /** Service port and container port. */
  readonly ports: readonly [number, number] | null;
  readonly portName: string;
  readonly replicas: number;
  readonly operations: readonly OperationSpec[];
}

const serve = (
  port: number,
  path: string,
  latency: LatencySpec,
  calls: readonly CallSpec[] = [],
  failures: readonly FailureSpec[] = [],
  sizes: readonly [number, number] = [260, 420],
): OperationSpec =>
  operation('grpc', port, SHOP + path, latency, {
    method: 'POST',
    calls,
    failures,
    requestBytes: sizes[0],
    responseBytes: sizes[1],
  });

const quick = (medianMs: number): LatencySpec => ({ medianMs, sigma: 0.45 });
const redis = (times: number): CallSpec => tcpCall('redis-cart', 6379, times);
const internal = (share: number): FailureSpec => ({ share, httpStatus: 200, grpcStatus: 13 });

const PARTS: readonly Part[] = [
  { name: 'frontend', ports: [80, 8080], portName: 'http', replicas: 2, operations: FRONTEND },
  {
    name: products,
    ports: [3550, 3550],
    portName: 'grpc',
    replicas: 1,
    operations: [
      serve(3550, 'ProductCatalogService/ListProducts', quick(1.4), [], [], [220, 2900]),
      serve(3550, 'ProductCatalogService/GetProduct', quick(0.9), [], [], [240, 520]),
      serve(3550, 'ProductCatalogService/SearchProducts', quick(2)),
    ],
  },
  {
    name: 'currencyservice',
    ports: [7000, 7000],
    portName: 'grpc',
    replicas: 1,
    operations: [
      serve(7000, 'CurrencyService/GetSupportedCurrencies', quick(1.1), [], [], [210, 380]),
      serve(7000, 'CurrencyService/Convert', quick(0.8), [], [], [250, 240]),
    ],
  },
  {
    name: 'cartservice',
    ports: [7070, 7070],
    portName: 'grpc',
    replicas: 1,
    operations: [
      serve(7070, 'CartService/GetCart', quick(1.8), [redis(1)]),
      serve(7070, 'CartService/AddItem', quick(2), [redis(2)]),
      serve(7070, 'CartService/EmptyCart', quick(1.8), [redis(1)]),
    ],
  },
  {
    name: 'recommendationservice',
    ports: [8080, 8080],
    portName: 'grpc',
    replicas: 1,
    operations: [
      // The service of this world that errs.
      serve(8080, 'RecommendationService/ListRecommendations', { medianMs: 6, sigma: 0.5 }, [listProducts()], [internal(0.04)], [280, 360]),
    ],
  },
  {
    name: 'shippingservice',
    ports: [50051, 50051],
    portName: 'grpc',
    replicas: 1,
    operations: [serve(50051, 'ShippingService/GetQuote', quick(1)), serve(50051, 'ShippingService/ShipOrder', quick(1.5))],
  },
  {
    name: 'checkoutservice',
    ports: [5050, 5050],
    portName: 'grpc',
    replicas: 1,
    operations: [
      serve(
        5050,
        'CheckoutService/PlaceOrder',
        quick(8),
        [
          readCart(),
          readProduct(ITEMS),
          convert(ITEMS),
          quote(),
          convert(),
          charge(),
          ship(),
          emptyCart(1, 'degrade'),
          confirm(1, 'degrade'),
        ],
        [],
        [620, 980],
      ),
    ],
  },
  {
    name: 'adservice',
    ports: [9555, 9555],
    portName: 'grpc',
    replicas: 1,
    operations: [serve(9555, 'AdService/GetAds', { medianMs: 2.5, sigma: 0.6, tail: { share: 0.01, medianMs: 120, sigma: 0.5 } })],
  },
  {
    name: 'paymentservice',
    ports: [50051, 50051],
    portName: 'grpc',
    replicas: 1,
    // Refuses some credit cards: INVALID_ARGUMENT.
    operations: [serve(50051, 'PaymentService/Charge', quick(4), [], [{ share: 0.02, httpStatus: 200, grpcStatus: 3 }])],
  },
  {
    name: 'emailservice',
    ports: [5000, 8080],
    portName: 'grpc',
    replicas: 1,
    operations: [serve(8080, 'EmailService/SendOrderConfirmation', quick(5), [], [], [1900, 180])],
  },
  {
    name: 'redis-cart',
    ports: [6379, 6379],
    portName: 'tcp-redis',
    replicas: 1,
    operations: [operation('tcp', 6379, '', quick(0.3), { requestBytes: 92, responseBytes: 260 })],
  },
  { name: 'loadgenerator', ports: null, portName: '', replicas: 1, operations: [] },
];

function buildObjects(stamp: Stamp): readonly KubeObject[] {
  const gatewayStamp = stamp;
  return [
    buildNamespace(stamp, NS, { 'istio-injection': 'enabled' }),
    ...PARTS.filter((p) => p.name !== 'redis-cart').map((p) => buildServiceAccount(stamp, NS, p.name)),
    ...PARTS.flatMap((p) =>
      p.ports === null
        ? []
        : [
            buildService(stamp, {
              namespace: NS,
              name: p.name,
              selector: { app: p.name },
              ports: [{ name: p.portName, port: p.ports[0], targetPort: p.ports[1] }],
            }),
          ],
    ),
    ...PARTS.map((p) =>
      buildDeployment(stamp, {
        namespace: NS,
        name: p.name,
        labels: { app: p.name },
        replicas: p.replicas,
        container: p.name === 'redis-cart' ? 'redis' : p.name === 'loadgenerator' ? 'main' : 'server',
        image:
          p.name === 'redis-cart'
            ? 'docker.io/library/redis:7.4-alpine'
            : `us-central1-docker.pkg.dev/google-samples/microservices-demo/${p.name}:v0.10.6`,
        ports: p.ports === null ? [] : [{ containerPort: p.ports[1] }],
        serviceAccount: p.name === 'redis-cart' ? 'default' : p.name,
      }),
    ),
    buildServiceAccount(stamp, NS, 'default'),
    buildIstio(stamp, 'PeerAuthentication', NS, 'default', { mtls: { mode: 'STRICT' } }),
    buildObject(
      gatewayStamp,
      'gateway.networking.k8s.io/v1',
      'Gateway',
      { namespace: NS, name: 'istio-gateway' },
      {
        spec: {
          gatewayClassName: 'istio',
          listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } }],
        },
      },
    ),
    buildObject(
      stamp,
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      { namespace: NS, name: 'frontend-route' },
      {
        spec: {
          parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'istio-gateway' }],
          hostnames: ['shop.example.com'],
          rules: [
            {
              matches: [{ path: { type: 'PathPrefix', value: '/' } }],
              backendRefs: [{ group: '', kind: 'Service', name: 'frontend', port: 80, weight: 1 }],
            },
          ],
        },
      },
    ),
  ];
}

// Locust's task weights: index 1, setCurrency 2, browseProduct 10, addToCart 2, viewCart 3, checkout 1. A redirect is followed by its page.
const TASKS: readonly (readonly [string, number, string, string])[] = [
  ['index', 3, 'GET', '/'],
  ['currency', 2, 'POST', '/setCurrency'],
  ['product', 12, 'GET', '/product/OLJCESPC7Z'],
  ['add', 3, 'POST', '/cart'],
  ['cart', 6, 'GET', '/cart'],
  ['checkout', 1, 'POST', '/cart/checkout'],
];

const taskLoads = (from: RootLoad['from'], id: string, host: string, perTask: number, phase: number): readonly RootLoad[] =>
  TASKS.map(([task, weight, method, path]) => ({
    id: `${id}-${task}`,
    from,
    requestsPerSecond: weight * perTask,
    wave: { amplitude: 0.35, periodSeconds: 540, phase },
    call: httpCall(host, 80, path, { method }),
    headers: { 'user-agent': id === 'boutique-locust' ? 'python-requests/2.32.3' : 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7)' },
  }));

const BEHAVIOURS: readonly WorkloadBehaviour[] = PARTS.map((p) => ({
  namespace: NS,
  workload: p.name,
  app: p.name,
  operations: p.operations,
  forwards: [],
}));

/** Online Boutique with its own load generator and visitors through a Gateway API gateway. */
export const buildBoutique = (stamp: Stamp): WorldPart => ({
  objects: buildObjects(stamp),
  behaviours: BEHAVIOURS,
  externals: [],
  loads: [
    ...taskLoads({ kind: 'workload', namespace: NS, workload: 'loadgenerator' }, 'boutique-locust', 'frontend', 0.6, 0.3),
    ...taskLoads(
      { kind: 'gateway', namespace: NS, workload: 'istio-gateway-istio', port: 80 },
      'boutique-web',
      'shop.example.com',
      0.25,
      0.7,
    ),
  ],
});
