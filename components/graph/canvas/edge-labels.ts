// The labels of the edges: text, size, place. In: a picture, the chosen parts, what is bright. Out: the labels that have room. Pure.
import type { GraphEdge } from '../../../model/graph';
import { HEALTH_RANK } from '../../../model/health';
import type { EdgeLabel } from '../../live/screen-url';
import { amountPerSecond, buildEdgeText, type EdgeText, narrowEdgeText, sumBySource } from '../edge-text';
import type { Point, Rect } from '../layout/arrangement';
import { EDGE_FONT_PX, textWidth } from '../layout/node-size';
import { type LabelWish, placeLabels } from './label-placement';
import { type Marks, markText } from './marks';
import { type Picture, titleFontAt } from './picture';
import { edgeTone } from './tone';

export const LABEL_LINE_PX = 14;
export const LABEL_PADDING_PX = 4;
/** A glyph (lock, mark) in a label, with its distance to the text. */
export const LABEL_GLYPH_PX = 14;

export interface DrawnLabel {
  readonly at: Point;
  readonly text: EdgeText;
  readonly marks: GraphEdge['marks'];
  readonly width: number;
  readonly height: number;
  /** How much larger than drawn at zoom 1, so that it can be read from afar; width and height are before it. */
  readonly scale: number;
}

/** Names of nodes grow at most so much. */
export const MAX_NAME_SCALE = 1.5;
/** Text of labels is at least this large on the screen, as far as MAX_SCALE allows. */
const READABLE_PX = 9.6;
const MAX_SCALE = 2.4;
const SCALE_STEP = 0.2;

/** Scale of the labels at a zoom; in steps, so that places change seldom while zooming. */
export const labelScale = (zoom: number): number =>
  Math.min(MAX_SCALE, 1 + SCALE_STEP * Math.ceil(Math.max(0, READABLE_PX / (EDGE_FONT_PX * zoom) - 1) / SCALE_STEP));

/** Labels smaller than this on the screen are not drawn. */
const MIN_LABEL_PX = 6.2;

/** Below this zoom names of nodes can hardly be read: labels of everything would hide the shapes. */
const ALL_LABELS_ZOOM = 0.42;

/** Which labels are drawn at a zoom: from afar only those of trouble, marks and what is in focus; from still further none can be read. */
export function labelLevel(zoom: number): 'all' | 'important' | 'none' {
  if (EDGE_FONT_PX * zoom * labelScale(zoom) < MIN_LABEL_PX) return 'none';
  return zoom < ALL_LABELS_ZOOM ? 'important' : 'all';
}

/** Whether the labels of two cameras differ in more than their place on the screen. */
export const sameLabels = (a: number, b: number): boolean => labelScale(a) === labelScale(b) && labelLevel(a) === labelLevel(b);

const lineWidth = (runs: EdgeText['lines'][number]): number => runs.reduce((sum, run) => sum + textWidth(run.text, EDGE_FONT_PX), 0);

/** Size of a label with its padding; null when there is nothing to draw. */
export function measureLabel(text: EdgeText, marks: GraphEdge['marks']): { readonly width: number; readonly height: number } | null {
  const rows = Math.max(text.lines.length, text.lock !== null || marks.length > 0 ? 1 : 0);
  if (rows === 0) return null;
  const widths = Array.from({ length: rows }, (_, i) => {
    const glyphs = (i === 0 ? marks.length : 0) + (i === rows - 1 && text.lock !== null ? 1 : 0);
    return lineWidth(text.lines[i] ?? []) + glyphs * LABEL_GLYPH_PX;
  });
  return { width: Math.ceil(Math.max(...widths)) + 2 * LABEL_PADDING_PX, height: rows * LABEL_LINE_PX + 2 };
}

/** The room that typical labels of these parts need between two layers of nodes. */
export function layerGapFor(labels: readonly EdgeLabel[]): number {
  const has = (label: EdgeLabel): boolean => labels.includes(label);
  const first = (has('rate') ? 56 : 0) + (has('errors') ? 30 : 0) + (has('share') ? 48 : 0);
  const second =
    ['avg', 'p50', 'p95', 'p99'].filter((label) => labels.some((own) => own === label)).length * 66 +
    (has('throughput') ? 60 : 0) +
    (has('requestThroughput') ? 60 : 0);
  const lock = has('mtls') ? 16 : 0;
  return 44 + Math.min(120, Math.max(first, second, lock) * 0.6);
}

