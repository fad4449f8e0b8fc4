// The end of one's own session. In: the session's CSRF token. Out: the address to go to next, which is the provider's where it has a logout.
import { withBase } from '../ui/base-path';
import { sendJson } from '../ui/send-json';

interface Options {
  readonly csrfToken: string | null;
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
}

/** An address to go to from `location` as the server says it: http(s), or a path of this origin; the login page for anything else. */
export function decodeLogoutLocation(body: unknown, base: string): string {
  const login = `${base}/login`;
  const location = typeof body === 'object' && body !== null && 'location' in body ? body.location : null;
  if (typeof location !== 'string') return login;
  if (/^https?:\/\//.test(location)) return location;
  if (!/^\/(?![/\\])/.test(location)) return login;
  return location === base || location.startsWith(`${base}/`) ? location : `${base}${location}`;
}

/** Logs out. @throws ProblemError; whoever was logged out before (401) is simply led to the login. */
export async function writeLogout({ csrfToken, signal, fetch }: Options): Promise<string> {
  const body = await sendJson(withBase('/api/auth/logout'), {
    csrfToken,
    signal,
    deadlineMs: 20_000,
    ...(fetch === undefined ? {} : { fetch }),
  });
  return decodeLogoutLocation(body, withBase(''));
}
