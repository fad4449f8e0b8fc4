// The outlines of nodes, boxes and edges as the canvas draws them. In: placed elements of a picture, a palette. Out: SVG source. Pure.
import type { Mark } from '../graph/canvas/marks';
import { markColor, type Palette } from '../graph/canvas/palette';
import { lengthOf, type PlacedBox, type PlacedEdge, type PlacedNode } from '../graph/canvas/picture';
import { edgeTone, edgeWidth, nodeTone, type Tone } from '../graph/canvas/tone';
import type { Point } from '../graph/layout/arrangement';
import { isPile, PILE_PX } from '../graph/layout/node-size';
import { escapeXml, px } from './svg-text';

/** Longer edges without trouble are paler, as on the canvas. */
const FAR_PX = 520;
/** A pattern per tone beside its colour, as on the canvas. */
const LINE_DASHES: Readonly<Record<Tone, readonly number[]>> = { healthy: [], tcp: [], degraded: [14, 5], failure: [5, 4], idle: [3, 6] };

/** A polygon with rounded corners. */
function roundedPath(points: readonly Point[], radius: number): string {
  const parts: string[] = [];
  points.forEach((corner, i) => {
    const before = points.at(i - 1) ?? corner;
    const after = points[(i + 1) % points.length] ?? corner;
    const towards = (other: Point): Point => {
      const length = Math.hypot(other.x - corner.x, other.y - corner.y) || 1;
      const t = Math.min(0.5, radius / length);
      return { x: corner.x + (other.x - corner.x) * t, y: corner.y + (other.y - corner.y) * t };
    };
    const [start, end] = [towards(before), towards(after)];
    parts.push(`${i === 0 ? 'M' : 'L'}${px(start.x)} ${px(start.y)}Q${px(corner.x)} ${px(corner.y)} ${px(end.x)} ${px(end.y)}`);
  });
  return `${parts.join('')}Z`;
}

const OCTAGON: readonly Point[] = Array.from({ length: 8 }, (_, i) => {
  const angle = Math.PI / 8 + (i * Math.PI) / 4;
  return { x: Math.cos(angle) / Math.cos(Math.PI / 8), y: Math.sin(angle) / Math.cos(Math.PI / 8) };
});
const CORNERS: Readonly<Record<'triangle' | 'tag' | 'diamond' | 'octagon', readonly Point[]>> = {
  triangle: [
    { x: 0, y: -1 },
    { x: 1, y: 1 },
    { x: -1, y: 1 },
  ],
  tag: [
    { x: -1, y: -1 },
    { x: 0.25, y: -1 },
    { x: 1, y: 0 },
    { x: 0.25, y: 1 },
    { x: -1, y: 1 },
  ],
  diamond: [
    { x: 0, y: -1 },
    { x: 1, y: 0 },
    { x: 0, y: 1 },
    { x: -1, y: 0 },
  ],
  octagon: OCTAGON,
};

function outline({ node, at, size }: PlacedNode, paint: string): string {
  const [rx, ry] = [size.shapeWidth / 2, size.shapeHeight / 2];
  const polygon = (kind: keyof typeof CORNERS): string =>
    `<path d="${roundedPath(
      CORNERS[kind].map((corner) => ({ x: at.x + corner.x * rx, y: at.y + corner.y * ry })),
      Math.min(size.shapeWidth / 4, size.shapeHeight / 4, 8),
    )}" ${paint}/>`;
  switch (node.kind) {
    case 'workload':
      return `<ellipse cx="${px(at.x)}" cy="${px(at.y)}" rx="${px(rx)}" ry="${px(ry)}" ${paint}/>`;
    case 'app':
    case 'namespace':
    case 'operation':
      return `<rect x="${px(at.x - rx)}" y="${px(at.y - ry)}" width="${px(2 * rx)}" height="${px(2 * ry)}" rx="8" ${paint}/>`;
    case 'service':
      return polygon('triangle');
    case 'serviceEntry':
      return polygon('tag');
    case 'passthrough':
    case 'blackhole':
    case 'unknown':
      return polygon('octagon');
    case 'hidden':
      return polygon('diamond');
  }
}

