// Outline check of edits that come back from this browser's storage or from the server (fixes). In: parsed JSON. Out: whether it is an Edit. Pure.
import type { Edit } from '../../model/edit';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

/** Kind, namespace and name. */
export const isConfigRef = (value: unknown): boolean =>
  isRecord(value) && isText(value['kind']) && isText(value['namespace']) && isText(value['name']);

/** Where a rule stands. */
export const isRuleRef = (value: unknown): boolean =>
  isRecord(value) &&
  (value['object'] === null || isConfigRef(value['object'])) &&
  isText(value['list']) &&
  typeof value['index'] === 'number' &&
  isText(value['host']);

const isRuled = (value: Readonly<Record<string, unknown>>): boolean => isRuleRef(value['rule']);
const CHECKS: Readonly<Record<Edit['type'], (value: Readonly<Record<string, unknown>>) => boolean>> = {
  weights: (edit) => isRuled(edit) && Array.isArray(edit['destinations']),
  match: (edit) => isRuled(edit) && Array.isArray(edit['matches']),
  fault: isRuled,
  timeout: isRuled,
  retries: isRuled,
  mirror: isRuled,
  rewrite: isRuled,
  headers: isRuled,
  cors: isRuled,
  addRule: (edit) => isRuled(edit) && Array.isArray(edit['matches']) && isRecord(edit['action']),
  moveRule: (edit) => isRuled(edit) && typeof edit['to'] === 'number',
  removeRule: isRuled,
  disableRule: isRuled,
  enableRule: (edit) => isConfigRef(edit['object']) && typeof edit['position'] === 'number',
  trafficPolicy: (edit) => isText(edit['host']) && isText(edit['namespace']) && isRecord(edit['policy']),
  subsets: (edit) => isText(edit['host']) && isText(edit['namespace']) && Array.isArray(edit['subsets']),
  expose: (edit) => isText(edit['host']) && isConfigRef(edit['gateway']) && Array.isArray(edit['hostnames']),
  yaml: (edit) => (edit['ref'] === null || isConfigRef(edit['ref'])) && isText(edit['yaml']) && isTextOrNull(edit['resourceVersion']),
  delete: (edit) => isConfigRef(edit['ref']),
};

/** Whether the outline is that of an edit; what is in its parts is the server's to judge. */
export function isEdit(value: unknown): value is Edit {
  if (!isRecord(value)) return false;
  const { type } = value;
  const check = Object.entries(CHECKS).find(([name]) => name === type)?.[1];
  return check?.(value) ?? false;
}
