// What stands at nodes, boxes and edges: titles, names, pictograms, badges, health marks, edge labels; as the canvas paints them.
// In: placed elements, labels, a palette. Out: SVG source. Pure.
import { worstHealth } from '../../model/health';
import { type DrawnLabel, LABEL_GLYPH_PX, LABEL_LINE_PX, LABEL_PADDING_PX } from '../graph/canvas/edge-labels';
import { BADGE_GLYPHS, DISC_FILLED, EXCLAMATION, HUB, KIND_GLYPHS, LOCK_CLOSED, LOCK_OPEN, TRIANGLE_FILLED } from '../graph/canvas/glyphs';
import { type Mark, markText } from '../graph/canvas/marks';
import { markColor, type Palette } from '../graph/canvas/palette';
import { PILL_PX } from '../graph/canvas/pen';
import { boxTitleFontPx, type PlacedBox, type PlacedNode } from '../graph/canvas/picture';
import { nodeTone } from '../graph/canvas/tone';
import type { TextRun } from '../graph/edge-text';
import {
  BADGE_PX,
  drawnBadges,
  EDGE_FONT_PX,
  MAX_BADGES,
  NODE_FONT_PX,
  NODE_LINE_PX,
  TITLE_FONT_PX,
  textWidth,
} from '../graph/layout/node-size';
import { escapeXml, px, svgGlyph, svgText } from './svg-text';

function healthMark(tone: 'failure' | 'degraded', x: number, y: number, sizePx: number, palette: Palette): string {
  const failure = tone === 'failure';
  return (
    svgGlyph(failure ? DISC_FILLED : TRIANGLE_FILLED, x, y, sizePx, palette[tone], true) +
    svgGlyph(EXCLAMATION, x, y + sizePx * (failure ? -0.02 : 0.08), sizePx * 0.82, palette.surface)
  );
}

/** The title of a box, cut to its width, and a mark where something in it is not well. */
export function svgTitle({ box, title, rect }: PlacedBox, palette: Palette): string {
  const sizePx = boxTitleFontPx(box.kind);
  const room = rect.width - 22;
  const letters = Array.from(title);
  let text = title;
  while (letters.length > 1 && textWidth(text, sizePx) > room) {
    letters.pop();
    text = `${letters.join('')}…`;
  }
  const top = rect.y + (box.kind === 'app' ? 7 : 9);
  const color = box.kind === 'app' ? palette.subtle : palette.text;
  const drawn = svgText(text, rect.x + 11, top + sizePx * 0.85, { sizePx, color, weight: box.kind === 'app' ? 500 : 600 });
  if (box.health !== 'failure' && box.health !== 'degraded') return drawn;
  const x = rect.x + 11 + textWidth(text, sizePx) + sizePx * 0.9;
  return x < rect.x + rect.width - 6 ? drawn + healthMark(box.health, x, top + sizePx * 0.5, sizePx * 0.95, palette) : drawn;
}

function badges({ node, at, size }: PlacedNode, palette: Palette): string {
  const all = drawnBadges(node.badges);
  if (all.length === 0) return '';
  const shown = all.slice(0, MAX_BADGES);
  const count = shown.length + (all.length > shown.length ? 1 : 0);
  const step = BADGE_PX + 2;
  const y = at.y - size.shapeHeight / 2 - 3;
  const left = at.x - ((count - 1) * step) / 2;
  return Array.from({ length: count }, (_, i) => {
    const x = left + i * step;
    const badge = shown[i];
    return (
      `<circle cx="${px(x)}" cy="${px(y)}" r="${BADGE_PX / 2}" fill="${palette.surface}" stroke="${palette.badge}"/>` +
      (badge === undefined
        ? svgText(`+${all.length - shown.length}`, x, y + 3, { sizePx: 8, color: palette.badge, weight: 600, anchor: 'middle' })
        : svgGlyph(BADGE_GLYPHS[badge], x, y, 10.5, palette.badge))
    );
  }).join('');
}

/** A sign on the side of the calls where edges from or to a folded hub are left out. */
function hubSigns({ node, at, size }: PlacedNode, palette: Palette): string {
  return (['inbound', 'outbound'] as const)
    .map((direction) => {
      const health = (node.hubPeers ?? []).filter((peer) => peer.direction === direction).map((peer) => peer.health);
      if (health.length === 0) return '';
      const worst = health.reduce(worstHealth);
      const x = at.x + (direction === 'inbound' ? -1 : 1) * (size.shapeWidth / 2 + 6);
      const color = worst === 'failure' || worst === 'degraded' ? palette[worst] : palette.subtle;
      return `<circle cx="${px(x)}" cy="${px(at.y)}" r="8" fill="${palette.surface}"/>${svgGlyph(HUB, x, at.y, 14, color)}`;
    })
    .join('');
}

const PILL_FONT_PX = 10;

/** A text on a rounded ground, centred. */
function pill(text: string, x: number, y: number, ink: string, ground: string, border: string): string {
  const width = Math.max(PILL_PX, textWidth(text, PILL_FONT_PX) + 8);
  return (
    `<rect x="${px(x - width / 2)}" y="${px(y - PILL_PX / 2)}" width="${px(width)}" height="${PILL_PX}" rx="${PILL_PX / 2}" fill="${ground}" stroke="${border}"/>` +
    svgText(text, x, y + 3.6, { sizePx: PILL_FONT_PX, color: ink, weight: 600, anchor: 'middle' })
  );
}

