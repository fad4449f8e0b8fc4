// A large mesh from a seed: heavy-tailed popularity, layers from entry services down to shared stores, mostly calls within a namespace.
// In: WorldOptions, number of services. Out: World. With 2,000 services about 9,000 workload edges carry traffic and 12,000 exist in all.
// Sizes follow what large meshes report: one namespace per 20 services, 70/20/10 % HTTP/gRPC/TCP, one call in three leaves its namespace.

import type { Protocol } from '../../model/traffic';
import type { KubeObject } from '../kubernetes/object';
import { buildAccess } from './access';
import { type CallSpec, httpCall, operation, type RootLoad, type WorkloadBehaviour } from './behaviour';
import { buildDeployment, buildIstio, buildNamespace, buildService, buildServiceAccount, type Stamp } from './objects';
import { buildPlatform } from './platform';
import { Random } from './random';
import { joinParts, type World, type WorldOptions, type WorldPart } from './world';

export interface LargeWorldOptions extends WorldOptions {
  readonly services: number;
  /** `compact`: one pod per version, few histogram bounds, no size histograms (a mesh tuned for few series). */
  readonly series: 'full' | 'compact';
}

const DAY_MS = 86_400_000;
const LAYERS = 7;
/** Share of services per layer, entries first: few doors, many in the middle, few stores. */
const LAYER_SHARES = [0.06, 0.16, 0.22, 0.22, 0.16, 0.1, 0.08];
const CALLS_PER_SERVICE = 5.6;
/** With the calls that find nothing below them at home, about a third leaves its namespace. */
const CROSS_NAMESPACE = 0.23;
/** Share of calls that only happen in bursts. */
const BURST_SHARE = 0.28;
/** Bursts come in this many turns, one after the other. */
const TURNS = 12;
const BURST_SECONDS = 120;
const WORDS = ['cart', 'catalog', 'ledger', 'orders', 'pricing', 'quotes', 'ratings', 'search', 'shipping', 'stock', 'tickets', 'users'];
const KINDS = ['api', 'core', 'gateway', 'index', 'jobs', 'store', 'sync', 'worker'];
const COMPACT_BOUNDS = { istio: [5, 25, 100, 500, 2500] };

interface Planned {
  readonly index: number;
  readonly name: string;
  readonly namespace: string;
  readonly layer: number;
  readonly protocol: Protocol;
  readonly popularity: number;
  readonly versions: readonly string[];
  readonly replicas: number;
  readonly calls: { readonly callee: Planned; readonly burst: boolean; readonly times: number }[];
}

const portOf = (protocol: Protocol): number => (protocol === 'http' ? 8080 : protocol === 'grpc' ? 50_051 : 6379);
const portName = (protocol: Protocol): string => (protocol === 'tcp' ? 'tcp' : protocol);

function layerOf(position: number): number {
  let sum = 0;
  for (let layer = 0; layer < LAYERS; layer++) {
    sum += LAYER_SHARES[layer] ?? 0;
    if (position < sum) return layer;
  }
  return LAYERS - 1;
}

function planServices(random: Random, options: LargeWorldOptions): readonly Planned[] {
  const count = options.services;
  const namespaces = Array.from(
    { length: Math.max(1, Math.round(count / 20)) },
    (_, i) => `team-${WORDS[i % WORDS.length] ?? 'x'}-${String(i).padStart(3, '0')}`,
  );
  return Array.from({ length: count }, (_, index): Planned => {
    const layer = layerOf(index === 0 ? 0 : random.next());
    const draw = random.next();
    // Stores speak TCP, doors speak HTTP.
    const tcp = layer === LAYERS - 1 ? 0.75 : layer === LAYERS - 2 ? 0.3 : 0;
    const protocol: Protocol = layer === 0 ? 'http' : draw < tcp ? 'tcp' : draw < tcp + (1 - tcp) * 0.24 ? 'grpc' : 'http';
    const versions = random.next();
    return {
      index,
      name: `${random.pick(WORDS)}-${random.pick(KINDS)}-${String(index).padStart(4, '0')}`,
      namespace: namespaces[index % namespaces.length] ?? 'team',
      layer,
      protocol,
      popularity: Math.min(120, random.pareto(1.15)),
      versions: protocol === 'tcp' || versions < 0.78 ? ['v1'] : versions < 0.96 ? ['v1', 'v2'] : ['v1', 'v2', 'v3'],
      replicas: options.series === 'compact' ? 1 : random.whole(1, 3),
      calls: [],
    };
  });
}

/** Picks by popularity from services sorted into a running sum. */
class Lottery {
  private readonly services: readonly Planned[];
  private readonly sums: Float64Array;

