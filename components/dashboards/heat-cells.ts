// A heatmap of a classic histogram: what fell between two bounds at each instant. In: series by `le`. Out: bounds and cells. Pure.
import type { PanelSeries } from '../../model/dashboard';

export interface Heat {
  /** Upper bounds, ascending; the last may be Infinity. */
  readonly bounds: readonly number[];
  /** Unix seconds. */
  readonly instants: readonly number[];
  /** [bound][instant]: per second; buckets are cumulative, cells are not. */
  readonly cells: readonly (readonly number[])[];
  readonly most: number;
}

const boundOf = ({ labels }: PanelSeries): number => {
  const le = labels['le'] ?? '';
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
};

export function buildHeat(series: readonly PanelSeries[]): Heat {
  const buckets = series
    .map((one) => ({ bound: boundOf(one), points: new Map(one.points) }))
    .filter(({ bound }) => !Number.isNaN(bound))
    .sort((a, b) => a.bound - b.bound);
  const instants = [...new Set(buckets.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);
  const cells = buckets.map(({ points }, i) =>
    instants.map((at) => Math.max(0, (points.get(at) ?? 0) - (buckets[i - 1]?.points.get(at) ?? 0))),
  );
  return { bounds: buckets.map(({ bound }) => bound), instants, cells, most: Math.max(0, ...cells.map((row) => Math.max(0, ...row))) };
}
