// Who is asking and what they may see and do, as the browser is told. In: nothing. Out: User, Sight, MeDocument, DoctorDocument, AccessDocument.

export const LOGIN_STRATEGIES = ['anonymous', 'openid', 'header', 'token'] as const;
export type LoginStrategy = (typeof LOGIN_STRATEGIES)[number];

export const ROLES = ['viewer', 'editor', 'admin'] as const;
/** viewer sees; editor also changes Istio's and Gateway API's objects; admin also what concerns everybody (mesh-wide policy, the doctor). */
export type Role = (typeof ROLES)[number];

/** Somebody who was let in. */
export interface User {
  readonly strategy: LoginStrategy;
  /** Stable and unique for the provider: `sub`, or the name that Kubernetes knows. */
  readonly subject: string;
  /** For people: the username claim. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** Namespaces that somebody may see, sorted, each once; null = all of them. */
export type Sight = readonly string[] | null;

/** GET /api/me. */
export interface MeDocument {
  readonly strategy: LoginStrategy;
  /** Null: nobody is logged in (everybody, where nobody needs to). */
  readonly user: { readonly name: string; readonly groups: readonly string[] } | null;
  /** When the session ends whatever happens, and when it ends without requests; null without a session. ms since the epoch. */
  readonly endsAtMs: number | null;
  readonly idleEndsAtMs: number | null;
  /** To be sent as `x-heddle-csrf` with every request that is not GET; null without a session. */
  readonly csrfToken: string | null;
  /** What is seen: everything, some namespaces, or nothing. */
  readonly sees: 'all' | 'some' | 'none';
  /** Whether the doctor and mesh-wide changes are open to this user. */
  readonly isAdmin: boolean;
}

/** One thing that was looked at on the way in, and what came of it. */
export interface DoctorFinding {
  readonly severity: 'ok' | 'warning' | 'error';
  /** Stable: `redirectUriMismatch`, `noGroupMatches`, `providerRefused`. */
  readonly code: string;
  /** What was found, on what. */
  readonly text: string;
  /** What to change where; null when nothing is wrong. */
  readonly fix: string | null;
}

/** GET /api/auth/doctor: how a login went, secrets left out. */
export interface DoctorDocument {
  readonly strategy: LoginStrategy;
  readonly atMs: number;
  /** What the provider said of the user: values of harmless claims, of others the name only (null). */
  readonly claims: readonly { readonly name: string; readonly value: string | null }[];
  readonly username: { readonly claim: string; readonly value: string | null };
  readonly groups: { readonly claim: string; readonly values: readonly string[] };
  /** Roles of the configuration, and which of the user's groups or names matched. */
  readonly roles: readonly {
    readonly role: Role;
    readonly namespaces: readonly string[];
    readonly matchedBy: readonly string[];
  }[];
  readonly redirectUri: { readonly used: string | null; readonly expected: readonly string[] };
  readonly findings: readonly DoctorFinding[];
}

/** A thing to be allowed, in the words of Kubernetes RBAC. */
export interface Deed {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  readonly group: string;
  readonly resource: string;
  /** Null: in the whole cluster. */
  readonly namespace: string | null;
}

/** GET /api/access?namespace=N: what one may do there. */
export interface AccessDocument {
  readonly namespace: string;
  readonly sees: boolean;
  readonly deeds: readonly { readonly deed: Deed; readonly allowed: boolean }[];
  /** Role and RoleBinding that would allow the rest, or the row of `access.roles`; null when nothing is missing. */
  readonly request: { readonly kind: 'kubernetes' | 'configuration'; readonly yaml: string } | null;
}