export interface LabelChoice {
  readonly labels: readonly EdgeLabel[];
  readonly marks: Marks | null;
  /** Null = all edges. */
  readonly bright: ReadonlySet<string> | null;
  readonly zoom: number;
}

const NO_TEXT: EdgeText = { lines: [], lock: null };

/** The text of an edge, what its mark says on a line before it. */
function labelText(edge: GraphEdge, { labels, marks }: LabelChoice, sourceTotal: number | null): EdgeText {
  // Old latencies of an edge without traffic would pass for what happens now.
  const text = edgeTone(edge) === 'idle' ? NO_TEXT : buildEdgeText(edge, labels, sourceTotal);
  const mark = marks?.get(edge.id);
  const said = mark === undefined ? '' : markText(mark);
  return mark === undefined || said === '' ? text : { ...text, lines: [[{ text: said, tone: mark.tone }], ...text.lines] };
}

/** Labels of the bright edges: the marked, the troubled and the busy ones first. */
export function buildEdgeLabels(picture: Picture, choice: LabelChoice): ReadonlyMap<string, DrawnLabel> {
  const { bright, marks, zoom } = choice;
  const level = labelLevel(zoom);
  if (level === 'none') return new Map();
  const scale = labelScale(zoom);
  const isMarked = (id: string): number => (marks?.has(id) ? 1 : 0);
  const isImportant = ({ id, health }: GraphEdge): boolean =>
    bright !== null || isMarked(id) === 1 || health === 'failure' || health === 'degraded';
  const placed = [...picture.edges.values()].filter(
    ({ edge }) => (bright === null || bright.has(edge.id)) && (level === 'all' || isImportant(edge)),
  );
  placed.sort(
    (a, b) =>
      isMarked(b.edge.id) - isMarked(a.edge.id) ||
      HEALTH_RANK[b.edge.health] - HEALTH_RANK[a.edge.health] ||
      amountPerSecond(b.edge) - amountPerSecond(a.edge) ||
      (a.edge.id < b.edge.id ? -1 : 1),
  );
  const sums = sumBySource(placed.map(({ edge }) => edge));
  const variants = new Map<string, readonly Omit<DrawnLabel, 'at'>[]>();
  const wishes: LabelWish[] = [];
  for (const { edge, curve } of placed) {
    const text = labelText(edge, choice, sums.get(`${edge.source}|${edge.protocol}`) ?? null);
    const own = [text, narrowEdgeText(text)].flatMap((variant) => {
      const size = measureLabel(variant, edge.marks);
      return size ? [{ text: variant, marks: edge.marks, ...size, scale }] : [];
    });
    if (own.length === 0) continue;
    variants.set(edge.id, own);
    wishes.push({ id: edge.id, curve, sizes: own.map(({ width, height }) => ({ width: width * scale, height: height * scale })) });
  }
  const taken: Rect[] = [];
  // Names of nodes grow from afar as well, but less.
  const names = Math.min(MAX_NAME_SCALE, scale);
  for (const { at, size } of picture.nodes.values()) {
    taken.push({
      x: at.x - size.shapeWidth / 2 - 2,
      y: at.y - size.above,
      width: size.shapeWidth + 4,
      height: size.above + size.shapeHeight / 2,
    });
    const named = { width: size.width * names, height: (size.below - size.shapeHeight / 2) * names };
    taken.push({ x: at.x - named.width / 2, y: at.y + size.shapeHeight / 2, ...named });
  }
  for (const box of picture.boxes) {
    const font = titleFontAt(box, zoom);
    const { x, y, width } = box.rect;
    taken.push({ x, y, width: Math.min(width, textWidth(box.title, font) + font + 16), height: font + 12 });
  }
  const drawn = new Map<string, DrawnLabel>();
  for (const [id, { at, size }] of placeLabels(wishes, taken)) {
    const content = variants.get(id)?.[size];
    if (content) drawn.set(id, { ...content, at });
  }
  return drawn;
}

/** The labels of edges that did not move from one picture to the next: finding places anew can wait until the movement ends. */
export function keepLabels(labels: ReadonlyMap<string, DrawnLabel>, before: Picture, after: Picture): ReadonlyMap<string, DrawnLabel> {
  const same = (a: Point | undefined, b: Point | undefined): boolean => a?.x === b?.x && a?.y === b?.y;
  return new Map(
    [...labels].filter(([id]) => {
      const [was, is] = [before.edges.get(id)?.curve, after.edges.get(id)?.curve];
      return same(was?.from, is?.from) && same(was?.control, is?.control) && same(was?.to, is?.to);
    }),
  );
}
