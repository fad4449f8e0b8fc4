// What changes in one rule, and what a rule does, in words. In: rules as written. Out: texts.
import type { ConfigRef } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { decodeDurationMs } from '../../istio/read/fields';
import { type DestinationKey, objectsOf, readBackend, readDestination } from './destinations';
import { fieldOf, fieldsOf, isObject, listAt, numberAt, objectAt, sameJson, textAt } from './json-edit';
import { fieldWords, valueText } from './leaf-words';

type Where = Pick<ConfigRef, 'kind' | 'namespace'>;

interface Share {
  readonly key: DestinationKey;
  readonly weight: number;
}

const entriesField = ({ kind }: Where): string => (kind === 'VirtualService' ? 'route' : 'backendRefs');
const matchField = ({ kind }: Where): string => (kind === 'VirtualService' ? 'match' : 'matches');

/** Destinations with the weights in force: alone it takes 100, unwritten is 0 in a VirtualService and 1 in the Gateway API. */
function sharesOf(rule: JsonObject, where: Where, domain: string): readonly Share[] {
  const entries = objectsOf(listAt(rule, entriesField(where)));
  const unwritten = entries.length === 1 ? 100 : where.kind === 'VirtualService' ? 0 : 1;
  return entries.flatMap((entry) => {
    const key =
      where.kind === 'VirtualService'
        ? readDestination(objectAt(entry, 'destination'), where.namespace, domain)
        : readBackend(entry, where.namespace, domain);
    return key === null ? [] : [{ key, weight: numberAt(entry, 'weight') ?? unwritten }];
  });
}

const sameKey = (a: DestinationKey, b: DestinationKey): boolean => a.host === b.host && a.subset === b.subset && a.port === b.port;

/** The subset where all go to one host, else the service with its subset; with the port where that alone tells them apart. */
function nameOf(key: DestinationKey, all: readonly DestinationKey[]): string {
  const service = key.host.split('.')[0] ?? key.host;
  const oneHost = all.every(({ host }) => host === key.host);
  const name = key.subset === null ? service : oneHost ? key.subset : `${service} ${key.subset}`;
  const twin = all.some((other) => other.host === key.host && other.subset === key.subset && other.port !== key.port);
  return twin && key.port !== null ? `${name}:${key.port}` : name;
}

/** `v1 100 → 80, v2 0 → 20`; "" where nothing moves. */
function weightWords(before: JsonObject, after: JsonObject, where: Where, domain: string): string {
  const old = sharesOf(before, where, domain);
  const now = sharesOf(after, where, domain);
  const keys = [...old, ...now].map(({ key }) => key).filter((key, i, all) => all.findIndex((other) => sameKey(other, key)) === i);
  return keys
    .flatMap((key) => {
      const from = old.find((share) => sameKey(share.key, key));
      const to = now.find((share) => sameKey(share.key, key));
      if (from?.weight === to?.weight) return [];
      return `${nameOf(key, keys)} ${from?.weight ?? 0} → ${to?.weight ?? 'removed'}`;
    })
    .join(', ');
}

/** `2 s`, `250 ms` of a duration; other values as they are. */
function durationWords(value: Json | undefined): string {
  const ms = typeof value === 'string' ? decodeDurationMs(value) : null;
  if (ms === null) return valueText(value);
  return ms >= 1000 && ms % 100 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}

const percentOf = (part: JsonObject): number => numberAt(objectAt(part, 'percentage'), 'value') ?? numberAt(part, 'percent') ?? 0;

