// Edits and questions as they come over the network. In: unknown JSON. Out: Edit[], ExplainQuestion; what is not one is refused with its place.
// Limits keep one request from costing more than a change is worth; what an edit means is for the plan to judge.
import * as v from 'valibot';
import type { Edit, Intent, MatchEdit, TextCondition } from './edit';
import { Failure } from './failure';
import { CONFIG_KINDS, type Json, type JsonObject } from './inventory';
import type { ConfigFilter, ExplainQuestion } from './steering';
import { MAX_NAMESPACES } from './wire';

/** Largest body of a request that carries edits. */
export const MAX_EDITS_BYTES = 1_572_864;
const MAX_EDITS = 200;

const text = v.pipe(v.string(), v.maxLength(8192));
const name = v.pipe(v.string(), v.maxLength(253));
const whole = v.pipe(v.number(), v.integer());
const position = v.pipe(whole, v.minValue(0), v.maxValue(100_000));
const portNumber = v.pipe(whole, v.minValue(0), v.maxValue(65_535));
const list = <T extends v.GenericSchema>(entry: T, most = 1000) => v.pipe(v.array(entry), v.maxLength(most));
const texts = v.record(v.pipe(v.string(), v.maxLength(1024)), text);

const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.number(), v.string(), v.array(json), v.record(v.string(), json)]),
);
const jsonObject: v.GenericSchema<JsonObject> = v.record(v.string(), json);

const ref = v.object({ kind: v.picklist(CONFIG_KINDS), namespace: name, name });
const rule = v.object({
  object: v.nullable(ref),
  list: v.picklist(['http', 'tls', 'tcp']),
  index: position,
  host: name,
  as: v.exactOptional(v.picklist(['VirtualService', 'HTTPRoute'])),
  port: v.exactOptional(portNumber),
});
const condition: v.GenericSchema<TextCondition> = v.variant('type', [
  v.object({ type: v.picklist(['exact', 'prefix', 'regex']), value: text }),
  v.object({ type: v.literal('present') }),
]);
const named = v.object({ name: text, condition });
const match: v.GenericSchema<MatchEdit> = v.object({
  path: v.exactOptional(condition),
  method: v.exactOptional(text),
  headers: v.exactOptional(list(named)),
  queryParams: v.exactOptional(list(named)),
  sourceLabels: v.exactOptional(texts),
  sourceNamespace: v.exactOptional(name),
  port: v.exactOptional(portNumber),
  gateways: v.exactOptional(list(text)),
});
const destination = v.object({ host: name, subset: v.nullable(name), port: v.nullable(portNumber), weight: v.number() });
const fault = v.object({
  delay: v.nullable(v.object({ milliseconds: v.number(), percent: v.number() })),
  abort: v.nullable(v.object({ httpStatus: v.exactOptional(v.number()), grpcStatus: v.exactOptional(text), percent: v.number() })),
});
const retries = v.object({ attempts: v.number(), perTryTimeoutMs: v.nullable(v.number()), retryOn: list(text, 50) });
const operations = v.object({ set: v.exactOptional(texts), add: v.exactOptional(texts), remove: v.exactOptional(list(text)) });
const cors = v.object({
  allowOrigins: list(condition),
  allowMethods: list(text),
  allowHeaders: list(text),
  exposeHeaders: list(text),
  maxAgeSeconds: v.nullable(v.number()),
  allowCredentials: v.nullable(v.boolean()),
});
const policyPart = v.exactOptional(v.nullable(jsonObject));
const action = v.variant('type', [
  v.object({ type: v.literal('route'), destinations: list(destination, 100) }),
  v.object({ type: v.literal('redirect'), path: v.nullable(text), authority: v.nullable(text), status: v.number() }),
  v.object({ type: v.literal('respond'), status: v.number(), body: v.nullable(text) }),
]);
const onRule = <const T extends Intent['type'], E extends v.ObjectEntries>(type: T, entries: E) =>
  v.object({ type: v.literal(type), rule, ...entries });

