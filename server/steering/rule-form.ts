// One rule of a VirtualService in the forms that editors hold: matches, destinations, fault, timeout, retries, mirror, rewrite, headers, CORS.
// In: the rule as it is written. Out: RuleForm; `matches` is null where the form cannot hold what is written. Reads, never judges.
import type {
  CorsEdit,
  FaultEdit,
  HeaderOperations,
  MatchEdit,
  NamedCondition,
  RetriesEdit,
  TextCondition,
  TrafficPolicyEdit,
} from '../../model/edit';
import type { Json, JsonObject } from '../../model/inventory';
import { resolveGatewayName } from '../istio/names';
import { decodeDurationMs } from '../istio/read/fields';
import { readMap, readNumber, readObject, readObjects, readText, readTexts } from './raw';

export interface FormDestination {
  /** As written. */
  readonly host: string;
  readonly subset: string | null;
  readonly port: number | null;
  readonly weight: number | null;
}

export interface RuleForm {
  readonly matches: readonly MatchEdit[] | null;
  readonly action: 'route' | 'redirect' | 'respond' | 'delegate' | 'none';
  readonly destinations: readonly FormDestination[];
  readonly redirect: { readonly path: string | null; readonly authority: string | null; readonly status: number } | null;
  readonly respond: number | null;
  readonly fault: FaultEdit | null;
  readonly timeoutMs: number | null;
  readonly retries: RetriesEdit | null;
  readonly mirror: { readonly host: string; readonly subset: string | null; readonly port: number | null; readonly percent: number } | null;
  readonly rewrite: { readonly path: string | null; readonly authority: string | null } | null;
  readonly headers: { readonly request: HeaderOperations; readonly response: HeaderOperations } | null;
  readonly cors: CorsEdit | null;
}

export const readDuration = (json: Json | undefined): number | null => {
  const text = readText(json);
  return text === null ? null : decodeDurationMs(text);
};

/** One StringMatch; an empty one and the regex `*` mean presence. */
function readCondition(json: Json | undefined): TextCondition {
  const match = readObject(json) ?? {};
  for (const type of ['exact', 'prefix', 'regex'] as const) {
    const value = match[type];
    if (typeof value === 'string' && !(type === 'regex' && value === '*')) return { type, value };
  }
  return { type: 'present' };
}

const readNamed = (json: Json | undefined): readonly NamedCondition[] =>
  Object.entries(readObject(json) ?? {}).map(([name, condition]) => ({ name, condition: readCondition(condition) }));

const HELD = new Set(['name', 'uri', 'method', 'headers', 'queryParams', 'sourceLabels', 'sourceNamespace', 'port', 'gateways']);
const isWritten = (json: Json | undefined): boolean => json !== undefined && json !== null;

