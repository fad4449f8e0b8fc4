// How much of a graph is drawn: folds, hubs, budget, ranks, boxes, kinds of traffic. Whatever is left out, nothing of the traffic is lost.
import { describe, expect, it } from 'vitest';
import { GRAPH_TYPES, type TrafficPlaces } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import { DRAW_BUDGET, type ViewOptions } from '../../model/view-options';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { buildTables, findElement } from './element';
import { GraphMemory, type PreparedTraffic } from './memory';
import { type Projection, projectGraph } from './project';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from './testing/mesh-fixture';
import { randomMesh, randomOf } from './testing/random-mesh';

const read = (traffic: readonly ObservationSpec[], cluster: InventorySpec | null = null): PreparedTraffic =>
  new GraphMemory(compileHealthRules([])).read(snapshotOf(traffic), cluster === null ? null : inventoryOf(cluster));
const WORKLOADS: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };
const labels = ({ graph }: Projection): readonly string[] => graph.nodes.map((n) => `${n.kind} ${n.label} ${n.members}`);
const wires = ({ graph }: Projection): readonly string[] =>
  graph.edges.map((e) => `${e.source.split('/').slice(2).join('/')} > ${e.target.split('/').slice(2).join('/')} ${e.requestsPerSecond}`);
const sum = (places: TrafficPlaces | undefined): number =>
  places === undefined ? Number.NaN : places.drawn + places.folded + places.hubs + places.leftOut + places.hidden;
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= b * 2e-3 + 1e-6;

/** Two hundred services of ten namespaces, each calling a few others; two of a hundred calls fail. */
function largeMesh(seed: number): readonly ObservationSpec[] {
  const random = randomOf(seed);
  const name = (i: number): string => `ns${i % 10}/w${i}`;
  return Array.from({ length: 900 }, (_, n): ObservationSpec => {
    const [from, to] = [n % 200, Math.floor(random() ** 2 * 200)];
    const rate = random() * 10;
    const codes = random() < 0.02 ? { '200': rate, '503': rate } : { '200': rate };
    return { from: name(from), to: name(to), service: `ns${to % 10}/s${to}`, codes };
  });
}

describe('whatever is folded or left out', () => {
  const OPTIONS: readonly Partial<ViewOptions>[] = [
    { level: 'auto' },
    { level: 'apps' },
    { level: 'namespaces' },
    { level: 'auto', hubs: ['auto'] },
    { level: 'auto', open: ['ns3', 'red'] },
    { fold: ['ns1', 'red', 'green/s1'] },
    { hubs: ['auto'], waypoints: false },
    { level: 'namespaces', fold: ['ns1'], open: ['ns1/w1', 'ns2'] },
  ];
  const meshes = [
    ['large', read(largeMesh(1))],
    ['random', read(randomMesh(3).traffic, randomMesh(3).cluster)],
  ] as const;
  const views = GRAPH_TYPES.flatMap((graphType) => [true, false].map((serviceNodes) => ({ ...DEFAULT_VIEW, graphType, serviceNodes })));

  it.each(meshes)('the places of the traffic add up to all of it (%s mesh)', (_name, traffic) => {
    const { observations } = traffic.index.snapshot;
    const requests = observations.reduce((total, o) => total + o.requestsPerSecond, 0);
    const bytes = observations.reduce((total, o) => total + o.tcpSentBytesPerSecond + o.tcpReceivedBytesPerSecond, 0);
    for (const view of views)
      for (const options of OPTIONS) {
        const { totals, graph } = projectGraph(traffic, { ...view, ...options });
        const { shown } = totals;
        expect(isClose(sum(shown?.requestsPerSecond), requests), JSON.stringify([options, shown, requests])).toBe(true);
        expect(isClose(sum(shown?.tcpBytesPerSecond), bytes)).toBe(true);
        expect([shown?.nodes, shown?.edges]).toEqual([graph.nodes.length, graph.edges.length]);
        expect(isClose(totals.requestsPerSecond, requests)).toBe(true);
      }
  });

  it('without service nodes the edges say the same as the places', () => {
    for (const [, traffic] of meshes)
      for (const options of OPTIONS) {
        const { totals, graph } = projectGraph(traffic, { ...WORKLOADS, ...options });
        const drawn = graph.edges.reduce((total, e) => total + e.requestsPerSecond, 0);
        expect(isClose(drawn, totals.shown?.requestsPerSecond.drawn ?? 0)).toBe(true);
      }
  });

  it('the tables of a node tell all its traffic, though edges of it are left out', () => {
    const traffic = read(largeMesh(2));
    const view = { ...WORKLOADS, level: 'auto', open: Array.from({ length: 10 }, (_, i) => `ns${i}`) } as const;
    const [cut, whole] = [projectGraph(traffic, view), projectGraph(traffic, { ...view, level: 'full' })];
    expect(cut.graph.edges.length).toBeLessThan(whole.graph.edges.length);
    for (const node of cut.graph.nodes.slice(0, 40)) {
      const tables = [cut, whole].map((p) => {
        const element = findElement(p, node.id);
        return element === null ? null : buildTables(p, element);
      });
      expect(tables[0]).toEqual(tables[1]);
    }
  });
});

