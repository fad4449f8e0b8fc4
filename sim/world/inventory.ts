// The store's objects as the Inventory that the routing rules read. Decoded once per object (objects are immutable), put together on demand.
// In: ObjectStore. Out: InventoryReader. The simulation's own small reader: it sees its own objects, so it needs no watches.
import { parse } from 'yaml';
import { serviceKey, type WorkloadKey, workloadKey } from '../../model/ids';
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
  type WorkloadInfo,
} from '../../model/inventory';
import { isRecord, listOf, recordOf, textOf, valueAt } from '../kubernetes/json';
import type { KubeObject } from '../kubernetes/object';
import type { ObjectStore } from '../kubernetes/store';
import { CLUSTER, ROOT_NAMESPACE } from './world';

/** Resource of each configuration kind in the store. */
export const CONFIG_RESOURCES: Readonly<Record<ConfigKind, string>> = {
  VirtualService: 'virtualservices.networking.istio.io',
  DestinationRule: 'destinationrules.networking.istio.io',
  Gateway: 'gateways.networking.istio.io',
  ServiceEntry: 'serviceentries.networking.istio.io',
  Sidecar: 'sidecars.networking.istio.io',
  WorkloadEntry: 'workloadentries.networking.istio.io',
  WorkloadGroup: 'workloadgroups.networking.istio.io',
  PeerAuthentication: 'peerauthentications.security.istio.io',
  AuthorizationPolicy: 'authorizationpolicies.security.istio.io',
  RequestAuthentication: 'requestauthentications.security.istio.io',
  Telemetry: 'telemetries.telemetry.istio.io',
  EnvoyFilter: 'envoyfilters.networking.istio.io',
  ProxyConfig: 'proxyconfigs.networking.istio.io',
  WasmPlugin: 'wasmplugins.extensions.istio.io',
  TrafficExtension: 'trafficextensions.extensions.istio.io',
  GatewayClass: 'gatewayclasses.gateway.networking.k8s.io',
  K8sGateway: 'gateways.gateway.networking.k8s.io',
  HTTPRoute: 'httproutes.gateway.networking.k8s.io',
  GRPCRoute: 'grpcroutes.gateway.networking.k8s.io',
  TCPRoute: 'tcproutes.gateway.networking.k8s.io',
  TLSRoute: 'tlsroutes.gateway.networking.k8s.io',
  ReferenceGrant: 'referencegrants.gateway.networking.k8s.io',
  ListenerSet: 'listenersets.gateway.networking.k8s.io',
  BackendTLSPolicy: 'backendtlspolicies.gateway.networking.k8s.io',
};

const CONFIG_KIND_LIST = Object.keys(CONFIG_RESOURCES).filter((k): k is ConfigKind => k in CONFIG_RESOURCES);

const WORKLOAD_RESOURCES = [
  ['Deployment', 'deployments.apps'],
  ['StatefulSet', 'statefulsets.apps'],
  ['DaemonSet', 'daemonsets.apps'],
] as const;

/** Resources that only configuration lives in. */
export const CONFIG_RESOURCE_SET: ReadonlySet<string> = new Set(Object.values(CONFIG_RESOURCES));

/** Resources whose objects change what traffic does; changes of others (controllers, events) need no new plan. */
export const TRAFFIC_RESOURCES: ReadonlySet<string> = new Set([...CONFIG_RESOURCE_SET, 'namespaces', 'services', 'pods', 'configmaps']);

const isJsonObject = (value: unknown): value is JsonObject & Json => isRecord(value);
const wholeNumber = (value: unknown, absent = 0): number => (typeof value === 'number' ? value : absent);

