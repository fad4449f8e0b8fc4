'use client';
// What the signs on the graph mean: shapes, lines, marks, badges. In: nothing. Out: lists with pictures, the same paths as the canvas draws.
import type { ReactNode } from 'react';
import type { Badge } from '../../model/graph';
import { BADGE_WORDS } from '../ui/badge-words';
import { BADGE_GLYPHS, DISC_FILLED, EXCLAMATION, LOCK_CLOSED, LOCK_OPEN, TRIANGLE_FILLED } from './canvas/glyphs';
import type { Tone } from './canvas/tone';
import styles from './legend.module.css';

const SHAPES: readonly (readonly [words: string, path: string, dashed: boolean, glyph?: string])[] = [
  ['Workload', 'M12 3a9 9 0 1 0 .01 0', false],
  ['App', 'M6 3.5h12a2.5 2.5 0 0 1 2.5 2.5v12a2.5 2.5 0 0 1-2.5 2.5H6A2.5 2.5 0 0 1 3.5 18V6A2.5 2.5 0 0 1 6 3.5z', false],
  ['Service', 'M12 3.5L21.5 20h-19z', false],
  ['External service (ServiceEntry)', 'M3 6h12.5L21.5 12l-6 6H3z', false],
  ['Unknown, passthrough, blocked', 'M8.5 3h7L20.5 8v7l-5 5h-7l-5-5V8z', true],
  ['Hidden by your permissions', 'M12 2L22 12 12 22 2 12z', true, 'M10 11.5v-1.3a2 2 0 0 1 4 0v1.3M9 11.5h6v3.8H9z'],
  ['Folded namespace', 'M4 6.5h16a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z', false],
];

const LINES: readonly (readonly [words: string, tone: Tone, dashes: string, width: number])[] = [
  ['Healthy', 'healthy', '', 2],
  ['Degraded', 'degraded', '9 4', 2],
  ['Failure', 'failure', '4 3', 3.5],
  ['TCP', 'tcp', '', 2],
  ['No traffic', 'idle', '1 4', 2],
];

const BADGES: readonly Badge[] = [
  'gateway',
  'virtualService',
  'requestRouting',
  'trafficShifting',
  'tcpTrafficShifting',
  'faultInjection',
  'requestTimeout',
  'mirroring',
  'circuitBreaker',
  'noSidecar',
  'ambient',
  'waypoint',
  'workloadEntry',
  'trafficSource',
];

function Entry({ children, words }: { readonly children: ReactNode; readonly words: string }): ReactNode {
  return (
    <li className={styles['entry']}>
      {children}
      {words}
    </li>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section>
      <h3 className={styles['title']}>{title}</h3>
      <ul className={styles['list']}>{children}</ul>
    </section>
  );
}

function Mark({ tone }: { readonly tone: 'degraded' | 'failure' }): ReactNode {
  return (
    <svg className={styles['picture']} width="18" height="18" viewBox="-1 -1 18 18" aria-hidden>
      <path className={`${styles['filled']} ${styles[tone]}`} d={tone === 'failure' ? DISC_FILLED : TRIANGLE_FILLED} />
      <path className={styles['mark']} d={EXCLAMATION} />
    </svg>
  );
}

/** The legend of the graph, to be put into a panel or popover. */
export function GraphLegend(): ReactNode {
  return (
    <div className={styles['legend']}>
      <Section title="Nodes">
        {SHAPES.map(([words, path, dashed, glyph]) => (
          <Entry key={words} words={words}>
            <svg className={styles['picture']} width="24" height="24" viewBox="0 0 24 24" aria-hidden>
              <path d={path} strokeDasharray={dashed ? '3 3' : undefined} />
              {glyph === undefined ? null : <path d={glyph} />}
            </svg>
          </Entry>
        ))}
      </Section>
      <Section title="Health">
        <Entry words="Degraded">
          <Mark tone="degraded" />
        </Entry>
        <Entry words="Failure">
          <Mark tone="failure" />
        </Entry>
        <Entry words="All over mutual TLS">
          <svg className={styles['picture']} width="18" height="18" viewBox="0 0 16 16" aria-hidden>
            <path d={LOCK_CLOSED} />
          </svg>
        </Entry>
        <Entry words="Some or all in plain text">
          <svg className={styles['picture']} width="18" height="18" viewBox="0 0 16 16" aria-hidden>
            <path className={styles['degraded']} d={LOCK_OPEN} />
          </svg>
        </Entry>
        <Entry words="A request, as it moves">
          <svg className={styles['picture']} width="18" height="18" viewBox="0 0 16 16" aria-hidden>
            <path className={styles['healthy']} d="M6 6h4v4H6z" />
          </svg>
        </Entry>
        <Entry words="A failed request">
          <svg className={styles['picture']} width="18" height="18" viewBox="0 0 16 16" aria-hidden>
            <path className={`${styles['filled']} ${styles['failure']}`} d="M8 3.5L12.5 8 8 12.5 3.5 8z" />
          </svg>
        </Entry>
      </Section>
      <Section title="Edges">
        {LINES.map(([words, tone, dashes, width]) => (
          <Entry key={words} words={words}>
            <svg className={`${styles['picture']} ${styles[tone]}`} width="48" height="12" viewBox="0 0 48 12" aria-hidden>
              <path d="M1 6h42" strokeDasharray={dashes === '' ? undefined : dashes} strokeWidth={width} strokeLinecap="butt" />
              <path d="M41 2.5L47 6l-6 3.5z" />
            </svg>
          </Entry>
        ))}
      </Section>
      <Section title="Badges">
        {BADGES.map((badge) => (
          <Entry key={badge} words={BADGE_WORDS[badge][0]}>
            <svg className={`${styles['picture']} ${styles['badge']}`} width="18" height="18" viewBox="0 0 16 16" aria-hidden>
              <path d={BADGE_GLYPHS[badge]} />
            </svg>
          </Entry>
        ))}
      </Section>
    </div>
  );
}
