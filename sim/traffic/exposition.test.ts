// The metrics page: format, escapes, what changes between two renderings.
import { describe, expect, it } from 'vitest';
import { decodeExposition, decodeSeriesText } from '../prometheus/exposition';
import { renderExposition } from './exposition';
import { discover, targetPath } from './metrics-server';
import { TestMesh } from './test-mesh';

describe('the exposition', () => {
  it('is read back series by series, and renders fast', () => {
    const mesh = new TestMesh();
    mesh.advance(60);
    const expected = [...mesh.series()];
    renderExposition(mesh.engine.targets(), true);
    const before = process.cpuUsage();
    const text = Buffer.concat(renderExposition(mesh.engine.targets(), true)).toString('utf8');
    const spent = process.cpuUsage(before);
    // Processor time, not the clock on the wall: the machine may be busy with something else.
    expect((spent.user + spent.system) / 1000).toBeLessThan(400);
    const { samples, metadata } = decodeExposition(text);
    expect(samples).toHaveLength(expected.length);
    expect(new Set(samples.map((s) => s.seriesText)).size).toBe(samples.length);
    expect(metadata.some((m) => JSON.stringify(m).includes('histogram'))).toBe(true);
    const total = samples.filter((s) => s.seriesText.startsWith('istio_requests_total{')).reduce((sum, s) => sum + s.value, 0);
    expect(total).toBe(mesh.total('istio_requests_total', {}));
    const first = samples.find((s) => s.seriesText.startsWith('istio_requests_total{'));
    expect(decodeSeriesText(first?.seriesText ?? '')).toMatchObject({ job: 'kubernetes-pods', __name__: 'istio_requests_total' });
    mesh.close();
  });

  it("of one target carries its own labels only, and its discovery the pod's", () => {
    const mesh = new TestMesh();
    mesh.advance(30);
    const target = mesh.engine.targets().find((t) => t.pod?.labels['app'] === 'reviews' && t.pod.labels['version'] === 'v2');
    expect(target).toBeDefined();
    if (!target) return;
    const text = Buffer.concat(renderExposition([target], false)).toString('utf8');
    expect(text).toContain('istio_requests_total{reporter="source"');
    expect(text).not.toContain('pod="');
    expect(() => decodeExposition(text)).not.toThrow();
    const [entry] = discover([target], '127.0.0.1:9');
    expect(entry).toMatchObject({
      targets: ['127.0.0.1:9'],
      labels: {
        __metrics_path__: targetPath(target),
        app: 'reviews',
        version: 'v2',
        namespace: 'bookinfo',
        security_istio_io_tlsMode: 'istio',
        service_istio_io_canonical_revision: 'v2',
      },
    });
    mesh.close();
  });

  it("of istiod and of the nodes holds what Istio's dashboards ask for", () => {
    const mesh = new TestMesh();
    mesh.advance(30);
    mesh.configure('VirtualService', 'bookinfo', 'reviews', {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews' } }] }],
    });
    mesh.advance(10);
    expect(mesh.total('pilot_xds', {})).toBe(mesh.engine.targets().filter((t) => t.pod?.injected).length);
    expect(mesh.total('pilot_k8s_cfg_events', { type: 'VirtualService', event: 'add' })).toBe(1);
    expect(mesh.total('pilot_xds_pushes', { type: 'rds' })).toBeGreaterThanOrEqual(mesh.total('pilot_xds', {}));
    expect(mesh.total('container_cpu_usage_seconds_total', { container: 'discovery' })).toBeGreaterThan(0);
    expect(mesh.total('istio_build', { component: 'pilot' })).toBe(1);
    for (const metric of [
      'pilot_proxy_convergence_time_count',
      'citadel_server_csr_count',
      'go_goroutines',
      'process_resident_memory_bytes',
    ])
      expect(mesh.total(metric, { app: 'istiod' })).toBeGreaterThan(0);
    mesh.close();
  });
});
