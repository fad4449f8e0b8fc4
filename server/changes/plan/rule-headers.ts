// Header operations and CORS of a rule. In: rule, what to set. Out: the rule, or why not.
import type { CorsEdit, HeaderOperations, TextCondition } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { meshDurationLike } from './durations';
import { fieldOf, inOrderOf, listAt, objectAt, sameJson, withField, withPart } from './json-edit';
import { isRefusal, Refusal } from './refusal';
import { filterOf, withFilter } from './route-filters';
import type { RulePlace } from './rule-place';
import { cannot, isMeshHttp } from './rule-support';
import { stringMatchLike } from './text-conditions';

export interface HeadersEdit {
  readonly request: HeaderOperations;
  readonly response: HeaderOperations;
}

export function withHeaders(rule: JsonObject, place: RulePlace, headers: HeadersEdit | null): JsonObject | Refusal {
  if (isMeshHttp(place)) {
    if (headers === null) return withField(rule, 'headers', undefined);
    const old = objectAt(rule, 'headers') ?? {};
    const request = withPart(old, 'request', withMeshOperations(objectAt(old, 'request') ?? {}, headers.request));
    return withPart(rule, 'headers', withPart(request, 'response', withMeshOperations(objectAt(old, 'response') ?? {}, headers.response)));
  }
  if (place.kind !== 'HTTPRoute' && place.kind !== 'GRPCRoute') return headers === null ? rule : cannot(place, 'change headers');
  const one = (so: JsonObject, type: 'RequestHeaderModifier' | 'ResponseHeaderModifier', operations: HeaderOperations): JsonObject => {
    const settings = withApiOperations(filterOf(so, type) ?? {}, operations);
    return withFilter(so, type, Object.keys(settings).length === 0 ? null : settings);
  };
  return one(one(rule, 'RequestHeaderModifier', headers?.request ?? {}), 'ResponseHeaderModifier', headers?.response ?? {});
}

/** Absent operations are none. */
function withMeshOperations(old: JsonObject, { set = {}, add = {}, remove = [] }: HeaderOperations): JsonObject {
  const map = (so: JsonObject, name: string, values: Readonly<Record<string, string>>): JsonObject =>
    withPart(so, name, inOrderOf(fieldOf(so, name), values) as JsonObject);
  return withPart(map(map(old, 'set', set), 'add', add), 'remove', remove);
}

function withApiOperations(old: JsonObject, { set = {}, add = {}, remove = [] }: HeaderOperations): JsonObject {
  const list = (so: JsonObject, name: string, values: Readonly<Record<string, string>>): JsonObject => {
    const wanted: readonly Json[] = Object.entries(values).map(([header, value]) => ({ name: header, value }));
    // The order of different headers means nothing: a list that says the same stays.
    const byName = (entries: readonly Json[]): readonly Json[] =>
      [...entries].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    return sameJson(byName(listAt(so, name)), byName(wanted)) ? so : withPart(so, name, wanted);
  };
  return withPart(list(list(old, 'set', set), 'add', add), 'remove', remove);
}

export function withCors(rule: JsonObject, place: RulePlace, cors: CorsEdit | null): JsonObject | Refusal {
  if (isMeshHttp(place)) return withMeshCors(rule, cors);
  if (cors === null) return withFilter(rule, 'CORS', null);
  if (place.kind !== 'HTTPRoute') return cannot(place, 'answer CORS preflights');
  const origins = cors.allowOrigins.map((origin) => apiOrigin(origin, place));
  const bad = origins.find(isRefusal);
  if (bad !== undefined) return bad;
  const old = filterOf(rule, 'CORS') ?? {};
  const settings = withLists(
    withPart(
      old,
      'allowOrigins',
      origins.filter((origin) => typeof origin === 'string'),
    ),
    cors,
  );
  const aged = withField(settings, 'maxAge', cors.maxAgeSeconds ?? undefined);
  const credentials = withField(aged, 'allowCredentials', cors.allowCredentials ?? undefined);
  return withFilter(rule, 'CORS', credentials);
}

function apiOrigin(origin: TextCondition, place: RulePlace): string | Refusal {
  if (origin.type === 'exact') return origin.value;
  if (origin.type === 'present') return '*';
  return new Refusal(
    `${place.path}.filters`,
    `an HTTPRoute cannot allow origins by ${origin.type}`,
    `Name origins in full (a * may stand for the first label), or use a VirtualService for ${place.host}.`,
  );
}

const withLists = (part: JsonObject, { allowMethods, allowHeaders, exposeHeaders }: CorsEdit): JsonObject =>
  withPart(withPart(withPart(part, 'allowMethods', allowMethods), 'allowHeaders', allowHeaders), 'exposeHeaders', exposeHeaders);

function withMeshCors(rule: JsonObject, cors: CorsEdit | null): JsonObject {
  if (cors === null) return withField(rule, 'corsPolicy', undefined);
  const old = objectAt(rule, 'corsPolicy') ?? {};
  const written = listAt(old, 'allowOrigins');
  const origins = cors.allowOrigins.map((origin, i) => stringMatchLike(written[i], origin));
  // `allowOrigin` is the old form of exact origins.
  const oldForm = listAt(old, 'allowOrigin');
  const said =
    written.length === 0 &&
    sameJson(
      oldForm.map((origin): Json => ({ exact: origin })),
      origins,
    );
  const based = said ? old : withPart(withField(old, 'allowOrigin', undefined), 'allowOrigins', origins);
  const seconds = cors.maxAgeSeconds;
  const aged = withField(
    withLists(based, cors),
    'maxAge',
    seconds === null ? undefined : meshDurationLike(fieldOf(old, 'maxAge'), seconds * 1000),
  );
  return withPart(rule, 'corsPolicy', withField(aged, 'allowCredentials', cors.allowCredentials ?? undefined));
}
