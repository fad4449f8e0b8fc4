// Draws what stands above the shapes: titles, labels, pictograms, badges, health marks, edge labels, rings.
// In: a 2D context, what to draw, a camera. Out: pixels. No state; paths are parsed once per Painter.
import type { HubPeer } from '../../../model/graph';
import { type HealthStatus, worstHealth } from '../../../model/health';
import { overlaps, type Point, type Rect } from '../layout/arrangement';
import { BADGE_PX, drawnBadges, MAX_BADGES, NODE_FONT_PX, NODE_LINE_PX, TITLE_FONT_PX } from '../layout/node-size';
import type { Camera } from './camera';
import { type DrawnLabel, MAX_NAME_SCALE } from './edge-labels';
import { BADGE_GLYPHS, DISC_FILLED, EXCLAMATION, HUB, KIND_GLYPHS, TRIANGLE_FILLED } from './glyphs';
import { type Mark, type Marks, markText } from './marks';
import { drawLabel } from './paint-label';
import { markColor, type Palette } from './palette';
import { Pen } from './pen';
import { boxTitleFontPx, type Picture, type PlacedBox, type PlacedNode, titleFontAt } from './picture';
import { nodeTone } from './tone';

export interface Decorations {
  readonly picture: Picture;
  readonly labels: ReadonlyMap<string, DrawnLabel>;
  readonly palette: Palette;
  /** Null = nothing is dimmed. */
  readonly bright: ReadonlySet<string> | null;
  readonly matches: ReadonlySet<string> | null;
  readonly marks: Marks | null;
  /** Node or edge under the pointer. */
  readonly hover: string | null;
  /** Node with the keyboard cursor, while the graph has the focus. */
  readonly cursor: string | null;
}

export interface PaintTarget {
  readonly context: CanvasRenderingContext2D;
  /** From model to CSS pixels of the canvas. */
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

const worstOf = (peers: readonly HubPeer[]): HealthStatus | null =>
  peers.reduce<HealthStatus | null>((worst, { health }) => (worst === null ? health : worstHealth(worst, health)), null);

/** Text smaller than this on the screen is not drawn. */
const MIN_TEXT_PX = 5.5;
const READABLE_NAME_PX = 8.8;
/** A mark of health: in the graph, at least on the screen, at most in the graph. */
const MARK_PX = 16;
const FAR_MARK_PX = 6.5;
const MAX_MARK_PX = 76;
const DIM = 0.22;
const OUTSIDE = 0.6;

export class Painter {
  readonly #pen = new Pen();

  /** Clears the canvas and draws everything that is in its view. */
  paint(target: PaintTarget, what: Decorations): void {
    const { context: c, pixelRatio } = target;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, target.width * pixelRatio, target.height * pixelRatio);
    this.draw(target, what);
  }

  /** Draws without clearing. */
  draw(target: PaintTarget, what: Decorations): void {
    const { context: c, camera, pixelRatio } = target;
    const k = camera.zoom * pixelRatio;
    c.setTransform(k, 0, 0, k, camera.x * pixelRatio, camera.y * pixelRatio);
    const view: Rect = {
      x: -camera.x / camera.zoom,
      y: -camera.y / camera.zoom,
      width: target.width / camera.zoom,
      height: target.height / camera.zoom,
    };
    c.textBaseline = 'alphabetic';
    c.lineCap = 'round';
    c.lineJoin = 'round';
    for (const node of what.picture.nodes.values()) {
      const { at, size } = node;
      const rect = { x: at.x - size.width / 2, y: at.y - size.above, width: size.width, height: size.above + size.below };
      if (overlaps(rect, view, 20)) this.#drawNode(c, node, what, camera.zoom);
    }
    for (const box of what.picture.boxes) if (overlaps(box.rect, view)) this.#drawTitle(c, box, what, camera.zoom);
    for (const label of what.labels.values()) {
      const [width, height] = [label.width * label.scale, label.height * label.scale];
      if (overlaps({ x: label.at.x - width / 2, y: label.at.y - height / 2, width, height }, view))
        drawLabel(c, this.#pen, label, what.palette);
    }
    c.globalAlpha = 1;
    if (what.hover !== null) this.#ring(c, what.picture.nodes.get(what.hover), what.palette.accent, 2 / Math.max(0.4, camera.zoom), []);
    if (what.cursor !== null) {
      const width = 3 / Math.max(0.3, camera.zoom);
      this.#ring(c, what.picture.nodes.get(what.cursor), what.palette.text, width, [width * 3, width * 1.6]);
    }
  }

  #drawTitle(c: CanvasRenderingContext2D, box: PlacedBox, what: Decorations, zoom: number): void {
    const { palette } = what;
    const weight = box.box.kind === 'app' ? 500 : 600;
    const room = box.rect.width - 22;
    const font = titleFontAt(box, zoom);
    if (font * zoom < MIN_TEXT_PX) return;
    c.globalAlpha = what.bright === null || what.bright.has(box.box.id) ? 1 : 0.5;
    c.font = `${weight} ${font}px ${palette.fontFamily}`;
    c.textAlign = 'left';
    let title = box.title;
    while (title.length > 1 && c.measureText(title).width > room) title = `${title.slice(0, title.endsWith('…') ? -2 : -1)}…`;
    const top = box.rect.y + (box.box.kind === 'app' ? 7 : 9);
    const found = what.matches?.has(box.box.id) ?? false;
    const color = found ? palette.found : box.box.kind === 'app' ? palette.subtle : palette.text;
    // Grown beyond its strip, a title stands over nodes.
    if (font > 1.5 * boxTitleFontPx(box.box.kind)) {
      c.lineWidth = font * 0.25;
      c.strokeStyle = palette.namespaceFill;
      c.strokeText(title, box.rect.x + 11, top + font * 0.85);
    }
    c.fillStyle = color;
    c.fillText(title, box.rect.x + 11, top + font * 0.85);
    const { health } = box.box;
    if (health === 'failure' || health === 'degraded') {
      const x = box.rect.x + 11 + c.measureText(title).width + font * 0.9;
      if (x < box.rect.x + box.rect.width - 6) this.#healthMark(c, health, { x, y: top + font * 0.5 }, font * 0.95, palette);
    }
  }

