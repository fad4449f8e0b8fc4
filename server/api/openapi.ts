// The OpenAPI 3.1 description of the public API, built from the same constants that the code checks against. Pure.
// In: model's limits and parameter names. Out: OPENAPI, served at /api/openapi.json.
import { FAILURES } from '../../model/failure';
import { GRAPH_TYPES } from '../../model/graph';
import {
  AUTO_FOLD_NODES,
  DEFAULT_VIEW,
  DETAIL_LEVELS,
  encodeDuration,
  MAX_NAMESPACES,
  MAX_WINDOW_SECONDS,
  MIN_WINDOW_SECONDS,
  OVERLAYS,
} from '../../model/wire';
import { SCHEMAS, type Schema } from './schemas';

const parameter = (name: string, description: string, schema: Schema, required = false) => ({
  name,
  in: 'query',
  description,
  required,
  schema,
});

const durationParameter = parameter(
  'duration',
  `Window of the rates: a number with s, m, h or d, from ${encodeDuration(MIN_WINDOW_SECONDS)} to ${encodeDuration(MAX_WINDOW_SECONDS)}.`,
  { type: 'string', pattern: '^\\d+[smhd]?$', default: encodeDuration(DEFAULT_VIEW.windowSeconds) },
);
const viewParameters = [
  parameter('graphType', 'What a node is.', { enum: GRAPH_TYPES, default: DEFAULT_VIEW.graphType }),
  parameter('namespaces', `Names separated by commas, at most ${MAX_NAMESPACES}; absent = all.`, { type: 'string' }),
  durationParameter,
  parameter('at', 'Instant at which the window ends, in unix seconds; absent = now.', { type: 'string', pattern: '^\\d{9,11}$' }),
  parameter('serviceNodes', 'Put service nodes between workloads.', {
    enum: ['true', 'false'],
    default: String(DEFAULT_VIEW.serviceNodes),
  }),
  parameter('idle', 'Include services and workloads without traffic.', { enum: ['true', 'false'], default: String(DEFAULT_VIEW.idle) }),
  parameter('overlays', `Data beyond rates, separated by commas: ${OVERLAYS.join(', ')}.`, { type: 'string' }),
  parameter('level', `How much is drawn; auto folds namespaces above ${AUTO_FOLD_NODES} nodes.`, {
    enum: DETAIL_LEVELS,
    default: DEFAULT_VIEW.level,
  }),
  parameter('open', 'Namespaces that are drawn in full although the level folds them.', { type: 'string' }),
];
const idParameter = parameter('id', 'Id of a node, box or edge of the view.', { type: 'string', maxLength: 2048 }, true);

const json = (schema: string, description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
const FAULTS = {
  '400': problem(FAILURES.badRequest.title),
  '502': problem(FAILURES.metricsUnreachable.title),
  '503': problem(FAILURES.starting.title),
  '504': problem(FAILURES.metricsTimeout.title),
};
const operation = (operationId: string, summary: string, parameters: readonly unknown[], responses: Record<string, unknown>) => ({
  get: { operationId, summary, parameters, responses },
});

/** The document itself. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Heddle',
    version: '0.1.0',
    description: 'The live service graph of an Istio mesh. Rates are per second over the window; null means unknown, never zero.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  paths: {
    '/api/graph': operation('readGraph', 'The graph of one view.', viewParameters, { '200': json('Graph', 'The graph.'), ...FAULTS }),
    '/api/graph/stream': operation('streamGraph', 'The graph of one view, then its changes, as server-sent events.', viewParameters, {
      '200': {
        description:
          'Events `snapshot` (a Graph without responses), `delta` (put and drop lists by id, from one revision to the next) and `status` (Freshness). Ids resume a stream through Last-Event-ID.',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      '400': FAULTS['400'],
      '503': FAULTS['503'],
    }),
    '/api/graph/element': operation(
      'readElement',
      'Codes, flags, hosts, latency and principals of one node, box or edge.',
      [idParameter, ...viewParameters],
      {
        '200': json('Element', 'The element.'),
        '404': problem(FAILURES.notFound.title),
        ...FAULTS,
      },
    ),
    '/api/graph/charts': operation('readCharts', 'History of one node, box or edge.', [idParameter, ...viewParameters], {
      '200': json('ElementCharts', 'The charts with their queries.'),
      '404': problem(FAILURES.notFound.title),
      ...FAULTS,
    }),
    '/api/namespaces': operation('readNamespaces', 'Every namespace with health, rates, errors and mTLS.', [durationParameter], {
      '200': json('Namespaces', 'The namespaces.'),
      ...FAULTS,
    }),
    '/api/health/live': operation('readLive', 'The process runs.', [], { '200': json('Health', 'It does.') }),
    '/api/health/ready': operation(
      'readReady',
      'The console can answer; a backend that is down does not make it unready, it says so.',
      [],
      {
        '200': json('Health', 'Ready.'),
        '503': json('Health', 'Still starting.'),
      },
    ),
    '/api/openapi.json': operation('readOpenApi', 'This document.', [], {
      '200': { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
    }),
    '/metrics': operation('readMetrics', "The console's own metrics in Prometheus' text format.", [], {
      '200': { description: 'Exposition format 0.0.4.', content: { 'text/plain': { schema: { type: 'string' } } } },
    }),
  },
  components: { schemas: SCHEMAS },
} as const;
