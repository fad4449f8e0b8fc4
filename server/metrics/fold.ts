// Answers of queries as the groups that are drawn: the heaviest each, those beyond them together, and those that may not be named together.
// In: series by group labels, the reader's sight. Out: groups. Pure. Everything that is asked adds up, so sums of groups are exact.
import type { Sight } from '../../model/account';
import type { Grouping, MetricDirection, MetricSeries } from '../../model/entity-metrics';
import { mayBeNamed } from '../dashboards/who-sees';
import { nameGroup } from './groupings';

/** One series of an answer; server/ports' RangeSeries fits. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [unixSeconds: number, value: number])[];
}

export interface Grid {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
}
export const sizeOf = ({ fromSeconds, toSeconds, stepSeconds }: Grid): number => Math.round((toSeconds - fromSeconds) / stepSeconds) + 1;

/** Values of a series at the steps of the grid; NaN where it has none. */
function align({ points }: AnsweredSeries, grid: Grid): Float64Array {
  const values = new Float64Array(sizeOf(grid)).fill(Number.NaN);
  for (const [seconds, value] of points) {
    const place = Math.round((seconds - grid.fromSeconds) / grid.stepSeconds);
    if (place >= 0 && place < values.length && Number.isFinite(value)) values[place] = value;
  }
  return values;
}

function add(into: Float64Array, values: Float64Array): void {
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) into[i] = (Number.isNaN(into[i] ?? Number.NaN) ? 0 : (into[i] ?? 0)) + value;
  });
}

export interface Group {
  readonly kind: MetricSeries['kind'];
  /** "" where nothing is told apart. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface FoldPlan {
  /** In the order in which they are drawn. */
  readonly groups: readonly Group[];
  readonly restGroups: number;
  /** Place in `groups` of what has these labels. */
  readonly placeOf: (labels: Readonly<Record<string, string>>) => number;
}

const HIDDEN: Group = { kind: 'hidden', name: 'hidden namespaces', labels: {} };
const ownLabels = (labels: Readonly<Record<string, string>>, kept: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(kept.map((label) => [label, labels[label] ?? '']));

export interface FoldRequest {
  readonly by: readonly Grouping[];
  readonly direction: MetricDirection;
  readonly labels: readonly string[];
  readonly top: number;
  readonly sight: Sight;
}

/** Which groups are drawn each, by what weighs most over the range. */
export function planFold(weights: readonly AnsweredSeries[], { by, direction, labels, top, sight }: FoldRequest): FoldPlan {
  const named = new Map<string, { readonly labels: Readonly<Record<string, string>>; weight: number }>();
  const keyOf = (own: Readonly<Record<string, string>>): string => JSON.stringify(labels.map((label) => own[label] ?? ''));
  let hides = false;
  for (const series of weights) {
    const own = ownLabels(series.labels, labels);
    if (!mayBeShown(own, sight)) {
      hides = true;
      continue;
    }
    const key = keyOf(own);
    const group = named.get(key) ?? { labels: own, weight: 0 };
    named.set(key, group);
    for (const [, value] of series.points) if (Number.isFinite(value)) group.weight += value;
  }
  const ranked = [...named].sort(([a, one], [b, other]) => other.weight - one.weight || (a < b ? -1 : 1));
  // One group beyond the others is drawn rather than called "1 more".
  const drawn = ranked.length <= top + 1 ? ranked : ranked.slice(0, top);
  const restGroups = ranked.length - drawn.length;
  const groups: Group[] = drawn.map(([, own]) => ({ kind: 'group', name: nameGroup(by, direction, own.labels), labels: own.labels }));
  const places = new Map(drawn.map(([key], i) => [key, i] as const));
  const restPlace = groups.length;
  if (restGroups > 0) groups.push({ kind: 'rest', name: `${restGroups} more, added up`, labels: {} });
  const hiddenPlace = groups.length;
  if (hides) groups.push(HIDDEN);
  return {
    groups,
    restGroups,
    placeOf: (own) => (mayBeShown(ownLabels(own, labels), sight) ? (places.get(keyOf(own)) ?? restPlace) : hiddenPlace),
  };
}

/** Envoy's clusters for what no service is known of: they name nobody. */
const NOBODYS: ReadonlySet<string> = new Set(['PassthroughCluster', 'BlackHoleCluster', 'InboundPassthroughCluster']);
const SERVICE = 'destination_service_name';

/** Who sees everything sees also what nobody knows the namespace of. */
function mayBeShown(labels: Readonly<Record<string, string>>, sight: Sight): boolean {
  if (sight === null) return true;
  const service = labels[SERVICE];
  if (service === undefined || !NOBODYS.has(service)) return mayBeNamed(labels, sight);
  const others = Object.entries(labels).filter(([label]) => label !== SERVICE && label !== 'destination_service_namespace');
  return mayBeNamed(Object.fromEntries(others), sight);
}

/** Sums by group; a group of which the answer has nothing has NaN throughout. */
export function foldSums({ groups, placeOf }: FoldPlan, series: readonly AnsweredSeries[], grid: Grid): readonly Float64Array[] {
  const sums = groups.map(() => new Float64Array(sizeOf(grid)).fill(Number.NaN));
  for (const one of series) {
    const own = sums[placeOf(one.labels)];
    if (own !== undefined) add(own, align(one, grid));
  }
  return sums;
}

export interface FoldedBuckets {
  readonly bounds: readonly number[];
  /** By group, then by bound. */
  readonly sums: readonly (readonly Float64Array[])[];
}

export function foldBuckets(plan: FoldPlan, series: readonly AnsweredSeries[], grid: Grid): FoldedBuckets {
  const boundOf = ({ labels: { le } }: AnsweredSeries): number => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));
  const bounds = [...new Set(series.map(boundOf))].filter((bound) => !Number.isNaN(bound)).sort((a, b) => a - b);
  const byBound = bounds.map((bound) =>
    foldSums(
      plan,
      series.filter((one) => boundOf(one) === bound),
      grid,
    ),
  );
  return { bounds, sums: plan.groups.map((_, place) => byBound.map((own) => own[place] ?? new Float64Array(0))) };
}
