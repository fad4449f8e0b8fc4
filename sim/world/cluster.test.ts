// Controllers: what people do to Deployments, pods and namespaces has the effect that it has in a cluster.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../kubernetes/object';
import { TestMesh } from '../traffic/test-mesh';
import { isReady } from './pods';

let mesh: TestMesh;
beforeEach(() => {
  mesh = new TestMesh();
});
afterEach(() => {
  mesh.close();
});

const podsOf = (app: string, namespace = 'bookinfo'): readonly KubeObject[] =>
  mesh.store.list('pods', namespace).filter((p) => p.metadata.labels?.['app'] === app);
const names = (pods: readonly KubeObject[]): string[] => pods.map((p) => p.metadata.name);
const injected = (pod: KubeObject): boolean => JSON.stringify(pod['spec']).includes('istio-proxy');

function change(name: string, edit: (spec: Record<string, unknown>) => void, namespace = 'bookinfo'): void {
  const deployment = structuredClone(mesh.read('deployments.apps', namespace, name));
  const { spec } = deployment;
  if (typeof spec === 'object' && spec !== null) edit(spec as Record<string, unknown>);
  mesh.store.write(deployment);
}
const annotate = (value: string) => (spec: Record<string, unknown>) => {
  const template = structuredClone(spec['template']) as { metadata: { annotations?: Record<string, string> } };
  template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': value };
  spec['template'] = template;
};

describe('Deployments', () => {
  it('scale up over the start-up time, and down at once', () => {
    change('details-v1', (spec) => {
      spec['replicas'] = 3;
    });
    mesh.cluster.advance();
    expect(podsOf('details').filter(isReady)).toHaveLength(1);
    expect(podsOf('details')).toHaveLength(3);
    expect(mesh.read('deployments.apps', 'bookinfo', 'details-v1')['status']).toMatchObject({
      replicas: 3,
      readyReplicas: 1,
      unavailableReplicas: 2,
    });
    mesh.advance(10);
    expect(podsOf('details').filter(isReady)).toHaveLength(3);
    const slice = mesh.store
      .list('endpointslices.discovery.k8s.io', 'bookinfo')
      .find((s) => s.metadata.labels?.['kubernetes.io/service-name'] === 'details');
    expect(slice?.['endpoints']).toHaveLength(3);
    change('details-v1', (spec) => {
      spec['replicas'] = 0;
    });
    mesh.advance(5);
    expect(podsOf('details')).toHaveLength(0);
    expect(mesh.read('endpoints', 'bookinfo', 'details')).not.toHaveProperty('subsets');
  });

  it('replace a deleted pod by another', () => {
    const [old] = names(podsOf('details'));
    mesh.store.remove('pods', 'bookinfo', old ?? '');
    mesh.advance(10);
    const [fresh] = names(podsOf('details').filter(isReady));
    expect(fresh).toBeDefined();
    expect(fresh).not.toBe(old);
    expect(mesh.store.list('events', 'bookinfo').map((e) => e['reason'])).toEqual(
      expect.arrayContaining(['SuccessfulCreate', 'Scheduled', 'Started']),
    );
  });

  it('roll their pods when the template changes, never below what must be available', () => {
    const before = names(podsOf('productpage'));
    change('productpage-v1', annotate('2026-05-01T12:00:00Z'));
    // One pod at a time, each ready within six seconds.
    for (let i = 0; i < 14; i++) {
      mesh.nowMs += 1000;
      mesh.cluster.advance();
      expect(podsOf('productpage').filter(isReady).length).toBeGreaterThanOrEqual(2);
    }
    const after = names(podsOf('productpage'));
    expect(after).toHaveLength(2);
    expect(after.some((n) => before.includes(n))).toBe(false);
    expect(mesh.read('deployments.apps', 'bookinfo', 'productpage-v1')['status']).toMatchObject({
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
    });
  });

  it('do not roll for a template with the same fields in another order', () => {
    const before = names(podsOf('details'));
    change('details-v1', (spec) => {
      spec['template'] = Object.fromEntries(Object.entries(spec['template'] as object).reverse());
    });
    mesh.advance(15);
    expect(names(podsOf('details'))).toEqual(before);
  });

  it('take their pods and replica sets with them', () => {
    mesh.store.remove('deployments.apps', 'bookinfo', 'details-v1');
    mesh.advance(5);
    expect(podsOf('details')).toHaveLength(0);
    expect(mesh.store.list('replicasets.apps', 'bookinfo').filter((r) => r.metadata.labels?.['app'] === 'details')).toHaveLength(0);
  });

  it('rest when nothing changes', () => {
    mesh.advance(60);
    const { revision } = mesh.store;
    mesh.advance(300);
    expect(mesh.store.revision).toBe(revision);
  });
});

describe('injection', () => {
  it('follows the namespace label for new pods only', () => {
    const namespace = mesh.read('namespaces', undefined, 'bookinfo');
    mesh.store.write({ ...namespace, metadata: { ...namespace.metadata, labels: { 'kubernetes.io/metadata.name': 'bookinfo' } } });
    mesh.advance(10);
    expect(podsOf('details').every(injected)).toBe(true);
    change('details-v1', annotate('now'));
    mesh.advance(30);
    expect(podsOf('details')).toHaveLength(1);
    expect(podsOf('details').some(injected)).toBe(false);
    const seen = mesh.requests(30, ['reporter'], { destination_service_name: 'details' });
    expect([...seen.keys()]).toEqual(['source']);
  });

  it('takes a whole namespace in when it is labelled and its pods restart', () => {
    const namespace = mesh.read('namespaces', undefined, 'legacy');
    mesh.store.write({
      ...namespace,
      metadata: { ...namespace.metadata, labels: { ...namespace.metadata.labels, 'istio-injection': 'enabled' } },
    });
    change('ledger', annotate('now'), 'legacy');
    mesh.advance(30);
    expect(podsOf('ledger', 'legacy').every(injected)).toBe(true);
    const seen = mesh.requests(30, ['reporter', 'connection_security_policy'], { destination_service_name: 'ledger' });
    expect([...seen.keys()].sort()).toEqual(['destination mutual_tls', 'source unknown']);
  });
});

describe('namespaces and gateways', () => {
  it('get a default account and the root certificate', () => {
    mesh.store.write({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } });
    mesh.advance(5);
    expect(mesh.store.read('serviceaccounts', 'fresh', 'default')).toBeDefined();
    expect(JSON.stringify(mesh.read('configmaps', 'fresh', 'istio-ca-root-cert'))).toContain('BEGIN CERTIFICATE');
  });

  it('are deployed for a Gateway of class istio, say so in its status, and go with it', () => {
    mesh.store.write({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { namespace: 'bookinfo', name: 'web' },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    });
    mesh.advance(10);
    expect(mesh.read('deployments.apps', 'bookinfo', 'web-istio')['status']).toMatchObject({ readyReplicas: 1 });
    expect(mesh.read('services', 'bookinfo', 'web-istio')['spec']).toMatchObject({ type: 'LoadBalancer' });
    expect(JSON.stringify(mesh.read('gateways.gateway.networking.k8s.io', 'bookinfo', 'web')['status'])).toContain('"Programmed"');
    mesh.store.remove('gateways.gateway.networking.k8s.io', 'bookinfo', 'web');
    mesh.advance(5);
    expect(mesh.store.read('deployments.apps', 'bookinfo', 'web-istio')).toBeUndefined();
    expect(mesh.store.list('pods', 'bookinfo').some((p) => p.metadata.name.startsWith('web-'))).toBe(false);
  });
});
