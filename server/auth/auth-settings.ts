// What this folder is told of the configuration, in plain values. In: nothing. Out: AuthSettings and its parts.
import type { LoginStrategy } from '../../model/account';
import type { RoleRule } from '../../model/role-rules';
import type { Secret } from '../secret';

/** Endpoints that are given instead of found by discovery; undefined = discovered. */
export interface OpenidEndpoints {
  readonly authorization: string | undefined;
  readonly token: string | undefined;
  readonly userinfo: string | undefined;
  readonly jwks: string | undefined;
  readonly endSession: string | undefined;
}

export interface OpenidSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: Secret | null;
  readonly scopes: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly endpoints: OpenidEndpoints;
  /** Lower case; empty = all. */
  readonly allowedDomains: readonly string[];
  readonly clockSkewSeconds: number;
  readonly caPem: string | null;
}

/** Where the keys are that a proxy before the console signs with. */
export type HeaderKeys =
  /** An AWS load balancer: PEM at `<url>/<kid>`. */
  | { readonly kind: 'alb'; readonly url: string }
  | { readonly kind: 'jwks'; readonly url: string }
  | { readonly kind: 'pem'; readonly pem: string };

export interface HeaderSettings {
  /** Lower case. */
  readonly name: string;
  readonly keys: HeaderKeys;
  readonly issuer: string | null;
  /** Of a load balancer: its ARN, which its tokens name as `signer`. */
  readonly audience: string | null;
}

export type AccessMode = 'roles' | 'userToken' | 'impersonation';

export interface AuthSettings {
  readonly strategy: LoginStrategy;
  /** Empty or `/console`: never with a slash at its end. */
  readonly basePath: string;
  /** Without a slash at their ends. */
  readonly publicUrls: readonly string[];
  readonly port: number;
  readonly servesTls: boolean;
  /** Addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[];
  /** The first seals, all open; empty: one is made at start. */
  readonly sessionKeys: readonly Secret[];
  readonly sessionIdleMs: number;
  readonly sessionMaxMs: number;
  readonly usernameClaim: string;
  readonly groupsClaim: string;
  /** Not null with strategy openid. */
  readonly openid: OpenidSettings | null;
  /** Not null with strategy header. */
  readonly header: HeaderSettings | null;
  readonly accessMode: AccessMode;
  /** Which token of a login the Kubernetes API is given (accessMode userToken). */
  readonly userToken: 'id' | 'access';
  readonly roles: readonly RoleRule[];
}
