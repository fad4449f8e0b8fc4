// The functions that the chart's templates call, as Go and sprig define them. In: evaluated arguments. Out: a value.
// Source: https://pkg.go.dev/text/template#hdr-Functions, https://masterminds.github.io/sprig/
import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

export type TemplateFunction = (...args: readonly unknown[]) => unknown;

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);

/** Empty as Go's templates and sprig's default see it: false, 0, nil, "", an empty list or map. */
export const isEmpty = (x: unknown): boolean =>
  x === undefined ||
  x === null ||
  x === false ||
  x === 0 ||
  x === '' ||
  (Array.isArray(x) && x.length === 0) ||
  (isRecord(x) && Object.keys(x).length === 0);

/** As `{{ x }}` prints it. */
export function printValue(x: unknown): string {
  if (x === undefined || x === null) return '';
  if (typeof x === 'string') return x;
  if (typeof x === 'number' || typeof x === 'boolean') return String(x);
  throw new Error(`a template prints ${JSON.stringify(x)} without toYaml`);
}

const text = (x: unknown): string => {
  if (typeof x !== 'string') throw new Error(`expected text, not ${JSON.stringify(x)}`);
  return x;
};
const number = (x: unknown): number => {
  if (typeof x !== 'number') throw new Error(`expected a number, not ${JSON.stringify(x)}`);
  return x;
};
const indent = (spaces: unknown, lines: unknown): string =>
  text(lines)
    .split('\n')
    .map((line) => ' '.repeat(number(spaces)) + line)
    .join('\n');
/** Keys of maps are sorted as Go writes them. */
const toYaml = (x: unknown): string =>
  stringify(x, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false }).replace(/\n$/, '');
const equal = (a: unknown, b: unknown): boolean => {
  if (typeof a !== typeof b) throw new Error(`incompatible types for comparison: ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
  return a === b;
};

export const TEMPLATE_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  and: (...args) => args.find(isEmpty) ?? (args.some(isEmpty) ? undefined : args.at(-1)),
  or: (...args) => args.find((x) => !isEmpty(x)) ?? args.at(-1),
  not: (x) => isEmpty(x),
  eq: (a, ...others) => others.some((b) => equal(a, b)),
  ne: (a, b) => !equal(a, b),
  gt: (a, b) => number(a) > number(b),
  int: (x) => Math.trunc(Number(x)),
  default: (standard, x) => (isEmpty(x) ? standard : x),
  dict: (...args) => Object.fromEntries(args.flatMap((key, i) => (i % 2 === 0 ? [[text(key), args[i + 1]]] : []))),
  hasKey: (map, key) => isRecord(map) && Object.hasOwn(map, text(key)),
  printf: (format, ...args) => {
    let i = 0;
    return text(format).replace(/%s/g, () => text(args[i++]));
  },
  quote: (x) => (x === null || x === undefined ? '' : JSON.stringify(printValue(x))),
  lower: (x) => text(x).toLowerCase(),
  contains: (part, whole) => text(whole).includes(text(part)),
  trunc: (length, x) => text(x).slice(0, number(length)),
  trimSuffix: (end, x) => (text(x).endsWith(text(end)) ? text(x).slice(0, text(x).length - text(end).length) : x),
  join: (separator, list) => {
    if (!Array.isArray(list)) throw new Error(`expected a list, not ${JSON.stringify(list)}`);
    return list.map(printValue).join(text(separator));
  },
  toYaml,
  indent,
  nindent: (spaces, lines) => `\n${indent(spaces, lines)}`,
  sha256sum: (x) => createHash('sha256').update(text(x)).digest('hex'),
  fail: (message) => {
    throw new Error(text(message));
  },
};
