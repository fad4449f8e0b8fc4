// Edits as they come over the network. In: unknown JSON. Out: Edit[], or a Failure that names the place and what was expected there.
// Limits keep a request small; whether an edit makes sense is asked by the plan, and what is wrong with it is data there.
import * as v from 'valibot';
import type { Edit } from './edit';
import { Failure } from './failure';
import type { Json, JsonObject } from './inventory';
import { CONFIG_KINDS } from './inventory';

export const MAX_EDITS = 50;
/** Characters of all YAML texts of a change together. */
export const MAX_YAML = 1024 * 1024;
const MAX_ITEMS = 100;
const MAX_TEXT = 8_192;
const MAX_JSON = 64 * 1024;
const MAX_JSON_DEPTH = 32;
const MAX_WEIGHT = 1_000_000;
const DAY_MS = 86_400_000;

const whole = (least: number, most: number) => {
  const expected = `expected a whole number from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
  return v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected), v.maxValue(most, expected));
};
const percent = v.pipe(
  v.number('expected a number from 0 to 100'),
  v.finite('expected a number from 0 to 100'),
  v.minValue(0, 'expected a number from 0 to 100'),
  v.maxValue(100, 'expected a number from 0 to 100'),
);
/** Control characters have no place in configuration. */
const CLEAN = /^[^\p{Cc}]*$/u;
const text = (most: number, expected = `expected a text of at most ${most.toLocaleString('en')} characters without control characters`) =>
  v.pipe(v.string(expected), v.maxLength(most, expected), v.regex(CLEAN, expected));
const named = (form: RegExp, most: number, expected: string) =>
  v.pipe(v.string(expected), v.maxLength(most, expected), v.regex(form, expected));
const list = <S extends v.GenericSchema>(item: S, most = MAX_ITEMS, least = 0) => {
  const expected = `expected a list of ${least === 0 ? 'at most' : `${least} to`} ${most}`;
  return v.pipe(v.array(item, expected), v.minLength(least, expected), v.maxLength(most, expected));
};
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema);
const maybe = <S extends v.GenericSchema>(schema: S) => v.exactOptional(schema);
const flag = v.boolean('expected true or false');

// RFC 1123, as Kubernetes names namespaces and objects; GatewayClasses are in no namespace.
const label = named(/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/, 63, 'expected a DNS label: lower-case letters, digits and hyphens, at most 63');
const namespaceOrNone = named(/^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)?$/, 63, 'expected a namespace: lower-case letters, digits and hyphens');
const objectName = named(
  /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
  253,
  'expected the name of an object: DNS labels, separated by dots, at most 253',
);
const host = named(
  /^(?:\*\.)?[a-zA-Z0-9_](?:[-a-zA-Z0-9_]*[a-zA-Z0-9_])?(?:\.[a-zA-Z0-9_](?:[-a-zA-Z0-9_]*[a-zA-Z0-9_])?)*$/,
  253,
  'expected a host name, at most 253',
);
const hostOrAny = v.union([v.literal('*'), host], 'expected a host name or *');
const gatewayName = named(/^[a-z0-9.-]+(?:\/[a-z0-9.-]+)?$/, 320, 'expected mesh or namespace/name of a gateway');
const headerName = named(/^[!#$%&'*+.^_`|~0-9A-Za-z:@[\]-]+$/, 256, 'expected the name of a header or parameter');
const parameterName = named(/^[^\p{Cc}&=]+$/u, 256, 'expected the name of a parameter');
const port = whole(1, 65_535);
const milliseconds = whole(0, DAY_MS);
const index = whole(0, 10_000);
const status = whole(200, 599);

/** A map of texts; names that JavaScript keeps for itself are refused instead of lost. */
const texts = (name: v.GenericSchema<string, string>, value: v.GenericSchema<string, string>) =>
  v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(
      (input) => typeof input === 'object' && input !== null && !Array.isArray(input) && Object.keys(input).length <= MAX_ITEMS,
      `expected an object with at most ${MAX_ITEMS} texts`,
    ),
    v.check((input) => !Object.keys(input).some((key) => ['__proto__', 'prototype', 'constructor'].includes(key)), 'expected other names'),
    v.record(name, value),
  );
