// The pages on which a mesh is steered, as documents: the routing of a service, the list of configuration, one object, an explained request.
// In: edits, findings, routing. Out: the documents of /api/services/…, /api/config…, /api/explain.
import type { ConfigRef, CorsEdit, FaultEdit, HeaderOperations, MatchEdit, RetriesEdit, RuleRef, TrafficPolicyEdit } from './edit';
import type { EntityFinding, Finding } from './finding';
import type { JsonObject } from './inventory';
import type { AuthorizationOutcome, ConfigPointer, MtlsOutcome, RouteDecision } from './routing';

/** A destination of a rule with what is behind it and what it takes now. */
export interface RoutedDestination {
  readonly host: string;
  readonly subset: string | null;
  readonly port: number | null;
  /** As written; null where not written. */
  readonly weight: number | null;
  /** Effective share of the rule's requests, 0..1. */
  readonly share: number;
  readonly state: 'ok' | 'missing' | 'empty';
  readonly readyEndpoints: number | null;
  readonly workloads: readonly string[];
  /** What its workloads take now from all callers of the service; null: not known. */
  readonly requestsPerSecond: number | null;
}

/** One rule of a route object, readable and editable. */
export interface RoutingRule {
  readonly rule: RuleRef;
  readonly name: string | null;
  /** For whom: `mesh`, or the gateways by `namespace/name`. */
  readonly gateways: readonly string[];
  /** The rule in words: when, what, and what else. */
  readonly words: { readonly when: string; readonly what: string; readonly also: readonly string[] };
  /** Null: the rule uses conditions that the form cannot hold; it is edited as YAML. */
  readonly matches: readonly MatchEdit[] | null;
  readonly action: 'route' | 'redirect' | 'respond' | 'delegate' | 'none';
  readonly destinations: readonly RoutedDestination[];
  readonly fault: FaultEdit | null;
  readonly timeoutMs: number | null;
  readonly retries: RetriesEdit | null;
  readonly mirror: { readonly host: string; readonly subset: string | null; readonly port: number | null; readonly percent: number } | null;
  readonly rewrite: { readonly path: string | null; readonly authority: string | null } | null;
  readonly headers: { readonly request: HeaderOperations; readonly response: HeaderOperations } | null;
  readonly cors: CorsEdit | null;
  /** The rule as it is written. */
  readonly raw: JsonObject;
  /** Why it can never win, or null. */
  readonly unreachable: string | null;
  /** Share of the service's requests that it takes, 0..1; null where the metrics cannot tell (it matches on path or headers). */
  readonly liveShare: number | null;
}

/** GET /api/services/{namespace}/{name}/routing. Everything that the route editor shows. */
export interface ServiceRoutingDocument {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
  /** Route objects that own the host, the first wins; `why` says what the others lose. */
  readonly objects: readonly {
    readonly ref: ConfigRef;
    readonly resourceVersion: string;
    readonly effective: boolean;
    readonly why: string;
  }[];
  /** In the order in which they are tried. Empty: Kubernetes' own balancing over all endpoints. */
  readonly rules: readonly RoutingRule[];
  readonly disabledRules: readonly {
    readonly object: ConfigRef;
    readonly position: number;
    readonly words: string;
    readonly raw: JsonObject;
  }[];
  /** What weights can be given to: defined subsets, and versions seen on pods for which a subset could be made. */
  readonly versions: readonly {
    readonly subset: string | null;
    readonly labels: Readonly<Record<string, string>>;
    readonly definedBy: ConfigRef | null;
    readonly readyEndpoints: number;
    readonly workloads: readonly string[];
    readonly requestsPerSecond: number | null;
  }[];
  readonly policy: {
    readonly definedBy: ConfigRef | null;
    readonly whole: TrafficPolicyEdit;
    readonly bySubset: readonly { readonly subset: string; readonly policy: TrafficPolicyEdit }[];
  };
  /** Gateways that bring traffic to the host, and those that could. */
  readonly exposedBy: readonly { readonly gateway: ConfigRef; readonly route: ConfigRef; readonly hostnames: readonly string[] }[];
  readonly gateways: readonly { readonly ref: ConfigRef; readonly hostnames: readonly string[]; readonly ports: readonly number[] }[];
  readonly findings: readonly Finding[];
  /** Requests per second (TCP: bytes) to the host now; null: no traffic known. */
  readonly requestsPerSecond: number | null;
  readonly trafficAtMs: number | null;
}