/** A ring around the shape (dashed for what is gone) and, on its upper border, the sign with its text. */
export function svgMark({ node, at, size }: PlacedNode, mark: Mark, palette: Palette): string {
  if (mark.tone === 'dim') return '';
  const color = markColor(palette, mark.tone);
  const [w, h] = [size.shapeWidth + 9, size.shapeHeight + 9];
  const dashes = mark.tone === 'removed' ? ' stroke-dasharray="4 5"' : '';
  const corner = node.kind === 'namespace' ? 12 : Math.min(w, h) / 2;
  const ring = `<rect x="${px(at.x - w / 2)}" y="${px(at.y - h / 2)}" width="${px(w)}" height="${px(h)}" rx="${px(corner)}" fill="none" stroke="${color}" stroke-width="3"${dashes}/>`;
  const text = markText(mark);
  return text === '' ? ring : ring + pill(text, at.x, at.y - size.shapeHeight / 2 - 4, palette.surface, color, palette.surface);
}

/** The number at a node: 1 = the most called. */
export const svgRank = ({ at, size }: PlacedNode, rank: number, palette: Palette): string =>
  pill(`${rank}`, at.x - size.shapeWidth / 2, at.y + size.shapeHeight / 2 - 6, palette.text, palette.surface, palette.subtle);

/** What a node's shape carries: pictogram, name, badges, health. */
export function svgNodeMarks(placed: PlacedNode, palette: Palette): string {
  const { node, at, size } = placed;
  const parts: string[] = [];
  if (node.kind === 'namespace') {
    parts.push(
      svgText(size.lines[0] ?? '', at.x, at.y - 2, { sizePx: TITLE_FONT_PX, color: palette.text, weight: 600, anchor: 'middle' }),
      svgText(size.lines[1] ?? '', at.x, at.y + 15, { sizePx: NODE_FONT_PX, color: palette.subtle, anchor: 'middle' }),
    );
  } else {
    const isService = node.kind === 'service';
    const x = at.x + (node.kind === 'serviceEntry' ? -4 : 0);
    parts.push(svgGlyph(KIND_GLYPHS[node.kind], x, at.y + (isService ? 5 : 0), isService ? 16 : 19, palette.subtle));
    size.lines.forEach((line, i) => {
      const y = at.y + size.shapeHeight / 2 + 16 + i * NODE_LINE_PX;
      const style = { sizePx: NODE_FONT_PX, color: palette.text, anchor: 'middle', halo: palette.surface } as const;
      parts.push(svgText(line, at.x, y, { ...style, weight: i === 0 ? 500 : 400 }));
    });
  }
  const tone = nodeTone(node);
  if (tone === 'failure' || tone === 'degraded')
    parts.push(healthMark(tone, at.x + size.shapeWidth / 2 - 4, at.y + size.shapeHeight / 2 - 4, 16, palette));
  parts.push(badges(placed, palette), hubSigns(placed, palette));
  return parts.join('');
}

const inkOf = (tone: Exclude<TextRun['tone'], 'plain'>, palette: Palette): string =>
  tone === 'error' ? palette.failure : markColor(palette, tone);

/** The label of an edge on its own ground. */
export function svgLabel({ at, text, marks, width, height }: DrawnLabel, palette: Palette): string {
  const parts = [
    `<rect x="${px(at.x - width / 2)}" y="${px(at.y - height / 2)}" width="${px(width)}" height="${px(height)}" rx="4" fill="${palette.surface}" fill-opacity="0.86"/>`,
  ];
  const rows = Math.max(1, text.lines.length);
  for (let i = 0; i < rows; i++) {
    const runs = text.lines[i] ?? [];
    const lock = i === rows - 1 ? text.lock : null;
    const leading = i === 0 ? marks : [];
    const middle = at.y - (rows * LABEL_LINE_PX) / 2 + (i + 0.5) * LABEL_LINE_PX;
    // The runs are one text around the middle, so that the widths of the viewer's own font do not tear them apart.
    const shift = ((leading.length - (lock === null ? 0 : 1)) * LABEL_GLYPH_PX) / 2;
    const own = runs.reduce((sum, run) => sum + textWidth(run.text, EDGE_FONT_PX), 0);
    const left = at.x + shift - Math.min(own, width - 2 * LABEL_PADDING_PX) / 2;
    leading.forEach((mark, k) => {
      const x = left - (leading.length - k) * LABEL_GLYPH_PX + 5.5;
      parts.push(svgGlyph(BADGE_GLYPHS[mark === 'fault' ? 'faultInjection' : mark], x, middle, 11, palette.failure));
    });
    if (runs.length > 0) {
      const spans = runs.map((run) =>
        run.tone === 'plain' ? escapeXml(run.text) : `<tspan fill="${inkOf(run.tone, palette)}">${escapeXml(run.text)}</tspan>`,
      );
      parts.push(
        `<text x="${px(at.x + shift)}" y="${px(middle + 4)}" font-size="${EDGE_FONT_PX}" text-anchor="middle" fill="${palette.text}">${spans.join('')}</text>`,
      );
    }
    if (lock !== null)
      parts.push(
        svgGlyph(
          lock === 'closed' ? LOCK_CLOSED : LOCK_OPEN,
          left + own + 8,
          middle,
          12,
          lock === 'closed' ? palette.subtle : palette.degraded,
        ),
      );
  }
  return parts.join('');
}