const labelName = named(/^(?:[a-z0-9.-]{1,253}\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/, 317, 'expected the name of a label');
const labelValue = named(/^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, 63, 'expected the value of a label, at most 63');
const labels = texts(labelName, labelValue);

const ref = v.strictObject({
  kind: v.picklist(CONFIG_KINDS, 'expected a kind of Istio or of the Gateway API'),
  namespace: namespaceOrNone,
  name: objectName,
});
const rule = v.strictObject({
  object: orNull(ref),
  list: v.picklist(['http', 'tls', 'tcp'], 'expected http, tls or tcp'),
  index,
  host: hostOrAny,
  as: maybe(v.picklist(['VirtualService', 'HTTPRoute'], 'expected VirtualService or HTTPRoute')),
  port: maybe(port),
});
const condition = v.variant(
  'type',
  [v.strictObject({ type: v.picklist(['exact', 'prefix', 'regex']), value: text(2_048) }), v.strictObject({ type: v.literal('present') })],
  'expected a condition of type exact, prefix, regex or present',
);
const match = v.strictObject({
  path: maybe(condition),
  method: maybe(named(/^[A-Za-z]+$/, 32, 'expected an HTTP method')),
  headers: maybe(list(v.strictObject({ name: headerName, condition }))),
  queryParams: maybe(list(v.strictObject({ name: parameterName, condition }))),
  sourceLabels: maybe(labels),
  sourceNamespace: maybe(label),
  port: maybe(port),
  gateways: maybe(list(gatewayName)),
});
const target = { host, subset: orNull(label), port: orNull(port) };
const destination = v.strictObject({ ...target, weight: whole(0, MAX_WEIGHT) });
const destinations = list(destination, MAX_ITEMS, 1);
const fault = v.strictObject({
  delay: orNull(v.strictObject({ milliseconds: whole(1, DAY_MS), percent })),
  abort: orNull(
    v.pipe(
      v.strictObject({
        httpStatus: maybe(status),
        grpcStatus: maybe(named(/^[A-Z_]+$/, 32, 'expected the name of a gRPC status')),
        percent,
      }),
      v.check(
        ({ httpStatus, grpcStatus }) => (httpStatus === undefined) !== (grpcStatus === undefined),
        'expected either httpStatus or grpcStatus',
      ),
    ),
  ),
});
const retries = v.strictObject({
  attempts: whole(0, 100),
  perTryTimeoutMs: orNull(whole(1, DAY_MS)),
  retryOn: list(named(/^[a-z0-9-]+$/, 64, 'expected a condition to retry on, such as 5xx or 503'), 50),
});
const headerTexts = texts(headerName, text(MAX_TEXT));
const operations = v.strictObject({ set: maybe(headerTexts), add: maybe(headerTexts), remove: maybe(list(headerName)) });
const cors = v.strictObject({
  allowOrigins: list(condition),
  allowMethods: list(named(/^(?:\*|[A-Za-z]+)$/, 32, 'expected an HTTP method')),
  allowHeaders: list(headerName),
  exposeHeaders: list(headerName),
  maxAgeSeconds: orNull(whole(0, DAY_MS / 1000)),
  allowCredentials: orNull(flag),
});
const rewrite = v.strictObject({ path: orNull(text(2_048)), authority: orNull(text(253)) });
const action = v.variant(
  'type',
  [
    v.strictObject({ type: v.literal('route'), destinations }),
    v.strictObject({
      type: v.literal('redirect'),
      path: orNull(text(2_048)),
      authority: orNull(text(253)),
      status: v.picklist([301, 302, 303, 307, 308], 'expected 301, 302, 303, 307 or 308'),
    }),
    v.strictObject({ type: v.literal('respond'), status, body: orNull(v.pipe(v.string('expected a text'), v.maxLength(MAX_TEXT))) }),
  ],
  'expected an action of type route, redirect or respond',
);

/** JSON of limited size and depth. */
function isSmallJson(value: unknown, depth = 0): value is Json {
  if (depth > MAX_JSON_DEPTH) return false;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object': {
      if (value === null) return true;
      if (Array.isArray(value)) return value.every((item) => isSmallJson(item, depth + 1));
      return Object.entries(value).every(([name, item]) => name !== '__proto__' && isSmallJson(item, depth + 1));
    }
    default:
      return false;
  }
}
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const part = orNull(
  v.custom<JsonObject>(
    (value) => isObject(value) && isSmallJson(value) && JSON.stringify(value).length <= MAX_JSON,
    'expected an object as Istio writes it, at most 64 KiB and 32 levels deep',
  ),
);
const policy = v.strictObject({ loadBalancer: maybe(part), connectionPool: maybe(part), outlierDetection: maybe(part), tls: maybe(part) });

