// Whether one attribute of an authorization rule matches a request, in three values: what is not known stays unknown.
// In: Condition, AuthorizationRequest. Out: Match. Source: istio pilot/pkg/security/authz/model generator.go, matcher.
import { RE2JS } from 're2js';
import type { MeshSettings, PodInfo } from '../../model/inventory';
import type { Protocol } from '../../model/traffic';
import { isAddress, isInBlock } from './addresses';
import type { TargetService } from './policy-targets';
import type { Condition } from './read/authorization-policy';

export interface AuthorizationRequest {
  readonly caller: {
    /** `cluster.local/ns/<namespace>/sa/<account>`, with or without `spiffe://`; null = plaintext. */
    readonly principal: string | null;
    readonly namespace: string | null;
    readonly serviceAccount: string | null;
    /** Address of the direct peer; null = not known. */
    readonly ip: string | null;
  };
  readonly server: PodInfo;
  /** Container port. */
  readonly port: number;
  readonly protocol: Protocol;
  /** An absent host, method, path or headers is unknown. */
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Claims of the valid token that came with the request; absent = unknown, {} = no token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `invalid`: a token came that no RequestAuthentication of the server takes; absent = good, or none. */
  readonly token?: 'invalid';
  /** Service that the request is for, where the server is a waypoint: policies may target it. */
  readonly service?: TargetService;
}

/** `yes`, `no`, or what would have to be known. */
export type Match = { readonly is: 'yes' | 'no' } | { readonly is: 'unknown'; readonly on: readonly string[] };

export const YES: Match = { is: 'yes' };
export const NO: Match = { is: 'no' };
const unknown = (...on: readonly string[]): Match => ({ is: 'unknown', on });
const known = (matches: boolean): Match => (matches ? YES : NO);

/** All of them: no beats unknown. */
export function allOf(matches: readonly Match[]): Match {
  if (matches.some((match) => match.is === 'no')) return NO;
  const on = matches.flatMap((match) => (match.is === 'unknown' ? match.on : []));
  return on.length === 0 ? YES : unknown(...new Set(on));
}

/** Any of them: yes beats unknown. */
export function anyOf(matches: readonly Match[]): Match {
  if (matches.some((match) => match.is === 'yes')) return YES;
  const on = matches.flatMap((match) => (match.is === 'unknown' ? match.on : []));
  return on.length === 0 ? NO : unknown(...new Set(on));
}

const not = (match: Match): Match => (match.is === 'unknown' ? match : match.is === 'yes' ? NO : YES);

/** What the matching needs to know besides the request. */
export interface MatchContext {
  readonly request: AuthorizationRequest;
  readonly mesh: MeshSettings;
  /** Namespace of the policy, in which short service accounts live. */
  readonly policyNamespace: string;
  /** Regexes compiled so far; null = RE2 refuses it. */
  readonly regexes: Map<string, RE2JS | null>;
}

/** True for attributes that only an HTTP proxy knows. */
export const isHttpOnly = (key: string): boolean =>
  key === 'operation.hosts' ||
  key === 'operation.methods' ||
  key === 'operation.paths' ||
  key.startsWith('request.headers') ||
  key.startsWith('request.auth.');

const KEYS: readonly string[] = [
  'operation.hosts',
  'operation.methods',
  'operation.paths',
  'source.principal',
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.ip',
  'remote.ip',
  'destination.ip',
  'destination.port',
  'connection.sni',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
];

/** True for a key that Istio knows; a rule with another is dropped. */
export const isKnownKey = (key: string): boolean =>
  KEYS.includes(key) ||
  /^request\.headers\[.+\]$/.test(key) ||
  /^request\.auth\.claims(?:\[[^[\]]+\])+$/.test(key) ||
  key.startsWith('experimental.envoy.filters.');

/** Some value matches (if any is written) and no notValue does. */
export function matchCondition(condition: Condition, context: MatchContext): Match {
  const test = (value: string): Match => matchValue(condition.key, value, context);
  const parts: Match[] = [];
  if (condition.values.length > 0) parts.push(anyOf(condition.values.map(test)));
  if (condition.notValues.length > 0) parts.push(not(anyOf(condition.notValues.map(test))));
  return allOf(parts);
}

