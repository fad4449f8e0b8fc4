// Label and field selectors: their text decoded into predicates, with the API server's errors for bad ones.
import { listOf, recordOf, textOf, textsOf } from './json';
import type { Kind } from './kinds/kind';
import type { KubeObject } from './object';
import { badRequest } from './status-error';

export type Predicate = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const KEY = '[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?';
const VALUE = '(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?';
const exists = new RegExp(String.raw`^(!?)\s*(${KEY})$`);
const equality = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*(${VALUE})$`);
const membership = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s*\(([^()]*)\)$`);
const ordering = new RegExp(String.raw`^(${KEY})\s*([<>])\s*(-?\d+)$`);

/** Decodes a label selector such as `app=a,tier in (x, y),!canary`; throws a 400 StatusError on anything else. */
export function decodeLabelSelector(selector: string): (labels: Labels | undefined) => boolean {
  const requirements = splitOutsideParentheses(selector).map((part) => decodeRequirement(part.trim(), selector));
  return (labels) => requirements.every((requirement) => requirement(labels ?? {}));
}

function decodeRequirement(part: string, whole: string): Requirement {
  const [, key = '', operator = '', value = ''] = equality.exec(part) ?? [];
  if (operator === '!=') return (labels) => labels[key] !== value;
  if (operator !== '') return (labels) => labels[key] === value;
  const [, setKey = '', set = '', list = ''] = membership.exec(part) ?? [];
  if (set !== '') {
    const values = new Set(list.split(',').map((item) => item.trim()));
    return set === 'in'
      ? (labels) => labels[setKey] !== undefined && values.has(labels[setKey])
      : (labels) => labels[setKey] === undefined || !values.has(labels[setKey]);
  }
  const [, orderKey = '', order = '', bound = ''] = ordering.exec(part) ?? [];
  if (order !== '') {
    return (labels) => {
      const label = labels[orderKey];
      if (label === undefined || !/^-?\d+$/.test(label)) return false;
      return order === '<' ? Number(label) < Number(bound) : Number(label) > Number(bound);
    };
  }
  const [, not = '', existsKey = ''] = exists.exec(part) ?? [];
  if (existsKey === '') throw badRequest(`unable to parse requirement: found '${part}', expected a label requirement in "${whole}"`);
  return not === '!' ? (labels) => labels[existsKey] === undefined : (labels) => labels[existsKey] !== undefined;
}

function splitOutsideParentheses(selector: string): readonly string[] {
  if (selector.trim() === '') return [];
  return selector.split(/,(?![^()]*\))/);
}

/** Decodes a field selector such as `metadata.name=a,status.phase!=Running`; throws a 400 StatusError on a field the kind does not offer. */
export function decodeFieldSelector(kind: Kind, selector: string): Predicate {
  const predicates = (selector.trim() === '' ? [] : selector.split(',')).map((part): Predicate => {
    const [, field = '', operator = '', value = ''] = /^\s*([^=!]+?)\s*(==|=|!=)(.*)$/.exec(part) ?? [];
    if (operator === '') throw badRequest(`invalid field selector: "${part}"; can't understand '${part}'`);
    const read = fieldReader(kind, field);
    if (read === undefined) throw badRequest(`field label not supported: ${field}`);
    return operator === '!=' ? (object) => read(object) !== value : (object) => read(object) === value;
  });
  return (object) => predicates.every((predicate) => predicate(object));
}

function fieldReader(kind: Kind, field: string): ((object: KubeObject) => string) | undefined {
  if (field === 'metadata.name') return (object) => object.metadata.name;
  if (field === 'metadata.namespace' && kind.namespaced) return (object) => object.metadata.namespace ?? '';
  return Object.hasOwn(kind.selectableFields, field) ? kind.selectableFields[field] : undefined;
}

/** Both selectors of a list or watch as one predicate; undefined where neither is given. */
export function decodeSelectors(kind: Kind, labelSelector: string | null, fieldSelector: string | null): Predicate | undefined {
  if ((labelSelector ?? '') === '' && (fieldSelector ?? '') === '') return undefined;
  const byLabel = decodeLabelSelector(labelSelector ?? '');
  const byField = decodeFieldSelector(kind, fieldSelector ?? '');
  return (object) => byLabel(object.metadata.labels) && byField(object);
}

/** True where a LabelSelector object matches the labels; an empty selector matches all. */
export function matchesLabels(selector: unknown, labels: Labels = {}): boolean {
  const { matchLabels, matchExpressions } = recordOf(selector);
  const equal = Object.entries(recordOf(matchLabels)).every(([key, value]) => labels[key] === value);
  return equal && listOf(matchExpressions).every((expression) => matchesExpression(recordOf(expression), labels));
}

function matchesExpression(expression: Readonly<Record<string, unknown>>, labels: Labels): boolean {
  const label = labels[textOf(expression['key']) ?? ''];
  const values = textsOf(expression['values']);
  switch (expression['operator']) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}
