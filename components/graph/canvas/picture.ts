// Everything that is drawn, with its geometry: nodes, edges with curves, boxes. The one model of the canvas, minimap, hit test and keyboard.
// In: a document, an arrangement, bows. Out: Picture. Pure.
import type { GraphBox, GraphEdge, GraphNode } from '../../../model/graph';
import type { GraphDocument } from '../../../model/wire';
import { type Arrangement, type LayoutInput, type Point, type Rect, union } from '../layout/arrangement';
import { type Bows, controlPoint, type RoutedEdge, routeEdges } from '../layout/edge-routes';
import { annexOrigin } from '../layout/insert';
import { type DrawnSize, NODE_FONT_PX, nodeSize, TITLE_FONT_PX, textWidth } from '../layout/node-size';

/** A quadratic curve from border to border. */
export interface Curve {
  readonly from: Point;
  readonly control: Point;
  readonly to: Point;
}

export interface PlacedNode {
  readonly node: GraphNode;
  readonly at: Point;
  readonly size: DrawnSize;
  readonly outgoing: readonly GraphEdge[];
  readonly incoming: readonly GraphEdge[];
}

export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly bow: number;
  readonly curve: Curve;
}

export interface PlacedBox {
  /** Differs from box.id for the annex of a box. */
  readonly id: string;
  readonly box: GraphBox;
  readonly title: string;
  readonly rect: Rect;
  /** 0 = outermost. */
  readonly depth: number;
}

export interface Picture {
  readonly nodes: ReadonlyMap<string, PlacedNode>;
  readonly edges: ReadonlyMap<string, PlacedEdge>;
  /** Outermost first. */
  readonly boxes: readonly PlacedBox[];
  readonly bounds: Rect;
}

export const EMPTY_PICTURE: Picture = { nodes: new Map(), edges: new Map(), boxes: [], bounds: { x: 0, y: 0, width: 1, height: 1 } };

export const boxTitleFontPx = (kind: GraphBox['kind']): number => (kind === 'app' ? NODE_FONT_PX : TITLE_FONT_PX);

/** Room left and right of a title. */
const TITLE_MARGIN_PX = 22;
const READABLE_TITLE_PX = 11;
const MAX_TITLE_GROWTH = 8;

/** Font of a title as drawn at a zoom: titles of namespaces stay readable from afar, as far as the box is wide enough. */
export function titleFontAt({ box, title, rect }: PlacedBox, zoom: number): number {
  const base = boxTitleFontPx(box.kind);
  if (box.kind === 'app') return base;
  const fitting = (base * (rect.width - TITLE_MARGIN_PX)) / Math.max(1, textWidth(title, base));
  return Math.max(base, Math.min(READABLE_TITLE_PX / zoom, base * MAX_TITLE_GROWTH, fitting));
}

/** Ids, sizes and edges for the layout. */
export function buildLayoutInput(
  document: Pick<GraphDocument, 'nodes' | 'boxes' | 'edges'>,
  sizes: ReadonlyMap<string, DrawnSize>,
  options: Pick<LayoutInput, 'layerGap' | 'aspect' | 'layout'>,
): LayoutInput {
  return {
    nodes: document.nodes.map((node) => {
      const { width, above, below } = sizes.get(node.id) ?? nodeSize(node);
      return { id: node.id, parent: node.parent, width, above, below };
    }),
    boxes: document.boxes.map((box) => ({
      id: box.id,
      parent: box.parent,
      kind: box.kind,
      titleWidth: textWidth(box.label, boxTitleFontPx(box.kind)) + 24,
    })),
    edges: document.edges.map(({ source, target }) => ({ source, target })),
    ...options,
  };
}

const shapeRect = (at: Point, size: DrawnSize): Rect => ({
  x: at.x - size.shapeWidth / 2,
  y: at.y - size.shapeHeight / 2,
  width: size.shapeWidth,
  height: size.shapeHeight,
});

/** Bends of the edges of a document in an arrangement. */
export function buildBows(edges: readonly RoutedEdge[], arrangement: Arrangement, sizes: ReadonlyMap<string, DrawnSize>): Bows {
  const shapes = new Map<string, Rect>();
  for (const [id, at] of arrangement.nodes) {
    const size = sizes.get(id);
    if (size) shapes.set(id, shapeRect(at, size));
  }
  return routeEdges(edges, arrangement.nodes, shapes);
}

/** Moves `from` towards `to` out of a shape: an ellipse for round ones, the rectangle for the rest. */
function leave(from: Point, to: Point, node: PlacedNode): Point {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy);
  if (length < 1) return from;
  const [rx, ry] = [node.size.shapeWidth / 2 + 1, node.size.shapeHeight / 2 + 1];
  const round = node.node.kind !== 'namespace' && node.node.kind !== 'app' && node.node.kind !== 'serviceEntry';
  const reach = round ? 1 / Math.hypot(dx / rx, dy / ry) : Math.min(rx / Math.max(Math.abs(dx), 1e-6), ry / Math.max(Math.abs(dy), 1e-6));
  const t = Math.min(reach, 0.49);
  return { x: from.x + dx * t, y: from.y + dy * t };
}

