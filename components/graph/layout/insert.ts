// A refresh: what was there stays exactly where it is, what is new finds a free place near what it talks to, inside its box.
// In: the arrangement before, the input now. Out: the arrangement now. Nothing moves, ever; boxes shrink and grow around their contents.
// A box that is walled in gets an annex: a second box with its name in free space. Deterministic.
import {
  type Arrangement,
  boxAround,
  type LayoutBox,
  type LayoutInput,
  nodeRect,
  overlaps,
  PADDING,
  type Point,
  type Rect,
  SIBLING_GAP,
  union,
} from './arrangement';
import { buildContainers, type Containers, pathOutwards } from './containers';
import { layoutGraph } from './layout-graph';
import { measureBoxes, measureRects } from './measure-boxes';
import { findPlace } from './place';

export interface Insertion {
  readonly arrangement: Arrangement;
  /** Ids of the nodes that were placed now. */
  readonly added: readonly string[];
  /** True when the picture suffers (annexes, boxes that had to overlap): a tidy-up would help. */
  readonly crowded: boolean;
}

const ANNEX = '~2';

/** The box that an annex continues, null for any other id. */
export const annexOrigin = (id: string): string | null => (id.endsWith(ANNEX) ? id.slice(0, -ANNEX.length) : null);

/** The input with the annexed things moved into their annexes. */
function withAnnexes(input: LayoutInput, annexes: ReadonlyMap<string, string>): LayoutInput {
  if (annexes.size === 0) return input;
  const origins = new Map(input.boxes.map((box) => [box.id, box]));
  const extra: LayoutBox[] = [];
  for (const id of new Set(annexes.values())) {
    const origin = origins.get(annexOrigin(id) ?? '');
    if (origin) extra.push({ id, parent: null, kind: origin.kind, titleWidth: origin.titleWidth + 90 });
  }
  const move = <T extends { readonly id: string; readonly parent: string | null }>(item: T): T => {
    const annex = annexes.get(item.id);
    return annex === undefined ? item : { ...item, parent: annex };
  };
  return { ...input, nodes: input.nodes.map(move), boxes: [...input.boxes.map(move), ...extra] };
}

/** Annexes that still make sense: the thing exists and still belongs into the box that the annex continues. */
function keepAnnexes(annexes: ReadonlyMap<string, string>, containers: Containers): Map<string, string> {
  const kept = new Map<string, string>();
  for (const [id, annex] of annexes) {
    if (!containers.nodes.has(id) && !containers.boxes.has(id)) continue;
    if (pathOutwards(containers, id).includes(annexOrigin(annex))) kept.set(id, annex);
  }
  return kept;
}

/** Places things into a picture, one block after another; all state of one insertion. */
class Inserter {
  readonly #annexes: Map<string, string>;
  readonly #input: LayoutInput;
  readonly nodes = new Map<string, Point>();
  readonly added: string[] = [];
  #effective: LayoutInput;
  #containers: Containers;
  /** Rectangles of everything placed: nodes, and boxes around them. */
  #rects = new Map<string, Rect>();

  constructor(previous: Arrangement, input: LayoutInput) {
    this.#input = input;
    this.#annexes = keepAnnexes(previous.annexes, buildContainers(input));
    this.#effective = withAnnexes(input, this.#annexes);
    this.#containers = buildContainers(this.#effective);
    for (const node of input.nodes) {
      const at = previous.nodes.get(node.id);
      if (at) this.nodes.set(node.id, at);
    }
    this.#measure();
  }

