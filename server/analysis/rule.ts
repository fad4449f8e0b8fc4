// What a rule is: a check of one object in the light of the whole mesh. In: a subject. Out: reports, which `analyse` makes findings of.
// A rule says which codes it can give, on which kinds, and what else it reads; a test holds it to that.
import type { FindingFix, FindingSeverity } from '../../model/finding';
import type { ConfigKind, ConfigObject } from '../../model/inventory';
import type { Stepwise } from '../istio/memo';
import type { MeshIndex } from '../istio/mesh-index';
import type { Code } from './catalogue';

/** What a rule may look at beside the object that it checks. */
export type Input = ConfigKind | 'Service' | 'Pod' | 'Workload' | 'Namespace' | 'Secret';

/** The object that is checked. */
export interface Subject {
  readonly index: MeshIndex;
  readonly kind: ConfigKind;
  readonly object: ConfigObject;
}

/** A finding without what the catalogue and the subject tell. */
export interface Report {
  readonly code: Code;
  /** `spec.http[0].route[1]`; "" for the whole object. */
  readonly path: string;
  readonly message: string;
  readonly consequence: string;
  /** Only where it is not the catalogue's. */
  readonly severity?: FindingSeverity;
  /** The one that is meant where the catalogue knows several. */
  readonly alias?: string;
  readonly fix?: FindingFix | null;
}

export interface Rule {
  /** Name of its file. */
  readonly name: string;
  readonly codes: readonly Code[];
  /** Kinds of objects that it checks, one at a time. */
  readonly on: readonly ConfigKind[];
  readonly reads: readonly Input[];
  /** What it makes of everything in a large mesh, which may be made beforehand. */
  readonly tables?: readonly Stepwise<MeshIndex>[];
  check(subject: Subject): Iterable<Report>;
}
