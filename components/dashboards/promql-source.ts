// What completion of PromQL asks of our server, in place of a Prometheus: labels and their values of one metric, by bounded queries.
// In: a way to ask. Out: a PrometheusClient as @prometheus-io/codemirror-promql wants it. A failure means no proposals, never an error.
import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import type { PanelSeries } from '../../model/dashboard';
import { KNOWN_METRICS } from './known-metrics';

/** The vector of a query now. */
export type AskVector = (promql: string) => Promise<readonly PanelSeries[]>;

const NAME = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SAMPLE = 30;

export function createPromqlSource(ask: AskVector): PrometheusClient {
  const sample = async (metric: string | undefined): Promise<readonly PanelSeries[]> =>
    metric === undefined || !NAME.test(metric) ? [] : ask(`topk(${SAMPLE}, ${metric})`).catch(() => []);
  return {
    labelNames: async (metric) => {
      const names = new Set((await sample(metric)).flatMap(({ labels }) => Object.keys(labels)));
      names.delete('__name__');
      return [...names].sort();
    },
    labelValues: async (label, metric) => {
      if (metric === undefined || !NAME.test(metric) || !LABEL.test(label)) return [];
      const series = await ask(`group by (${label}) (${metric})`).catch(() => []);
      return series
        .map(({ labels }) => labels[label] ?? '')
        .filter((value) => value !== '')
        .sort();
    },
    metricMetadata: () =>
      Promise.resolve(Object.fromEntries(Object.entries(KNOWN_METRICS).map(([name, [type, help]]) => [name, [{ type, help }]]))),
    series: async (metric) => (await sample(metric)).map(({ labels }) => new Map(Object.entries(labels))),
    metricNames: () => Promise.resolve(Object.keys(KNOWN_METRICS)),
    flags: () => Promise.resolve({}),
  };
}
