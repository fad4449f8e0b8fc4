// Exports of Grafana's become dashboards; what is not drawn here is said, and what is no dashboard is refused with the place.
import { describe, expect, it } from 'vitest';
import { bindVariables } from './bind';
import { DashboardError, importGrafana } from './grafana';

const EXPORT = {
  title: 'Checkout',
  uid: 'abc_1',
  templating: {
    list: [
      { name: 'datasource', type: 'datasource', query: 'prometheus' },
      {
        name: 'ns',
        label: 'Namespace',
        type: 'query',
        query: { query: 'label_values(kube_pod_info, namespace)' },
        current: { value: 'shop' },
      },
      {
        name: 'pod',
        type: 'query',
        query: 'label_values(kube_pod_info{namespace="$ns"}, pod)',
        multi: true,
        includeAll: true,
        current: { value: ['$__all'] },
      },
      { name: 'window', type: 'interval', query: '1m,5m,1h' },
      { name: 'odd', type: 'adhoc' },
    ],
  },
  panels: [
    {
      type: 'timeseries',
      title: 'Requests',
      gridPos: { w: 24 },
      fieldConfig: { defaults: { unit: 'reqps' } },
      targets: [
        { expr: 'sum by (pod) (rate(http_requests_total{namespace="$ns", pod=~"$pod"}[$window]))', legendFormat: '{{pod}}', refId: 'A' },
        { expr: 'hidden', hide: true },
      ],
    },
    { type: 'row', title: 'Details', panels: [] },
    {
      type: 'table',
      title: 'Requests',
      targets: [
        { expr: 'sum by (pod, code) (x)', refId: 'A' },
        { expr: 'max by (pod) (y)', refId: 'B' },
      ],
    },
    { type: 'piechart', title: 'Pie', targets: [{ expr: 'x' }] },
    { type: 'stat', title: 'Odd unit', fieldConfig: { defaults: { unit: 'lumens' } }, targets: [{ expr: 'x' }] },
    { type: 'text', title: 'Note', options: { content: 'Read me' } },
    { type: 'row', title: 'Folded', panels: [{ type: 'heatmap', title: 'Heat', targets: [{ expr: 'sum by (le) (z)' }] }] },
  ],
};

describe('importGrafana', () => {
  const made = importGrafana({ dashboard: EXPORT, meta: {} }, 'checkout.json');

  it('takes over panels, rows, units, widths and variables', () => {
    expect(made).toMatchObject({ id: 'abc-1', title: 'Checkout', scope: 'mesh', origin: 'checkout.json' });
    expect(made.rows.map(({ title, panels }) => [title, panels.map(({ id, kind, unit, width }) => [id, kind, unit, width])])).toEqual([
      ['Panels', [['requests', 'lines', 'reqps', 12]]],
      [
        'Details',
        [
          ['requests-2', 'table', 'short', 6],
          ['odd-unit', 'stat', 'short', 6],
          ['note', 'text', 'short', 6],
        ],
      ],
      ['Folded', [['heat', 'heatmap', 'short', 6]]],
    ]);
    expect(made.rows[1]?.panels[0]?.keys).toEqual(['pod']);
    expect(made.rows[1]?.panels[2]?.text).toBe('Read me');
    expect(
      made.variables.map(({ name, source, several, standard, options }) => [name, source?.label ?? options, several, standard]),
    ).toEqual([
      ['ns', 'namespace', false, ['shop']],
      ['pod', 'pod', true, null],
      ['window', ['1m', '5m', '1h'], false, ['1m']],
      ['odd', [], true, null],
    ]);
  });

  it('makes PromQL that can be bound', () => {
    const promql = made.rows[0]?.panels[0]?.targets[0]?.promql ?? '';
    const bound = bindVariables(promql, { ns: ['shop'], pod: [], window: ['5m'] }, { rateSeconds: 60, stepSeconds: 15, rangeSeconds: 900 });
    expect(bound).toBe('sum by (pod) (rate(http_requests_total{namespace="shop", pod=~".*"}[5m]))');
  });

  it('says what it leaves out', () => {
    for (const word of ['Pie is of the kind piechart', 'lumens', 'odd']) expect(made.notes.join(' ')).toContain(word);
  });

  it.each([[null], ['text'], [{}], [{ title: 3 }], [{ title: 'x', panels: [{ targets: 'no' }] }]])('refuses %j', (body) => {
    expect(() => importGrafana(body, 'x.json')).toThrow(DashboardError);
  });
});
