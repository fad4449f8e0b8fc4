// The strip of rates: what is asked, what the answer adds up to.
import { describe, expect, it } from 'vitest';
import type { LabelledSeries } from './charts';
import { buildRatesQuery, planRates, sumRates } from './mesh-rates';

const RANGE = { startMs: 0, endMs: 60_000, stepSeconds: 20, rateWindowSeconds: 60 };
const series = (code: string, values: readonly number[], more: Readonly<Record<string, string>> = {}): LabelledSeries => ({
  labels: { request_protocol: 'http', response_code: code, grpc_response_status: '', ...more },
  points: values.map((value, i) => [i * 20, value] as const).filter(([, value]) => !Number.isNaN(value)),
});

describe('planRates', () => {
  it.each([
    [1800, 20, 60],
    [3600, 60, 60],
    [10_800, 120, 120],
    [86_400, 1200 * 1.5, 1800],
  ])('shows %d s in at most 91 points', (rangeSeconds, stepSeconds, windowSeconds) => {
    const range = planRates(1_700_000_007_000, rangeSeconds, 15);
    expect([range.stepSeconds, range.rateWindowSeconds]).toEqual([stepSeconds, windowSeconds]);
    expect((range.endMs - range.startMs) / (stepSeconds * 1000)).toBeLessThanOrEqual(90);
    expect(range.endMs % (stepSeconds * 1000)).toBe(0);
  });
});

describe('buildRatesQuery', () => {
  it('counts what callees report, and of callers what reached nothing', () => {
    const promql = buildRatesQuery(null, 60);
    expect(promql).toContain('reporter=~"destination|waypoint"}[60s]');
    expect(promql).toContain('reporter="source", destination_workload=~"unknown|"}[60s]');
  });

  it('asks for namespaces that are named only', () => {
    const promql = buildRatesQuery(['shop', 'pay'], 60);
    expect(promql.match(/istio_requests_total\{/g)).toHaveLength(8);
    expect(promql.match(/namespace=~"shop\|pay"/g)?.length).toBeGreaterThan(3);
  });
});

describe('sumRates', () => {
  it('adds up requests and those of them that failed', () => {
    const { requests, errors } = sumRates(
      [
        series('200', [1, 2, 3, 4]),
        series('503', [0, 0.5, 0, 1]),
        series('200', [1, 1, 1, 1], { request_protocol: 'grpc', grpc_response_status: '14' }),
        series('0', [0, 0, 0.25, 0]),
      ],
      RANGE,
    );
    expect(requests).toEqual([
      [0, 2],
      [20, 3.5],
      [40, 4.25],
      [60, 6],
    ]);
    expect(errors.map(([, value]) => value)).toEqual([1, 1.5, 1.25, 2]);
  });

  it('tells no sample from none of a kind', () => {
    const { requests, errors } = sumRates([series('200', [Number.NaN, 2, Number.NaN, 4])], RANGE);
    expect(requests.map(([, value]) => value)).toEqual([null, 2, null, 4]);
    expect(errors.map(([, value]) => value)).toEqual([null, 0, null, 0]);
  });
});
