// The made-up mesh that the bench measures on: services, workloads, pods and who calls whom, with rates, codes and latencies.
// In: MeshShape. Out: Mesh. Nothing here knows metrics.
import { createRandom, type Random } from './random';

export interface MeshShape {
  readonly services: number;
  readonly namespaces: number;
  /** Workload-to-workload calls, idle ones included. */
  readonly edges: number;
  readonly podsPerWorkload: number;
  /** 0..1 of the edges carry no traffic: their counters exist but stand still. */
  readonly idleShare: number;
  readonly seed: number;
}

/** The sizes of which the project speaks. `large` has about 9,000 edges with traffic. */
export const MESH_SHAPES = {
  small: { services: 50, namespaces: 5, edges: 150, podsPerWorkload: 2, idleShare: 0.15, seed: 1 },
  medium: { services: 500, namespaces: 25, edges: 2500, podsPerWorkload: 3, idleShare: 0.15, seed: 1 },
  large: { services: 2000, namespaces: 100, edges: 12000, podsPerWorkload: 2, idleShare: 0.25, seed: 1 },
} as const satisfies Record<string, MeshShape>;

export interface MeshPod {
  readonly name: string;
  readonly ip: string;
  readonly replicaSet: string;
  /** Scrapes of a pod come this much before the step's instant, ms. */
  readonly offsetMs: number;
}

export interface MeshWorkload {
  readonly name: string;
  readonly namespace: string;
  readonly app: string;
  readonly version: string;
  readonly principal: string;
  readonly pods: readonly MeshPod[];
}

export interface MeshService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly protocol: 'http' | 'grpc' | 'tcp';
  readonly workloads: readonly MeshWorkload[];
}

/** Share of an edge's requests that end with this code, flags and gRPC status. */
export interface MeshOutcome {
  readonly code: string;
  readonly flags: string;
  readonly grpcStatus: string | null;
  readonly share: number;
}

export interface MeshEdge {
  readonly source: MeshWorkload;
  /** Null: no healthy endpoint or no route; only the source reports. */
  readonly destination: MeshWorkload | null;
  readonly service: MeshService;
  readonly outcomes: readonly MeshOutcome[];
  readonly requestsPerSecond: number;
  readonly latencyMs: number;
  readonly mutualTls: boolean;
}

export interface Mesh {
  readonly workloads: readonly MeshWorkload[];
  readonly services: readonly MeshService[];
  readonly edges: readonly MeshEdge[];
}

const WORDS = [
  'cart',
  'payments',
  'catalog',
  'ratings',
  'reviews',
  'orders',
  'shipping',
  'search',
  'users',
  'auth',
  'ledger',
  'quotes',
] as const;

function buildWorkload(
  random: Random,
  service: { readonly name: string; readonly namespace: string },
  version: string,
  shape: MeshShape,
): MeshWorkload {
  const name = version === 'latest' ? service.name : `${service.name}-${version}`;
  const replicaSet = random.suffix(10);
  const octet = (): number => Math.floor(random.next() * 250);
  const count = Math.max(1, Math.round(shape.podsPerWorkload * (1 + 0.35 * random.normal())));
  const pods = Array.from({ length: count }, () => ({
    name: `${name}-${replicaSet}-${random.suffix(5)}`,
    ip: `10.${octet()}.${octet()}.${octet()}`,
    replicaSet,
    offsetMs: Math.floor(random.next() * 15_000),
  }));
  const principal = `spiffe://cluster.local/ns/${service.namespace}/sa/${service.name}`;
  return { name, namespace: service.namespace, app: service.name, version, principal, pods };
}

function buildOutcomes(random: Random, protocol: MeshService['protocol'], dead: boolean): MeshOutcome[] {
  if (protocol === 'tcp') return [{ code: '', flags: '-', grpcStatus: null, share: 1 }];
  if (dead) return [{ code: '503', flags: random.pick(['UH', 'NR']), grpcStatus: null, share: 1 }];
  const grpc = protocol === 'grpc';
  const outcomes: MeshOutcome[] = grpc
    ? [
        { code: '200', flags: '-', grpcStatus: '0', share: 0.985 },
        { code: '200', flags: '-', grpcStatus: random.pick(['14', '4', '5']), share: 0.015 },
      ]
    : [
        { code: '200', flags: '-', grpcStatus: null, share: 0.95 },
        { code: random.pick(['404', '302', '429']), flags: '-', grpcStatus: null, share: 0.03 },
      ];
  if (random.next() < 0.4)
    outcomes.push({ code: '503', flags: random.pick(['UC', 'UF,URX', 'UO']), grpcStatus: grpc ? '14' : null, share: 0.02 });
  return outcomes;
}

/** The mesh of a shape: the same shape gives the same mesh. */
export function buildMesh(shape: MeshShape): Mesh {
  const random = createRandom(shape.seed);
  const workloads: MeshWorkload[] = [];
  const services: MeshService[] = [];
  for (let i = 0; i < shape.services; i++) {
    const number = i % shape.namespaces;
    const namespace = `team-${WORDS[number % WORDS.length] ?? 'cart'}-${String(number).padStart(3, '0')}`;
    const name = `${random.pick(WORDS)}-${random.pick(['api', 'svc', 'worker', 'web'])}-${String(i).padStart(4, '0')}`;
    const protocol = random.next() < 0.1 ? 'tcp' : random.next() < 0.22 ? 'grpc' : 'http';
    const versions = random.next() < 0.15 ? ['v1', 'v2'] : ['v1'];
    const own = versions.map((version) => buildWorkload(random, { name, namespace }, version, shape));
    workloads.push(...own);
    services.push({ name, namespace, host: `${name}.${namespace}.svc.cluster.local`, protocol, workloads: own });
  }
  const gateway = buildWorkload(random, { name: 'istio-ingressgateway', namespace: 'istio-system' }, 'latest', shape);
  workloads.push(gateway);
  return { workloads, services, edges: buildEdges(random, shape, workloads, services, gateway) };
}

function buildEdges(
  random: Random,
  shape: MeshShape,
  workloads: readonly MeshWorkload[],
  services: readonly MeshService[],
  gateway: MeshWorkload,
): MeshEdge[] {
  const edges: MeshEdge[] = [];
  const seen = new Set<string>();
  // Most calls go to few services, as in real meshes: the index of the callee is drawn with a power law.
  const callee = (): MeshService | undefined => services[Math.min(services.length - 1, Math.floor(random.next() ** 1.7 * services.length))];
  for (let tries = 0; edges.length < shape.edges && tries < shape.edges * 50; tries++) {
    const source = random.next() < 0.04 ? gateway : workloads[Math.floor(random.next() * workloads.length)];
    const service = callee();
    if (source === undefined || service === undefined || service.workloads.includes(source)) continue;
    const dead = random.next() < 0.01 && service.protocol === 'http';
    for (const destination of dead ? [null] : service.workloads) {
      const key = `${source.namespace}/${source.name}>${service.host}>${destination?.name ?? ''}`;
      if (seen.has(key) || edges.length >= shape.edges) continue;
      seen.add(key);
      const idle = random.next() < shape.idleShare;
      edges.push({
        source,
        destination,
        service,
        outcomes: buildOutcomes(random, service.protocol, dead),
        requestsPerSecond: idle ? 0 : Math.exp(random.normal() * 1.4 + 0.7),
        latencyMs: Math.exp(random.normal() * 1.2 + 3),
        mutualTls: random.next() < 0.97 && !dead,
      });
    }
  }
  return edges;
}
