'use client';
// A range dragged over a plot. In: whom to tell of it. Out: handlers for recharts, and what is dragged over now.
import { useRef, useState } from 'react';

interface PlotEvent {
  readonly activeLabel?: unknown;
}

const atOf = ({ activeLabel }: PlotEvent): number | null => {
  const at = Number(activeLabel);
  return activeLabel === undefined || activeLabel === null || Number.isNaN(at) ? null : at;
};

export interface RangeDrag {
  /** ms since the epoch, in the order in which it was dragged; null: nothing is. */
  readonly dragged: readonly [number, number] | null;
  readonly handlers: {
    readonly onMouseDown?: (event: PlotEvent) => void;
    readonly onMouseMove?: (event: PlotEvent) => void;
    readonly onMouseUp?: () => void;
    readonly onMouseLeave?: () => void;
  };
}

export function useRangeDrag(onRange: ((fromMs: number, toMs: number) => void) | undefined): RangeDrag {
  const [dragged, setDragged] = useState<readonly [number, number] | null>(null);
  const dragging = useRef(false);
  const stop = (): void => {
    dragging.current = false;
    setDragged(null);
  };
  if (onRange === undefined) return { dragged, handlers: {} };
  return {
    dragged,
    handlers: {
      onMouseDown: (event) => {
        const at = atOf(event);
        if (at === null) return;
        dragging.current = true;
        setDragged([at, at]);
      },
      onMouseMove: (event) => {
        const at = atOf(event);
        if (dragging.current && at !== null) setDragged((old) => (old === null ? null : [old[0], at]));
      },
      onMouseUp: () => {
        stop();
        if (dragged !== null && dragged[0] !== dragged[1]) onRange(Math.min(...dragged), Math.max(...dragged));
      },
      onMouseLeave: stop,
    },
  };
}
