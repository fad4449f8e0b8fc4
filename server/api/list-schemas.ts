// Schemas and the path of the lists. In: model's constants. Out: LIST_SCHEMAS, LIST_PATHS.
import { ENTITY_KINDS, ENTITY_PATHS } from '../../model/entity';
import { LIST_MODES, MAX_ROW_REFS } from '../../model/list';
import { MAX_NAMESPACES } from '../../model/wire';
import { FAULTS, json, operation, parameter, pathParameter } from './operations';
import { described, flag, list, number, object, oneOf, orNull, ref, type Schema, stringMap, text } from './schema-parts';
import { durationParameter } from './view-parameters';

const HEALTH = oneOf('failure', 'degraded', 'notReady', 'healthy', 'na');
const rates = described(
  orNull({ type: 'array', minItems: 5, maxItems: 5, items: number }),
  'Per second: HTTP, its errors, gRPC, its errors, bytes of TCP; null: not known, or no such direction.',
);
const direction = oneOf('inbound', 'outbound');
const reason: Schema = {
  anyOf: [
    object({
      kind: oneOf('requests'),
      direction,
      protocol: oneOf('http', 'grpc'),
      code: text,
      errorPercent: number,
      degradedPercent: number,
      failurePercent: number,
      status: HEALTH,
    }),
    object({ kind: oneOf('pods'), workload: text, available: number, desired: number, status: HEALTH }),
    { type: 'null' },
  ],
};

export const LIST_SCHEMAS: Readonly<Record<string, Schema>> = {
  ListRow: object({
    cluster: text,
    namespace: text,
    name: text,
    kind: described(orNull(text), 'Of the workload, or type of the service.'),
    health: HEALTH,
    reason: described(reason, 'The worst.'),
    reasonOf: described(orNull(text), 'Whose it is, where it is that of a part.'),
    inbound: rates,
    outbound: rates,
    p95Ms: described(orNull(number), 'Of what comes in; null while quantiles are not collected.'),
    mtlsShare: orNull(number),
    mode: orNull(oneOf(...LIST_MODES)),
    injection: described(orNull(text), 'The label that decides it.'),
    unmeshedPods: described(number, 'Ready pods without a proxy where the others have one.'),
    labels: stringMap,
    pods: orNull(object({ ready: number, desired: number })),
    versions: list(text),
    proxies: described(list(text), 'Releases of its proxies.'),
    refs: described(
      object({ count: number, first: list(text) }),
      `Objects that apply to it: how many, and the first ${MAX_ROW_REFS} as kind/namespace/name.`,
    ),
    findings: described({ type: 'array', minItems: 3, maxItems: 3, items: number }, 'Errors, warnings, remarks.'),
    known: described(flag, 'False: only the metrics know it.'),
  }),
  List: object({
    kind: oneOf(...ENTITY_KINDS),
    atMs: orNull(number),
    windowSeconds: number,
    quantilesAtMs: orNull(number),
    rows: list(ref('ListRow')),
    freshness: ref('Freshness'),
  }),
};

const kind = { ...pathParameter('kind', 'What is listed.'), schema: { type: 'string', enum: Object.values(ENTITY_PATHS) } };

export const LIST_PATHS = {
  '/api/lists/{kind}': operation(
    'readList',
    'Every namespace, application, workload or service with health, rates, mTLS, mode, pods, configuration and findings.',
    [
      kind,
      durationParameter,
      parameter('namespaces', `Names separated by commas, at most ${MAX_NAMESPACES}; absent = all.`, { type: 'string' }),
      parameter('quantiles', 'Have quantiles of durations collected, for the P95.', { type: 'boolean', default: false }),
    ],
    {
      '200': json('List', 'The rows, by cluster, namespace and name. Its ETag, sent as If-None-Match, saves sending the same again (304).'),
      ...FAULTS,
    },
  ),
} as const;
