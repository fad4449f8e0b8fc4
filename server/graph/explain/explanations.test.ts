// Explanations from the data: each kind of strange node, its likely cause, a fix that can be pasted.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Explanation } from '../../../model/graph';
import { compileHealthRules } from '../../../model/health-rules';
import { DEFAULT_VIEW } from '../../../model/wire';
import { isAddress } from '../addresses';
import { GraphMemory } from '../memory';
import { projectGraph } from '../project';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from '../testing/mesh-fixture';
import { listNames } from './words';

const explain = (id: string, traffic: readonly ObservationSpec[], cluster: InventorySpec | null): Explanation => {
  const memory = new GraphMemory(compileHealthRules([]));
  const { graph } = projectGraph(memory.read(snapshotOf(traffic), cluster === null ? null : inventoryOf(cluster)), {
    ...DEFAULT_VIEW,
    graphType: 'workload',
  });
  const found = graph.nodes.find((n) => n.id === id)?.explanation;
  if (!found) throw new Error(`no explanation of ${id}`);
  return found;
};
const SOURCE = 'unknown/Kubernetes/unknown/source';
const DESTINATION = 'unknown/Kubernetes/unknown/destination';
const PASSTHROUGH = 'passthrough/Kubernetes';
const WEB: InventorySpec = { workloads: { 'shop/web-v1': {}, 'shop/api-v1': {} }, services: { 'shop/web': {}, 'shop/api': {} } };
const LEGACY: InventorySpec = {
  workloads: { ...WEB.workloads, 'legacy/cron': { mode: 'none' }, 'kube-system/coredns': { mode: 'none' } },
  services: WEB.services ?? {},
  namespaces: { legacy: { injection: null }, 'kube-system': { injection: null } },
};

describe('unknown sources', () => {
  const plain: readonly ObservationSpec[] = [
    { from: 'unknown', to: 'shop/web-v1', service: 'shop/web', codes: { '200': 5 }, plaintext: 5 },
  ];

  it('plaintext: names the workloads without a proxy and how to enrol them', () => {
    const { code, cause, fix } = explain(SOURCE, plain, LEGACY);
    expect(code).toBe('outOfMeshCaller');
    expect(cause).toContain('web-v1 (shop) is called in plaintext');
    expect(cause).toContain('cron (legacy)');
    expect(cause).not.toContain('coredns');
    expect(fix).toContain(
      'kubectl label namespace legacy istio-injection=enabled --overwrite\nkubectl rollout restart deployment -n legacy',
    );
  });

  it('uses the revision label where the mesh does', () => {
    const namespaces = { ...LEGACY.namespaces, shop: { injection: { mode: 'revision', revision: '1-24' } } } as const;
    expect(explain(SOURCE, plain, { ...LEGACY, namespaces }).fix).toContain('kubectl label namespace legacy istio.io/rev=1-24 --overwrite');
  });

  it('plaintext without a suspect: outside of the cluster', () => {
    expect(explain(SOURCE, plain, WEB)).toMatchObject({ code: 'outOfMeshCaller', cause: expect.stringContaining('outside the cluster') });
    expect(explain(SOURCE, plain, null).code).toBe('outOfMeshCaller');
  });

  it('mutual TLS without a name', () => {
    const { code, cause } = explain(SOURCE, [{ from: 'unknown', to: 'shop/web-v1', service: 'shop/web' }], WEB);
    expect(code).toBe('unknownSource');
    expect(cause).toContain('use mutual TLS');
  });

  it('a scrape: a little from many pods, straight to the pod', () => {
    const scrape = ['a', 'b', 'c', 'd'].map(
      (n): ObservationSpec => ({ from: 'unknown', to: `shop/${n}`, codes: { '200': 1 / 15 }, plaintext: 1 / 15 }),
    );
    const { code, cause, fix } = explain(SOURCE, scrape, LEGACY);
    expect(code).toBe('metricsScrape');
    expect(cause).toContain('4 workloads');
    expect(cause).toContain('about 4 times a minute');
    expect(fix).toContain('15020');
    const busy = scrape.map((s) => ({ ...s, codes: { '200': 3 }, plaintext: 3 }));
    expect(explain(SOURCE, busy, LEGACY).code).toBe('outOfMeshCaller');
  });
});

describe('unknown destinations', () => {
  it('no route at a gateway', () => {
    const cluster: InventorySpec = { workloads: { 'istio-system/ingress': { mode: 'gateway' } } };
    const traffic = [{ from: 'istio-system/ingress', to: 'unknown', codes: { '404 NR': 2 }, host: 'wp-login.example' }];
    const { code, cause } = explain(DESTINATION, traffic, cluster);
    expect(code).toBe('noRoute');
    expect(cause).toContain('ingress (istio-system)');
    expect(cause).toContain('wp-login.example');
  });
  it('nothing known', () => {
    expect(explain(DESTINATION, [{ from: 'shop/web-v1', to: 'unknown', protocol: 'tcp', tcp: [1, 1] }], WEB).code).toBe(
      'unknownDestination',
    );
  });
});