describe('auto', () => {
  it('draws within the budget, keeps every failing edge and leaves no node alone', () => {
    for (const seed of [1, 2, 3]) {
      const traffic = read(largeMesh(seed));
      const p = projectGraph(traffic, { ...WORKLOADS, level: 'auto' });
      expect(p.folded).toBe(true);
      expect(p.graph.nodes.length).toBeLessThanOrEqual(DRAW_BUDGET.nodes);
      const bad = (edges: Projection['graph']['edges']): readonly string[] => edges.filter((e) => e.health === 'failure').map((e) => e.id);
      expect(p.graph.edges.length - bad(p.graph.edges).length).toBeLessThanOrEqual(DRAW_BUDGET.edges);
      const opened = projectGraph(traffic, { ...WORKLOADS, level: 'auto', open: Array.from({ length: 10 }, (_, i) => `ns${i}`) });
      const whole = projectGraph(traffic, WORKLOADS);
      expect(bad(whole.graph.edges).length).toBeGreaterThan(5);
      expect(bad(opened.graph.edges)).toEqual(bad(whole.graph.edges));
      const busy = new Set(opened.graph.edges.flatMap((e) => [e.source, e.target]));
      expect(opened.graph.nodes.filter((n) => !busy.has(n.id))).toEqual([]);
    }
  });

  it('keeps an edge for the call in it that fails, though all its calls together hardly do', () => {
    const [spaces, apps] = [30, 6];
    const name = (space: number, app: number): string => `ns${space % spaces}/w${app}`;
    const busy = Array.from({ length: spaces * 12 }, (_, i): ObservationSpec => {
      const [space, step] = [i % spaces, 1 + Math.floor(i / spaces)];
      return { from: name(space, i % apps), to: name(space + step, (i + step) % apps), codes: { '200': 100, '503': 5 } };
    });
    const fewer = { from: name(0, 1), to: name(20, 1), codes: { '200': 1 } };
    const failing = { from: name(0, 2), to: name(20, 2), codes: { '200': 0.01, '503': 0.01 } };
    const isKept = (more: readonly ObservationSpec[]): boolean => {
      const p = projectGraph(read([...busy, ...more]), { ...WORKLOADS, level: 'auto', fold: ['ns0', 'ns20'] });
      expect(p.graph.edges.length).toBe(DRAW_BUDGET.edges);
      const edge = p.graph.edges.find(({ source, target }) => source.endsWith('/ns0') && target.endsWith('/ns20'));
      expect(edge?.health ?? 'degraded').toBe('degraded');
      return edge !== undefined;
    };
    expect(isKept([fewer, { ...failing, codes: { '200': 0.2, '503': 0.01 } }])).toBe(false);
    expect(isKept([fewer, failing])).toBe(true);
  });

  it('unfolds the largest namespaces that fit, by apps where all of one does not, and says how much it shows', () => {
    const size = { a: 100, b: 60, c: 20 };
    const traffic = Object.entries(size).flatMap(([namespace, count]) =>
      Array.from(
        { length: count },
        (_, i): ObservationSpec => ({
          from: `${namespace}/w${i}-v1`,
          to: `${namespace}/w${i}-v2`,
          codes: { '200': i + 1 },
        }),
      ),
    );
    const workloads = Object.fromEntries(
      traffic.flatMap(({ from, to }) => [
        [from, {}],
        [to, {}],
      ]),
    );
    const p = projectGraph(read(traffic, { workloads }), { ...WORKLOADS, level: 'auto' });
    const kinds = (namespace: string): ReadonlySet<string> =>
      new Set(p.graph.nodes.filter((n) => n.namespace === namespace).map((n) => `${n.kind} ${n.members}`));
    // 360 nodes: a has 200 and is drawn by its 100 apps; then c has 40 and fits, b does not.
    expect([...kinds('a')]).toEqual(['app 2']);
    expect([...kinds('b')]).toEqual(['namespace 120']);
    expect([...kinds('c')]).toEqual(['workload 1']);
    expect(p.notes[0]?.text).toBe(
      'Showing 141 of 360 nodes and 20 of 180 edges, 3 % of the requests. Open a namespace or an app to see inside.',
    );
  });

  it('folds nothing that fits', () => {
    const p = projectGraph(read(randomMesh(1).traffic.slice(0, 40)), { ...WORKLOADS, level: 'auto' });
    expect([p.folded, p.notes]).toEqual([false, []]);
  });
});

