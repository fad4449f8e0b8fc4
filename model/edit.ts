// What somebody wants changed: intents on rules and policies, or whole objects as YAML. A change is a list of edits, possibly across objects.
// In: nothing of ours but the inventory's kinds. Out: ConfigRef, RuleRef, Edit and its parts. `server/changes/plan` makes object changes of them.
import type { ConfigKind, JsonObject } from './inventory';

/** Names one configuration object of the cluster that the console steers. */
export interface ConfigRef {
  readonly kind: ConfigKind;
  readonly namespace: string;
  readonly name: string;
}

/** Text of a reference: `VirtualService/bookinfo/reviews`. */
export const refText = ({ kind, namespace, name }: ConfigRef): string => `${kind}/${namespace}/${name}`;

/** Which list of a route object a rule stands in. HTTPRoute and GRPCRoute: `http`; TCPRoute: `tcp`; TLSRoute: `tls`. */
export type RuleList = 'http' | 'tls' | 'tcp';

/**
 * The rule that an intent means. `object` null: no route object exists for the host yet, one is to be made (a VirtualService in the host's
 * namespace, or an HTTPRoute where `as` says so); then `index` is 0 and the new rule is a catch-all. Later edits of the same change name the
 * object that is made so with null as well.
 */
export interface RuleRef {
  readonly object: ConfigRef | null;
  readonly list: RuleList;
  /** Position in the list as the editor saw it, which is as the edits before this one in the same change leave it: edits are done in order. */
  readonly index: number;
  /** Fully qualified host that the rule is for, `reviews.bookinfo.svc.cluster.local`. */
  readonly host: string;
  readonly as?: 'VirtualService' | 'HTTPRoute';
  /** Port of the service that an HTTPRoute to be made is for; only where the service has several. */
  readonly port?: number;
}

/** A text condition; exactly one form. */
export type TextCondition =
  | { readonly type: 'exact' | 'prefix' | 'regex'; readonly value: string }
  /** The header or parameter is there, whatever its value. */
  | { readonly type: 'present' };

export interface NamedCondition {
  readonly name: string;
  readonly condition: TextCondition;
}

/** One match block: all of its conditions hold. Absent = no condition. */
export interface MatchEdit {
  readonly path?: TextCondition;
  readonly method?: string;
  readonly headers?: readonly NamedCondition[];
  readonly queryParams?: readonly NamedCondition[];
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
  readonly port?: number;
  /** `mesh` or `namespace/name` of a Gateway. */
  readonly gateways?: readonly string[];
}

export interface DestinationEdit {
  /** Full name, or a short one of the namespace of the object that is edited. */
  readonly host: string;
  /** Subset of a VirtualService's destination; null for none and for Gateway API backends. */
  readonly subset: string | null;
  readonly port: number | null;
  /** Relative; whole numbers. */
  readonly weight: number;
}

export interface FaultEdit {
  readonly delay: { readonly milliseconds: number; readonly percent: number } | null;
  readonly abort: { readonly httpStatus?: number; readonly grpcStatus?: string; readonly percent: number } | null;
}

export interface RetriesEdit {
  /** 0 switches retries off. */
  readonly attempts: number;
  readonly perTryTimeoutMs: number | null;
  readonly retryOn: readonly string[];
}

