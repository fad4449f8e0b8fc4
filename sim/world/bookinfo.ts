// Istio's Bookinfo sample (samples/bookinfo, images 1.20.3) with its external book service and ratings v2 on MongoDB.
// In: Stamp. Out: objects, behaviours and loads of namespace `bookinfo`. Calls are those of the applications' source code.
import type { KubeObject } from '../kubernetes/object';
import { type CallSpec, httpCall, type OperationSpec, operation, type RootLoad, tcpCall, type WorkloadBehaviour } from './behaviour';
import { buildDeployment, buildIstio, buildNamespace, buildService, buildServiceAccount, type Stamp } from './objects';
import type { WorldPart } from './world';

const NS = 'bookinfo';
const FORWARDED = ['end-user', 'user-agent'];

interface Version {
  readonly app: string;
  readonly version: string;
  readonly replicas: number;
  readonly operations: readonly OperationSpec[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

const details = httpCall('details', 9080, '/details/0', { onFailure: 'degrade' });
// productpage asks reviews with a timeout of 3 s and tries twice (productpage.py getProductReviews).
const reviews = httpCall('reviews', 9080, '/reviews/0', { onFailure: 'degrade', timeoutMs: 3000, repeats: 1 });

const PRODUCTPAGE: readonly OperationSpec[] = [
  operation('http', 9080, '/productpage', { medianMs: 9, sigma: 0.35 }, { responseBytes: 15_300, calls: [details, reviews] }),
  operation('http', 9080, '/static', { medianMs: 1.6, sigma: 0.4 }, { responseBytes: 29_000 }),
  operation('http', 9080, '/login', { medianMs: 3, sigma: 0.4 }, { method: 'POST', status: 302, responseBytes: 420 }),
  operation('http', 9080, '/logout', { medianMs: 3, sigma: 0.4 }, { status: 302, responseBytes: 420 }),
  operation('http', 9080, '/health', { medianMs: 1, sigma: 0.3 }, { responseBytes: 180 }),
  operation('http', 9080, '/api/v1/products', { medianMs: 3, sigma: 0.4 }, { responseBytes: 700 }),
  operation('http', 9080, '/api/v1/products/0', { medianMs: 4, sigma: 0.4 }, { calls: [{ ...details, onFailure: 'fail' }] }),
  operation('http', 9080, '/api/v1/products/0/reviews', { medianMs: 4, sigma: 0.4 }, { calls: [{ ...reviews, onFailure: 'fail' }] }),
  operation(
    'http',
    9080,
    '/api/v1/products/0/ratings',
    { medianMs: 4, sigma: 0.4 },
    { calls: [httpCall('ratings', 9080, '/ratings/0', { timeoutMs: 3000 })] },
  ),
];

const reviewsOperations = (latency: OperationSpec['latency'], ratingsTimeoutMs: number | null): readonly OperationSpec[] => [
  operation('http', 9080, '/reviews', latency, {
    responseBytes: 1100,
    // The review is shown without stars when ratings fails (LibertyRestEndpoint.java).
    calls:
      ratingsTimeoutMs === null ? [] : [httpCall('ratings', 9080, '/ratings/0', { onFailure: 'degrade', timeoutMs: ratingsTimeoutMs })],
  }),
  operation('http', 9080, '/health', { medianMs: 1, sigma: 0.3 }),
];

const VERSIONS: readonly Version[] = [
  { app: 'productpage', version: 'v1', replicas: 2, operations: PRODUCTPAGE },
  {
    app: 'details',
    version: 'v1',
    replicas: 1,
    env: [
      { name: 'ENABLE_EXTERNAL_BOOK_SERVICE', value: 'true' },
      { name: 'DO_NOT_ENCRYPT', value: 'true' },
    ],
    operations: [
      operation(
        'http',
        9080,
        '/details',
        { medianMs: 3, sigma: 0.4 },
        { responseBytes: 900, calls: [httpCall('www.googleapis.com', 80, '/books/v1/volumes', { times: 0.2, onFailure: 'degrade' })] },
      ),
      operation('http', 9080, '/health', { medianMs: 1, sigma: 0.3 }),
    ],
  },
  { app: 'reviews', version: 'v1', replicas: 1, operations: reviewsOperations({ medianMs: 8, sigma: 0.45 }, null) },
  { app: 'reviews', version: 'v2', replicas: 1, operations: reviewsOperations({ medianMs: 11, sigma: 0.45 }, 10_000) },
  {
    app: 'reviews',
    version: 'v3',
    replicas: 1,
    // The slow version of this world.
    operations: reviewsOperations({ medianMs: 420, sigma: 0.45, tail: { share: 0.04, medianMs: 1500, sigma: 0.3 } }, 2500),
  },
  {
    app: 'ratings',
    version: 'v1',
    replicas: 1,
    operations: [operation('http', 9080, '/ratings', { medianMs: 2.5, sigma: 0.5 }, { responseBytes: 480 })],
  },
  {
    app: 'ratings',
    version: 'v2',
    replicas: 1,
    env: [{ name: 'MONGO_DB_URL', value: 'mongodb://mongodb:27017/test' }],
    operations: [
      operation('http', 9080, '/ratings', { medianMs: 3, sigma: 0.5 }, { responseBytes: 480, calls: [tcpCall('mongodb', 27017, 1)] }),
    ],
  },
  {
    app: 'mongodb',
    version: 'v1',
    replicas: 1,
    operations: [operation('tcp', 27017, '', { medianMs: 1.2, sigma: 0.5 }, { requestBytes: 310, responseBytes: 640 })],
  },
];

const IMAGES: Readonly<Record<string, string>> = { mongodb: 'docker.io/istio/examples-bookinfo-mongodb:1.20.3' };
const account = (app: string): string => `bookinfo-${app === 'mongodb' ? 'ratings-v2' : app}`;

function buildObjects(stamp: Stamp): readonly KubeObject[] {
  const apps = [...new Set(VERSIONS.map((v) => v.app))];
  const port = (app: string): number => (app === 'mongodb' ? 27017 : 9080);
  const vsMatch = [
    { uri: { exact: '/productpage' } },
    { uri: { prefix: '/static' } },
    { uri: { exact: '/login' } },
    { uri: { exact: '/logout' } },
    { uri: { prefix: '/api/v1/products' } },
  ];
  return [
    buildNamespace(stamp, NS, { 'istio-injection': 'enabled' }),
    ...[...new Set(apps.map(account))].map((name) => buildServiceAccount(stamp, NS, name, { account: name.slice('bookinfo-'.length) })),
    ...apps.map((app) =>
      buildService(stamp, {
        namespace: NS,
        name: app,
        labels: { app, service: app },
        selector: { app },
        ports: [{ name: app === 'mongodb' ? 'mongo' : 'http', port: port(app) }],
      }),
    ),
    ...VERSIONS.map((v) =>
      buildDeployment(stamp, {
        namespace: NS,
        name: `${v.app}-${v.version}`,
        labels: { app: v.app, version: v.version },
        replicas: v.replicas,
        container: v.app,
        image: IMAGES[v.app] ?? `docker.io/istio/examples-bookinfo-${v.app}-${v.version}:1.20.3`,
        ports: [{ containerPort: port(v.app) }],
        serviceAccount: account(v.app),
        ...(v.env ? { env: v.env } : {}),
      }),
    ),
    buildIstio(stamp, 'Gateway', NS, 'bookinfo-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['bookinfo.example.com'] }],
    }),
    buildIstio(stamp, 'VirtualService', NS, 'bookinfo', {
      hosts: ['bookinfo.example.com'],
      gateways: ['bookinfo-gateway'],
      http: [{ match: vsMatch, route: [{ destination: { host: 'productpage', port: { number: 9080 } } }] }],
    }),
    buildIstio(stamp, 'DestinationRule', NS, 'reviews', {
      host: 'reviews',
      subsets: ['v1', 'v2', 'v3'].map((version) => ({ name: version, labels: { version } })),
    }),
    buildIstio(stamp, 'ServiceEntry', NS, 'googleapis', {
      hosts: ['www.googleapis.com'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 },
        { number: 443, name: 'tls', protocol: 'TLS' },
      ],
    }),
    buildIstio(stamp, 'DestinationRule', NS, 'googleapis', {
      host: 'www.googleapis.com',
      trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }] },
    }),
    // Only the applications that read stars may ask for them; the caller without a sidecar has no identity and gets 403.
    buildIstio(stamp, 'AuthorizationPolicy', NS, 'ratings-readers', {
      selector: { matchLabels: { app: 'ratings' } },
      action: 'ALLOW',
      rules: [
        {
          from: [
            {
              source: {
                principals: ['cluster.local/ns/bookinfo/sa/bookinfo-reviews', 'cluster.local/ns/bookinfo/sa/bookinfo-productpage'],
              },
            },
          ],
          to: [{ operation: { methods: ['GET'] } }],
        },
      ],
    }),
  ];
}

