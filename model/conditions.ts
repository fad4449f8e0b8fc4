// Conditions that controllers write into an object's status, of Istio and the Gateway API alike. In: JSON of the cluster. Out: Condition[], one word. Pure.
import type { Json, JsonObject } from './inventory';

export interface Condition {
  readonly key: string;
  readonly type: string;
  readonly status: string;
  /** Null: neither good nor bad is known of it. */
  readonly good: boolean | null;
  readonly reason: string;
  readonly message: string;
  /** The parent or listener that it is about; '' for the object. */
  readonly about: string;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: Json | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Conditions whose truth is bad news. */
const BAD_WHEN_TRUE = new Set(['Conflicted', 'Detached', 'OverlappingTLSConfig', 'PartiallyInvalid']);

function judge(type: string, status: string): boolean | null {
  if (status !== 'True' && status !== 'False') return null;
  return BAD_WHEN_TRUE.has(type) ? status === 'False' : status === 'True';
}

const readList = (value: Json | undefined, about: string): readonly Condition[] =>
  listOf(value).map((condition) => {
    const type = textOf(condition['type']);
    const status = textOf(condition['status']);
    return {
      key: `${about} ${type}`,
      type,
      status,
      good: judge(type, status),
      reason: textOf(condition['reason']),
      message: textOf(condition['message']),
      about,
    };
  });

/** Conditions of the object, of its listeners (Gateway) and of its parents (routes); bad ones first. */
export function readConditions(status: JsonObject | null): readonly Condition[] {
  if (status === null) return [];
  const all = [
    ...readList(status['conditions'], ''),
    ...listOf(status['listeners']).flatMap((listener) => readList(listener['conditions'], `Listener ${textOf(listener['name'])}`)),
    ...listOf(status['parents']).flatMap((parent) => {
      const to = isObject(parent['parentRef']) ? parent['parentRef'] : {};
      return readList(parent['conditions'], `Parent ${textOf(to['kind']) || 'Gateway'} ${textOf(to['name'])}`);
    }),
  ];
  return [...all].sort((a, b) => Number(a.good ?? true) - Number(b.good ?? true));
}

/** The state of an object in a word: the worst of its conditions; null where no controller wrote one. */
export function readState(status: JsonObject | null): { readonly word: string; readonly good: boolean | null } | null {
  const conditions = readConditions(status);
  const [first] = conditions;
  if (first === undefined) return null;
  if (first.good === false) return { word: first.reason === '' ? `${first.type}: ${first.status}` : first.reason, good: false };
  const main = conditions.find(({ type }) => type === 'Programmed') ?? conditions.find(({ type }) => type === 'Accepted') ?? first;
  return { word: main.good === true ? main.type : `${main.type}: ${main.status}`, good: main.good };
}