function matchValue(key: string, value: string, context: MatchContext): Match {
  const { request } = context;
  switch (key) {
    case 'operation.hosts':
      // Hosts are compared without regard to case.
      return request.host === undefined ? unknown('host') : known(matchesGlob(value.toLowerCase(), request.host.toLowerCase()));
    case 'operation.methods':
      return request.method === undefined ? unknown('method') : known(matchesGlob(value, request.method));
    case 'operation.paths':
      return request.path === undefined ? unknown('path') : known(matchesPathPattern(value, request.path, context));
    case 'source.principal':
      return known(matchesPrincipal(value, context));
    case 'source.namespace':
      return known(matchesSan(context, `.*/ns/${value.replaceAll('*', '.*')}/.*`));
    case 'source.serviceAccount': {
      const slash = value.indexOf('/');
      const [namespace, account] = slash < 0 ? [context.policyNamespace, value] : [value.slice(0, slash), value.slice(slash + 1)];
      return known(matchesSan(context, `spiffe://.+/ns/${namespace}/(.+/|)sa/${account}(/.+)?`));
    }
    case 'source.trustDomain': {
      const domain = sanOf(request)?.slice('spiffe://'.length).split('/')[0];
      return known(domain !== undefined && matchesGlob(value, domain));
    }
    case 'source.ip':
      return request.caller.ip === null ? unknown('source ip') : known(isInBlock(request.caller.ip, value));
    case 'remote.ip':
      return matchRemoteIp(value, request);
    case 'destination.ip':
      return isAddress(request.server.ip) ? known(isInBlock(request.server.ip, value)) : unknown('destination ip');
    case 'destination.port':
      return known(value === String(request.port));
    case 'connection.sni':
      // Mutual TLS of the mesh carries names of clusters that no request shows.
      return request.caller.principal === null ? NO : unknown('server name');
    case 'request.auth.principal':
      return matchClaims(request, (claims) => matchesRequestPrincipal(value, claims));
    case 'request.auth.audiences':
      return matchClaims(request, (claims) => matchesClaim(claims['aud'], value));
    case 'request.auth.presenter':
      return matchClaims(request, (claims) => matchesClaim(claims['azp'], value));
    default:
      return matchBracketed(key, value, request);
  }
}

function matchBracketed(key: string, value: string, request: AuthorizationRequest): Match {
  const names = [...key.matchAll(/\[([^[\]]+)\]/g)].map((found) => found[1] ?? '');
  if (key.startsWith('request.headers')) {
    const name = (names[0] ?? '').toLowerCase();
    if (request.headers === undefined) return unknown(`header ${name}`);
    const header = request.headers[name];
    // `*` asks that it is there, even if empty.
    return known(header !== undefined && (value === '*' || matchesGlob(value, header)));
  }
  if (key.startsWith('request.auth.claims'))
    return matchClaims(request, (claims) => {
      let claim: unknown = claims;
      for (const name of names) claim = isRecord(claim) ? claim[name] : undefined;
      // Envoy's JWT filter makes lists of these two, whose texts hold blanks.
      const spaced = names.at(-1) === 'scope' || names.at(-1) === 'permission';
      return matchesClaim(spaced && typeof claim === 'string' ? claim.split(' ') : claim, value);
    });
  return unknown(key);
}

/** `exact`, `prefix*`, `*suffix`, `*` (present and not empty). */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === '*') return text !== '';
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}

/** Paths may hold templates: `{*}` is one segment, `{**}` any number of them. */
function matchesPathPattern(pattern: string, path: string, context: MatchContext): boolean {
  if (!pattern.includes('{*}') && !pattern.includes('{**}')) return matchesGlob(pattern, path);
  const regex = pattern
    .split(/(\{\*\*?\})/)
    .map((part) => (part === '{*}' ? '[^/]+' : part === '{**}' ? '.*' : RE2JS.quote(part)))
    .join('');
  return fullMatch(context, regex, path);
}

