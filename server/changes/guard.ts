// Whether the touched hosts have become worse than a change's guard allows. Pure. In: baseline, measures since, guard. Out: why, or null.
import type { Guard, TrafficMeasure } from '../../model/change';

/** Rates are noisy: so many measures in a row must say the same. */
const IN_A_ROW = 2;
/** Without any traffic before the change, its P95 can be compared with nothing. */
const round = (x: number): string => String(Math.round(x * 10) / 10);

/** Why a guard trips, "errors 0.1 % → 12 %"; null while it does not. Measures oldest first. */
export function whyTripped(guard: Guard | null, before: TrafficMeasure | null, measures: readonly TrafficMeasure[]): string | null {
  if (guard === null) return null;
  const recent = measures.filter(({ requestsPerSecond }) => requestsPerSecond > 0).slice(-IN_A_ROW);
  const last = recent.at(-1);
  if (last === undefined || recent.length < IN_A_ROW) return null;
  const errorsBefore = before?.errorPercent ?? 0;
  const { errorPercentPoints, latencyFactor } = guard;
  if (errorPercentPoints !== null && recent.every(({ errorPercent }) => errorPercent > errorsBefore + errorPercentPoints))
    return `errors ${round(errorsBefore)} % → ${round(last.errorPercent)} %, more than ${round(errorPercentPoints)} points`;
  const p95Before = before?.p95Ms ?? null;
  if (latencyFactor !== null && p95Before !== null && p95Before > 0 && last.p95Ms !== null)
    if (recent.every(({ p95Ms }) => p95Ms !== null && p95Ms > p95Before * latencyFactor))
      return `P95 ${round(p95Before)} ms → ${round(last.p95Ms)} ms, more than ${round(latencyFactor)} times`;
  return null;
}

const MAX_MEASURES = 120;

/** One more measure; long series are thinned, so that a day fits, and the newest stay whole. */
export function withMeasure(measures: readonly TrafficMeasure[], next: TrafficMeasure): readonly TrafficMeasure[] {
  // The same snapshot again tells nothing new.
  if (measures.at(-1)?.atMs === next.atMs) return measures;
  const all = [...measures, next];
  if (all.length <= MAX_MEASURES) return all;
  const old = all.slice(0, -MAX_MEASURES / 4);
  return [...old.filter((_, i) => i % 2 === 0), ...all.slice(-MAX_MEASURES / 4)];
}