describe('fold and open', () => {
  const traffic = read(
    [
      { from: 'shop/cart-v1', to: 'shop/cart-v2', codes: { '200': 1 } },
      { from: 'shop/cart-v1', to: 'pay/bank-v1', codes: { '200': 2 } },
      { from: 'shop/cart-v2', to: 'pay/bank-v1', codes: { '200': 4 } },
      { from: 'shop/web-v1', to: 'shop/cart-v1', codes: { '200': 8 } },
    ],
    { workloads: { 'shop/cart-v1': {}, 'shop/cart-v2': {}, 'shop/web-v1': {}, 'pay/bank-v1': {} } },
  );
  it('an app becomes one node with the sums of its edges', () => {
    const p = projectGraph(traffic, { ...WORKLOADS, fold: ['shop/cart'] });
    expect(labels(p)).toEqual(['app cart 2', 'workload bank-v1 1', 'workload web-v1 1']);
    expect(wires(p)).toEqual(['shop/cart > pay/bank-v1 6', 'shop/web-v1 > shop/cart 8']);
    expect(p.graph.nodes[0]?.outbound.http).toBe(7);
  });
  it('an app of one node stays as it is', () => {
    expect(projectGraph(traffic, { ...WORKLOADS, fold: ['shop/web'] }).folded).toBe(false);
  });
  it('the narrower name wins, and open wins over the level', () => {
    expect(labels(projectGraph(traffic, { ...WORKLOADS, level: 'namespaces', open: ['shop/cart'] }))).toEqual([
      'namespace pay 1',
      'namespace shop 1',
      'workload cart-v1 1',
      'workload cart-v2 1',
    ]);
    expect(labels(projectGraph(traffic, { ...WORKLOADS, level: 'apps', fold: ['shop'] }))).toEqual([
      'namespace shop 3',
      'workload bank-v1 1',
    ]);
    expect(labels(projectGraph(traffic, { ...WORKLOADS, level: 'apps', open: ['shop'] }))).toHaveLength(4);
  });
});

