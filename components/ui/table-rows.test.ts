// Tests of table-rows: null ordering, natural order, words, hostile CSV cells.
import { describe, expect, it } from 'vitest';
import { type Column, encodeCsv, filterRows, sortRows } from './table-rows';

interface Row {
  readonly name: string;
  readonly rps: number | null;
}
const columns: readonly Column<Row>[] = [
  { key: 'name', title: 'Name', value: (row) => row.name },
  { key: 'rps', title: 'Requests per second', value: (row) => row.rps },
];
const rows: readonly Row[] = [
  { name: 'v10', rps: null },
  { name: 'v2', rps: 5 },
  { name: 'V1', rps: 20 },
  { name: 'a', rps: 5 },
];
const names = (list: readonly Row[]): readonly string[] => list.map((row) => row.name);

describe('sortRows', () => {
  it('orders numbers, equal ones as they came, missing ones last in both directions', () => {
    expect(names(sortRows(rows, columns, { key: 'rps', descending: false }))).toEqual(['v2', 'a', 'V1', 'v10']);
    expect(names(sortRows(rows, columns, { key: 'rps', descending: true }))).toEqual(['V1', 'v2', 'a', 'v10']);
  });

  it('orders names as people do', () => {
    expect(names(sortRows(rows, columns, { key: 'name', descending: false }))).toEqual(['a', 'V1', 'v2', 'v10']);
  });

  it('ignores an unknown column and leaves the input alone', () => {
    expect(sortRows(rows, columns, { key: 'constructor', descending: true })).toBe(rows);
    expect(names(rows)).toEqual(['v10', 'v2', 'V1', 'a']);
  });
});

describe('filterRows', () => {
  const texts = (row: Row): readonly string[] => [row.name, 'bookinfo'];
  it('wants every word somewhere', () => {
    expect(names(filterRows(rows, texts, '  v BOOK '))).toEqual(['v10', 'v2', 'V1']);
    expect(filterRows(rows, texts, 'v1 nothing')).toEqual([]);
    expect(filterRows(rows, texts, ' ')).toBe(rows);
  });
});

describe('encodeCsv', () => {
  it('quotes, keeps numbers, disarms formulas', () => {
    const nasty: readonly Row[] = [
      { name: 'a,"b"', rps: -1.5 },
      { name: '=HYPERLINK("http://x")', rps: null },
      { name: 'line\nbreak', rps: Number.POSITIVE_INFINITY },
    ];
    expect(encodeCsv(nasty, columns)).toBe(
      'Name,Requests per second\r\n"a,""b""",-1.5\r\n"\'=HYPERLINK(""http://x"")",\r\n"line\nbreak",\r\n',
    );
  });
});
