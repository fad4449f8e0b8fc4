'use client';
// What is chosen of an entity's metrics, in the address: direction, reporter, groupings, statistics, range, comparison, the chart that is expanded.
// In: the address bar. Out: the choice, and a writer that replaces the history entry. What cannot be read is at its standard, and said.
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import {
  DEFAULT_METRICS_QUERY,
  decodeMetricsQuery,
  encodeMetricsQuery,
  METRIC_DIRECTIONS,
  type MetricDirection,
  type MetricsQuery,
} from '../../model/entity-metrics';
import { Failure } from '../../model/failure';
import { type Comparison, readComparison } from '../dashboards/comparisons';
import { replaceParameters } from '../ui/use-address';

export type ShownDirection = MetricDirection | 'both';

export interface MetricsChoice extends Omit<MetricsQuery, 'direction'> {
  readonly direction: ShownDirection;
  readonly comparison: Comparison;
  /** `inbound/requests`; "" = none. */
  readonly expanded: string;
}

export interface MetricsAddress {
  readonly choice: MetricsChoice;
  readonly problem: string | null;
  readonly write: (change: Partial<MetricsChoice>) => void;
}

const OWN = /^(?:direction|reporter|by|statistics|top|range|at|compare|chart)$/;

export function readMetricsChoice(text: string): Omit<MetricsAddress, 'write'> {
  const query = new URLSearchParams(text);
  const asked = query.get('direction');
  const direction: ShownDirection = METRIC_DIRECTIONS.find((one) => one === asked) ?? 'both';
  const rest = { direction, comparison: readComparison(query.get('compare')), expanded: query.get('chart') ?? '' };
  query.delete('direction');
  try {
    return { choice: { ...decodeMetricsQuery(query), ...rest }, problem: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { choice: { ...DEFAULT_METRICS_QUERY, ...rest }, problem: `${error.detail}. ${error.next}` };
  }
}

export function encodeMetricsChoice({ direction, comparison, expanded, ...query }: MetricsChoice): URLSearchParams {
  const parameters = encodeMetricsQuery({ ...query, direction: 'inbound' });
  if (direction !== 'both') parameters.set('direction', direction);
  if (comparison !== 'none') parameters.set('compare', comparison);
  if (expanded !== '') parameters.set('chart', expanded);
  return parameters;
}

export function useMetricsAddress(): MetricsAddress {
  const text = useSearchParams().toString();
  const read = useMemo(() => readMetricsChoice(text), [text]);
  const write = useCallback((change: Partial<MetricsChoice>) => {
    const { choice } = readMetricsChoice(window.location.search);
    replaceParameters(OWN, encodeMetricsChoice({ ...choice, ...change }));
  }, []);
  return useMemo(() => ({ ...read, write }), [read, write]);
}
