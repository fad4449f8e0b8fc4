// Everything of a cluster with Istio that is no application: nodes, system namespaces, istiod, the ingress gateway, injection webhooks,
// mesh configuration. In: Stamp. Out: WorldPart. Shapes are those of Istio's Helm charts (base, istiod, gateway).
import { stringify } from 'yaml';
import type { KubeObject } from '../kubernetes/object';
import { buildDeployment, buildIstio, buildNamespace, buildObject, buildService, buildServiceAccount, type Stamp } from './objects';
import { uuidOf } from './random';
import { ISTIO_VERSION, ROOT_NAMESPACE, type WorldPart } from './world';

/** Root certificate (public) of the simulated mesh: self-signed, as istiod makes its own. */
export const ROOT_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBYDCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQKDA1jbHVzdGVy
LmxvY2FsMB4XDTI1MDEwMTAwMDAwMFoXDTM1MDEwMTAwMDAwMFowGDEWMBQGA1UE
CgwNY2x1c3Rlci5sb2NhbDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEpU6R4P
0oxc6/fh5G7YtN3q+fX7aEkuX6C/QDy6oM6AJqtEJ//6orHkfMSfaaCzpCDS2YWK
uun3iWVuYubVbqmjQjBAMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEG
MB0GA1UdDgQWBBTqPHAZPHe1pzlXclVvOUTZpi47+zAKBggqhkjOPQQDAgNHADBE
AiBUhwh48Pqryuo+Wkxx3lbqd8xxWLuA2YkBj2bdUL4gkgIgbiS8cIzq38LE4HFw
C7TRnuNnHV1sLMHVVYyV3Sfb4Io=
-----END CERTIFICATE-----
`;

export const NODES: readonly string[] = ['node-a', 'node-b', 'node-c'];
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] as const;

/** MeshConfig as the chart writes it, with access logs on. */
export const MESH_CONFIG = {
  accessLogFile: '/dev/stdout',
  defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012' },
  defaultProviders: { metrics: ['prometheus'] },
  enablePrometheusMerge: true,
  rootNamespace: ROOT_NAMESPACE,
  trustDomain: 'cluster.local',
} as const;

const HELM = { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/part-of': 'istio', release: 'istio' };

function buildNode(stamp: Stamp, name: string, index: number): KubeObject {
  const zone = ZONES[index % ZONES.length] ?? ZONES[0];
  return buildObject(
    stamp,
    'v1',
    'Node',
    {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'eu-west-1',
        'topology.kubernetes.io/zone': zone,
      },
    },
    {
      spec: { podCIDR: `10.244.${index}.0/24`, providerID: `sim:///${zone}/${name}` },
      status: {
        addresses: [
          { type: 'InternalIP', address: `192.168.10.${11 + index}` },
          { type: 'Hostname', address: name },
        ],
        capacity: { cpu: '8', memory: '32Gi', pods: '110' },
        allocatable: { cpu: '8', memory: '31Gi', pods: '110' },
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
        nodeInfo: {
          machineID: uuidOf(`${stamp.seed}/machine/${name}`).replaceAll('-', ''),
          systemUUID: uuidOf(`${stamp.seed}/system/${name}`),
          bootID: uuidOf(`${stamp.seed}/boot/${name}`),
          kernelVersion: '6.8.0',
          osImage: 'Ubuntu 24.04.2 LTS',
          containerRuntimeVersion: 'containerd://1.7.27',
          kubeletVersion: 'v1.32.3',
          kubeProxyVersion: 'v1.32.3',
          operatingSystem: 'linux',
          architecture: 'amd64',
        },
      },
    },
  );
}

/** The injection webhooks of one revision or tag: which namespaces and pods they take (istio.md 5.5). */
function buildWebhook(stamp: Stamp, name: string, labels: Readonly<Record<string, string>>): KubeObject {
  const webhook = (id: string, namespaceSelector: unknown, objectSelector: unknown): Record<string, unknown> => ({
    name: `${id}.sidecar-injector.istio.io`,
    admissionReviewVersions: ['v1'],
    clientConfig: { service: { name: 'istiod', namespace: ROOT_NAMESPACE, path: '/inject', port: 443 } },
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    reinvocationPolicy: 'Never',
    sideEffects: 'None',
    timeoutSeconds: 10,
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' }],
    namespaceSelector,
    objectSelector,
  });
  const notFalse = { matchExpressions: [{ key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] }] };
  return buildObject(
    stamp,
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    { name, labels: { ...HELM, app: 'sidecar-injector', 'istio.io/rev': 'default', ...labels } },
    {
      webhooks: [
        webhook('namespace', { matchExpressions: [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }] }, notFalse),
        webhook(
          'rev.namespace',
          {
            matchExpressions: [
              { key: 'istio.io/rev', operator: 'In', values: ['default'] },
              { key: 'istio-injection', operator: 'DoesNotExist' },
            ],
          },
          notFalse,
        ),
        webhook(
          'object',
          {
            matchExpressions: [
              { key: 'istio-injection', operator: 'DoesNotExist' },
              { key: 'istio.io/rev', operator: 'DoesNotExist' },
            ],
          },
          { matchExpressions: [{ key: 'sidecar.istio.io/inject', operator: 'In', values: ['true'] }] },
        ),
      ],
    },
  );
}

const configMap = (stamp: Stamp, name: string, data: Readonly<Record<string, string>>): KubeObject =>
  buildObject(stamp, 'v1', 'ConfigMap', { namespace: ROOT_NAMESPACE, name, labels: HELM }, { data });

