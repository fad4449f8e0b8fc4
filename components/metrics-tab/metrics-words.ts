// An entity's metrics in words: which charts are empty and why, what a chart leaves undrawn. In: MetricChart. Out: sentences. Pure.
import { GROUPING_WORDS, type MetricChart, type MetricFamily } from '../../model/entity-metrics';
import { plural } from '../ui/format';

const NOTHING: Readonly<Record<MetricFamily, string>> = {
  requests: 'No HTTP or gRPC requests in this range.',
  messages: 'No gRPC messages in this range.',
  tcp: 'No TCP traffic in this range.',
};
const FAMILIES = Object.keys(NOTHING).filter((name): name is MetricFamily => Object.hasOwn(NOTHING, name));

/** Nothing to draw, and nothing failed. */
export const isEmptyChart = ({ series, problem }: MetricChart): boolean => series.length === 0 && problem === null;

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

/** One sentence for what is empty together. */
export function wordEmpty(charts: readonly MetricChart[]): readonly string[] {
  return FAMILIES.flatMap((family) => {
    const own = charts.filter((chart) => chart.family === family);
    const empty = own.filter(isEmptyChart);
    if (empty.length === 0) return [];
    if (empty.length === own.length) return [NOTHING[family]];
    return [`Nothing in this range: ${list(empty.map(({ title }) => title.charAt(0).toLowerCase() + title.slice(1)).map(keepAcronyms))}.`];
  });
}
const keepAcronyms = (text: string): string => text.replace(/^tCP\b/, 'TCP');

/** Metrics that the backend does not have at all, with how to have them; those of one cause together. */
export function wordMissing(charts: readonly MetricChart[]): readonly { readonly metrics: string; readonly fix: string }[] {
  const byFix = new Map<string, Set<string>>();
  for (const { missing, fix } of charts) {
    if (missing.length === 0) continue;
    const own = byFix.get(fix) ?? new Set<string>();
    for (const metric of missing) own.add(metric);
    byFix.set(fix, own);
  }
  return [...byFix].map(([fix, metrics]) => ({ metrics: list([...metrics].sort()), fix }));
}

/** Beside a chart's title; null where everything is drawn as asked. */
export const wordLeft = ({ series, restGroups }: Pick<MetricChart, 'series' | 'restGroups'>): string | null =>
  restGroups === 0 ? null : `${countGroups(series)} of ${plural(countGroups(series) + restGroups, 'group')} drawn each`;
const countGroups = (series: MetricChart['series']): number =>
  new Set(series.filter(({ kind }) => kind === 'group').map(({ labels }) => JSON.stringify(labels))).size;

/** Below a chart's title: what is unusual about it. */
export function wordAbout({ about, unsplit }: Pick<MetricChart, 'about' | 'unsplit'>): string | null {
  const split =
    unsplit.length === 0
      ? null
      : `Not told apart by ${list(unsplit.map((one) => GROUPING_WORDS[one].replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase())))}: its metric does not carry it.`;
  return [about, split].filter((text) => text !== null).join(' ') || null;
}
