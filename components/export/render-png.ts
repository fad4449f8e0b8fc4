'use client';
// An SVG as a PNG, drawn by the browser. In: SvgGraph, texts for the file. Out: a Blob.
import { pngSize } from './png-size';
import { addPngTexts } from './png-text';
import type { SvgGraph } from './svg-graph';

/** @throws Error in words when the browser cannot draw it */
export async function renderPng({ svg, width, height }: SvgGraph, texts: Readonly<Record<string, string>>): Promise<Blob> {
  const size = pngSize(width, height);
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  const canvas = document.createElement('canvas');
  try {
    const image = new Image(size.width, size.height);
    image.src = address;
    await image.decode();
    canvas.width = size.width;
    canvas.height = size.height;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(image, 0, 0, size.width, size.height);
    const blob = await new Promise<Blob | null>((answer) => canvas.toBlob(answer, 'image/png'));
    if (blob === null) throw new Error('no picture');
    const bytes = addPngTexts(new Uint8Array(await blob.arrayBuffer()), texts);
    return new Blob([bytes], { type: 'image/png' });
  } catch (error) {
    throw new Error(`This browser cannot draw a picture of ${size.width} × ${size.height} pixels. Take SVG, or choose fewer namespaces.`, {
      cause: error,
    });
  } finally {
    URL.revokeObjectURL(address);
    // Gives the pixels back at once, not with the next collection.
    canvas.width = 0;
  }
}
