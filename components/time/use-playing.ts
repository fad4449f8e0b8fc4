'use client';
// The motor of a replay: one frame after the other at a speed, never before the last one is drawn. In: range, instant, whether it is drawn.
// Out: playing or not, and the switch.
import { useCallback, useEffect, useState } from 'react';
import type { TimeRange } from './time-url';

/** Milliseconds a frame stays. */
export const SPEEDS = { slow: 5000, medium: 3000, fast: 1000 } as const;
export type Speed = keyof typeof SPEEDS;

/** The frame after an instant; null at the end. */
export const nextFrame = (atSeconds: number, stepSeconds: number, { toSeconds }: TimeRange): number | null =>
  atSeconds + stepSeconds <= toSeconds ? atSeconds + stepSeconds : null;

interface Options {
  readonly range: TimeRange;
  readonly stepSeconds: number;
  readonly atSeconds: number;
  readonly speed: Speed;
  /** The frame is still being read. */
  readonly waiting: boolean;
  readonly onAt: (seconds: number) => void;
}

export function usePlaying({
  range,
  stepSeconds,
  atSeconds,
  speed,
  waiting,
  onAt,
}: Options): readonly [boolean, (playing: boolean) => void] {
  const [playing, setPlaying] = useState(false);
  const next = nextFrame(atSeconds, stepSeconds, range);
  useEffect(() => {
    if (!playing || waiting) return undefined;
    const timer = setTimeout(() => {
      if (next === null) setPlaying(false);
      else onAt(next);
    }, SPEEDS[speed]);
    return () => clearTimeout(timer);
  }, [playing, waiting, next, speed, onAt]);
  const { fromSeconds } = range;
  const play = useCallback(
    (on: boolean) => {
      setPlaying(on);
      // From the end it begins anew.
      if (on && next === null) onAt(fromSeconds);
    },
    [next, onAt, fromSeconds],
  );
  return [playing, play];
}
