// What the program asks of logging in, and the shapes of the answers. In: nothing. Out: LoginDesk.
import type { DoctorDocument, LoginStrategy, MeDocument } from '../../model/account';
import type { Failure } from '../../model/failure';
import type { Access, Caller } from '../ports';
import type { InboundRequest } from './inbound';

/** Who sent a request. `setCookies` belong on the answer, whatever it is. */
export type Identified =
  | {
      readonly kind: 'caller';
      readonly caller: Caller;
      /** Null without a session (anonymous, header). */
      readonly session: {
        readonly endsAtMs: number;
        readonly idleEndsAtMs: number;
        /** When the provider has to be asked again, by a request, whether this login still counts; null: never. */
        readonly recheckAtMs: number | null;
        readonly csrfToken: string;
      } | null;
      readonly setCookies: readonly string[];
    }
  | { readonly kind: 'unauthenticated'; readonly failure: Failure; readonly setCookies: readonly string[] };

/** `ended`: by a logout, a revocation or its limit. `recheck`: only another request can tell whether the session still counts. */
export type SessionEnd = 'ended' | 'recheck';

/** An answer of a login route. */
export interface Reply {
  readonly status: number;
  /** Where the browser goes: an address of the provider, or a path with the base path. */
  readonly location: string | null;
  /** JSON; undefined = none. */
  readonly body: unknown;
  readonly setCookies: readonly string[];
}

export interface LoginDesk {
  readonly strategy: LoginStrategy;
  /** Host of the OpenID provider, for the words of the login's button; null where there is none. */
  readonly providerHost: string | null;
  /** Who sent a request. `fresh`: the tokens of a session are renewed first, for when the Kubernetes API refused them. Never throws for bad credentials. */
  identify(request: InboundRequest, options?: { readonly fresh?: boolean }): Promise<Identified>;
  /** Lets a request that changes something pass only if it comes from a page of ours and carries the session's token. @throws Failure forbidden */
  guard(request: InboundRequest, identified: Identified): void;
  /** GET /api/auth/login. Failures are a reply too: back to /login with what the doctor shows. @throws Failure notFound, tooManyRequests */
  begin(request: InboundRequest): Promise<Reply>;
  /** GET /api/auth/callback. @throws Failure notFound */
  finish(request: InboundRequest): Promise<Reply>;
  /** POST /api/auth/login with its JSON body. @throws Failure badRequest, unauthenticated, forbidden, notFound, tooManyRequests, cluster* */
  loginByToken(request: InboundRequest, body: unknown): Promise<Reply>;
  /** POST /api/auth/logout. @throws Failure forbidden */
  logout(request: InboundRequest): Promise<Reply>;
  /** POST /api/auth/backchannel-logout (OpenID Connect Back-Channel Logout 1.0) with its form. @throws Failure notFound, tooManyRequests */
  logoutByProvider(request: InboundRequest, form: URLSearchParams): Promise<Reply>;
  /** GET /api/auth/doctor: of the failed login of this browser, else of whoever asks. @throws Failure unauthenticated */
  diagnose(request: InboundRequest): Promise<DoctorDocument>;
  /** GET /api/me; `access` is null where nobody is let in. */
  describe(identified: Identified, access: Access | null): MeDocument;
  /**
   * Calls back once when the session of a caller ends, or when it is known to count no longer: a logout may have reached another replica only,
   * and a stream makes no requests. Returns what calls that off. Streams end by it.
   */
  watchEnd(identified: Identified, onEnd: (why: SessionEnd) => void): () => void;
  /** Calls back with the subject of every session that ends by a logout; returns what calls that off. */
  watchLogouts(onLogout: (subject: string) => void): () => void;
  /** Counters in Prometheus' text format. */
  encodeMetrics(): string;
  close(): Promise<void>;
}
