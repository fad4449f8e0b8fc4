'use client';
// The whole graph in a corner, with the frame of what is on the screen; press or drag to go there.
// In: the picture, the camera. Out: model points to centre on. For the pointer only: the keyboard has its own way (see graph-canvas).
import { type PointerEvent, type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { Point } from '../layout/arrangement';
import { type Camera, fitCamera, toModel, toScreen, type ViewSize, visibleRect } from './camera';
import styles from './graph-canvas.module.css';
import type { Palette } from './palette';
import type { Picture } from './picture';
import { nodeTone } from './tone';

const SIZE: ViewSize = { width: 180, height: 112 };

/** Draws only what differs at this size: boxes, nodes as dots (troubled ones larger), the frame. */
function drawMinimap(context: CanvasRenderingContext2D, map: Camera, { picture, palette, camera, view }: Omit<MinimapProps, 'onGo'>): void {
  const ratio = context.canvas.width / SIZE.width;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, SIZE.width, SIZE.height);
  for (const { rect, box } of picture.boxes) {
    if (box.kind === 'app') continue;
    const corner = toScreen(map, rect);
    context.fillStyle = palette.namespaceFill;
    context.strokeStyle = palette.boxBorder;
    context.lineWidth = 0.75;
    context.fillRect(corner.x, corner.y, rect.width * map.zoom, rect.height * map.zoom);
    context.strokeRect(corner.x, corner.y, rect.width * map.zoom, rect.height * map.zoom);
  }
  for (const { node, at } of picture.nodes.values()) {
    const tone = nodeTone(node);
    const troubled = tone === 'failure' || tone === 'degraded';
    const p = toScreen(map, at);
    const half = troubled ? 2.5 : 1.3;
    context.fillStyle = troubled ? palette[tone] : palette.subtle;
    context.fillRect(p.x - half, p.y - half, 2 * half, 2 * half);
  }
  const seen = visibleRect(camera, view);
  const corner = toScreen(map, seen);
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.strokeRect(corner.x, corner.y, seen.width * map.zoom, seen.height * map.zoom);
}

export interface MinimapProps {
  readonly picture: Picture;
  readonly palette: Palette;
  readonly camera: Camera;
  readonly view: ViewSize;
  readonly onGo: (at: Point) => void;
}

export function Minimap({ picture, palette, camera, view, onGo }: MinimapProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = fitCamera(picture.bounds, SIZE, 6, 0);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) drawMinimap(context, fitCamera(picture.bounds, SIZE, 6, 0), { picture, palette, camera, view });
  }, [picture, palette, camera, view]);
  const go = useCallback(
    (event: PointerEvent<HTMLCanvasElement>) => {
      if (event.buttons === 0) return;
      const box = event.currentTarget.getBoundingClientRect();
      onGo(toModel(map, { x: event.clientX - box.left, y: event.clientY - box.top }));
    },
    [map, onGo],
  );
  return (
    <canvas
      ref={canvas}
      className={styles['minimap']}
      width={SIZE.width * 2}
      height={SIZE.height * 2}
      style={{ width: SIZE.width, height: SIZE.height }}
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    />
  );
}
