// Schemas and paths of the metrics of whatever has a page. In: model's constants. Out: ENTITY_METRICS_SCHEMAS, ENTITY_METRICS_PATHS.
import { PANEL_UNITS } from '../../model/dashboard';
import { ENTITY_KINDS, ENTITY_PATHS } from '../../model/entity';
import {
  DEFAULT_METRICS_QUERY,
  GROUPINGS,
  METRIC_CHARTS,
  METRIC_DIRECTIONS,
  METRIC_REPORTERS,
  STATISTICS,
} from '../../model/entity-metrics';
import { FAILURES } from '../../model/failure';
import { rangeParameters } from './dashboard-schemas';
import { FAULTS, json, operation, parameter, pathParameter, problem } from './operations';
import { described, list, number, object, oneOf, orNull, ref, type Schema, stringMap, text } from './schema-parts';

export const ENTITY_METRICS_SCHEMAS: Readonly<Record<string, Schema>> = {
  MetricChart: object({
    id: oneOf(...METRIC_CHARTS),
    family: oneOf('requests', 'messages', 'tcp'),
    title: text,
    unit: oneOf(...PANEL_UNITS),
    about: orNull(text),
    queries: described(list(object({ target: text, promql: text })), 'PromQL of what is drawn, by target.'),
    series: list(
      object({
        kind: described(oneOf('group', 'rest', 'hidden'), 'Alone; the groups beyond the first; peers that may not be seen.'),
        target: text,
        name: text,
        labels: stringMap,
        points: described(list({ type: 'array' }), 'Unix seconds and a value; null: none there.'),
      }),
    ),
    restGroups: number,
    unsplit: described(list(oneOf(...GROUPINGS)), 'Groupings that its metric has no label for.'),
    missing: described(list(text), 'Metrics that the backend does not have, where nothing can be drawn.'),
    fix: described(text, 'How to have them.'),
    problem: described(orNull(ref('Problem')), 'Why it could not be asked for.'),
  }),
  Metrics: object({
    entity: object({ kind: oneOf(...ENTITY_KINDS), namespace: text, name: text }),
    direction: oneOf(...METRIC_DIRECTIONS),
    fromSeconds: number,
    toSeconds: number,
    stepSeconds: number,
    rateSeconds: described(number, 'How far each rate looks back.'),
    charts: list(ref('MetricChart')),
    notes: list(text),
    grafana: orNull(object({ href: text, variables: described({ type: 'object' }, 'Values by variable.') })),
  }),
};

const parameters = [
  parameter('direction', 'Which traffic.', { type: 'string', enum: METRIC_DIRECTIONS, default: DEFAULT_METRICS_QUERY.direction }),
  parameter('reporter', 'Whose report; both: whoever knows best, edge by edge.', {
    type: 'string',
    enum: METRIC_REPORTERS,
    default: DEFAULT_METRICS_QUERY.reporter,
  }),
  parameter('by', `What series are told apart by: some of ${GROUPINGS.join(', ')}, separated by commas.`, { type: 'string' }),
  parameter('statistics', `Of durations and sizes: some of ${STATISTICS.join(', ')}, separated by commas.`, {
    type: 'string',
    default: DEFAULT_METRICS_QUERY.statistics.join(','),
  }),
  parameter('top', 'Groups that are drawn each; the others are added up.', {
    type: 'integer',
    minimum: 1,
    maximum: 50,
    default: DEFAULT_METRICS_QUERY.top,
  }),
  ...rangeParameters,
];
const kind = {
  ...pathParameter('kind', 'What it is.'),
  schema: { type: 'string', enum: Object.values(ENTITY_PATHS) },
};
const namespace = pathParameter('namespace', 'Name of a namespace.');
const answers = { '200': json('Metrics', 'The charts.'), ...FAULTS, '404': problem(FAILURES.notFound.title) };

export const ENTITY_METRICS_PATHS = {
  '/api/metrics/{kind}/{namespace}': operation(
    'readNamespaceMetrics',
    'Charts of the traffic of a namespace (kind `namespaces`) in one direction.',
    [kind, namespace, ...parameters],
    answers,
  ),
  '/api/metrics/{kind}/{namespace}/{name}': operation(
    'readEntityMetrics',
    'Charts of the traffic of an app, workload or service in one direction.',
    [kind, namespace, pathParameter('name', 'Its name.'), ...parameters],
    answers,
  ),
} as const;
