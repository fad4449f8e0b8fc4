// The token by which a provider ends sessions (OpenID Connect Back-Channel Logout 1.0, 2.6), verified. In: logout_token. Out: whose sessions.
import { jwtVerify } from 'jose';
import type { Clock } from '../ports';
import { isRecord } from './claims';
import type { ExpiringSet } from './expiring-set';
import { type OpenidConnection, SIGNATURES } from './openid-provider';

export interface ProviderLogout {
  readonly sid: string | null;
  readonly subject: string | null;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** A token older than this is not about a logout that happens now. */
const MAX_AGE_SECONDS = 300;
export const MAX_FORM_BYTES = 64 * 1024;

const textOf = (x: unknown): string | null => (typeof x === 'string' && x !== '' && x.length <= 256 ? x : null);

/** Whose sessions to end; text: why the token is refused (never with the token in it). Each token counts once. */
export async function verifyLogoutToken(
  token: string | null,
  connection: OpenidConnection,
  clientId: string,
  clockSkewSeconds: number,
  seen: ExpiringSet,
  clock: Clock,
): Promise<ProviderLogout | string> {
  if (token === null) return 'the form has no logout_token';
  let payload: Readonly<Record<string, unknown>>;
  try {
    const verified = await jwtVerify(token, connection.keys, {
      algorithms: [...SIGNATURES],
      issuer: connection.issuer,
      audience: clientId,
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(clock.now()),
      maxTokenAge: MAX_AGE_SECONDS,
      requiredClaims: ['iat', 'jti', 'events'],
    });
    const { typ } = verified.protectedHeader;
    // 2.4: `logout+jwt` is recommended; of another explicit type it is another kind of token (an access token: at+jwt).
    if (typ !== undefined && !/^(?:application\/)?(?:logout\+jwt|jwt)$/i.test(typ)) return 'the token is of another type';
    payload = verified.payload;
  } catch {
    return 'its signature, issuer, audience or time does not hold';
  }
  const events = payload['events'];
  if (!isRecord(events) || !isRecord(events[EVENT])) return 'it is not about a logout';
  // 2.6: what has a nonce is an ID token, which must not pass for this.
  if (payload['nonce'] !== undefined) return 'it has a nonce';
  const sid = textOf(payload['sid']);
  const subject = textOf(payload['sub']);
  if (sid === null && subject === null) return 'it names neither a session nor a subject';
  const jti = textOf(payload['jti']);
  if (jti === null) return 'it has no identifier';
  if (!seen.add(`jti ${jti}`, clock.now() + (MAX_AGE_SECONDS + 2 * clockSkewSeconds + 60) * 1000)) return 'it was used before';
  return { sid, subject };
}