const entry = (
  id: string,
  requestsPerSecond: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  options: Partial<CallSpec> = {},
): RootLoad => ({
  id,
  from: { kind: 'gateway', namespace: 'istio-system', workload: 'istio-ingressgateway', port: 80 },
  requestsPerSecond,
  wave: { amplitude: 0.45, periodSeconds: 720, phase: 0 },
  call: httpCall('bookinfo.example.com', 80, path, options),
  headers,
});

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };

const LOADS: readonly RootLoad[] = [
  entry('bookinfo-page', 26, '/productpage', BROWSER),
  entry('bookinfo-jason', 4, '/productpage', { ...BROWSER, 'end-user': 'jason' }),
  entry('bookinfo-static', 12, '/static/bootstrap/css/bootstrap.min.css', BROWSER),
  entry('bookinfo-login', 0.6, '/login', BROWSER, { method: 'POST' }),
  entry('bookinfo-api', 1.5, '/api/v1/products', { 'user-agent': 'curl/8.5.0' }),
  entry('bookinfo-api-one', 1, '/api/v1/products/0', { 'user-agent': 'curl/8.5.0' }),
  entry('bookinfo-api-ratings', 0.8, '/api/v1/products/0/ratings', { 'user-agent': 'curl/8.5.0' }),
  // Nobody routes it: the gateway answers 404 NR, as it does on the internet.
  entry('bookinfo-favicon', 0.4, '/favicon.ico', BROWSER),
];

const BEHAVIOURS: readonly WorkloadBehaviour[] = VERSIONS.map((v) => ({
  namespace: NS,
  workload: `${v.app}-${v.version}`,
  app: v.app,
  operations: v.operations,
  forwards: FORWARDED,
}));

/** Bookinfo with traffic through `istio-ingressgateway`. */
export const buildBookinfo = (stamp: Stamp): WorldPart => ({
  objects: buildObjects(stamp),
  behaviours: BEHAVIOURS,
  externals: [
    {
      host: 'www.googleapis.com',
      latency: { medianMs: 62, sigma: 0.35 },
      failures: [{ share: 0.005, httpStatus: 503 }],
      requestBytes: 700,
      responseBytes: 4100,
    },
  ],
  loads: LOADS,
});
