// A small mesh for the tests of this folder: services, pods and configuration written in YAML.
// In: YAML of Services, Pods and Istio or Gateway API objects. Out: MeshIndex, callers, requests.
import { parseAllDocuments } from 'yaml';
import { serviceKey } from '../../model/ids';
import {
  type ConfigKind,
  type ConfigObject,
  DEFAULT_MESH_SETTINGS,
  type Inventory,
  type Json,
  type JsonObject,
  type MeshSettings,
  type NamespaceInfo,
  type ObjectMeta,
  type PodInfo,
  type ServiceInfo,
} from '../../model/inventory';
import type { Caller, RouteRequest } from '../../model/routing';
import { buildMeshIndex, type MeshIndex } from './mesh-index';
import { Fields } from './read/fields';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Objects of YAML documents; `metadata.age` is the creation time in ms (default: the place in the text). */
export function meshOf(yaml: string, mesh: Partial<MeshSettings> = {}): MeshIndex {
  return buildMeshIndex(inventoryOf(yaml, mesh));
}

export function inventoryOf(yaml: string, mesh: Partial<MeshSettings> = {}): Inventory {
  const services = new Map<ServiceInfo['key'], ServiceInfo>();
  const pods = new Map<string, PodInfo>();
  const namespaces = new Map<string, NamespaceInfo>();
  const config = new Map<ConfigKind, ConfigObject[]>();
  const secretNames = new Set<string>();
  parseAllDocuments(yaml).forEach((document, i) => {
    const value: unknown = document.toJS();
    if (!isObject(value)) return;
    const fields = new Fields(value, '', []);
    const kind = fields.text('kind') ?? '';
    const meta = metaOf(fields.object('metadata'), i);
    const spec = fields.object('spec') ?? new Fields({}, 'spec', []);
    if (kind === 'Service') {
      const service = serviceOf(meta, spec);
      services.set(service.key, service);
    } else if (kind === 'Pod') pods.set(`${meta.namespace}/${meta.name}`, podOf(meta, spec, pods.size));
    else if (kind === 'Secret') secretNames.add(`${meta.namespace}/${meta.name}`);
    else if (kind === 'Namespace')
      namespaces.set(meta.name, { ...meta, injection: null, ambient: meta.labels['istio.io/dataplane-mode'] === 'ambient' });
    else {
      const apiVersion = fields.text('apiVersion') ?? 'networking.istio.io/v1';
      const key = (kind === 'Gateway' && apiVersion.startsWith('gateway.networking.k8s.io') ? 'K8sGateway' : kind) as ConfigKind;
      const object: ConfigObject = {
        ...meta,
        apiVersion,
        kind,
        generation: 1,
        spec: spec.value,
        status: fields.object('status')?.value ?? null,
      };
      config.set(key, [...(config.get(key) ?? []), object]);
    }
  });
  return {
    cluster: 'Kubernetes',
    revision: 1,
    mesh: { ...DEFAULT_MESH_SETTINGS, ...mesh },
    namespaces,
    services,
    workloads: new Map(),
    pods,
    config,
    // A mesh of the tests that names none does not know of any.
    ...(secretNames.size === 0 ? {} : { secretNames }),
  };
}

function metaOf(metadata: Fields | null, place: number): ObjectMeta {
  const name = metadata?.text('name') ?? 'x';
  return {
    cluster: 'Kubernetes',
    namespace: metadata?.text('namespace') ?? 'default',
    name,
    uid: `${place}`,
    resourceVersion: '1',
    createdAtMs: metadata?.number('age') ?? place,
    labels: metadata?.labels('labels') ?? {},
    annotations: metadata?.labels('annotations') ?? {},
  };
}

/** `ports: {http: 80}` or `{http: [80, 8080]}` with the target port, a number or the name of a pod's port; headless, externalName, clusterIp are flags and texts. */
function serviceOf(meta: ObjectMeta, spec: Fields): ServiceInfo {
  const ports: JsonObject = spec.object('ports')?.value ?? {};
  const externalName = spec.text('externalName');
  const headless = spec.flag('headless') ?? false;
  const clusterIp = spec.text('clusterIp');
  const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
  return {
    ...meta,
    key: serviceKey('Kubernetes', meta.namespace, meta.name),
    type: externalName === null ? 'ClusterIP' : 'ExternalName',
    host: `${meta.name}.${meta.namespace}.svc.cluster.local`,
    headless,
    externalName,
    clusterIps: clusterIp === null ? [] : [clusterIp],
    ports: Object.entries(ports).map(([name, value]) => {
      const numbers: readonly Json[] = isList(value) ? value : [value ?? null];
      const port = numberOf(numbers[0]);
      const last = numbers.at(-1);
      const target = typeof last === 'string' ? last : numberOf(last);
      return { name, port, targetPort: target, transport: 'TCP', appProtocol: null };
    }),
    selector: spec.has('selector') ? spec.labels('selector') : { app: meta.name },
  };
}

/** `mesh: sidecar | ambient | none`, default sidecar; `ports: {web: 8080}` are named container ports. */
function podOf(meta: ObjectMeta, spec: Fields, place: number): PodInfo {
  const mode = spec.text('mesh') ?? 'sidecar';
  return {
    ...meta,
    labels: mode === 'sidecar' ? { 'security.istio.io/tlsMode': 'istio', ...meta.labels } : meta.labels,
    workload: null,
    ip: spec.text('ip') ?? `10.1.0.${place + 1}`,
    ready: spec.flag('ready') ?? true,
    phase: 'Running',
    serviceAccount: spec.text('serviceAccount') ?? 'default',
    containers: mode === 'sidecar' ? ['app', 'istio-proxy'] : ['app'],
    namedPorts: Object.fromEntries(Object.entries(spec.object('ports')?.value ?? {}).map(([name, port]) => [name, Number(port)])),
    injected: mode === 'sidecar',
    ambient: mode === 'ambient',
    restarts: 0,
    proxyVersion: null,
  };
}

/** A caller with a sidecar in `default`. */
export const callerOf = (parts: Partial<Caller> = {}): Caller => ({
  cluster: 'Kubernetes',
  namespace: 'default',
  workload: 'client',
  podLabels: { app: 'client' },
  serviceAccount: 'client',
  mode: 'sidecar',
  ...parts,
});

/** A GET of `/` on port 80. */
export const requestOf = (host: string, parts: Partial<RouteRequest> = {}): RouteRequest => ({
  caller: callerOf(),
  host,
  port: 80,
  protocol: 'http',
  scheme: 'http',
  method: 'GET',
  path: '/',
  headers: {},
  query: {},
  ...parts,
});

/** A pod of the inventory; throws where the test names one that does not exist. */
export function podNamed(index: MeshIndex, key: string): PodInfo {
  const pod = index.inventory.pods.get(key);
  if (pod === undefined) throw new Error(`no pod ${key} in the test's mesh`);
  return pod;
}
