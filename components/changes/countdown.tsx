'use client';
// The time until a change reverts by itself, second by second for the eye, at milestones for the ear. In: an instant. Out: a timer.
import type { ReactNode } from 'react';
import { useNow } from '../ui/use-now';
import { formatCountdown, wordMilestone } from './change-words';

export function Countdown({
  deadlineMs,
  of,
  announce = true,
}: {
  readonly deadlineMs: number;
  readonly of: string;
  readonly announce?: boolean;
}): ReactNode {
  const nowMs = useNow(1000);
  const leftMs = nowMs === null ? null : deadlineMs - nowMs;
  return (
    <>
      <span role="timer" aria-live="off" aria-label={`Time until ${of} reverts`} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {leftMs === null ? '–:––' : formatCountdown(leftMs)}
      </span>
      {announce ? (
        <span className="pf-v6-screen-reader" aria-live="polite">
          {leftMs === null ? '' : wordMilestone(leftMs)}
        </span>
      ) : null}
    </>
  );
}
