// @vitest-environment jsdom
// Tests of data-table: sorting, choosing by mouse and keys, windowing with every row reachable.
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DataTable, type TableColumn } from './data-table';

interface Row {
  readonly id: string;
  readonly rps: number | null;
}
const columns: readonly TableColumn<Row>[] = [
  { key: 'id', title: 'Name', value: (row) => row.id, cell: (row) => row.id },
  { key: 'rps', title: 'Rate', numeric: true, value: (row) => row.rps, cell: (row) => row.rps ?? '–' },
];
const few: readonly Row[] = [
  { id: 'a', rps: 1 },
  { id: 'b', rps: 9 },
  { id: 'c', rps: null },
];
const many: readonly Row[] = Array.from({ length: 2000 }, (_, i) => ({ id: `row-${String(i).padStart(4, '0')}`, rps: i }));
const bodyRows = (): readonly HTMLElement[] => screen.getAllByRole('row').slice(1);
const show = (rows: readonly Row[], onSelect?: (key: string) => void, selected: string | null = null) =>
  render(
    <DataTable
      name="Rows"
      columns={columns}
      rows={rows}
      keyOf={(row) => row.id}
      standardSort={{ key: 'id', descending: false }}
      empty="nothing here"
      selected={selected}
      {...(onSelect === undefined ? {} : { onSelect })}
    />,
  );

afterEach(cleanup);

describe('DataTable', () => {
  it('sorts by a header: numbers largest first, again the other way, and says so', () => {
    show(few);
    fireEvent.click(screen.getByRole('button', { name: 'Rate' }));
    expect(bodyRows().map((row) => within(row).getAllByRole('cell')[0]?.textContent)).toEqual(['b', 'a', 'c']);
    expect(screen.getByRole('columnheader', { name: 'Rate' }).getAttribute('aria-sort')).toBe('descending');
    fireEvent.click(screen.getByRole('button', { name: 'Rate' }));
    expect(bodyRows().map((row) => within(row).getAllByRole('cell')[0]?.textContent)).toEqual(['a', 'b', 'c']);
  });

  it('chooses by click, Enter and space; exactly one row is in the tab order', () => {
    const onSelect = vi.fn();
    show(few, onSelect, 'b');
    const [a, b] = bodyRows();
    if (a === undefined || b === undefined) throw new Error('rows');
    expect(bodyRows().map((row) => row.tabIndex)).toEqual([-1, 0, -1]);
    expect(b.getAttribute('aria-selected')).toBe('true');
    fireEvent.click(a);
    fireEvent.keyDown(b, { key: 'Enter' });
    fireEvent.keyDown(b, { key: ' ' });
    fireEvent.keyDown(b, { key: 'x' });
    expect(onSelect.mock.calls).toEqual([['a'], ['b'], ['b']]);
  });

  it('moves with arrows, Home and End and stops at the ends', () => {
    show(few, vi.fn());
    const [a] = bodyRows();
    a?.focus();
    const press = (key: string): void => {
      fireEvent.keyDown(document.activeElement ?? document.body, { key });
    };
    const focused = (): string | undefined =>
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['key'] : undefined;
    press('ArrowUp');
    expect(focused()).toBe('a');
    press('ArrowDown');
    expect(focused()).toBe('b');
    press('End');
    expect(focused()).toBe('c');
    press('ArrowDown');
    expect(focused()).toBe('c');
    press('Home');
    expect(focused()).toBe('a');
  });

  it('keeps few of many rows in the document, tells how many there are, and reaches the last by End', () => {
    show(many, vi.fn());
    expect(bodyRows().length).toBeLessThan(80);
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('2001');
    const first = bodyRows()[0];
    first?.focus();
    if (first) fireEvent.keyDown(first, { key: 'End' });
    expect(document.activeElement instanceof HTMLElement ? document.activeElement.dataset['key'] : '').toBe('row-1999');
    expect(document.activeElement?.getAttribute('aria-rowindex')).toBe('2001');
  });

  it('draws, while it scrolls, only the rows that come into view', () => {
    const cell = vi.fn((row: Row) => row.id);
    const [first] = columns;
    if (first === undefined) throw new Error('columns');
    render(
      <DataTable
        name="Rows"
        columns={[{ ...first, cell }]}
        rows={many}
        keyOf={(row) => row.id}
        standardSort={{ key: 'id', descending: false }}
        empty=""
      />,
    );
    const box = screen.getByRole('table').parentElement;
    if (box === null) throw new Error('box');
    cell.mockClear();
    const scroll = (scrollTop: number): number => {
      const before = cell.mock.calls.length;
      fireEvent.scroll(box, { target: { scrollTop } });
      return cell.mock.calls.length - before;
    };
    scroll(36_000);
    expect(scroll(36_000 + 5 * 36)).toBe(5);
    expect(scroll(36_000 + 5 * 36 + 10)).toBe(0);
    expect(screen.getByText('row-1005')).toBeTruthy();
  });

  it('says why it is empty', () => {
    show([]);
    expect(screen.getByText('nothing here')).toBeTruthy();
  });
});
