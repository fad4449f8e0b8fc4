// Reading foreign JSON without trust: a field of the wrong type counts as absent and leaves a note with its path.
// In: JsonObject. Out: Fields, and pointers to places in an object.
import type { ConfigObject, Json, JsonObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';

const DURATION_UNITS_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION_PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gy;

/** Milliseconds of a Go or protobuf duration (`1.5s`, `1h2m`); null if it is none. */
export function decodeDurationMs(text: string): number | null {
  let total = 0;
  let end = 0;
  DURATION_PART.lastIndex = 0;
  for (let part = DURATION_PART.exec(text); part !== null; part = DURATION_PART.exec(text)) {
    total += Number(part[1]) * (DURATION_UNITS_MS[part[2] ?? ''] ?? 0);
    end = DURATION_PART.lastIndex;
  }
  return end > 0 && end === text.length ? total : null;
}

/** Points into an object: `pointerTo(vs, 'spec.http[1]')`. */
export const pointerTo = (object: ConfigObject, path: string): ConfigPointer => ({
  kind: object.kind,
  namespace: object.namespace,
  name: object.name,
  path,
});

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** An object of a spec with its path; every method returns null (or an empty list) for what is absent or of the wrong type. */
export class Fields {
  readonly value: JsonObject;
  readonly path: string;
  /** Shared by all Fields of one spec. */
  readonly notes: string[];

  constructor(value: JsonObject, path: string, notes: string[]) {
    this.value = value;
    this.path = path;
    this.notes = notes;
  }

  /** The spec of an object, with a fresh list of notes. */
  static ofSpec(object: ConfigObject): Fields {
    return new Fields(object.spec, 'spec', []);
  }

  has(name: string): boolean {
    const value = this.value[name];
    return value !== undefined && value !== null;
  }

  text(name: string): string | null {
    return this.read(name, 'a text', (v) => (typeof v === 'string' ? v : null));
  }

  number(name: string): number | null {
    return this.read(name, 'a number', (v) => (typeof v === 'number' && Number.isFinite(v) ? v : null));
  }

  flag(name: string): boolean | null {
    return this.read(name, 'true or false', (v) => (typeof v === 'boolean' ? v : null));
  }

  durationMs(name: string): number | null {
    return this.read(name, 'a duration', (v) => (typeof v === 'string' ? decodeDurationMs(v) : null));
  }

  object(name: string): Fields | null {
    return this.read(name, 'an object', (v) => (isObject(v) ? new Fields(v, `${this.path}.${name}`, this.notes) : null));
  }

  /** The objects of a list, each with its index in the path; entries of another type are left out. */
  objects(name: string): readonly Fields[] {
    return (
      this.read(name, 'a list', (v) => {
        if (!isList(v)) return null;
        const found: Fields[] = [];
        v.forEach((entry, i) => {
          const path = `${this.path}.${name}[${i}]`;
          if (isObject(entry)) found.push(new Fields(entry, path, this.notes));
          else this.notes.push(`${path} is not an object`);
        });
        return found;
      }) ?? []
    );
  }

  texts(name: string): readonly string[] {
    return (
      this.read(name, 'a list', (v) => {
        if (!isList(v)) return null;
        return v.filter((entry, i): entry is string => {
          if (typeof entry === 'string') return true;
          this.notes.push(`${this.path}.${name}[${i}] is not a text`);
          return false;
        });
      }) ?? []
    );
  }

  /** A map of texts (labels). */
  labels(name: string): Readonly<Record<string, string>> {
    const map = this.object(name);
    if (map === null) return {};
    const found: Record<string, string> = {};
    for (const key of Object.keys(map.value)) {
      const value = map.text(key);
      if (value !== null) found[key] = value;
    }
    return found;
  }

  /** The members of a map whose values are objects, in written order. */
  entries(name: string): readonly (readonly [string, Fields])[] {
    const map = this.object(name);
    if (map === null) return [];
    return Object.keys(map.value).flatMap((key) => {
      const value = map.object(key);
      return value === null ? [] : [[key, value] as const];
    });
  }

  private read<T>(name: string, wanted: string, decode: (value: Json) => T | null): T | null {
    const value = this.value[name];
    if (value === undefined || value === null) return null;
    const decoded = decode(value);
    if (decoded === null) this.notes.push(`${this.path}.${name} is not ${wanted}`);
    return decoded;
  }
}