describe('hubs', () => {
  const traffic = read([
    { from: 'in/gateway', to: 'shop/a', codes: { '200': 1, '500': 1 } },
    { from: 'in/gateway', to: 'shop/b', codes: { '200': 3 } },
    { from: 'shop/a', to: 'shop/b', codes: { '200': 5 } },
    { from: 'shop/b', to: 'in/gateway', codes: { '200': 7 } },
  ]);
  const GATEWAY = 'workload/Kubernetes/in/gateway';

  it('are told on their peers, with what was on their edges', () => {
    const p = projectGraph(traffic, { ...WORKLOADS, hubs: [GATEWAY] });
    expect(wires(p)).toEqual(['shop/a > shop/b 5']);
    const [gateway, a, b] = p.graph.nodes;
    expect(gateway?.hub).toEqual({ edges: 3, requestsPerSecond: 12, errorsPerSecond: 1, tcpBytesPerSecond: 0 });
    expect(a?.hubPeers).toEqual([
      {
        id: GATEWAY,
        label: 'gateway',
        direction: 'inbound',
        health: 'failure',
        edges: 1,
        requestsPerSecond: 2,
        errorsPerSecond: 1,
        tcpBytesPerSecond: 0,
      },
    ]);
    expect(b?.hubPeers?.map((peer) => [peer.direction, peer.requestsPerSecond])).toEqual([
      ['inbound', 3],
      ['outbound', 7],
    ]);
    expect(b?.inbound.http).toBe(8);
    expect(p.totals.shown?.requestsPerSecond).toEqual({ drawn: 5, folded: 0, hubs: 12, leftOut: 0, hidden: 0 });
  });

  it('are found by themselves where a node has very many peers', () => {
    const many = Array.from({ length: 25 }, (_, i): ObservationSpec => ({ from: 'mon/prometheus', to: `shop/w${i}` }));
    const p = projectGraph(read([...many, { from: 'shop/w0', to: 'shop/w1' }]), { ...WORKLOADS, hubs: ['auto'] });
    expect(wires(p)).toEqual(['shop/w0 > shop/w1 1']);
    expect(projectGraph(traffic, { ...WORKLOADS, hubs: ['auto'] }).graph.edges).toHaveLength(4);
  });

  it('are no folded namespaces: these call many others because their members do', () => {
    const mesh = Array.from({ length: 30 }, (_, i) =>
      Array.from({ length: 30 }, (_, k): ObservationSpec => ({ from: `ns${i}/a`, to: `ns${k}/b` })),
    ).flat();
    const view: ViewSpec = { ...WORKLOADS, level: 'namespaces', hubs: ['auto'] };
    expect(projectGraph(read(mesh), view).totals.shown?.requestsPerSecond.hubs).toBe(0);
  });
});

describe('ranks', () => {
  it('go from the node with the most edges down, equal for equal', () => {
    const traffic = read([
      { from: 'n/a', to: 'n/x' },
      { from: 'n/b', to: 'n/x' },
      { from: 'n/b', to: 'n/y' },
    ]);
    const ranks = (rank: ViewSpec['rank']): readonly unknown[] =>
      projectGraph(traffic, { ...WORKLOADS, rank }).graph.nodes.map((n) => `${n.label} ${n.rank ?? '-'}`);
    expect(ranks([])).toEqual(['a -', 'b -', 'x -', 'y -']);
    expect(ranks(['inbound'])).toEqual(['a 3', 'b 3', 'x 1', 'y 2']);
    expect(ranks(['inbound', 'outbound'])).toEqual(['a 2', 'b 1', 'x 1', 'y 2']);
  });
  it('stay within 1 to 100', () => {
    const star = Array.from({ length: 150 }, (_, i) =>
      Array.from({ length: i + 1 }, (__, j): ObservationSpec => ({ from: `n/s${j}`, to: `n/t${i}` })),
    );
    const ranks = projectGraph(read(star.flat()), { ...WORKLOADS, rank: ['inbound'] }).graph.nodes.map((n) => n.rank ?? 0);
    expect([Math.min(...ranks), Math.max(...ranks)]).toEqual([1, 100]);
  });
});

describe('boxes', () => {
  it('are drawn as far as they are wanted', () => {
    const traffic = read([{ from: 'n/a-v1', to: 'n/a-v2' }], { workloads: { 'n/a-v1': {}, 'n/a-v2': {} } });
    const boxes = (wanted: ViewSpec['boxes']): readonly unknown[] => {
      const { graph } = projectGraph(traffic, { ...DEFAULT_VIEW, boxes: wanted });
      return [graph.boxes.map((b) => `${b.kind} ${b.parent ?? ''}`), graph.nodes[0]?.parent, graph.nodes[0]?.label];
    };
    expect(boxes(['cluster', 'namespace', 'app'])).toEqual([
      ['namespace ', 'app box-namespace/Kubernetes/n'],
      'box-app/Kubernetes/n/a',
      'v1',
    ]);
    expect(boxes(['app'])).toEqual([['app '], 'box-app/Kubernetes/n/a', 'v1']);
    expect(boxes(['namespace'])).toEqual([['namespace '], 'box-namespace/Kubernetes/n', 'a v1']);
    expect(boxes([])).toEqual([[], null, 'a v1']);
  });
});

