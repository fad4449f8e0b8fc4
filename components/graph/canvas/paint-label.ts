// Draws the label of an edge: its lines, the glyphs before and behind them. In: a context, a placed label, colours. Out: pixels.
import type { TextRun } from '../edge-text';
import { EDGE_FONT_PX } from '../layout/node-size';
import { type DrawnLabel, LABEL_GLYPH_PX, LABEL_LINE_PX, LABEL_PADDING_PX } from './edge-labels';
import { BADGE_GLYPHS, LOCK_CLOSED, LOCK_OPEN } from './glyphs';
import { markColor, type Palette } from './palette';
import type { Pen } from './pen';

const inkOf = (tone: TextRun['tone'], palette: Palette): string => {
  if (tone === 'plain') return palette.text;
  return tone === 'error' ? palette.failure : markColor(palette, tone);
};

/** Draws a label where it was placed. */
export function drawLabel(c: CanvasRenderingContext2D, pen: Pen, label: DrawnLabel, palette: Palette): void {
  const { width, height, text, marks } = label;
  const at = { x: 0, y: 0 };
  c.save();
  c.translate(label.at.x, label.at.y);
  c.scale(label.scale, label.scale);
  c.globalAlpha = 0.86;
  c.fillStyle = palette.surface;
  c.beginPath();
  c.roundRect(at.x - width / 2, at.y - height / 2, width, height, 4);
  c.fill();
  c.globalAlpha = 1;
  c.textAlign = 'left';
  c.font = `400 ${EDGE_FONT_PX}px ${palette.fontFamily}`;
  const rows = Math.max(1, text.lines.length);
  for (let i = 0; i < rows; i++) {
    const runs = text.lines[i] ?? [];
    const glyphs = (i === 0 ? marks.length : 0) + (i === rows - 1 && text.lock !== null ? 1 : 0);
    const own = runs.reduce((sum, run) => sum + c.measureText(run.text).width, 0) + glyphs * LABEL_GLYPH_PX;
    let x = at.x - Math.min(own, width - 2 * LABEL_PADDING_PX) / 2;
    const middle = at.y - (rows * LABEL_LINE_PX) / 2 + (i + 0.5) * LABEL_LINE_PX;
    if (i === 0)
      for (const mark of marks) {
        pen.glyph(c, BADGE_GLYPHS[mark === 'fault' ? 'faultInjection' : mark], { x: x + 5.5, y: middle }, 11, palette.failure);
        x += LABEL_GLYPH_PX;
      }
    for (const run of runs) {
      c.fillStyle = inkOf(run.tone, palette);
      c.fillText(run.text, x, middle + 4);
      x += c.measureText(run.text).width;
    }
    if (i === rows - 1 && text.lock !== null)
      pen.glyph(
        c,
        text.lock === 'closed' ? LOCK_CLOSED : LOCK_OPEN,
        { x: x + 8, y: middle },
        12,
        text.lock === 'closed' ? palette.subtle : palette.degraded,
      );
  }
  c.restore();
}
