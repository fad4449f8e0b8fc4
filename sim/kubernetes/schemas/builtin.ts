// Schemas of the built-in kinds, derived from the type maps of the official JavaScript client (one generated class per API type) together with
// what those maps do not say (builtin-facts.ts): required fields, list types, merge keys, defaults. In: a class name. Out: a Schema.
import * as client from '@kubernetes/client-node/dist/gen/models/all.js';
import { isRecord, listOf, recordOf, textOf } from '../json';
import { builtinFacts, type ClassFacts, closedToStrings } from './builtin-facts';
import { anyObject, bool, double, int32, list, mapOf, type Schema, text } from './schema';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const metaClasses: readonly string[] = [
  'V1ObjectMeta',
  'V1OwnerReference',
  'V1ManagedFieldsEntry',
  'V1LabelSelector',
  'V1LabelSelectorRequirement',
  'V1Condition',
];

/** Builds schemas of built-in API types by the name of their client class; each class is built once. */
export class BuiltinSchemas {
  readonly #classes: JsonClasses = client;
  readonly #built = new Map<string, Schema>();

  /** The schema of a class such as "V1Pod"; throws where the client has no such class (a mistake in a kind table). */
  schemaOf(className: string): Schema {
    const known = this.#built.get(className);
    if (known !== undefined) return known;
    const attributes = attributesOf(this.#classes[className]);
    if (attributes === undefined) throw new Error(`no API type ${className} in @kubernetes/client-node: mend the kind table`);
    const facts = builtinFacts[className] ?? {};
    const properties = Object.fromEntries(
      attributes.map(({ name, type, format }) => [name, this.#property(className, name, type, format)]),
    );
    const schema: Schema = {
      type: 'object',
      component: componentName(className),
      properties,
      ...(facts.required === undefined ? {} : { required: facts.required }),
      ...(facts.atomic === true ? { mapType: 'atomic' } : {}),
    };
    this.#built.set(className, schema);
    return schema;
  }

  #property(className: string, name: string, type: string, format: string): Schema {
    const facts: ClassFacts = builtinFacts[className] ?? {};
    const base = this.#typed(type, format);
    const listFact = facts.lists?.[name];
    const preset = facts.defaults?.[name];
    const values = closedToStrings[`${className}.${name}`];
    return {
      ...base,
      ...(base.type === 'array' && listFact === undefined ? { listType: 'atomic' as const } : {}),
      ...listFact,
      ...(facts.atomicMaps?.includes(name) === true ? { mapType: 'atomic' as const } : {}),
      ...(preset === undefined ? {} : { default: preset }),
      ...(values === undefined ? {} : { enum: values }),
    };
  }

  #typed(type: string, format: string): Schema {
    const items = /^Array<(.+)>$/.exec(type)?.[1];
    if (items !== undefined) return list(this.#typed(items, format));
    const values = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
    if (values !== undefined) return mapOf(this.#typed(values, format));
    switch (type) {
      case 'string':
        return format === '' ? text() : text({ format });
      case 'number':
        return format === 'double' ? double : format === 'int64' ? { type: 'integer', format } : int32;
      case 'boolean':
        return bool;
      case 'Date':
      case 'V1MicroTime':
        return text({ format: 'date-time' });
      case 'IntOrString':
        return { intOrString: true };
      case 'any':
      case 'V1JSONSchemaProps': // recursive, and only read here: a CRD's own schema is left open
        return type === 'any' ? { preserveUnknown: true } : anyObject;
      default:
        return this.schemaOf(type);
    }
  }
}

type JsonClasses = Readonly<Record<string, unknown>>;

function attributesOf(value: unknown): readonly { name: string; type: string; format: string }[] | undefined {
  if (typeof value !== 'function' || !('attributeTypeMap' in value)) return undefined;
  return listOf(value.attributeTypeMap)
    .filter(isRecord)
    .map((attribute) => {
      const { baseName, type, format } = recordOf(attribute);
      return { name: textOf(baseName) ?? '', type: textOf(type) ?? 'any', format: textOf(format) ?? '' };
    });
}

/** "V1PodSpec" -> "io.k8s.api.v1.PodSpec": kubectl explain shows the last part only. */
function componentName(className: string): string {
  const [, prefix = '', version = '', name = className] = /^([A-Z][a-z]+)?(V\d+(?:(?:alpha|beta)\d+)?)(.+)$/.exec(className) ?? [];
  if (metaClasses.includes(className)) return `${META}.${name}`;
  return `io.k8s.api.${prefix === '' ? '' : `${prefix.toLowerCase()}.`}${version.toLowerCase()}.${name}`;
}