describe('PassthroughCluster', () => {
  const call = (host: string, more: Partial<ObservationSpec> = {}): ObservationSpec => ({
    from: 'shop/web-v1',
    to: 'unknown',
    service: 'unknown/PassthroughCluster',
    host,
    ...more,
  });

  it('a host without a ServiceEntry: YAML that declares it, in the namespace of the caller', () => {
    const { code, fix } = explain(PASSTHROUGH, [call('api.Stripe.com:8443')], WEB);
    expect(code).toBe('hostWithoutServiceEntry');
    expect(parse(fix.slice(fix.indexOf('apiVersion')))).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'api-stripe-com', namespace: 'shop' },
      spec: {
        hosts: ['api.Stripe.com'],
        location: 'MESH_EXTERNAL',
        resolution: 'DNS',
        ports: [{ number: 8443, name: 'http', protocol: 'HTTP' }],
      },
    });
  });
  it('several callers from several namespaces: declared for the whole mesh', () => {
    const { fix } = explain(PASSTHROUGH, [call('x.org'), call('x.org', { from: 'other/job' })], WEB);
    expect(fix).toContain('namespace: istio-system');
  });
  it('a pod address is a direct call', () => {
    const pods = [{ name: 'shop/kafka-0', ip: '10.0.0.7' }];
    const { code, cause, fix } = explain(PASSTHROUGH, [call('10.0.0.7:9092')], { ...WEB, pods });
    expect(code).toBe('directPodCall');
    expect(cause).toContain('kafka-0 (shop)');
    expect(fix).toContain('headless');
  });
  it('a service of the cluster on an unknown port', () => {
    expect(explain(PASSTHROUGH, [call('api.shop.svc.cluster.local')], WEB)).toMatchObject({
      code: 'passthrough',
      fix: expect.stringContaining('Add the port to the Service'),
    });
  });
  it('nothing but addresses over TCP', () => {
    expect(explain(PASSTHROUGH, [call('unknown', { protocol: 'tcp', tcp: [5, 5] })], WEB).fix).toContain('grep PassthroughCluster');
  });
  it('hostile hosts reach neither command nor YAML', () => {
    const { code, fix } = explain(PASSTHROUGH, [call('x.org\n  - evil: "; rm -rf /"')], WEB);
    expect(code).toBe('passthrough');
    expect(fix).not.toContain('rm -rf');
  });
});

it('BlackHoleCluster: refused hosts and their ServiceEntry', () => {
  const traffic: readonly ObservationSpec[] = [
    { from: 'shop/web-v1', to: 'unknown', service: 'unknown/BlackHoleCluster', host: 'api.github.com', codes: { '502': 1 } },
  ];
  const { code, cause, fix } = explain('blackhole/Kubernetes', traffic, WEB);
  expect(code).toBe('blackHole');
  expect(cause).toContain('REGISTRY_ONLY');
  expect(parse(fix.slice(fix.indexOf('apiVersion')))).toMatchObject({ spec: { hosts: ['api.github.com'] } });
});

describe('workloads without a proxy', () => {
  const traffic: readonly ObservationSpec[] = [{ from: 'shop/web-v1', to: 'legacy/cron', service: 'legacy/cron' }];
  const id = 'workload/Kubernetes/legacy/cron';
  const withMode = (spec: NonNullable<InventorySpec['workloads']>[string], injection: 'enabled' | 'disabled' | null): InventorySpec => ({
    workloads: { ...WEB.workloads, 'legacy/cron': { mode: 'none', ...spec } },
    namespaces: { legacy: { injection: injection === null ? null : { mode: injection, revision: null } } },
  });
  it.each([
    ['no label', withMode({}, null), 'has no injection label', 'kubectl label namespace legacy istio-injection=enabled --overwrite'],
    ['disabled', withMode({}, 'disabled'), 'istio-injection=disabled', 'kubectl label namespace legacy'],
    [
      'pod label',
      withMode({ podLabels: { 'sidecar.istio.io/inject': 'false' } }, 'enabled'),
      'sidecar.istio.io/inject',
      'Take the label out',
    ],
    ['not restarted', withMode({}, 'enabled'), 'Injection is on', 'kubectl rollout restart deployment/cron -n legacy'],
    [
      'a StatefulSet',
      withMode({ kind: 'StatefulSet' }, 'enabled'),
      'Injection is on',
      'kubectl rollout restart statefulset/cron -n legacy',
    ],
    [
      'half restarted',
      withMode({ mode: 'sidecar', pods: { desired: 2, current: 2, available: 2, ready: 2 }, meshedPods: 1 }, 'enabled'),
      'Only 1 of its 2 ready pods',
      'kubectl rollout restart deployment/cron -n legacy',
    ],
  ])('%s', (_name, cluster, cause, fix) => {
    const found = explain(id, traffic, cluster);
    expect(found.code).toBe('noSidecar');
    expect(found.cause).toContain(cause);
    expect(found.fix).toContain(fix);
  });
});

it('words', () => {
  expect([listNames([]), listNames(['a']), listNames(['a', 'b']), listNames(['a', 'b', 'c', 'd', 'e'])]).toEqual([
    'nobody',
    'a',
    'a and b',
    'a, b, c, d and 1 more',
  ]);
  expect(['10.0.0.1', '10.0.0.1:80', 'fd00::1', '[fd00::1]:80', 'x.org', 'x.org:80', '10.0.0.1.nip.io'].map(isAddress)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
