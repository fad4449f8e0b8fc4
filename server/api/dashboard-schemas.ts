// Schemas and paths of dashboards and of PromQL of one's own. In: model's constants. Out: DASHBOARD_SCHEMAS, DASHBOARD_PATHS.
import { PANEL_KINDS, PANEL_UNITS } from '../../model/dashboard';
import { MAX_PROMQL_LENGTH } from '../../model/dashboard-query';
import { FAILURES } from '../../model/failure';
import { FAULTS, json, operation, parameter, pathParameter, problem } from './operations';
import { described, flag, list, number, object, oneOf, orNull, ref, type Schema, stringMap, text } from './schema-parts';

const dashboardHead = {
  id: text,
  title: text,
  about: text,
  scope: oneOf('mesh', 'namespace'),
  origin: described(text, 'builtIn, or a file.'),
};

export const DASHBOARD_SCHEMAS: Readonly<Record<string, Schema>> = {
  DashboardList: object({
    dashboards: list(object({ ...dashboardHead, panels: number, closed: described(orNull(text), 'Why this reader may not open it.') })),
    unread: described(orNull(text), 'Why dashboards that depend on metrics being there are left out.'),
  }),
  PanelDefinition: object({
    id: text,
    title: text,
    kind: oneOf(...PANEL_KINDS),
    unit: oneOf(...PANEL_UNITS),
    targets: list({
      type: 'object',
      required: ['id', 'promql', 'legend'],
      properties: { id: text, promql: text, legend: text, unit: oneOf(...PANEL_UNITS) },
      additionalProperties: false,
    }),
    about: orNull(text),
    width: number,
    keys: list(text),
    text: orNull(text),
    fix: described(orNull(text), 'How to have the metrics, where they are not there by default.'),
  }),
  Dashboard: object({
    grafana: described(orNull(text), 'The same dashboard in Grafana.'),
    dashboard: object({
      ...dashboardHead,
      uid: orNull(text),
      probe: orNull(text),
      variables: list(
        object({
          name: text,
          title: text,
          source: orNull(object({ selector: text, label: text })),
          options: list(text),
          several: flag,
          standard: orNull(list(text)),
        }),
      ),
      rows: list(object({ title: text, panels: list(ref('PanelDefinition')) })),
      notes: list(text),
    }),
    variables: list(object({ name: text, values: list(text), chosen: described(list(text), 'Empty: all.'), cut: flag })),
  }),
  Panel: object({
    panel: text,
    fromSeconds: number,
    toSeconds: number,
    stepSeconds: number,
    queries: list(object({ target: text, promql: text })),
    series: list(
      object({
        target: text,
        name: text,
        labels: stringMap,
        points: described(list({ type: 'array' }), 'Unix seconds and a value; null: none there.'),
      }),
    ),
    left: described(number, 'Series beyond those listed.'),
    missing: described(list(text), 'Metrics that the backend does not have, where nothing can be drawn.'),
  }),
};

const choice = parameter('var-NAME', 'A value of the variable NAME; may stand several times.', { type: 'string' });
export const rangeParameters = [
  parameter('range', 'How far back, such as 30m.', { type: 'string', pattern: '^\\d+[smhd]?$', default: '30m' }),
  parameter('at', 'End in unix seconds; absent = now.', { type: 'string', pattern: '^\\d{9,11}$' }),
];
const id = pathParameter('id', 'Id of a dashboard.');
const missing = { '404': problem(FAILURES.notFound.title) };

export const DASHBOARD_PATHS = {
  '/api/dashboards': operation('listDashboards', 'The dashboards that there are.', [], {
    '200': json('DashboardList', 'The dashboards.'),
    ...FAULTS,
  }),
  '/api/dashboards/{id}': operation('readDashboard', 'A dashboard, and what its variables offer.', [id, choice], {
    '200': json('Dashboard', 'The dashboard.'),
    ...FAULTS,
    ...missing,
  }),
  '/api/dashboards/{id}/panels/{panel}': operation(
    'readPanel',
    'The series of a panel; those that name namespaces which the reader may not see are left out.',
    [id, pathParameter('panel', 'Id of a panel.'), choice, ...rangeParameters],
    { '200': json('Panel', 'The series.'), ...FAULTS, ...missing },
  ),
  '/api/query': operation(
    'queryMetrics',
    "The answer to PromQL of one's own, for those who see every namespace.",
    [parameter('promql', 'The expression.', { type: 'string', maxLength: MAX_PROMQL_LENGTH }, true), ...rangeParameters],
    { '200': json('Panel', 'The series; range=0s: one instant.'), ...FAULTS },
  ),
} as const;
