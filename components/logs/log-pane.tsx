'use client';
// A list of lines that follows its end until somebody scrolls up: what is in view is drawn, what comes meanwhile is counted.
// In: a LineView, how rows look. Out: the list with its keys; older lines are asked for at its top.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { LineView } from './line-view';
import type { NamedSource } from './log-choice';
import { LogRowView, type RowLook } from './log-row';
import type { KeptLine } from './log-store';
import styles from './logs.module.css';
import { computeTops, findWindow, ROW_PX } from './row-heights';

interface Props {
  readonly name: string;
  readonly view: LineView;
  readonly sources: readonly NamedSource[];
  readonly look: RowLook;
  readonly onOpen: (line: KeptLine) => void;
  /** At the top: asks for older lines; null where there are none, or no room. */
  readonly onOlder: (() => void) | null;
  readonly isLoadingOlder: boolean;
  /** What the top of the list says. */
  readonly head: string;
  /** What stands in an empty list. */
  readonly empty: ReactNode;
}

/** A paused list stays as it was while the store goes on. */
interface Frozen {
  readonly lines: readonly KeptLine[];
  readonly appended: number;
  readonly prepended: number;
  readonly epoch: number;
}

const CHARACTER_PX = 7.25;
/** Beside the text: bar, instant, badge; and the name. */
const GUTTER = { plain: 210, names: 400 } as const;
const NEAR_END_PX = ROW_PX * 2;