  #measure(): void {
    this.#rects = measureRects(this.#containers, this.nodes);
  }

  /** Outermost things of which nothing is placed yet, in a fixed order: best connected first, so that the others find neighbours. */
  #newBlocks(): string[] {
    const roots = new Set<string>();
    for (const node of this.#effective.nodes) {
      if (this.nodes.has(node.id)) continue;
      let root = node.id;
      for (const up of pathOutwards(this.#containers, node.id)) if (up !== null && !this.#rects.has(up)) root = up;
      roots.add(root);
    }
    const degree = new Map<string, number>();
    for (const edge of this.#input.edges)
      for (const [own, other] of [
        [edge.source, edge.target],
        [edge.target, edge.source],
      ] as const)
        if (this.nodes.has(other)) degree.set(own, (degree.get(own) ?? 0) + 1);
    return [...roots].sort((a, b) => (degree.get(b) ?? 0) - (degree.get(a) ?? 0) || (a < b ? -1 : 1));
  }

  run(): void {
    for (const root of this.#newBlocks()) this.#insert(root);
  }

  #insert(root: string): void {
    const within = this.#within(root);
    const members = new Set([...within.nodes, ...within.boxes].map((x) => x.id));
    const block = layoutGraph({
      ...this.#effective,
      nodes: within.nodes,
      boxes: within.boxes,
      edges: this.#effective.edges.filter((e) => members.has(e.source) && members.has(e.target)),
    });
    const rects = within.nodes.flatMap((node) => {
      const at = block.nodes.get(node.id);
      return at ? [nodeRect(node, at)] : [];
    });
    const [first, ...rest] = [...rects, ...block.boxes.values()];
    if (!first) return;
    const size = rest.reduce(union, first);
    const corner = this.#chooseCorner(root, members, size);
    for (const [id, at] of block.nodes) {
      this.nodes.set(id, { x: at.x + corner.x - size.x, y: at.y + corner.y - size.y });
      this.added.push(id);
    }
    this.#measure();
  }

  #within(root: string): Pick<LayoutInput, 'nodes' | 'boxes'> {
    const inside = (id: string): boolean => pathOutwards(this.#containers, id).includes(root);
    const detach = <T extends { readonly id: string; readonly parent: string | null }>(x: T): T =>
      x.id === root ? { ...x, parent: null } : x;
    return {
      nodes: this.#effective.nodes.filter((n) => inside(n.id)).map(detach),
      boxes: this.#effective.boxes.filter((b) => inside(b.id)).map(detach),
    };
  }

  /** Where a block would like to stand: right of its callers, left of what it calls. */
  #wish(members: ReadonlySet<string>, size: Rect): Point | null {
    let x = 0;
    let y = 0;
    let count = 0;
    const step = this.#input.layerGap + size.width / 2 + 30;
    const add = (id: string, direction: number): void => {
      const at = this.nodes.get(id);
      if (!at) return;
      x += at.x + direction * step;
      y += at.y;
      count++;
    };
    for (const edge of this.#input.edges) {
      if (members.has(edge.target) && !members.has(edge.source)) add(edge.source, 1);
      if (members.has(edge.source) && !members.has(edge.target)) add(edge.target, -1);
    }
    return count === 0 ? null : { x: x / count, y: y / count };
  }

  #chooseCorner(root: string, members: ReadonlySet<string>, size: Rect): Point {
    const parent = this.#containers.parentOf(root);
    const wish = this.#wish(members, size);
    const search = (container: string | null): Point | null =>
      findPlace({
        size,
        wish: wish ?? this.#idleWish(container),
        siblings: this.#siblings(container),
        accept: (rect) => this.#fits(rect, container),
        penalty: (rect) => this.#growth(rect, container),
      });
    const place = search(parent);
    if (place) return place;
    // Walled in. An app's box gives way to its namespace's, which says where the thing belongs.
    const home =
      pathOutwards(this.#containers, root).find((id) => id !== root && id !== null && this.#containers.boxes.get(id)?.kind !== 'app') ??
      parent;
    if (home === null) return this.#below();
    const annex = annexOrigin(home) === null ? `${home}${ANNEX}` : home;
    this.#annexes.set(root, annex);
    this.#effective = withAnnexes(this.#input, this.#annexes);
    this.#containers = buildContainers(this.#effective);
    const own = this.#rects.has(annex) ? search(annex) : null;
    if (own) return own;
    const box = this.#containers.boxes.get(annex);
    const padding = PADDING[box?.kind ?? 'namespace'];
    const below = this.#below();
    return { x: below.x + padding.left, y: below.y + padding.top };
  }

  #siblings(container: string | null, except?: string): Rect[] {
    return this.#containers.childrenOf(container).flatMap((id) => {
      const rect = id === except ? undefined : this.#rects.get(id);
      return rect ? [rect] : [];
    });
  }

  /** Whether every box around `rect` can grow to hold it without touching what stands beside it. */
  #fits(rect: Rect, container: string | null): boolean {
    if (this.#siblings(container).some((sibling) => overlaps(sibling, rect, SIBLING_GAP))) return false;
    let inner = rect;
    for (let id = container; id !== null; id = this.#containers.parentOf(id)) {
      const box = this.#containers.boxes.get(id);
      if (!box) return false;
      const grown = boxAround(box, [...this.#siblings(id), inner]);
      if (!grown) return false;
      const before = this.#rects.get(id);
      if (before && grown.x === before.x && grown.y === before.y && grown.width === before.width && grown.height === before.height)
        return true;
      if (this.#siblings(this.#containers.parentOf(id), id).some((sibling) => overlaps(sibling, grown, SIBLING_GAP / 2))) return false;
      inner = grown;
    }
    return true;
  }

  /** By how many pixels the box would become wider and taller. */
  #growth(rect: Rect, container: string | null): number {
    const box = container === null ? undefined : this.#containers.boxes.get(container);
    const before = container === null ? undefined : this.#rects.get(container);
    if (!box || !before) return 0;
    const grown = boxAround(box, [...this.#siblings(container), rect]);
    return grown ? grown.width - before.width + grown.height - before.height : 0;
  }

  #idleWish(container: string | null): Point {
    const rect = container === null ? undefined : this.#rects.get(container);
    if (rect) return { x: rect.x + rect.width / 2, y: rect.y + rect.height };
    const below = this.#below();
    return { x: below.x, y: below.y };
  }

  /** Below everything. */
  #below(): Point {
    const [first, ...rest] = this.#siblings(null);
    if (!first) return { x: 0, y: 0 };
    const all = rest.reduce(union, first);
    return { x: all.x, y: all.y + all.height + 3 * SIBLING_GAP };
  }

  arrangement(): Arrangement {
    return { nodes: this.nodes, boxes: measureBoxes(this.#containers, this.nodes), annexes: this.#annexes };
  }

  isCrowded(): boolean {
    if (this.#annexes.size > 0) return true;
    const crowded = (container: string | null): boolean => {
      const children = this.#containers.childrenOf(container);
      const rects = this.#siblings(container);
      return (
        rects.some((a, i) => rects.some((b, j) => j > i && overlaps(a, b))) ||
        children.some((id) => this.#containers.boxes.has(id) && crowded(id))
      );
    };
    return crowded(null);
  }
}

/** The arrangement of `next` in which everything that `previous` has keeps its place. */
export function insertNodes(previous: Arrangement, next: LayoutInput): Insertion {
  const inserter = new Inserter(previous, next);
  inserter.run();
  return { arrangement: inserter.arrangement(), added: inserter.added, crowded: inserter.isCrowded() };
}

/** Whether so much is new that a fresh layout serves better than insertion: over a quarter of the nodes. */
export function isMostlyNew(previous: Arrangement, next: LayoutInput): boolean {
  const added = next.nodes.filter((node) => !previous.nodes.has(node.id)).length;
  return previous.nodes.size === 0 || added * 4 > next.nodes.length;
}
