// Schemas and paths of the pages' documents. In: model's constants. Out: DETAIL_SCHEMAS, DETAIL_PATHS.
import { OBJECT_RELATIONS } from '../../model/detail';
import { ENTITY_KINDS, ENTITY_PATHS } from '../../model/entity';
import { FAILURES } from '../../model/failure';
import { OVERLAYS } from '../../model/wire';
import { FAULTS, json, operation, parameter, pathParameter, problem } from './operations';
import { described, flag, list, number, object, oneOf, orNull, ref, type Schema, stringMap, text } from './schema-parts';
import { durationParameter } from './view-parameters';

const entity = object({ kind: oneOf(...ENTITY_KINDS), namespace: text, name: text });
const status = oneOf('failure', 'degraded', 'notReady', 'healthy', 'na');
const mtls = object({
  demands: described(orNull(oneOf('STRICT', 'PERMISSIVE', 'DISABLE')), 'What the proxy demands; null: no proxy is known to ask.'),
  demandedBy: described(orNull(ref('ConfigRef')), 'Null: the default, or what may not be seen.'),
  clients: described(orNull(oneOf('istioMutual', 'plaintext', 'tls')), 'What sidecars in the namespace send.'),
  clientsBy: orNull(ref('ConfigRef')),
  why: text,
});
const peer = object({
  node: text,
  edge: text,
  label: text,
  kind: text,
  cluster: text,
  namespace: text,
  entity: described(orNull(entity), 'Its page; null: it has none.'),
  members: number,
  protocol: oneOf('http', 'grpc', 'tcp'),
  requestsPerSecond: number,
  errorsPerSecond: number,
  bytesPerSecond: number,
  latency: orNull(object({ averageMs: orNull(number), p50Ms: orNull(number), p95Ms: orNull(number), p99Ms: orNull(number) })),
  mtlsShare: orNull(number),
  health: status,
});
const pod = object({
  name: text,
  workload: orNull(text),
  ready: flag,
  phase: text,
  restarts: number,
  createdAtMs: number,
  ip: text,
  node: orNull(text),
  containers: list(text),
  proxy: oneOf('sidecar', 'ztunnel', 'none'),
  proxyVersion: orNull(text),
});

export const DETAIL_SCHEMAS: Readonly<Record<string, Schema>> = {
  Details: object({
    entity,
    cluster: text,
    node: described(orNull(text), 'Id of its node in graphs.'),
    inCluster: described(flag, 'False: only the metrics know it.'),
    windowSeconds: number,
    atMs: described(orNull(number), 'Instant at which the window ends; null: no traffic is known.'),
    freshness: ref('Freshness'),
    facts: object({
      kind: orNull(text),
      createdAtMs: orNull(number),
      labels: stringMap,
      annotations: stringMap,
      app: orNull(text),
      versions: list(text),
      serviceAccounts: list(text),
      host: orNull(text),
      addresses: list(text),
      selector: stringMap,
    }),
    health: object({ status, reasons: list({ type: 'object' }) }),
    mesh: object({ mode: orNull(text), revision: orNull(text), reasons: list(text) }),
    members: list(
      object({
        entity,
        how: oneOf('selects', 'part', 'of'),
        health: orNull(status),
        pods: orNull(object({ ready: number, desired: number })),
      }),
    ),
    membersMore: number,
    pods: list(pod),
    podsMore: number,
    ports: list(
      object({
        port: number,
        name: text,
        targetPort: text,
        transport: text,
        appProtocol: orNull(text),
        protocol: oneOf('http', 'tls', 'tcp', 'udp', 'auto'),
        decidedBy: text,
        mtls,
      }),
    ),
    mtls: orNull(mtls),
    objects: list(
      object({
        ref: ref('ConfigRef'),
        how: oneOf(...OBJECT_RELATIONS),
        text,
        effective: flag,
        createdAtMs: number,
        findings: object({ error: number, warning: number, info: number }),
      }),
    ),
    objectsMore: number,
    findings: list(ref('Finding')),
    remarks: list(object({ code: text, severity: oneOf('error', 'warning', 'info'), entity, message: text, consequence: text })),
    traffic: orNull(object({ inbound: list(peer), outbound: list(peer) })),
  }),
  Events: object({
    events: list(object({ type: text, reason: text, message: text, about: text, count: number, lastAtMs: number })),
    more: described(number, 'Older ones that are left out.'),
  }),
};

const kind = { ...pathParameter('kind', 'What it is.'), schema: { type: 'string', enum: Object.values(ENTITY_PATHS) } };
const namespace = pathParameter('namespace', 'Name of a namespace.');
const name = pathParameter('name', 'Its name.');
const parameters = [
  durationParameter,
  parameter('overlays', `Data beyond rates, separated by commas: ${OVERLAYS.join(', ')}.`, { type: 'string' }),
];
const answers = { '200': json('Details', 'Everything that is known of it.'), ...FAULTS, '404': problem(FAILURES.notFound.title) };
const events = { '200': json('Events', 'Newest first.'), ...FAULTS, '404': problem(FAILURES.notFound.title) };

export const DETAIL_PATHS = {
  '/api/details/{kind}/{namespace}': operation(
    'readNamespace',
    'Everything of a namespace (kind `namespaces`).',
    [kind, namespace, ...parameters],
    answers,
  ),
  '/api/details/{kind}/{namespace}/{name}': operation(
    'readEntity',
    'Everything of an application, workload or service.',
    [kind, namespace, name, ...parameters],
    answers,
  ),
  '/api/events/{kind}/{namespace}': operation(
    'readNamespaceEvents',
    'Kubernetes events of a namespace (kind `namespaces`), in the name of the user.',
    [kind, namespace],
    events,
  ),
  '/api/events/{kind}/{namespace}/{name}': operation(
    'readEntityEvents',
    'Kubernetes events of an application, workload or service and its pods, in the name of the user.',
    [kind, namespace, name],
    events,
  ),
} as const;
