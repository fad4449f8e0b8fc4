// What surrounds the two applications: a meshed client that also calls out of the mesh, a namespace without sidecars, an idle service.
// In: Stamp. Out: WorldPart with namespaces `clients` (injected) and `legacy` (not injected).
import type { KubeObject } from '../kubernetes/object';
import { httpCall, operation, type RootLoad, tcpCall, type WorkloadBehaviour } from './behaviour';
import { buildDeployment, buildNamespace, buildService, buildServiceAccount, type Stamp } from './objects';
import type { WorldPart } from './world';

interface Part {
  readonly namespace: string;
  readonly name: string;
  readonly version?: string;
  readonly port: number | null;
  readonly portName: string;
  readonly image: string;
  readonly operations: WorkloadBehaviour['operations'];
}

const PARTS: readonly Part[] = [
  {
    namespace: 'clients',
    name: 'mobile-app',
    version: 'v1',
    port: null,
    portName: '',
    image: 'docker.io/fortio/fortio:1.69.5',
    operations: [],
  },
  {
    namespace: 'clients',
    name: 'orders-sync',
    version: 'v1',
    port: 8080,
    portName: 'http',
    image: 'registry.example.com/clients/orders-sync:2.3.1',
    operations: [
      operation(
        'http',
        8080,
        '/sync',
        { medianMs: 14, sigma: 0.5 },
        {
          // The ledger has no sidecar; httpbin.org has no ServiceEntry.
          calls: [
            httpCall('ledger.legacy', 8080, '/entries', { method: 'POST' }),
            httpCall('httpbin.org', 80, '/post', { method: 'POST', times: 0.25, onFailure: 'degrade' }),
            tcpCall('ledger-db.legacy', 5432, 2, { onFailure: 'degrade' }),
          ],
        },
      ),
    ],
  },
  {
    namespace: 'clients',
    name: 'archive',
    version: 'v1',
    port: 8080,
    portName: 'http',
    image: 'registry.example.com/clients/archive:1.0.4',
    // Nobody calls it.
    operations: [operation('http', 8080, '/', { medianMs: 5, sigma: 0.4 })],
  },
  {
    namespace: 'legacy',
    name: 'ledger',
    port: 8080,
    portName: 'http',
    image: 'registry.example.com/legacy/ledger:0.9.17',
    operations: [operation('http', 8080, '/', { medianMs: 24, sigma: 0.5 }, { failures: [{ share: 0.006, httpStatus: 500 }] })],
  },
  {
    namespace: 'legacy',
    name: 'ledger-db',
    port: 5432,
    portName: 'tcp-postgres',
    image: 'docker.io/library/postgres:16.8',
    operations: [operation('tcp', 5432, '', { medianMs: 1.5, sigma: 0.5 }, { requestBytes: 220, responseBytes: 1300 })],
  },
  {
    namespace: 'legacy',
    name: 'report-job',
    port: null,
    portName: '',
    image: 'registry.example.com/legacy/report-job:4.1.0',
    operations: [],
  },
];

function buildObjects(stamp: Stamp): readonly KubeObject[] {
  return [
    buildNamespace(stamp, 'clients', { 'istio-injection': 'enabled' }),
    buildNamespace(stamp, 'legacy'),
    ...PARTS.map((p) => buildServiceAccount(stamp, p.namespace, p.name)),
    ...PARTS.flatMap((p) =>
      p.port === null
        ? []
        : [
            buildService(stamp, {
              namespace: p.namespace,
              name: p.name,
              selector: { app: p.name },
              ports: [{ name: p.portName, port: p.port }],
            }),
          ],
    ),
    ...PARTS.map((p) =>
      buildDeployment(stamp, {
        namespace: p.namespace,
        name: p.name,
        labels: { app: p.name, ...(p.version === undefined ? {} : { version: p.version }) },
        replicas: 1,
        container: p.name,
        image: p.image,
        ports: p.port === null ? [] : [{ containerPort: p.port }],
        serviceAccount: p.name,
      }),
    ),
  ];
}

const load = (
  id: string,
  namespace: string,
  workload: string,
  requestsPerSecond: number,
  call: RootLoad['call'],
  headers: RootLoad['headers'] = {},
): RootLoad => ({
  id,
  from: { kind: 'workload', namespace, workload },
  requestsPerSecond,
  wave: { amplitude: 0.3, periodSeconds: 660, phase: 0.5 },
  call,
  headers: { 'user-agent': 'fortio.org/fortio-1.69.5', ...headers },
});

/** Clients inside and outside the mesh. */
export const buildSurroundings = (stamp: Stamp): WorldPart => ({
  objects: buildObjects(stamp),
  behaviours: PARTS.map((p) => ({ namespace: p.namespace, workload: p.name, app: p.name, operations: p.operations, forwards: [] })),
  externals: [
    {
      host: 'httpbin.org',
      latency: { medianMs: 140, sigma: 0.4 },
      failures: [{ share: 0.01, httpStatus: 502 }],
      requestBytes: 900,
      responseBytes: 1500,
    },
  ],
  loads: [
    load('mobile-page', 'clients', 'mobile-app', 5, httpCall('productpage.bookinfo', 9080, '/productpage')),
    load('mobile-jason', 'clients', 'mobile-app', 1, httpCall('productpage.bookinfo', 9080, '/productpage'), { 'end-user': 'jason' }),
    load('mobile-shop', 'clients', 'mobile-app', 3, httpCall('frontend.boutique', 80, '/product/OLJCESPC7Z')),
    load('mobile-orders', 'clients', 'mobile-app', 4, httpCall('orders-sync', 8080, '/sync', { method: 'POST' })),
    // The caller without a sidecar: plaintext into the mesh, refused by ratings for want of an identity.
    load('legacy-details', 'legacy', 'report-job', 3, httpCall('details.bookinfo', 9080, '/details/0'), {
      'user-agent': 'python-requests/2.31.0',
    }),
    load('legacy-ratings', 'legacy', 'report-job', 0.4, httpCall('ratings.bookinfo', 9080, '/ratings/0'), {
      'user-agent': 'python-requests/2.31.0',
    }),
  ],
});