export interface HeaderOperations {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export interface CorsEdit {
  readonly allowOrigins: readonly TextCondition[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | null;
  readonly allowCredentials: boolean | null;
}

/** What a new rule does; one of the three. */
export type ActionEdit =
  | { readonly type: 'route'; readonly destinations: readonly DestinationEdit[] }
  | { readonly type: 'redirect'; readonly path: string | null; readonly authority: string | null; readonly status: number }
  | { readonly type: 'respond'; readonly status: number; readonly body: string | null };

/** Editable parts of a DestinationRule's trafficPolicy, as Istio writes them; null removes a part, absent leaves it alone. */
export interface TrafficPolicyEdit {
  readonly loadBalancer?: JsonObject | null;
  readonly connectionPool?: JsonObject | null;
  readonly outlierDetection?: JsonObject | null;
  readonly tls?: JsonObject | null;
}

/** Changes what it names and nothing else; every field that it does not know stays as it is. */
export type Intent =
  | { readonly type: 'weights'; readonly rule: RuleRef; readonly destinations: readonly DestinationEdit[] }
  | { readonly type: 'match'; readonly rule: RuleRef; readonly matches: readonly MatchEdit[] }
  | { readonly type: 'fault'; readonly rule: RuleRef; readonly fault: FaultEdit | null }
  | { readonly type: 'timeout'; readonly rule: RuleRef; readonly milliseconds: number | null }
  | { readonly type: 'retries'; readonly rule: RuleRef; readonly retries: RetriesEdit | null }
  | {
      readonly type: 'mirror';
      readonly rule: RuleRef;
      readonly mirror: {
        readonly host: string;
        readonly subset: string | null;
        readonly port: number | null;
        readonly percent: number;
      } | null;
    }
  | {
      readonly type: 'rewrite';
      readonly rule: RuleRef;
      readonly rewrite: { readonly path: string | null; readonly authority: string | null } | null;
    }
  | {
      readonly type: 'headers';
      readonly rule: RuleRef;
      readonly headers: { readonly request: HeaderOperations; readonly response: HeaderOperations } | null;
    }
  | { readonly type: 'cors'; readonly rule: RuleRef; readonly cors: CorsEdit | null }
  | {
      /** Before the rule that stands at `rule.index` (or last, where the index is the length of the list). */
      readonly type: 'addRule';
      readonly rule: RuleRef;
      readonly name: string | null;
      readonly matches: readonly MatchEdit[];
      readonly action: ActionEdit;
      readonly fault?: FaultEdit | null;
      readonly timeoutMs?: number | null;
    }
  | { readonly type: 'moveRule'; readonly rule: RuleRef; readonly to: number }
  | { readonly type: 'removeRule'; readonly rule: RuleRef }
  /** Takes the rule out of the list and keeps it in the annotation `heddle.dev/disabled-rules`. */
  | { readonly type: 'disableRule'; readonly rule: RuleRef }
  /** Puts rule `position` of that annotation back where it stood, or as near as the list allows. */
  | { readonly type: 'enableRule'; readonly object: ConfigRef; readonly position: number }
  | {
      readonly type: 'trafficPolicy';
      /** Fully qualified. */
      readonly host: string;
      /** Namespace of a DestinationRule that must be made. */
      readonly namespace: string;
      readonly subset: string | null;
      readonly policy: TrafficPolicyEdit;
    }
  | {
      /** Adds or replaces subsets by name; others stay. */
      readonly type: 'subsets';
      readonly host: string;
      readonly namespace: string;
      readonly subsets: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
    }
  | {
      /** Makes a service reachable through a gateway: a VirtualService bound to an Istio Gateway, or an HTTPRoute with a parentRef. */
      readonly type: 'expose';
      readonly host: string;
      readonly port: number;
      readonly namespace: string;
      readonly gateway: ConfigRef;
      readonly hostnames: readonly string[];
      readonly pathPrefix: string;
      readonly name: string;
    };

export type Edit =
  | Intent
  /** The object as it shall be; `ref` null: it is new. `resourceVersion`: what the editor started from, null for a new object. */
  | { readonly type: 'yaml'; readonly ref: ConfigRef | null; readonly yaml: string; readonly resourceVersion: string | null }
  | { readonly type: 'delete'; readonly ref: ConfigRef };

/** Why an edit cannot be planned: what the user wrote, not a failure. */
export interface EditProblem {
  /** Position in the list of edits. */
  readonly edit: number;
  /** Object that it means, as far as it can be told. */
  readonly ref: ConfigRef | null;
  /** Field that it is about, `spec.http[1].route[0].weight`; "" for the whole. */
  readonly path: string;
  /** What is wrong, with the names. */
  readonly message: string;
  /** What to do. */
  readonly next: string;
  /** Place in the text of a YAML edit, both from 1. */
  readonly line?: number;
  readonly column?: number;
}
