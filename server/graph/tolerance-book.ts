// Which tolerances judge whom, with the codes that each of them counts as bit masks, so that a rate is added without matching expressions again.
// In: compiled health rules, codes. Out: ToleranceSet per distinct list of tolerances. Long-lived.

import type { Tolerance } from '../../model/health';
import {
  type CompiledTolerance,
  compileTolerances,
  DEFAULT_TOLERANCES,
  type Direction,
  decodeRateAnnotation,
  type HealthKind,
  type HealthRules,
} from '../../model/health-rules';
import type { Code } from './codes';

/** Tolerances beyond this many in one list are ignored (masks have 31 bits). */
const MAX_TOLERANCES = 30;

export class ToleranceSet {
  readonly index: number;
  readonly compiled: readonly CompiledTolerance[];
  readonly #masks = { inbound: [] as number[], outbound: [] as number[] };

  constructor(index: number, tolerances: readonly Tolerance[]) {
    this.index = index;
    this.compiled = compileTolerances(tolerances.slice(0, MAX_TOLERANCES));
  }

  /** Bit i is set when tolerance i counts this code in this direction. */
  maskOf(direction: Direction, code: Code): number {
    const masks = this.#masks[direction];
    const known = masks[code.index];
    if (known !== undefined) return known;
    let mask = 0;
    this.compiled.forEach((t, i) => {
      if (t.protocols.includes(code.protocol) && t.directions.includes(direction) && t.matchesCode(code.code)) mask |= 1 << i;
    });
    masks[code.index] = mask;
    return mask;
  }
}

export class ToleranceBook {
  readonly sets: ToleranceSet[] = [];
  readonly #rules: HealthRules;
  readonly #byList = new Map<readonly Tolerance[], ToleranceSet>();
  readonly #byAnnotation = new Map<string, ToleranceSet | null>();

  /** Judges where neither end has rules of its own: folded namespaces, unknown peers. */
  readonly defaults: ToleranceSet;

  constructor(rules: HealthRules) {
    this.#rules = rules;
    this.defaults = this.#add(DEFAULT_TOLERANCES);
    this.#byList.set(DEFAULT_TOLERANCES, this.defaults);
  }

  /** Length of the longest list so far. */
  get width(): number {
    let width = 0;
    for (const set of this.sets) width = Math.max(width, set.compiled.length);
    return width;
  }

  /** The tolerances of an item; an annotation with at least one readable part replaces the configured ones. */
  setOf(kind: HealthKind, namespace: string, name: string, annotation: string | null): ToleranceSet {
    const own = annotation === null ? null : this.#annotated(annotation);
    if (own !== null) return own;
    const list = this.#rules.tolerancesOf(kind, namespace, name);
    const known = this.#byList.get(list);
    if (known !== undefined) return known;
    const set = this.#add(list);
    this.#byList.set(list, set);
    return set;
  }

  #annotated(text: string): ToleranceSet | null {
    const known = this.#byAnnotation.get(text);
    if (known !== undefined) return known;
    const { tolerances } = decodeRateAnnotation(text);
    const set = tolerances.length > 0 ? this.#add(tolerances) : null;
    this.#byAnnotation.set(text, set);
    return set;
  }

  #add(tolerances: readonly Tolerance[]): ToleranceSet {
    const set = new ToleranceSet(this.sets.length, tolerances);
    this.sets.push(set);
    return set;
  }
}
