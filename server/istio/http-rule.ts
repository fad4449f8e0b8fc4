// One HTTP rule in the form in which it is evaluated, whether a VirtualService or a Gateway API route wrote it.
// In: nothing. Out: types only. Hosts are as written (short names belong to the namespace of `pointer`).
import type { ConfigPointer, CorsSpec, FaultSpec, HeaderChanges } from '../../model/routing';
import type { Labels } from './labels';
import type { PathMatch, TextMatch } from './text-match';

export interface DestinationRef {
  readonly host: string;
  readonly subset: string | null;
  readonly port: number | null;
}

export interface WeightedDestination {
  readonly destination: DestinationRef;
  /** Relative; null where not written. */
  readonly weight: number | null;
  /** Header operations of this destination; null where not written. */
  readonly headers: HeaderChanges | null;
  /** Authority that the headers of this destination set. */
  readonly authority: string | null;
  /** Gateway API: why the reference may not be used; its share of the requests is answered 500. */
  readonly invalid: string | null;
}

export type NamedMatch = readonly [name: string, match: TextMatch];

export interface HttpMatch {
  /** `spec.http[0].match[1]`. */
  readonly path: string;
  readonly name: string | null;
  readonly uri: PathMatch | null;
  readonly ignoreUriCase: boolean;
  readonly scheme: TextMatch | null;
  readonly method: TextMatch | null;
  readonly authority: TextMatch | null;
  /** Lower-case names. */
  readonly headers: readonly NamedMatch[];
  readonly withoutHeaders: readonly NamedMatch[];
  readonly queryParams: readonly NamedMatch[];
  readonly port: number | null;
  readonly sourceLabels: Labels;
  readonly sourceNamespace: string | null;
  /** `mesh` or `ns/name`. */
  readonly gateways: readonly string[];
}

export interface RedirectRef {
  /** Whole path, or what replaces the matched prefix; null keeps the path. */
  readonly path: { readonly kind: 'full' | 'prefix'; readonly value: string } | null;
  readonly authority: string | null;
  readonly scheme: string | null;
  /** `request`: the listener's port; `default`: the scheme's; null: as the Host header had it. */
  readonly port: number | 'request' | 'default' | null;
  readonly status: number;
}

export type PathRewrite =
  | { readonly kind: 'prefix' | 'full'; readonly value: string }
  | { readonly kind: 'regex'; readonly match: PathMatch; readonly replace: string };

export interface RetryRef {
  readonly attempts: number;
  readonly perTryTimeoutMs: number | null;
  readonly retryOn: string | null;
}

export interface MirrorRef {
  readonly destination: DestinationRef;
  /** 0..100, null where not written (100). */
  readonly percent: number | null;
  readonly invalid: string | null;
}

/** Exactly one of these happens; `none` = the rule says nothing that a proxy can do. */
export type HttpAction =
  | { readonly kind: 'route'; readonly destinations: readonly WeightedDestination[] }
  | { readonly kind: 'redirect'; readonly redirect: RedirectRef }
  | { readonly kind: 'directResponse'; readonly status: number; readonly body: string | null }
  | { readonly kind: 'none'; readonly why: string };

export interface HttpRule {
  readonly pointer: ConfigPointer;
  readonly name: string | null;
  /** `gatewayApi`: missing backends answer 500, prefixes end at segments. */
  readonly semantics: 'istio' | 'gatewayApi';
  /** Empty = every request. */
  readonly matches: readonly HttpMatch[];
  readonly action: HttpAction;
  readonly rewrite: { readonly path: PathRewrite | null; readonly authority: string | null } | null;
  /** Header operations; null where not written. */
  readonly headers: HeaderChanges | null;
  readonly cors: CorsSpec | null;
  /** Authority that the rule's header operations set. */
  readonly authority: string | null;
  readonly timeoutMs: number | null;
  readonly retries: RetryRef | null;
  readonly fault: FaultSpec | null;
  readonly mirror: DestinationRef | null;
  readonly mirrorPercent: number | null;
  readonly mirrors: readonly MirrorRef[];
  readonly delegate: { readonly namespace: string | null; readonly name: string } | null;
}

/** A block of a tcp or tls rule. */
export interface StreamMatch {
  readonly path: string;
  readonly sniHosts: readonly string[];
  readonly destinationSubnets: readonly string[];
  readonly port: number | null;
  readonly sourceLabels: Labels;
  readonly sourceNamespace: string | null;
  readonly gateways: readonly string[];
}

export interface StreamRule {
  readonly pointer: ConfigPointer;
  readonly matches: readonly StreamMatch[];
  readonly destinations: readonly WeightedDestination[];
}

/** What a request without any condition matches. */
export const anyMatch = (path: string): HttpMatch => ({
  path,
  name: null,
  uri: null,
  ignoreUriCase: false,
  scheme: null,
  method: null,
  authority: null,
  headers: [],
  withoutHeaders: [],
  queryParams: [],
  port: null,
  sourceLabels: {},
  sourceNamespace: null,
  gateways: [],
});
