// A schema as OpenAPI v3 JSON: in place for CRDs, or with named components and $ref for the documents of the built-in groups.
import type { Schema } from './schema';

export type OpenApiSchema = Readonly<Record<string, unknown>>;

/** Encodes a schema in place, as a CRD's openAPIV3Schema carries it. */
export function encodeSchema(schema: Schema): OpenApiSchema {
  return encode(schema, undefined);
}

/** Encodes a schema whose named parts are collected into `components` and referred to. */
export function encodeComponent(schema: Schema, components: Map<string, OpenApiSchema>): OpenApiSchema {
  return encode(schema, components);
}

function encode(schema: Schema, components: Map<string, OpenApiSchema> | undefined): OpenApiSchema {
  if (components === undefined || schema.component === undefined) return encodeBody(schema, components);
  const { component } = schema;
  if (!components.has(component)) {
    components.set(component, {});
    components.set(component, encodeBody(schema, components));
  }
  const reference = { $ref: `#/components/schemas/${component}` };
  // A description or a default beside a $ref is ignored by OpenAPI v3 readers, so Kubernetes wraps the reference in allOf.
  return schema.default === undefined ? reference : { allOf: [reference], default: schema.default };
}

function encodeBody(schema: Schema, components: Map<string, OpenApiSchema> | undefined): OpenApiSchema {
  const { properties, items, additionalProperties, exclusive, rules } = schema;
  const result: Record<string, unknown> = {};
  if (schema.intOrString === true)
    Object.assign(result, { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] });
  if (properties !== undefined) {
    result['properties'] = Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, encode(child, components)]));
  }
  if (items !== undefined) result['items'] = encode(items, components);
  if (additionalProperties !== undefined) result['additionalProperties'] = encode(additionalProperties, components);
  if (exclusive !== undefined) result['allOf'] = exclusive.map(encodeExclusive);
  if (rules !== undefined) result['x-kubernetes-validations'] = rules.map(({ rule, message }) => ({ rule, message }));
  return { ...result, ...plainFields(schema), ...extensions(schema) };
}

/** Istio's generator writes a protobuf oneof as: none of the fields, or exactly one of them. */
function encodeExclusive(fields: readonly string[]): OpenApiSchema {
  const branches = fields.map((field) => ({ required: [field] }));
  return { oneOf: [{ not: { anyOf: branches } }, ...branches] };
}

function plainFields(schema: Schema): OpenApiSchema {
  const { type, description, required, format, pattern, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const { minProperties, maxProperties } = schema;
  const fields = {
    type,
    description,
    required,
    enum: schema.enum,
    format,
    pattern,
    minimum,
    maximum,
    minLength,
    maxLength,
    minItems,
    maxItems,
  };
  const all = { ...fields, minProperties, maxProperties, default: schema.default };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function extensions(schema: Schema): OpenApiSchema {
  return {
    ...(schema.preserveUnknown === true ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
    ...(schema.listType === undefined ? {} : { 'x-kubernetes-list-type': schema.listType }),
    ...(schema.listKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': schema.listKeys }),
    ...(schema.mapType === undefined ? {} : { 'x-kubernetes-map-type': schema.mapType }),
    ...(schema.patchMergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': schema.patchMergeKey }),
    ...(schema.patchStrategy === undefined ? {} : { 'x-kubernetes-patch-strategy': schema.patchStrategy }),
  };
}
