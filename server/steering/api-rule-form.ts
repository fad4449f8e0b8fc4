// One rule of a Gateway API route (HTTPRoute, GRPCRoute, TCPRoute, TLSRoute) in the same forms as a rule of a VirtualService.
// In: the rule as it is written. Out: RuleForm; `matches` is null where the form cannot hold what is written.
import type { CorsEdit, HeaderOperations, MatchEdit, NamedCondition, TextCondition } from '../../model/edit';
import type { Json, JsonObject } from '../../model/inventory';
import { readNumber, readObject, readObjects, readText, readTexts } from './raw';
import { type RuleForm, readDuration } from './rule-form';

const TYPES: Readonly<Record<string, 'exact' | 'prefix' | 'regex'>> = {
  Exact: 'exact',
  PathPrefix: 'prefix',
  RegularExpression: 'regex',
};

const readCondition = (match: JsonObject, absent: string): TextCondition | null => {
  const type = TYPES[readText(match['type']) ?? absent];
  return type === undefined ? null : { type, value: readText(match['value']) ?? '' };
};

function readNamed(json: Json | undefined): readonly NamedCondition[] | null {
  const found = readObjects(json).map((entry) => ({ name: readText(entry['name']) ?? '', condition: readCondition(entry, 'Exact') }));
  return found.every((entry): entry is NamedCondition => entry.condition !== null) ? found : null;
}

/** Null: a method match of a GRPCRoute, or a type that is not known. */
function readMatch(match: JsonObject): MatchEdit | null {
  const method = match['method'];
  if (method !== undefined && typeof method !== 'string') return null;
  const path = readObject(match['path']);
  const condition = path === null ? null : readCondition(path, 'PathPrefix');
  const headers = readNamed(match['headers']);
  const queryParams = readNamed(match['queryParams']);
  if ((path !== null && condition === null) || headers === null || queryParams === null) return null;
  return {
    ...(condition === null ? {} : { path: condition }),
    ...(method === undefined ? {} : { method }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
  };
}

function backendHost(backend: JsonObject, namespace: string, domain: string): string {
  const name = readText(backend['name']) ?? '';
  // istio's own reference to any host of the registry.
  if (readText(backend['kind']) === 'Hostname') return name;
  return `${name}.${readText(backend['namespace']) ?? namespace}.svc.${domain}`;
}

function operationsOf(modifier: JsonObject | null): HeaderOperations {
  const named = (json: Json | undefined): Record<string, string> =>
    Object.fromEntries(readObjects(json).map((entry) => [readText(entry['name']) ?? '', readText(entry['value']) ?? '']));
  const set = named(modifier?.['set']);
  const add = named(modifier?.['add']);
  const remove = readTexts(modifier?.['remove']);
  return {
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(Object.keys(add).length === 0 ? {} : { add }),
    ...(remove.length === 0 ? {} : { remove }),
  };
}

function corsOf(cors: JsonObject | null): CorsEdit | null {
  if (cors === null) return null;
  return {
    allowOrigins: readTexts(cors['allowOrigins']).map((value): TextCondition => ({ type: 'exact', value })),
    allowMethods: readTexts(cors['allowMethods']),
    allowHeaders: readTexts(cors['allowHeaders']),
    exposeHeaders: readTexts(cors['exposeHeaders']),
    maxAgeSeconds: readNumber(cors['maxAge']),
    allowCredentials: typeof cors['allowCredentials'] === 'boolean' ? cors['allowCredentials'] : null,
  };
}

const pathOf = (filter: JsonObject | null): string | null => {
  const path = readObject(filter?.['path']);
  return readText(path?.['replaceFullPath']) ?? readText(path?.['replacePrefixMatch']);
};

function mirrorOf(mirror: JsonObject | null, namespace: string, domain: string): RuleForm['mirror'] {
  const backend = readObject(mirror?.['backendRef']);
  if (mirror === null || backend === null) return null;
  const fraction = readObject(mirror['fraction']);
  const percent =
    fraction === null
      ? (readNumber(mirror['percent']) ?? 100)
      : ((readNumber(fraction['numerator']) ?? 0) * 100) / (readNumber(fraction['denominator']) ?? 100);
  return { host: backendHost(backend, namespace, domain), subset: null, port: readNumber(backend['port']), percent };
}

/** A rule of `spec.rules` of a route in a namespace. */
export function readApiRuleForm(rule: JsonObject, namespace: string, domain: string): RuleForm {
  const filters = readObjects(rule['filters']);
  const filter = (field: string): JsonObject | null => filters.map((entry) => readObject(entry[field])).find((f) => f !== null) ?? null;
  const redirect = filter('requestRedirect');
  const rewrite = filter('urlRewrite');
  const request = filter('requestHeaderModifier');
  const response = filter('responseHeaderModifier');
  const retry = readObject(rule['retry']);
  const timeouts = readObject(rule['timeouts']);
  const matches = readObjects(rule['matches']).map(readMatch);
  const destinations = readObjects(rule['backendRefs']).map((backend) => ({
    host: backendHost(backend, namespace, domain),
    subset: null,
    port: readNumber(backend['port']),
    weight: readNumber(backend['weight']) ?? 1,
  }));
  return {
    matches: matches.every((match) => match !== null) ? matches : null,
    action: redirect !== null ? 'redirect' : destinations.length > 0 ? 'route' : 'none',
    destinations,
    redirect:
      redirect === null
        ? null
        : { path: pathOf(redirect), authority: readText(redirect['hostname']), status: readNumber(redirect['statusCode']) ?? 302 },
    respond: null,
    fault: null,
    timeoutMs: readDuration(timeouts?.['request']),
    retries:
      retry === null
        ? null
        : {
            attempts: readNumber(retry['attempts']) ?? 2,
            perTryTimeoutMs: readDuration(timeouts?.['backendRequest']),
            retryOn: Array.isArray(retry['codes']) ? retry['codes'].filter((code) => typeof code === 'number').map(String) : [],
          },
    mirror: mirrorOf(filter('requestMirror'), namespace, domain),
    rewrite: rewrite === null ? null : { path: pathOf(rewrite), authority: readText(rewrite['hostname']) },
    headers: request === null && response === null ? null : { request: operationsOf(request), response: operationsOf(response) },
    cors: corsOf(filter('cors')),
  };
}