const edit: v.GenericSchema<Edit> = v.variant('type', [
  onRule('weights', { destinations: list(destination, 100) }),
  onRule('match', { matches: list(match, 100) }),
  onRule('fault', { fault: v.nullable(fault) }),
  onRule('timeout', { milliseconds: v.nullable(v.number()) }),
  onRule('retries', { retries: v.nullable(retries) }),
  onRule('mirror', {
    mirror: v.nullable(v.object({ host: name, subset: v.nullable(name), port: v.nullable(portNumber), percent: v.number() })),
  }),
  onRule('rewrite', { rewrite: v.nullable(v.object({ path: v.nullable(text), authority: v.nullable(text) })) }),
  onRule('headers', { headers: v.nullable(v.object({ request: operations, response: operations })) }),
  onRule('cors', { cors: v.nullable(cors) }),
  onRule('addRule', {
    name: v.nullable(text),
    matches: list(match, 100),
    action,
    fault: v.exactOptional(v.nullable(fault)),
    timeoutMs: v.exactOptional(v.nullable(v.number())),
  }),
  onRule('moveRule', { to: position }),
  onRule('removeRule', {}),
  onRule('disableRule', {}),
  v.object({ type: v.literal('enableRule'), object: ref, position }),
  v.object({
    type: v.literal('trafficPolicy'),
    host: name,
    namespace: name,
    subset: v.nullable(name),
    policy: v.object({ loadBalancer: policyPart, connectionPool: policyPart, outlierDetection: policyPart, tls: policyPart }),
  }),
  v.object({
    type: v.literal('subsets'),
    host: name,
    namespace: name,
    subsets: list(v.object({ name, labels: texts }), 100),
  }),
  v.object({
    type: v.literal('expose'),
    host: name,
    port: portNumber,
    namespace: name,
    gateway: ref,
    hostnames: list(name, 100),
    pathPrefix: text,
    name,
  }),
  v.object({
    type: v.literal('yaml'),
    ref: v.nullable(ref),
    yaml: v.pipe(v.string(), v.maxLength(MAX_EDITS_BYTES)),
    resourceVersion: v.nullable(name),
  }),
  v.object({ type: v.literal('delete'), ref }),
]);
const edits = list(edit, MAX_EDITS);

const question: v.GenericSchema<ExplainQuestion> = v.object({
  source: v.object({ namespace: name, workload: name }),
  host: name,
  port: portNumber,
  protocol: v.picklist(['http', 'grpc', 'tcp', 'tls']),
  method: text,
  path: text,
  headers: texts,
});

/** Null: deeper than the stack. */
function parse<T>(schema: v.GenericSchema<T>, value: unknown): v.SafeParseResult<v.GenericSchema<T>> | null {
  try {
    return v.safeParse(schema, value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function decode<T>(schema: v.GenericSchema<T>, value: unknown, what: string): T {
  const parsed = parse(schema, value);
  if (parsed === null) throw new Failure('badRequest', `${what}: it is nested too deeply`, 'Send what Istio and the Gateway API know.');
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.slice(0, 5).map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message.slice(0, 200)}`);
  throw new Failure('badRequest', `${what}: ${faults.join('; ')}`, 'Correct the request; /api/openapi.json describes it.');
}

/** @throws Failure badRequest */
export const decodeEdits = (value: unknown): readonly Edit[] => decode<readonly Edit[]>(edits, value, 'the edits cannot be read');

/** @throws Failure badRequest */
export const decodeQuestion = (value: unknown): ExplainQuestion => decode(question, value, 'the question cannot be read');

/** `kinds` and `namespaces`: names separated by commas, absent = all. @throws Failure badRequest */
export function decodeConfigFilter(query: URLSearchParams): ConfigFilter {
  const read = (parameter: string): readonly string[] | null => {
    const value = query.get(parameter);
    if (value === null || value === '') return null;
    const names = [...new Set(value.split(',').filter((part) => part !== ''))];
    if (names.length > MAX_NAMESPACES)
      throw new Failure('badRequest', `${parameter} has more than ${MAX_NAMESPACES} names`, 'Ask for fewer, or for all.');
    return names;
  };
  const kinds = read('kinds');
  const unknown = kinds?.find((kind) => !CONFIG_KINDS.some((known) => known === kind));
  if (unknown !== undefined)
    throw new Failure('badRequest', `kinds: ${JSON.stringify(unknown.slice(0, 80))} is no kind`, `Choose of ${CONFIG_KINDS.join(', ')}.`);
  return { kinds, namespaces: read('namespaces') };
}
