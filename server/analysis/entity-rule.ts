// What a rule about namespaces, services and workloads is: a look at the whole mesh. In: MeshIndex. Out: reports, which `analyseEntities` makes findings of.
import type { EntityRef } from '../../model/entity';
import type { FindingSeverity } from '../../model/finding';
import type { MeshIndex } from '../istio/mesh-index';
import type { Code } from './catalogue';
import type { Input } from './rule';

export interface EntityReport {
  readonly code: Code;
  readonly entity: EntityRef;
  readonly message: string;
  readonly consequence: string;
  /** Only where it is not the catalogue's. */
  readonly severity?: FindingSeverity;
}

export interface EntityRule {
  /** Name of its file. */
  readonly name: string;
  readonly codes: readonly Code[];
  readonly reads: readonly Input[];
  /** Null: one more was looked at, and nothing is wrong with it. */
  check(index: MeshIndex): Iterable<EntityReport | null>;
}