function readMatch(match: JsonObject, namespace: string): MatchEdit | null {
  for (const [key, value] of Object.entries(match)) if (isWritten(value) && !HELD.has(key)) return null;
  const method = isWritten(match['method']) ? readCondition(match['method']) : null;
  if (method !== null && method.type !== 'exact') return null;
  const port = readNumber(match['port']);
  const sourceNamespace = readText(match['sourceNamespace']);
  const labels = readMap(match['sourceLabels']);
  const gateways = readTexts(match['gateways']).map((name) => resolveGatewayName(name, namespace));
  const headers = readNamed(match['headers']);
  const queryParams = readNamed(match['queryParams']);
  return {
    ...(isWritten(match['uri']) ? { path: readCondition(match['uri']) } : {}),
    ...(method === null ? {} : { method: method.value }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
    ...(Object.keys(labels).length === 0 ? {} : { sourceLabels: labels }),
    ...(sourceNamespace === null ? {} : { sourceNamespace }),
    ...(port === null ? {} : { port }),
    ...(gateways.length === 0 ? {} : { gateways }),
  };
}

export function readMatches(rule: JsonObject, namespace: string): readonly MatchEdit[] | null {
  const found = readObjects(rule['match']).map((match) => readMatch(match, namespace));
  return found.every((match) => match !== null) ? found : null;
}

function readDestination(route: JsonObject): FormDestination {
  const destination = readObject(route['destination']) ?? {};
  return {
    host: readText(destination['host']) ?? '',
    subset: readText(destination['subset']),
    port: readNumber(readObject(destination['port'])?.['number']),
    weight: readNumber(route['weight']),
  };
}

function readFault(json: Json | undefined): FaultEdit | null {
  const fault = readObject(json);
  if (fault === null) return null;
  const delay = readObject(fault['delay']);
  const abort = readObject(fault['abort']);
  const percentOf = (part: JsonObject): number => readNumber(readObject(part['percentage'])?.['value']) ?? readNumber(part['percent']) ?? 0;
  const httpStatus = readNumber(abort?.['httpStatus']);
  const grpcStatus = readText(abort?.['grpcStatus']);
  return {
    delay: delay === null ? null : { milliseconds: readDuration(delay['fixedDelay']) ?? 0, percent: percentOf(delay) },
    abort:
      abort === null
        ? null
        : { ...(httpStatus === null ? {} : { httpStatus }), ...(grpcStatus === null ? {} : { grpcStatus }), percent: percentOf(abort) },
  };
}

function readRetries(json: Json | undefined): RetriesEdit | null {
  const retries = readObject(json);
  if (retries === null) return null;
  const on = (readText(retries['retryOn']) ?? '').split(',').map((part) => part.trim());
  return {
    attempts: readNumber(retries['attempts']) ?? 0,
    perTryTimeoutMs: readDuration(retries['perTryTimeout']),
    retryOn: on.filter((part) => part !== ''),
  };
}

function readMirror(rule: JsonObject): RuleForm['mirror'] {
  const single = readObject(rule['mirror']);
  const listed = readObjects(rule['mirrors'])[0];
  const destination = single ?? readObject(listed?.['destination']);
  if (destination === null) return null;
  const percentage = readObject(single === null ? listed?.['percentage'] : rule['mirrorPercentage']);
  return {
    host: readText(destination['host']) ?? '',
    subset: readText(destination['subset']),
    port: readNumber(readObject(destination['port'])?.['number']),
    percent: percentage === null ? (readNumber(rule['mirrorPercent']) ?? 100) : (readNumber(percentage['value']) ?? 0),
  };
}

function readOperations(json: Json | undefined): HeaderOperations {
  const operations = readObject(json) ?? {};
  const set = readMap(operations['set']);
  const add = readMap(operations['add']);
  const remove = readTexts(operations['remove']);
  return {
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(Object.keys(add).length === 0 ? {} : { add }),
    ...(remove.length === 0 ? {} : { remove }),
  };
}

function readCors(json: Json | undefined): CorsEdit | null {
  const cors = readObject(json);
  if (cors === null) return null;
  const maxAgeMs = readDuration(cors['maxAge']);
  const old = readTexts(cors['allowOrigin']).map((value): TextCondition => ({ type: 'exact', value }));
  return {
    allowOrigins: [...readObjects(cors['allowOrigins']).map(readCondition), ...old],
    allowMethods: readTexts(cors['allowMethods']),
    allowHeaders: readTexts(cors['allowHeaders']),
    exposeHeaders: readTexts(cors['exposeHeaders']),
    maxAgeSeconds: maxAgeMs === null ? null : maxAgeMs / 1000,
    allowCredentials: typeof cors['allowCredentials'] === 'boolean' ? cors['allowCredentials'] : null,
  };
}

function actionOf(rule: JsonObject, destinations: readonly FormDestination[]): RuleForm['action'] {
  if (readObject(rule['redirect']) !== null) return 'redirect';
  if (readObject(rule['directResponse']) !== null) return 'respond';
  if (readObject(rule['delegate']) !== null) return 'delegate';
  return destinations.length > 0 ? 'route' : 'none';
}

/** A rule of `spec.http`, `spec.tls` or `spec.tcp` of a VirtualService in a namespace. */
export function readRuleForm(rule: JsonObject, namespace: string): RuleForm {
  const destinations = readObjects(rule['route']).map(readDestination);
  const redirect = readObject(rule['redirect']);
  const rewrite = readObject(rule['rewrite']);
  const headers = readObject(rule['headers']);
  return {
    matches: readMatches(rule, namespace),
    action: actionOf(rule, destinations),
    destinations,
    redirect:
      redirect === null
        ? null
        : {
            path: readText(redirect['uri']),
            authority: readText(redirect['authority']),
            status: readNumber(redirect['redirectCode']) ?? 301,
          },
    respond: readNumber(readObject(rule['directResponse'])?.['status']),
    fault: readFault(rule['fault']),
    timeoutMs: readDuration(rule['timeout']),
    retries: readRetries(rule['retries']),
    mirror: readMirror(rule),
    rewrite: rewrite === null ? null : { path: readText(rewrite['uri']), authority: readText(rewrite['authority']) },
    headers: headers === null ? null : { request: readOperations(headers['request']), response: readOperations(headers['response']) },
    cors: readCors(rule['corsPolicy']),
  };
}

/** The editable parts of a trafficPolicy as they are written. */
export function readPolicyEdit(json: Json | undefined): TrafficPolicyEdit {
  const policy = readObject(json) ?? {};
  const parts: Record<string, JsonObject> = {};
  for (const name of ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const) {
    const part = readObject(policy[name]);
    if (part !== null) parts[name] = part;
  }
  return parts;
}
