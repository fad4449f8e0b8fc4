// Rules that are switched off, kept in an annotation of their object. In: annotations. Out: DisabledRule; the manifest with others.
import type { Manifest } from '../../../model/change';
import type { RuleList } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { isObject } from './json-edit';
import { withAnnotation } from './manifest-of';

export const DISABLED_RULES = 'heddle.dev/disabled-rules';

export interface DisabledRule {
  readonly list: RuleList;
  /** Where it stood. */
  readonly index: number;
  readonly rule: JsonObject;
}

/** In the order of the annotation; null where the annotation cannot be read. */
export function readDisabledRules(annotations: Readonly<Record<string, string>> | undefined): readonly DisabledRule[] | null {
  const text = annotations?.[DISABLED_RULES];
  if (text === undefined) return [];
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  if (!Array.isArray(json)) return null;
  const found: DisabledRule[] = [];
  for (const entry of json as readonly Json[]) {
    if (!isObject(entry)) return null;
    const { list, index, rule } = entry;
    if ((list !== 'http' && list !== 'tls' && list !== 'tcp') || typeof index !== 'number' || !isObject(rule)) return null;
    if (!Number.isInteger(index) || index < 0) return null;
    found.push({ list, index, rule });
  }
  return found;
}

export const withDisabledRules = (manifest: Manifest, rules: readonly DisabledRule[]): Manifest =>
  withAnnotation(manifest, DISABLED_RULES, rules.length === 0 ? null : JSON.stringify(rules));
