// How a dashboard is written down: panels with standards filled in, and the shapes of PromQL that Istio's dashboards are made of. Pure.
// In: titles and PromQL. Out: Panel, PanelTarget. A dashboard is one file in `boards` that is made of these.
import type { DashboardVariable, Panel, PanelKind, PanelTarget, PanelUnit } from '../../model/dashboard';

const IDS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Legend and PromQL, or a target of its own. */
export type Asked = readonly [legend: string, promql: string, unit?: PanelUnit];

export const targets = (asked: readonly Asked[]): readonly PanelTarget[] =>
  asked.map(([legend, promql, unit], i) => ({ id: IDS[i] ?? `A${i}`, promql, legend, ...(unit === undefined ? {} : { unit }) }));

export const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

type More = Partial<Pick<Panel, 'id' | 'about' | 'width' | 'keys' | 'fix' | 'text'>>;

export function panel(kind: PanelKind, title: string, unit: PanelUnit, asked: readonly Asked[], more: More = {}): Panel {
  return {
    id: slug(title),
    title,
    kind,
    unit,
    targets: targets(asked),
    about: null,
    width: kind === 'stat' ? 3 : kind === 'table' ? 12 : 6,
    keys: [],
    text: null,
    fix: null,
    ...more,
  };
}

export const lines = (title: string, unit: PanelUnit, asked: readonly Asked[], more: More = {}): Panel =>
  panel('lines', title, unit, asked, more);
export const stat = (title: string, unit: PanelUnit, promql: string, more: More = {}): Panel =>
  panel('stat', title, unit, [['', promql]], more);
export const heatmap = (title: string, unit: PanelUnit, promql: string, more: More = {}): Panel =>
  panel('heatmap', title, unit, [['{{le}}', promql]], more);
export const table = (title: string, keys: readonly string[], asked: readonly Asked[], more: More = {}): Panel =>
  panel('table', title, 'short', asked, { keys, ...more });

/** A variable whose values are those of a label. */
export const labelVariable = (
  name: string,
  title: string,
  selector: string,
  label: string,
  more: Partial<Pick<DashboardVariable, 'several' | 'standard'>> = {},
): DashboardVariable => ({ name, title, source: { selector, label }, options: [], several: true, standard: null, ...more });

export const rate = (series: string): string => `rate(${series}[$__rate_interval])`;
export const irate = (series: string): string => `irate(${series}[$__rate_interval])`;
export const sumBy = (promql: string, labels: readonly string[]): string =>
  labels.length === 0 ? `sum(${promql})` : `sum(${promql}) by (${labels.join(', ')})`;
export const round = (promql: string, to = 0.001): string => `round(${promql}, ${to})`;

/** A quantile of a classic histogram, by labels. */
export const quantile = (q: number, metric: string, matchers: string, labels: readonly string[]): string =>
  `histogram_quantile(${q.toFixed(2)}, ${sumBy(irate(`${metric}_bucket{${matchers}}`), [...labels, 'le'])})`;

/** A quantile of the request duration in seconds, whichever unit the metric has. */
export const durationQuantile = (q: number, matchers: string, labels: readonly string[]): string =>
  `(${quantile(q, 'istio_request_duration_milliseconds', matchers, labels)} / 1000) or ${quantile(q, 'istio_request_duration_seconds', matchers, labels)}`;

export const Q3: readonly number[] = [0.5, 0.9, 0.99];
export const Q4: readonly number[] = [0.5, 0.9, 0.95, 0.99];
export const wordQuantile = (q: number): string => `P${Math.round(q * 100)}`;

/** The halves by mutual TLS. On destination and waypoint reports the policy tells; sources always say `unknown`. */
export interface TlsSplit {
  readonly mutual: string;
  readonly other: string;
}
export const BY_POLICY: TlsSplit = {
  mutual: 'connection_security_policy="mutual_tls"',
  other: 'connection_security_policy!="mutual_tls"',
};
/** What a source reports carries the principal of its peer exactly when mutual TLS was spoken. */
export const BY_PRINCIPAL: TlsSplit = { mutual: 'destination_principal=~"spiffe.*"', other: 'destination_principal!~"spiffe.*"' };

/** One target for each half, as Istio's dashboards have it. `make` gets matchers. */
export const split = (matchers: string, halves: TlsSplit, make: (matchers: string) => readonly Asked[]): readonly Asked[] => [
  ...make(`${matchers}, ${halves.mutual}`).map(([legend, promql]) => [`${legend} (mTLS)`, promql] as const),
  ...make(`${matchers}, ${halves.other}`),
];
