// One object that brings routes (VirtualService, HTTPRoute, GRPCRoute) in the form that the evaluator reads. In: rules. Out: RouteSet.
import type { HttpRule, StreamRule } from './http-rule';

/** Routes of one object with what decides where and for whom they hold. */
export interface RouteSet {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** Resolved and lower case; may be wildcards. */
  readonly hosts: readonly string[];
  /** `mesh`, `ns/name` of an Istio Gateway, or the key of an OwnedListener of the Gateway API. */
  readonly gateways: ReadonlySet<string>;
  readonly exportTo: readonly string[];
  readonly semantics: 'istio' | 'gatewayApi';
  readonly http: readonly HttpRule[];
  readonly tls: readonly StreamRule[];
  readonly tcp: readonly StreamRule[];
}