/** One row of the list of configuration. */
export interface ConfigRow {
  readonly ref: ConfigRef;
  readonly apiVersion: string;
  readonly createdAtMs: number;
  readonly resourceVersion: string;
  /** `Argo CD application shop`, as far as labels and annotations tell; null: nobody else's. */
  readonly owner: string | null;
  readonly findings: { readonly error: number; readonly warning: number; readonly info: number };
  /** What its controllers say of it, the worst in a word: "Programmed", "BackendNotFound"; null where none wrote a status. */
  readonly state: { readonly word: string; readonly good: boolean | null } | null;
  /** What it is for, in a few words: "reviews: 2 rules", "bookinfo: STRICT". */
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the list of configuration is narrowed to; null = all. */
export interface ConfigFilter {
  readonly kinds: readonly string[] | null;
  readonly namespaces: readonly string[] | null;
}

/** GET /api/config?kinds=&namespaces=: all that the reader may see. */
export interface ConfigListDocument {
  readonly rows: readonly ConfigRow[];
  /** Kinds that the cluster serves and the console steers; the others are null with the reason. */
  readonly kinds: readonly { readonly kind: string; readonly apiVersion: string | null; readonly reason: string | null }[];
  /** What is wrong with namespaces, services and workloads themselves, worst first. */
  readonly entities: readonly EntityFinding[];
}

/** GET /api/config/names?namespaces=: what configuration may mention, as far as the reader may see it. */
export interface ConfigNamesDocument {
  readonly namespaces: readonly string[];
  readonly hosts: readonly {
    readonly host: string;
    readonly namespace: string;
    readonly name: string;
    readonly kind: 'Service' | 'ServiceEntry';
    readonly ports: readonly { readonly number: number; readonly name: string; readonly protocol: string }[];
    readonly subsets: readonly string[];
  }[];
  readonly gateways: readonly {
    readonly kind: 'Gateway' | 'K8sGateway';
    readonly namespace: string;
    readonly name: string;
    /** Names of listeners, by which routes of the Gateway API attach. */
    readonly listeners: readonly string[];
  }[];
  readonly gatewayClasses: readonly string[];
  /** Those that pods run with. */
  readonly serviceAccounts: readonly { readonly namespace: string; readonly name: string }[];
  /** Of pods, for selectors. */
  readonly labels: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** GET /api/config/{kind}/{namespace}/{name}: one object to edit. */
export interface ConfigObjectDocument {
  readonly ref: ConfigRef;
  readonly resourceVersion: string;
  /** The object as YAML, managedFields and status left out, field order kept. */
  readonly yaml: string;
  readonly status: JsonObject | null;
  readonly owners: readonly { readonly name: string; readonly consequence: string; readonly locked: boolean }[];
  readonly findings: readonly Finding[];
}

/** A question to the evaluator. POST /api/explain, with the edits under which to ask. */
export interface ExplainQuestion {
  /** A workload, or a gateway's workload. */
  readonly source: { readonly namespace: string; readonly workload: string };
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'grpc' | 'tcp' | 'tls';
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What happens to the request, step by step, by one state of the configuration. */
export interface Explanation {
  readonly decision: RouteDecision;
  /** Effective DestinationRule of each destination, null = none. */
  readonly policies: readonly {
    readonly host: string;
    readonly subset: string | null;
    readonly decidedBy: ConfigPointer | null;
    readonly policy: JsonObject | null;
  }[];
  readonly mtls: readonly { readonly workload: string; readonly outcome: MtlsOutcome }[];
  readonly authorization: readonly { readonly workload: string; readonly outcome: AuthorizationOutcome }[];
  /** Workloads whose sidecar takes the request by an ingress listener of a Sidecar object, and where it hands it to. */
  readonly inbound: readonly { readonly workload: string; readonly endpoint: string | null; readonly decidedBy: ConfigPointer }[];
  /** The whole in one sentence: "rule 2 of VirtualService bookinfo/reviews sends 80 % to v1 and 20 % to v3 over mutual TLS; allowed". */
  readonly summary: string;
}

export interface ExplainDocument {
  readonly now: Explanation;
  /** Under the open change; null where none was sent. */
  readonly then: Explanation | null;
}

/** A question that is asked again at every plan. Kept in the cluster, per namespace of its host. */
export interface SavedCase {
  readonly id: string;
  readonly name: string;
  readonly question: ExplainQuestion;
  /** Summary when it was saved. */
  readonly expected: string;
}
