// What is wrong with an object by its schema, in words. In: ObjectSchema, a parsed object. Out: SchemaProblem[]. Pure.
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { ELEMENT, type ObjectSchema, schemaAt } from './object-schema';
import { suggestWord } from './suggest-word';

export interface SchemaProblem {
  readonly path: readonly string[];
  /** Whether the key or its value is to be pointed at. */
  readonly about: 'key' | 'value';
  readonly message: string;
}

const decodePart = (part: string): string => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
const splitPointer = (pointer: string): readonly string[] => pointer.split('/').slice(1).map(decodePart);

/** Keywords that only say that something below is wrong, which says it itself. */
const CONTAINERS = new Set(['properties', 'items', 'additionalProperties', 'allOf', 'patternProperties', '$ref']);

const TYPE_WORDS: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list (lines that begin with “- ”)',
  object: 'a mapping (key: value)',
  null: 'null',
};
const wordType = (type: unknown): string =>
  (Array.isArray(type) ? type.filter((one) => one !== 'null') : [type]).map((one) => TYPE_WORDS[String(one)] ?? String(one)).join(' or ');
const wordGiven = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `the text “${value.length > 40 ? `${value.slice(0, 40)}…` : value}”` : JSON.stringify(value);
};

function follow(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (typeof at === 'object' && at !== null) at = Object.entries(at).find(([key]) => key === part)?.[1];
    else return undefined;
  }
  return at;
}

/** Fields of which Istio's schema takes at most one: oneOf [not anyOf required, required a, required b]. */
function readExclusive(schema: unknown): readonly string[] {
  const branches = Array.isArray(schema) ? (schema as readonly ObjectSchema[]) : [];
  return [...new Set(branches.flatMap((branch) => branch.required ?? []))];
}

export class SchemaValidator {
  readonly #schema: ObjectSchema;
  readonly #validator: Validator;

  constructor(schema: ObjectSchema) {
    this.#schema = schema;
    // Kubernetes' schemas are of OpenAPI 3.0, whose words are those of draft 4; the second argument keeps all errors of an object.
    this.#validator = new Validator(schema as Schema, '4', false);
  }

  /** Problems from the top of the object down; each place once. */
  validate(value: unknown): readonly SchemaProblem[] {
    const { errors } = this.#validator.validate(value);
    const seen = new Set<string>();
    const found: SchemaProblem[] = [];
    for (const error of errors) {
      // What a branch of a choice lacks is no fault by itself: the choice is.
      if (CONTAINERS.has(error.keyword) || /\/(?:oneOf|anyOf|not)\//.test(error.keywordLocation)) continue;
      const problem = this.#word(error, value);
      const key = JSON.stringify([problem.path, problem.message]);
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(problem);
    }
    return found;
  }

  #word(error: OutputUnit, value: unknown): SchemaProblem {
    const path = splitPointer(error.instanceLocation);
    const given = follow(value, path);
    const keyword = follow(this.#schema, splitPointer(error.keywordLocation));
    const name = path.at(-1) ?? 'the object';
    const about = (message: string, what: 'key' | 'value' = 'value'): SchemaProblem => ({ path, about: what, message });
    switch (error.keyword) {
      case 'false': {
        const parent = schemaAt(
          this.#schema,
          path.slice(0, -1).map((part) => (/^\d+$/.test(part) ? ELEMENT : part)),
        );
        const known = Object.keys(parent?.properties ?? {});
        const near = suggestWord(name, known);
        const hint =
          near !== null ? ` Did you mean “${near}”?` : known.length > 0 && known.length <= 12 ? ` Known here: ${known.join(', ')}.` : '';
        return about(`unknown field “${name}”.${hint}`, 'key');
      }
      case 'type':
        return about(`“${name}” must be ${wordType(keyword)}, not ${wordGiven(given)}.`);
      case 'required': {
        const missing = /property "([^"]+)"/.exec(error.error)?.[1] ?? '';
        return about(`“${name}” lacks the field “${missing}”, which it must have.`, 'key');
      }
      case 'enum': {
        const words = (Array.isArray(keyword) ? keyword : []).map(String);
        const near = typeof given === 'string' ? suggestWord(given, words) : null;
        return about(`“${name}” must be one of ${words.join(', ')}.${near === null ? '' : ` Did you mean “${near}”?`}`);
      }
      case 'oneOf':
      case 'anyOf': {
        const fields = readExclusive(keyword);
        const set = fields.filter((field) => typeof given === 'object' && given !== null && field in given);
        if (set.length > 1) return about(`Only one of ${set.join(' and ')} can be set in “${name}”.`, 'key');
        if (fields.length > 0) return about(`“${name}” needs one of ${fields.join(', ')}.`, 'key');
        return about(`“${name}” has none of the forms that the cluster takes.`);
      }
      case 'not':
        return about(`“${name}” has fields that do not go together.`, 'key');
      case 'pattern':
        return about(`“${name}” does not match ${String(keyword)}.`);
      case 'format':
        return about(`“${name}” is not of the form ${String(keyword)}.`);
      case 'minimum':
        return about(`“${name}” must be at least ${String(keyword)}.`);
      case 'maximum':
        return about(`“${name}” must be at most ${String(keyword)}.`);
      case 'minLength':
        return about(keyword === 1 ? `“${name}” must not be empty.` : `“${name}” must have at least ${String(keyword)} characters.`);
      case 'maxLength':
        return about(`“${name}” must have at most ${String(keyword)} characters.`);
      case 'minItems':
        return about(
          keyword === 1 ? `“${name}” must not be an empty list.` : `“${name}” needs at least ${String(keyword)} elements.`,
          'key',
        );
      case 'maxItems':
        return about(`“${name}” can have at most ${String(keyword)} elements.`, 'key');
      default:
        return about(`“${name}”: ${error.error}`);
    }
  }
}
