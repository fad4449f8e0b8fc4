// What the text of one object says and what is wrong with it as YAML and by its schema, with places in the text. In: text, schema. Out: TextReport.
// Pure; runs in a worker, so that a large object never delays a key.
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Pair, parseAllDocuments } from 'yaml';
import type { ObjectSchema } from './object-schema';
import { type SchemaProblem, SchemaValidator } from './schema-problems';

/** Offsets in the text, the end not included. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

export interface TextProblem extends TextRange {
  readonly message: string;
  /** Blocks: the text is not one object, so that nothing can be planned of it. */
  readonly blocks: boolean;
}

/** Who the text says that it is; '' for what it does not say. */
export interface TextIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface TextReport {
  readonly problems: readonly TextProblem[];
  readonly identity: TextIdentity | null;
  /** Places of the asked paths, in their order; null where nothing of the path is in the text. */
  readonly places: readonly (TextRange | null)[];
}

/** What an API server takes at most (etcd's limit of a request is 1.5 MiB). */
export const MAX_TEXT_CHARS = 1_048_576;
/** More aliases than any hand-written object has; a YAML bomb has millions after expansion. */
const MAX_ALIASES = 100;
const MAX_PROBLEMS = 200;

const blocking = (message: string, range: TextRange): TextProblem => ({ ...range, message, blocks: true });
const whole = (text: string): TextRange => ({
  from: 0,
  to: Math.min(text.length, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n')),
});

/** Splits `spec.http[0].match[1].headers.x-user`; a key that has dots itself is put together again by `findPlace`. */
export function splitPath(path: string): readonly string[] {
  return path.split(/[.[\]]+/).filter((part) => part !== '');
}

const rangeOf = (node: unknown): TextRange | null => {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
  if (!Array.isArray(range)) return null;
  const [from, to] = range as readonly unknown[];
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : null;
};

/** The place of a path: of its last key that is there, null if not even the first is. */
export function findPlace(document: Document, parts: readonly string[]): TextRange | null {
  let node: unknown = document.contents;
  let place: TextRange | null = null;
  for (let i = 0; i < parts.length; ) {
    if (isAlias(node)) node = node.resolve(document);
    if (isSeq(node)) {
      const item = node.items[Number(parts[i])];
      if (item === undefined) return place;
      node = item;
      place = rangeOf(isMap(item) ? (item.items[0]?.key ?? item) : item) ?? place;
      i++;
    } else if (isMap(node)) {
      // The longest key first: app.kubernetes.io/name is one key, and three parts.
      let taken = 0;
      const map = node;
      for (let end = parts.length; end > i && taken === 0; end--) {
        const wanted = parts.slice(i, end).join('.');
        const pair: Pair | undefined = map.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === wanted);
        if (pair === undefined) continue;
        place = rangeOf(pair.key) ?? place;
        node = pair.value;
        taken = end - i;
      }
      if (taken === 0) return place;
      i += taken;
    } else return place;
  }
  return place;
}

/** The place of a value rather than of its key where the value is one word: that is what is wrong with it. */
function findValue(document: Document, parts: readonly string[]): TextRange | null {
  const value: unknown = document.getIn(
    parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    true,
  );
  const range = isScalar(value) ? rangeOf(value) : null;
  return range !== null && range.to > range.from ? range : findPlace(document, parts);
}

function wordSyntax(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'A tab indents this line; YAML takes spaces only. Put spaces in its place.';
  if (code === 'DUPLICATE_KEY') return 'This key is in the mapping twice; keep one of them.';
  if (/^Implicit (?:map )?key/.test(message))
    return 'This line is neither “key: value” nor an element of a list (“- …”): perhaps a colon or a dash is missing.';
  if (code === 'BAD_ALIAS') return `${firstLine(message)}.`.replace('..', '.');
  return firstLine(message);
}
const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');

const textAt = (value: unknown, key: string): string => {
  const found: unknown =
    typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
};

