// Seeded randomness for generated meshes, so that the same seed gives the same mesh on every machine.
// In: a seed. Out: Random.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Standard normal. */
  normal(): number;
  /** One element of a non-empty list. */
  pick<T>(list: readonly [T, ...T[]]): T;
  /** `length` characters as Kubernetes uses them in generated names. */
  suffix(length: number): string;
}

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    suffix: (length) => Array.from({ length }, () => ALPHABET.charAt(Math.floor(next() * ALPHABET.length))).join(''),
  };
}
