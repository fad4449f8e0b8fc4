// One configuration object's JSON -> ManagedObject, and the JSON that an update sends back. In: unknown JSON. Out: ManagedObject, a body.
import type { Manifest } from '../../model/change';
import type { ConfigRef } from '../../model/edit';
import type { JsonObject } from '../../model/inventory';
import type { FieldManager, ManagedObject, OwnerReference } from '../ports';
import { decodeConfig } from './decode';
import { objectKindOf } from './served-kinds';

export type Raw = Readonly<Record<string, unknown>>;
export const isRaw = (x: unknown): x is Raw => typeof x === 'object' && x !== null && !Array.isArray(x);
const rawOf = (x: unknown): Raw => (isRaw(x) ? x : {});
const listOf = (x: unknown): readonly Raw[] => (Array.isArray(x) ? x.filter(isRaw) : []);
const textOf = (x: unknown): string => (typeof x === 'string' ? x : '');
const isJsonObject = (x: unknown): x is JsonObject => isRaw(x);

// kubectl's copy of what it applied last is of no use to a reader; it stays in the cluster as it is.
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function textsOf(x: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(rawOf(x)))
    if (typeof value === 'string' && key !== '__proto__' && key !== LAST_APPLIED) found[key] = value;
  return found;
}

const isEmpty = (x: object): boolean => Object.keys(x).length === 0;

/** The object; null where the JSON is none of this name. */
export function decodeManaged(body: unknown, ref: ConfigRef, cluster: string): ManagedObject | null {
  const raw = rawOf(body);
  const meta = rawOf(raw['metadata']);
  const decoded = decodeConfig(raw, cluster, objectKindOf(ref.kind), textOf(raw['apiVersion']));
  if (decoded?.name !== ref.name || decoded.namespace !== ref.namespace) return null;
  const annotations = textsOf(meta['annotations']);
  const { labels, apiVersion, spec, name, namespace } = decoded;
  return {
    ref,
    object: { ...decoded, annotations },
    manifest: {
      apiVersion,
      kind: objectKindOf(ref.kind),
      metadata: { name, namespace, ...(isEmpty(labels) ? {} : { labels }), ...(isEmpty(annotations) ? {} : { annotations }) },
      spec,
    },
    managedFields: listOf(meta['managedFields']).map(decodeManager),
    ownerReferences: listOf(meta['ownerReferences']).map(
      (owner): OwnerReference => ({
        apiVersion: textOf(owner['apiVersion']),
        kind: textOf(owner['kind']),
        name: textOf(owner['name']),
        controller: owner['controller'] === true,
      }),
    ),
  };
}

function decodeManager(entry: Raw): FieldManager {
  const time = Date.parse(textOf(entry['time']));
  const fields = entry['fieldsV1'];
  return {
    manager: textOf(entry['manager']),
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    subresource: textOf(entry['subresource']),
    timeMs: Number.isNaN(time) ? null : time,
    fields: isJsonObject(fields) ? fields : {},
  };
}

/** Labels or annotations with what differs between two manifests brought to them; others stay. */
function mergeTexts(current: unknown, before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Raw {
  const next: Record<string, unknown> = { ...rawOf(current) };
  for (const key of Object.keys(before)) if (!(key in after)) delete next[key];
  for (const [key, value] of Object.entries(after)) if (before[key] !== value) next[key] = value;
  return next;
}

/** The metadata with other labels or annotations; without the field where there are none. */
function withTexts(meta: Raw, field: string, texts: Raw): Raw {
  if (!isEmpty(texts)) return { ...meta, [field]: texts };
  return Object.fromEntries(Object.entries(meta).filter(([key]) => key !== field));
}

/** The object's own JSON with the change in it and nothing else touched: what an update sends. */
export function buildUpdate(raw: Raw, before: Manifest, after: Manifest): Raw {
  const meta = rawOf(raw['metadata']);
  const labels = mergeTexts(meta['labels'], before.metadata.labels ?? {}, after.metadata.labels ?? {});
  const annotations = mergeTexts(meta['annotations'], before.metadata.annotations ?? {}, after.metadata.annotations ?? {});
  return {
    ...raw,
    apiVersion: after.apiVersion,
    // Each in its place: whoever reads the object sees the order that it had.
    metadata: withTexts(withTexts(meta, 'labels', labels), 'annotations', annotations),
    spec: after.spec,
  };
}
