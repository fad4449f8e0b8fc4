'use client';
// Requests and errors of the mesh over the range of a replay, with its changes, and the frame that is shown: a slider over a picture.
// In: rates, range, instant. Out: an instant. Arrow keys step by a frame, Page keys by ten.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { RateHistoryDocument } from '../../model/replay';
import type { ChartPoint } from '../../model/wire';
import { MarkerRail } from '../charts/marker-rail';
import { useChartMarkers } from '../charts/markers';
import { formatClock, formatInstant, formatRate } from '../ui/format';
import { buildSparkPath } from '../ui/sparkline';
import styles from './time.module.css';
import type { TimeRange } from './time-url';

const WIDTH = 1000;
const HEIGHT = 40;
/** While the thumb is dragged, a frame is asked for when it rests this long. */
const REST_MS = 120;

/** Both curves on one scale: errors are drawn in the measure of the requests. */
function scalePoints(points: readonly ChartPoint[], top: number, { fromSeconds, toSeconds }: TimeRange): string {
  // Two points outside of the picture give the curve the scale and the range of the strip.
  const inside = points.filter(([seconds]) => seconds >= fromSeconds && seconds <= toSeconds);
  return buildSparkPath([[fromSeconds, null], [fromSeconds, top], [fromSeconds, null], ...inside, [toSeconds, null]], WIDTH, HEIGHT).area;
}

/** The value at an instant: of the last point before it; null where there is none. */
export function valueAt(points: readonly ChartPoint[], seconds: number): number | null {
  let found: number | null = null;
  for (const [at, value] of points) {
    if (at > seconds) break;
    found = value;
  }
  return found;
}

interface Props {
  readonly range: TimeRange;
  readonly stepSeconds: number;
  readonly atSeconds: number;
  readonly rates: RateHistoryDocument | null;
  readonly onAt: (seconds: number) => void;
}

export function RateStrip({ range, stepSeconds, atSeconds, rates, onAt }: Props): ReactNode {
  // What is dragged holds until the instant moves: then that is shown.
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const markers = useChartMarkers();
  const shown = drag !== null && drag.from === atSeconds ? drag.to : atSeconds;
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  const move = (seconds: number): void => {
    setDrag({ from: atSeconds, to: seconds });
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => onAt(seconds), REST_MS);
  };
  const requests = rates?.requests ?? [];
  const errors = rates?.errors ?? [];
  const top = requests.reduce((most, [, value]) => Math.max(most, value ?? 0), 0);
  const { fromSeconds, toSeconds } = range;
  const share = (shown - fromSeconds) / (toSeconds - fromSeconds);
  const now = valueAt(requests, shown);
  const words = `${formatInstant(shown * 1000)}${now === null ? '' : `, ${formatRate(now)}, ${formatRate(valueAt(errors, shown))} of them errors`}`;
  return (
    <div className={styles['strip']}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden className={styles['curve']}>
        <path className={styles['requests']} d={scalePoints(requests, top, range)} />
        <path className={styles['errors']} d={scalePoints(errors, top, range)} />
      </svg>
      <div className={styles['thumb']} style={{ insetInlineStart: `${share * 100}%` }} aria-hidden />
      <input
        type="range"
        className={styles['slider']}
        aria-label="Instant of the replay"
        aria-valuetext={words}
        min={fromSeconds}
        max={toSeconds}
        step={stepSeconds}
        value={Math.min(toSeconds, Math.max(fromSeconds, shown))}
        onChange={(event) => move(Number(event.target.value))}
        onKeyDown={(event) => {
          const steps: Readonly<Record<string, number>> = { PageUp: 10 * stepSeconds, PageDown: -10 * stepSeconds };
          const by = steps[event.key];
          if (by === undefined) return;
          event.preventDefault();
          move(Math.min(toSeconds, Math.max(fromSeconds, shown + by)));
        }}
      />
      <MarkerRail markers={markers} fromMs={fromSeconds * 1000} toMs={toSeconds * 1000} />
      <span className={styles['stripEnds']} aria-hidden>
        <span>{formatClock(fromSeconds * 1000).slice(0, 5)}</span>
        <span>{top > 0 ? `up to ${formatRate(top)}` : ''}</span>
        <span>{formatClock(toSeconds * 1000).slice(0, 5)}</span>
      </span>
    </div>
  );
}
