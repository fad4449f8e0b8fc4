// YAML text of one object. In: text, the reference that it is for. Out: Manifest with the fields in the order of the text, or every problem
// with its path, line and column. What the API server sets by itself (status, uid, resourceVersion, managedFields ...) is ignored on purpose.

import type { Document } from 'yaml';
import { isMap, LineCounter, type ParsedNode, parseDocument, type YAMLError } from 'yaml';
import type { Manifest } from '../../../model/change';
import { type ConfigRef, refText } from '../../../model/edit';
import type { Inventory, Json, JsonObject } from '../../../model/inventory';
import { fieldOf, isObject, textAt } from './json-edit';
import { buildManifest, configKindOf, groupOfKind, knownApiVersion, kubernetesKind } from './manifest-of';
import { Refusal } from './refusal';
import { type BadNode, findBadNodes, hasTooManyTokens, isTooDeep } from './yaml-nodes';
import { findForeignValue } from './yaml-values';

export type YamlRead =
  | { readonly ok: true; readonly ref: ConfigRef; readonly manifest: Manifest }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** etcd takes 1.5 MiB; Kubernetes keeps managedFields beside the object. */
const MAX_TEXT = 1024 * 1024;
/** Aliases of aliases may stand for so many nodes; a bomb needs more. */
const MAX_EXPANSION = 100;
const MAX_PROBLEMS = 20;
const TOO_DEEP = new Refusal('', 'the text is nested too deeply', 'Write it with fewer levels.');

/** Fields of metadata that the API server keeps by itself. */
const SERVERS_OWN = [
  'managedFields',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'selfLink',
  'deletionGracePeriodSeconds',
];
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A parsed text, with where its parts stand. */
interface Source {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** `expected` null: a new object, whatever steered kind it is. */
export function readYaml(text: string, expected: ConfigRef | null, inventory: Inventory): YamlRead {
  const fail = (...refusals: readonly Refusal[]): YamlRead => ({ ok: false, refusals: refusals.slice(0, MAX_PROBLEMS) });
  if (text.length > MAX_TEXT)
    return fail(new Refusal('', `the text has ${text.length} characters, and 1 MiB is the most`, 'Split it into several objects.'));
  if (isTooDeep(text)) return fail(TOO_DEEP);
  if (hasTooManyTokens(text)) return fail(new Refusal('', 'the text has too many parts', 'Split it into several objects.'));
  const lines = new LineCounter();
  let json: Json;
  let source: Source;
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      merge: false,
    });
    if (document.errors.length > 0) return fail(...document.errors.slice(0, MAX_PROBLEMS).map((error) => syntaxProblem(error, lines)));
    source = { document, lines };
    const bad = findBadNodes(document);
    if (bad.length > 0) return fail(...bad.slice(0, MAX_PROBLEMS).map((node) => nodeProblem(node, lines)));
    // What the parser gives is checked value by value right below.
    json = (document.toJS({ maxAliasCount: MAX_EXPANSION }) ?? null) as Json;
  } catch (error) {
    return fail(explosion(error));
  }
  const at = (path: readonly (string | number)[], message: string, next: string): Refusal => refusalAt(source, path, message, next);
  if (!isObject(json)) return fail(at([], 'the text is no object', 'Write an object with apiVersion, kind, metadata and spec.'));
  const foreign = findForeignValue(json);
  if (foreign !== null) return fail(at(foreign.path, foreign.message, foreign.next));
  return readObject(json, expected, inventory, at, fail);
}

type At = (path: readonly (string | number)[], message: string, next: string) => Refusal;

