// Two graphs compared: what came, went, got worse or better, what is noise, and what is drawn of what is gone. The false positives are
// counted on seeded traffic, whole graphs at a time.
import { describe, expect, it } from 'vitest';
import type { EdgeChange, Measure } from '../../model/comparison';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW, type Overlay, type ViewSpec } from '../../model/wire';
import { GraphMemory } from '../graph/memory';
import { projectGraph } from '../graph/project';
import { inventoryOf, type ObservationSpec, snapshotOf } from '../graph/testing/mesh-fixture';
import { randomMesh, randomOf } from '../graph/testing/random-mesh';
import { type Comparison, compareGraphs, type Side } from './compare-graphs';
import { LatencySpread } from './latency-spread';
import { countedSeconds } from './noise';
import { poissonOf } from './testing/chance';

const SECONDS = countedSeconds(60, 15);
const BOUNDS = [10, 50, 100, 500, Number.POSITIVE_INFINITY];
const VIEW: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };

function sideOf(traffic: readonly ObservationSpec[], view: ViewSpec = VIEW): Side {
  const memory = new GraphMemory(compileHealthRules([]));
  const snapshot = { ...snapshotOf(traffic), bucketBoundsMs: view.overlays.includes('quantiles') ? BOUNDS : [] };
  const projection = projectGraph(memory.read(snapshot, inventoryOf({})), view);
  return { graph: projection.graph, seconds: SECONDS, spread: new LatencySpread(projection) };
}
const compare = (before: readonly ObservationSpec[], after: readonly ObservationSpec[], overlays: readonly Overlay[] = []): Comparison =>
  compareGraphs(sideOf(before, { ...VIEW, overlays }), sideOf(after, { ...VIEW, overlays }));

const call = (from: string, to: string, ok: number, failing = 0, more: Partial<ObservationSpec> = {}): ObservationSpec => ({
  from: `shop/${from}`,
  to: `shop/${to}`,
  service: `shop/${to}`,
  codes: failing === 0 ? { '200': ok } : { '200': ok, '503': failing },
  ...more,
});
const named = ({ edges }: Comparison, target: string): EdgeChange | undefined => edges.find((edge) => edge.target.endsWith(`/${target}`));
const measured = (change: EdgeChange | undefined, measure: Measure) => change?.measures.find((one) => one.measure === measure);

