// Key pairs for signing: made, named, published as a key set. In: an algorithm. Out: SigningKey, JWKS documents.
import { randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

export type SigningAlgorithm = 'RS256' | 'ES256';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** Private parts included. */
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

/** A new key with a random name. */
export async function generateSigningKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const kid = randomBytes(12).toString('hex');
  const names = { kid, alg: algorithm, use: 'sig' };
  return {
    kid,
    algorithm,
    privateKey,
    publicKey,
    privateJwk: { ...(await exportJWK(privateKey)), ...names },
    publicJwk: { ...(await exportJWK(publicKey)), ...names },
  };
}

/** A JWKS document of public keys (RFC 7517). */
export const buildKeySet = (keys: readonly SigningKey[]): string => JSON.stringify({ keys: keys.map((key) => key.publicJwk) });
