// JSON Schemas of what steering sends and receives. In: model's constants. Out: STEERING_SCHEMAS by name.
import { FINDING_SEVERITIES } from '../../model/finding';
import { CONFIG_KINDS } from '../../model/inventory';
import { described, flag, list, number, object, oneOf, orNull, ref, type Schema, stringMap, text } from './schema-parts';

const anyObject: Schema = { type: 'object' };
/** Members beside those named may be absent. */
const open = (required: Record<string, Schema>, description: string): Schema => ({
  type: 'object',
  required: Object.keys(required),
  properties: required,
  description,
});

const EDIT_TYPES = [
  'weights',
  'match',
  'fault',
  'timeout',
  'retries',
  'mirror',
  'rewrite',
  'headers',
  'cors',
  'addRule',
  'moveRule',
  'removeRule',
  'disableRule',
  'enableRule',
  'trafficPolicy',
  'subsets',
  'expose',
  'yaml',
  'delete',
] as const;

const destinationState = oneOf('ok', 'missing', 'empty');
const rewrite = orNull(object({ path: orNull(text), authority: orNull(text) }));
const policy = described(anyObject, 'loadBalancer, connectionPool, outlierDetection and tls as Istio writes them');
const routed = object({
  host: text,
  subset: orNull(text),
  port: orNull(number),
  weight: orNull(number),
  share: { type: 'number', minimum: 0, maximum: 1 },
  state: destinationState,
  readyEndpoints: orNull(number),
  workloads: list(text),
  requestsPerSecond: orNull(number),
});
const tried = object({ rule: ref('ConfigPointer'), name: orNull(text), matched: flag, why: text });