const edit = v.variant(
  'type',
  [
    v.strictObject({ type: v.literal('weights'), rule, destinations }),
    v.strictObject({ type: v.literal('match'), rule, matches: list(match) }),
    v.strictObject({ type: v.literal('fault'), rule, fault: orNull(fault) }),
    v.strictObject({ type: v.literal('timeout'), rule, milliseconds: orNull(milliseconds) }),
    v.strictObject({ type: v.literal('retries'), rule, retries: orNull(retries) }),
    v.strictObject({ type: v.literal('mirror'), rule, mirror: orNull(v.strictObject({ ...target, percent })) }),
    v.strictObject({ type: v.literal('rewrite'), rule, rewrite: orNull(rewrite) }),
    v.strictObject({ type: v.literal('headers'), rule, headers: orNull(v.strictObject({ request: operations, response: operations })) }),
    v.strictObject({ type: v.literal('cors'), rule, cors: orNull(cors) }),
    v.strictObject({
      type: v.literal('addRule'),
      rule,
      name: orNull(text(253)),
      matches: list(match),
      action,
      fault: maybe(orNull(fault)),
      timeoutMs: maybe(orNull(milliseconds)),
    }),
    v.strictObject({ type: v.literal('moveRule'), rule, to: index }),
    v.strictObject({ type: v.literal('removeRule'), rule }),
    v.strictObject({ type: v.literal('disableRule'), rule }),
    v.strictObject({ type: v.literal('enableRule'), object: ref, position: index }),
    v.strictObject({ type: v.literal('trafficPolicy'), host, namespace: label, subset: orNull(label), policy }),
    v.strictObject({
      type: v.literal('subsets'),
      host,
      namespace: label,
      subsets: list(v.strictObject({ name: label, labels }), MAX_ITEMS, 1),
    }),
    v.strictObject({
      type: v.literal('expose'),
      host,
      port,
      namespace: label,
      gateway: ref,
      hostnames: list(hostOrAny),
      pathPrefix: v.pipe(text(2_048), v.startsWith('/', 'expected a path that starts with /')),
      name: objectName,
    }),
    v.strictObject({
      type: v.literal('yaml'),
      ref: orNull(ref),
      yaml: v.pipe(v.string('expected a text'), v.maxLength(MAX_YAML, 'expected at most 1 MiB of YAML')),
      resourceVersion: orNull(text(128)),
    }),
    v.strictObject({ type: v.literal('delete'), ref }),
  ],
  'expected a type of edit: weights, match, fault, timeout, retries, mirror, rewrite, headers, cors, addRule, moveRule, removeRule, disableRule, enableRule, trafficPolicy, subsets, expose, yaml or delete',
);

const edits = v.pipe(
  v.array(edit, 'expected a list of edits'),
  v.maxLength(MAX_EDITS, `expected at most ${MAX_EDITS} edits`),
  v.check(
    (all) => all.reduce((sum, one) => sum + (one.type === 'yaml' ? one.yaml.length : 0), 0) <= MAX_YAML,
    'expected at most 1 MiB of YAML in all edits together',
  ),
);

/** `edits[3].destinations[0].weight` */
function placeOf(issue: v.BaseIssue<unknown>): string {
  let place = 'edits';
  for (const { key } of issue.path ?? []) place += typeof key === 'number' ? `[${key}]` : `.${String(key).slice(0, 80)}`;
  return place;
}

/** Problems named in one failure. */
const MAX_ISSUES = 5;

/**
 * The edits of a request.
 * @throws Failure badRequest that names the places and what was expected there.
 */
export function decodeEdits(json: unknown): readonly Edit[] {
  // Too many edits are refused before each of them is looked at.
  const many = Array.isArray(json) && json.length > MAX_EDITS;
  const result = many ? null : v.safeParse(edits, json);
  if (result?.success) return result.output;
  const issues = result === null ? [`edits: expected at most ${MAX_EDITS} edits`] : result.issues.slice(0, MAX_ISSUES).map(sayIssue);
  throw new Failure('badRequest', issues.join('; '), 'Correct the edits; /api/openapi.json describes them.');
}

function sayIssue(issue: v.BaseIssue<unknown>): string {
  // The library's own words quote what was received, which may be anything; ours do not.
  const own = issue.message.startsWith('expected');
  if (own) return `${placeOf(issue)}: ${issue.message}`;
  return `${placeOf(issue)}: ${issue.type === 'strict_object' ? (issue.expected === 'never' ? 'unknown field' : 'missing or not an object') : 'not what was expected'}`;
}