  /** A triangle or a disc with an exclamation mark: told apart by shape, not only by colour. */
  #healthMark(c: CanvasRenderingContext2D, tone: 'failure' | 'degraded', at: Point, sizePx: number, palette: Palette): void {
    const failure = tone === 'failure';
    this.#pen.glyph(c, failure ? DISC_FILLED : TRIANGLE_FILLED, at, sizePx, palette[tone], true);
    this.#pen.glyph(c, EXCLAMATION, { x: at.x, y: at.y + (failure ? -sizePx * 0.02 : sizePx * 0.08) }, sizePx * 0.82, palette.surface);
  }

  #drawNode(c: CanvasRenderingContext2D, placed: PlacedNode, what: Decorations, zoom: number): void {
    const { node, at, size } = placed;
    const { palette } = what;
    const dimmed = what.bright !== null && !what.bright.has(node.id);
    c.globalAlpha = dimmed ? DIM : node.outside ? OUTSIDE : 1;
    const tone = nodeTone(node);
    const found = what.matches?.has(node.id) ?? false;
    if (found) this.#ring(c, placed, palette.found, 4, []);
    if (node.kind === 'namespace') this.#drawFolded(c, placed, what);
    else {
      if (zoom > 0.2) {
        const lower = node.kind === 'service' ? 5 : 0;
        const left = node.kind === 'serviceEntry' ? -4 : 0;
        this.#pen.glyph(c, KIND_GLYPHS[node.kind], { x: at.x + left, y: at.y + lower }, node.kind === 'service' ? 16 : 19, palette.subtle);
      }
      // Names grow a little from afar, as far as their neighbours leave room.
      const grown = Math.min(MAX_NAME_SCALE, Math.max(1, READABLE_NAME_PX / (NODE_FONT_PX * zoom)));
      if (NODE_FONT_PX * grown * zoom >= MIN_TEXT_PX) {
        c.textAlign = 'center';
        for (const [i, line] of size.lines.entries()) {
          c.font = `${i === 0 ? 500 : 400} ${NODE_FONT_PX * grown}px ${palette.fontFamily}`;
          const y = at.y + size.shapeHeight / 2 + 5 + (i * NODE_LINE_PX + 11) * grown;
          this.#pen.text(c, line, at.x, y, found ? palette.found : palette.text, palette.surface);
        }
      }
    }
    if (tone === 'failure' || tone === 'degraded') {
      // From afar trouble takes the place of the shape, which can hardly be seen there.
      const markPx = Math.min(MAX_MARK_PX, Math.max(MARK_PX, FAR_MARK_PX / zoom));
      const aside = markPx > size.shapeHeight / 2 ? 0 : 1;
      const corner = { x: at.x + aside * (size.shapeWidth / 2 - 4), y: at.y + aside * (size.shapeHeight / 2 - 4) };
      this.#healthMark(c, tone, corner, markPx, palette);
    }
    if (zoom > 0.32) this.#drawBadges(c, placed, palette);
    if (zoom > 0.32) this.#drawHubPeers(c, placed, palette);
    const mark = what.marks?.get(node.id);
    if (mark !== undefined && mark.tone !== 'dim') this.#drawMark(c, placed, mark, palette);
    if (node.rank !== undefined && zoom > 0.32) {
      const at = { x: placed.at.x - size.shapeWidth / 2, y: placed.at.y + size.shapeHeight / 2 - 6 };
      const font = `600 10px ${palette.fontFamily}`;
      this.#pen.pill(c, `${node.rank}`, at, { font, ink: palette.text, ground: palette.surface, border: palette.subtle });
    }
  }

  /** A sign on the side of the calls where edges from or to a folded hub are left out. */
  #drawHubPeers(c: CanvasRenderingContext2D, { node, at, size }: PlacedNode, palette: Palette): void {
    for (const direction of ['inbound', 'outbound'] as const) {
      const worst = worstOf((node.hubPeers ?? []).filter((peer) => peer.direction === direction));
      if (worst === null) continue;
      const x = at.x + (direction === 'inbound' ? -1 : 1) * (size.shapeWidth / 2 + 6);
      c.beginPath();
      c.arc(x, at.y, 8, 0, 2 * Math.PI);
      c.fillStyle = palette.surface;
      c.fill();
      this.#pen.glyph(c, HUB, { x, y: at.y }, 14, worst === 'failure' || worst === 'degraded' ? palette[worst] : palette.subtle);
    }
  }

  /** A ring (dashed for what is gone) and, on the upper border of the shape, the sign with its text. */
  #drawMark(c: CanvasRenderingContext2D, placed: PlacedNode, mark: Mark, palette: Palette): void {
    const color = markColor(palette, mark.tone);
    this.#ring(c, placed, color, 3, mark.tone === 'removed' ? [4, 5] : []);
    const text = markText(mark);
    const at = { x: placed.at.x, y: placed.at.y - placed.size.shapeHeight / 2 - 4 };
    const font = `600 10px ${palette.fontFamily}`;
    if (text !== '') this.#pen.pill(c, text, at, { font, ink: palette.surface, ground: color, border: palette.surface });
  }

  #drawFolded(c: CanvasRenderingContext2D, { at, size }: PlacedNode, { palette }: Decorations): void {
    c.textAlign = 'center';
    c.fillStyle = palette.text;
    c.font = `600 ${TITLE_FONT_PX}px ${palette.fontFamily}`;
    c.fillText(size.lines[0] ?? '', at.x, at.y - 2);
    c.fillStyle = palette.subtle;
    c.font = `400 ${NODE_FONT_PX}px ${palette.fontFamily}`;
    c.fillText(size.lines[1] ?? '', at.x, at.y + 15);
  }

  #drawBadges(c: CanvasRenderingContext2D, { node, at, size }: PlacedNode, palette: Palette): void {
    const badges = drawnBadges(node.badges);
    if (badges.length === 0) return;
    const shown = badges.slice(0, MAX_BADGES);
    const count = shown.length + (badges.length > shown.length ? 1 : 0);
    const step = BADGE_PX + 2;
    const y = at.y - size.shapeHeight / 2 - 3;
    const left = at.x - ((count - 1) * step) / 2;
    for (let i = 0; i < count; i++) {
      const x = left + i * step;
      c.beginPath();
      c.arc(x, y, BADGE_PX / 2, 0, 2 * Math.PI);
      c.fillStyle = palette.surface;
      c.fill();
      c.lineWidth = 1;
      c.strokeStyle = palette.badge;
      c.stroke();
      const badge = shown[i];
      if (badge) this.#pen.glyph(c, BADGE_GLYPHS[badge], { x, y }, 10.5, palette.badge);
      else {
        c.textAlign = 'center';
        c.font = `600 8px ${palette.fontFamily}`;
        c.fillStyle = palette.badge;
        c.fillText(`+${badges.length - shown.length}`, x, y + 3);
      }
    }
  }

  #ring(c: CanvasRenderingContext2D, placed: PlacedNode | undefined, color: string, width: number, dashes: number[]): void {
    if (!placed) return;
    const { at, size } = placed;
    const [w, h] = [size.shapeWidth + 9, size.shapeHeight + 9];
    c.strokeStyle = color;
    c.lineWidth = width;
    c.setLineDash(dashes);
    c.beginPath();
    const square = placed.node.kind === 'namespace' || placed.node.kind === 'app';
    c.roundRect(at.x - w / 2, at.y - h / 2, w, h, square ? 12 : Math.min(w, h) / 2);
    c.stroke();
    c.setLineDash([]);
  }
}
