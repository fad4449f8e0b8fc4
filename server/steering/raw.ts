// Reading specs as they are written, without trusting their shape. In: Json. Out: typed pieces, absence as empty or null; pointers to refs.
import type { ConfigRef } from '../../model/edit';
import type { ConfigKind, ConfigObject, Inventory, Json, JsonObject } from '../../model/inventory';
import type { ConfigPointer } from '../../model/routing';

const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

export const readObject = (json: Json | undefined): JsonObject | null =>
  typeof json === 'object' && json !== null && !isList(json) ? json : null;

/** The objects of a list; other entries become empty objects, so that positions stay. */
export const readObjects = (json: Json | undefined): readonly JsonObject[] =>
  isList(json) ? json.map((entry) => readObject(entry) ?? {}) : [];

export const readTexts = (json: Json | undefined): readonly string[] =>
  isList(json) ? json.filter((entry): entry is string => typeof entry === 'string') : [];

export const readText = (json: Json | undefined): string | null => (typeof json === 'string' && json !== '' ? json : null);

export const readNumber = (json: Json | undefined): number | null => (typeof json === 'number' && Number.isFinite(json) ? json : null);

/** The texts of a map. */
export const readMap = (json: Json | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(readObject(json) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const GATEWAY_GROUP = 'gateway.networking.k8s.io/';

/** Kind under which the inventory files an object. */
export const configKindOf = ({ kind, apiVersion }: Pick<ConfigObject, 'kind' | 'apiVersion'>): ConfigKind =>
  // The objects of the inventory are of the kinds that it watches; only Gateway has two groups.
  (kind === 'Gateway' && apiVersion.startsWith(GATEWAY_GROUP) ? 'K8sGateway' : kind) as ConfigKind;

export const refOf = (object: ConfigObject): ConfigRef => ({ kind: configKindOf(object), namespace: object.namespace, name: object.name });

export const sameRef = (a: ConfigRef, b: ConfigRef): boolean => a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

/** The object of a reference, null where there is none. */
export const findObject = (inventory: Inventory, ref: ConfigRef): ConfigObject | null =>
  (inventory.config.get(ref.kind) ?? []).find((object) => object.namespace === ref.namespace && object.name === ref.name) ?? null;

/** `VirtualService bookinfo/reviews`. */
export const describePointer = ({ kind, namespace, name }: Pick<ConfigPointer, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace}/${name}`;

/** `rule 2` of `spec.http[1].match[0]`; "" where the path names no rule. */
export function describeRule(path: string): string {
  const found = /^spec\.(?:http|tcp|tls|rules)\[(\d+)\]/.exec(path);
  return found === null ? '' : `rule ${Number(found[1]) + 1}`;
}

/** `80 %`, `33.3 %`. */
export const percentText = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

/** `2 s`, `250 ms`. */
export const durationText = (milliseconds: number): string =>
  milliseconds >= 1000 && milliseconds % 100 === 0 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
