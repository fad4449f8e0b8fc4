// The kinds of configuration as people see them: words, groups of the cluster's API, addresses of their pages. In: kinds, API versions. Out: words. Pure.
import { type ConfigRef, refText } from '../../model/edit';
import { CONFIG_KINDS, type ConfigKind } from '../../model/inventory';
import { CLUSTER_SCOPE, configHref } from '../ui/config-address';

const GATEWAY_API = 'gateway.networking.k8s.io';

interface KindFacts {
  /** The kind in Kubernetes' own word, with its API where two APIs use one word. */
  readonly label: string;
  /** What it is for. */
  readonly hint: string;
  readonly apiVersion: string;
}

export const KIND_FACTS: Readonly<Record<ConfigKind, KindFacts>> = {
  VirtualService: { label: 'VirtualService', hint: 'Routes requests for a host', apiVersion: 'networking.istio.io/v1' },
  DestinationRule: {
    label: 'DestinationRule',
    hint: 'Subsets, load balancing, outlier detection, TLS to a host',
    apiVersion: 'networking.istio.io/v1',
  },
  Gateway: { label: 'Gateway (Istio)', hint: 'Ports and hosts that a gateway serves', apiVersion: 'networking.istio.io/v1' },
  ServiceEntry: { label: 'ServiceEntry', hint: 'A host outside of the mesh', apiVersion: 'networking.istio.io/v1' },
  Sidecar: { label: 'Sidecar', hint: 'What the proxies of a namespace can reach', apiVersion: 'networking.istio.io/v1' },
  WorkloadEntry: { label: 'WorkloadEntry', hint: 'A workload outside of Kubernetes', apiVersion: 'networking.istio.io/v1' },
  WorkloadGroup: { label: 'WorkloadGroup', hint: 'A template for WorkloadEntries', apiVersion: 'networking.istio.io/v1' },
  PeerAuthentication: { label: 'PeerAuthentication', hint: 'Which mutual TLS is accepted', apiVersion: 'security.istio.io/v1' },
  AuthorizationPolicy: { label: 'AuthorizationPolicy', hint: 'Who may call what', apiVersion: 'security.istio.io/v1' },
  RequestAuthentication: { label: 'RequestAuthentication', hint: 'Which JSON Web Tokens are accepted', apiVersion: 'security.istio.io/v1' },
  Telemetry: { label: 'Telemetry', hint: 'Metrics, traces and access logs of proxies', apiVersion: 'telemetry.istio.io/v1' },
  EnvoyFilter: { label: 'EnvoyFilter', hint: 'Changes what proxies are told, by hand', apiVersion: 'networking.istio.io/v1alpha3' },
  ProxyConfig: {
    label: 'ProxyConfig',
    hint: 'Settings of proxies: concurrency, image, environment',
    apiVersion: 'networking.istio.io/v1beta1',
  },
  WasmPlugin: { label: 'WasmPlugin', hint: 'WebAssembly that runs in proxies', apiVersion: 'extensions.istio.io/v1alpha1' },
  TrafficExtension: {
    label: 'TrafficExtension',
    hint: 'Lua or WebAssembly that runs in proxies',
    apiVersion: 'extensions.istio.io/v1alpha1',
  },
  GatewayClass: { label: 'GatewayClass', hint: 'Who implements Gateways', apiVersion: `${GATEWAY_API}/v1` },
  K8sGateway: { label: 'Gateway (Kubernetes)', hint: 'Listeners that routes attach to', apiVersion: `${GATEWAY_API}/v1` },
  HTTPRoute: { label: 'HTTPRoute', hint: 'Routes HTTP requests', apiVersion: `${GATEWAY_API}/v1` },
  GRPCRoute: { label: 'GRPCRoute', hint: 'Routes gRPC calls', apiVersion: `${GATEWAY_API}/v1` },
  TCPRoute: { label: 'TCPRoute', hint: 'Routes TCP connections', apiVersion: `${GATEWAY_API}/v1alpha2` },
  TLSRoute: { label: 'TLSRoute', hint: 'Routes TLS connections by SNI', apiVersion: `${GATEWAY_API}/v1alpha2` },
  ListenerSet: { label: 'ListenerSet', hint: 'More listeners for a Gateway', apiVersion: `${GATEWAY_API}/v1` },
  BackendTLSPolicy: { label: 'BackendTLSPolicy', hint: 'TLS from proxies to a service', apiVersion: `${GATEWAY_API}/v1` },
  ReferenceGrant: { label: 'ReferenceGrant', hint: 'Lets routes of another namespace refer here', apiVersion: `${GATEWAY_API}/v1beta1` },
};

export const isConfigKind = (text: string): text is ConfigKind => CONFIG_KINDS.some((kind) => kind === text);
export const wordConfigKind = (kind: ConfigKind): string => KIND_FACTS[kind].label;

/** Kubernetes' own word for a kind, as `kind:` says it. */
export const kubernetesKind = (kind: ConfigKind): string => (kind === 'K8sGateway' ? 'Gateway' : kind);

const groupOf = (apiVersion: string): string => apiVersion.split('/')[0] ?? '';

/** The kind that an object's apiVersion and kind mean; null for one that the console does not steer. */
export function decodeKind(apiVersion: string, kind: string): ConfigKind | null {
  return CONFIG_KINDS.find((one) => kubernetesKind(one) === kind && groupOf(KIND_FACTS[one].apiVersion) === groupOf(apiVersion)) ?? null;
}

/** "VirtualService bookinfo/reviews". */
export const wordRef = ({ kind, namespace, name }: ConfigRef): string =>
  `${wordConfigKind(kind)} ${namespace === '' ? name : `${namespace}/${name}`}`;

/** The object that the parts of an address mean; null for a kind that does not exist. */
export function decodeConfigAddress(kind: string, namespace: string, name: string): ConfigRef | null {
  if (!isConfigKind(kind)) return null;
  return { kind, namespace: namespace === CLUSTER_SCOPE ? '' : namespace, name };
}

/** Address of the object in the API. */
export const configApiPath = (ref: ConfigRef): string => `/api${configHref(ref)}`;

export const sameRef = (a: ConfigRef, b: ConfigRef): boolean => refText(a) === refText(b);
