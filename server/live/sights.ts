// What readers may see, each different sight once: equal sights are one object, so that their views and streams are shared and no others.
// In: Sight. Out: VisibleNamespaces. Bounded; a sight that was forgotten and comes back is a new one, which shares nothing with the old.
import type { Sight } from '../../model/account';
import { Lru } from './lru';

export interface VisibleNamespaces {
  /** Never given to another set of names. */
  readonly id: number;
  readonly namespaces: ReadonlySet<string>;
}

const MAX_SIGHTS = 2000;
const MAX_NAMES = 400_000;

export class Sights {
  readonly #known = new Lru<VisibleNamespaces>(MAX_SIGHTS, MAX_NAMES);
  #nextId = 1;

  /** Null for who may see everything. */
  read(sight: Sight): VisibleNamespaces | null {
    if (sight === null) return null;
    const key = JSON.stringify(sight);
    const known = this.#known.read(key);
    if (known !== null) return known;
    const made: VisibleNamespaces = { id: this.#nextId, namespaces: new Set(sight) };
    this.#nextId++;
    this.#known.write(key, made, sight.length + 1);
    return made;
  }
}
