// How large a picture becomes as pixels: sharp where browsers can draw it so, smaller where they cannot. In: a size. Out: PngSize with words. Pure.

export interface PngSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** What had to be given up, and what to do; null where nothing was. */
  readonly note: string | null;
}

/** Sharp on screens of twice the pixels, and in print. */
const SHARP = 2;
/** What the canvases of all current browsers hold. */
const MAX_SIDE_PX = 16_384;
const MAX_PIXELS = 64_000_000;
/** Names of nodes, 13 px at scale 1, are hard to read below. */
const READABLE = 0.6;

export function pngSize(width: number, height: number): PngSize {
  const scale = Math.min(SHARP, MAX_SIDE_PX / width, MAX_SIDE_PX / height, Math.sqrt(MAX_PIXELS / (width * height)));
  const size = { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)), scale };
  const pixels = `${size.width.toLocaleString('en')} × ${size.height.toLocaleString('en')} pixels`;
  if (scale >= 1) return { ...size, note: null };
  return {
    ...size,
    note: `A PNG of this graph has at most ${pixels}, ${Math.round(scale * 100)} % of its full size, which is what browsers can draw. ${
      scale < READABLE ? 'Its texts are hard to read: SVG' : 'SVG'
    } has no such bound.`,
  };
}
