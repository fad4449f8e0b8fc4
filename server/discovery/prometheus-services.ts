// Which Services of a cluster may be a Prometheus (or speak as one), best first. In: JSON of Services. Out: candidates. Pure.
// Names and labels are those of Istio's addons, kube-prometheus-stack, the community chart, Prometheus Operator, VictoriaMetrics, Thanos.

export interface PrometheusService {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly https: boolean;
}

/** Label selectors that find them in all namespaces at once. */
export const LABEL_SELECTORS: readonly string[] = [
  'app.kubernetes.io/name in (prometheus,prometheus-server,kube-prometheus-stack-prometheus,vmsingle,victoria-metrics-single,thanos-query,thanos-query-frontend)',
  'app in (prometheus,kube-prometheus-stack-prometheus)',
];
/** Namespaces in which they are looked for by name, too. */
export const USUAL_NAMESPACES: readonly string[] = [
  'istio-system',
  'monitoring',
  'prometheus',
  'observability',
  'kube-prometheus-stack',
  'victoria-metrics',
  'thanos',
  'metrics',
];

const NAME =
  /^(?:prometheus(?:-server|-operated|-k8s)?|.*kube-prometheus(?:-stack)?(?:-prometheus)?|.*vmsingle.*|.*victoria-metrics-single.*|.*thanos-query(?:-frontend)?|.*-prometheus(?:-server)?)$/;
const LABELS = ['app.kubernetes.io/name', 'app'];
const LABEL =
  /^(?:prometheus|prometheus-server|kube-prometheus-stack-prometheus|vmsingle|victoria-metrics-single|thanos-query(?:-frontend)?)$/;
/** Parts of the same stacks that answer no queries. */
const OTHERS =
  /alertmanager|operator(?!-prometheus)|exporter|pushgateway|adapter|blackbox|kube-state-metrics|grafana|vmagent|vmalert|sidecar|store|compact|ruler|rule\b|receive/;
const PORT_NAMES = ['http', 'http-web', 'web', 'http-query', 'https', 'https-web'];
const PORTS = [9090, 8428, 8429, 10902, 9091, 80, 443];

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const textOf = (x: unknown): string => (typeof x === 'string' ? x : '');

/** Kubernetes names: what is put into a path or host must be one. */
const isName = (x: string): boolean => /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(x);

function choosePort(ports: unknown): { readonly port: number; readonly https: boolean } | null {
  const open = (Array.isArray(ports) ? ports : []).filter(isRecord).flatMap((each) => {
    const port = each['port'];
    const protocol = each['protocol'] ?? 'TCP';
    return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65536 && protocol === 'TCP'
      ? [{ port, name: textOf(each['name']) }]
      : [];
  });
  const found =
    PORTS.map((port) => open.find((each) => each.port === port)).find((each) => each !== undefined) ??
    PORT_NAMES.map((name) => open.find((each) => each.name === name)).find((each) => each !== undefined) ??
    (open.length === 1 ? open[0] : undefined);
  return found ? { port: found.port, https: found.port === 443 || found.name.startsWith('https') } : null;
}

interface Ranked extends PrometheusService {
  readonly rank: readonly number[];
}

function decodeOne(service: unknown, rootNamespace: string): Ranked | null {
  const metadata = isRecord(service) && isRecord(service['metadata']) ? service['metadata'] : null;
  const spec = isRecord(service) && isRecord(service['spec']) ? service['spec'] : null;
  if (!metadata || !spec) return null;
  const [namespace, name] = [textOf(metadata['namespace']), textOf(metadata['name'])];
  const labels = isRecord(metadata['labels']) ? metadata['labels'] : {};
  const labelled = LABELS.some((label) => LABEL.test(textOf(labels[label])));
  if (!isName(namespace) || !isName(name) || OTHERS.test(name) || !(labelled || NAME.test(name))) return null;
  const port = choosePort(spec['ports']);
  // A name outside of the cluster is whatever somebody wrote there.
  if (!port || spec['type'] === 'ExternalName') return null;
  const usual = USUAL_NAMESPACES.indexOf(namespace);
  return {
    namespace,
    name,
    ...port,
    rank: [
      namespace === rootNamespace ? 0 : 1,
      usual < 0 ? USUAL_NAMESPACES.length : usual,
      // Behind a headless Service is one replica or another.
      spec['clusterIP'] === 'None' ? 1 : 0,
      name === 'prometheus' ? 0 : 1,
    ],
  };
}

const compare = (a: Ranked, b: Ranked): number => {
  for (const [i, x] of a.rank.entries()) {
    const difference = x - (b.rank[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return `${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1;
};

/** The candidates in ServiceLists, each once, best first: the mesh's own namespace, then the usual ones, then the rest. */
export function decodePrometheusServices(lists: readonly unknown[], rootNamespace: string): readonly PrometheusService[] {
  const found = new Map<string, Ranked>();
  for (const list of lists)
    for (const item of isRecord(list) && Array.isArray(list['items']) ? list['items'] : []) {
      const one = decodeOne(item, rootNamespace);
      if (one) found.set(`${one.namespace}/${one.name}`, one);
    }
  return [...found.values()].sort(compare).map(({ namespace, name, port, https }) => ({ namespace, name, port, https }));
}
