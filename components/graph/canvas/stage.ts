// The elements of the canvas, one above the other, and their sizes. In: elements, the size of the view. Out: styles and bitmap sizes.
import type { ViewSize } from './camera';

export interface StageElements {
  /** Takes the input; its size is the view, its theme the palette. */
  readonly stage: HTMLElement;
  readonly shapes: HTMLElement;
  /** Takes the canvas of the moving traffic. */
  readonly dots: HTMLElement;
  readonly decorations: HTMLCanvasElement;
  /** Outlines the area that is being framed; hidden otherwise. */
  readonly frame: HTMLElement;
}

/** Shapes and decorations reach beyond the view by `margin` on each side. */
export function sizeStage({ shapes, decorations }: StageElements, view: ViewSize, margin: ViewSize, pixelRatio: number): void {
  const [width, height] = [view.width + 2 * margin.width, view.height + 2 * margin.height];
  for (const mover of [shapes, decorations]) {
    mover.style.left = `${-margin.width}px`;
    mover.style.top = `${-margin.height}px`;
    mover.style.width = `${width}px`;
    mover.style.height = `${height}px`;
  }
  decorations.width = width * pixelRatio;
  decorations.height = height * pixelRatio;
}