  constructor(services: readonly Planned[]) {
    this.services = services;
    this.sums = new Float64Array(services.length);
    let sum = 0;
    services.forEach((s, i) => {
      sum += s.popularity;
      this.sums[i] = sum;
    });
  }

  draw(random: Random): Planned | null {
    const last = this.sums[this.sums.length - 1];
    if (last === undefined) return null;
    const wanted = random.next() * last;
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.services[low] ?? null;
  }
}

function planCalls(random: Random, services: readonly Planned[]): void {
  const byNamespace = new Map<string, Planned[]>();
  for (const s of services) byNamespace.set(s.namespace, [...(byNamespace.get(s.namespace) ?? []), s]);
  const everywhere = Array.from({ length: LAYERS }, (_, layer) => new Lottery(services.filter((s) => s.layer > layer)));
  const nearby = new Map<string, readonly Lottery[]>();
  for (const [namespace, own] of byNamespace)
    nearby.set(
      namespace,
      Array.from({ length: LAYERS }, (_, layer) => new Lottery(own.filter((s) => s.layer > layer))),
    );
  const link = (caller: Planned, callee: Planned, burst: boolean): void => {
    if (caller.calls.some((c) => c.callee === callee)) return;
    // The busier the callee, the more calls go to it; one request makes a handful of calls in all.
    caller.calls.push({ callee, burst, times: random.between(0.15, 0.7) });
  };
  for (const caller of services) {
    if (caller.protocol === 'tcp') continue;
    const wanted = Math.max(1, Math.round(CALLS_PER_SERVICE * random.between(0.35, 1.65)));
    for (let n = 0; n < wanted; n++) {
      const pool = random.next() < CROSS_NAMESPACE ? everywhere[caller.layer] : nearby.get(caller.namespace)?.[caller.layer];
      const callee = pool?.draw(random) ?? everywhere[caller.layer]?.draw(random);
      if (callee) link(caller, callee, random.next() < BURST_SHARE);
    }
  }
  // Nothing below the doors is left without a caller.
  const called = new Set(services.flatMap((s) => s.calls.filter((c) => !c.burst).map((c) => c.callee)));
  for (const callee of services) {
    if (callee.layer === 0 || called.has(callee)) continue;
    const above = (byNamespace.get(callee.namespace) ?? []).filter((s) => s.layer < callee.layer && s.protocol !== 'tcp');
    const caller = above.length > 0 ? random.pick(above) : services.find((s) => s.layer === 0);
    if (caller) link(caller, callee, false);
  }
}

const WORK = '/work';
const pathOf = (protocol: Protocol): string => (protocol === 'tcp' ? '' : protocol === 'grpc' ? `/mesh.Service${WORK}` : WORK);

const callTo = (to: Planned, times: number): CallSpec =>
  httpCall(`${to.name}.${to.namespace}`, portOf(to.protocol), pathOf(to.protocol), {
    protocol: to.protocol,
    method: to.protocol === 'http' ? 'GET' : to.protocol === 'grpc' ? 'POST' : '',
    times,
    onFailure: 'degrade',
  });

/** Calls that a service makes now and then of its own accord (exports, reindexing): edges that exist but are mostly idle. */
function burstsOf(service: Planned): readonly RootLoad[] {
  const turn = service.index % TURNS;
  const everySeconds = TURNS * BURST_SECONDS;
  return service.calls
    .filter((c) => c.burst)
    .flatMap((c) =>
      service.versions.map((version) => ({
        id: `burst-${turn}`,
        from: { kind: 'workload', namespace: service.namespace, workload: `${service.name}-${version}` },
        requestsPerSecond: 0.5,
        wave: { amplitude: 0, periodSeconds: 900, phase: 0 },
        bursts: { activeSeconds: BURST_SECONDS, everySeconds, offsetSeconds: turn * BURST_SECONDS },
        call: callTo(c.callee, 1),
        headers: {},
      })),
    );
}

function behaviourOf(service: Planned, version: string, random: Random): WorkloadBehaviour {
  const port = portOf(service.protocol);
  const median = Math.exp(random.between(0, 2.6)) * (version === 'v2' ? 1.2 : 1);
  const erring = random.next() < 0.05;
  const failures = erring
    ? [{ share: random.between(0.002, 0.05), httpStatus: service.protocol === 'grpc' ? 200 : 500, grpcStatus: 13 }]
    : [];
  const own = (calls: readonly CallSpec[]): WorkloadBehaviour['operations'][number] =>
    operation(
      service.protocol,
      port,
      pathOf(service.protocol),
      { medianMs: median, sigma: 0.5 },
      { calls, failures: service.protocol === 'tcp' ? [] : failures },
    );
  const steady = service.calls.filter((c) => !c.burst).map((c) => callTo(c.callee, c.times));
  return {
    namespace: service.namespace,
    workload: `${service.name}-${version}`,
    app: service.name,
    operations: [own(steady)],
    forwards: [],
  };
}

