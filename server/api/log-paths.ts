// The routes and schemas of logs. In: model's limits. Out: LOG_PATHS, LOG_SCHEMAS.
import { ENTITY_KINDS } from '../../model/entity';
import { FAILURES } from '../../model/failure';
import { CONTAINER_ROLES, MAX_PAGE_LINES, MAX_SOURCES, SOURCE_STATES } from '../../model/log';
import { DEFAULT_TAIL } from '../../model/log-query';
import { FAULTS, json, operation, parameter, pathParameter, problem } from './operations';
import { described, flag, list, number, object, oneOf, orNull, type Schema, text } from './schema-parts';

const source = object({ pod: text, container: text });

export const LOG_SCHEMAS: Readonly<Record<string, Schema>> = {
  LogPods: object({
    namespace: text,
    pods: list(
      object({
        name: text,
        workload: text,
        version: text,
        phase: text,
        ready: flag,
        restarts: number,
        containers: list(
          object({
            name: text,
            role: oneOf(...CONTAINER_ROLES),
            restarted: described(flag, 'There may be a log from before its last restart.'),
          }),
        ),
      }),
    ),
    left: described(number, 'Pods beyond those listed.'),
    allowed: described(orNull({ type: 'boolean' }), 'Whether the caller may read logs there; null: only the API server knows.'),
  }),
  LogPage: object({
    sources: list(source),
    rows: list(
      described(
        { type: 'array', prefixItems: [number, text, orNull(text), number], minItems: 3, maxItems: 4 },
        'Place of the source, instant (UTC, nine digits), text, bytes cut. Text null: so many lines were skipped here.',
      ),
    ),
    complete: described(flag, 'Nothing older is kept, or the asked beginning is reached.'),
    reports: list(object({ source: number, state: oneOf(...SOURCE_STATES), detail: text })),
  }),
};

const namespace = pathParameter('namespace', 'Namespace of the pods.');
const sources = parameter('source', `\`pod/container\`; may stand up to ${MAX_SOURCES} times.`, { type: 'string' }, true);
const since = parameter('since', 'Nothing older than so many seconds.', { type: 'integer', minimum: 0 });
const previous = parameter('previous', 'The container before its last restart.', { type: 'boolean', default: false });
const tail = parameter('tail', 'Lines at most; of a live tail: those before it begins.', {
  type: 'integer',
  minimum: 0,
  maximum: MAX_PAGE_LINES,
  default: DEFAULT_TAIL,
});
const REFUSALS = {
  '400': FAULTS['400'],
  '401': FAULTS['401'],
  '403': FAULTS['403'],
  '404': problem(FAILURES.notFound.title),
  '429': problem(FAILURES.tooManyRequests.title),
  '502': problem(FAILURES.clusterUnreachable.title),
  '503': FAULTS['503'],
};

export const LOG_PATHS = {
  '/api/logs/{namespace}/pods': operation(
    'readLogPods',
    'The pods behind a workload, an application or a service, with their containers.',
    [
      namespace,
      parameter('kind', 'What it is.', { enum: [...ENTITY_KINDS] }, true),
      parameter('name', 'Its name; not needed for a namespace.', { type: 'string', maxLength: 253 }),
    ],
    { '200': json('LogPods', 'The pods.'), ...REFUSALS },
  ),
  '/api/logs/{namespace}': operation(
    'readLogs',
    'Lines of containers by time: the last ones, or those before an instant.',
    [
      namespace,
      sources,
      tail,
      since,
      parameter('before', 'Only lines before this instant, written as lines carry it.', { type: 'string' }),
      previous,
    ],
    { '200': json('LogPage', 'The lines, oldest first.'), ...REFUSALS },
  ),
  '/api/logs/{namespace}/stream': operation(
    'streamLogs',
    'A live tail of containers, merged by time, as server-sent events.',
    [
      namespace,
      sources,
      tail,
      since,
      parameter('after', 'Go on after a place: `pod/container@instant~hash`; may stand once for each container.', { type: 'string' }),
    ],
    {
      '200': {
        description:
          'Events `sources` (what the lines name), `lines` (rows as of a LogPage; a slow reader is told how many were skipped) and `state` (what became of a container).',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      ...REFUSALS,
    },
  ),
  '/api/logs/{namespace}/text': operation(
    'downloadLogs',
    'Whole logs of containers as a file, merged by time.',
    [namespace, sources, since, previous],
    { '200': { description: 'Lines with their instants.', content: { 'text/plain': { schema: { type: 'string' } } } }, ...REFUSALS },
  ),
} as const;
