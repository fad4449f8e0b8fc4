// The large world: its size, shape and determinism.
import { describe, expect, it } from 'vitest';
import { TEST_NOW_MS, TestMesh } from '../traffic/test-mesh';
import { buildLargeWorld } from './large-world';

const cpuMs = (before: NodeJS.CpuUsage): number => {
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / 1000;
};

describe('the large world', () => {
  it('is generated fast, in the shape that large meshes have', () => {
    const before = process.cpuUsage();
    const world = buildLargeWorld({ seed: 3, nowMs: TEST_NOW_MS, services: 2000, series: 'compact' });
    // Processor time of a quiet machine is about 0.3 s.
    expect(cpuMs(before)).toBeLessThan(2000);
    const count = (kind: string): number => world.objects.filter((o) => o.kind === kind).length;
    expect(world.objects.filter((o) => o.kind === 'Namespace' && o.metadata.name.startsWith('team-'))).toHaveLength(100);
    expect(world.objects.filter((o) => o.kind === 'Service' && o.metadata.namespace?.startsWith('team-') === true)).toHaveLength(2000);
    expect(count('Deployment')).toBeGreaterThan(2300);
    const protocols = new Map<string, number>();
    for (const b of world.behaviours) {
      const protocol = b.operations[0]?.protocol ?? '';
      protocols.set(protocol, (protocols.get(protocol) ?? 0) + 1);
    }
    const share = (p: string): number => (protocols.get(p) ?? 0) / world.behaviours.length;
    expect(share('http')).toBeGreaterThan(0.6);
    expect(share('grpc')).toBeGreaterThan(0.12);
    expect(share('tcp')).toBeGreaterThan(0.06);
  });

  it('is the same for the same seed', () => {
    const build = (seed: number) => buildLargeWorld({ seed, nowMs: TEST_NOW_MS, services: 60, series: 'full' });
    expect(build(5)).toEqual(build(5));
    expect(build(5)).not.toEqual(build(6));
  });

  it('carries traffic to every service, and much of it stays in its namespace', () => {
    const mesh = new TestMesh(buildLargeWorld({ seed: 3, nowMs: TEST_NOW_MS, services: 200, series: 'compact' }));
    mesh.advance(30);
    const edges = new Set<string>();
    let crossing = 0;
    for (const { flow } of mesh.engine.plan().flows) {
      if (!flow.to) continue;
      const key = `${flow.from.namespace}/${flow.from.workload}>${flow.to.namespace}/${flow.to.workload}`;
      if (edges.has(key)) continue;
      edges.add(key);
      if (flow.from.namespace !== flow.to.namespace) crossing += 1;
    }
    expect(edges.size / 200).toBeGreaterThan(4);
    expect(edges.size / 200).toBeLessThan(7);
    expect(crossing / edges.size).toBeGreaterThan(0.2);
    expect(crossing / edges.size).toBeLessThan(0.5);
    const reached = new Set<string>();
    for (const { metric, labels, value } of mesh.series())
      if (/^istio_(?:requests_total|tcp_sent_bytes_total)$/.test(metric) && value > 0) reached.add(labels['destination_service'] ?? '');
    expect([...reached].filter((s) => s.includes('.team-')).length).toBeGreaterThan(190);
    // The compact mesh has switched the size histograms off, and its histograms are coarse.
    expect(mesh.total('istio_request_bytes_count', {})).toBe(0);
    expect(
      new Set(
        [...mesh.series()]
          .filter((s) => s.metric === 'istio_request_duration_milliseconds_bucket' && s.targetLabels['namespace']?.startsWith('team-'))
          .map((s) => s.le),
      ),
    ).toEqual(new Set(['5', '25', '100', '500', '2500', '+Inf']));
    mesh.close();
  });
});
