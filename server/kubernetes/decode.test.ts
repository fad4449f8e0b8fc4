// Decoders on real shapes and on hostile ones; workloads from pods and controllers; MeshConfig.
import { describe, expect, it } from 'vitest';
import { workloadKey } from '../../model/ids';
import { DEFAULT_MESH_SETTINGS } from '../../model/inventory';
import { decodeConfig, decodeController, decodeFinishedPod, decodeNamespace, decodePod, decodeService } from './decode';
import { decodeMeshSettings } from './mesh-settings';
import { decodeGroupVersions, decodeServedPlurals } from './resources';
import { buildWorkloads } from './workloads';

const pod = (over: Record<string, unknown> = {}, spec: Record<string, unknown> = {}, status: Record<string, unknown> = {}) => ({
  metadata: {
    name: 'reviews-v1-5d8-abc',
    namespace: 'bookinfo',
    uid: 'u1',
    resourceVersion: '7',
    creationTimestamp: '2026-01-02T03:04:05Z',
    labels: { app: 'reviews', version: 'v1', 'pod-template-hash': '5d8' },
    annotations: {
      'sidecar.istio.io/status': '{}',
      'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(1000),
      'kiali.io/dashboards': 'go',
    },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'reviews-v1-5d8', controller: true }],
    ...over,
  },
  spec: {
    serviceAccountName: 'bookinfo-reviews',
    containers: [
      { name: 'reviews', image: 'reviews:1' },
      { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.29.2' },
    ],
    ...spec,
  },
  status: {
    phase: 'Running',
    podIP: '10.0.0.7',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ restartCount: 2 }, { restartCount: 1 }],
    ...status,
  },
});

describe('decodePod', () => {
  it('keeps what the inventory needs and no more', () => {
    expect(decodePod(pod(), 'c1')).toMatchObject({
      workload: workloadKey('c1', 'bookinfo', 'reviews-v1'),
      ownerKind: 'Deployment',
      ownerName: 'reviews-v1',
      ip: '10.0.0.7',
      ready: true,
      serviceAccount: 'bookinfo-reviews',
      containers: ['reviews', 'istio-proxy'],
      injected: true,
      restarts: 3,
      proxyVersion: '1.29.2',
      annotations: { 'sidecar.istio.io/status': '{}', 'kiali.io/dashboards': 'go' },
    });
  });
  it('finds native sidecars, jobs of cron jobs, rollouts and bare pods', () => {
    const native = decodePod(
      pod(
        {},
        {
          containers: [{ name: 'reviews' }],
          initContainers: [{ name: 'istio-proxy', image: 'r/proxyv2@sha256:1', restartPolicy: 'Always' }],
        },
      ),
      'c',
    );
    expect(native?.injected).toBe(true);
    const owner = (kind: string, name: string, labels = {}) =>
      decodePod(pod({ ownerReferences: [{ kind, name, controller: true }], labels }), 'c');
    expect(owner('Job', 'backup-28391020')).toMatchObject({ ownerKind: 'CronJob', ownerName: 'backup' });
    expect(owner('Job', 'migrate')).toMatchObject({ ownerKind: 'Job', ownerName: 'migrate' });
    expect(owner('ReplicaSet', 'web-77', { 'rollouts-pod-template-hash': '77' })).toMatchObject({ ownerKind: 'Rollout', ownerName: 'web' });
    expect(decodePod(pod({ ownerReferences: [] }), 'c')).toMatchObject({ ownerKind: 'Pod', ownerName: 'reviews-v1-5d8-abc' });
  });
  it('leaves out finished pods and calls terminating ones not ready', () => {
    expect(decodePod(pod({}, {}, { phase: 'Succeeded' }), 'c')).toBeNull();
    expect(decodeFinishedPod(pod(), 'c')).toBeNull();
    const job = { ownerReferences: [{ kind: 'Job', name: 'copy-28391020', controller: true }] };
    const states = {
      containerStatuses: [{ name: 'copy', restartCount: 2 }],
      initContainerStatuses: [{ name: 'istio-proxy', restartCount: 0 }],
    };
    expect(decodeFinishedPod(pod(job, { containers: [{ name: 'copy' }] }, { phase: 'Failed', ...states }), 'c')).toEqual({
      ...{ namespace: 'bookinfo', name: 'reviews-v1-5d8-abc', phase: 'Failed', workload: workloadKey('c', 'bookinfo', 'copy') },
      ...{ labels: { app: 'reviews', version: 'v1', 'pod-template-hash': '5d8' }, ownerName: 'copy', finished: true },
      ...{ containers: ['copy'], restarts: 2, restarted: ['copy'] },
    });
    expect(decodePod(pod({ deletionTimestamp: '2026-01-02T03:04:06Z' }), 'c')?.ready).toBe(false);
  });
  it('never throws on hostile shapes', () => {
    for (const bad of [
      null,
      7,
      'x',
      [],
      {},
      { metadata: { name: 3 } },
      { metadata: { name: 'a', labels: { __proto__: 'x', b: 1 } }, spec: { containers: [null, 1] }, status: { conditions: 'no' } },
    ])
      expect(() => [
        decodePod(bad, 'c'),
        decodeService(bad, 'c', 'd'),
        decodeNamespace(bad, 'c'),
        decodeController(bad, 'c', 'Deployment'),
        decodeConfig(bad, 'c', 'Sidecar', 'x/v1'),
      ]).not.toThrow();
    const odd = decodePod({ metadata: { name: 'a', labels: JSON.parse('{"__proto__":"x"}') as unknown } }, 'c');
    expect(Object.getPrototypeOf(odd?.labels)).toBe(Object.prototype);
  });
});

