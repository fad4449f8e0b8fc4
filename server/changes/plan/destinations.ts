// Destinations as VirtualServices and Gateway API routes write them. In: JSON of an entry, hosts. Out: which host it means; new entries.
import type { DestinationEdit } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { resolveHost } from '../../istio/names';
import type { Draft } from './draft';
import { splitServiceHost } from './host-owner';
import { isObject, numberAt, objectAt, textAt } from './json-edit';

/** What an entry of a rule sends to; the host in full. */
export interface DestinationKey {
  readonly host: string;
  readonly subset: string | null;
  readonly port: number | null;
}

/** Of `destination: {host, subset, port: {number}}`. */
export function readDestination(destination: JsonObject | null, namespace: string, domain: string): DestinationKey | null {
  const host = textAt(destination, 'host');
  if (host === null) return null;
  return {
    host: resolveHost(host, namespace, domain).toLowerCase(),
    subset: textAt(destination, 'subset') || null,
    port: numberAt(objectAt(destination, 'port'), 'number'),
  };
}

/** Of a backendRef: a Service, or Istio's `Hostname` for hosts that are none. */
export function readBackend(backend: JsonObject, namespace: string, domain: string): DestinationKey | null {
  const name = textAt(backend, 'name');
  if (name === null) return null;
  const kind = textAt(backend, 'kind') ?? 'Service';
  const port = numberAt(backend, 'port');
  if (kind === 'Hostname') return { host: name.toLowerCase(), subset: null, port };
  if (kind !== 'Service') return null;
  return { host: `${name}.${textAt(backend, 'namespace') ?? namespace}.svc.${domain}`.toLowerCase(), subset: null, port };
}

/** A destination as it is written anew. */
export const destinationText = (host: string, subset: string | null, port: number | null): JsonObject => ({
  host,
  ...(subset === null ? {} : { subset }),
  ...(port === null ? {} : { port: { number: port } }),
});

/** A backendRef as it is written anew; `like`: a neighbour that shows whether defaults are spelled out. */
export function backendText(
  draft: Draft,
  namespace: string,
  host: string,
  port: number | null,
  like: JsonObject | null = null,
): JsonObject {
  const split = splitServiceHost(host, draft.domain);
  const ported = port === null ? {} : { port };
  if (split === null) return { group: 'networking.istio.io', kind: 'Hostname', name: host, ...ported };
  return {
    ...(like !== null && textAt(like, 'group') === '' ? { group: '' } : {}),
    ...(like !== null && textAt(like, 'kind') === 'Service' ? { kind: 'Service' } : {}),
    name: split.name,
    ...(split.namespace === namespace ? {} : { namespace: split.namespace }),
    ...ported,
  };
}

/** The host in the style of its neighbours: as one of them writes it, short where they are short and it may be, else in full. */
export function hostLike(neighbours: readonly JsonObject[], host: string, namespace: string, domain: string): string {
  const written = neighbours.flatMap((neighbour) => textAt(neighbour, 'host') ?? []);
  const same = written.find((text) => resolveHost(text, namespace, domain).toLowerCase() === host.toLowerCase());
  if (same !== undefined) return same;
  const split = splitServiceHost(host, domain);
  return split?.namespace === namespace && written.some((text) => !text.includes('.')) ? split.name : host;
}

/** Place of the entry that an edit means: same host and subset, and the same port, or one that either leaves open. */
export function findEntry(
  entries: readonly (DestinationKey | null)[],
  { host, subset, port }: DestinationEdit,
  taken: ReadonlySet<number>,
): number {
  const same = entries.flatMap((entry, i) =>
    entry !== null && !taken.has(i) && entry.host === host.toLowerCase() && entry.subset === subset ? [i] : [],
  );
  return same.find((i) => entries[i]?.port === port) ?? same.find((i) => port === null || (entries[i]?.port ?? null) === null) ?? -1;
}

export const objectsOf = (list: readonly Json[]): readonly JsonObject[] => list.filter(isObject);
