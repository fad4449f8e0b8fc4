'use client';
// What the signs on the graph mean: shapes, lines, marks, badges. In: nothing. Out: lists with pictures, the same paths as the canvas draws.
import type { ReactNode } from 'react';
import { BADGE_WORDS } from '../ui/badge-words';
import { BADGE_GLYPHS, DISC_FILLED, EXCLAMATION, LOCK_CLOSED, LOCK_OPEN, TRIANGLE_FILLED } from './canvas/glyphs';
import { MARK_SIGNS } from './canvas/marks';
import styles from './legend.module.css';
import { LEGEND_BADGES, LEGEND_LINES, LEGEND_MARKS, LEGEND_SHAPES } from './legend-signs';

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
        {LEGEND_SHAPES.map(([words, path, dashed, glyph]) => (
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
        {LEGEND_LINES.map(([words, tone, dashes, width]) => (
          <Entry key={words} words={words}>
            <svg className={`${styles['picture']} ${styles[tone]}`} width="48" height="12" viewBox="0 0 48 12" aria-hidden>
              <path d="M1 6h42" strokeDasharray={dashes === '' ? undefined : dashes} strokeWidth={width} strokeLinecap="butt" />
              <path d="M41 2.5L47 6l-6 3.5z" />
            </svg>
          </Entry>
        ))}
      </Section>
      <Section title="Comparisons and paths">
        {LEGEND_MARKS.map(([words, tone]) => (
          <Entry key={tone} words={words}>
            <svg className={`${styles['picture']} ${styles[`mark-${tone}`]}`} width="48" height="16" viewBox="0 0 48 16" aria-hidden>
              <path className={styles['halo']} d="M1 8h46" />
              <path d="M1 8h46" strokeDasharray={tone === 'removed' ? '2 5' : undefined} strokeWidth={2} />
              {MARK_SIGNS[tone] === '' ? null : (
                <>
                  <circle className={styles['ground']} cx="24" cy="8" r="7.5" />
                  <text className={styles['sign']} x="24" y="11.5">
                    {MARK_SIGNS[tone]}
                  </text>
                </>
              )}
            </svg>
          </Entry>
        ))}
        <Entry words="Rank by its number of edges">
          <svg className={styles['picture']} width="24" height="16" viewBox="0 0 24 16" aria-hidden>
            <rect x="1" y="1" width="22" height="14" rx="7" />
            <text className={styles['rank']} x="12" y="11.5">
              3
            </text>
          </svg>
        </Entry>
      </Section>
      <Section title="Badges">
        {LEGEND_BADGES.map((badge) => (
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
