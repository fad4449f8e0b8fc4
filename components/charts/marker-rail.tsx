'use client';
// Change markers over a plot: a vertical line each, with a link that says who did what and when. In: markers, the range. Out: a list, or nothing.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatInstant } from '../ui/format';
import styles from './charts.module.css';
import { type ChartMarker, placeMarkers } from './markers';

interface Props {
  readonly markers: readonly ChartMarker[];
  readonly fromMs: number;
  readonly toMs: number;
  /** What of the plot lies before and after the range: axis and margin. */
  readonly startPx?: number;
  readonly endPx?: number;
}

export function MarkerRail({ markers, fromMs, toMs, startPx = 0, endPx = 0 }: Props): ReactNode {
  const placed = placeMarkers(markers, fromMs, toMs);
  if (placed.length === 0) return null;
  return (
    <ul className={styles['rail']} aria-label="Changes in this time" style={{ insetInlineStart: startPx, insetInlineEnd: endPx }}>
      {placed.map(({ marker: { id, atMs, what, who, href }, share }) => (
        <li key={id} className={styles['marker']} style={{ insetInlineStart: `${share * 100}%` }}>
          <Link href={href} className={styles['flag']} aria-label={`${formatInstant(atMs)}, ${who}: ${what}`}>
            <span className={`${styles['bubble']} ${share > 0.5 ? styles['before'] : ''}`} aria-hidden>
              <strong>{what}</strong>
              {who}, {formatInstant(atMs)}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
