'use client';
// The search box of the graph with its list of hits. In: the text of the URL, the hits. Out: the box; choosing a hit selects and centres it.
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useRef, useState } from 'react';
import type { SearchHit } from '../../model/find/search-graph';
import { plural } from '../ui/format';
import { SearchBox } from '../ui/search-box';
import styles from './graph-page.module.css';

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly hits: readonly SearchHit[];
  readonly onChoose: (id: string) => void;
  readonly inputRef: Ref<HTMLInputElement>;
}

/** Keys come faster than the address should change. */
const WRITE_DELAY_MS = 200;
const SHOWN_HITS = 30;

export function GraphFind({ text, onText, hits, onChoose, inputRef }: Props): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const shown = draft ?? text;
  const first = hits[0];

  useEffect(() => {
    const onOutside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
      if (timer.current !== null) clearTimeout(timer.current);
    };
  }, []);

  const write = (next: string): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    setDraft(null);
    onText(next);
  };
  const type = (next: string): void => {
    setDraft(next);
    setOpen(next !== '');
    if (next === '') {
      write('');
      return;
    }
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => write(next), WRITE_DELAY_MS);
  };
  const choose = (id: string): void => {
    setOpen(false);
    onChoose(id);
  };
  const step = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && first !== undefined) {
      event.preventDefault();
      choose(first.id);
      return;
    }
    if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
      root.current?.querySelector('input')?.focus();
      return;
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [...(root.current?.querySelectorAll<HTMLElement>('input, li button') ?? [])];
    const at = document.activeElement instanceof HTMLElement ? stops.indexOf(document.activeElement) : -1;
    const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys step through the box and its hits, which are the interactive ones
    <div ref={root} className={styles['find']} onKeyDown={step}>
      <SearchBox
        inputRef={inputRef}
        name="Find in the graph by name, namespace, version or host; a > b finds edges"
        placeholder="Find (press /)"
        text={shown}
        count={hits.length}
        onText={type}
        onFocus={() => setOpen(shown !== '')}
      />
      <span role="status" className="pf-v6-screen-reader">
        {shown === '' ? '' : plural(hits.length, 'hit')}
      </span>
      {open && draft === null ? (
        <div className={styles['hits']}>
          {hits.length === 0 ? (
            <p className={styles['subtle']}>
              Nothing in this graph matches “{shown}”. Names, namespaces, versions and hosts are searched; write a &gt; b for edges.
            </p>
          ) : null}
          <ul aria-label="Hits">
            {hits.slice(0, SHOWN_HITS).map((hit) => (
              <li key={hit.id}>
                <button type="button" className={styles['hit']} onClick={() => choose(hit.id)}>
                  <span>{hit.label}</span>
                  <span className={styles['subtle']}>{hit.detail}</span>
                </button>
              </li>
            ))}
          </ul>
          {hits.length > SHOWN_HITS ? (
            <p className={styles['subtle']}>and {hits.length - SHOWN_HITS} more; all are marked in the graph.</p>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