function curveBetween(source: PlacedNode, target: PlacedNode, bow: number): Curve {
  if (source === target) {
    // A node that calls itself: a loop above its shape.
    const top = source.at.y - source.size.shapeHeight / 2;
    return { from: { x: source.at.x - 8, y: top }, control: { x: source.at.x, y: top - 70 }, to: { x: source.at.x + 8, y: top } };
  }
  const control = controlPoint(source.at, target.at, bow);
  return { from: leave(source.at, control, source), control, to: leave(target.at, control, target) };
}

/** Point of a curve at `t`, 0..1. */
export function pointAt(curve: Curve, t: number): Point {
  const u = 1 - t;
  return {
    x: u * u * curve.from.x + 2 * u * t * curve.control.x + t * t * curve.to.x,
    y: u * u * curve.from.y + 2 * u * t * curve.control.y + t * t * curve.to.y,
  };
}

export const lengthOf = (curve: Curve): number => {
  const middle = pointAt(curve, 0.5);
  return Math.hypot(middle.x - curve.from.x, middle.y - curve.from.y) + Math.hypot(curve.to.x - middle.x, curve.to.y - middle.y);
};

/** The curve of one edge between two nodes. */
export const placeEdge = (edge: GraphEdge, bow: number, source: PlacedNode, target: PlacedNode): PlacedEdge => ({
  edge,
  bow,
  curve: curveBetween(source, target, bow),
});

export interface PictureParts {
  readonly document: Pick<GraphDocument, 'nodes' | 'boxes' | 'edges'>;
  readonly arrangement: Arrangement;
  readonly sizes: ReadonlyMap<string, DrawnSize>;
  readonly bows: Bows;
  /** Whether a node or an edge is drawn. */
  readonly isShown: (id: string) => boolean;
}

/** The picture of a document; nodes without a place and edges without both ends are left out. */
export function buildPicture({ document, arrangement, sizes, bows, isShown }: PictureParts): Picture {
  const outgoing = new Map<string, GraphEdge[]>();
  const incoming = new Map<string, GraphEdge[]>();
  const push = (map: Map<string, GraphEdge[]>, id: string, edge: GraphEdge): void => {
    const list = map.get(id);
    if (list) list.push(edge);
    else map.set(id, [edge]);
  };
  const shownEdges = document.edges.filter((edge) => isShown(edge.id) && isShown(edge.source) && isShown(edge.target));
  for (const edge of shownEdges) {
    push(outgoing, edge.source, edge);
    push(incoming, edge.target, edge);
  }
  const nodes = new Map<string, PlacedNode>();
  const rects: Rect[] = [];
  for (const node of document.nodes) {
    const at = arrangement.nodes.get(node.id);
    const size = sizes.get(node.id);
    if (!at || !size || !isShown(node.id)) continue;
    nodes.set(node.id, { node, at, size, outgoing: outgoing.get(node.id) ?? [], incoming: incoming.get(node.id) ?? [] });
    rects.push({ x: at.x - size.width / 2, y: at.y - size.above, width: size.width, height: size.above + size.below });
  }
  const edges = new Map<string, PlacedEdge>();
  for (const edge of shownEdges) {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    if (source && target) edges.set(edge.id, placeEdge(edge, bows.get(edge.id) ?? 0, source, target));
  }
  const boxes = placeBoxes(document.boxes, arrangement);
  rects.push(...boxes.map((box) => box.rect));
  const [first, ...rest] = rects;
  return { nodes, edges, boxes, bounds: first ? rest.reduce(union, first) : EMPTY_PICTURE.bounds };
}

function placeBoxes(boxes: readonly GraphBox[], arrangement: Arrangement): readonly PlacedBox[] {
  const byId = new Map<string, GraphBox>(boxes.map((box) => [box.id, box]));
  const placed: PlacedBox[] = [];
  for (const [id, rect] of arrangement.boxes) {
    const own = byId.get(id);
    const box = own ?? byId.get(annexOrigin(id) ?? '');
    if (!box) continue;
    let depth = 0;
    if (own) for (let up = box.parent; up !== null && depth < 8; up = byId.get(up)?.parent ?? null) depth++;
    placed.push({ id, box, title: own ? box.label : `${box.label} (continued)`, rect, depth });
  }
  return placed.sort((a, b) => a.depth - b.depth || (a.id < b.id ? -1 : 1));
}

/** The rectangle of a node with its label, of an edge's curve, of a box; null for what is not drawn. */
export function rectOf(picture: Picture, id: string): Rect | null {
  const node = picture.nodes.get(id);
  if (node) {
    const { at, size } = node;
    return { x: at.x - size.width / 2, y: at.y - size.above, width: size.width, height: size.above + size.below };
  }
  const edge = picture.edges.get(id);
  if (edge) {
    const points = [edge.curve.from, edge.curve.to, pointAt(edge.curve, 0.5)];
    const x = Math.min(...points.map((p) => p.x));
    const y = Math.min(...points.map((p) => p.y));
    return { x, y, width: Math.max(...points.map((p) => p.x)) - x, height: Math.max(...points.map((p) => p.y)) - y };
  }
  return picture.boxes.find((box) => box.id === id)?.rect ?? null;
}