describe('kinds of traffic', () => {
  const traffic = read([
    { from: 'n/a', to: 'n/b', codes: { '200': 1 } },
    { from: 'n/a', to: 'n/b', protocol: 'grpc', codes: { '0': 2 } },
    { from: 'n/a', to: 'n/b', protocol: 'tcp', tcp: [3, 5] },
    { from: 'n/a', to: 'n/c', protocol: 'tcp', tcp: [0, 7], reporter: 'ztunnel' },
    { from: 'n/a', to: 'n/d', codes: { '200': 4 }, reporter: 'waypoint' },
  ]);
  const show = (options: Partial<ViewOptions>): readonly unknown[] => {
    const p = projectGraph(traffic, { ...WORKLOADS, ...options });
    return [
      p.graph.edges.map(
        (e) => `${e.protocol} ${e.target.at(-1)} ${e.requestsPerSecond} ${e.sentBytesPerSecond} ${e.receivedBytesPerSecond}`,
      ),
      p.totals.requestsPerSecond,
      p.totals.tcpBytesPerSecond,
      sum(p.totals.shown?.tcpBytesPerSecond),
    ];
  };
  it('count as the view says', () => {
    const [grpc, http, tcp, ambient, way] = ['grpc b 2 0 0', 'http b 1 0 0', 'tcp b 0 3 5', 'tcp c 0 0 7', 'http d 4 0 0'];
    expect(show({})).toEqual([[grpc, http, tcp, ambient, way], 7, 15, 15]);
    expect(show({ rateHttp: 'none' })).toEqual([[grpc, tcp, ambient], 2, 15, 15]);
    expect(show({ rateGrpc: 'none', rateTcp: 'none' })).toEqual([[http, way], 5, 0, 0]);
    expect(show({ rateTcp: 'sent' })).toEqual([[grpc, http, 'tcp b 0 3 0', way], 7, 3, 3]);
    expect(show({ rateTcp: 'received' })).toEqual([[grpc, http, 'tcp b 0 0 5', ambient, way], 7, 12, 12]);
    expect(show({ ambientTraffic: 'waypoint' })).toEqual([[grpc, http, tcp, way], 7, 8, 8]);
    expect(show({ ambientTraffic: 'ztunnel' })).toEqual([[grpc, http, tcp, ambient], 3, 15, 15]);
    expect(show({ ambientTraffic: 'none' })).toEqual([[grpc, http, tcp], 3, 8, 8]);
  });
  it('waypoints go with what passes them, and are told as hidden', () => {
    const own = read(
      [
        { from: 'n/a', to: 'n/b', codes: { '200': 4 }, service: 'n/b', reporter: 'waypoint' },
        { from: 'n/a', to: 'n/way', protocol: 'tcp', tcp: [1, 1], service: 'n/way', reporter: 'ztunnel' },
        { from: 'n/way', to: 'n/b', protocol: 'tcp', tcp: [1, 1], reporter: 'ztunnel' },
      ],
      { workloads: { 'n/a': {}, 'n/b': {}, 'n/way': { mode: 'waypoint' } } },
    );
    const p = projectGraph(own, { ...DEFAULT_VIEW, graphType: 'workload', waypoints: false });
    expect(labels(p)).toEqual(['service b 1', 'workload a 1', 'workload b 1']);
    expect(p.totals.shown?.tcpBytesPerSecond).toEqual({ drawn: 0, folded: 0, hubs: 0, leftOut: 0, hidden: 4 });
    expect(projectGraph(own, { ...DEFAULT_VIEW, graphType: 'workload' }).graph.nodes).toHaveLength(4);
  });
});
