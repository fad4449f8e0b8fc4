// What is around a node, and all ways between two: hops, loops, bounds, where errors and time arise.
import { describe, expect, it } from 'vitest';
import { compileHealthRules } from '../../model/health-rules';
import { MAX_ROUTES } from '../../model/paths';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { GraphMemory, type PreparedTraffic } from './memory';
import { type Projection, projectGraph } from './project';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from './testing/mesh-fixture';
import { randomOf } from './testing/random-mesh';

const read = (traffic: readonly ObservationSpec[], cluster: InventorySpec | null = null): PreparedTraffic =>
  new GraphMemory(compileHealthRules([])).read(snapshotOf(traffic), cluster === null ? null : inventoryOf(cluster));
const WORKLOADS: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };
const id = (path: string): string => `workload/Kubernetes/${path}`;
const names = ({ graph }: Projection): string => graph.nodes.map((n) => n.label).join(' ');
const wires = ({ graph }: Projection): string =>
  graph.edges.map((e) => `${e.source.split('/').at(-1) ?? ''}${e.target.split('/').at(-1) ?? ''}`).join(' ');
const call = (pair: string, more: Partial<ObservationSpec> = {}): ObservationSpec => ({
  from: `n/${pair[0] ?? ''}`,
  to: `n/${pair[1] ?? ''}`,
  ...more,
});

describe('focus', () => {
  // a > b > c > d > e, x > c, c > c
  const traffic = read(['ab', 'bc', 'cd', 'de', 'xc', 'cc'].map((pair) => call(pair)));
  const around = (focus: string, up: number, down: number): readonly string[] => {
    const p = projectGraph(traffic, { ...WORKLOADS, focus: id(`n/${focus}`), up, down });
    return [names(p), wires(p)];
  };
  it('reaches as many hops as it is told, in each direction', () => {
    expect(around('c', 1, 1)).toEqual(['b c d x', 'bc cc cd xc']);
    expect(around('c', 2, 0)).toEqual(['a b c x', 'ab bc cc xc']);
    expect(around('c', 0, 2)).toEqual(['c d e', 'cc cd de']);
    expect(around('c', 0, 0)).toEqual(['c', '']);
    expect(around('c', 10, 10)).toEqual(['a b c d e x', 'ab bc cc cd de xc']);
  });
  it('looks beyond the selected namespaces, and dims what is outside', () => {
    const own = read([{ from: 'far/q', to: 'n/a' }, call('ab')]);
    const p = projectGraph(own, { ...WORKLOADS, namespaces: ['n'], focus: id('n/a') });
    expect(p.graph.nodes.map((n) => [n.label, n.outside])).toEqual([
      ['q', true],
      ['a', false],
      ['b', false],
    ]);
  });
  it('takes the way through a service as one hop', () => {
    const own = read([
      { from: 'n/a', to: 'n/b', service: 'n/sb' },
      { from: 'n/b', to: 'n/c', service: 'n/sc' },
      { from: 'n/c', to: 'n/d', service: 'n/sd' },
    ]);
    const view: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload' };
    const of = (focus: string, up: number, down: number): readonly string[] =>
      projectGraph(own, { ...view, focus, up, down })
        .graph.nodes.map((n) => n.label)
        .sort();
    expect(of(id('n/b'), 1, 1)).toEqual(['a', 'b', 'c', 'sb', 'sc']);
    expect(of('service/Kubernetes/n/sc', 1, 1)).toEqual(['b', 'c', 'sc', 'sd', 'd'].sort());
  });
  it('of a folded namespace or app is all that it stands for', () => {
    const own = read(
      [
        { from: 'm/a-v1', to: 'm/a-v2' },
        { from: 'm/a-v2', to: 'o/z-v1' },
      ],
      { workloads: { 'm/a-v1': {}, 'm/a-v2': {}, 'o/z-v1': {} } },
    );
    for (const focus of ['namespace/Kubernetes/m', 'box-namespace/Kubernetes/m', 'app/Kubernetes/m/a', 'box-app/Kubernetes/m/a'])
      expect(names(projectGraph(own, { ...WORKLOADS, focus, up: 0, down: 1 })), focus).toBe('a-v1 a-v2 z-v1');
  });
  it('on a node that is not there shows nothing and says so', () => {
    const p = projectGraph(traffic, { ...WORKLOADS, focus: id('n/nobody') });
    expect([p.graph.nodes, p.notes.map((n) => n.code)]).toEqual([[], ['unknownNode', 'noTraffic']]);
  });
  it('keeps what a node says of its own traffic whole', () => {
    const p = projectGraph(traffic, { ...WORKLOADS, focus: id('n/b'), up: 0, down: 1 });
    expect(p.graph.nodes.find((n) => n.label === 'b')?.inbound.http).toBe(1);
    expect(p.totals.shown?.requestsPerSecond).toEqual({ drawn: 1, folded: 0, hubs: 0, leftOut: 0, hidden: 5 });
  });
});