/** `2 s delay for 10 %, 503 for 5 %` */
function faultWords(fault: JsonObject | null): string {
  const delay = objectAt(fault, 'delay');
  const abort = objectAt(fault, 'abort');
  const parts = [
    ...(delay === null ? [] : [`${durationWords(fieldOf(delay, 'fixedDelay'))} delay for ${percentOf(delay)} %`]),
    ...(abort === null ? [] : [`${valueText(fieldOf(abort, 'httpStatus') ?? fieldOf(abort, 'grpcStatus'))} for ${percentOf(abort)} %`]),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** One condition: `path = /a`, `header end-user ~ .*`. */
function conditionWords(name: string, value: Json | undefined): string {
  if (!isObject(value)) return `${name} = ${valueText(value)}`;
  const value3 = textAt(value, 'value');
  if (value3 !== null) return `${name} ${SIGNS[textAt(value, 'type') ?? 'PathPrefix'] ?? '='} ${value3}`;
  const [form] = fieldsOf(value);
  if (form === undefined) return `${name} is present`;
  return fieldsOf(value).length === 1 && SIGNS[form] !== undefined
    ? `${name} ${SIGNS[form]} ${valueText(fieldOf(value, form))}`
    : `${name} = ${valueText(value)}`;
}
const SIGNS: Readonly<Record<string, string>> = {
  exact: '=',
  prefix: 'starts with',
  regex: '~',
  Exact: '=',
  PathPrefix: 'starts with',
  RegularExpression: '~',
};
const NOUNS: Readonly<Record<string, string>> = { uri: 'path', headers: 'header', queryParams: 'parameter', sourceLabels: 'source label' };

function blockWords(block: JsonObject): string {
  const conditions = fieldsOf(block).flatMap((name): readonly string[] => {
    const value = fieldOf(block, name);
    const noun = NOUNS[name] ?? name;
    if (name === 'headers' || name === 'queryParams' || name === 'sourceLabels') {
      if (isObject(value)) return fieldsOf(value).map((key) => conditionWords(`${noun} ${key}`, fieldOf(value, key)));
      if (Array.isArray(value))
        return objectsOf(value as readonly Json[]).map((entry) =>
          conditionWords(`${noun} ${textAt(entry, 'name') ?? ''}`, {
            type: textAt(entry, 'type') ?? 'Exact',
            value: textAt(entry, 'value') ?? '',
          }),
        );
    }
    return [conditionWords(noun, value)];
  });
  return conditions.length === 0 ? 'everything' : conditions.join(' and ');
}

/** When a rule takes a request: `path starts with /a and method = GET, or header end-user = jason`. */
export function whenWords(rule: JsonObject, where: Where): string {
  const blocks = objectsOf(listAt(rule, matchField(where)));
  return blocks.length === 0 ? 'everything' : blocks.map(blockWords).join(', or ');
}

/** What a rule does: `everything to v1 80, v2 20`. */
export function ruleWords(rule: JsonObject, where: Where, domain: string): string {
  const shares = sharesOf(rule, where, domain);
  const keys = shares.map(({ key }) => key);
  const what = ['redirect', 'directResponse', 'delegate'].find((name) => isObject(fieldOf(rule, name)));
  const targets = shares.map(({ key, weight }) => (shares.length === 1 ? nameOf(key, keys) : `${nameOf(key, keys)} ${weight}`)).join(', ');
  return `${whenWords(rule, where)} to ${what ?? (targets === '' ? 'nothing' : targets)}`;
}

/** Lines of what differs between two forms of a rule. */
export function ruleChanges(before: JsonObject, after: JsonObject, where: Where, domain: string): readonly string[] {
  const lines: string[] = [];
  const told = new Set<string>();
  const tell = (name: string, from: string, to: string): void => {
    told.add(name);
    if (from !== to) lines.push(`${TITLES[name] ?? name} ${from} → ${to}`);
  };
  const entries = entriesField(where);
  const weights = weightWords(before, after, where, domain);
  if (weights !== '') {
    lines.push(weights);
    // What else differs in the entries is told by its path.
    if (sameJson(withoutWeights(before, entries), withoutWeights(after, entries)) || addsOnly(before, after, entries)) told.add(entries);
  }
  const match = matchField(where);
  if (whenWords(before, where) !== whenWords(after, where)) tell(match, whenWords(before, where), whenWords(after, where));
  tell('timeout', durationWords(fieldOf(before, 'timeout')), durationWords(fieldOf(after, 'timeout')));
  if (faultWords(objectAt(before, 'fault')) !== faultWords(objectAt(after, 'fault')))
    tell('fault', faultWords(objectAt(before, 'fault')), faultWords(objectAt(after, 'fault')));
  return [...lines, ...fieldWords(before, after, '', (name) => !told.has(name))];
}
const TITLES: Readonly<Record<string, string>> = { match: 'when', matches: 'when' };

const withoutWeights = (rule: JsonObject, field: string): readonly Json[] =>
  objectsOf(listAt(rule, field)).map((entry): Json => Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'weight')));

/** Every entry that there was is still there, its weight aside. */
const addsOnly = (before: JsonObject, after: JsonObject, field: string): boolean => {
  const now = withoutWeights(after, field);
  return withoutWeights(before, field).every((entry) => now.some((other) => sameJson(entry, other)));
};
