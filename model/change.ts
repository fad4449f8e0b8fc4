// A change from plan to journal, as both sides speak of it. In: edits, findings. Out: Plan, Preview, ChangeRecord and their parts.
import type { ConfigRef, Edit, EditProblem } from './edit';
import type { JudgedFinding } from './finding';
import type { Json, JsonObject } from './inventory';
import type { ConfigPointer } from './routing';
import type { Protocol, WorkloadRef } from './traffic';

/** What a change writes of an object: all that the API server does not set by itself. `spec` is whole, unknown fields included. */
export interface Manifest {
  readonly apiVersion: string;
  /** Kubernetes' own word: `Gateway` for both kinds of Gateway; the apiVersion tells them apart. */
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: JsonObject;
}

/** One operation of RFC 6902 on a manifest. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** What must hold before the step after this one is taken: ready pods that a subset (or the whole host: null) selects. */
export interface StepWait {
  readonly host: string;
  readonly subset: string | null;
  readonly readyPods: number;
}

/** One write to one object. Undoing it: the same with `before` and `after` exchanged. */
export interface PlanStep {
  readonly action: 'create' | 'update' | 'delete';
  readonly ref: ConfigRef;
  /**
   * Of the object that the step was planned on; null for create. The write is refused if the object has another by then.
   * Null for update or delete: the object is as an earlier write of the same change left it (a DestinationRule that is written before and
   * after the routes move), so the write is guarded by the version which that write returned.
   */
  readonly resourceVersion: string | null;
  readonly before: Manifest | null;
  readonly after: Manifest | null;
  /** Smallest set of operations from `before` to `after`; empty for create and delete. */
  readonly patch: readonly PatchOperation[];
  /** What changes, in words, a line each: "rule 1: v1 100 → 80, v2 0 → 20". */
  readonly words: readonly string[];
  readonly waitAfter: StepWait | null;
  /** More waits of the same kind, where the step brings several subsets that the next steps use. */
  readonly waitAlso?: readonly StepWait[];
}

/** The writes of a change in the order in which they are safe (make before break). Empty: everything is so already. */
export interface Plan {
  readonly steps: readonly PlanStep[];
  /** Hash of the steps: equal plans have equal digests. What is applied must be what was shown. */
  readonly digest: string;
}

/** A place of an object that two people changed differently. A value is null where the place does not exist. */
export interface MergeConflict {
  readonly path: string;
  readonly base: Json;
  readonly mine: Json;
  readonly theirs: Json;
}

/** Somebody else who manages an object or fields of it. */
export interface Ownership {
  readonly ref: ConfigRef;
  readonly owner: 'argocd' | 'flux' | 'argoRollouts' | 'flagger' | 'helm' | 'controller' | 'manager';
  /** Name to show: `Argo CD application shop`, `Rollout bookinfo/reviews`, `field manager terraform`. */
  readonly name: string;
  /** Paths that it owns among those that the plan changes; empty: the whole object. */
  readonly paths: readonly string[];
  /** What will happen to the edit: "Argo CD sets it back at its next sync". */
  readonly consequence: string;
  /** Locked: needs `override` with a reason. */
  readonly locked: boolean;
}

export type EffectKind = 'kept' | 'moves' | 'slower' | 'fails' | 'cut' | 'unknown';

/** One destination's part of an edge's requests. */
export interface EffectShare {
  readonly host: string;
  readonly subset: string | null;
  /** Workloads whose ready pods are behind it. */
  readonly workloads: readonly string[];
  readonly requestsPerSecond: number;
}

/** What the change does to one observed caller of the touched hosts. Rates are requests per second (TCP: bytes per second sent). */
export interface EdgeEffect {
  readonly kind: EffectKind;
  readonly source: WorkloadRef;
  /** Fully qualified host that it calls. */
  readonly host: string;
  readonly protocol: Protocol;
  readonly requestsPerSecond: number;
  readonly before: readonly EffectShare[];
  readonly after: readonly EffectShare[];
  /** Requests per second that change their destination. */
  readonly movedPerSecond: number;
  /** Requests per second that will be answered by a fault, a missing destination or a refusal. */
  readonly failingPerSecond: number;
  /** Delay that a fault adds to how many of them. */
  readonly delayed: { readonly milliseconds: number; readonly requestsPerSecond: number } | null;
  /** Why it is so, in words; for `unknown` what the metrics do not tell: "the rule matches on the path". */
  readonly why: string;
  /** Rules that win before and after. */
  readonly rules: { readonly before: ConfigPointer | null; readonly after: ConfigPointer | null };
}

/** Where the traffic of one touched host goes, by destination. */
export interface VersionForecast {
  readonly host: string;
  readonly subset: string | null;
  readonly workloads: readonly string[];
  readonly readyEndpoints: number;
  readonly nowPerSecond: number;
  /** Null: unknown, since some caller's part is. */
  readonly predictedPerSecond: number | null;
}

/** A saved question to the evaluator, run before and after. */
export interface CaseOutcome {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly changed: boolean;
}

/** The API server's answer to a rehearsal of one step. */
export interface DryRun {
  readonly ref: ConfigRef;
  readonly ok: boolean;
  /** The server's words with the field's path where it names one. */
  readonly problems: readonly { readonly path: string | null; readonly message: string }[];
}

/** What a change does to the traffic that is seen now, computed without asking the cluster. */
export interface Rehearsal {
  readonly plan: Plan;
  /** Edits that cannot be planned; with any, the plan and what follows is that of the other edits. */
  readonly problems: readonly EditProblem[];
  readonly findings: readonly JudgedFinding[];
  readonly effects: readonly EdgeEffect[];
  readonly forecast: readonly VersionForecast[];
  readonly cases: readonly CaseOutcome[];
  /** Fully qualified hosts whose routes, policies or endpoints the plan can change, sorted. */
  readonly hosts: readonly string[];
  /** Instant of the traffic that the effects are computed from; null: no traffic is known. */
  readonly trafficAtMs: number | null;
  readonly windowSeconds: number;
}