const DASHED_KINDS: ReadonlySet<string> = new Set(['unknown', 'passthrough', 'blackhole', 'hidden']);

/** The shape of a node, in the colour and pattern of its health. */
export function svgShape(placed: PlacedNode, palette: Palette): string {
  const tone = nodeTone(placed.node);
  const width = tone === 'failure' ? 4 : tone === 'degraded' ? 3 : 2;
  const dashes = DASHED_KINDS.has(placed.node.kind) || tone === 'idle' ? ' stroke-dasharray="4 2"' : '';
  const paint = (strokePx: number): string => `fill="${palette.surface}" stroke="${palette[tone]}" stroke-width="${strokePx}"${dashes}`;
  const { at } = placed;
  const behind = isPile(placed.node) ? outline({ ...placed, at: { x: at.x + PILE_PX, y: at.y - PILE_PX } }, paint(1.5)) : '';
  return behind + outline(placed, paint(width));
}

/** A box, its ground and border. */
export function svgBox({ box, rect }: PlacedBox, palette: Palette): string {
  const fill = { cluster: palette.clusterFill, namespace: palette.namespaceFill, app: palette.appFill }[box.kind];
  const dashes = box.kind === 'cluster' ? ' stroke-dasharray="4 2"' : '';
  const place = `x="${px(rect.x)}" y="${px(rect.y)}" width="${px(rect.width)}" height="${px(rect.height)}" rx="${box.kind === 'app' ? 8 : 12}"`;
  return `<rect ${place} fill="${fill}" stroke="${palette.boxBorder}"${dashes}/>`;
}

/** How faint a mark makes what is not part of what is shown. */
export const DIM_OPACITY = 0.18;

/** The line of an edge with its arrow head; `words` is its tooltip. */
export function svgEdge({ edge, curve }: PlacedEdge, palette: Palette, words: string, mark: Mark | undefined): string {
  const tone = edgeTone(edge);
  const width = edgeWidth(edge);
  const color = palette[tone];
  const { from, control, to } = curve;
  const [dx, dy] = [to.x - control.x, to.y - control.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const head = 7 + width * 0.7;
  const half = head * 0.48;
  const foot = { x: to.x - ux * head, y: to.y - uy * head };
  const end = { x: to.x - ux * head * 0.8, y: to.y - uy * head * 0.8 };
  const quiet = tone !== 'failure' && tone !== 'degraded' && lengthOf(curve) > FAR_PX;
  const dashes = mark?.tone === 'removed' ? [2, 5] : LINE_DASHES[tone];
  const opacity = mark === undefined ? (quiet ? 0.5 : 0.85) : mark.tone === 'dim' ? DIM_OPACITY : 1;
  const line = `M${px(from.x)} ${px(from.y)}Q${px(control.x)} ${px(control.y)} ${px(end.x)} ${px(end.y)}`;
  const under =
    mark === undefined || mark.tone === 'dim'
      ? ''
      : `<path d="${line}" fill="none" stroke="${markColor(palette, mark.tone)}" stroke-opacity="0.45" stroke-width="${width + 10}" stroke-linecap="round"/>`;
  const pattern = dashes.length === 0 ? '' : ` stroke-dasharray="${dashes.join(' ')}"`;
  return (
    `<g opacity="${opacity}"><title>${escapeXml(words)}</title>${under}` +
    `<path d="${line}" fill="none" stroke="${color}" stroke-width="${width}"${pattern}/>` +
    `<path d="M${px(to.x)} ${px(to.y)}L${px(foot.x - uy * half)} ${px(foot.y + ux * half)}L${px(foot.x + uy * half)} ${px(foot.y - ux * half)}Z" fill="${color}"/></g>`
  );
}
