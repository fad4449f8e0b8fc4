// First half of a layered drawing: cycles broken, every vertex in a layer (column) left of the vertices it calls, long edges cut into steps.
// In: blocks and edges. Out: vertices with layers and links to the neighbouring layers. Deterministic: ties go by input order.

/** Something to be placed: a node or a box with its contents. `above` and `below` are measured from its anchor line. */
export interface Block {
  readonly id: string;
  readonly width: number;
  readonly above: number;
  readonly below: number;
}

export interface BlockEdge {
  readonly source: string;
  readonly target: string;
  readonly weight: number;
}

export interface Link {
  readonly to: Vertex;
  readonly weight: number;
}

/** A block in its layer, or a bend of a long edge (`block` null). Mutable while the layout runs. */
export interface Vertex {
  readonly block: Block | null;
  readonly above: number;
  readonly below: number;
  layer: number;
  /** Position in the layer. */
  order: number;
  y: number;
  readonly up: Link[];
  readonly down: Link[];
}

interface Arc {
  source: Vertex;
  target: Vertex;
  weight: number;
}

interface Arcs {
  readonly out: Map<Vertex, Arc[]>;
  readonly in: Map<Vertex, Arc[]>;
}

const vertexOf = (block: Block | null, layer: number): Vertex => ({
  block,
  above: block?.above ?? 1,
  below: block?.below ?? 1,
  layer,
  order: 0,
  y: 0,
  up: [],
  down: [],
});

/** Sums the weights of edges between the same two blocks; loops are dropped. */
export function mergeEdges(edges: readonly BlockEdge[]): BlockEdge[] {
  const merged = new Map<string, BlockEdge>();
  for (const edge of edges) {
    if (edge.source === edge.target) continue;
    const key = `${edge.source}\n${edge.target}`;
    merged.set(key, { ...edge, weight: edge.weight + (merged.get(key)?.weight ?? 0) });
  }
  return [...merged.values()];
}

function index(vertices: readonly Vertex[], arcs: readonly Arc[]): Arcs {
  const result: Arcs = { out: new Map(vertices.map((v) => [v, []])), in: new Map(vertices.map((v) => [v, []])) };
  for (const arc of arcs) {
    result.out.get(arc.source)?.push(arc);
    result.in.get(arc.target)?.push(arc);
  }
  return result;
}

/** Turns round the arcs that close a cycle in a depth-first walk from the vertices that nobody calls. */
function breakCycles(vertices: readonly Vertex[], arcs: readonly Arc[]): void {
  const { out, in: incoming } = index(vertices, arcs);
  const count = (map: Map<Vertex, Arc[]>, v: Vertex): number => map.get(v)?.length ?? 0;
  const number = new Map(vertices.map((v, i) => [v, i]));
  const roots = [...vertices].sort(
    (a, b) => count(incoming, a) - count(incoming, b) || count(out, b) - count(out, a) || (number.get(a) ?? 0) - (number.get(b) ?? 0),
  );
  const state = new Map<Vertex, 'open' | 'done'>();
  const closing: Arc[] = [];
  for (const root of roots) {
    if (state.has(root)) continue;
    state.set(root, 'open');
    const stack: { readonly vertex: Vertex; next: number }[] = [{ vertex: root, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const arc = out.get(top.vertex)?.[top.next++];
      if (!arc) {
        state.set(top.vertex, 'done');
        stack.pop();
        continue;
      }
      const seen = state.get(arc.target);
      if (seen === 'open') closing.push(arc);
      else if (seen === undefined) {
        state.set(arc.target, 'open');
        stack.push({ vertex: arc.target, next: 0 });
      }
    }
  }
  for (const arc of closing) [arc.source, arc.target] = [arc.target, arc.source];
}

/** Longest path from the left, then every vertex to the side where it has more arcs, so that callers stand next to what they call. */
function assignLayers(vertices: readonly Vertex[], arcs: readonly Arc[]): void {
  const { out, in: incoming } = index(vertices, arcs);
  const waiting = new Map(vertices.map((v) => [v, incoming.get(v)?.length ?? 0]));
  const sorted = vertices.filter((v) => waiting.get(v) === 0);
  for (let i = 0; i < sorted.length; i++) {
    const vertex = sorted[i];
    if (!vertex) break;
    for (const arc of out.get(vertex) ?? []) {
      arc.target.layer = Math.max(arc.target.layer, vertex.layer + 1);
      const left = (waiting.get(arc.target) ?? 0) - 1;
      waiting.set(arc.target, left);
      if (left === 0) sorted.push(arc.target);
    }
  }
  for (let round = 0; round < 3; round++)
    for (const vertex of sorted.toReversed()) {
      const calls = out.get(vertex) ?? [];
      const callers = incoming.get(vertex) ?? [];
      if (calls.length === 0) continue;
      const rightmost = calls.reduce((m, arc) => Math.min(m, arc.target.layer - 1), Number.POSITIVE_INFINITY);
      const leftmost = callers.reduce((m, arc) => Math.max(m, arc.source.layer + 1), 0);
      if (callers.length < calls.length) vertex.layer = rightmost;
      else if (callers.length > calls.length) vertex.layer = leftmost;
    }
  const first = vertices.reduce((m, v) => Math.min(m, v.layer), Number.POSITIVE_INFINITY);
  for (const vertex of vertices) vertex.layer -= first;
}

/** All vertices, bends of long edges included, linked layer by layer. */
export function buildLayers(blocks: readonly Block[], edges: readonly BlockEdge[]): Vertex[] {
  const byId = new Map(blocks.map((block) => [block.id, vertexOf(block, 0)]));
  const vertices = [...byId.values()];
  const arcs: Arc[] = [];
  for (const edge of mergeEdges(edges)) {
    const source = byId.get(edge.source);
    const target = byId.get(edge.target);
    if (source && target) arcs.push({ source, target, weight: edge.weight });
  }
  breakCycles(vertices, arcs);
  assignLayers(vertices, arcs);
  for (const arc of arcs) {
    let from = arc.source;
    for (let layer = arc.source.layer + 1; layer <= arc.target.layer; layer++) {
      const to = layer === arc.target.layer ? arc.target : vertexOf(null, layer);
      if (to !== arc.target) vertices.push(to);
      from.down.push({ to, weight: arc.weight });
      to.up.push({ to: from, weight: arc.weight });
      from = to;
    }
  }
  return vertices;
}
