// One-click fixes as edits: intents on a rule, or the whole object written anew. In: objects, rules, changes. Out: FindingFix.
import { stringify } from 'yaml';
import type { ConfigRef, DestinationEdit, Edit, RuleList, RuleRef } from '../../model/edit';
import type { FindingFix } from '../../model/finding';
import type { ConfigKind, ConfigObject, Json, JsonObject } from '../../model/inventory';
import { resolveHost } from '../istio/names';
import { Fields } from '../istio/read/fields';
import type { Subject } from './rule';

export const refOf = ({ kind, object }: { readonly kind: ConfigKind; readonly object: ConfigObject }): ConfigRef => ({
  kind,
  namespace: object.namespace,
  name: object.name,
});

/** The rule at a place of a route object, for its first host. */
export function ruleAt(subject: Subject, list: RuleList, rule: number): RuleRef {
  const { object, index } = subject;
  const spec = Fields.ofSpec(object);
  const [host = ''] = object.kind === 'VirtualService' ? spec.texts('hosts') : spec.texts('hostnames');
  return { object: refOf(subject), list, index: rule, host: resolveHost(host, object.namespace, index.domain).toLowerCase() };
}

/** The destinations of a VirtualService's rule as an edit writes them; null where one of them cannot be said so. */
export function destinationsAt({ object }: Subject, list: RuleList, rule: number): readonly DestinationEdit[] | null {
  const routes = Fields.ofSpec(object).objects(list)[rule]?.objects('route') ?? [];
  const edits = routes.map((route): DestinationEdit | null => {
    const destination = route.object('destination');
    const host = destination?.text('host') ?? null;
    if (destination === null || host === null) return null;
    const weight = Math.max(0, Math.round(route.number('weight') ?? 0));
    return { host, subset: destination.text('subset') || null, port: destination.object('port')?.number('number') ?? null, weight };
  });
  return edits.every((edit) => edit !== null) ? edits : null;
}

export const fix = (title: string, ...edits: readonly Edit[]): FindingFix => ({ title, edits });

/** Writes the object anew with a value put at a path of its spec (`spec.http[0].route`); undefined takes the field away. */
export function writeAt(subject: Subject, title: string, path: string, value: Json | undefined): FindingFix {
  return writeSpec(subject, title, (spec) => setAt(spec, stepsOf(path), value));
}

/** Writes the object anew with another spec. */
export function writeSpec(subject: Subject, title: string, change: (spec: JsonObject) => JsonObject): FindingFix {
  const { object } = subject;
  const { labels, annotations } = object;
  const manifest = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name: object.name,
      namespace: object.namespace,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: change(object.spec),
  };
  const yaml = stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 });
  return fix(title, { type: 'yaml', ref: refOf(subject), yaml, resourceVersion: object.resourceVersion });
}

type Step = string | number;

/** Steps below `spec`. */
const stepsOf = (path: string): readonly Step[] =>
  [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)].map(([, name, position]) => name ?? Number(position));

function setAt(value: JsonObject, steps: readonly Step[], wanted: Json | undefined): JsonObject {
  const [name, ...rest] = steps;
  if (typeof name !== 'string') return value;
  const next: Record<string, Json | undefined> = { ...value };
  const changed = rest.length === 0 ? wanted : change(value[name], rest, wanted);
  if (changed === undefined) delete next[name];
  else next[name] = changed;
  return next;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);

function change(value: Json | undefined, steps: readonly Step[], wanted: Json | undefined): Json | undefined {
  const [step, ...rest] = steps;
  if (typeof step !== 'number') return isObject(value) ? setAt(value, steps, wanted) : value;
  if (!isList(value)) return value;
  return value.flatMap((entry, i) => {
    if (i !== step) return [entry];
    const changed = rest.length === 0 ? wanted : change(entry, rest, wanted);
    return changed === undefined ? [] : [changed];
  });
}
