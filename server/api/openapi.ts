// The OpenAPI 3.1 description of the public API, built from the same constants that the code checks against. Pure.
// In: model's limits and parameter names. Out: OPENAPI, served at /api/openapi.json.
import { FAILURES } from '../../model/failure';
import { MAX_FIND_LENGTH } from '../../model/find/parse';
import { MAX_SEARCH_TEXT } from '../../model/search';
import { CHANGE_PATHS } from './change-paths';
import { DASHBOARD_PATHS } from './dashboard-schemas';
import { DETAIL_PATHS } from './detail-schemas';
import { ENTITY_METRICS_PATHS } from './entity-metrics-schemas';
import { exportParameters, exportTypes } from './export-parameters';
import { LIST_PATHS } from './list-schemas';
import { LOG_PATHS } from './log-paths';
import { empty, FAULTS, json, operation, parameter, post, problem } from './operations';
import { SCHEMAS } from './schemas';
import { STEERING_PATHS } from './steering-paths';
import { timePaths } from './time-schemas';
import { durationParameter, viewParameters } from './view-parameters';

const idParameter = parameter('id', 'Id of a node, box or edge of the view.', { type: 'string', maxLength: 2048 }, true);

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
          'Events `snapshot` (a Graph without responses), `delta` (put and drop lists by id, from one revision to the next) and `status` (Freshness); `reopen` comes before an end that is no failure. Ids resume a stream through Last-Event-ID.',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      '400': FAULTS['400'],
      '401': FAULTS['401'],
      '403': FAULTS['403'],
      '503': FAULTS['503'],
    }),
    '/api/graph/export': operation(
      'exportGraph',
      'The graph of one view as a file, for documents and pipelines.',
      [...exportParameters, ...viewParameters],
      {
        '200': {
          description: 'The file; its name tells the view and the instant.',
          content: Object.fromEntries(exportTypes.map((type) => [type, { schema: { type: 'string' } }])),
        },
        '413': problem(FAILURES.tooLarge.title),
        '429': problem(FAILURES.tooManyRequests.title),
        ...FAULTS,
      },
    ),
    '/api/graph/search': operation(
      'searchGraph',
      'Nodes of the whole mesh by name, whatever the view folds or leaves out, best first.',
      [
        parameter(
          'q',
          'Words of a name; every one must match. `namespace:name` asks one field.',
          { type: 'string', maxLength: MAX_SEARCH_TEXT },
          true,
        ),
        ...viewParameters,
      ],
      { '200': json('Search', 'What was found, and what of the view stands for it.'), ...FAULTS },
    ),
    '/api/graph/find': operation(
      'findInGraph',
      'What a find text matches in the whole of a view, folded or not.',
      [
        parameter(
          'find',
          'Plain words, or an expression of the find and hide language.',
          { type: 'string', maxLength: MAX_FIND_LENGTH },
          true,
        ),
        ...viewParameters,
      ],
      { '200': json('Found', 'What matches, and what of the view stands for it.'), ...FAULTS },
    ),
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
    '/api/load': operation('readLoad', 'What is asked of the metrics backend in a minute, and on whose behalf. Names no namespace.', [], {
      '200': json('Load', 'Queries, seconds and bytes by cause, windows and how often they are read.'),
      ...FAULTS,
    }),
    ...timePaths(viewParameters),
    ...STEERING_PATHS,
    ...CHANGE_PATHS,
    '/api/access': operation(
      'readAccess',
      'What the caller may do in a namespace, and what to ask an administrator for.',
      [parameter('namespace', 'Name of a namespace.', { type: 'string', pattern: '^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$' }, true)],
      { '200': json('Access', 'Every deed that the console knows, allowed or not.'), ...FAULTS },
    ),
    '/api/me': operation('readMe', 'Who is asking, how long the session lasts, and its token against forged requests.', [], {
      '200': json('Me', 'The caller; user is null when nobody is logged in.'),
      '502': problem(FAILURES.clusterUnreachable.title),
      '503': FAULTS['503'],
    }),
    ...DASHBOARD_PATHS,
    ...ENTITY_METRICS_PATHS,
    ...DETAIL_PATHS,
    ...LOG_PATHS,
    ...LIST_PATHS,
    '/api/auth/login': {
      ...operation(
        'beginLogin',
        'Leaves for the OpenID provider; what goes wrong leads back to /login.',
        [parameter('to', 'Local path to come back to, without the base path.', { type: 'string', maxLength: 4000 })],
        {
          '302': empty('To the provider, or to /login?failed=<code>.'),
          '404': problem(FAILURES.notFound.title),
          '429': problem(FAILURES.tooManyRequests.title),
          '503': FAULTS['503'],
        },
      ),
      ...post(
        'loginByToken',
        'Logs in by a Kubernetes token (auth.strategy token). Needs an Origin of the console.',
        { 'application/json': { schema: { $ref: '#/components/schemas/TokenLogin' } } },
        {
          '204': empty('Logged in; the session is in the cookie.'),
          '400': problem(FAILURES.badRequest.title),
          '401': problem(FAILURES.unauthenticated.title),
          '403': problem(FAILURES.forbidden.title),
          '404': problem(FAILURES.notFound.title),
          '413': problem(FAILURES.tooLarge.title),
          '429': problem(FAILURES.tooManyRequests.title),
          '502': problem(FAILURES.clusterUnreachable.title),
          '503': FAULTS['503'],
          '504': problem(FAILURES.clusterTimeout.title),
        },
      ),
    },
    '/api/auth/callback': operation('finishLogin', 'Where the OpenID provider sends the browser back to.', [], {
      '302': empty('To the page that the login began at, or to /login?failed=<code>.'),
      '404': problem(FAILURES.notFound.title),
      '429': problem(FAILURES.tooManyRequests.title),
      '503': FAULTS['503'],
    }),
    '/api/auth/logout': post('logout', 'Ends the session. Needs an Origin of the console and the header x-heddle-csrf.', null, {
      '200': json('Logout', 'Where the browser goes, to end the session of the provider too.'),
      '403': problem(FAILURES.forbidden.title),
      '503': FAULTS['503'],
    }),
    '/api/auth/backchannel-logout': post(
      'logoutByProvider',
      'The provider ends sessions by a token that it signed (OpenID Connect Back-Channel Logout 1.0).',
      { 'application/x-www-form-urlencoded': { schema: { $ref: '#/components/schemas/ProviderLogout' } } },
      {
        '200': { description: 'The sessions are over.', content: { 'application/json': { schema: { type: 'object' } } } },
        '400': json('OAuthError', 'Why the token is refused (RFC 6749, 5.2).'),
        '404': problem(FAILURES.notFound.title),
        '413': problem(FAILURES.tooLarge.title),
        '429': problem(FAILURES.tooManyRequests.title),
        '503': FAULTS['503'],
      },
    ),
    '/api/auth/doctor': operation(
      'readDoctor',
      'How the failed login of this browser went, else that of the caller, and what to change.',
      [],
      {
        '200': json('Doctor', 'What came, what matched, what is wrong.'),
        '401': problem(FAILURES.unauthenticated.title),
        '503': FAULTS['503'],
      },
    ),
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