describe('decodeService', () => {
  it('reads ports, addresses and kinds', () => {
    const service = decodeService(
      {
        metadata: { name: 'reviews', namespace: 'bookinfo', uid: 'u' },
        spec: {
          clusterIP: '10.1.1.1',
          ports: [
            { name: 'http', port: 9080 },
            { port: 80, targetPort: 'web', appProtocol: 'grpc', protocol: 'TCP' },
          ],
          selector: { app: 'reviews' },
        },
      },
      'c',
      'cluster.local',
    );
    expect(service).toMatchObject({
      host: 'reviews.bookinfo.svc.cluster.local',
      type: 'ClusterIP',
      headless: false,
      clusterIps: ['10.1.1.1'],
      ports: [
        { name: 'http', port: 9080, targetPort: 9080, transport: 'TCP', appProtocol: null },
        { name: '', port: 80, targetPort: 'web', transport: 'TCP', appProtocol: 'grpc' },
      ],
    });
    expect(decodeService({ metadata: { name: 'x' }, spec: { clusterIP: 'None' } }, 'c', 'd')).toMatchObject({
      headless: true,
      clusterIps: [],
    });
    expect(decodeService({ metadata: { name: 'x' }, spec: { type: 'ExternalName', externalName: 'a.b' } }, 'c', 'd')).toMatchObject({
      type: 'ExternalName',
      externalName: 'a.b',
    });
  });
});

describe('decodeNamespace', () => {
  const injection = (labels: Record<string, string>) => decodeNamespace({ metadata: { name: 'n', labels } }, 'c')?.injection;
  it('lets istio-injection win over istio.io/rev', () => {
    expect(injection({ 'istio-injection': 'enabled', 'istio.io/rev': 'canary' })).toEqual({ mode: 'enabled', revision: null });
    expect(injection({ 'istio-injection': 'disabled' })).toEqual({ mode: 'disabled', revision: null });
    expect(injection({ 'istio.io/rev': 'canary' })).toEqual({ mode: 'revision', revision: 'canary' });
    expect(injection({})).toBeNull();
  });
});

