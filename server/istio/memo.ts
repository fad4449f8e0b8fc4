// Memory tied to the life of an object: what is computed of an index or of a ConfigObject is forgotten together with it.
// In: a pure function of an object. Out: the same function, computed once per object; what is large also in steps.

/** `compute`, evaluated at most once per key while the key lives. Values are never undefined. */
export function memoByObject<K extends object, V extends object | string | number | boolean | null>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const hit = known.get(key);
    if (hit !== undefined) return hit;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}

/** A value that is made at once where it is asked for, or in steps beforehand by `prepare`. */
export interface Stepwise<K> {
  prepare(key: K): Generator<void, void>;
}

/** Runs what is made in steps to its end. */
export function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** A list in parts: one step for each is small enough, and one for each item would cost more than the item. */
export function inParts<T>(list: readonly T[], length = 32): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let i = 0; i < list.length; i += length) parts.push(list.slice(i, i + length));
  return parts;
}

/** As memoByObject, of what is made in steps: whoever prepares it may pause between them. */
export function memoInSteps<K extends object, V extends object>(compute: (key: K) => Generator<void, V>): ((key: K) => V) & Stepwise<K> {
  const known = new WeakMap<K, V>();
  const read = (key: K): V => {
    const hit = known.get(key);
    if (hit !== undefined) return hit;
    const value = finish(compute(key));
    known.set(key, value);
    return value;
  };
  function* prepare(key: K): Generator<void, void> {
    if (known.has(key)) return;
    const value = yield* compute(key);
    // Somebody who could not wait may have made it meanwhile: one is as good as the other, but theirs is in use.
    if (!known.has(key)) known.set(key, value);
  }
  return Object.assign(read, { prepare });
}

/** The value under `key`, computed and kept on first use. Values are never undefined. */
export function remember<K, V extends object | string | number | boolean | null>(map: Map<K, V>, key: K, compute: () => V): V {
  const hit = map.get(key);
  if (hit !== undefined) return hit;
  const value = compute();
  map.set(key, value);
  return value;
}

/** Values by key, each list in the order of the input. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
