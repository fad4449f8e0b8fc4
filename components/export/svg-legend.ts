// The legend under an exported picture: groups of signs with their words, broken into rows. In: a width, a palette. Out: SVG source, its height. Pure.
import { BADGE_GLYPHS, DISC_FILLED, EXCLAMATION, LOCK_CLOSED, LOCK_OPEN, TRIANGLE_FILLED } from '../graph/canvas/glyphs';
import type { Palette } from '../graph/canvas/palette';
import { textWidth } from '../graph/layout/node-size';
import { LEGEND_BADGES, LEGEND_LINES, LEGEND_SHAPES } from '../graph/legend-signs';
import { BADGE_WORDS } from '../ui/badge-words';
import { px, svgGlyph, svgText } from './svg-text';

interface Sign {
  readonly words: string;
  readonly widthPx: number;
  /** Drawn with its left edge at x, around y. */
  readonly draw: (x: number, y: number) => string;
}

const FONT_PX = 12;
const ROW_PX = 24;
const GAP_PX = 20;

const stroked = (path: string, color: string, more = ''): string =>
  `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"${more}/>`;

function listGroups(palette: Palette): readonly (readonly [title: string, signs: readonly Sign[]])[] {
  const glyph = (words: string, draw: Sign['draw']): Sign => ({ words, widthPx: 18, draw });
  const mark = (words: string, tone: 'degraded' | 'failure'): Sign =>
    glyph(
      words,
      (x, y) =>
        svgGlyph(tone === 'failure' ? DISC_FILLED : TRIANGLE_FILLED, x + 9, y, 16, palette[tone], true) +
        svgGlyph(EXCLAMATION, x + 9, y + (tone === 'failure' ? 0 : 1), 13, palette.surface),
    );
  return [
    [
      'Nodes',
      LEGEND_SHAPES.map(([words, path, dashed, inner]) => ({
        words,
        widthPx: 24,
        draw: (x, y) =>
          `<g transform="translate(${px(x)} ${px(y - 12)})">${stroked(path, palette.subtle, dashed ? ' stroke-dasharray="3 3"' : '')}${
            inner === undefined ? '' : stroked(inner, palette.subtle)
          }</g>`,
      })),
    ],
    [
      'Health',
      [
        mark('Degraded', 'degraded'),
        mark('Failure', 'failure'),
        glyph('All over mutual TLS', (x, y) => svgGlyph(LOCK_CLOSED, x + 9, y, 16, palette.subtle)),
        glyph('Some or all in plain text', (x, y) => svgGlyph(LOCK_OPEN, x + 9, y, 16, palette.degraded)),
      ],
    ],
    [
      'Edges',
      LEGEND_LINES.map(([words, tone, dashes, width]) => ({
        words,
        widthPx: 46,
        draw: (x, y) =>
          `<path d="M${px(x)} ${px(y)}h38" fill="none" stroke="${palette[tone]}" stroke-width="${width}"${
            dashes === '' ? '' : ` stroke-dasharray="${dashes}"`
          }/><path d="M${px(x + 37)} ${px(y - 4)}l8 4l-8 4z" fill="${palette[tone]}"/>`,
      })),
    ],
    [
      'Badges',
      LEGEND_BADGES.map((badge) => glyph(BADGE_WORDS[badge][0], (x, y) => svgGlyph(BADGE_GLYPHS[badge], x + 9, y, 14, palette.badge))),
    ],
  ];
}

/** The legend from `top` downwards, between `left` and `left + width`. */
export function svgLegend(left: number, top: number, width: number, palette: Palette): { readonly svg: string; readonly height: number } {
  const parts: string[] = [];
  const indent = 64;
  let y = top + ROW_PX / 2;
  for (const [title, signs] of listGroups(palette)) {
    parts.push(svgText(title, left, y + 4, { sizePx: FONT_PX, color: palette.text, weight: 600 }));
    let x = left + indent;
    for (const { words, widthPx, draw } of signs) {
      const needed = widthPx + 8 + textWidth(words, FONT_PX);
      if (x > left + indent && x + needed > left + width) {
        x = left + indent;
        y += ROW_PX;
      }
      parts.push(draw(x, y), svgText(words, x + widthPx + 8, y + 4, { sizePx: FONT_PX, color: palette.subtle }));
      x += needed + GAP_PX;
    }
    y += ROW_PX + 4;
  }
  return { svg: parts.join(''), height: y - top - ROW_PX / 2 };
}
