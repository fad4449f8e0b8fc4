'use client';
// The table of the console: sort by column, choose a row by click or keys, only the visible rows of a long table in the document.
// In: rows and columns. Out: a table. Filtering is the page's affair (ui/table-rows).
import { type KeyboardEvent, memo, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import styles from './data-table.module.css';
import { computeRowWindow } from './row-window';
import { type Column, type Sort, sortRows } from './table-rows';

export interface TableColumn<Row> extends Column<Row> {
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand to the right and sort with the largest first. */
  readonly numeric?: boolean;
  /** Explains the column. */
  readonly hint?: string;
}

interface Props<Row> {
  /** What the table lists; read by screen readers. */
  readonly name: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly standardSort: Sort;
  /** Told of every choice of an order, for pages that keep it in the address. */
  readonly onSort?: (sort: Sort) => void;
  readonly selected?: string | null;
  readonly onSelect?: (key: string) => void;
  /** Said in place of rows. */
  readonly empty: ReactNode;
  /** Grow with the content instead of scrolling in the given height; for short tables. */
  readonly plain?: boolean;
}

const ROW_PX = 36;
/** Below this all rows are drawn: the browser's own find works then. */
const WINDOWED_ROWS = 300;

function HeaderCell<Row>({ column, sort, onSort }: { column: TableColumn<Row>; sort: Sort; onSort: (sort: Sort) => void }): ReactNode {
  const active = sort.key === column.key;
  const next = { key: column.key, descending: active ? !sort.descending : column.numeric === true };
  return (
    <th
      scope="col"
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={column.numeric ? styles['numeric'] : undefined}
    >
      <button type="button" className={styles['sort']} title={column.hint} onClick={() => onSort(next)}>
        {column.title}
        <span aria-hidden className={styles['arrow']}>
          {active ? (sort.descending ? '▼' : '▲') : ''}
        </span>
      </button>
    </th>
  );
}

interface Scroll {
  readonly topPx: number;
  readonly heightPx: number;
}

/** The same while the same rows are seen. */
function scrolledTo(old: Scroll, { scrollTop, clientHeight }: HTMLElement): Scroll {
  const isSame = old.heightPx === clientHeight && Math.floor(old.topPx / ROW_PX) === Math.floor(scrollTop / ROW_PX);
  return isSame ? old : { topPx: scrollTop, heightPx: clientHeight };
}

interface CellsProps<Row> {
  readonly row: Row;
  readonly columns: readonly TableColumn<Row>[];
}

/** Not drawn anew while the table scrolls: row and columns stay the same. */
const Cells = memo(function Cells<Row>({ row, columns }: CellsProps<Row>): ReactNode {
  return columns.map((column) => (
    <td key={column.key} className={column.numeric ? styles['numeric'] : undefined}>
      {column.cell(row)}
    </td>
  ));
}) as <Row>(props: CellsProps<Row>) => ReactNode;

export function DataTable<Row>(props: Props<Row>): ReactNode {
  const { name, columns, rows, keyOf, standardSort, onSort, selected = null, onSelect, empty, plain = false } = props;
  const [sort, setSort] = useState(standardSort);
  const [cursor, setCursor] = useState<string | null>(null);
  const [scroll, setScroll] = useState<Scroll>({ topPx: 0, heightPx: 600 });
  const box = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const windowed = !plain && sorted.length > WINDOWED_ROWS;
  const { first, end, padTopPx, padBottomPx } = windowed
    ? computeRowWindow(scroll.topPx, scroll.heightPx, ROW_PX, sorted.length)
    : { first: 0, end: sorted.length, padTopPx: 0, padBottomPx: 0 };
  const indexOf = (key: string | null): number => (key === null ? -1 : sorted.findIndex((row) => keyOf(row) === key));
  // Tab enters the table at one row: where the reader was, else the selected, else the first that is drawn.
  const known = Math.max(indexOf(cursor), -1) >= 0 ? indexOf(cursor) : indexOf(selected);
  const entry = known >= first && known < end ? known : first;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || typeof ResizeObserver !== 'function') return undefined;
    const observer = new ResizeObserver(() => setScroll((old) => ({ ...old, heightPx: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The row that the keys reached may not be in the document before the next drawing.
  const pending = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (pending.current === null) return;
    const row = [...(box.current?.querySelectorAll<HTMLElement>('tbody tr[data-key]') ?? [])].find(
      (one) => one.dataset['key'] === pending.current,
    );
    if (row === undefined) return;
    pending.current = null;
    row.focus();
  });

  const chooseSort = (next: Sort): void => {
    setSort(next);
    onSort?.(next);
  };
  const moveTo = (index: number): void => {
    const row = sorted[Math.min(Math.max(0, index), sorted.length - 1)];
    if (row === undefined) return;
    const key = keyOf(row);
    setCursor(key);
    pending.current = key;
    const element = box.current;
    if (!windowed || element === null) return;
    const top = Math.min(Math.max(0, index), sorted.length - 1) * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + 2 * ROW_PX > element.scrollTop + element.clientHeight) element.scrollTop = top + 2 * ROW_PX - element.clientHeight;
    setScroll({ topPx: element.scrollTop, heightPx: element.clientHeight });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, index: number): void => {
    const page = Math.max(1, Math.floor(scroll.heightPx / ROW_PX) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: sorted.length - 1,
      PageDown: index + page,
      PageUp: index - page,
    };
    const target = steps[event.key];
    const row = sorted[index];
    if (target !== undefined) moveTo(target);
    else if ((event.key === 'Enter' || event.key === ' ') && event.target === event.currentTarget && row !== undefined)
      onSelect?.(keyOf(row));
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={box}
      className={plain ? styles['plain'] : styles['box']}
      onScroll={({ currentTarget }) => windowed && setScroll((old) => scrolledTo(old, currentTarget))}
    >
      <table
        className={styles['table']}
        aria-label={name}
        role={onSelect === undefined ? undefined : 'grid'}
        aria-rowcount={windowed ? sorted.length + 1 : undefined}
      >
        <thead>
          <tr aria-rowindex={windowed ? 1 : undefined}>
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} onSort={chooseSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {padTopPx > 0 ? (
            <tr aria-hidden style={{ height: padTopPx }}>
              <td colSpan={columns.length} />
            </tr>
          ) : null}
          {sorted.slice(first, end).map((row, offset) => {
            const key = keyOf(row);
            const index = first + offset;
            const cells = <Cells row={row} columns={columns} />;
            if (onSelect === undefined) return <tr key={key}>{cells}</tr>;
            return (
              <tr
                key={key}
                data-key={key}
                aria-rowindex={windowed ? index + 2 : undefined}
                aria-selected={key === selected}
                tabIndex={index === entry ? 0 : -1}
                className={`${styles['choosable']} ${key === selected ? styles['selected'] : ''}`}
                onClick={() => {
                  setCursor(key);
                  onSelect(key);
                }}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                {cells}
              </tr>
            );
          })}
          {padBottomPx > 0 ? (
            <tr aria-hidden style={{ height: padBottomPx }}>
              <td colSpan={columns.length} />
            </tr>
          ) : null}
        </tbody>
      </table>
      {sorted.length === 0 ? <p className={styles['empty']}>{empty}</p> : null}
    </div>
  );
}
