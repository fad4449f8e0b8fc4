// Memory tied to the life of an object: what is computed of an index or of a ConfigObject is forgotten together with it.
// In: a pure function of an object. Out: the same function, computed once per object.

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