describe('paths', () => {
  const between = (traffic: PreparedTraffic, from: string, to: string, more: Partial<ViewSpec> = {}): Projection =>
    projectGraph(traffic, { ...WORKLOADS, overlays: ['latency'], from: id(`n/${from}`), to: id(`n/${to}`), ...more });
  const letters = (p: Projection): readonly string[] =>
    p.paths?.routes.map((route) => route.map((edge) => `${edge.split('>')[0]?.at(-1) ?? ''}${/(.)\|/.exec(edge)?.[1] ?? ''}`).join(' ')) ??
    [];

  it('are all ways without loops, the shortest first, and only their edges', () => {
    const p = between(read(['ab', 'bc', 'cd', 'ac', 'cb', 'bd', 'da', 'xa', 'dx'].map((pair) => call(pair))), 'a', 'd');
    expect(letters(p)).toEqual(
      ['ac cd', 'ab bd', 'ac cb bd', 'ab bc cd'].sort((x, y) => x.length - y.length || letters(p).indexOf(x) - letters(p).indexOf(y)),
    );
    expect(wires(p)).toBe('ab ac bc bd cb cd');
    expect(p.paths?.complete).toBe(true);
    expect(p.paths?.edges.map((e) => [e.id.split('|')[0]?.replace(/workload.Kubernetes.n./g, ''), e.hop, e.routes])).toEqual([
      ['a>b', 0, 2],
      ['a>c', 0, 2],
      ['b>c', 1, 1],
      ['b>d', 1, 2],
      ['c>b', 1, 1],
      ['c>d', 1, 2],
    ]);
  });

  it('tell where errors and time arise: what the calls of a node do not explain is its own', () => {
    const p = between(
      read([
        call('ab', { codes: { '200': 90, '500': 10 }, averageMs: 120 }),
        call('bc', { codes: { '200': 192, '500': 8 }, averageMs: 40 }),
        call('cd', { codes: { '200': 200 }, averageMs: 15 }),
        call('xb', { codes: { '200': 100 }, averageMs: 120 }),
      ]),
      'a',
      'd',
    );
    const of = p.paths?.edges.map((e) => [e.ownErrorsPerSecond, e.errorShare, e.addedLatencyMs]);
    // Half of b's requests come from a: 4 of the 8 errors of c belong to them, 6 are of b. c is asked once for each request of b.
    expect(of).toEqual([
      [6, 0.4286, 80],
      [8, 0.5714, 25],
      [0, 0, 15],
    ]);
  });

  it('through services are explained by the workloads behind them', () => {
    const p = projectGraph(read([{ from: 'n/a', to: 'n/b', service: 'n/s', codes: { '500': 5 }, averageMs: 10 }]), {
      ...DEFAULT_VIEW,
      graphType: 'workload',
      overlays: ['latency'],
      from: id('n/a'),
      to: id('n/b'),
    });
    expect(p.paths?.edges.map((e) => [e.ownErrorsPerSecond, e.addedLatencyMs])).toEqual([
      [5, 10],
      [0, 0],
    ]);
    expect(p.paths?.edges.map((e) => e.id.startsWith('service'))).toEqual([true, false]);
  });

  it('that do not exist, or end nowhere, are said in words', () => {
    const traffic = read([call('ab')]);
    const codes = (p: Projection): readonly string[] => p.notes.map((n) => n.code);
    expect(codes(between(traffic, 'b', 'a'))).toEqual(['noPath', 'noTraffic']);
    expect(codes(between(traffic, 'a', 'q'))).toEqual(['unknownNode', 'noTraffic']);
    expect(between(traffic, 'b', 'a').paths).toMatchObject({ routes: [], edges: [], complete: true });
  });

  it('are bounded in a mesh where everybody calls everybody', () => {
    const random = randomOf(5);
    const traffic = read(
      Array.from(
        { length: 3000 },
        (): ObservationSpec => ({ from: `n/w${Math.floor(random() * 120)}`, to: `n/w${Math.floor(random() * 120)}` }),
      ),
    );
    const startedMs = performance.now();
    const p = between(traffic, 'w1', 'w2');
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(p.paths?.routes.length).toBe(MAX_ROUTES);
    expect(p.paths?.complete).toBe(false);
    expect(p.notes.map((n) => n.code)).toContain('morePaths');
    const lengths = p.paths?.routes.map((route) => route.length) ?? [];
    expect([...lengths].sort((a, b) => a - b)).toEqual(lengths);
  });
});
