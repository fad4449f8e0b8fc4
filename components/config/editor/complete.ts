// Completion and explanation of keys and values by the cluster's schema. In: ObjectSchema, a place in the text. Out: CodeMirror's sources.
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import type { Text } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import { type ObjectSchema, schemaAt } from './object-schema';
import { keyPathAt, type Lines, placeAt } from './yaml-path';

export const linesOf = (text: Text): Lines => ({ count: text.lines, line: (index) => text.line(index + 1).text });

/** "list", "mapping", "text", "whole number", "one of A, B". */
export function wordSchemaType(schema: ObjectSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ');
  const type: unknown = schema.type;
  const first: unknown = Array.isArray(type) ? type[0] : type;
  const words: Readonly<Record<string, string>> = {
    object: 'mapping',
    array: 'list',
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true | false',
  };
  return words[String(first)] ?? (schema.anyOf === undefined ? '' : 'number | text');
}

/** What is inserted after a key, so that the next line begins where it belongs. */
function continueKey(key: string, schema: ObjectSchema, indent: number): string {
  const name = /^[\w./-]+$/.test(key) ? key : JSON.stringify(key);
  const type = wordSchemaType(schema);
  const inner = `\n${' '.repeat(indent + 2)}`;
  if (type === 'mapping') return `${name}:${inner}`;
  return type === 'list' ? `${name}:${inner}- ` : `${name}: `;
}

const info = (schema: ObjectSchema): Pick<Completion, 'info'> => (schema.description === undefined ? {} : { info: schema.description });

function listValues(schema: ObjectSchema | null): readonly Completion[] {
  if (schema === null) return [];
  const type: unknown = schema.type;
  const values = schema.enum ?? (type === 'boolean' ? [true, false] : schema.default === undefined ? [] : [schema.default]);
  return values.filter((value) => value !== null && typeof value !== 'object').map((value) => ({ label: String(value), type: 'enum' }));
}

function listKeys(schema: ObjectSchema | null, taken: ReadonlySet<string>, indent: number): readonly Completion[] {
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {})
    .filter(([key]) => !taken.has(key))
    .map(([key, child]) => ({
      label: key,
      type: 'property',
      detail: wordSchemaType(child),
      apply: continueKey(key, child, indent),
      ...(required.has(key) ? { boost: 50 } : {}),
      ...info(child),
    }));
}

/** `schema` is read at every question, since it comes later than the editor. */
export const completeBySchema =
  (schema: () => ObjectSchema | null): CompletionSource =>
  (context: CompletionContext): CompletionResult | null => {
    const known = schema();
    const word = context.matchBefore(/[\w./-]*$/);
    if (known === null || word === null || (word.from === word.to && !context.explicit)) return null;
    const line = context.state.doc.lineAt(context.pos);
    if (/(^|\s)#/.test(line.text.slice(0, context.pos - line.from))) return null;
    // The dash of a list's element is no part of the word.
    const from = /^-+$/.test(word.text) ? word.to : word.from;
    const place = placeAt(linesOf(context.state.doc), line.number - 1, context.pos - line.from);
    const at = schemaAt(known, place.path);
    const options =
      place.key === null
        ? [...listKeys(at, place.siblings, from - line.from), ...listValues(at)]
        : listValues(schemaAt(known, [...place.path, place.key]));
    return options.length === 0 ? null : { from, options, validFor: /^[\w./-]*$/ };
  };

function draw(path: readonly string[], schema: ObjectSchema): HTMLElement {
  const box = document.createElement('div');
  box.className = 'heddle-hover';
  const head = document.createElement('strong');
  head.textContent = path.at(-1) ?? '';
  const type = document.createElement('span');
  type.textContent = ` ${wordSchemaType(schema)}`;
  box.append(head, type);
  if (schema.description !== undefined) {
    const text = document.createElement('p');
    text.textContent = schema.description;
    box.append(text);
  }
  return box;
}

/** What a key means, when the pointer rests on it. */
export const explainBySchema = (schema: () => ObjectSchema | null): ReturnType<typeof hoverTooltip> =>
  hoverTooltip((view: EditorView, position: number): Tooltip | null => {
    const known = schema();
    const line = view.state.doc.lineAt(position);
    const path = known === null ? null : keyPathAt(linesOf(view.state.doc), line.number - 1, position - line.from);
    const at = known === null || path === null ? null : schemaAt(known, path);
    if (path === null || at === null || (at.description === undefined && wordSchemaType(at) === '')) return null;
    return { pos: position, above: true, create: () => ({ dom: draw(path, at) }) };
  });