function readObject(
  json: JsonObject,
  expected: ConfigRef | null,
  inventory: Inventory,
  at: At,
  fail: (...r: readonly Refusal[]) => YamlRead,
): YamlRead {
  const apiVersion = textAt(json, 'apiVersion') ?? '';
  const written = textAt(json, 'kind') ?? '';
  const kind = configKindOf(written, apiVersion);
  if (kind === null) {
    const what =
      written === ''
        ? 'the text names no kind'
        : `${apiVersion === '' ? '' : `${apiVersion} `}${written} is not a kind that is changed here`;
    const next = expected === null ? 'Write apiVersion and kind of an Istio or Gateway API object.' : wantedType(expected);
    return fail(at(apiVersion === '' && written !== '' ? ['apiVersion'] : ['kind'], what, next));
  }
  const problems: Refusal[] = [];
  for (const name of Object.keys(json))
    if (!['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(name))
      problems.push(at([name], `an object has no field ${name} beside its spec`, 'Put it into spec, or remove it.'));
  const metadata = fieldOf(json, 'metadata');
  if (!isObject(metadata)) return fail(...problems, at(['metadata'], 'metadata is missing', 'Write metadata with a name and a namespace.'));
  const name = readName(metadata, 'name', expected?.name ?? null, OBJECT_NAME, 253, at, problems);
  const scoped = kind !== 'GatewayClass';
  const namespace = scoped ? readName(metadata, 'namespace', expected?.namespace ?? null, NAMESPACE, 63, at, problems) : '';
  for (const field of Object.keys(metadata))
    if (!['name', 'namespace', 'labels', 'annotations', ...SERVERS_OWN].includes(field))
      problems.push(at(['metadata', field], `metadata.${field} is not written from here`, 'Remove it from the text.'));
  const labels = readTexts(metadata, 'labels', at, problems);
  const annotations = readTexts(metadata, 'annotations', at, problems);
  const spec = fieldOf(json, 'spec') ?? {};
  if (!isObject(spec)) problems.push(at(['spec'], 'spec is no object', 'Write its fields under spec, indented.'));
  const ref: ConfigRef = { kind, namespace, name };
  if (expected !== null && expected.kind !== kind)
    problems.push(at(['kind'], `the text is of a ${written}, and ${refText(expected)} is to be changed`, wantedType(expected)));
  if (problems.length > 0 || !isObject(spec)) return fail(...problems);
  // Versions of a kind have the same fields; at the cluster's own, the object reads back as it was written.
  const type = { apiVersion: knownApiVersion(inventory, kind) ?? apiVersion, kind: kubernetesKind(kind) };
  return { ok: true, ref, manifest: buildManifest(type, namespace, name, labels, annotations, spec) };
}

const wantedType = ({ kind }: ConfigRef): string => `Write kind ${kubernetesKind(kind)} of ${groupOfKind(kind)}.`;

function readName(
  metadata: JsonObject,
  field: 'name' | 'namespace',
  expected: string | null,
  form: RegExp,
  longest: number,
  at: At,
  problems: Refusal[],
): string {
  const written = fieldOf(metadata, field);
  if (written === undefined && field === 'namespace' && expected !== null) return expected;
  if (written === undefined || written === null) {
    problems.push(at(['metadata', field], `metadata.${field} is missing`, `Write the ${field} of the object.`));
    return '';
  }
  if (typeof written !== 'string' || written.length > longest || !form.test(written)) {
    const shown = JSON.stringify(written).slice(0, 80);
    problems.push(at(['metadata', field], `${shown} is no ${field} of Kubernetes`, 'Write lower-case letters, digits and hyphens.'));
    return '';
  }
  if (expected !== null && written !== expected)
    problems.push(
      at(
        ['metadata', field],
        `the text is of ${field} ${written}, and ${expected} is to be changed`,
        `Write ${field}: ${expected}, or make a new object.`,
      ),
    );
  return written;
}

/** Labels or annotations: texts only; YAML reads `true` and `1` as something else. */
function readTexts(metadata: JsonObject, field: 'labels' | 'annotations', at: At, problems: Refusal[]): Readonly<Record<string, string>> {
  const written = fieldOf(metadata, field) ?? {};
  if (!isObject(written)) {
    problems.push(at(['metadata', field], `metadata.${field} is no object`, 'Write a name and a text on each line.'));
    return {};
  }
  const found: [string, string][] = [];
  for (const [name, value] of Object.entries(written)) {
    if (typeof value === 'string') found.push([name, value]);
    else problems.push(at(['metadata', field, name], `the value of ${name} is no text`, 'Put it into quotes.'));
  }
  return Object.fromEntries(found);
}

function syntaxProblem(error: YAMLError, lines: LineCounter): Refusal {
  const { line, col } = lines.linePos(error.pos[0]);
  const place = { line, column: col };
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return new Refusal('', 'the text holds more than one document', 'Write one object; each of the others is an edit of its own.', place);
    case 'TAB_AS_INDENT':
      return new Refusal('', 'a tab stands where YAML wants spaces', 'Indent with spaces.', place);
    default:
      if (error.message.includes('call stack')) return TOO_DEEP;
      return new Refusal(
        '',
        `the text is no YAML: ${error.message.slice(0, 200).split('\n')[0] ?? ''}`,
        'Mend the text at this place.',
        place,
      );
  }
}

function nodeProblem({ offset, problem }: BadNode, lines: LineCounter): Refusal {
  const { line, col } = lines.linePos(offset);
  const place = { line, column: col };
  switch (problem) {
    case 'duplicateKey':
      return new Refusal('', 'a field is written twice in one object', 'Keep one of the two.', place);
    case 'badKey':
      return new Refusal('', 'the name of a field is no text', 'Write a plain name before the colon.', place);
    case 'mergeKey':
      return new Refusal('', 'Kubernetes does not know << as a merge of objects', 'Write the fields out.', place);
    case 'tooManyAliases':
      return new Refusal('', 'the text repeats itself through too many aliases', 'Write the values out.', place);
  }
}

/** What the parser throws instead of telling: too many aliases, too deep nesting. */
function explosion(error: unknown): Refusal {
  if (error instanceof RangeError) return TOO_DEEP;
  const words = error instanceof Error ? error.message : '';
  if (words.includes('alias')) return new Refusal('', 'the text repeats itself through too many aliases', 'Write the values out.');
  return new Refusal('', `the text is no YAML: ${words.slice(0, 200)}`, 'Mend the text.');
}

/** The refusal with the place of the deepest part of the path that is in the text. */
function refusalAt({ document, lines }: Source, path: readonly (string | number)[], message: string, next: string): Refusal {
  let offset: number | null = null;
  let node: unknown = document.contents;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(part));
      const range = (pair?.key as ParsedNode | undefined)?.range;
      if (range) offset = range[0];
      node = pair?.value;
    } else node = (node as { get?: (key: unknown, keep: boolean) => unknown } | null)?.get?.(part, true);
    const range = (node as ParsedNode | null | undefined)?.range;
    if (offset === null && range) offset = range[0];
  }
  const text = path.reduce<string>((so, part) => (typeof part === 'number' ? `${so}[${part}]` : so === '' ? part : `${so}.${part}`), '');
  if (offset === null) return new Refusal(text, message, next, path.length === 0 ? { line: 1, column: 1 } : {});
  const { line, col } = lines.linePos(offset);
  return new Refusal(text, message, next, { line, column: col });
}
