// The whole graph as a picture file: shapes from the renderer, decorations over them, an opaque ground.
// In: the renderer, the painter, what to draw. Out: a PNG blob, null where there is nothing to draw or no canvas.
import type { Rect } from '../layout/arrangement';
import type { CytoscapeView } from './cytoscape-view';
import type { Decorations, Painter } from './paint';

/** Browsers refuse larger canvases. */
const MAX_SIDE_PX = 8000;
const MAX_SCALE = 2;
const MARGIN_PX = 24;

export interface PngParts {
  readonly view: CytoscapeView;
  readonly painter: Painter;
  readonly decorations: Decorations;
  readonly bounds: Rect;
  readonly background: string;
}

export async function composePng(parts: PngParts): Promise<Blob | null> {
  const { bounds } = parts;
  if (parts.decorations.picture.nodes.size === 0) return null;
  const width = bounds.width + 2 * MARGIN_PX;
  const height = bounds.height + 2 * MARGIN_PX;
  const scale = Math.min(MAX_SCALE, MAX_SIDE_PX / width, MAX_SIDE_PX / height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext('2d');
  if (!context) return null;
  const camera = { zoom: scale, x: (MARGIN_PX - bounds.x) * scale, y: (MARGIN_PX - bounds.y) * scale };
  context.fillStyle = parts.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const shapes = await parts.view.png(scale);
  const bitmap = await createImageBitmap(shapes.image);
  context.drawImage(bitmap, shapes.x * scale + camera.x, shapes.y * scale + camera.y, shapes.width * scale, shapes.height * scale);
  bitmap.close();
  parts.painter.draw({ context, camera, width: canvas.width, height: canvas.height, pixelRatio: 1 }, parts.decorations);
  return new Promise((answer) => canvas.toBlob(answer, 'image/png'));
}
