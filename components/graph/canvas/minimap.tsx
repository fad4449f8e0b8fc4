'use client';
// The whole graph in a corner, with the frame of what is on the screen; press or drag to go there.
// In: the picture, the camera. Out: model points to centre on. For the pointer only: the keyboard has its own way (see graph-canvas).
import { memo, type PointerEvent, type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { Point } from '../layout/arrangement';
import { type Camera, fitCamera, toModel, toScreen, type ViewSize, visibleRect } from './camera';
import styles from './graph-canvas.module.css';
import type { Palette } from './palette';
import type { Picture } from './picture';
import { nodeTone } from './tone';

const SIZE: ViewSize = { width: 180, height: 112 };

/** Draws only what differs at this size: boxes, nodes as dots (troubled ones larger). */
function drawMinimap(context: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const map = mapOf(picture);
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
  // Of many nodes each takes less room, so that trouble does not seem to be everywhere.
  const size = Math.max(0.4, Math.min(1, Math.sqrt(160 / Math.max(1, picture.nodes.size))));
  for (const { node, at } of picture.nodes.values()) {
    const tone = nodeTone(node);
    const troubled = tone === 'failure' || tone === 'degraded';
    const p = toScreen(map, at);
    const half = (troubled ? 2.5 : 1.3) * size;
    context.fillStyle = troubled ? palette[tone] : palette.subtle;
    context.fillRect(p.x - half, p.y - half, 2 * half, 2 * half);
  }
}

const mapOf = (picture: Picture): Camera => fitCamera(picture.bounds, SIZE, 6, 0);

export interface Seen {
  readonly camera: Camera;
  readonly view: ViewSize;
}

export interface MinimapProps {
  readonly picture: Picture;
  readonly palette: Palette;
  /** Calls back after every move of the camera, at once with what is seen now; the returned function ends it. */
  readonly watch: (callback: (seen: Seen) => void) => () => void;
  readonly onGo: (at: Point) => void;
}

export const Minimap = memo(function Minimap({ picture, palette, watch, onGo }: MinimapProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) drawMinimap(context, picture, palette);
  }, [picture, palette]);
  // The camera moves with every frame of a gesture: only the outline follows, nothing is drawn or rendered anew.
  useEffect(
    () =>
      watch(({ camera, view }) => {
        if (!frame.current) return;
        const map = mapOf(picture);
        const seen = visibleRect(camera, view);
        const from = toScreen(map, seen);
        const left = Math.max(-2, from.x);
        const top = Math.max(-2, from.y);
        const right = Math.min(SIZE.width + 2, from.x + seen.width * map.zoom);
        const bottom = Math.min(SIZE.height + 2, from.y + seen.height * map.zoom);
        const { style } = frame.current;
        style.transform = `translate(${left}px, ${top}px)`;
        style.width = `${Math.max(0, right - left)}px`;
        style.height = `${Math.max(0, bottom - top)}px`;
      }),
    [picture, watch],
  );
  const go = useCallback(
    (event: PointerEvent<HTMLDivElement>) => {
      if (event.buttons === 0) return;
      const box = event.currentTarget.getBoundingClientRect();
      onGo(toModel(mapOf(picture), { x: event.clientX - box.left, y: event.clientY - box.top }));
    },
    [picture, onGo],
  );
  return (
    <div
      className={styles['minimap']}
      style={{ width: SIZE.width, height: SIZE.height }}
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <canvas ref={canvas} width={SIZE.width * 2} height={SIZE.height * 2} style={{ width: SIZE.width, height: SIZE.height }} />
      <div ref={frame} className={styles['seen']} />
    </div>
  );
});
