// What the injection webhook does to a new pod: whether it takes it, and what it adds. Pure.
// In: Namespace labels, pod template. Out: labels, annotations and containers of the pod. Source: istio.md 5.5, Istio's sidecar template.
import { recordOf, textOf } from '../kubernetes/json';
import { canonicalRevision, canonicalService } from './inventory';
import { ISTIO_VERSION } from './world';

type Labels = Readonly<Record<string, string>>;
type Raw = Readonly<Record<string, unknown>>;

const REVISION = 'default';
const PROXY_IMAGE = `docker.io/istio/proxyv2:${ISTIO_VERSION}`;

/** How a new pod is treated: `none`, `sidecar`, or `gateway` (template of the same name). */
export type Injection = 'none' | 'sidecar' | 'gateway';

/** Decides by the labels of namespace and pod; `istio-injection` wins over `istio.io/rev`. */
export function decideInjection(namespaceLabels: Labels, podLabels: Labels, podAnnotations: Labels): Injection {
  const wanted = podLabels['sidecar.istio.io/inject'] ?? podAnnotations['sidecar.istio.io/inject'];
  const kind = podAnnotations['inject.istio.io/templates'] === 'gateway' ? 'gateway' : 'sidecar';
  const label = namespaceLabels['istio-injection'];
  const revision = namespaceLabels['istio.io/rev'];
  if (wanted === 'false' || label === 'disabled') return 'none';
  if (label === 'enabled') return kind;
  if (label !== undefined) return 'none';
  if (revision !== undefined) return revision === REVISION ? kind : 'none';
  return wanted === 'true' || podLabels['istio.io/rev'] === REVISION ? kind : 'none';
}

export interface InjectedTemplate {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly containers: readonly Raw[];
  readonly initContainers: readonly Raw[];
}

const proxyContainer = (role: 'sidecar' | 'router', workload: string): Raw => ({
  name: 'istio-proxy',
  image: PROXY_IMAGE,
  imagePullPolicy: 'IfNotPresent',
  args: [
    'proxy',
    role,
    '--domain',
    '$(POD_NAMESPACE).svc.cluster.local',
    '--proxyLogLevel=warning',
    '--proxyComponentLogLevel=misc:error',
    '--log_output_level=default:info',
  ],
  env: [
    { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
    { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
    { name: 'ISTIO_META_WORKLOAD_NAME', value: workload },
    { name: 'ISTIO_META_MESH_ID', value: 'cluster.local' },
    { name: 'TRUST_DOMAIN', value: 'cluster.local' },
  ],
  ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
  readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 }, periodSeconds: 15, timeoutSeconds: 3, failureThreshold: 4 },
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } },
  securityContext: { runAsUser: 1337, runAsGroup: 1337, runAsNonRoot: true, readOnlyRootFilesystem: true },
});

/** The pod template after the webhook. */
export function injectProxy(
  injection: Injection,
  workload: string,
  template: {
    readonly labels: Labels;
    readonly annotations: Labels;
    readonly containers: readonly Raw[];
    readonly initContainers: readonly Raw[];
  },
): InjectedTemplate {
  if (injection === 'none') return template;
  const labels = {
    ...template.labels,
    'security.istio.io/tlsMode': 'istio',
    'service.istio.io/canonical-name': canonicalService(template.labels, workload),
    'service.istio.io/canonical-revision': canonicalRevision(template.labels),
  };
  const sidecar = injection === 'sidecar';
  const annotations = {
    ...template.annotations,
    'istio.io/rev': REVISION,
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '15020',
    'prometheus.io/path': '/stats/prometheus',
    'sidecar.istio.io/status': JSON.stringify({
      initContainers: sidecar ? ['istio-init'] : null,
      containers: ['istio-proxy'],
      volumes: [
        'workload-socket',
        'credential-socket',
        'workload-certs',
        'istio-envoy',
        'istio-data',
        'istio-podinfo',
        'istio-token',
        'istiod-ca-cert',
      ],
      imagePullSecrets: null,
      revision: REVISION,
    }),
    ...(sidecar ? { 'kubectl.kubernetes.io/default-container': textOf(recordOf(template.containers[0])['name']) ?? '' } : {}),
  };
  if (!sidecar)
    return {
      labels,
      annotations,
      initContainers: template.initContainers,
      // The gateway template fills in the container of that name (image `auto`).
      containers: template.containers.map((c) =>
        c['name'] === 'istio-proxy' ? { ...proxyContainer('router', workload), ports: c['ports'] } : c,
      ),
    };
  return {
    labels,
    annotations,
    containers: [...template.containers, proxyContainer('sidecar', workload)],
    initContainers: [
      ...template.initContainers,
      { name: 'istio-init', image: PROXY_IMAGE, args: ['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT'] },
    ],
  };
}
