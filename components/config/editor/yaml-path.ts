// Where in an object the cursor stands, told by indentation alone, so that it works while the text does not parse.
// In: lines above the cursor. Out: the path of keys, the keys beside it. Pure.
import { ELEMENT } from './object-schema';

export interface CursorPlace {
  /** Keys from the root to the mapping in which the cursor stands; `[]` for an element of a list. */
  readonly path: readonly string[];
  /** The key whose value is being written; null while a key is written. */
  readonly key: string | null;
  /** Keys that the mapping has already, but for the one of the cursor's line. */
  readonly siblings: ReadonlySet<string>;
  /** What stands behind them on their lines, without quotes; '' where a mapping or a list begins. */
  readonly values: ReadonlyMap<string, string>;
  /** Column at which the keys of the mapping stand. */
  readonly indent: number;
}

/** Lines of a document, without their breaks, from 0. */
export interface Lines {
  readonly count: number;
  readonly line: (index: number) => string;
}

interface Shape {
  /** Columns of the dashes that open elements of lists on this line. */
  readonly dashes: readonly number[];
  /** Column of the key or of what stands in its place. */
  readonly column: number;
  readonly key: string | null;
  readonly blank: boolean;
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#:][^:#]*?))\s*:(?:\s|$)/;

function readShape(text: string): Shape {
  const dashes: number[] = [];
  let column = text.length - text.trimStart().length;
  let rest = text.slice(column);
  while (/^-(?:\s|$)/.test(rest)) {
    dashes.push(column);
    const after = rest.slice(1);
    const step = 1 + after.length - after.trimStart().length;
    column += step;
    rest = rest.slice(step);
  }
  const match = KEY.exec(rest);
  return { dashes, column, key: match?.[1] ?? match?.[2] ?? match?.[3] ?? null, blank: rest === '' && dashes.length === 0 };
}

/** The text behind the key of a line, without quotes and comment. */
export function readValue(line: string): string {
  const at = line.search(/:(?:\s|$)/);
  const text = at < 0 ? line.replace(/^[\s-]+/, '') : line.slice(at + 1);
  return text
    .replace(/(?:^|\s)#.*$/, '')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2');
}

const isComment = (text: string): boolean => /^\s*(?:#|$)/.test(text) || /^(?:---|\.\.\.)\s*$/.test(text);

/** Lines that are read for siblings below the cursor. */
const MAX_SIBLING_LINES = 2_000;

function readSiblings(lines: Lines, row: number, indent: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (from: number, step: 1 | -1): void => {
    for (let i = from, seen = 0; i >= 0 && i < lines.count && seen < MAX_SIBLING_LINES; i += step, seen++) {
      const text = lines.line(i);
      if (isComment(text)) continue;
      const { dashes, column, key } = readShape(text);
      const opens = dashes.at(-1);
      // Downwards an element's dash begins another element; upwards it begins this one and is its last line.
      if (step === 1 && (opens !== undefined ? opens < indent : column < indent)) return;
      if (column === indent && key !== null) found.set(key, readValue(text));
      if (step === -1 && (opens !== undefined && opens < indent ? true : column < indent)) return;
    }
  };
  if (readShape(lines.line(row)).dashes.length === 0) walk(row - 1, -1);
  walk(row + 1, 1);
  return found;
}

/** The place of a cursor at `column` of line `row`. */
export function placeAt(lines: Lines, row: number, column: number): CursorPlace {
  const text = lines.line(row).slice(0, column);
  const here = readShape(text);
  // An empty line: the column of the cursor says to which mapping it belongs.
  const indent = here.blank ? column : here.column;
  const path: string[] = [];
  let limit = indent;
  const open = (dashes: readonly number[]): void => {
    for (const dash of [...dashes].reverse()) {
      if (dash >= limit) continue;
      path.unshift(ELEMENT);
      limit = dash;
    }
  };
  open(here.dashes);
  // A dash may stand in the column of its key: the key of the same column is the list's.
  let sameColumn = here.dashes.length > 0;
  for (let i = row - 1; i >= 0 && (limit > 0 || sameColumn); i--) {
    const above = lines.line(i);
    if (isComment(above)) continue;
    const shape = readShape(above);
    if (shape.key !== null && (shape.column < limit || (sameColumn && shape.column === limit && shape.dashes.length === 0))) {
      path.unshift(shape.key);
      limit = shape.column;
      sameColumn = false;
    }
    const first = shape.dashes.find((dash) => dash < limit);
    if (first !== undefined && shape.column <= limit) {
      open(shape.dashes);
      sameColumn = true;
    }
  }
  const values = readSiblings(lines, row, indent);
  return { path, key: here.key, siblings: new Set(values.keys()), values, indent };
}

/** Values of the mapping that holds the mapping of the row: beside `port:` for a row below it. */
export function valuesAbove(lines: Lines, row: number, indent: number): ReadonlyMap<string, string> {
  for (let i = row - 1; i >= 0; i--) {
    const above = lines.line(i);
    if (isComment(above)) continue;
    const shape = readShape(above);
    if (shape.key !== null && shape.column < indent) return readSiblings(lines, i, shape.column);
  }
  return new Map();
}

/** The path of the key that stands at a position, itself included; null where there is no key. */
export function keyPathAt(lines: Lines, row: number, column: number): readonly string[] | null {
  const text = lines.line(row);
  const shape = readShape(text);
  if (shape.key === null || column < shape.column || column > text.indexOf(':', shape.column)) return null;
  return [...placeAt(lines, row, text.indexOf(':', shape.column)).path, shape.key];
}