function objectsOf(stamp: Stamp, service: Planned, options: LargeWorldOptions): readonly KubeObject[] {
  const { name, namespace, protocol, versions } = service;
  const port = portOf(protocol);
  return [
    buildServiceAccount(stamp, namespace, name),
    buildService(stamp, { namespace, name, selector: { app: name }, ports: [{ name: portName(protocol), port }] }),
    ...versions.map((version) =>
      buildDeployment(stamp, {
        namespace,
        name: `${name}-${version}`,
        labels: { app: name, version },
        replicas: service.replicas,
        container: 'app',
        image: `registry.example.com/${namespace}/${name}:${version}`,
        ports: [{ containerPort: port }],
        serviceAccount: name,
        ...(options.series === 'compact'
          ? { podAnnotations: { 'sidecar.istio.io/statsHistogramBuckets': JSON.stringify(COMPACT_BOUNDS) } }
          : {}),
      }),
    ),
    ...(versions.length > 1
      ? [
          buildIstio(stamp, 'DestinationRule', namespace, name, {
            host: name,
            subsets: versions.map((v) => ({ name: v, labels: { version: v } })),
          }),
          buildIstio(stamp, 'VirtualService', namespace, name, {
            hosts: [name],
            http: [
              {
                route: versions.map((v, i) => ({
                  destination: { host: name, subset: v },
                  weight: i === 0 ? 100 - 10 * (versions.length - 1) : 10,
                })),
              },
            ],
          }),
        ]
      : []),
  ];
}

function entranceOf(stamp: Stamp, doors: readonly Planned[]): WorldPart {
  const gateway = 'istio-system/public';
  return {
    behaviours: [],
    externals: [],
    loads: doors.flatMap((door, i): readonly RootLoad[] => {
      const from: RootLoad['from'] = { kind: 'gateway', namespace: 'istio-system', workload: 'istio-ingressgateway', port: 80 };
      const host = `${door.name}.example.com`;
      const wave = { amplitude: 0.35, periodSeconds: 900, phase: (i % 10) / 10 };
      const headers = { 'user-agent': 'Mozilla/5.0' };
      const requestsPerSecond = Math.min(220, 6 * door.popularity);
      return [{ id: `door-${door.index}`, from, requestsPerSecond, wave, call: httpCall(host, 80, WORK), headers }];
    }),
    objects: [
      buildIstio(stamp, 'Gateway', 'istio-system', 'public', {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*.example.com'] }],
      }),
      ...doors.map((door) =>
        buildIstio(stamp, 'VirtualService', door.namespace, `${door.name}-public`, {
          hosts: [`${door.name}.example.com`],
          gateways: [gateway],
          http: [{ route: [{ destination: { host: `${door.name}.${door.namespace}.svc.cluster.local`, port: { number: 8080 } } }] }],
        }),
      ),
    ],
  };
}

/** A mesh of `services` services with an ingress for each door. */
export function buildLargeWorld(options: LargeWorldOptions): World {
  const { seed, nowMs } = options;
  const random = new Random(seed);
  const services = planServices(random, options);
  planCalls(random, services);
  const platform: Stamp = { seed, createdAtMs: nowMs - 30 * DAY_MS };
  const stamp: Stamp = { seed, createdAtMs: nowMs - 2 * DAY_MS };
  const namespaces = [...new Set(services.map((s) => s.namespace))];
  const none = { behaviours: [], externals: [], loads: [] };
  return joinParts(seed, stamp.createdAtMs, [
    buildPlatform(platform),
    { ...none, objects: buildAccess(platform) },
    { ...none, objects: namespaces.map((name) => buildNamespace(stamp, name, { 'istio-injection': 'enabled' })) },
    {
      ...none,
      objects: services.flatMap((s) => objectsOf(stamp, s, options)),
      behaviours: services.flatMap((s) => s.versions.map((v) => behaviourOf(s, v, random))),
      loads: services.flatMap(burstsOf),
    },
    entranceOf(
      stamp,
      services.filter((s) => s.layer === 0),
    ),
    ...(options.series === 'compact'
      ? [
          {
            ...none,
            objects: [
              buildIstio(platform, 'Telemetry', 'istio-system', 'mesh-default', {
                metrics: [
                  {
                    providers: [{ name: 'prometheus' }],
                    overrides: ['REQUEST_SIZE', 'RESPONSE_SIZE'].map((metric) => ({ match: { metric }, disabled: true })),
                  },
                ],
              }),
            ],
          },
        ]
      : []),
  ]);
}
