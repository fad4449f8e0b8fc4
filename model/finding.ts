// What is wrong, or will be, with the mesh's configuration: data, never an exception. In: edits (for fixes). Out: Finding and its judgements.
// Codes are those that people look up: Istio's IST…, Kiali's KIA…, and HED… where neither has one. A code never changes its meaning.
import type { ConfigRef, Edit } from './edit';
import type { EntityRef } from './entity';

export const FINDING_SEVERITIES = ['error', 'warning', 'info'] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

export interface FindingFix {
  /** What it does, in the imperative: "Add subset v3 with version: v3". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Finding {
  /** `IST0101`; where Istio has none, Kiali's, else ours. */
  readonly code: string;
  /** Codes of other catalogues for the same thing: `['KIA1107']`. */
  readonly aliases: readonly string[];
  readonly severity: FindingSeverity;
  readonly object: ConfigRef;
  /** Place in the object, `spec.http[0].route[1].destination.subset`; "" for the whole. */
  readonly path: string;
  /** What is wrong, with the names: "subset v3 of reviews.bookinfo.svc.cluster.local is defined by no DestinationRule". */
  readonly message: string;
  /** What it does to traffic: "requests that this route takes are answered 503 (NC)". */
  readonly consequence: string;
  readonly fix: FindingFix | null;
}

/** Equal for the same finding on the same place before and after a change. */
export const findingKey = ({ code, object, path, message }: Finding): string =>
  JSON.stringify([code, object.kind, object.namespace, object.name, path, message]);

/** A finding beside a planned change: was it there before, does the change bring it, or does the change mend it. */
export interface JudgedFinding {
  readonly finding: Finding;
  readonly origin: 'existing' | 'new' | 'mended';
}

/** A finding that somebody decided to live with, by an annotation on the object. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
  /** Until when; null = for ever. */
  readonly untilMs: number | null;
}

/** What is wrong with something that is no configuration: how a namespace, a service or a workload takes part in the mesh. */
export interface EntityFinding {
  readonly code: string;
  readonly severity: FindingSeverity;
  readonly entity: EntityRef;
  readonly message: string;
  readonly consequence: string;
}
