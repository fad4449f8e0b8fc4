// A value against its schema: what is unknown, what is wrong (as field errors in the API server's words), what the defaults add.
// In: schema + JSON. Out: new values and causes; nothing is changed in place.
import { assignKey, isList, isRecord } from '../json';
import type { StatusCause } from '../status-error';
import type { Schema } from './schema';

/** Paths of the fields that the schema does not know, e.g. `spec.http[0].rout`. */
export function unknownFields(schema: Schema, value: unknown, path = ''): readonly string[] {
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, index) => unknownFields(items, item, `${path}[${index}]`));
  }
  if (!isRecord(value) || schema.intOrString === true) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const child = childSchema(schema, key);
    const at = path === '' ? key : `${path}.${key}`;
    if (child !== undefined) return unknownFields(child, item, at);
    return schema.preserveUnknown === true || schema.type !== 'object' ? [] : [at];
  });
}

/** The value without the fields that the schema does not know. */
export function pruneUnknown(schema: Schema, value: unknown): unknown {
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => pruneUnknown(items, item));
  }
  if (!isRecord(value) || schema.intOrString === true) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const child = childSchema(schema, key);
    if (child !== undefined) assignKey(result, key, pruneUnknown(child, item));
    else if (schema.preserveUnknown === true || schema.type !== 'object') assignKey(result, key, item);
  }
  return result;
}

/** The value with the schema's defaults filled in where an object lacks a field; the very same value where there is nothing to fill in. */
export function applyDefaults(schema: Schema, value: unknown): unknown {
  if (isList(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const filled = value.map((item) => applyDefaults(items, item));
    return filled.every((item, index) => item === value[index]) ? value : filled;
  }
  if (!isRecord(value)) return value;
  const filled: (readonly [string, unknown])[] = [];
  for (const [key, item] of Object.entries(value)) {
    const child = childSchema(schema, key);
    const next = child === undefined ? item : applyDefaults(child, item);
    if (next !== item) filled.push([key, next]);
  }
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    if (child.default !== undefined && value[key] === undefined) filled.push([key, applyDefaults(child, child.default)]);
  }
  if (filled.length === 0) return value;
  const result = { ...value };
  for (const [key, item] of filled) assignKey(result, key, item);
  return result;
}

/** The schema of one key of an object; undefined where the schema does not know it. */
export function childSchema(schema: Schema, key: string): Schema | undefined {
  const { properties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return schema.additionalProperties;
}

/** Field errors of a value, in the schema's order; empty where it is valid. */
export function checkValue(schema: Schema, value: unknown, path = ''): readonly StatusCause[] {
  const wrongType = checkType(schema, value, path);
  if (wrongType !== undefined) return [wrongType];
  const own = [...checkText(schema, value, path), ...checkNumber(schema, value, path), ...checkList(schema, value, path)];
  const inside = checkObject(schema, value, path);
  // The API server runs CEL rules only where the structure is sound (apiextensions validation: schema errors first).
  const ruled = own.length + inside.length > 0 ? [] : checkRules(schema, value, path);
  return [...own, ...inside, ...ruled];
}

function fail(path: string, reason: string, message: string): StatusCause {
  return { reason, message, field: path };
}

const invalidValue = (path: string, shown: string, text: string): StatusCause =>
  fail(path, 'FieldValueInvalid', `Invalid value: ${shown}: ${text}`);

function jsonType(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkType(schema: Schema, value: unknown, path: string): StatusCause | undefined {
  const actual = jsonType(value);
  if (schema.intOrString === true)
    return actual === 'integer' || actual === 'string' ? undefined : typeError(path, actual, 'integer,string');
  if (schema.type === undefined || schema.type === actual) return undefined;
  if (schema.type === 'number' && actual === 'integer') return undefined;
  return typeError(path, actual, schema.type);
}

function typeError(path: string, actual: string, wanted: string): StatusCause {
  return fail(path, 'FieldValueTypeInvalid', `Invalid value: "${actual}": ${path} in body must be of type ${wanted}: "${actual}"`);
}

function checkText(schema: Schema, value: unknown, path: string): readonly StatusCause[] {
  if (typeof value !== 'string') return [];
  const shown = JSON.stringify(value);
  const causes: StatusCause[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const supported = schema.enum.map((item) => JSON.stringify(item)).join(', ');
    causes.push(fail(path, 'FieldValueNotSupported', `Unsupported value: ${shown}: supported values: ${supported}`));
  }
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    causes.push(invalidValue(path, shown, `${path} in body should be at least ${schema.minLength} chars long`));
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    causes.push(fail(path, 'FieldValueTooLong', `Too long: may not be more than ${schema.maxLength} bytes`));
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    causes.push(invalidValue(path, shown, `${path} in body should match '${schema.pattern}'`));
  }
  if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) {
    causes.push(invalidValue(path, shown, `${path} in body must be of type date-time: ${shown}`));
  }
  return causes;
}