describe('compareGraphs', () => {
  const quiet = [call('web', 'api', 100), call('api', 'cart', 40), call('api', 'store', 60)];

  it('finds nothing between a graph and itself', () => {
    const comparison = compare(quiet, quiet);
    expect(comparison.edges).toEqual([]);
    expect(comparison.nodes).toEqual([]);
    expect(comparison.edgeCounts).toEqual({ added: 0, removed: 0, worse: 0, better: 0, changed: 0, noise: 3 });
    expect(comparison.ghosts).toEqual({ nodes: [], boxes: [], edges: [] });
  });

  it('tells what came, what went, and what stands around it', () => {
    const comparison = compare(quiet, [call('web', 'api', 100), call('api', 'cart', 40), call('api', 'search', 60)]);
    expect(named(comparison, 'search')).toMatchObject({ kind: 'added', tone: 'added' });
    expect(named(comparison, 'store')).toMatchObject({ kind: 'removed', tone: 'removed' });
    expect(measured(named(comparison, 'store'), 'rate')).toMatchObject({ before: 60, after: 0, change: -60, relative: -1 });
    expect(measured(named(comparison, 'search'), 'rate')?.relative).toBeNull();
    expect(comparison.ghosts.edges.map(({ target }) => target)).toEqual(['workload/Kubernetes/shop/store']);
    expect(comparison.ghosts.nodes.map(({ id }) => id)).toEqual(['workload/Kubernetes/shop/store']);
    expect(comparison.nodes.filter(({ kind }) => kind !== 'changed').map(({ id, tone }) => [id.split('/').at(-1), tone])).toEqual(
      expect.arrayContaining([
        ['search', 'added'],
        ['store', 'removed'],
      ]),
    );
  });

  it('brings the boxes of a namespace that is gone', () => {
    const comparison = compare([...quiet, { from: 'shop/web', to: 'pay/card', service: 'pay/card', codes: { '200': 50 } }], quiet);
    expect(comparison.ghosts.boxes.map(({ namespace }) => namespace)).toEqual(['pay']);
  });

  it('takes a call in a minute that comes or goes for noise', () => {
    const comparison = compare([...quiet, call('web', 'once', 1 / 45)], quiet);
    expect(comparison.edgeCounts).toMatchObject({ removed: 0, noise: 4 });
    expect(comparison.ghosts.edges).toEqual([]);
  });

  it('says worse where errors rise, better where they fall, changed where only the rate moves', () => {
    const before = [call('web', 'api', 100), call('api', 'cart', 40, 10), call('api', 'store', 60)];
    const after = [call('web', 'api', 80, 20), call('api', 'cart', 50), call('api', 'store', 120)];
    const comparison = compare(before, after);
    expect(['api', 'cart', 'store'].map((target) => named(comparison, target)?.tone)).toEqual(['worse', 'better', 'changed']);
    expect(measured(named(comparison, 'api'), 'errors')).toMatchObject({ before: 0, after: 0.2, change: 0.2 });
    expect(comparison.edges[0]?.weight).toBeGreaterThanOrEqual(comparison.edges[1]?.weight ?? 0);
  });

  it('says worse where mutual TLS is lost', () => {
    const comparison = compare(
      [call('web', 'api', 100, 0, { mutual: 100, plaintext: 0 })],
      [call('web', 'api', 100, 0, { mutual: 50, plaintext: 50 })],
    );
    expect(named(comparison, 'api')?.tone).toBe('worse');
    expect(measured(named(comparison, 'api'), 'mtls')).toMatchObject({ before: 1, after: 0.5 });
  });

  it('compares latencies by their histograms', () => {
    const slow = call('web', 'api', 100, 0, { averageMs: 150, buckets: [10, 20, 50, 95, 100] });
    const fast = call('web', 'api', 100, 0, { averageMs: 40, buckets: [40, 80, 95, 99, 100] });
    const comparison = compare([fast], [slow], ['latency', 'quantiles']);
    expect(named(comparison, 'api')?.tone).toBe('worse');
    for (const measure of ['average', 'p50', 'p95'] as const)
      expect(measured(named(comparison, 'api'), measure)?.weight).toBeGreaterThan(1);
    // The same difference on three requests a minute tells nothing.
    const rare = (spec: ObservationSpec): ObservationSpec => ({
      ...spec,
      codes: { '200': 0.05 },
      buckets: (spec.buckets ?? []).map((count) => count / 2000),
    });
    expect(compare([rare(fast)], [rare(slow)], ['latency', 'quantiles']).edgeCounts.noise).toBe(1);
  });

  it('compares bytes of TCP', () => {
    const tcp = (bytes: number): ObservationSpec => ({
      from: 'shop/api',
      to: 'shop/db',
      service: 'shop/db',
      protocol: 'tcp',
      tcp: [bytes, bytes],
    });
    expect(named(compare([tcp(1e6)], [tcp(1.05e6)]), 'db')?.tone).toBe('noise');
    expect(named(compare([tcp(1e6)], [tcp(1e7)]), 'db')?.tone).toBe('changed');
    expect(named(compare([], [tcp(1e7)]), 'db')?.tone).toBe('added');
  });
});

describe('on seeded traffic', () => {
  /** A window of the mesh: every code's count drawn anew around the same rate. */
  function drawWindow(random: () => number, mesh: readonly ObservationSpec[]): readonly ObservationSpec[] {
    const drawn = (rate: number): number => poissonOf(random, rate * SECONDS) / SECONDS;
    return mesh.map((spec) => {
      if (spec.codes === undefined) return spec;
      const codes = Object.fromEntries(Object.entries(spec.codes).map(([code, rate]) => [code, drawn(rate)]));
      return { ...spec, codes, plaintext: 0, mutual: 0 };
    });
  }

  it('hardly any comparison of windows between which nothing changed shows anything', () => {
    let shown = 0;
    const runs = 120;
    for (let seed = 1; seed <= runs; seed++) {
      const random = randomOf(seed);
      const { traffic } = randomMesh(seed, 12);
      const { edgeCounts, nodeCounts } = compare(drawWindow(random, traffic), drawWindow(random, traffic));
      if (
        edgeCounts.noise + nodeCounts.noise <
        Object.values(edgeCounts).reduce((a, b) => a + b) + Object.values(nodeCounts).reduce((a, b) => a + b)
      )
        shown++;
    }
    expect(shown / runs).toBeLessThanOrEqual(0.05);
  });

  it('one edge that fails is found among all of them, and nothing else', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomOf(seed);
      const others = Array.from({ length: 60 }, (_, i) => call(`a${i}`, `b${i}`, 1 + random() * 50, random()));
      const before = drawWindow(random, [...others, call('web', 'victim', 10, 0.05)]);
      const after = drawWindow(random, [...others, call('web', 'victim', 7, 3.05)]);
      const beyond = compare(before, after).edges.filter(({ tone }) => tone !== 'noise');
      expect(beyond.map(({ target, tone }) => [target.split('/').at(-1), tone])).toEqual([['victim', 'worse']]);
    }
  });
});
