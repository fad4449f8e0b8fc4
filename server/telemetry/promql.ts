// Pieces of PromQL text, escaped: matchers over label values that anybody may have chosen, sums of rates.
// In: names and values. Out: PromQL. https://prometheus.io/docs/prometheus/latest/querying/basics/

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A PromQL string literal. */
export const quote = (text: string): string => `"${text.replace(/[\\"\n\r\t]/g, (c) => ESCAPES[c] ?? c)}"`;

/** An RE2 pattern that matches exactly `text`. */
export const escapePattern = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** `label` has this value; "" also matches a series without the label. */
export const is = (label: string, value: string): string => `${label}=${quote(value)}`;

/** `label` has one of these values (at least one). */
export const isOneOf = (label: string, values: readonly string[]): string =>
  values.length === 1 ? is(label, values[0] ?? '') : `${label}=~${quote(values.map(escapePattern).join('|'))}`;

/** `label` has none of these values (at least one). */
export const isNoneOf = (label: string, values: readonly string[]): string =>
  values.length === 1 ? `${label}!=${quote(values[0] ?? '')}` : `${label}!~${quote(values.map(escapePattern).join('|'))}`;

/** A selector: matchers that must all hold. */
export type Matchers = readonly string[];

/** `sum by (labels) (rate(metric{…}[window]))` of each selector, joined; the selectors must not overlap in what they group. */
export const sumOfRates = (metric: string, selectors: readonly Matchers[], labels: readonly string[], windowSeconds: number): string =>
  selectors.map((matchers) => `sum by (${labels.join(', ')}) (rate(${metric}{${matchers.join(', ')}}[${windowSeconds}s]))`).join(' or ');

/** The vector with `label="value"` added to each series. */
export const withLabel = (promql: string, label: string, value: string): string =>
  `label_replace(${promql}, "${label}", ${quote(value)}, "", "")`;