export function LogPane(props: Props): ReactNode {
  const { name, view, sources, look, onOpen, onOlder, isLoadingOlder, head, empty } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const revision = useSyncExternalStore(view.subscribe, view.read, view.read);
  const [held, setFrozen] = useState<Frozen | null>(null);
  // Another filter begins at the end again.
  const frozen = held !== null && held.epoch === view.epoch ? held : null;
  const [scroll, setScroll] = useState({ topPx: 0, heightPx: 400, widthPx: 800 });
  const [active, setActive] = useState<number | null>(null);
  const added = frozen === null ? 0 : view.prepended - frozen.prepended;
  // Older lines that came while the list is paused stand before it.
  const lines = useMemo(() => {
    // The view changes its list in place: `revision` says when.
    if (frozen === null || revision < 0) return view.shown;
    return added > 0 ? [...view.shown.slice(0, added), ...frozen.lines] : frozen.lines;
  }, [frozen, added, view, revision]);
  const columns = Math.max(20, Math.floor((scroll.widthPx - (look.names ? GUTTER.names : GUTTER.plain)) / CHARACTER_PX));
  const wraps = look.wrap && look.fields === null;
  const tops = useMemo(() => {
    return computeTops(lines, wraps && revision >= 0 ? columns : Number.POSITIVE_INFINITY);
  }, [lines, wraps, columns, revision]);
  const totalPx = tops[tops.length - 1] ?? 0;
  const { first, end } = findWindow(tops, frozen === null ? Math.max(0, totalPx - scroll.heightPx) : scroll.topPx, scroll.heightPx);

  const freeze = useCallback(() => {
    setFrozen((old) =>
      old !== null && old.epoch === view.epoch
        ? old
        : { epoch: view.epoch, lines: view.shown.slice(), appended: view.appended, prepended: view.prepended },
    );
  }, [view]);
  const follow = useCallback(() => {
    setFrozen(null);
    setActive(null);
  }, []);

  useEffect(() => {
    const element = box.current;
    if (element === null || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(() =>
      setScroll((old) => ({ ...old, heightPx: element.clientHeight, widthPx: element.clientWidth })),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (frozen === null && box.current !== null) box.current.scrollTop = totalPx;
  });
  // What was in view stays there when older lines come before it.
  const topLine = useRef<{ readonly added: number }>({ added: 0 });
  useLayoutEffect(() => {
    const more = added - topLine.current.added;
    topLine.current = { added };
    if (frozen !== null && more > 0 && box.current !== null) box.current.scrollTop += tops[more] ?? 0;
  }, [added, frozen, tops]);

  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (isAtEnd) {
      if (frozen !== null && active === null) follow();
    } else if (frozen === null) freeze();
    setScroll((old) => (old.topPx === element.scrollTop ? old : { ...old, topPx: element.scrollTop }));
    if (element.scrollTop < ROW_PX * 4 && frozen !== null && !isLoadingOlder) onOlder?.();
  };
  const go = (index: number): void => {
    const next = Math.min(Math.max(0, index), lines.length - 1);
    if (next < 0) return;
    freeze();
    setActive(next);
    const element = box.current;
    if (element === null) return;
    const [topPx = 0, endPx = 0] = [tops[next], tops[next + 1]];
    if (topPx < element.scrollTop) element.scrollTop = topPx;
    else if (endPx > element.scrollTop + element.clientHeight) element.scrollTop = endPx - element.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = active ?? lines.length;
    const page = Math.max(1, Math.floor(scroll.heightPx / ROW_PX) - 1);
    const moves: Readonly<Record<string, number>> = { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - page, PageDown: at + page, Home: 0 };
    const move = moves[event.key];
    if (move !== undefined) go(move);
    else if (event.key === 'End' || event.key === 'Escape') follow();
    else if (event.key === 'Enter' && active !== null) {
      const line = lines[active];
      if (line !== undefined && line.text !== null) onOpen(line);
    } else return;
    event.preventDefault();
  };
  const open = useCallback(
    (line: KeptLine) => {
      freeze();
      onOpen(line);
    },
    [freeze, onOpen],
  );
  const fresh = frozen === null ? 0 : view.appended - frozen.appended;
  const rowId = (index: number): string => `${id}-${lines[index]?.id ?? 0}`;
  return (
    <section className={styles['pane']} aria-label={name}>
      <div
        ref={box}
        className={styles['list']}
        role="listbox"
        aria-label={`Lines: ${name}`}
        aria-activedescendant={active === null || active < first || active >= end ? undefined : rowId(active)}
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        data-wrap={wraps}
      >
        {look.fields === null ? null : (
          <div className={styles['columns']} aria-hidden>
            <span className={styles['instant']}>Time</span>
            {look.names ? <span className={styles['name']}>Pod</span> : null}
            <span className={styles['badge']}>Level</span>
            {look.fields.map((field) => (
              <span key={field} className={styles['cell']}>
                {field}
              </span>
            ))}
          </div>
        )}
        {lines.length === 0 ? null : <div style={{ height: `${tops[first] ?? 0}px` }} aria-hidden />}
        {lines.slice(first, end).map((line, i) => (
          <LogRowView
            // By place, not by line: where thousands come in a second, rows are written anew and not made anew.
            // biome-ignore lint/suspicious/noArrayIndexKey: rows keep nothing of their own
            key={first + i}
            id={rowId(first + i)}
            line={line}
            source={sources[line.source]}
            ranges={view.rangesOf(line)}
            look={look}
            heightPx={(tops[first + i + 1] ?? 0) - (tops[first + i] ?? 0)}
            index={first + i}
            count={lines.length}
            isActive={first + i === active}
            onOpen={open}
          />
        ))}
        {lines.length === 0 ? null : <div style={{ height: `${totalPx - (tops[end] ?? 0)}px` }} aria-hidden />}
      </div>
      {lines.length === 0 ? <div className={styles['empty']}>{empty}</div> : null}
      <div className={styles['foot']}>
        <span>{isLoadingOlder ? 'Older lines are being read…' : head}</span>
        {frozen === null ? (
          <span>Following the end</span>
        ) : (
          <Button variant="secondary" size="sm" onClick={follow}>
            {fresh === 0 ? 'Follow the end' : `${fresh.toLocaleString('en')} new ${fresh === 1 ? 'line' : 'lines'}: follow the end`}
          </Button>
        )}
        {onOlder === null ? null : (
          <Button
            variant="link"
            isInline
            isDisabled={isLoadingOlder}
            onClick={() => {
              freeze();
              onOlder();
            }}
          >
            Load older lines
          </Button>
        )}
      </div>
    </section>
  );
}
