// Questions about what Istio's configuration means, and their answers: route, mTLS and authorization of one request.
// In: nothing of ours but traffic and the parts of edits. Out: RouteRequest, RouteDecision, MtlsOutcome, AuthorizationOutcome.
// Answered by server/istio; asked by the simulated mesh, the explainer and the analysis.
import type { CorsEdit, HeaderOperations } from './edit';
import type { Protocol } from './traffic';

/** Who sends: a workload's pod, with what configuration can see of it. */
export interface Caller {
  readonly cluster: string;
  readonly namespace: string;
  readonly workload: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  /** Has a sidecar, is captured by ztunnel, is a gateway proxy, or none of these (then no client-side routing happens at all). */
  readonly mode: 'sidecar' | 'ambient' | 'gateway' | 'none';
}

/** One request (or connection, for TCP and opaque TLS). */
export interface RouteRequest {
  readonly caller: Caller;
  /** Host header or SNI, or the name that the client resolved. A port in it is not looked at, except by rules that match on the authority. */
  readonly host: string;
  /** Address that the client dialled, where it says more than the host; absent = one of the host's own. */
  readonly address?: string;
  /** Port that the client dialled (for a gateway caller: the listener's port). */
  readonly port: number;
  readonly protocol: Protocol | 'tls';
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Claims of the valid token that came with it, on which gateways route (`@request.auth.claims`); absent or {} = no token. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Points at a place in an object: `spec.http[1].route[0]`. */
export interface ConfigPointer {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
}

/** One rule that was looked at. */
export interface TriedRule {
  readonly rule: ConfigPointer;
  readonly name: string | null;
  readonly matched: boolean;
  /** Why not, or what made it match: "path /ratings does not start with /reviews". */
  readonly why: string;
}

/** A destination of the winning rule. */
export interface RouteDestination {
  readonly host: string;
  readonly subset: string | null;
  readonly port: number;
  /** Envoy's name: `outbound|9080|v1|reviews.bookinfo.svc.cluster.local`. */
  readonly clusterName: string;
  /** Share of the requests, 0..1; the shares of a rule sum to 1. */
  readonly share: number;
  /** Keys (namespace/name) of the ready pods behind it; null for hosts outside the cluster. */
  readonly endpoints: readonly string[] | null;
  /** `missing`: no such host or subset (503 NC); `empty`: no ready endpoint (503 UH). */
  readonly state: 'ok' | 'missing' | 'empty';
  /** What the proxy answers in place of a destination that is not ok: 503, or 500 for an invalid backend of a Gateway API route; absent = ok. */
  readonly status?: number;
  /** Header operations of this destination alone; absent = none. */
  readonly headers?: HeaderChanges;
  /** Authority that requests to this destination get, where the rule itself sets none. */
  readonly authority?: string;
}

/** What is done to the headers of requests on their way out and of responses on their way back. */
export interface HeaderChanges {
  readonly request: HeaderOperations;
  readonly response: HeaderOperations;
}

/** A cross-origin policy in force. */
export interface CorsSpec extends CorsEdit {
  /** What becomes of preflights from other origins. */
  readonly unmatchedPreflights: 'FORWARD' | 'IGNORE';
}

/** A cross-origin policy and what it means for this request. */
export interface CorsOutcome {
  readonly policy: CorsSpec;
  /**
   * `none`: not a cross-origin request; `allowed`, `refused`: the origin is allowed or not, the request is routed all the same;
   * `answered`: a preflight of an allowed origin, `ignored`: of another: neither leaves the proxy; `forwarded`: of another, but routed.
   */
  readonly result: 'none' | 'allowed' | 'refused' | 'answered' | 'ignored' | 'forwarded';
}

export interface FaultSpec {
  readonly delay: { readonly milliseconds: number; readonly percent: number } | null;
  readonly abort: { readonly httpStatus: number | null; readonly grpcStatus: string | null; readonly percent: number } | null;
}

export interface RetrySpec {
  readonly attempts: number;
  readonly perTryTimeoutMs: number | null;
  /** Conditions and numeric codes as configured or by default. */
  readonly retryOn: readonly string[];
}

export interface MirrorSpec {
  readonly destination: Omit<RouteDestination, 'share'>;
  readonly percent: number;
}

/** What happens to the request on the client side. */
export type RouteDecision = {
  readonly tried: readonly TriedRule[];
  /** Rule that won; null for the default route of a service and for the special outcomes. */
  readonly rule: ConfigPointer | null;
  /** Virtual host (host pattern) that took the request; null if none. */
  readonly virtualHost: string | null;
} & (
  | {
      readonly outcome: 'route';
      readonly destinations: readonly RouteDestination[];
      readonly timeoutMs: number | null;
      readonly retries: RetrySpec;
      readonly fault: FaultSpec | null;
      readonly mirrors: readonly MirrorSpec[];
      readonly rewrite: { readonly path: string | null; readonly authority: string | null } | null;
      /** Absent = none. */
      readonly headers?: HeaderChanges;
      readonly cors?: CorsOutcome;
    }
  | { readonly outcome: 'redirect'; readonly status: number; readonly location: string }
  | { readonly outcome: 'directResponse'; readonly status: number; readonly body?: string; readonly cors?: CorsOutcome }
  /** Host unknown to the mesh and outboundTrafficPolicy ALLOW_ANY. */
  | { readonly outcome: 'passthrough' }
  /** Host unknown and REGISTRY_ONLY: 502 for HTTP, closed for TCP. */
  | { readonly outcome: 'blackHole' }
  /** Virtual host found but no rule matches, or a gateway without a route: 404 NR. */
  | { readonly outcome: 'noRoute'; readonly status: number }
);

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** What happens between the two proxies. */
export interface MtlsOutcome {
  readonly serverMode: MtlsMode;
  /** Object that decides the server's mode; null = Istio's default. */
  readonly serverDecidedBy: ConfigPointer | null;
  readonly clientMode: 'istioMutual' | 'plaintext' | 'tls';
  readonly clientDecidedBy: ConfigPointer | null;
  /** `mutualTls`, `plaintext` or `tls` (opaque to the server's proxy); `fails`: the connection is reset. */
  readonly result: 'mutualTls' | 'plaintext' | 'tls' | 'fails';
  readonly why: string;
}

/** What the server's proxy decides. `depends`: the request is not known well enough, `on` names what is missing. */
export type AuthorizationOutcome = {
  readonly decidedBy: ConfigPointer | null;
  readonly why: string;
  /** HTTP status of a refusal: 403, or 401 for a token that is not valid; absent where nothing is refused or only bytes are seen. */
  readonly status?: number;
} & ({ readonly outcome: 'allowed' | 'denied' } | { readonly outcome: 'depends'; readonly on: readonly string[] });
