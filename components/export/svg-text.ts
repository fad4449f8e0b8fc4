// Text and numbers in SVG. Names in metrics are foreign text: whatever XML takes for markup, or not at all, is written so that it is text.
// In: strings, numbers. Out: SVG source. Pure.

// What XML 1.0 (2.2) does not allow as characters, and the other controls: halves of pairs, U+FFFE and U+FFFF.
const FORBIDDEN = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element or an attribute; characters that XML cannot hold become U+FFFD. */
export const escapeXml = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);

/** A length with one decimal at most. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

export interface TextStyle {
  readonly sizePx: number;
  readonly color: string;
  readonly weight?: 400 | 500 | 600;
  readonly anchor?: 'start' | 'middle';
  /** Colour of a ring around the letters, which keeps them readable on lines. */
  readonly halo?: string;
}

export function svgText(text: string, x: number, y: number, style: TextStyle): string {
  const { sizePx, color, weight = 400, anchor = 'start', halo } = style;
  const ring = halo === undefined ? '' : ` stroke="${halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;
  const place = anchor === 'middle' ? ' text-anchor="middle"' : '';
  const heavy = weight === 400 ? '' : ` font-weight="${weight}"`;
  return `<text x="${px(x)}" y="${px(y)}" font-size="${px(sizePx)}"${heavy}${place} fill="${color}"${ring}>${escapeXml(text)}</text>`;
}

/** A pictogram of the 16 × 16 grid around a point. */
export function svgGlyph(path: string, x: number, y: number, sizePx: number, color: string, fill = false): string {
  if (path === '') return '';
  const paint = fill
    ? `fill="${color}"`
    : `fill="none" stroke="${color}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"`;
  const scale = Math.round((sizePx / 16) * 1000) / 1000;
  return `<path transform="translate(${px(x - sizePx / 2)} ${px(y - sizePx / 2)}) scale(${scale})" d="${path}" ${paint}/>`;
}
