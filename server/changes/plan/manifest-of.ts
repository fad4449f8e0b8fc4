// Manifests and the objects of the inventory. In: ConfigObject or Manifest. Out: the other, kinds and apiVersions.
// Kubernetes calls both Gateways `Gateway`; the apiVersion tells them apart.
import type { Manifest } from '../../../model/change';
import type { ConfigRef } from '../../../model/edit';
import type { ConfigKind, ConfigObject, Inventory, Json, JsonObject } from '../../../model/inventory';
import { memoByObject } from '../../istio/memo';

const NETWORKING = 'networking.istio.io';
const EXTENSIONS = 'extensions.istio.io';
const SECURITY = 'security.istio.io';
const GATEWAY_API = 'gateway.networking.k8s.io';

/** Group and the version to write where the inventory has no object of the group that tells which one the cluster serves. */
const GROUPS: Readonly<Record<ConfigKind, readonly [group: string, version: string]>> = {
  VirtualService: [NETWORKING, 'v1'],
  DestinationRule: [NETWORKING, 'v1'],
  Gateway: [NETWORKING, 'v1'],
  ServiceEntry: [NETWORKING, 'v1'],
  Sidecar: [NETWORKING, 'v1'],
  WorkloadEntry: [NETWORKING, 'v1'],
  WorkloadGroup: [NETWORKING, 'v1'],
  PeerAuthentication: [SECURITY, 'v1'],
  AuthorizationPolicy: [SECURITY, 'v1'],
  RequestAuthentication: [SECURITY, 'v1'],
  Telemetry: ['telemetry.istio.io', 'v1'],
  EnvoyFilter: [NETWORKING, 'v1alpha3'],
  ProxyConfig: [NETWORKING, 'v1beta1'],
  WasmPlugin: [EXTENSIONS, 'v1alpha1'],
  TrafficExtension: [EXTENSIONS, 'v1alpha1'],
  GatewayClass: [GATEWAY_API, 'v1'],
  K8sGateway: [GATEWAY_API, 'v1'],
  HTTPRoute: [GATEWAY_API, 'v1'],
  GRPCRoute: [GATEWAY_API, 'v1'],
  TCPRoute: [GATEWAY_API, 'v1alpha2'],
  TLSRoute: [GATEWAY_API, 'v1alpha3'],
  ReferenceGrant: [GATEWAY_API, 'v1beta1'],
  ListenerSet: [GATEWAY_API, 'v1'],
  BackendTLSPolicy: [GATEWAY_API, 'v1'],
};

const KINDS = Object.keys(GROUPS) as readonly ConfigKind[];

export const kubernetesKind = (kind: ConfigKind): string => (kind === 'K8sGateway' ? 'Gateway' : kind);

export const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));

/** Kind of the inventory for a kind and apiVersion as Kubernetes writes them; null for any that is not steered. */
export const configKindOf = (kind: string, apiVersion: string): ConfigKind | null =>
  KINDS.find((known) => kubernetesKind(known) === kind && GROUPS[known][0] === groupOf(apiVersion)) ?? null;

export const groupOfKind = (kind: ConfigKind): string => GROUPS[kind][0];

/** The apiVersion of the kind's objects; of Istio's groups, that of any object of the group. Null where no object tells. */
export function knownApiVersion(inventory: Inventory, kind: ConfigKind): string | null {
  const own = inventory.config.get(kind)?.[0]?.apiVersion;
  if (own !== undefined) return own;
  const [group] = GROUPS[kind];
  // Istio serves all kinds of a group at the same versions; the Gateway API does not.
  if (group === GATEWAY_API) return null;
  for (const other of KINDS) {
    const apiVersion = GROUPS[other][0] === group ? inventory.config.get(other)?.[0]?.apiVersion : undefined;
    if (apiVersion !== undefined) return apiVersion;
  }
  return null;
}

/** The apiVersion to write. */
export const servedApiVersion = (inventory: Inventory, kind: ConfigKind): string =>
  knownApiVersion(inventory, kind) ?? GROUPS[kind].join('/');

const isEmpty = (map: Readonly<Record<string, string>>): boolean => Object.keys(map).length === 0;

/** What a change can write of an object. */
export const manifestOf: (object: ConfigObject) => Manifest = memoByObject((object) =>
  buildManifest(object, object.namespace, object.name, object.labels, object.annotations, object.spec),
);

export function buildManifest(
  type: { readonly apiVersion: string; readonly kind: string },
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
  spec: JsonObject,
): Manifest {
  return {
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: { name, namespace, ...(isEmpty(labels) ? {} : { labels }), ...(isEmpty(annotations) ? {} : { annotations }) },
    spec,
  };
}

/** A new object of a kind with nothing but a spec. */
export const newManifest = (inventory: Inventory, ref: ConfigRef, spec: JsonObject): Manifest =>
  buildManifest(
    { apiVersion: servedApiVersion(inventory, ref.kind), kind: kubernetesKind(ref.kind) },
    ref.namespace,
    ref.name,
    {},
    {},
    spec,
  );

/** The object that a manifest makes of `old`, or of nothing. */
export function objectOf(manifest: Manifest, old: ConfigObject | null, cluster: string, createdAtMs: number): ConfigObject {
  const { metadata } = manifest;
  const written = {
    apiVersion: manifest.apiVersion,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    spec: manifest.spec,
  };
  if (old !== null) return { ...old, ...written };
  return {
    cluster,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: '',
    resourceVersion: '',
    createdAtMs,
    kind: manifest.kind,
    generation: 1,
    status: null,
    ...written,
  };
}

/** A manifest as JSON; every part of it is. */
export const manifestJson = (manifest: Manifest): JsonObject => manifest as unknown as JsonObject;

/** The manifest with another spec. */
export const withSpec = (manifest: Manifest, spec: JsonObject): Manifest => (spec === manifest.spec ? manifest : { ...manifest, spec });

/** The manifest with an annotation set, or without it where the text is null. */
export function withAnnotation(manifest: Manifest, name: string, text: string | null): Manifest {
  const { annotations: old = {}, ...rest } = manifest.metadata;
  if (old[name] === (text ?? undefined)) return manifest;
  const kept = Object.fromEntries(Object.entries(old).filter(([key]) => key !== name || text !== null));
  const annotations = text === null ? kept : { ...kept, [name]: text };
  return { ...manifest, metadata: isEmpty(annotations) ? rest : { ...rest, annotations } };
}

/** A place of a manifest, null where it is not. */
export function valueAt(manifest: Manifest, path: readonly (string | number)[]): Json {
  let value: Json | undefined = manifestJson(manifest);
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as { readonly [key: string | number]: Json | undefined })[part];
  }
  return value ?? null;
}
