// A signed token as it would be if the signer's clock went differently. In: a JWT of ours, seconds. Out: the same token, shifted and signed again.
import { CompactSign, decodeJwt, decodeProtectedHeader } from 'jose';
import type { SigningKey } from './signing-keys';

// RFC 7519 NumericDates, and OpenID Connect's auth_time.
const TIMES = ['iat', 'exp', 'nbf', 'auth_time'];

/** Moves every time in the token and signs it with `key`, which must be the one that had signed it. */
export function shiftTimes(token: string, seconds: number, key: SigningKey): Promise<string> {
  const header = decodeProtectedHeader(token);
  const claims = Object.entries(decodeJwt(token)).map(([name, value]) =>
    TIMES.includes(name) && typeof value === 'number' ? [name, value + seconds] : [name, value],
  );
  return new CompactSign(Buffer.from(JSON.stringify(Object.fromEntries(claims))))
    .setProtectedHeader({ ...header, alg: key.algorithm, kid: key.kid })
    .sign(key.privateKey);
}
