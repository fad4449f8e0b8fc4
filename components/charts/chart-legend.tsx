'use client';
// The legend of a chart: every line's name with its stroke, as a button that hides and shows it. In: lines, which are hidden. Out: a list.
import type { ReactNode } from 'react';
import styles from './charts.module.css';

export interface LegendEntry {
  readonly name: string;
  readonly stroke: string;
  readonly dash: string;
}

interface Props {
  readonly title: string;
  readonly entries: readonly LegendEntry[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
}

export function ChartLegend({ title, entries, hidden, onToggle }: Props): ReactNode {
  return (
    <ul className={styles['legend']} aria-label={`Lines of ${title}`}>
      {entries.map(({ name, stroke, dash }) => (
        <li key={name}>
          <button
            type="button"
            className={styles['legendEntry']}
            aria-pressed={!hidden.has(name)}
            title={hidden.has(name) ? `Show ${name}` : `Hide ${name}`}
            onClick={() => onToggle(name)}
          >
            <svg width="20" height="8" aria-hidden>
              <line x1="0" y1="4" x2="20" y2="4" strokeWidth="2" strokeDasharray={dash} style={{ stroke }} />
            </svg>
            <span className={styles['legendName']}>{name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
