// What a cross-origin policy means for one request. In: CorsSpec, RouteRequest. Out: CorsOutcome. Source: Envoy's CORS filter.
import type { CorsOutcome, CorsSpec, RouteRequest } from '../../model/routing';
import { memoByObject } from './memo';
import { matchesText, type TextMatch } from './text-match';

const originsOf = memoByObject((policy: CorsSpec): readonly TextMatch[] =>
  policy.allowOrigins.map((origin) =>
    origin.type === 'present' ? { kind: 'present', value: '' } : { kind: origin.type, value: origin.value },
  ),
);

/** Envoy asks each matcher for the origin and for `*`. */
const isAllowed = (policy: CorsSpec, origin: string): boolean =>
  originsOf(policy).some((match) => matchesText(match, '*') || matchesText(match, origin));

/** A preflight is an OPTIONS request that names its origin and the method that is to follow. */
const isPreflight = ({ method, headers }: RouteRequest): boolean =>
  method === 'OPTIONS' && (headers['access-control-request-method'] ?? '') !== '';

export function evaluateCors(policy: CorsSpec, request: RouteRequest): CorsOutcome {
  const origin = request.headers['origin'] ?? '';
  if (origin === '') return { policy, result: 'none' };
  const allowed = isAllowed(policy, origin);
  if (!isPreflight(request)) return { policy, result: allowed ? 'allowed' : 'refused' };
  if (allowed) return { policy, result: 'answered' };
  return { policy, result: policy.unmatchedPreflights === 'IGNORE' ? 'ignored' : 'forwarded' };
}
