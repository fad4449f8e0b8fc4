// Id tokens of an OpenID provider that the API server trusts, as kube-apiserver's --oidc-* flags have it (Kubernetes: "OpenID Connect Tokens").
// In: issuer, client, claims, the time. Out: the user of a token, or why there is none.
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { isRecord, listOf, textOf, valueAt } from '../json';
import { asAuthenticated, type User } from './user';

export interface OidcOptions {
  /** --oidc-issuer-url; its discovery document says where the keys are. Unlike the real server's it may be http. */
  readonly issuer: string;
  /** --oidc-client-id: the audience that tokens must name. */
  readonly clientId: string;
  /** --oidc-username-claim (default sub). */
  readonly usernameClaim?: string;
  /** --oidc-username-prefix (default: the issuer and `#`, none for the claim email); `-`: none. */
  readonly usernamePrefix?: string;
  /** --oidc-groups-claim (default: no groups); a list, or one text that is one group. */
  readonly groupsClaim?: string;
  /** --oidc-groups-prefix (default none). */
  readonly groupsPrefix?: string;
}

export type TokenVerdict = { readonly user: User } | { readonly refusal: string };

const FETCH_MS = 5000;

/** The issuer that a token names, without looking at its signature; undefined for what is no JWT. */
function readIssuer(token: string): string | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    return textOf(valueAt(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), 'iss'));
  } catch {
    return undefined;
  }
}

export class OidcTokens {
  readonly #options: OidcOptions;
  readonly #now: () => number;
  #keys: Promise<JWTVerifyGetKey> | null = null;

  /** @param now ms since the epoch */
  constructor(options: OidcOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /** Whose token it is; undefined for a token that is not this issuer's. Never rejects: what hinders is a refusal. */
  async review(token: string): Promise<TokenVerdict | undefined> {
    const { issuer, clientId } = this.#options;
    if (readIssuer(token) !== issuer) return undefined;
    try {
      const { payload } = await jwtVerify(token, await this.#fetchKeys(), {
        issuer,
        audience: clientId,
        currentDate: new Date(this.#now()),
      });
      return this.#decodeUser(payload);
    } catch (error) {
      const unknownKey = error instanceof errors.JWKSNoMatchingKey ? ' (keys were fetched anew)' : '';
      return { refusal: `oidc: verify token: ${error instanceof Error ? error.message : String(error)}${unknownKey}` };
    }
  }

  /** The key set is fetched when a token first needs it, and again for a key that it does not have. */
  #fetchKeys(): Promise<JWTVerifyGetKey> {
    const known = this.#keys;
    if (known !== null) return known;
    const fetching = this.#fetchKeyAddress().then((address) =>
      createRemoteJWKSet(new URL(address), { cooldownDuration: 0, timeoutDuration: FETCH_MS }),
    );
    this.#keys = fetching;
    fetching.catch(() => {
      this.#keys = null;
    });
    return fetching;
  }

  async #fetchKeyAddress(): Promise<string> {
    const { issuer } = this.#options;
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_MS) });
    const document: unknown = answer.ok ? await answer.json() : null;
    const keys = isRecord(document) ? textOf(document['jwks_uri']) : undefined;
    if (keys === undefined) throw new Error(`${address} answered ${answer.status} without a jwks_uri`);
    return keys;
  }

  #decodeUser(claims: JWTPayload): TokenVerdict {
    const { issuer, usernameClaim = 'sub', usernamePrefix, groupsClaim, groupsPrefix = '' } = this.#options;
    const name = textOf(claims[usernameClaim]);
    if (name === undefined || name === '') return { refusal: `oidc: parse username claims "${usernameClaim}": claim not present` };
    // A missing email_verified is taken for true, a false one refused (oidc.go).
    if (usernameClaim === 'email' && claims['email_verified'] !== undefined && claims['email_verified'] !== true)
      return { refusal: 'oidc: email not verified' };
    const standardPrefix = usernameClaim === 'email' ? '' : `${issuer}#`;
    const prefix = usernamePrefix === '-' ? '' : (usernamePrefix ?? standardPrefix);
    const claim = groupsClaim === undefined ? undefined : claims[groupsClaim];
    const groups = typeof claim === 'string' ? [claim] : listOf(claim).filter((group) => typeof group === 'string');
    return { user: asAuthenticated({ username: `${prefix}${name}`, groups: groups.map((group) => `${groupsPrefix}${group}`) }) };
  }
}
