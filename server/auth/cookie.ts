// Cookies of this console: their names, attributes and pieces. In: Cookie headers, values. Out: Set-Cookie lines.
import type { Place } from './address-book';

/** Bytes of one cookie's value; browsers take 4,096 with name and attributes. */
export const CHUNK_BYTES = 3_700;
/** Pieces that a session may have; more are never read. */
export const MAX_CHUNKS = 2;
/**
 * Bytes of a session's value. nginx takes header lines up to 8 kB: with names and with everything below beside it, a Cookie header of ours
 * stays under 8,000 bytes.
 */
export const MAX_SESSION_BYTES = 5_400;
/**
 * Bytes of a session's value with which the answer that sets it, all its headers together, stays under 4 kB: nginx takes no more from a server
 * behind it (proxy_buffer_size is one page) and answers 502 instead.
 */
export const EASY_SESSION_BYTES = 2_700;
/** Logins that may be under way at once in one browser. */
export const LOGIN_SLOTS = 3;
/** Bytes of one login attempt. */
export const MAX_ATTEMPT_BYTES = 500;
/** Bytes of what is kept of a failed login. */
export const MAX_DOCTOR_BYTES = 1_200;
const MAX_HEADER_BYTES = 32_768;

/** How cookies are named and set for one place. */
export interface CookieJar {
  readonly sessionName: string;
  readonly loginName: string;
  readonly doctorName: string;
  readonly path: string;
  readonly doctorPath: string;
  readonly isSecure: boolean;
}

export type Cookies = ReadonlyMap<string, string>;

/**
 * RFC 6265bis 4.1.3: `__Host-` holds only with Secure, Path=/ and no Domain, and keeps sites of the same domain from setting it. Two consoles
 * under one host then differ by name. Without https there is no prefix to have, and the path keeps them apart.
 */
export function cookieJar(place: Pick<Place, 'isSecure'>, basePath: string): CookieJar {
  const name = `heddle${place.isSecure ? basePath.replaceAll('/', '_') : ''}`;
  const prefix = place.isSecure ? '__Host-' : '';
  return {
    sessionName: `${prefix}${name}`,
    loginName: `${prefix}${name}-login`,
    // Only one address reads it: it is not sent anywhere else, so that it weighs nothing there.
    doctorName: `${place.isSecure ? '__Secure-' : ''}${name}-doctor`,
    path: place.isSecure || basePath === '' ? '/' : basePath,
    doctorPath: `${basePath}/api/auth/doctor`,
    isSecure: place.isSecure,
  };
}

/** Cookies by name; of several of one name the first. Values that no cookie of ours has are left out. */
export function decodeCookies(header: string | null): Cookies {
  const found = new Map<string, string>();
  if (header === null || header.length > MAX_HEADER_BYTES) return found;
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const name = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    if (!found.has(name) && /^[A-Za-z0-9_.-]*$/.test(value)) found.set(name, value);
  }
  return found;
}

const line = (jar: CookieJar, name: string, value: string, path: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Path=${path}; Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}; HttpOnly; SameSite=Lax${jar.isSecure ? '; Secure' : ''}`;

const chunkName = (jar: CookieJar, index: number): string => `${jar.sessionName}.${index}`;
const slotName = (jar: CookieJar, slot: number): string => `${jar.loginName}.${slot}`;

/** The session's value put together again; null when there is none or it has holes. */
export function joinChunks(cookies: Cookies, jar: CookieJar): string | null {
  let value = '';
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const chunk = cookies.get(chunkName(jar, i));
    if (chunk === undefined || chunk === '') return value === '' ? null : value;
    value += chunk;
  }
  return value;
}

/** Set-Cookie lines of a session; pieces that the browser has beyond them are cleared. */
export function encodeChunks(value: string, cookies: Cookies, jar: CookieJar, maxAgeSeconds: number): readonly string[] {
  const count = Math.ceil(value.length / CHUNK_BYTES);
  const lines = Array.from({ length: count }, (_, i) =>
    line(jar, chunkName(jar, i), value.slice(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES), jar.path, maxAgeSeconds),
  );
  return [...lines, ...staleChunks(cookies, jar, count)];
}

/** Set-Cookie lines that clear the session. */
export const clearChunks = (cookies: Cookies, jar: CookieJar): readonly string[] => staleChunks(cookies, jar, 0);

function staleChunks(cookies: Cookies, jar: CookieJar, from: number): readonly string[] {
  const start = `${jar.sessionName}.`;
  return [...cookies.keys()]
    .filter((name) => name.startsWith(start) && /^\d{1,2}$/.test(name.slice(start.length)) && Number(name.slice(start.length)) >= from)
    .map((name) => line(jar, name, '', jar.path, 0));
}

/** The sealed login attempts by slot. */
export const loginSlots = (cookies: Cookies, jar: CookieJar): readonly (string | null)[] =>
  Array.from({ length: LOGIN_SLOTS }, (_, slot) => cookies.get(slotName(jar, slot)) ?? null);
export const setLoginSlot = (jar: CookieJar, slot: number, value: string, maxAgeSeconds: number): string =>
  line(jar, slotName(jar, slot), value, jar.path, maxAgeSeconds);
export const clearLoginSlot = (jar: CookieJar, slot: number): string => line(jar, slotName(jar, slot), '', jar.path, 0);

export const doctorCookie = (cookies: Cookies, jar: CookieJar): string | null => cookies.get(jar.doctorName) ?? null;
export const setDoctorCookie = (jar: CookieJar, value: string, maxAgeSeconds: number): string =>
  line(jar, jar.doctorName, value, jar.doctorPath, maxAgeSeconds);
export const clearDoctorCookie = (jar: CookieJar): string => line(jar, jar.doctorName, '', jar.doctorPath, 0);

/** Lines that clear the pieces of an AWS load balancer's own session, which is how one logs out of it. */
export const clearLoadBalancerCookies = (cookies: Cookies): readonly string[] =>
  [...cookies.keys()]
    .filter((name) => /^AWSELBAuthSessionCookie(?:-\d+)?$/.test(name))
    .map((name) => `${name}=; Path=/; Max-Age=0; HttpOnly; Secure`);
