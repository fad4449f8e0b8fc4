// A login that is under way: what the browser keeps, sealed, between leaving for the provider and coming back. In: Sealer. Out: LoginAttempt.
// One cookie for each of a few attempts, so that several tabs can log in at once; found again by state.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { type CookieJar, type Cookies, clearLoginSlot, loginSlots, MAX_ATTEMPT_BYTES, setLoginSlot } from './cookie';
import type { Sealer } from './seal';

export const ATTEMPT_LIFE_MS = 600_000;

export interface LoginAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  /** Local path to go to. */
  readonly to: string;
  readonly atMs: number;
}

const STORED = v.object({ s: v.pipe(v.string(), v.minLength(32)), r: v.string(), t: v.string(), a: v.number() });

// One seed for all three keeps the cookie small; the seed itself never leaves the seal.
const derive = (seed: string, what: string): string => createHash('sha256').update(`${what} ${seed}`).digest('base64url');
const attemptOf = (seed: string, redirectUri: string, to: string, atMs: number): LoginAttempt => ({
  state: derive(seed, 'state'),
  nonce: derive(seed, 'nonce'),
  codeVerifier: derive(seed, 'verifier'),
  redirectUri,
  to,
  atMs,
});
const isSame = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

async function openSlots(
  sealer: Sealer,
  cookies: Cookies,
  jar: CookieJar,
  nowMs: number,
): Promise<readonly { readonly slot: number; readonly attempt: LoginAttempt | null }[]> {
  return Promise.all(
    loginSlots(cookies, jar).map(async (text, slot) => {
      const bytes = text === null ? null : await sealer.open('login', text);
      if (bytes === null) return { slot, attempt: null };
      const parsed = v.safeParse(STORED, JSON.parse(Buffer.from(bytes).toString('utf8')));
      if (!parsed.success || parsed.output.a + ATTEMPT_LIFE_MS <= nowMs) return { slot, attempt: null };
      const { s, r, t, a } = parsed.output;
      return { slot, attempt: attemptOf(s, r, t, a) };
    }),
  );
}

/** Begins an attempt; the cookie takes a free slot, else the oldest's. A path that is too long for it is cut to its page. */
export async function beginAttempt(
  sealer: Sealer,
  cookies: Cookies,
  jar: CookieJar,
  nowMs: number,
  redirectUri: string,
  to: string,
): Promise<{ readonly attempt: LoginAttempt; readonly setCookie: string }> {
  const seed = randomBytes(24).toString('base64url');
  const slots = await openSlots(sealer, cookies, jar, nowMs);
  const free = slots.filter(({ attempt }) => attempt === null);
  // Tabs that start together do not see each other's cookies: chance keeps them apart.
  const slot =
    free[(randomBytes(1)[0] ?? 0) % Math.max(1, free.length)]?.slot ??
    [...slots].sort((a, b) => (a.attempt?.atMs ?? 0) - (b.attempt?.atMs ?? 0))[0]?.slot ??
    0;
  const page = to.split(/[?#]/)[0] ?? '/';
  for (const path of [to, page, '/']) {
    const text = await sealer.seal('login', Buffer.from(JSON.stringify({ s: seed, r: redirectUri, t: path, a: nowMs }), 'utf8'));
    if (text.length <= MAX_ATTEMPT_BYTES || path === '/')
      return { attempt: attemptOf(seed, redirectUri, path, nowMs), setCookie: setLoginSlot(jar, slot, text, ATTEMPT_LIFE_MS / 1000) };
  }
  throw new Error('unreachable: the last path always returns');
}

/** The attempt that a state belongs to, with the line that clears its cookie; null when this browser has none. */
export async function findAttempt(
  sealer: Sealer,
  cookies: Cookies,
  jar: CookieJar,
  nowMs: number,
  state: string,
): Promise<{ readonly attempt: LoginAttempt; readonly clearCookie: string } | null> {
  for (const { slot, attempt } of await openSlots(sealer, cookies, jar, nowMs))
    if (attempt !== null && isSame(attempt.state, state)) return { attempt, clearCookie: clearLoginSlot(jar, slot) };
  return null;
}
