// Values that only this console can read and write: compressed, then a compact JWE (RFC 7516, dir, A256GCM). In: keys. Out: Sealer.
// The first key seals, all open: give a new key first and the old one second, and nobody is logged out.
import { hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { Secret } from '../secret';

/** What a value is for; each has a key of its own, so that none can be passed off as another. */
export type Purpose = 'session' | 'login' | 'doctor';

export interface Sealer {
  seal(purpose: Purpose, bytes: Uint8Array): Promise<string>;
  /** The bytes; null for whatever was not sealed by one of the keys for this purpose, or is larger than MAX_OPENED_BYTES. */
  open(purpose: Purpose, text: string): Promise<Uint8Array | null>;
}

/** Most bytes that come out of a value, whatever it claims: a few kilobytes of deflate can hold gigabytes. */
export const MAX_OPENED_BYTES = 64 * 1024;
const MAX_SEALED_BYTES = 16 * 1024;

// Texts that sessions hold again and again; deflate finds them from the first byte on. Changing it ends every session.
const DICTIONARY = Buffer.from(
  'system:serviceaccounts:system:authenticated:read-write-admin-developers-viewers-editors-operators-platform-team-prod-production-staging-' +
    'RS256ES256PS256"typ":"JWT""kid":"offline_access openid profile email groups"auth_time":"session_state":"preferred_username":"' +
    '"given_name":"family_name":"locale":"acr":"1""azp":"nonce":"email_verified":true,"exp":17"iat":17"nbf":17"jti":"at_hash":"' +
    'https://login.microsoftonline.com//v2.0https://accounts.google.comhttps://.okta.com/oauth2/default/realms//protocol/openid-connect/' +
    '"realm_access":{"roles":["resource_access":{"account":"tid":"oid":"upn":"aud":"iss":"https://"sub":"sid":"email":"@example.com"' +
    '"name":"groups":[""]],"g":["","","n":"s":"c":[["iss","https://"],["aud","],["sub","],["email","],["name","],["iat","17],["exp","17',
);

/** Seals with the first key; without any, with one that is made now and ends with the process. */
export function createSealer(keys: readonly Secret[]): Sealer {
  const materials = keys.length > 0 ? keys.map((key) => Buffer.from(key.reveal(), 'utf8')) : [randomBytes(32)];
  const derive = (material: Buffer, info: string, bytes: number): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', material, 'heddle', `heddle ${info}`, bytes));
  const ring = materials.map((material) => ({
    kid: Buffer.from(derive(material, 'kid', 6)).toString('base64url'),
    key: {
      session: derive(material, 'session', 32),
      login: derive(material, 'login', 32),
      doctor: derive(material, 'doctor', 32),
    },
  }));
  return {
    seal: (purpose, bytes) => {
      const [newest] = ring;
      if (newest === undefined) throw new Error('a sealer without keys');
      const packed = deflateRawSync(bytes, { level: 9, memLevel: 9, dictionary: DICTIONARY });
      return new CompactEncrypt(packed).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: newest.kid }).encrypt(newest.key[purpose]);
    },
    open: async (purpose, text) => {
      if (text.length > MAX_SEALED_BYTES) return null;
      try {
        const { plaintext } = await compactDecrypt(
          text,
          (header) => {
            const found = ring.find((one) => one.kid === header.kid);
            if (found === undefined) throw new Error('sealed by another key');
            return found.key[purpose];
          },
          { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
        );
        return inflateRawSync(plaintext, { maxOutputLength: MAX_OPENED_BYTES, dictionary: DICTIONARY });
      } catch {
        // Forged, cut, of another key, or too large: not ours, which is all that there is to know.
        return null;
      }
    },
  };
}
