// Rewriting of path and authority, and redirects. In: rule, what to rewrite. Out: the rule, or why not.
import type { ActionEdit } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { fieldOf, isObject, listAt, objectAt, textAt, withField, withPart } from './json-edit';
import type { Refusal } from './refusal';
import { filterOf, withFilter } from './route-filters';
import type { RulePlace } from './rule-place';
import { cannot, isMeshHttp } from './rule-support';

export interface RewriteEdit {
  readonly path: string | null;
  readonly authority: string | null;
}

const orNone = (text: string | null): string | undefined => text ?? undefined;

export function withRewrite(rule: JsonObject, place: RulePlace, rewrite: RewriteEdit | null): JsonObject | Refusal {
  if (isMeshHttp(place)) {
    if (rewrite === null) return withField(rule, 'rewrite', undefined);
    const old = objectAt(rule, 'rewrite') ?? {};
    // A path in text takes the place of a path by regex; without one the regex stays.
    const clean = rewrite.path === null ? old : withField(old, 'uriRegexRewrite', undefined);
    return withPart(rule, 'rewrite', withField(withField(clean, 'uri', orNone(rewrite.path)), 'authority', orNone(rewrite.authority)));
  }
  if (rewrite === null) return withFilter(rule, 'URLRewrite', null);
  if (place.kind !== 'HTTPRoute') return cannot(place, 'rewrite paths or hosts');
  const old = filterOf(rule, 'URLRewrite') ?? {};
  const named = withField(old, 'hostname', orNone(rewrite.authority));
  const settings = withField(named, 'path', rewrite.path === null ? undefined : pathModifier(fieldOf(old, 'path'), rule, rewrite.path));
  return withFilter(rule, 'URLRewrite', Object.keys(settings).length === 0 ? null : settings);
}

const REPLACEMENTS = { ReplaceFullPath: 'replaceFullPath', ReplacePrefixMatch: 'replacePrefixMatch' } as const;

/** What Istio's `uri` does: the matched prefix is replaced; the whole path where the rule does not match on exactly one prefix. */
function pathModifier(old: Json | undefined, rule: JsonObject, path: string): JsonObject {
  const written = isObject(old) ? textAt(old, 'type') : null;
  const matches = listAt(rule, 'matches');
  const [first] = matches;
  const matched = isObject(first) ? objectAt(first, 'path') : null;
  const byPrefix = matches.length === 1 && matched !== null && (textAt(matched, 'type') ?? 'PathPrefix') === 'PathPrefix';
  const type =
    written === 'ReplaceFullPath' || written === 'ReplacePrefixMatch' ? written : byPrefix ? 'ReplacePrefixMatch' : 'ReplaceFullPath';
  return withField(isObject(old) && written === type ? old : { type }, REPLACEMENTS[type], path);
}

/** The action of a new rule that redirects. */
export function redirectRule(
  rule: JsonObject,
  place: RulePlace,
  redirect: Extract<ActionEdit, { type: 'redirect' }>,
): JsonObject | Refusal {
  const { path, authority, status } = redirect;
  if (isMeshHttp(place))
    return withField(rule, 'redirect', {
      ...(path === null ? {} : { uri: path }),
      ...(authority === null ? {} : { authority }),
      redirectCode: status,
    });
  if (place.kind !== 'HTTPRoute') return cannot(place, 'redirect');
  return withFilter(rule, 'RequestRedirect', {
    ...(authority === null ? {} : { hostname: authority }),
    ...(path === null ? {} : { path: { type: 'ReplaceFullPath', replaceFullPath: path } }),
    statusCode: status,
  });
}
