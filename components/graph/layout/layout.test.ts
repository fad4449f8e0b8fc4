// The promises of the layout over seeded random meshes: nothing overlaps, equal input gives equal output, a refresh moves nothing.
import { describe, expect, it } from 'vitest';
import { type Arrangement, type LayoutInput, nodeRect, overlaps, type Rect } from './arrangement';
import { buildContainers } from './containers';
import { annexOrigin, insertNodes, isMostlyNew } from './insert';
import { layoutGraph } from './layout-graph';

/** Mulberry32: a small seeded generator. */
function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Mesh {
  readonly namespaces: number;
  nodes: { id: string; parent: string; width: number }[];
  edges: { source: string; target: string }[];
  apps: { id: string; parent: string }[];
}

function randomMesh(count: number, seed: number): Mesh {
  const random = seeded(seed + count);
  const namespaces = Math.max(3, Math.round(Math.sqrt(count) * 0.85));
  const mesh: Mesh = { namespaces, nodes: [], edges: [], apps: [] };
  while (mesh.nodes.length < count) addApp(mesh, random);
  while (mesh.edges.length < count * 2.6) addEdge(mesh, random);
  return mesh;
}

function addApp(mesh: Mesh, random: () => number): void {
  const ns = `ns${Math.floor(random() * random() * mesh.namespaces)}`;
  const app = `${ns}/app${mesh.apps.length}`;
  const versions = random() < 0.7 ? 1 : 3;
  mesh.apps.push({ id: app, parent: ns });
  const parent = versions > 1 ? app : ns;
  const own = [`${app}/svc`, ...Array.from({ length: versions }, (_, v) => `${app}/v${v}`)];
  for (const id of own) {
    mesh.nodes.push({ id, parent, width: 44 + Math.floor(random() * 80) });
    if (id !== own[0]) mesh.edges.push({ source: `${app}/svc`, target: id });
  }
}

function addEdge(mesh: Mesh, random: () => number): void {
  const pick = (): string => mesh.nodes[Math.floor(random() * mesh.nodes.length)]?.id ?? '';
  mesh.edges.push({ source: pick(), target: pick() });
}

const inputOf = (mesh: Mesh): LayoutInput => ({
  nodes: mesh.nodes.map((n) => ({ ...n, above: 24, below: 40 })),
  boxes: [
    ...Array.from({ length: mesh.namespaces }, (_, i) => ({ id: `ns${i}`, parent: null, kind: 'namespace' as const, titleWidth: 90 })),
    ...mesh.apps.map((a) => ({ ...a, kind: 'app' as const, titleWidth: 60 })),
  ],
  edges: mesh.edges,
  layerGap: 60,
  layout: 'flow',
  aspect: 1.6,
});

/** Pairs of siblings that overlap, and things that stick out of their box. */
function faults(arrangement: Arrangement, input: LayoutInput): string[] {
  const containers = buildContainers(input);
  const rects = new Map<string | null, { id: string; rect: Rect }[]>();
  const found: string[] = [];
  const add = (id: string, parent: string | null, rect: Rect): void => {
    rects.set(parent, [...(rects.get(parent) ?? []), { id, rect }]);
    const box = parent === null ? undefined : arrangement.boxes.get(parent);
    const inside =
      !box ||
      (rect.x >= box.x - 0.01 &&
        rect.y >= box.y - 0.01 &&
        rect.x + rect.width <= box.x + box.width + 0.01 &&
        rect.y + rect.height <= box.y + box.height + 0.01);
    if (!inside || (parent !== null && !box)) found.push(`${id} is not inside ${parent}`);
  };
  for (const node of input.nodes) {
    const at = arrangement.nodes.get(node.id);
    if (!at) found.push(`${node.id} has no place`);
    else add(node.id, arrangement.annexes.get(node.id) ?? containers.parentOf(node.id), nodeRect(node, at));
  }
  for (const [id, rect] of arrangement.boxes)
    add(id, arrangement.annexes.get(id) ?? (annexOrigin(id) === null ? containers.parentOf(id) : null), rect);
  for (const list of rects.values())
    list.forEach((a, i) => {
      for (const b of list.slice(i + 1)) if (overlaps(a.rect, b.rect)) found.push(`${a.id} overlaps ${b.id}`);
    });
  return found;
}

const flat = (arrangement: Arrangement): unknown => [[...arrangement.nodes].sort(), [...arrangement.boxes].sort()];