function fullMatch({ regexes }: MatchContext, pattern: string, text: string): boolean {
  let regex = regexes.get(pattern);
  if (regex === undefined) {
    regex = compile(pattern);
    regexes.set(pattern, regex);
  }
  return regex?.matches(text) ?? false;
}

function compile(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return null;
  }
}

function sanOf(request: AuthorizationRequest): string | null {
  const { principal } = request.caller;
  if (principal === null) return null;
  return principal.startsWith('spiffe://') ? principal : `spiffe://${principal}`;
}

const matchesSan = (context: MatchContext, regex: string): boolean => {
  const san = sanOf(context.request);
  return san !== null && fullMatch(context, regex, san);
};

/**
 * A policy names `<trust domain>/ns/<namespace>/sa/<account>`, never with `spiffe://`: whatever stands there comes after that.
 * In a name of this form, trust domains of the mesh and `cluster.local` stand for each other (istio trustdomain Bundle).
 */
function matchesPrincipal(value: string, { request, mesh }: MatchContext): boolean {
  const san = sanOf(request);
  return san !== null && principalsMeant(value, [mesh.trustDomain, ...mesh.trustDomainAliases]).some((name) => matchesSpiffe(name, san));
}

const matchesSpiffe = (name: string, san: string): boolean =>
  name.startsWith('*') ? matchesGlob(name, san) : matchesGlob(`spiffe://${name}`, san);

function principalsMeant(value: string, own: readonly string[]): readonly string[] {
  const [domain = '', ...rest] = value.split('/');
  if (rest.length !== 4 || domain === '*') return [value];
  if (domain !== 'cluster.local' && !own.some((each) => mayMean(domain, each))) return [value];
  // `*local` means every trust domain with that end as it is; the others are put in its place.
  return own.map((each) => (domain.startsWith('*') && each.endsWith(domain.slice(1)) ? value : [each, ...rest].join('/')));
}

/** True when one of two trust domains means the other; either may begin or end with `*`. */
const mayMean = (a: string, b: string): boolean => a === b || isMeantBy(a, b) || isMeantBy(b, a);

const isMeantBy = (text: string, pattern: string): boolean => pattern.includes('*') && matchesGlob(pattern, text);

/** Address of the original client; without X-Forwarded-For it is the direct peer's, with it the number of trusted proxies decides. */
function matchRemoteIp(value: string, request: AuthorizationRequest): Match {
  if (request.caller.ip === null) return unknown('remote ip');
  const forwarded = request.protocol !== 'tcp' && (request.headers === undefined || request.headers['x-forwarded-for'] !== undefined);
  return forwarded ? unknown('remote ip') : known(isInBlock(request.caller.ip, value));
}

const matchClaims = (request: AuthorizationRequest, test: (claims: Readonly<Record<string, unknown>>) => boolean): Match =>
  request.claims === undefined ? unknown('token') : known(test(request.claims));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A claim is a text or a list of texts, of which one must match. */
function matchesClaim(claim: unknown, value: string): boolean {
  if (typeof claim === 'string') return matchesGlob(value, claim);
  return Array.isArray(claim) && claim.some((entry) => typeof entry === 'string' && matchesGlob(value, entry));
}

/** `iss/sub`; the issuer may hold slashes. */
function matchesRequestPrincipal(value: string, claims: Readonly<Record<string, unknown>>): boolean {
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || iss === '' || sub === '') return false;
  if (value === '*') return true;
  const slash = value.lastIndexOf('/');
  if (slash < 0) {
    if (value.startsWith('*')) return sub.endsWith(value.slice(1));
    return value.endsWith('*') && iss.startsWith(value.slice(0, -1));
  }
  const [issuer, subject] = [value.slice(0, slash), value.slice(slash + 1)];
  // Only one side is a pattern: the issuer where the value begins with `*`, else the subject where it ends with it.
  if (value.startsWith('*')) return matchesGlob(issuer, iss) && subject === sub;
  return issuer === iss && (subject.endsWith('*') ? matchesGlob(subject, sub) : subject === sub);
}
