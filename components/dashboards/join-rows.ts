// The rows of a table panel: the newest values of several queries, joined on their labels. In: panel, series. Out: rows. Pure.
import type { Panel, PanelSeries } from '../../model/dashboard';

export interface PanelRow {
  /** Values of the panel's keys, in their order. */
  readonly keys: readonly string[];
  /** By target. */
  readonly values: Readonly<Record<string, number | null>>;
}

export const newest = ({ points }: Pick<PanelSeries, 'points'>): number | null =>
  points.findLast(([, value]) => value !== null)?.[1] ?? null;

/**
 * A row per combination of the keys' values of the series that have all keys; a series that lacks some (a latency by workload beside
 * rates by workload and service) belongs to every row whose values it does not contradict.
 */
export function joinRows({ keys }: Pick<Panel, 'keys'>, series: readonly PanelSeries[]): readonly PanelRow[] {
  const rows = new Map<string, { readonly keys: readonly string[]; readonly values: Record<string, number | null> }>();
  const partial: PanelSeries[] = [];
  for (const one of series) {
    if (!keys.every((key) => Object.hasOwn(one.labels, key))) {
      partial.push(one);
      continue;
    }
    const own = keys.map((key) => one.labels[key] ?? '');
    const id = JSON.stringify(own);
    const row = rows.get(id) ?? { keys: own, values: {} };
    row.values[one.target] = newest(one);
    rows.set(id, row);
  }
  for (const one of partial) {
    const said = keys.flatMap((key, i) => (Object.hasOwn(one.labels, key) ? [[i, one.labels[key] ?? ''] as const] : []));
    // What names none of the keys says nothing about any row.
    if (said.length === 0) continue;
    for (const row of rows.values()) if (said.every(([i, value]) => row.keys[i] === value)) row.values[one.target] = newest(one);
  }
  return [...rows.values()];
}

/** "destination_workload_namespace" → "Destination workload namespace". */
export const wordLabel = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1).replaceAll('_', ' ');