const textMap = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(recordOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

function metaOf(object: KubeObject): ObjectMeta {
  const { metadata } = object;
  return {
    cluster: CLUSTER,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    createdAtMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
  };
}

function readNamespace(object: KubeObject): NamespaceInfo {
  const meta = metaOf(object);
  const label = meta.labels['istio-injection'];
  const revision = meta.labels['istio.io/rev'];
  return {
    ...meta,
    injection:
      label !== undefined
        ? { mode: label === 'enabled' ? 'enabled' : 'disabled', revision: null }
        : revision !== undefined
          ? { mode: 'revision', revision }
          : null,
    ambient: meta.labels['istio.io/dataplane-mode'] === 'ambient',
  };
}

const SERVICE_TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;

function readService(object: KubeObject): ServiceInfo {
  const meta = metaOf(object);
  const spec = recordOf(object['spec']);
  const ip = textOf(spec['clusterIP']) ?? '';
  return {
    ...meta,
    key: serviceKey(CLUSTER, meta.namespace, meta.name),
    type: SERVICE_TYPES.find((t) => t === spec['type']) ?? 'ClusterIP',
    host: `${meta.name}.${meta.namespace}.svc.${DEFAULT_MESH_SETTINGS.domain}`,
    headless: ip === 'None',
    externalName: textOf(spec['externalName']) ?? null,
    clusterIps: ip === '' || ip === 'None' ? [] : [ip],
    ports: listOf(spec['ports'])
      .map(recordOf)
      .map((p) => {
        const port = wholeNumber(p['port']);
        const target = p['targetPort'];
        return {
          name: textOf(p['name']) ?? '',
          port,
          targetPort: typeof target === 'number' || typeof target === 'string' ? target : port,
          transport: textOf(p['protocol']) ?? 'TCP',
          appProtocol: textOf(p['appProtocol']) ?? null,
        };
      }),
    selector: textMap(spec['selector']),
  };
}

/** A pod with what routing needs beyond PodInfo. */
export interface WorldPod extends PodInfo {
  /** Name of its workload, in its own namespace. */
  readonly workloadName: string;
  /** Named and numbered container ports. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** Nothing but a proxy. */
  readonly gateway: boolean;
  /** Instant at which it became ready, ms; 0 while it never was. */
  readonly readyAtMs: number;
  readonly object: KubeObject;
}

function workloadNameOf(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.find((o) => o.controller === true);
  if (!owner) return object.metadata.name;
  const hash = object.metadata.labels?.['pod-template-hash'];
  return owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? owner.name.slice(0, -hash.length - 1)
    : owner.name;
}

function readPod(object: KubeObject): WorldPod {
  const meta = metaOf(object);
  const regular = listOf(valueAt(object, 'spec', 'containers')).map(recordOf);
  const initial = listOf(valueAt(object, 'spec', 'initContainers')).map(recordOf);
  const proxy = [...regular, ...initial].find((c) => c['name'] === 'istio-proxy');
  const condition = listOf(valueAt(object, 'status', 'conditions'))
    .map(recordOf)
    .find((c) => c['type'] === 'Ready');
  const workloadName = workloadNameOf(object);
  const image = proxy ? (textOf(proxy['image']) ?? '') : '';
  const ports = regular.flatMap((c) =>
    listOf(c['ports'])
      .map(recordOf)
      .map((p) => ({ name: textOf(p['name']) ?? '', port: wholeNumber(p['containerPort']) })),
  );
  return {
    ...meta,
    workload: workloadKey(CLUSTER, meta.namespace, workloadName),
    workloadName,
    ip: textOf(valueAt(object, 'status', 'podIP')) ?? '',
    ready: condition?.['status'] === 'True' && object.metadata.deletionTimestamp === undefined,
    readyAtMs: condition?.['status'] === 'True' ? Date.parse(textOf(condition['lastTransitionTime']) ?? '') || 0 : 0,
    phase: textOf(valueAt(object, 'status', 'phase')) ?? 'Unknown',
    serviceAccount: textOf(valueAt(object, 'spec', 'serviceAccountName')) ?? 'default',
    containers: regular.map((c) => textOf(c['name']) ?? ''),
    injected: proxy !== undefined,
    ambient: false,
    restarts: listOf(valueAt(object, 'status', 'containerStatuses')).reduce<number>(
      (sum, c) => sum + wholeNumber(recordOf(c)['restartCount']),
      0,
    ),
    proxyVersion: image === '' ? null : (image.split(':').pop() ?? null),
    ports,
    namedPorts: Object.fromEntries(ports.filter(({ name }) => name !== '').map(({ name, port }) => [name, port])),
    gateway: regular.length === 1 && regular[0]?.['name'] === 'istio-proxy',
    object,
  };
}

const firstOf = (labels: Readonly<Record<string, string>>, names: readonly string[]): string | undefined =>
  names.map((n) => labels[n]).find((x) => x !== undefined && x !== '');

/** Canonical name of a workload (istio.md 1.2): label, `app.kubernetes.io/name`, `app`, else the workload's name. */
export const canonicalService = (labels: Readonly<Record<string, string>>, workload: string): string =>
  firstOf(labels, ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app']) ?? workload;

/** Canonical revision: label, `app.kubernetes.io/version`, `version`, else `latest`. */
export const canonicalRevision = (labels: Readonly<Record<string, string>>): string =>
  firstOf(labels, ['service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version']) ?? 'latest';

function readConfig(object: KubeObject): ConfigObject {
  const { spec, status } = object;
  return {
    ...metaOf(object),
    apiVersion: object.apiVersion,
    kind: object.kind,
    generation: object.metadata.generation ?? 0,
    spec: isJsonObject(spec) ? spec : {},
    status: isJsonObject(status) ? status : null,
  };
}

function readMeshSettings(object: KubeObject | undefined): MeshSettings {
  const text = textOf(valueAt(object, 'data', 'mesh'));
  if (text === undefined) return DEFAULT_MESH_SETTINGS;
  let mesh: Readonly<Record<string, unknown>>;
  try {
    mesh = recordOf(parse(text));
  } catch {
    return DEFAULT_MESH_SETTINGS;
  }
  const standard = DEFAULT_MESH_SETTINGS;
  return {
    ...standard,
    rootNamespace: textOf(mesh['rootNamespace']) ?? standard.rootNamespace,
    trustDomain: textOf(mesh['trustDomain']) ?? standard.trustDomain,
    domain: standard.domain,
    autoMtls: mesh['enableAutoMtls'] !== false,
    outboundTrafficPolicy: valueAt(mesh, 'outboundTrafficPolicy', 'mode') === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
  };
}

/** The inventory with the pods as the simulation knows them. */
export interface WorldView {
  readonly inventory: Inventory;
  /** By `namespace/name`. */
  readonly pods: ReadonlyMap<string, WorldPod>;
}

/** Reads a store; decoded objects are remembered as long as they live. */
export class InventoryReader {
  private readonly store: ObjectStore;
  private readonly decoded = new WeakMap<KubeObject, unknown>();

  constructor(store: ObjectStore) {
    this.store = store;
  }

  /** The mesh as the store has it now. */
  read(): WorldView {
    const pods = new Map<string, WorldPod>();
    for (const object of this.store.list('pods')) {
      const pod = this.once(object, readPod);
      if (pod.phase !== 'Succeeded' && pod.phase !== 'Failed') pods.set(`${pod.namespace}/${pod.name}`, pod);
    }
    const namespaces = this.store.list('namespaces').map((o) => this.once(o, readNamespace));
    const services = this.store.list('services').map((o) => this.once(o, readService));
    const config = new Map<ConfigKind, readonly ConfigObject[]>();
    for (const kind of CONFIG_KIND_LIST) {
      const objects = this.store.list(CONFIG_RESOURCES[kind]).map((o) => this.once(o, readConfig));
      if (objects.length > 0) config.set(kind, objects);
    }
    return {
      pods,
      inventory: {
        cluster: CLUSTER,
        revision: this.store.revision,
        mesh: readMeshSettings(this.store.read('configmaps', ROOT_NAMESPACE, 'istio')),
        namespaces: new Map(namespaces.map((n) => [n.name, n])),
        services: new Map(services.map((s) => [s.key, s])),
        workloads: this.readWorkloads(pods.values()),
        pods,
        config,
      },
    };
  }

  private once<T>(object: KubeObject, read: (object: KubeObject) => T): T {
    const known = this.decoded.get(object);
    // The map's key decides the type: one object is always read by the same function.
    if (known !== undefined) return known as T;
    const fresh = read(object);
    this.decoded.set(object, fresh);
    return fresh;
  }

  private readWorkloads(pods: Iterable<WorldPod>): ReadonlyMap<WorkloadKey, WorkloadInfo> {
    const podsOf = new Map<WorkloadKey, WorldPod[]>();
    for (const pod of pods) {
      const key = workloadKey(CLUSTER, pod.namespace, pod.workloadName);
      const own = podsOf.get(key);
      if (own) own.push(pod);
      else podsOf.set(key, [pod]);
    }
    const workloads = new Map<WorkloadKey, WorkloadInfo>();
    for (const [kind, resource] of WORKLOAD_RESOURCES)
      for (const object of this.store.list(resource)) {
        const meta = metaOf(object);
        const key = workloadKey(CLUSTER, meta.namespace, meta.name);
        const own = podsOf.get(key) ?? [];
        const labels = own[0]?.labels ?? textMap(valueAt(object, 'spec', 'template', 'metadata', 'labels'));
        const ready = own.filter((p) => p.ready).length;
        workloads.set(key, {
          ...meta,
          key,
          kind,
          podLabels: labels,
          serviceAccount: textOf(valueAt(object, 'spec', 'template', 'spec', 'serviceAccountName')) ?? 'default',
          app: canonicalService(labels, meta.name),
          version: canonicalRevision(labels),
          mode:
            labels['app'] === 'istiod'
              ? 'controlPlane'
              : own.some((p) => p.gateway)
                ? 'gateway'
                : own.some((p) => p.injected)
                  ? 'sidecar'
                  : 'none',
          pods: { desired: wholeNumber(valueAt(object, 'spec', 'replicas'), 1), current: own.length, available: ready, ready },
          meshedPods: own.filter((p) => p.ready && p.injected).length,
        });
      }
    return workloads;
  }
}
