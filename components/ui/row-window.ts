// Which rows of a long table are in the window of its scroll box. In: sizes in pixels. Out: indexes and the space above and below. Pure.

export interface RowWindow {
  /** First row drawn. */
  readonly first: number;
  /** One past the last row drawn. */
  readonly end: number;
  readonly padTopPx: number;
  readonly padBottomPx: number;
}

/** Rows drawn beyond each edge, so that a quick scroll does not show blank space. */
const OVERSCAN = 12;

/** All rows have the same height. Scroll positions beyond the table (it just became shorter) give its last page. */
export function computeRowWindow(scrollTopPx: number, viewportPx: number, rowPx: number, count: number): RowWindow {
  const visible = Math.ceil(viewportPx / rowPx) + 1;
  const top = Math.min(Math.max(0, Math.floor(scrollTopPx / rowPx)), Math.max(0, count - visible));
  const first = Math.max(0, top - OVERSCAN);
  const end = Math.min(count, top + visible + OVERSCAN);
  return { first, end, padTopPx: first * rowPx, padBottomPx: (count - end) * rowPx };
}
