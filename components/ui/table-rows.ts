// Sorting, filtering and CSV of table rows. In: rows, columns as data. Out: ordered rows, text. Pure.

/** A column as far as sorting, filtering and copying need it. */
export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Value to sort by and to copy; null sorts last in both directions. */
  readonly value: (row: Row) => number | string | null;
}

export interface Sort {
  readonly key: string;
  readonly descending: boolean;
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A new array, stable; an unknown column leaves the order. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort): readonly Row[] {
  const column = columns.find(({ key }) => key === sort.key);
  if (column === undefined) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: column.value(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
      return sign * COLLATOR.compare(String(a), String(b));
    })
    .map(({ row }) => row);
}

/** Rows in which every word of `text` occurs in one of the texts, in any case. */
export function filterRows<Row>(rows: readonly Row[], textsOf: (row: Row) => readonly string[], text: string): readonly Row[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const texts = textsOf(row).map((one) => one.toLowerCase());
    return words.every((word) => texts.some((one) => one.includes(word)));
  });
}

// A spreadsheet runs a cell that begins like this as a formula, and names in metrics are foreign text (OWASP, CSV injection).
const FORMULA = /^[=+\-@\t\r]/;

function encodeCell(value: number | string | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180 with a header line. */
export function encodeCsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [columns.map(({ title }) => encodeCell(title)), ...rows.map((row) => columns.map(({ value }) => encodeCell(value(row))))];
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}
