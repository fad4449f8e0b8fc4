// The words in which schemas are written: small JSON Schemas (2020-12) and what makes larger ones of them. In: schemas. Out: schemas.

/** A JSON Schema as data. */
export interface Schema {
  readonly [key: string]: unknown;
}

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const flag: Schema = { type: 'boolean' };
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
/** An object with exactly these properties, all present. */
export const object = (properties: Record<string, Schema>, description?: string): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
  ...(description === undefined ? {} : { description }),
});
/** The same with properties that may be absent. */
export const withOptional = (schema: Schema, optional: Record<string, Schema>): Schema => ({
  ...schema,
  properties: { ...(schema['properties'] as Record<string, Schema>), ...optional },
});
export const described = (schema: Schema, description: string): Schema => ({ ...schema, description });
export const stringMap: Schema = { type: 'object', additionalProperties: text };
