// Schemas and paths of what the API says about time: comparisons of two windows. In: model's constants. Out: TIME_SCHEMAS, timePaths.
import { MAX_NOISE_LISTED, MEASURES } from '../../model/comparison';
import { DEFAULT_HISTORY_SECONDS, DEFAULT_STEP_SECONDS } from '../../model/replay';
import { encodeDuration } from '../../model/wire';
import { FAULTS, json, operation, parameter } from './operations';
import { described, list, number, object, oneOf, orNull, ref, type Schema, text } from './schema-parts';

const TONES = ['added', 'removed', 'worse', 'better', 'changed', 'noise'] as const;
const elementChange = {
  kind: oneOf('added', 'removed', 'changed'),
  tone: described(oneOf(...TONES), 'How it is shown; noise: nothing that chance could not have done.'),
  weight: described(number, 'Largest weight of its measures.'),
  measures: list(ref('MeasureChange')),
};
const toneCounts = object(Object.fromEntries(TONES.map((tone) => [tone, number])));
const point: Schema = { type: 'array', minItems: 2, maxItems: 2 };
const comparedWindow = object({ atMs: number, requestsPerSecond: number, errorsPerSecond: number, tcpBytesPerSecond: number });

export const TIME_SCHEMAS: Readonly<Record<string, Schema>> = {
  MeasureChange: object({
    measure: oneOf(...MEASURES),
    before: orNull(number),
    after: orNull(number),
    change: orNull(number),
    relative: described(orNull(number), 'Change as a part of what was before.'),
    weight: described(
      orNull(number),
      'Change in multiples of what chance could bring; above 1 it exceeds noise, null: it cannot be judged.',
    ),
  }),
  Comparison: object({
    view: ref('View'),
    baseline: {
      anyOf: [object({ kind: { const: 'instant' }, atSeconds: number }), object({ kind: { const: 'ago' }, seconds: number })],
    },
    windowSeconds: number,
    before: comparedWindow,
    after: comparedWindow,
    edges: described(
      list(object({ id: text, source: text, target: text, protocol: oneOf('http', 'grpc', 'tcp'), ...elementChange })),
      `Everything beyond noise and the ${MAX_NOISE_LISTED} heaviest of the rest, heaviest first.`,
    ),
    nodes: list(object({ id: text, ...elementChange })),
    edgeCounts: toneCounts,
    nodeCounts: toneCounts,
    tests: object({ count: number, deviations: number }),
    ghosts: object({ nodes: list(ref('Node')), boxes: list(ref('Box')), edges: list(ref('Edge')) }),
    freshness: ref('Freshness'),
  }),
  Replay: object({
    fromMs: number,
    toMs: number,
    stepSeconds: number,
    frames: number,
    warnings: list(text),
    cost: object({ queries: number, bytes: number, wallMs: number }),
  }),
  RateHistory: object({
    fromMs: number,
    toMs: number,
    stepSeconds: number,
    requests: list(point),
    errors: list(point),
    promql: list(text),
  }),
};

const instantParameter = (name: 'start' | 'end', required: boolean) =>
  parameter(
    name,
    `Instant of the ${name} in unix seconds${required ? '' : '; absent = now'}.`,
    { type: 'string', pattern: '^\\d{9,11}$' },
    required,
  );
const STEP: Schema = { type: 'string', pattern: '^\\d+[smhd]?$', default: encodeDuration(DEFAULT_STEP_SECONDS) };

/** Paths about time, for views with these parameters. */
export const timePaths = (viewParameters: readonly unknown[]) => ({
  '/api/graph/compare': operation(
    'compareGraph',
    'A view compared with itself at another instant, as far as chance alone does not explain it.',
    [
      parameter(
        'with',
        'The baseline: an instant in unix seconds, or how long before the window of the view (1m to 30d).',
        { type: 'string', pattern: '^(\\d{9,11}|\\d{1,9}[smhd])$' },
        true,
      ),
      ...viewParameters,
    ],
    { '200': json('Comparison', 'What came, went and changed.'), ...FAULTS },
  ),
  '/api/graph/replay': operation(
    'prepareReplay',
    'Reads a range of the past by few queries; afterwards the view is at hand at each of its instants (parameter at).',
    [instantParameter('start', true), instantParameter('end', true), parameter('step', 'Distance of two frames.', STEP), ...viewParameters],
    { '200': json('Replay', 'What was read.'), ...FAULTS },
  ),
  '/api/graph/rates': operation(
    'readRates',
    'Requests and errors per second over time, of everything or of some namespaces.',
    [
      parameter('namespaces', 'Names separated by commas; absent = all.', { type: 'string' }),
      parameter('range', 'How long, from 5m to 30d.', {
        type: 'string',
        pattern: '^\\d+[smhd]?$',
        default: encodeDuration(DEFAULT_HISTORY_SECONDS),
      }),
      instantParameter('end', false),
    ],
    { '200': json('RateHistory', 'The rates with their query.'), ...FAULTS },
  ),
});
