// Printer columns: what `kubectl get` shows. In: an object and the time. Out: cells, ages in the words of apimachinery's HumanDuration.
import { isList, isRecord, textOf, valueAt } from '../json';
import type { KubeObject } from '../object';

export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 only with -o wide. */
  readonly priority: number;
  /** A custom kind's columns are JSON paths, shown in its CRD too. */
  readonly jsonPath?: string;
  readonly cell: (object: KubeObject, nowMs: number) => Cell;
}

/** A built-in column; the first column of every kind is its name. */
export function column(name: string, cell: Column['cell'], more: { readonly wide?: true; readonly type?: Column['type'] } = {}): Column {
  return {
    name,
    type: more.type ?? 'string',
    format: '',
    description: `${name} of the object.`,
    priority: more.wide === true ? 1 : 0,
    cell,
  };
}

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
  cell: (object) => object.metadata.name,
};

/** "<unknown>" where the object does not know when it was made. */
export const ageColumn: Column = column('Age', (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs));

/** A CRD's additionalPrinterColumn. */
export function pathColumn(name: string, jsonPath: string, more: { readonly wide?: true; readonly type?: Column['type'] } = {}): Column {
  const type = more.type ?? 'string';
  return {
    ...column(name, (object, nowMs) => pathCell(type, readJsonPath(object, jsonPath), nowMs), more),
    jsonPath,
  };
}

export const agePathColumn: Column = pathColumn('Age', '.metadata.creationTimestamp', { type: 'date' });

function pathCell(type: Column['type'], value: unknown, nowMs: number): Cell {
  if (type === 'date') return ageOf(textOf(value), nowMs);
  if (value === undefined || value === null) return null;
  if (isList(value) || isRecord(value)) return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return type === 'string' ? String(value) : value;
  return typeof value === 'string' ? value : null;
}

/** How long ago a moment was, shortly: "5d", "3h4m"; "<unknown>" without one. */
export function ageOf(timestamp: string | undefined, nowMs: number): string {
  const then = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return Number.isNaN(then) ? '<unknown>' : humanDuration(nowMs - then);
}

/** apimachinery's duration.HumanDuration. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return withRest(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  if (days < 2920) return withRest(Math.floor(days / 365), 'y', days % 365, 'd');
  return `${Math.floor(days / 365)}y`;
}

function withRest(amount: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${amount}${unit}` : `${amount}${unit}${rest}${restUnit}`;
}

/** The first result of the JSON paths that CRD columns use: `.a.b`, `.a[0]`, `.a[*].b`, `.a[?(@.type=="X")].b`. */
export function readJsonPath(value: unknown, path: string): unknown {
  let current: readonly unknown[] = [value];
  for (const [, key, index, type] of path.matchAll(/\.([\w-]+)|\[(\d+|\*)\]|\[\?\(@\.type=="([^"]+)"\)\]/g)) {
    if (key !== undefined) current = current.map((item) => valueAt(item, key)).filter((item) => item !== undefined);
    else if (index === '*') current = current.flatMap((item) => (isList(item) ? item : []));
    else if (index !== undefined) current = current.flatMap((item) => (isList(item) ? item.slice(Number(index), Number(index) + 1) : []));
    else current = current.flatMap((item) => (isList(item) ? item.filter((entry) => valueAt(entry, 'type') === type) : []));
  }
  return current[0];
}
