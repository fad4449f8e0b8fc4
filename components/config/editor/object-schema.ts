// The schema of a kind as the cluster serves it (OpenAPI v3), made fit for an editor: references resolved, unknown fields refused.
// In: JSON of /api/config/schema/{kind}. Out: ObjectSchema. Pure.

/** The part of OpenAPI's schema that an editor reads. */
export interface ObjectSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly items?: ObjectSchema;
  readonly additionalProperties?: ObjectSchema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly allOf?: readonly ObjectSchema[];
  readonly anyOf?: readonly ObjectSchema[];
  readonly oneOf?: readonly ObjectSchema[];
  readonly not?: ObjectSchema;
}

type Raw = Readonly<Record<string, unknown>>;
const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Schemas of the cluster refer to themselves (JSONSchemaProps): what is deeper is not looked at. */
const MAX_DEPTH = 40;

function lookUp(root: Raw, reference: string): Raw | null {
  let at: unknown = root;
  for (const part of reference.replace(/^#\//, '').split('/')) {
    if (!isRaw(at)) return null;
    at = at[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return isRaw(at) ? at : null;
}

function resolve(raw: Raw, root: Raw): Raw {
  const { $ref: reference, allOf } = raw;
  if (typeof reference === 'string') return lookUp(root, reference) ?? {};
  // Kubernetes wraps a reference that has a default or a description beside it.
  if (Array.isArray(allOf) && allOf.length === 1 && isRaw(allOf[0]) && typeof allOf[0]['$ref'] === 'string') {
    const beside = Object.entries(raw).filter(([key]) => key !== 'allOf');
    return { ...(lookUp(root, allOf[0]['$ref']) ?? {}), ...Object.fromEntries(beside) };
  }
  return raw;
}

function close(given: unknown, root: Raw, depth: number): Raw {
  if (!isRaw(given) || depth > MAX_DEPTH) return {};
  const raw = resolve(given, root);
  const { properties, items, additionalProperties } = raw;
  const result: Record<string, unknown> = { ...raw };
  // OpenAPI 3.0 says nullable where JSON schema says type: [.., null].
  if (typeof raw['type'] === 'string' && raw['nullable'] === true) result['type'] = [raw['type'], 'null'];
  if (isRaw(properties)) {
    result['properties'] = Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, close(child, root, depth + 1)]));
    if (additionalProperties === undefined && raw['x-kubernetes-preserve-unknown-fields'] !== true) result['additionalProperties'] = false;
  }
  if (items !== undefined) result['items'] = close(items, root, depth + 1);
  if (isRaw(additionalProperties)) result['additionalProperties'] = close(additionalProperties, root, depth + 1);
  return result;
}

/** The schema with every reference resolved and unknown fields refused where the API server would refuse them (fieldValidation=Strict). */
export function prepareSchema(document: unknown): ObjectSchema {
  const root = isRaw(document) ? document : {};
  const closed = close(root, root, 0);
  const properties = isRaw(closed['properties']) ? closed['properties'] : {};
  // metadata and status are Kubernetes' own: some clusters serve the first as an empty object.
  const metadata = isRaw(properties['metadata']) && isRaw(properties['metadata']['properties']) ? properties['metadata'] : METADATA;
  return { ...closed, properties: { ...properties, metadata: { ...metadata, additionalProperties: true } } };
}

const TEXTS: ObjectSchema = { type: 'object', additionalProperties: { type: 'string' } };
const METADATA: ObjectSchema = {
  type: 'object',
  description: 'Standard metadata of Kubernetes objects.',
  properties: {
    name: { type: 'string', description: 'Unique within the namespace for the kind.' },
    namespace: { type: 'string', description: 'Namespace of the object.' },
    labels: { ...TEXTS, description: 'Names and values that selectors match.' },
    annotations: { ...TEXTS, description: 'Names and values that tools read.' },
  },
};

/** Marks an element of a list in a path. */
export const ELEMENT = '[]';

/** The schema at a path; null where it says nothing. */
export function schemaAt(schema: ObjectSchema, path: readonly string[]): ObjectSchema | null {
  let at: ObjectSchema | null = schema;
  for (const part of path) {
    const next: ObjectSchema | boolean | undefined = part === ELEMENT ? at.items : (at.properties?.[part] ?? at.additionalProperties);
    if (next === undefined || typeof next === 'boolean') return null;
    at = next;
  }
  return at;
}
