// The strokes that all drawings share: our glyphs, text with a halo, small signs on a coloured ground. In: a context. Out: pixels.
// Paths are parsed once per Pen.
import type { Point } from '../layout/arrangement';

/** Glyphs are drawn on a grid of so many units. */
const GRID = 16;

export class Pen {
  readonly #paths = new Map<string, Path2D>();

  glyph(c: CanvasRenderingContext2D, path: string, at: Point, sizePx: number, color: string, fill = false): void {
    let parsed = this.#paths.get(path);
    if (!parsed) {
      parsed = new Path2D(path);
      this.#paths.set(path, parsed);
    }
    c.save();
    c.translate(at.x - sizePx / 2, at.y - sizePx / 2);
    c.scale(sizePx / GRID, sizePx / GRID);
    if (fill) {
      c.fillStyle = color;
      c.fill(parsed);
    } else {
      c.strokeStyle = color;
      c.lineWidth = 1.5;
      c.stroke(parsed);
    }
    c.restore();
  }

  text(c: CanvasRenderingContext2D, text: string, x: number, y: number, color: string, halo: string): void {
    c.lineWidth = 3;
    c.strokeStyle = halo;
    c.strokeText(text, x, y);
    c.fillStyle = color;
    c.fillText(text, x, y);
  }

  /** A text on a rounded ground, centred; as wide as the text needs. */
  pill(
    c: CanvasRenderingContext2D,
    text: string,
    at: Point,
    style: { readonly font: string; readonly ink: string; readonly ground: string; readonly border: string },
  ): void {
    c.font = style.font;
    c.textAlign = 'center';
    const width = Math.max(PILL_PX, c.measureText(text).width + 8);
    c.fillStyle = style.ground;
    c.strokeStyle = style.border;
    c.lineWidth = 1;
    c.beginPath();
    c.roundRect(at.x - width / 2, at.y - PILL_PX / 2, width, PILL_PX, PILL_PX / 2);
    c.fill();
    c.stroke();
    c.fillStyle = style.ink;
    c.fillText(text, at.x, at.y + 3.6);
  }
}

export const PILL_PX = 15;