describe('layoutGraph', () => {
  it.each([
    [50, 1],
    [50, 2],
    [50, 3],
    [200, 1],
    [200, 2],
    [500, 1],
  ])('places %i nodes (seed %i) without overlap, everything inside its box', (count, seed) => {
    const input = inputOf(randomMesh(count, seed));
    expect(faults(layoutGraph(input), input)).toEqual([]);
  });

  it('is a function of the graph, not of the order in which it is told', () => {
    const input = inputOf(randomMesh(120, 9));
    const shuffled = { ...input, nodes: input.nodes.toReversed(), boxes: input.boxes.toReversed(), edges: input.edges.toReversed() };
    expect(flat(layoutGraph(shuffled))).toEqual(flat(layoutGraph(input)));
  });

  it('draws callers left of what they call', () => {
    const chain = ['a', 'b', 'c', 'd'];
    const input: LayoutInput = {
      nodes: chain.map((id) => ({ id, parent: null, width: 60, above: 20, below: 40 })),
      boxes: [],
      edges: chain.slice(1).map((target, i) => ({ source: chain[i] ?? '', target })),
      layerGap: 60,
      layout: 'flow',
      aspect: 1.6,
    };
    const xs = chain.map((id) => layoutGraph(input).nodes.get(id)?.x ?? Number.NaN);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(new Set(xs).size).toBe(4);
    expect(new Set(chain.map((id) => layoutGraph(input).nodes.get(id)?.y)).size).toBe(1);
  });

  it('survives cycles, loops, doubled edges, edges into nothing, empty boxes, boxes that hold each other, unknown parents', () => {
    const node = (id: string, parent: string | null): LayoutInput['nodes'][number] => ({ id, parent, width: 50, above: 20, below: 30 });
    const box = (id: string, parent: string | null): LayoutInput['boxes'][number] => ({ id, parent, kind: 'namespace', titleWidth: 300 });
    const input: LayoutInput = {
      nodes: [node('a', 'x'), node('b', 'x'), node('c', 'nowhere'), node('d', 'y')],
      boxes: [box('x', 'y'), box('y', 'x'), box('empty', null)],
      edges: [
        { source: 'a', target: 'b' },
        { source: 'b', target: 'a' },
        { source: 'a', target: 'a' },
        { source: 'a', target: 'b' },
        { source: 'a', target: 'gone' },
        { source: 'c', target: 'd' },
      ],
      layerGap: 60,
      layout: 'flow',
      aspect: 1.6,
    };
    const arrangement = layoutGraph(input);
    expect(faults(arrangement, input)).toEqual([]);
    expect(arrangement.boxes.has('empty')).toBe(false);
    expect(layoutGraph({ ...input, nodes: [], edges: [] }).nodes.size).toBe(0);
  });
});

/** Drops and adds 2 % of the nodes. */
function churn(mesh: Mesh, random: () => number): void {
  const count = Math.max(2, Math.round(mesh.nodes.length * 0.02));
  for (let i = 0; i < count; i++) {
    const gone = mesh.nodes.splice(Math.floor(random() * mesh.nodes.length), 1)[0]?.id;
    mesh.edges = mesh.edges.filter((e) => e.source !== gone && e.target !== gone);
  }
  const before = mesh.nodes.length;
  while (mesh.nodes.length < before + count) {
    if (random() < 0.5) addApp(mesh, random);
    else {
      const near = mesh.nodes[Math.floor(random() * mesh.nodes.length)];
      if (!near) throw new Error('no nodes');
      const id = `${near.parent}/extra${Math.floor(random() * 1e9)}`;
      mesh.nodes.push({ id, parent: near.parent, width: 50 + Math.floor(random() * 60) });
      mesh.edges.push({ source: near.id, target: id });
    }
  }
  for (let i = 0; i < count * 2; i++) addEdge(mesh, random);
}

