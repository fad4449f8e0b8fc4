// Charts from range answers: classes, errors, latency, sides; and what an element's fetch asks for.
import { describe, expect, it } from 'vitest';
import type { ElementChart } from '../../model/wire';
import type { RangeSeries } from '../ports';
import { buildCharts, type ChartDirection, type ElementAnswer, type LabelledSeries } from './charts';
import type { ElementQueryId } from './drilldown';
import { fetchElementCharts, fetchPrincipals } from './element';
import { type Row, vectorOf } from './testing/answers';

const range = { startMs: 0, endMs: 30_000, stepSeconds: 15, rateWindowSeconds: 60 };
const series = (labels: Record<string, string>, ...values: (number | null)[]): LabelledSeries => ({
  labels,
  points: values.flatMap((value, i) => (value === null ? [] : [[i * 15, value] as const])),
});
const code = (reporter: string, response_code: string, ...values: (number | null)[]): LabelledSeries =>
  series({ reporter, response_code, response_flags: '-', request_protocol: 'http' }, ...values);
const charts = (
  answers: Partial<Record<ElementQueryId, readonly LabelledSeries[]>>,
  direction: ChartDirection = 'inbound',
): Record<string, Record<string, (number | null)[]>> => {
  const given = new Map(
    Object.entries(answers).map(([id, own]): [ElementQueryId, ElementAnswer] => [id as ElementQueryId, { promql: id, series: own }]),
  );
  const drawn: readonly ElementChart[] = buildCharts(given, range, direction);
  return Object.fromEntries(
    drawn.map((chart) => [chart.id, Object.fromEntries(chart.series.map((own) => [own.name, own.points.map(([, value]) => value)]))]),
  );
};

describe('buildCharts', () => {
  it('draws rates by class and the share of errors, with what only callers saw', () => {
    const drawn = charts({
      requests: [
        code('destination', '200', 8, 8, null),
        code('source', '200', 9, 9, null),
        series({ reporter: 'source', response_code: '503', response_flags: 'UH', request_protocol: 'http' }, 2, 0, null),
        code('destination', '0', null, 8, null),
        series(
          { reporter: 'waypoint', response_code: '200', response_flags: '-', request_protocol: 'grpc', grpc_response_status: '0' },
          null,
          3,
          null,
        ),
        series(
          { reporter: 'waypoint', response_code: '200', response_flags: '-', request_protocol: 'grpc', grpc_response_status: '14' },
          null,
          1,
          null,
        ),
      ],
    });
    expect(drawn['rate']).toEqual({
      '2xx': [8, 8, 0],
      '5xx': [2, 0, 0],
      'no response': [0, 8, 0],
      'gRPC OK': [0, 3, 0],
      'gRPC errors': [0, 1, 0],
    });
    expect(drawn['errors']).toEqual({ Errors: [20, 45, null] });
  });

  it('believes the caller about outbound traffic, and the callee where no caller reports', () => {
    const requests = [code('destination', '200', 10, 10, 10), code('source', '200', 7, null, 7), code('source', '504', 1, null, null)];
    expect(charts({ requests }, 'outbound')['rate']).toEqual({ '2xx': [7, 10, 7], '5xx': [1, 0, 0] });
  });

  it('draws quantiles and the average of one side', () => {
    const bucket = (reporter: string, le: string, ...values: number[]): LabelledSeries => series({ reporter, le }, ...values);
    const drawn = charts({
      requests: [code('destination', '200', 10, 10, 0)],
      buckets: [
        bucket('destination', '10', 5, 0, 0),
        bucket('destination', '100', 10, 0, 0),
        bucket('destination', '+Inf', 10, 10, 0),
        bucket('source', '+Inf', 99, 99, 0),
      ],
      duration: [series({ reporter: 'destination' }, 400, 500, 0), series({ reporter: 'source' }, 9999, 9999, 0)],
    });
    expect(drawn['latency']).toEqual({ Average: [40, 50, null], P50: [10, 100, null], P95: [91, 100, null], P99: [98.2, 100, null] });
  });

  it('leaves ztunnel’s bytes out where requests are seen, and empty charts altogether', () => {
    const tcp = [
      series({ reporter: 'destination', direction: 'sent', layer: 'ztunnel' }, 5, 5, 5),
      series({ reporter: 'destination', direction: 'received', layer: 'proxy' }, 1, 1, 1),
    ];
    expect(charts({ tcp })['bytes']).toEqual({ Sent: [5, 5, 5], Received: [1, 1, 1] });
    expect(charts({ tcp, requests: [code('waypoint', '200', 1, 1, 1)] })['bytes']).toEqual({ Sent: [0, 0, 0], Received: [1, 1, 1] });
    expect(charts({ tcp: [], requests: [] })).toEqual({});
    expect(Object.keys(charts({ bytes: [series({ reporter: 'source', direction: 'request' }, 5, 5, 5)] }))).toEqual(['throughput']);
  });
});

describe('fetchElementCharts', () => {
  it('asks each direction over the same points and says which query drew what', async () => {
    const asked: (readonly [string, number, number, number])[] = [];
    const source = {
      fetchRange: (promql: string, startMs: number, endMs: number, step: number): Promise<readonly RangeSeries[]> => {
        asked.push([promql, startMs, endMs, step]);
        return Promise.resolve(
          promql.includes('requests_total')
            ? [{ labels: { reporter: 'destination', response_code: '200' }, points: [[endMs / 1000, 3]] }]
            : [],
        );
      },
    };
    const node = { kind: 'workload', cluster: null, namespace: 'n', workload: 'w' } as const;
    const all = { source: null, destination: null, service: null, protocol: null };
    const drawn = await fetchElementCharts(
      source,
      {
        traffic: [
          { direction: 'inbound', selector: { ...all, destination: node } },
          { direction: 'outbound', selector: { ...all, source: node } },
        ],
        endMs: 1_700_000_000_000,
        rangeSeconds: 3600,
        scrapeIntervalSeconds: 15,
        deadlineMs: 1000,
      },
      new AbortController().signal,
    );
    expect(asked).toHaveLength(10);
    expect(new Set(asked.map(([, ...times]) => times.join()))).toHaveProperty('size', 1);
    expect(drawn.map((chart) => `${chart.direction} ${chart.id}`)).toEqual([
      'inbound rate',
      'inbound errors',
      'outbound rate',
      'outbound errors',
    ]);
    expect(drawn[0]?.promql[0]).toContain('destination_workload="w"');
  });
});

describe('fetchPrincipals', () => {
  it('gives pairs by the callee’s side, largest first', async () => {
    const pair = (reporter: string, from: string, to: string, rate: number): Row => [
      { reporter, source_principal: from, destination_principal: to },
      rate,
    ];
    const ask = (rows: readonly Row[]): Promise<unknown> =>
      fetchPrincipals(
        { fetchVector: (query) => Promise.resolve(vectorOf(query.labels, rows)) },
        { traffic: { source: null, destination: null, service: null, protocol: 'http' }, atMs: 0, windowSeconds: 60, deadlineMs: 1 },
        new AbortController().signal,
      );
    expect(
      await ask([
        pair('source', 's', 'd', 9),
        pair('destination', 's', 'd', 2),
        pair('waypoint', 's', 'd', 1),
        pair('destination', '', 'd', 5),
      ]),
    ).toEqual([
      { source: 'unknown', destination: 'd', perSecond: 5 },
      { source: 's', destination: 'd', perSecond: 3 },
    ]);
    expect(await ask([pair('source', 's', 'd', 9)])).toEqual([{ source: 's', destination: 'd', perSecond: 9 }]);
  });
});
