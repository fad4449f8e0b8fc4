'use client';
// A small curve of a rate over the last minutes. In: points. Out: an SVG that screen readers hear as one sentence.
import type { ReactNode } from 'react';
import { formatRate } from './format';
import styles from './sparkline.module.css';

export type SparkPoint = readonly [unixSeconds: number, value: number | null];

export interface SparkPath {
  readonly line: string;
  readonly area: string;
}

/** Paths in a box of `width` x `height` (y grows downwards, zero at the bottom); gaps where a value is null. Empty without two points. */
export function buildSparkPath(points: readonly SparkPoint[], width: number, height: number): SparkPath {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last[0] <= first[0]) return { line: '', area: '' };
  const top = points.reduce((most, [, value]) => Math.max(most, value ?? 0), 0);
  const x = (seconds: number): number => Math.round(((seconds - first[0]) / (last[0] - first[0])) * width * 10) / 10;
  // A flat zero lies on the bottom, not in the middle.
  const y = (value: number): number => Math.round((top === 0 ? height : height - (value / top) * height) * 10) / 10;
  const runs: (readonly [number, number])[][] = [[]];
  for (const [seconds, value] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push([x(seconds), y(value)]);
  }
  const drawn = runs.filter((run) => run.length > 1);
  const line = drawn.map((run) => `M${run.map(([px, py]) => `${px} ${py}`).join('L')}`).join('');
  const area = drawn
    .map((run) => `M${run[0]?.[0]} ${height}L${run.map(([px, py]) => `${px} ${py}`).join('L')}L${run.at(-1)?.[0]} ${height}Z`)
    .join('');
  return { line, area };
}

/** The curve; `name` says of what, e.g. "Requests per second into bookinfo". */
export function Sparkline({ points, name }: { readonly points: readonly SparkPoint[]; readonly name: string }): ReactNode {
  const width = 120;
  const height = 28;
  const { line, area } = buildSparkPath(points, width, height);
  const values = points.map(([, value]) => value).filter((value) => value !== null);
  const words =
    line === ''
      ? `${name}: too few refreshes yet for a curve`
      : `${name}: between ${formatRate(Math.min(...values))} and ${formatRate(Math.max(...values))}, now ${formatRate(values.at(-1) ?? null)}`;
  return (
    <svg className={styles['spark']} viewBox={`0 -2 ${width} ${height + 4}`} preserveAspectRatio="none" role="img" aria-label={words}>
      <title>{words}</title>
      {line === '' ? (
        <path className={styles['empty']} d={`M0 ${height}L${width} ${height}`} />
      ) : (
        <>
          <path className={styles['area']} d={area} />
          <path className={styles['line']} d={line} />
        </>
      )}
    </svg>
  );
}
