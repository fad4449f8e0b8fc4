// The structural schema of a kind: a small subset of OpenAPI v3 with the Kubernetes extensions, and short builders for writing one.
// One schema drives validation, pruning, defaulting, merging and what /openapi/v3 and the CRDs show.

export interface Rule {
  /** The CEL text that the CRD carries (shown, never interpreted here). */
  readonly rule: string;
  readonly message: string;
  /** The same rule as code; the value has already the type that the schema asks for. */
  readonly holds: (value: unknown) => boolean;
}

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** Component name in OpenAPI documents; a schema without one is written in place. */
  readonly component?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly default?: unknown;
  readonly intOrString?: true;
  readonly preserveUnknown?: true;
  /** Each group of fields: at most one of them may be set (Istio's protobuf oneof, written in its CRDs as oneOf with a "none" branch). */
  readonly exclusive?: readonly (readonly string[])[];
  readonly rules?: readonly Rule[];
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  /** Strategic merge patch: lists merged by this key, or merged as a set where there is no key. */
  readonly patchMergeKey?: string;
  readonly patchStrategy?: 'merge' | 'merge,retainKeys';
}

export type Properties = Readonly<Record<string, Schema>>;

export const object = (properties: Properties, more: Schema = {}): Schema => ({ type: 'object', properties, ...more });
export const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
export const mapOf = (additionalProperties: Schema, more: Schema = {}): Schema => ({ type: 'object', additionalProperties, ...more });
export const text = (more: Schema = {}): Schema => ({ type: 'string', ...more });
export const oneOfTexts = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
export const bool: Schema = { type: 'boolean' };
export const int32: Schema = { type: 'integer', format: 'int32' };
export const uint32: Schema = { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
export const double: Schema = { type: 'number', format: 'double' };
export const anyObject: Schema = { type: 'object', preserveUnknown: true };
export const texts: Schema = list(text());
export const textMap: Schema = mapOf(text());
export const listByKeys = (keys: readonly string[], items: Schema, more: Schema = {}): Schema =>
  list(items, { listType: 'map', listKeys: keys, ...more });

/** A duration in Go's text form, in milliseconds; undefined where the text is not one. */
export function decodeDurationMs(value: string): number | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(h|m|s|ms|us|µs|ns)((\d+(\.\d*)?|\.\d+)(h|m|s|ms|us|µs|ns))*$/.test(value))
    return value === '0' ? 0 : undefined;
  const unitMs: ReadonlyMap<string, number> = new Map([
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
    ['us', 0.001],
    ['µs', 0.001],
    ['ns', 0.000_001],
  ]);
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/([\d.]+)(h|ms|us|µs|ns|m|s)/g)) total += Number(amount) * (unitMs.get(unit ?? '') ?? 0);
  return value.startsWith('-') ? -total : total;
}

/** A duration of at least 1 ms, as Istio's CRDs ask for it. */
export const duration: Schema = text({
  rules: [
    {
      rule: "duration(self) >= duration('1ms')",
      message: 'must be a valid duration greater than 1ms',
      holds: (value) => typeof value === 'string' && (decodeDurationMs(value) ?? -1) >= 1,
    },
  ],
});

/** A rule of at most one of several fields of the object being set, in the words given. */
export function atMostOne(message: string, ...fields: readonly string[]): Rule {
  return {
    rule: `${fields.map((field) => `(has(self.${field}) ? 1 : 0)`).join(' + ')} <= 1`,
    message,
    holds: (value) => typeof value === 'object' && value !== null && fields.filter((field) => Object.hasOwn(value, field)).length <= 1,
  };
}