export const STEERING_SCHEMAS: Readonly<Record<string, Schema>> = {
  ConfigRef: object(
    { kind: oneOf(...CONFIG_KINDS), namespace: text, name: text },
    'K8sGateway is the Gateway of gateway.networking.k8s.io.',
  ),
  ConfigPointer: object({ kind: text, namespace: text, name: text, path: text }, 'A place in an object, spec.http[1].route[0].'),
  Edit: open(
    { type: oneOf(...EDIT_TYPES) },
    'An intent on a rule or policy, or an object as YAML. Members beside type are those of its kind; unknown fields of the object stay as they are.',
  ),
  EditProblem: {
    type: 'object',
    required: ['edit', 'ref', 'path', 'message', 'next'],
    properties: { edit: number, ref: orNull(ref('ConfigRef')), path: text, message: text, next: text, line: number, column: number },
    additionalProperties: false,
  },
  Finding: object({
    code: described(text, 'IST…, KIA… or HED…'),
    aliases: list(text),
    severity: oneOf(...FINDING_SEVERITIES),
    object: ref('ConfigRef'),
    path: text,
    message: text,
    consequence: text,
    fix: orNull(object({ title: text, edits: list(ref('Edit')) })),
  }),
  CheckRequest: object({ edits: list(ref('Edit')) }),
  Check: object({
    problems: list(ref('EditProblem')),
    findings: list(object({ finding: ref('Finding'), origin: oneOf('existing', 'new', 'mended') })),
  }),
  RoutingRule: object({
    rule: open(
      { object: orNull(ref('ConfigRef')), list: oneOf('http', 'tls', 'tcp'), index: number, host: text },
      'How edits name the rule.',
    ),
    name: orNull(text),
    gateways: list(text),
    words: object({ when: text, what: text, also: list(text) }),
    matches: orNull(list(anyObject)),
    action: oneOf('route', 'redirect', 'respond', 'delegate', 'none'),
    destinations: list(routed),
    fault: orNull(anyObject),
    timeoutMs: orNull(number),
    retries: orNull(object({ attempts: number, perTryTimeoutMs: orNull(number), retryOn: list(text) })),
    mirror: orNull(object({ host: text, subset: orNull(text), port: orNull(number), percent: number })),
    rewrite,
    headers: orNull(object({ request: anyObject, response: anyObject })),
    cors: orNull(anyObject),
    raw: anyObject,
    unreachable: orNull(text),
    liveShare: orNull({ type: 'number', minimum: 0, maximum: 1 }),
  }),
  ServiceRouting: object({
    namespace: text,
    name: text,
    host: text,
    ports: list(object({ name: text, port: number, protocol: text })),
    objects: list(object({ ref: ref('ConfigRef'), resourceVersion: text, effective: flag, why: text })),
    rules: list(ref('RoutingRule')),
    disabledRules: list(object({ object: ref('ConfigRef'), position: number, words: text, raw: anyObject })),
    versions: list(
      object({
        subset: orNull(text),
        labels: stringMap,
        definedBy: orNull(ref('ConfigRef')),
        readyEndpoints: number,
        workloads: list(text),
        requestsPerSecond: orNull(number),
      }),
    ),
    policy: object({ definedBy: orNull(ref('ConfigRef')), whole: policy, bySubset: list(object({ subset: text, policy })) }),
    exposedBy: list(object({ gateway: ref('ConfigRef'), route: ref('ConfigRef'), hostnames: list(text) })),
    gateways: list(object({ ref: ref('ConfigRef'), hostnames: list(text), ports: list(number) })),
    findings: list(ref('Finding')),
    requestsPerSecond: orNull(number),
    trafficAtMs: orNull(number),
  }),
  ConfigNames: object({
    namespaces: list(text),
    hosts: list(
      object({
        host: text,
        namespace: text,
        name: text,
        kind: oneOf('Service', 'ServiceEntry'),
        ports: list(object({ number, name: text, protocol: text })),
        subsets: list(text),
      }),
    ),
    gateways: list(object({ kind: oneOf('Gateway', 'K8sGateway'), namespace: text, name: text, listeners: list(text) })),
    gatewayClasses: list(text),
    serviceAccounts: list(object({ namespace: text, name: text })),
    labels: list(object({ name: text, values: list(text) })),
  }),
  ConfigList: object({
    rows: list(
      object({
        ref: ref('ConfigRef'),
        apiVersion: text,
        createdAtMs: number,
        resourceVersion: text,
        owner: orNull(text),
        findings: object({ error: number, warning: number, info: number }),
        state: orNull(object({ word: text, good: orNull(flag) })),
        summary: text,
        labels: { type: 'object', additionalProperties: text },
      }),
    ),
    kinds: list(object({ kind: text, apiVersion: orNull(text), reason: orNull(text) })),
    entities: list(
      object({
        code: text,
        severity: oneOf('error', 'warning', 'info'),
        entity: object({ kind: oneOf('namespace', 'app', 'workload', 'service'), namespace: text, name: text }),
        message: text,
        consequence: text,
      }),
    ),
  }),
  ExplainQuestion: object({
    source: object({ namespace: text, workload: text }),
    host: text,
    port: number,
    protocol: oneOf('http', 'grpc', 'tcp', 'tls'),
    method: text,
    path: described(text, 'With the query string.'),
    headers: stringMap,
  }),
  ExplainRequest: {
    type: 'object',
    required: ['question'],
    properties: { question: ref('ExplainQuestion'), edits: list(ref('Edit')) },
    additionalProperties: false,
  },
  Explanation: object({
    decision: open(
      {
        outcome: oneOf('route', 'redirect', 'directResponse', 'passthrough', 'blackHole', 'noRoute'),
        tried: list(tried),
        rule: orNull(ref('ConfigPointer')),
        virtualHost: orNull(text),
      },
      'Where the request goes; the other members are those of its outcome.',
    ),
    policies: list(object({ host: text, subset: orNull(text), decidedBy: orNull(ref('ConfigPointer')), policy: orNull(anyObject) })),
    mtls: list(object({ workload: text, outcome: anyObject })),
    authorization: list(object({ workload: text, outcome: anyObject })),
    inbound: list(object({ workload: text, endpoint: orNull(text), decidedBy: ref('ConfigPointer') })),
    summary: text,
  }),
  // biome-ignore lint/suspicious/noThenProperty: a name in a schema
  Explain: object({ now: ref('Explanation'), then: orNull(ref('Explanation')) }),
};
