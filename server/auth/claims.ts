// What a provider says of somebody, read as people configure it: nested claims, keys with dots, lists as arrays or text. Pure.
// In: claims of a verified token. Out: username, groups, and what the doctor may show.
import type { ShownClaim } from './session';

export type Claims = Readonly<Record<string, unknown>>;

const MAX_GROUPS = 2_000;
const MAX_TEXT = 256;
const MAX_SHOWN = 40;
/** Claims whose values anybody may see who looks over a shoulder; of all others the doctor tells the name only. */
const HARMLESS = new Set(['iss', 'aud', 'sub', 'email', 'email_verified', 'preferred_username', 'name', 'exp', 'iat']);

export const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Foreign text made safe to show: control and direction characters out, limited in length. */
export const tame = (text: string, limit = MAX_TEXT): string => {
  const clean = text.replace(CONTROL, ' ').trim();
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
};
// A name with control characters is no name that anybody gave; it is not repaired into one that somebody else may have.
const isClean = (text: string): boolean => text !== '' && text.length <= MAX_TEXT && text.search(CONTROL) < 0;

/**
 * The value at `path`, whose dots mean nesting but may also be part of a key (`https://example.com/groups`, `resource_access.my.app.roles`):
 * at each level the whole rest is tried as a key first, then ever shorter keys. Undefined when there is none.
 */
export function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const key = path.slice(0, dot);
    const inner = Object.hasOwn(claims, key) ? claims[key] : undefined;
    if (!isRecord(inner)) continue;
    const found = claimAt(inner, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Groups of a claim: an array of text, or text with commas or spaces, or an array written as JSON; each once, in order. */
export function decodeGroups(value: unknown): readonly string[] {
  return [...new Set(listOf(value).filter(isClean))].slice(0, MAX_GROUPS);
}
function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((each): each is string => typeof each === 'string').map((each) => each.trim());
  if (typeof value !== 'string') return [];
  const text = value.trim();
  if (text.startsWith('[') && text.endsWith(']')) {
    try {
      const parsed: unknown = JSON.parse(text);
      return Array.isArray(parsed) ? listOf(parsed) : [];
    } catch {
      // `[a, b]`, as Cognito writes custom attributes.
      return listOf(text.slice(1, -1));
    }
  }
  return text.split(text.includes(',') ? ',' : /\s+/).map((each) => each.trim());
}

/** Whether the provider put the groups elsewhere because they are too many (Microsoft Entra's overage claim, OIDC Core 5.6.2). */
export function hasGroupsElsewhere(claims: Claims, groupsClaim: string): boolean {
  const names = claims['_claim_names'];
  return (isRecord(names) && Object.hasOwn(names, groupsClaim)) || claims['hasgroups'] === true || claims['hasgroups'] === 'true';
}

export interface Username {
  readonly claim: string;
  readonly value: string;
}

/**
 * The claim that names the user: the configured one, else `preferred_username`, else `sub`. An address that the provider says is not
 * verified names nobody: it may be somebody else's, and `sub` is taken.
 */
export function decodeUsername(claims: Claims, usernameClaim: string): Username | null {
  const isUnverified = usernameClaim === 'email' && claims['email_verified'] === false;
  for (const claim of isUnverified ? ['sub'] : [usernameClaim, 'preferred_username', 'sub']) {
    const value = claimAt(claims, claim);
    if (typeof value === 'string' && isClean(value.trim())) return { claim, value: value.trim() };
  }
  return null;
}

/** Claims for the doctor: harmless ones with their values, of others the name. Groups are shown on their own. */
export function shownClaims(claims: Claims, groupsClaim: string): readonly ShownClaim[] {
  return Object.entries(claims)
    .filter(([name]) => name !== groupsClaim)
    .slice(0, MAX_SHOWN)
    .map(([name, value]) => ({ name: tame(name, 80), value: HARMLESS.has(name) ? wordsOf(value) : null }));
}
function wordsOf(value: unknown): string | null {
  if (typeof value === 'string') return tame(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return tame(value.filter((each) => typeof each === 'string').join(', '));
  return null;
}
