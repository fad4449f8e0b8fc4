// Tests of the choice of Services: the usual installations are found, their neighbours are not, and hostile lists do no harm.
import { describe, expect, it } from 'vitest';
import { buildDirectTarget, buildProxiedTarget } from './metrics-target';
import { decodePrometheusServices } from './prometheus-services';

type Port = readonly [name: string, port: number];
const service = (
  namespace: string,
  name: string,
  ports: readonly Port[],
  labels: Readonly<Record<string, string>> = {},
  spec: Readonly<Record<string, unknown>> = {},
): unknown => ({
  metadata: { namespace, name, labels },
  spec: { clusterIP: '10.0.0.1', ports: ports.map(([portName, port]) => ({ name: portName, port, protocol: 'TCP' })), ...spec },
});
const found = (...items: readonly unknown[]): readonly string[] =>
  decodePrometheusServices([{ items }], 'istio-system').map((s) => `${s.https ? 'https:' : ''}${s.namespace}/${s.name}:${s.port}`);

describe('decodePrometheusServices', () => {
  it.each<readonly [string, unknown, string]>([
    [
      'Istio’s addon',
      service('istio-system', 'prometheus', [['http', 9090]], { 'app.kubernetes.io/name': 'prometheus' }),
      'istio-system/prometheus:9090',
    ],
    [
      'kube-prometheus-stack',
      service(
        'monitoring',
        'kps-kube-prometheus-stack-prometheus',
        [
          ['http-web', 9090],
          ['reloader-web', 8080],
        ],
        { app: 'kube-prometheus-stack-prometheus' },
      ),
      'monitoring/kps-kube-prometheus-stack-prometheus:9090',
    ],
    ['the community chart', service('prometheus', 'prometheus-server', [['http', 80]]), 'prometheus/prometheus-server:80'],
    [
      'the operator’s own',
      service('monitoring', 'prometheus-operated', [
        ['web', 9090],
        ['grpc', 10901],
      ]),
      'monitoring/prometheus-operated:9090',
    ],
    [
      'kube-prometheus',
      service('monitoring', 'prometheus-k8s', [['web', 9090]], { 'app.kubernetes.io/name': 'prometheus' }),
      'monitoring/prometheus-k8s:9090',
    ],
    [
      'VictoriaMetrics',
      service('vm', 'vmsingle-main', [['http', 8429]], { 'app.kubernetes.io/name': 'vmsingle' }),
      'vm/vmsingle-main:8429',
    ],
    [
      'Thanos',
      service('thanos', 'thanos-query-frontend', [
        ['http', 9090],
        ['grpc', 10901],
      ]),
      'thanos/thanos-query-frontend:9090',
    ],
    ['one with TLS', service('monitoring', 'prometheus', [['https', 443]]), 'https:monitoring/prometheus:443'],
    ['an unusual port', service('monitoring', 'prometheus', [['whatever', 1234]]), 'monitoring/prometheus:1234'],
  ])('finds %s', (_name, one, expected) => {
    expect(found(one)).toEqual([expected]);
  });

  it.each([
    'kps-kube-prometheus-stack-alertmanager',
    'kube-prometheus-stack-operator',
    'prometheus-node-exporter',
    'prometheus-pushgateway',
    'prometheus-adapter',
    'prometheus-blackbox-exporter',
    'kube-state-metrics',
    'thanos-store',
    'vmagent-main',
  ])('leaves %s alone', (name) => {
    expect(found(service('monitoring', name, [['http', 9090]], { app: 'prometheus' }))).toEqual([]);
    expect(found(service('monitoring', name, [['http', 9090]]))).toEqual([]);
  });

  it('believes a label, but no name that only holds the word', () => {
    expect(found(service('shop', 'my-prometheus-client-app', [['http', 9090]]))).toEqual([]);
    expect(found(service('shop', 'numbers', [['http', 9090]], { app: 'prometheus' }))).toEqual(['shop/numbers:9090']);
  });

  it('prefers the mesh’s namespace, then the usual ones, a real address over none, and takes each once', () => {
    const addon = service('istio-system', 'prometheus', [['http', 9090]]);
    expect(
      found(
        service('zoo', 'x-prometheus', [['http', 9090]], { app: 'prometheus' }),
        service('monitoring', 'prometheus-operated', [['web', 9090]], {}, { clusterIP: 'None' }),
        service('monitoring', 'prometheus-k8s', [['web', 9090]]),
        addon,
        addon,
      ),
    ).toEqual([
      'istio-system/prometheus:9090',
      'monitoring/prometheus-k8s:9090',
      'monitoring/prometheus-operated:9090',
      'zoo/x-prometheus:9090',
    ]);
  });

  it('takes nothing that could lead elsewhere, and survives what is no list', () => {
    expect(
      found(
        service('monitoring', 'prometheus', [['http', 9090]], {}, { type: 'ExternalName', externalName: 'evil.example.com' }),
        service('monitoring', '../../secrets/prometheus', [['http', 9090]], { app: 'prometheus' }),
        service('a/b', 'prometheus', [['http', 9090]], { app: 'prometheus' }),
        service('monitoring', 'prometheus', []),
        service('monitoring', 'prometheus', [['http', 99_999]]),
        null,
        { metadata: { name: 'prometheus' } },
      ),
    ).toEqual([]);
    for (const list of [null, 1, [], { items: {} }, { items: [[]] }]) expect(decodePrometheusServices([list], 'istio-system')).toEqual([]);
  });
});

describe('targets', () => {
  const one = { namespace: 'monitoring', name: 'prometheus', port: 9090, https: false };
  const credentials = { authorization: null, headers: {}, tls: {} };
  it('are the Service’s name inside, and the API server’s proxy outside', () => {
    expect(buildDirectTarget(one).url).toBe('http://prometheus.monitoring.svc:9090');
    expect(buildDirectTarget({ ...one, https: true }).url).toBe('https://prometheus.monitoring.svc:9090');
    expect(buildProxiedTarget(one, 'https://api:6443/k8s/clusters/c', credentials).url).toBe(
      'https://api:6443/k8s/clusters/c/api/v1/namespaces/monitoring/services/prometheus:9090/proxy',
    );
    expect(buildProxiedTarget({ ...one, https: true }, 'https://api', credentials).url).toContain('/services/https:prometheus:9090/proxy');
  });
});