describe('insertNodes', () => {
  it.each([
    [50, 4],
    [50, 5],
    [200, 4],
    [200, 5],
    [500, 4],
  ])('12 refreshes that replace one node of 50, of %i nodes (seed %i), move nothing and overlap nothing', (count, seed) => {
    const mesh = randomMesh(count, seed);
    const random = seeded(seed);
    let arrangement: Arrangement = layoutGraph(inputOf(mesh));
    for (let refresh = 0; refresh < 12; refresh++) {
      churn(mesh, random);
      const input = inputOf(mesh);
      const next = insertNodes(arrangement, input).arrangement;
      const moved = [...next.nodes].filter(([id, at]) => {
        const was = arrangement.nodes.get(id);
        return was && (was.x !== at.x || was.y !== at.y);
      });
      expect(moved).toEqual([]);
      expect(faults(next, input)).toEqual([]);
      arrangement = next;
    }
  });

  it('changes nothing when nothing changed', () => {
    const input = inputOf(randomMesh(80, 7));
    const before = layoutGraph(input);
    const after = insertNodes(before, input);
    expect(after.added).toEqual([]);
    expect(after.crowded).toBe(false);
    expect([...after.arrangement.nodes].sort()).toEqual([...before.nodes].sort());
  });

  it('places a new workload inside its box, right of its caller', () => {
    const input: LayoutInput = {
      nodes: [
        { id: 'a', parent: 'ns', width: 60, above: 20, below: 40 },
        { id: 'b', parent: 'ns', width: 60, above: 20, below: 40 },
      ],
      boxes: [{ id: 'ns', parent: null, kind: 'namespace', titleWidth: 60 }],
      edges: [{ source: 'a', target: 'b' }],
      layerGap: 60,
      layout: 'flow',
      aspect: 1.6,
    };
    const next = {
      ...input,
      nodes: [...input.nodes, { id: 'c', parent: 'ns', width: 60, above: 20, below: 40 }],
      edges: [...input.edges, { source: 'a', target: 'c' }],
    };
    const { arrangement, added, crowded } = insertNodes(layoutGraph(input), next);
    expect(added).toEqual(['c']);
    expect(crowded).toBe(false);
    expect(faults(arrangement, next)).toEqual([]);
    expect(arrangement.nodes.get('c')?.x).toBeGreaterThan(arrangement.nodes.get('a')?.x ?? Number.NaN);
  });

  it('gives a walled-in box an annex, keeps it while it is needed, and says that it is crowded', () => {
    const wall = (id: string, x: number, y: number, width: number, height: number): readonly [string, { x: number; y: number }, object] => [
      id,
      { x: x + width / 2, y: y + height / 2 },
      { id, parent: null, width, above: height / 2, below: height / 2 },
    ];
    const walls = [
      wall('n', -170, -80, 380, 40),
      wall('s', -170, 80, 380, 40),
      wall('w', -170, -38, 120, 116),
      wall('e', 90, -38, 120, 116),
    ];
    const member = (id: string): LayoutInput['nodes'][number] => ({ id, parent: 'ns', width: 80, above: 20, below: 20 });
    const previous: Arrangement = {
      nodes: new Map([['in', { x: 20, y: 30 }], ...walls.map(([id, at]) => [id, at] as const)]),
      boxes: new Map(),
      annexes: new Map(),
    };
    const input: LayoutInput = {
      nodes: [member('in'), member('new'), ...walls.map(([id, , b]) => ({ id, parent: null, width: 1, above: 1, below: 1, ...b }))],
      boxes: [{ id: 'ns', parent: null, kind: 'namespace', titleWidth: 60 }],
      edges: [{ source: 'in', target: 'new' }],
      layerGap: 60,
      layout: 'flow',
      aspect: 1.6,
    };
    const first = insertNodes(previous, input);
    expect(first.arrangement.annexes.get('new')).toBe('ns~2');
    expect(first.crowded).toBe(true);
    expect(faults(first.arrangement, input)).toEqual([]);
    const again = insertNodes(first.arrangement, { ...input, nodes: [...input.nodes, member('newer')] });
    expect(again.arrangement.annexes.get('newer')).toBe('ns~2');
    expect(again.arrangement.nodes.get('new')).toEqual(first.arrangement.nodes.get('new'));
    const without = insertNodes(again.arrangement, { ...input, nodes: input.nodes.filter((n) => n.id !== 'new') });
    expect(without.arrangement.boxes.has('ns~2')).toBe(false);
    expect(without.crowded).toBe(false);
  });

  it('knows when a fresh layout is better', () => {
    const before = layoutGraph(inputOf(randomMesh(50, 1)));
    expect(isMostlyNew(before, inputOf(randomMesh(50, 1)))).toBe(false);
    expect(isMostlyNew({ ...before, nodes: new Map() }, inputOf(randomMesh(50, 1)))).toBe(true);
    expect(isMostlyNew(before, inputOf(randomMesh(200, 1)))).toBe(true);
  });
});
