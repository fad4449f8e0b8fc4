// What was some time before, drawn at the instants of now. In: series of the past, seconds. Out: series. Pure.
import type { PanelSeries } from '../../model/dashboard';

export const COMPARISONS = [
  { seconds: 0, label: 'No comparison', word: '' },
  { seconds: 3600, label: 'With an hour before', word: '1 hour before' },
  { seconds: 86_400, label: 'With the day before', word: '1 day before' },
  { seconds: 604_800, label: 'With the week before', word: '1 week before' },
] as const;

export function shiftSeries(series: readonly PanelSeries[], seconds: number): readonly PanelSeries[] {
  const word = COMPARISONS.find((one) => one.seconds === seconds)?.word ?? `${seconds} s before`;
  return series.map((one) => ({
    ...one,
    name: `${one.name} (${word})`,
    points: one.points.map(([at, value]) => [at + seconds, value] as const),
  }));
}
