'use client';
// One line of a log as a row of the list: instant, whose, level, text with what was found marked; or its fields as cells. In: a line. Out: a row.
import { memo, type ReactNode } from 'react';
import type { Ranges } from './find-ranges';
import { badgeOf, decodeKept, wordInstant } from './line-words';
import type { NamedSource } from './log-choice';
import type { KeptLine } from './log-store';
import styles from './logs.module.css';
import { ownInstantLength } from './row-heights';

/** Characters of a line that are drawn; its details have them all. */
const DRAWN = 3000;

export interface RowLook {
  readonly wrap: boolean;
  readonly utc: boolean;
  /** Null: lines as they are; names: a table of these fields. */
  readonly fields: readonly string[] | null;
  /** Whether the source is named in each row. */
  readonly names: boolean;
}

interface Props {
  readonly id: string;
  readonly line: KeptLine;
  readonly source: NamedSource | undefined;
  readonly ranges: Ranges;
  readonly look: RowLook;
  readonly heightPx: number;
  readonly index: number;
  readonly count: number;
  readonly isActive: boolean;
  readonly onOpen: (line: KeptLine) => void;
}

function Marked({ text, ranges }: { readonly text: string; readonly ranges: Ranges }): ReactNode {
  const start = ownInstantLength(text);
  const drawn = text.length > DRAWN ? `${text.slice(0, DRAWN)}…` : text;
  if (ranges === null) return drawn.slice(start);
  const parts: ReactNode[] = [];
  let at = start;
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const [from = 0, to = 0] = [ranges[i], ranges[i + 1]];
    if (from >= DRAWN) break;
    if (to <= at) continue;
    parts.push(drawn.slice(at, Math.max(at, from)), <mark key={from}>{drawn.slice(Math.max(at, from), to)}</mark>);
    at = to;
  }
  parts.push(drawn.slice(at));
  return parts;
}

export const LogRowView = memo(function LogRowView(props: Props): ReactNode {
  const { id, line, source, ranges, look, heightPx, index, count, isActive, onOpen } = props;
  const style = { height: `${heightPx}px` };
  if (line.text === null)
    return (
      <div
        role="option"
        tabIndex={-1}
        id={id}
        aria-selected={false}
        aria-posinset={index + 1}
        aria-setsize={count}
        className={styles['skipped']}
        style={style}
      >
        {line.cut.toLocaleString('en')} {line.cut === 1 ? 'line was' : 'lines were'} skipped here
        {source === undefined ? '' : ` (${source.short} ${source.container})`}: more came than could be sent
      </div>
    );
  const decoded = decodeKept(line);
  const badge = badgeOf(decoded);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, rows are its options
    <div
      role="option"
      id={id}
      tabIndex={-1}
      aria-selected={isActive}
      aria-posinset={index + 1}
      aria-setsize={count}
      className={styles['row']}
      data-level={badge?.level}
      data-wrap={look.wrap}
      style={style}
      onClick={() => onOpen(line)}
    >
      <span className={styles['bar']} data-colour={source?.colour} aria-hidden />
      <span className={styles['instant']}>{wordInstant(line.at, look.utc)}</span>
      {look.names ? (
        <span className={styles['name']} title={source === undefined ? undefined : `${source.pod} ${source.container}`}>
          {source?.short === '' ? null : `${source?.short ?? ''} `}
          <span className={styles['container']}>{source?.container}</span>
        </span>
      ) : null}
      <span className={styles['badge']} title={badge?.title}>
        {badge?.text}
      </span>
      {look.fields === null ? (
        <span className={styles['text']}>
          <Marked text={line.text} ranges={ranges} />
          {line.cut > 0 ? <em> … {line.cut.toLocaleString('en')} bytes more</em> : null}
        </span>
      ) : decoded.fields.size === 0 ? (
        <span className={styles['text']}>{line.text.slice(0, 500)}</span>
      ) : (
        look.fields.map((name) => (
          <span key={name} className={styles['cell']} title={decoded.fields.get(name)?.slice(0, 300)}>
            {decoded.fields.get(name)?.slice(0, 300)}
          </span>
        ))
      )}
    </div>
  );
});