describe('buildWorkloads', () => {
  const deployment = (name: string, labels: Record<string, string>, status = {}) =>
    decodeController(
      {
        metadata: { name, namespace: 'n', uid: name },
        spec: { replicas: 2, template: { metadata: { labels }, spec: { serviceAccountName: 'sa' } } },
        status,
      },
      'c',
      'Deployment',
    );
  const of = (name: string, labels: Record<string, string>, containers: { name: string; image?: string }[]) =>
    decodePod(
      pod(
        {
          name: `${name}-h-1`,
          namespace: 'n',
          uid: `${name}1`,
          labels: { ...labels, 'pod-template-hash': 'h' },
          ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-h`, controller: true }],
        },
        { containers },
      ),
      'c',
    );
  const build = (name: string, labels: Record<string, string>, containers: { name: string }[] | null) => {
    const controller = deployment(name, labels, { replicas: 2, availableReplicas: 1, readyReplicas: 1 });
    const one = containers ? of(name, labels, containers) : null;
    return buildWorkloads(controller ? [controller] : [], one ? [one] : []).get(workloadKey('c', 'n', name));
  };
  it('names app and version as Istio does', () => {
    expect(build('a', { app: 'x', version: 'v2' }, null)).toMatchObject({
      app: 'x',
      version: 'v2',
      pods: { desired: 2, current: 2, available: 1, ready: 1 },
    });
    expect(build('a', { 'service.istio.io/canonical-name': 'canon', app: 'x' }, null)).toMatchObject({ app: 'canon', version: 'latest' });
    expect(build('lonely', {}, null)).toMatchObject({ app: 'lonely', version: 'latest', mode: 'none' });
  });
  it('tells sidecars, gateways, waypoints and the control plane apart', () => {
    const app = { name: 'app' };
    const proxy = { name: 'istio-proxy' };
    expect(build('a', {}, [app, proxy])).toMatchObject({ mode: 'sidecar', meshedPods: 1 });
    expect(build('a', {}, [app])?.mode).toBe('none');
    expect(build('gw', { istio: 'ingressgateway' }, [proxy])?.mode).toBe('gateway');
    expect(build('w', { 'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint' }, [proxy])?.mode).toBe('waypoint');
    expect(build('istiod', { app: 'istiod' }, [{ name: 'discovery' }])?.mode).toBe('controlPlane');
  });
  it('takes owners that are not watched from their pods', () => {
    const job = decodePod(pod({ ownerReferences: [{ kind: 'Job', name: 'backup-28391020', controller: true }] }), 'c');
    expect(buildWorkloads([], job ? [job] : []).get(workloadKey('c', 'bookinfo', 'backup'))).toMatchObject({
      kind: 'CronJob',
      pods: { desired: 1, ready: 1 },
    });
  });
});

describe('decodeMeshSettings', () => {
  it('reads what changes meaning and keeps Istio defaults for the rest', () => {
    expect(
      decodeMeshSettings('enableAutoMtls: false\ntrustDomain: corp\noutboundTrafficPolicy: {mode: REGISTRY_ONLY}', 'istio-system'),
    ).toEqual({
      ...DEFAULT_MESH_SETTINGS,
      rootNamespace: 'istio-system',
      trustDomain: 'corp',
      domain: 'cluster.local',
      autoMtls: false,
      outboundTrafficPolicy: 'REGISTRY_ONLY',
    });
    const more = [
      'pathNormalization: {normalization: MERGE_SLASHES}',
      'trustDomainAliases: [old, 7]',
      'defaultVirtualServiceExportTo: ["."]',
      'defaultServiceExportTo: ["*"]',
      'defaultHttpRetryPolicy: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx"}',
    ];
    expect(decodeMeshSettings(more.join('\n'), 'istio-system')).toEqual({
      ...DEFAULT_MESH_SETTINGS,
      pathNormalization: 'MERGE_SLASHES',
      trustDomainAliases: ['old'],
      privateByDefault: { services: false, virtualServices: true, destinationRules: false },
      defaultRetries: { attempts: 3, perTryTimeoutMs: 2000, retryOn: '5xx' },
    });
    for (const bad of [undefined, '', '[', '- 1', 'a: &a [*a]']) expect(decodeMeshSettings(bad, 'root').rootNamespace).toBe('root');
  });
});

describe('discovery', () => {
  it('picks wanted groups and what can be watched', () => {
    const groups = decodeGroupVersions({
      groups: [{ name: 'networking.istio.io', versions: [{ version: 'v1' }, { version: 'v1beta1' }] }, { name: 'apps' }, null],
    });
    expect([...groups]).toEqual([['networking.istio.io', ['v1', 'v1beta1']]]);
    const plurals = decodeServedPlurals({
      resources: [
        { name: 'gateways', verbs: ['get', 'watch'] },
        { name: 'gateways/status', verbs: ['watch'] },
        { name: 'odd', verbs: ['get'] },
        5,
      ],
    });
    expect([...plurals]).toEqual(['gateways']);
  });
});