/** The part of a rehearsal that is shown while somebody types. POST /api/changes/check. */
export type CheckDocument = Pick<Rehearsal, 'problems' | 'findings'>;

/** Everything that is shown before anything is changed. POST /api/changes/preview. */
export interface Preview {
  readonly plan: Plan;
  readonly findings: readonly JudgedFinding[];
  readonly ownership: readonly Ownership[];
  readonly effects: readonly EdgeEffect[];
  readonly forecast: readonly VersionForecast[];
  readonly cases: readonly CaseOutcome[];
  /** Null where it could not be asked; `dryRunFault` says why. */
  readonly dryRun: readonly DryRun[] | null;
  readonly dryRunFault: string | null;
  /** Instant of the traffic that the effects are computed from; null: no traffic is known. */
  readonly trafficAtMs: number | null;
  readonly windowSeconds: number;
  /** Who would set it back by itself if it is not confirmed, or why that is not on offer. */
  readonly revertBy:
    | { readonly identity: 'console' | 'user'; readonly validUntilMs: number | null }
    | { readonly identity: null; readonly why: string };
}

/** An object that is no longer what an edit started from. */
export interface StaleObject {
  readonly ref: ConfigRef;
  /** As it is now; null: it is gone (or, where a new one was to be made, it is not: then it is not stale). */
  readonly now: Manifest | null;
  readonly resourceVersion: string | null;
}

/** What a 409 of /api/changes and /api/changes/preview holds beside its Problem; each is there where it applies. */
export interface ChangeConflict {
  /** The plan as it is now, which is not the one that was shown. */
  readonly preview?: Preview;
  /** Objects that were edited by somebody else since the editor read them: both sides are to be brought together. */
  readonly stale?: readonly StaleObject[];
}

/** Trips when the touched edges get worse than before by more than this, measured on the shared snapshots. */
export interface Guard {
  /** Error share of the touched hosts' requests, in percentage points above the baseline; null = not watched. */
  readonly errorPercentPoints: number | null;
  /** P95 of the touched hosts' requests, as a factor of the baseline; null = not watched. */
  readonly latencyFactor: number | null;
}

export interface ConfirmPolicy {
  /** Null: kept at once. Otherwise reverted unless confirmed within so many seconds, 30..86400. */
  readonly revertAfterSeconds: number | null;
  readonly guard: Guard | null;
}

/** Body of POST /api/changes. */
export interface ApplyRequest {
  readonly edits: readonly Edit[];
  /** Digest of the plan that was shown. */
  readonly digest: string;
  readonly reason: string;
  readonly confirm: ConfirmPolicy;
  /** Reason to write what somebody else owns; null where nothing is locked. */
  readonly override: string | null;
}

/** Sum of the traffic of the touched hosts at one instant. */
export interface TrafficMeasure {
  readonly atMs: number;
  readonly requestsPerSecond: number;
  readonly errorPercent: number;
  readonly p95Ms: number | null;
  readonly byDestination: readonly { readonly host: string; readonly workload: string; readonly requestsPerSecond: number }[];
}

/**
 * `applying` and `reverting`: under way (or a console died there and another takes over). `waiting`: applied, a timer runs. `kept`: for good.
 * `reverted`: everything is as before. `incomplete`: neither; `remains` says exactly what is left.
 */
export type ChangeState = 'applying' | 'waiting' | 'kept' | 'reverting' | 'reverted' | 'incomplete';

export type StepState = 'pending' | 'written' | 'undone' | 'failed';

/** One entry of the journal. GET /api/changes, GET /api/changes/{id}. */
export interface ChangeRecord {
  readonly id: string;
  readonly state: ChangeState;
  readonly by: { readonly name: string; readonly subject: string };
  readonly createdAtMs: number;
  readonly reason: string;
  readonly override: string | null;
  readonly steps: readonly (PlanStep & {
    readonly state: StepState;
    /** resourceVersion and uid that the object had after our write. */
    readonly written: { readonly resourceVersion: string; readonly uid: string } | null;
  })[];
  /** Codes and objects of findings that were accepted. */
  readonly acceptedFindings: readonly { readonly code: string; readonly object: ConfigRef; readonly message: string }[];
  /** Fully qualified hosts whose traffic is touched. */
  readonly hosts: readonly string[];
  readonly confirm: ConfirmPolicy;
  readonly revertBy: 'console' | 'user' | null;
  /** When it reverts by itself; null where no timer runs. */
  readonly deadlineMs: number | null;
  readonly confirmedBy: string | null;
  readonly endedAtMs: number | null;
  /** Why it ended as it did: "the guard tripped: errors 0.1 % → 12 %". */
  readonly outcome: string | null;
  /** What is neither as before nor as wanted, with its cause and what to do. */
  readonly remains: readonly { readonly ref: ConfigRef; readonly message: string }[];
  readonly before: TrafficMeasure | null;
  readonly after: TrafficMeasure | null;
  /** Measures while the guard watched, oldest first. */
  readonly measures: readonly TrafficMeasure[];
  /** The change that this one undoes, and the one that undid it. */
  readonly undoes: string | null;
  readonly undoneBy: string | null;
}

/** Answer of GET /api/changes. */
export interface ChangeListDocument {
  /** Newest first. */
  readonly changes: readonly ChangeRecord[];
  /** The `cursor` of the page after this one; null: this is the last. */
  readonly next: string | null;
}
