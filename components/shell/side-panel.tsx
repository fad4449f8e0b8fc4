'use client';
// The frame of the side panel: beside the graph with a border that can be moved, or a drawer at the bottom of a phone.
// In: its content. Out: the panel; its width stays in this browser.
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useStored } from '../ui/use-stored';
import styles from './graph-page.module.css';

const MIN_PX = 280;
const MAX_PX = 820;
const STANDARD_PX = 400;
const STEP_PX = 24;

const clampWidth = (widthPx: number): number => Math.round(Math.min(MAX_PX, Math.max(MIN_PX, widthPx)));
const decodeWidth = (text: string): number | null => {
  const widthPx = Number(text);
  return text !== '' && Number.isFinite(widthPx) ? clampWidth(widthPx) : null;
};

interface Props {
  readonly narrow: boolean;
  readonly children: ReactNode;
  readonly onEscape: () => void;
}

export function SidePanel({ narrow, children, onEscape }: Props): ReactNode {
  const [storedPx, storeWidth] = useStored<number>('heddle.panelWidth', STANDARD_PX, decodeWidth, String);
  const [draggedPx, setDragged] = useState<number | null>(null);
  const [tall, setTall] = useState(false);
  const start = useRef<{ readonly x: number; readonly widthPx: number } | null>(null);
  const widthPx = draggedPx ?? storedPx;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, widthPx };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (start.current !== null) setDragged(clampWidth(start.current.widthPx + start.current.x - event.clientX));
  };
  const onPointerUp = (): void => {
    start.current = null;
    if (draggedPx === null) return;
    storeWidth(draggedPx);
    setDragged(null);
  };
  const onBorderKey = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: widthPx + STEP_PX,
      ArrowRight: widthPx - STEP_PX,
      Home: MAX_PX,
      End: MIN_PX,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    storeWidth(clampWidth(next));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onEscape();
  };
  if (narrow) {
    return (
      <aside className={`${styles['drawer']} ${tall ? styles['tall'] : ''}`} aria-label="Details" onKeyDown={onKeyDown}>
        <button
          type="button"
          className={styles['grip']}
          aria-label={tall ? 'Make the panel lower' : 'Make the panel taller'}
          onClick={() => setTall(!tall)}
        >
          <span aria-hidden />
        </button>
        <div className={styles['panelScroll']}>{children}</div>
      </aside>
    );
  }
  return (
    <aside className={styles['panel']} aria-label="Details" style={{ width: widthPx }} onKeyDown={onKeyDown}>
      {/* biome-ignore lint/a11y/useSemanticElements: a movable border is a separator with a value (ARIA window splitter), <hr> cannot be one */}
      <div
        className={styles['border']}
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the panel"
        aria-valuenow={widthPx}
        aria-valuemin={MIN_PX}
        aria-valuemax={MAX_PX}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onBorderKey}
      />
      <div className={styles['panelScroll']}>{children}</div>
    </aside>
  );
}