function checkNumber(schema: Schema, value: unknown, path: string): readonly StatusCause[] {
  if (typeof value !== 'number') return [];
  const causes: StatusCause[] = [];
  if (schema.minimum !== undefined && value < schema.minimum) {
    causes.push(invalidValue(path, String(value), `${path} in body should be greater than or equal to ${schema.minimum}`));
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    causes.push(invalidValue(path, String(value), `${path} in body should be less than or equal to ${schema.maximum}`));
  }
  if (schema.format === 'int32' && Math.abs(value) > 2_147_483_647) {
    causes.push(invalidValue(path, String(value), `${path} in body must be of type int32: "${value}"`));
  }
  return causes;
}

function checkList(schema: Schema, value: unknown, path: string): readonly StatusCause[] {
  if (!isList(value)) return [];
  const causes: StatusCause[] = [];
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    causes.push(invalidValue(path, String(value.length), `${path} in body should have at least ${schema.minItems} items`));
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    causes.push(fail(path, 'FieldValueTooMany', `Too many: ${value.length}: must have at most ${schema.maxItems} items`));
  }
  const { items } = schema;
  if (items !== undefined) causes.push(...value.flatMap((item, index) => checkValue(items, item, `${path}[${index}]`)));
  return [...causes, ...checkDuplicates(schema, value, path)];
}

function checkDuplicates(schema: Schema, value: readonly unknown[], path: string): readonly StatusCause[] {
  if (schema.listType !== 'set' && schema.listType !== 'map') return [];
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const keys = schema.listKeys ?? [];
    const identity = isRecord(item) && keys.length > 0 ? Object.fromEntries(keys.map((key) => [key, item[key]])) : item;
    const shown = JSON.stringify(identity);
    if (seen.has(shown)) return [fail(`${path}[${index}]`, 'FieldValueDuplicate', `Duplicate value: ${shown}`)];
    seen.add(shown);
    return [];
  });
}

function checkObject(schema: Schema, value: unknown, path: string): readonly StatusCause[] {
  if (!isRecord(value)) return [];
  const join = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const causes: StatusCause[] = [];
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) causes.push(fail(join(key), 'FieldValueRequired', 'Required value'));
  }
  const count = Object.keys(value).length;
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    causes.push(invalidValue(path, String(count), `${path} in body should have at least ${schema.minProperties} properties`));
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    causes.push(fail(path, 'FieldValueTooMany', `Too many: ${count}: must have at most ${schema.maxProperties} items`));
  }
  for (const [key, item] of Object.entries(value)) {
    const child = childSchema(schema, key);
    if (child !== undefined) causes.push(...checkValue(child, item, join(key)));
  }
  for (const group of schema.exclusive ?? []) {
    const set = group.filter((key) => value[key] !== undefined);
    if (set.length < 2) continue;
    const text = `"${path}" must validate one and only one schema (oneOf). Found ${set.length} valid alternatives`;
    causes.push(invalidValue(path, '"object"', text));
  }
  return causes;
}

function checkRules(schema: Schema, value: unknown, path: string): readonly StatusCause[] {
  const shown = isRecord(value) ? '"object"' : isList(value) ? '"array"' : JSON.stringify(value);
  return (schema.rules ?? []).filter((rule) => !rule.holds(value)).map((rule) => invalidValue(path, shown, rule.message));
}
