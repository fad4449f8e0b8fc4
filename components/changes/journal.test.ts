// Tests of the journal's pure parts: filters, days, and the series of measures.
import { describe, expect, it } from 'vitest';
import type { TrafficMeasure } from '../../model/change';
import { groupByDay, isFiltered, type JournalFilter, journalQuery } from './journal-filter';
import { buildMeasureCharts, listMeasures } from './measure-series';
import { HOST, sampleChange } from './sample-routing';

const filter = (change: Partial<JournalFilter>): JournalFilter => ({ namespace: '', host: '', who: '', state: '', ...change });

it('asks for what is filtered, without the objects', () => {
  expect(journalQuery(filter({ who: 'ada', state: 'open' }), 50)).toEqual({
    namespace: '',
    host: '',
    who: 'ada',
    state: 'open',
    limit: '50',
    brief: 'true',
  });
  expect([isFiltered(filter({})), isFiltered(filter({ host: HOST }))]).toEqual([false, true]);
});

it('groups by day in the order of the entries', () => {
  const at = (day: number, hour: number) => new Date(2026, 2, day, hour).getTime();
  const changes = [at(2, 9), at(1, 23), at(1, 1)].map((createdAtMs, i) => sampleChange({ id: String(i), createdAtMs }));
  expect(groupByDay(changes).map(({ day, changes: list }) => [day, list.map(({ id }) => id)])).toEqual([
    ['2026-03-02', ['0']],
    ['2026-03-01', ['1', '2']],
  ]);
});

describe('measures', () => {
  const measure = (atMs: number, change: Partial<TrafficMeasure> = {}): TrafficMeasure => ({
    atMs,
    requestsPerSecond: 10,
    errorPercent: 1,
    p95Ms: 50,
    byDestination: [
      { host: HOST, workload: 'reviews-v2', requestsPerSecond: 2 },
      { host: HOST, workload: 'reviews-v1', requestsPerSecond: 8 },
    ],
    ...change,
  });
  it('are before, during and after in order, each instant once', () => {
    const list = listMeasures({ before: measure(1), measures: [measure(3), measure(2)], after: measure(3) });
    expect(list.map(({ atMs }) => atMs)).toEqual([1, 2, 3]);
  });
  it('become charts with the bounds of the guard, without charts of nothing', () => {
    const change = sampleChange({ measures: [measure(1_000_010)] });
    const charts = buildMeasureCharts(change);
    expect(charts.map(({ id, limit }) => [id, limit])).toEqual([
      ['rates', null],
      ['errors', 5.1],
      ['latency', 80],
    ]);
    expect(charts[0]?.series.map(({ name, points }) => [name, points.map(([, value]) => value)])).toEqual([
      ['reviews-v1', [10, 8]],
      ['reviews-v2', [0, 2]],
    ]);
    const silent = buildMeasureCharts(sampleChange({ before: measure(1, { p95Ms: null }) }));
    expect(silent.map(({ id }) => id)).toEqual(['rates', 'errors']);
  });
});