function buildControlPlane(stamp: Stamp): readonly KubeObject[] {
  const labels = { app: 'istiod', istio: 'pilot' };
  const ns = ROOT_NAMESPACE;
  return [
    buildServiceAccount(stamp, ns, 'istiod', HELM),
    buildDeployment(stamp, {
      namespace: ns,
      name: 'istiod',
      labels,
      ownLabels: { ...labels, ...HELM, 'istio.io/rev': 'default', 'app.kubernetes.io/version': ISTIO_VERSION },
      podLabels: { 'istio.io/rev': 'default', 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' },
      podAnnotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15014', 'sidecar.istio.io/inject': 'false' },
      replicas: 1,
      container: 'discovery',
      image: `docker.io/istio/pilot:${ISTIO_VERSION}`,
      args: ['discovery', '--monitoringAddr=:15014', '--log_output_level=default:info', '--domain', 'cluster.local'],
      ports: [
        { name: 'http-debug', containerPort: 8080 },
        { name: 'grpc-xds', containerPort: 15010 },
        { name: 'tls-xds', containerPort: 15012 },
        { name: 'https-webhooks', containerPort: 15017 },
        { name: 'http-monitoring', containerPort: 15014 },
      ],
      serviceAccount: 'istiod',
    }),
    buildService(stamp, {
      namespace: ns,
      name: 'istiod',
      labels: { ...labels, ...HELM, 'istio.io/rev': 'default' },
      selector: labels,
      ports: [
        { name: 'grpc-xds', port: 15010 },
        { name: 'https-dns', port: 15012 },
        { name: 'https-webhook', port: 443, targetPort: 15017 },
        { name: 'http-monitoring', port: 15014 },
      ],
    }),
    configMap(stamp, 'istio', { mesh: stringify(MESH_CONFIG), meshNetworks: 'networks: {}' }),
    configMap(stamp, 'istio-sidecar-injector', {
      config: stringify({ policy: 'enabled', defaultTemplates: ['sidecar'], alwaysInjectSelector: [], neverInjectSelector: [] }),
      values: JSON.stringify({ global: { tag: ISTIO_VERSION, hub: 'docker.io/istio' }, revision: '' }),
    }),
    buildWebhook(stamp, 'istio-sidecar-injector', {}),
    buildWebhook(stamp, 'istio-revision-tag-default', { 'istio.io/tag': 'default' }),
    buildIstio(stamp, 'PeerAuthentication', ns, 'default', { mtls: { mode: 'PERMISSIVE' } }),
    buildIstio(stamp, 'Telemetry', ns, 'mesh-default', { metrics: [{ providers: [{ name: 'prometheus' }] }] }),
  ];
}

function buildIngressGateway(stamp: Stamp): readonly KubeObject[] {
  const name = 'istio-ingressgateway';
  const labels = { app: name, istio: 'ingressgateway' };
  return [
    buildServiceAccount(stamp, ROOT_NAMESPACE, name, HELM),
    buildDeployment(stamp, {
      namespace: ROOT_NAMESPACE,
      name,
      labels,
      ownLabels: { ...labels, ...HELM },
      podLabels: { 'sidecar.istio.io/inject': 'true' },
      podAnnotations: { 'inject.istio.io/templates': 'gateway' },
      replicas: 2,
      container: 'istio-proxy',
      image: 'auto',
      ports: [{ name: 'http-envoy-prom', containerPort: 15090 }],
      serviceAccount: name,
    }),
    buildService(stamp, {
      namespace: ROOT_NAMESPACE,
      name,
      labels: { ...labels, ...HELM },
      selector: labels,
      type: 'LoadBalancer',
      ports: [
        { name: 'status-port', port: 15021 },
        { name: 'http2', port: 80 },
        { name: 'https', port: 443 },
      ],
    }),
  ];
}

/** Gateway classes that istiod registers. */
const buildGatewayClass = (stamp: Stamp, name: string, controllerName: string): KubeObject =>
  buildObject(
    stamp,
    'gateway.networking.k8s.io/v1',
    'GatewayClass',
    { name },
    {
      spec: { controllerName, description: 'The default Istio GatewayClass' },
      status: {
        conditions: [
          {
            type: 'Accepted',
            status: 'True',
            reason: 'Accepted',
            message: 'Handled by Istio controller',
            observedGeneration: 1,
            lastTransitionTime: new Date(stamp.createdAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
          },
        ],
      },
    },
  );

/** Cluster, control plane and ingress gateway. */
export const buildPlatform = (stamp: Stamp): WorldPart => ({
  objects: [
    ...NODES.map((name, i) => buildNode(stamp, name, i)),
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease'].map((name) => buildNamespace(stamp, name)),
    buildNamespace(stamp, ROOT_NAMESPACE),
    buildService(stamp, {
      namespace: 'default',
      name: 'kubernetes',
      labels: { component: 'apiserver', provider: 'kubernetes' },
      selector: {},
      ports: [{ name: 'https', port: 443, targetPort: 6443 }],
    }),
    ...buildControlPlane(stamp),
    ...buildIngressGateway(stamp),
    buildGatewayClass(stamp, 'istio', 'istio.io/gateway-controller'),
    buildGatewayClass(stamp, 'istio-waypoint', 'istio.io/mesh-controller'),
  ],
  behaviours: [],
  externals: [],
  loads: [],
});
