// Packs rectangles in rows, in the given order. In: sizes. Out: top left corners and the size of the whole. Pure.
import type { Point } from './arrangement';

export interface Shelves {
  readonly corners: readonly Point[];
  readonly width: number;
  readonly height: number;
}

/** Rows as wide as the wanted aspect asks, at least `minWidth`. */
export function packShelves(
  sizes: readonly { readonly width: number; readonly height: number }[],
  options: { readonly gap: number; readonly aspect: number; readonly minWidth: number },
): Shelves {
  const { gap } = options;
  const area = sizes.reduce((total, s) => total + (s.width + gap) * (s.height + gap), 0);
  const limit = sizes.reduce((m, s) => Math.max(m, s.width), Math.max(options.minWidth, Math.sqrt(area * options.aspect)));
  const corners: Point[] = [];
  let x = 0;
  let y = 0;
  let row = 0;
  let width = 0;
  for (const size of sizes) {
    if (x > 0 && x + size.width > limit) {
      x = 0;
      y += row + gap;
      row = 0;
    }
    corners.push({ x, y });
    x += size.width + gap;
    row = Math.max(row, size.height);
    width = Math.max(width, x - gap);
  }
  return { corners, width, height: sizes.length > 0 ? y + row : 0 };
}