export function readIdentity(value: unknown): TextIdentity | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const metadata: unknown = Object.entries(value).find(([name]) => name === 'metadata')?.[1];
  return {
    apiVersion: textAt(value, 'apiVersion'),
    kind: textAt(value, 'kind'),
    namespace: textAt(metadata, 'namespace'),
    name: textAt(metadata, 'name'),
  };
}

const CONFLICT = /^(?:<{7}|={7}|>{7})(?: |$)/m;

/** Offset of the field that a path means, or of as much of the path as is in the text; null where nothing of it is. */
export function locatePath(text: string, path: string): number | null {
  const [first] = text.length > MAX_TEXT_CHARS ? [] : parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  return first === undefined || !('contents' in first) ? null : (findPlace(first, splitPath(path))?.from ?? null);
}

/** Reads texts against one schema, which is compiled once. */
export class TextReader {
  readonly #validator: SchemaValidator | null;

  constructor(schema: ObjectSchema | null) {
    this.#validator = schema === null ? null : new SchemaValidator(schema);
  }

  read(text: string, paths: readonly string[]): TextReport {
    const none = paths.map(() => null);
    const stop = (...problems: readonly TextProblem[]): TextReport => ({ problems, identity: null, places: none });
    if (text.length > MAX_TEXT_CHARS)
      return stop(blocking('The text is larger than 1 MiB; the API server does not take such an object.', whole(text)));
    if (text.trim() === '')
      return stop(blocking('There is no text. Write an object, or put back the one of the cluster.', { from: 0, to: 0 }));
    const conflict = CONFLICT.exec(text);
    if (conflict !== null)
      return stop(
        blocking('Both you and somebody else changed this part: keep the lines that shall hold and remove the markers.', {
          from: conflict.index,
          to: conflict.index + 7,
        }),
      );
    const documents = parseAllDocuments(text, { lineCounter: new LineCounter(), keepSourceTokens: false });
    const all: readonly Document.Parsed[] = 'empty' in documents ? [] : documents;
    const [first, second] = all;
    if (first === undefined) return stop(blocking('There is no object in the text, only comments.', whole(text)));
    const places = paths.map((path) => findPlace(first, splitPath(path)));
    const errors = [...first.errors, ...first.warnings].map((error) =>
      blocking(wordSyntax(error.code, error.message), clampRange({ from: error.pos[0], to: error.pos[1] }, text.length)),
    );
    if (errors.length > 0) return { problems: errors.slice(0, MAX_PROBLEMS), identity: null, places };
    let value: unknown;
    try {
      value = first.toJS({ maxAliasCount: MAX_ALIASES });
    } catch {
      return stop(
        blocking('The text repeats itself through aliases far too often (a YAML bomb). Write out what the aliases stand for.', whole(text)),
      );
    }
    if (second !== undefined) {
      const from = Math.min(second.range[0], text.length);
      const extra = blocking('A second document begins here. One object is edited at a time: take the rest to an editor of its own.', {
        from: Math.max(0, from - 1),
        to: from,
      });
      return { problems: [extra], identity: readIdentity(value), places };
    }
    const identity = readIdentity(value);
    if (identity === null) return stop(blocking('The text is not an object: it needs apiVersion, kind, metadata and spec.', whole(text)));
    const problems = (this.#validator?.validate(value) ?? []).slice(0, MAX_PROBLEMS).map((problem) => place(first, problem, text));
    return { problems, identity, places };
  }
}

function place(document: Document, problem: SchemaProblem, text: string): TextProblem {
  const at = problem.about === 'value' ? findValue(document, problem.path) : findPlace(document, problem.path);
  return { message: problem.message, blocks: false, ...clampRange(at ?? whole(text), text.length) };
}

function clampRange({ from, to }: TextRange, length: number): TextRange {
  const start = Math.max(0, Math.min(from, length - 1));
  return { from: start, to: Math.min(length, Math.max(to, start + 1)) };
}
