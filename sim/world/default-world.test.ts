// The default world: determinism, and Bookinfo and Online Boutique as they are.
import { describe, expect, it } from 'vitest';
import { TEST_NOW_MS, TestMesh } from '../traffic/test-mesh';
import { buildDefaultWorld } from './default-world';

describe('the default world', () => {
  it('is the same for the same seed, and so are its pods', () => {
    const build = (seed: number) => buildDefaultWorld({ seed, nowMs: TEST_NOW_MS });
    expect(build(1)).toEqual(build(1));
    const podsOf = (seed: number): string[] => {
      const mesh = new TestMesh(build(seed));
      const names = mesh.store.list('pods').map((p) => `${p.metadata.name} ${p.metadata.uid ?? ''} ${JSON.stringify(p['status'])}`);
      mesh.close();
      return names;
    };
    expect(podsOf(1)).toEqual(podsOf(1));
    expect(podsOf(1)).not.toEqual(podsOf(2));
  });

  it('counts the same traffic for the same seed', () => {
    const totals = [1, 1, 2].map((seed) => {
      const mesh = new TestMesh(buildDefaultWorld({ seed, nowMs: TEST_NOW_MS }));
      mesh.advance(30);
      const counts = [...mesh.series()].filter((s) => s.metric === 'istio_requests_total').map((s) => s.value);
      mesh.close();
      return counts.sort((a, b) => a - b).join(',');
    });
    expect(totals[0]).toBe(totals[1]);
    expect(totals[0]).not.toBe(totals[2]);
  });

  it('has its namespaces, ready pods, and sidecars where injection says so', () => {
    const mesh = new TestMesh();
    const { inventory, pods } = mesh.engine.plan().view;
    for (const name of ['bookinfo', 'boutique', 'clients', 'legacy', 'istio-system', 'heddle'])
      expect(inventory.namespaces.has(name)).toBe(true);
    for (const pod of pods.values()) {
      expect(pod.ready).toBe(true);
      expect(pod.injected).toBe(['bookinfo', 'boutique', 'clients'].includes(pod.namespace) || pod.gateway);
      if (!pod.injected) continue;
      expect(pod.labels).toMatchObject({ 'security.istio.io/tlsMode': 'istio' });
      expect(JSON.parse(pod.annotations['sidecar.istio.io/status'] ?? '{}')).toMatchObject({
        containers: ['istio-proxy'],
        revision: 'default',
      });
    }
    expect(new Set([...pods.values()].map((p) => p.ip)).size).toBe(pods.size);
    expect(inventory.mesh).toMatchObject({ rootNamespace: 'istio-system', autoMtls: true, outboundTrafficPolicy: 'ALLOW_ANY' });
    expect(inventory.config.get('K8sGateway')?.[0]?.status).toMatchObject({
      conditions: [{ type: 'Accepted' }, { type: 'Programmed', status: 'True' }],
    });
    mesh.close();
  });
});
