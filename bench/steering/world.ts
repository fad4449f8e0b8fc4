// The 2,000-service mesh with configuration and traffic: what a rehearsal of a change reads. In: services. Out: Inventory, TrafficSnapshot, edits.
// Every service has a DestinationRule with its versions and a VirtualService; every third routes a header apart first.
import { stringify } from 'yaml';
import type { Edit } from '../../model/edit';
import type { ConfigObject, Inventory, JsonObject } from '../../model/inventory';
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import { buildMesh, type Mesh, type MeshEdge, type MeshService } from '../data/mesh';
import { shapeOf } from '../mesh-backend';
import { inventoryOf } from '../pipeline/inventory';

const CLUSTER = 'Kubernetes';

/** A config object of the made-up cluster. */
export function objectOf(kind: string, { namespace, name }: Pick<MeshService, 'namespace' | 'name'>, spec: JsonObject): ConfigObject {
  return {
    cluster: CLUSTER,
    namespace,
    name,
    uid: `${kind}/${namespace}/${name}`,
    resourceVersion: '1',
    createdAtMs: 1_700_000_000_000,
    labels: {},
    annotations: {},
    apiVersion: 'networking.istio.io/v1',
    kind,
    generation: 1,
    spec,
    status: null,
  };
}

const versionsOf = ({ workloads }: MeshService): readonly string[] => workloads.map(({ version }) => version);

function rulesOf(service: MeshService, place: number): JsonObject {
  const versions = versionsOf(service);
  const route = versions.map((subset, i) => ({
    destination: { host: service.name, subset },
    weight: i === 0 ? 100 - 10 * (versions.length - 1) : 10,
  }));
  if (service.protocol === 'tcp') return { hosts: [service.name], tcp: [{ route }] };
  const apart = {
    match: [{ headers: { 'end-user': { exact: 'jason' } } }],
    route: [{ destination: { host: service.name, subset: versions.at(-1) ?? '' } }],
  };
  return { hosts: [service.name], http: [...(place % 3 === 0 ? [apart] : []), { route }] };
}

function observationOf({ source, destination, service, outcomes, requestsPerSecond }: MeshEdge, key: number): Observation {
  const tcp = service.protocol === 'tcp';
  return {
    key,
    source: { cluster: CLUSTER, namespace: source.namespace, workload: source.name },
    destination: { cluster: CLUSTER, namespace: destination?.namespace ?? 'unknown', workload: destination?.name ?? 'unknown' },
    service: { cluster: CLUSTER, namespace: service.namespace, name: service.name, host: service.host },
    protocol: service.protocol,
    reporter: destination === null ? 'source' : 'destination',
    requestsPerSecond: tcp ? 0 : requestsPerSecond,
    responses: tcp
      ? []
      : outcomes.map(({ code, grpcStatus, flags, share }) => ({ code, grpcStatus, flags, requestsPerSecond: requestsPerSecond * share })),
    tcpSentBytesPerSecond: tcp ? requestsPerSecond * 1000 : 0,
    tcpReceivedBytesPerSecond: tcp ? requestsPerSecond * 4000 : 0,
    mtls: { mutual: requestsPerSecond, plaintext: 0, unknown: 0 },
    durationMsPerSecond: null,
    durationBuckets: null,
    requestBytesPerSecond: null,
    responseBytesPerSecond: null,
  };
}

/** Observations are one per source, destination, host and protocol. */
function observationsOf({ edges }: Mesh): readonly Observation[] {
  const found = new Map<string, Observation>();
  for (const edge of edges) {
    if (edge.requestsPerSecond === 0) continue;
    const made = observationOf(edge, found.size);
    const key = JSON.stringify([made.source, made.destination, made.service.host]);
    if (!found.has(key)) found.set(key, made);
  }
  return [...found.values()];
}

export interface SteeringWorld {
  readonly inventory: Inventory;
  readonly snapshot: TrafficSnapshot;
  /** Another change each: weights of services with several versions, the most called first. */
  readonly weights: readonly Edit[];
  /** The same services' VirtualServices as somebody types them. */
  readonly typed: readonly Edit[];
}

export function buildSteeringWorld(services: number): SteeringWorld {
  const mesh = buildMesh(shapeOf(services));
  const inventory: Inventory = {
    ...inventoryOf(mesh),
    config: new Map([
      ['VirtualService', mesh.services.map((service, i) => objectOf('VirtualService', service, rulesOf(service, i)))],
      [
        'DestinationRule',
        mesh.services.map((service) =>
          objectOf('DestinationRule', service, {
            host: service.name,
            subsets: versionsOf(service).map((version) => ({ name: version, labels: { version } })),
          }),
        ),
      ],
    ]),
  };
  const observations = observationsOf(mesh);
  const calls = new Map<string, number>();
  for (const { service } of observations) calls.set(service.host, (calls.get(service.host) ?? 0) + 1);
  const several = mesh.services
    .filter((service) => service.workloads.length > 1 && service.protocol !== 'tcp')
    .sort((a, b) => (calls.get(b.host) ?? 0) - (calls.get(a.host) ?? 0));
  return {
    inventory,
    snapshot: {
      atMs: 1_700_000_000_000,
      windowSeconds: 60,
      observations,
      bucketBoundsMs: [],
      identities: new Map(),
      quantilesAtMs: null,
      warnings: [],
      cost: { queries: 2, wallMs: 0, bytes: 0 },
    },
    weights: several.map((service, i) => weightsOf(service, mesh.services.indexOf(service), 5 + (i % 40))),
    typed: several.map((service, i) => typedOf(service, 100 + i)),
  };
}

function weightsOf(service: MeshService, place: number, percent: number): Edit {
  const object = { kind: 'VirtualService', namespace: service.namespace, name: service.name } as const;
  const [first = '', second = ''] = versionsOf(service);
  const destination = (subset: string, weight: number) => ({ host: service.host, subset, port: null, weight });
  return {
    type: 'weights',
    rule: { object, list: 'http', index: place % 3 === 0 ? 1 : 0, host: service.host },
    destinations: [destination(first, 100 - percent), destination(second, percent)],
  };
}

function typedOf(service: MeshService, timeoutMs: number): Edit {
  const { namespace, name } = service;
  const spec = rulesOf(service, 0);
  const http = (spec['http'] as readonly JsonObject[]).map((rule) => ({ ...rule, timeout: `${timeoutMs}ms` }));
  const yaml = stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace, name },
    spec: { ...spec, http },
  });
  return { type: 'yaml', ref: { kind: 'VirtualService', namespace, name }, yaml, resourceVersion: '1' };
}
