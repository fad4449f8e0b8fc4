// Reads cross-origin policies: `corsPolicy` of a VirtualService, the CORS filter of an HTTPRoute. In: Fields. Out: CorsSpec.
import type { TextCondition } from '../../../model/edit';
import type { CorsSpec } from '../../../model/routing';
import type { Fields } from './fields';

function readOrigin(origin: Fields): TextCondition {
  for (const type of ['exact', 'prefix', 'regex'] as const) {
    const value = origin.text(type);
    if (value !== null) return { type, value };
  }
  return { type: 'present' };
}

/** The old `allowOrigin` holds exact origins, of which `*` means all; it counts only without `allowOrigins`. */
export function readCorsPolicy(cors: Fields | null): CorsSpec | null {
  if (cors === null) return null;
  const old = cors.texts('allowOrigin').map((value): TextCondition => (value === '*' ? { type: 'present' } : { type: 'exact', value }));
  const maxAgeMs = cors.durationMs('maxAge');
  return {
    allowOrigins: cors.has('allowOrigins') ? cors.objects('allowOrigins').map(readOrigin) : old,
    allowMethods: cors.texts('allowMethods'),
    allowHeaders: cors.texts('allowHeaders'),
    exposeHeaders: cors.texts('exposeHeaders'),
    maxAgeSeconds: maxAgeMs === null ? null : Math.floor(maxAgeMs / 1000),
    allowCredentials: cors.flag('allowCredentials'),
    unmatchedPreflights: cors.text('unmatchedPreflights') === 'IGNORE' ? 'IGNORE' : 'FORWARD',
  };
}

/** Origins of the Gateway API may hold one wildcard: `*`, `https://*.example.com` (HTTPCORSFilter.allowOrigins). */
function readWildOrigin(value: string): TextCondition {
  if (value === '*') return { type: 'present' };
  if (!value.includes('*')) return { type: 'exact', value };
  const quoted = value.split('*').map((part) => part.replace(/[.\\+?()|[\]{}^$]/g, '\\$&'));
  return { type: 'regex', value: quoted.join('.*') };
}

export function readCorsFilter(cors: Fields | null): CorsSpec | null {
  if (cors === null) return null;
  return {
    allowOrigins: cors.texts('allowOrigins').map(readWildOrigin),
    allowMethods: cors.texts('allowMethods'),
    allowHeaders: cors.texts('allowHeaders'),
    exposeHeaders: cors.texts('exposeHeaders'),
    // "The default is 5 seconds" (HTTPCORSFilter.maxAge).
    maxAgeSeconds: cors.number('maxAge') ?? 5,
    allowCredentials: cors.flag('allowCredentials'),
    // A preflight that does not match is answered without headers (pilot gateway conversion).
    unmatchedPreflights: 'IGNORE',
  };
}
