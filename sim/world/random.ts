// Seeded chance: a small generator for building worlds and pure noise for things that vary over time. No Math.random anywhere.
// In: seeds, texts, times. Out: numbers and names that are equal for equal inputs.

/** Alphabet of Kubernetes' generated names (no vowels, no look-alikes: k8s.io/apimachinery util/rand). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** 32 bits of a text (FNV-1a with a final avalanche). */
export function hashText(text: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** 0 <= x < 1 of a text and a number. */
export const unitHash = (text: string, n = 0): number => hashText(text, n) / 4294967296;

/** Mixes two 32-bit numbers into 0 <= x < 1; for hot loops where a text would be dear. */
export function unitMix(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise in -1..1: random values at whole `position`s, cosine between them. */
export function smoothNoise(key: number, position: number): number {
  const left = Math.floor(position);
  const t = (1 - Math.cos((position - left) * Math.PI)) / 2;
  const a = unitMix(key, left);
  const b = unitMix(key, left + 1);
  return (a + (b - a) * t) * 2 - 1;
}

/** A generated name part as Kubernetes makes them, e.g. `x7k2q`. */
export function nameSuffix(text: string, length: number): string {
  let out = '';
  for (let i = 0; i < length; i++) out += SAFE[hashText(text, i + 1) % SAFE.length] ?? 'x';
  return out;
}

/** A version-4-shaped UUID of a text. */
export function uuidOf(text: string): string {
  const hex = [1, 2, 3, 4].map((n) => hashText(text, n).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A sequence of random numbers from a seed (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed | 0, 2654435761) >>> 0;
  }

  /** 0 <= x < 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** One of the items. @throws on an empty list. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('cannot pick from an empty list');
    return item;
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Pareto with minimum 1: heavy-tailed for small `alpha`. */
  pareto(alpha: number): number {
    return (1 - this.next()) ** (-1 / alpha);
  }
}
