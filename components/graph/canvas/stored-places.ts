// Places that somebody chose by hand, kept in this browser per view. In: Storage (localStorage). Out: positions of nodes.
// Storage may be full, blocked or hold anything: then there are no stored places, nothing else happens.
import type { Point } from '../layout/arrangement';

const PREFIX = 'heddle.places.';
/** Views of which places are kept; the oldest are forgotten. */
const MAX_VIEWS = 30;

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null;

/** Positions by node id; empty when nothing (readable) is stored. */
export function readPlaces(storage: Storage | null, key: string): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(PREFIX + key) ?? 'null');
    const stored = isRecord(parsed) ? parsed['places'] : null;
    if (!isRecord(stored)) return places;
    for (const [id, at] of Object.entries(stored)) {
      const pair: readonly unknown[] = Array.isArray(at) ? at : [];
      const [x, y] = pair;
      if (typeof x === 'number' && typeof y === 'number' && Math.abs(x) < 1e6 && Math.abs(y) < 1e6) places.set(id, { x, y });
    }
  } catch {
    return new Map();
  }
  return places;
}

/** Keeps positions, rounded to a pixel. */
export function writePlaces(storage: Storage | null, key: string, places: ReadonlyMap<string, Point>, nowMs: number): void {
  if (!storage) return;
  const rounded = Object.fromEntries([...places].map(([id, at]) => [id, [Math.round(at.x), Math.round(at.y)]]));
  try {
    storage.setItem(PREFIX + key, JSON.stringify({ atMs: nowMs, places: rounded }));
    forgetOldest(storage);
  } catch {
    // Full or blocked: the arrangement holds until the page is left.
  }
}

export function forgetPlaces(storage: Storage | null, key: string): void {
  try {
    storage?.removeItem(PREFIX + key);
  } catch {
    // Blocked: nothing was stored either.
  }
}

function forgetOldest(storage: Storage): void {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter(
    (key): key is string => key?.startsWith(PREFIX) ?? false,
  );
  if (keys.length <= MAX_VIEWS) return;
  const ageOf = (key: string): number => {
    const found = /"atMs":(\d+)/.exec(storage.getItem(key) ?? '');
    return Number(found?.[1] ?? 0);
  };
  for (const key of keys.sort((a, b) => ageOf(a) - ageOf(b)).slice(0, keys.length - MAX_VIEWS)) storage.removeItem(key);
}

/** The browser's storage, null where it is blocked. */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
