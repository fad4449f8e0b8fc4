// Renders a Helm chart without helm, as far as ours goes: values merged, checked by the chart's schema, templates evaluated, YAML parsed.
// In: the chart's folder, values, a release. Out: texts and objects by template. Errors name the template and the line or value.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { parse, parseAllDocuments } from 'yaml';
import { isEmpty, printValue, TEMPLATE_FUNCTIONS } from './template-functions';
import { type Expression, type Node, readTemplate } from './template-syntax';

type Values = Readonly<Record<string, unknown>>;

export interface RenderedChart {
  /** Values after the merge. */
  readonly values: Values;
  /** By file name of the template. */
  readonly texts: ReadonlyMap<string, string>;
  readonly objects: readonly Values[];
}

const isRecord = (x: unknown): x is Values => typeof x === 'object' && x !== null && !Array.isArray(x);

/** Maps are merged, everything else is replaced, null takes away (Helm, "Values Files"). */
export function mergeValues(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over))
    if (value === null) delete merged[key];
    else merged[key] = key in base ? mergeValues(base[key], value) : value;
  return merged;
}

/** Variables of a block; assignments reach outwards, declarations do not. */
class Scope {
  readonly #parent: Scope | null;
  readonly #variables = new Map<string, unknown>();

  constructor(parent: Scope | null) {
    this.#parent = parent;
  }

  declare(name: string, value: unknown): void {
    this.#variables.set(name, value);
  }
  assign(name: string, value: unknown): void {
    if (this.#variables.has(name)) this.#variables.set(name, value);
    else if (this.#parent) this.#parent.assign(name, value);
    else throw new Error(`undefined variable $${name}`);
  }
  read(name: string): unknown {
    if (this.#variables.has(name)) return this.#variables.get(name);
    if (this.#parent) return this.#parent.read(name);
    throw new Error(`undefined variable $${name}`);
  }
}

class Evaluator {
  readonly #defined: ReadonlyMap<string, readonly Node[]>;
  readonly #files: string;

  constructor(defined: ReadonlyMap<string, readonly Node[]>, files: string) {
    this.#defined = defined;
    this.#files = files;
  }

  /** A template of its own: `$` is its dot. */
  run(nodes: readonly Node[], dot: unknown): string {
    const scope = new Scope(null);
    scope.declare('', dot);
    return this.#print(nodes, dot, scope);
  }

  #print(nodes: readonly Node[], dot: unknown, scope: Scope): string {
    return nodes.map((node) => this.#printNode(node, dot, scope)).join('');
  }

  #printNode(node: Node, dot: unknown, scope: Scope): string {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'print':
        return printValue(this.#value(node.value, dot, scope));
      case 'assign': {
        const value = this.#value(node.value, dot, scope);
        if (node.declares) scope.declare(node.name, value);
        else scope.assign(node.name, value);
        return '';
      }
      case 'if': {
        const taken = node.branches.find(({ test }) => !isEmpty(this.#value(test, dot, scope)));
        return this.#print(taken?.body ?? node.otherwise, dot, new Scope(scope));
      }
      case 'with': {
        const value = this.#value(node.value, dot, scope);
        return isEmpty(value) ? this.#print(node.otherwise, dot, new Scope(scope)) : this.#print(node.body, value, new Scope(scope));
      }
      case 'range':
        return this.#printRange(node, dot, scope);
    }
  }

  #printRange(node: Extract<Node, { kind: 'range' }>, dot: unknown, scope: Scope): string {
    const value = this.#value(node.value, dot, scope);
    if (isEmpty(value)) return this.#print(node.otherwise, dot, new Scope(scope));
    const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value)
      ? value.map((each: unknown, i) => [i, each] as const)
      : isRecord(value)
        ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
        : [];
    return entries
      .map(([key, each]) => {
        const inner = new Scope(scope);
        const [first, second] = node.names;
        if (first !== undefined) inner.declare(first, second === undefined ? each : key);
        if (second !== undefined) inner.declare(second, each);
        return this.#print(node.body, each, inner);
      })
      .join('');
  }

  #value(expression: Expression, dot: unknown, scope: Scope): unknown {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'dot':
        return dot;
      case 'variable':
        return scope.read(expression.name);
      case 'field': {
        const of = this.#value(expression.of, dot, scope);
        if (isRecord(of)) return of[expression.name];
        throw new Error(`nil pointer: no .${expression.name} of ${JSON.stringify(of)}`);
      }
      case 'call':
        return this.#call(expression, dot, scope);
    }
  }

  #call({ name, args }: Extract<Expression, { kind: 'call' }>, dot: unknown, scope: Scope): unknown {
    const values = args.map((arg) => this.#value(arg, dot, scope));
    if (name === 'include') {
      const [template, data] = values;
      const body = typeof template === 'string' ? this.#defined.get(template) : undefined;
      if (!body) throw new Error(`no template ${JSON.stringify(template)}`);
      return this.run(body, data);
    }
    if (name === 'file') {
      const path = join(this.#files, String(values[0]));
      // As Helm: a file that is not there is empty.
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    }
    const found = TEMPLATE_FUNCTIONS[name];
    if (!found) throw new Error(`the renderer does not know the function ${name}`);
    return found(...values);
  }
}

/** `.Files.Get "x"` is a method call, the one that the chart has: read as the function `file`. */
const nameFiles = (source: string): string => source.replaceAll(/\.Files\.Get\b/g, 'file');

/** Faults of values by the chart's own schema. */
export function checkValues(chart: string, values: unknown): readonly string[] {
  const schema: Schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as Schema;
  return new Validator(schema, '7', false).validate(values).errors.map((error) => `${error.instanceLocation}: ${error.error}`);
}

/**
 * Renders a chart.
 * @throws Error when the values break the schema, a template fails, or what it gives is not YAML
 */
export function renderChart(
  chart: string,
  over: Values = {},
  release: { readonly name: string; readonly namespace: string } = { name: 'heddle', namespace: 'heddle' },
): RenderedChart {
  const read = (path: string): unknown => parse(readFileSync(join(chart, path), 'utf8'));
  const values = mergeValues(read('values.yaml'), over);
  const about = read('Chart.yaml');
  if (!isRecord(values) || !isRecord(about)) throw new Error('values.yaml and Chart.yaml must be maps');
  const faults = checkValues(chart, values);
  if (faults.length > 0) throw new Error(`values don't meet the schema:\n${faults.join('\n')}`);
  const dot = {
    Values: values,
    Chart: { Name: about['name'], Version: about['version'], AppVersion: about['appVersion'] },
    Release: { Name: release.name, Namespace: release.namespace, Service: 'Helm' },
  };
  const names = readdirSync(join(chart, 'templates')).sort();
  const templates = new Map(names.map((name) => [name, readTemplate(nameFiles(readFileSync(join(chart, 'templates', name), 'utf8')))]));
  const defined = new Map([...templates.values()].flatMap((template) => [...template.defined]));
  const texts = new Map<string, string>();
  const objects: Values[] = [];
  for (const [name, { body }] of templates) {
    if (name.startsWith('_')) continue;
    let text: string;
    try {
      text = new Evaluator(defined, chart).run(body, dot);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    texts.set(name, text);
    if (!/\.ya?ml$/.test(name)) continue;
    for (const document of parseAllDocuments(text)) {
      const [fault] = document.errors;
      if (fault) throw new Error(`${name} is not YAML: ${fault.message}`);
      const object: unknown = document.toJS();
      if (isRecord(object)) objects.push(object);
      else if (object !== null) throw new Error(`${name} holds something that is no object`);
    }
  }
  return { values, texts, objects };
}
