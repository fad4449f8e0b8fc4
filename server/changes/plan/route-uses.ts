// Which hosts and subsets a route object sends to. In: Manifest of a route. Out: RouteUse of each destination and mirror.
import type { Manifest } from '../../../model/change';
import type { ConfigRef } from '../../../model/edit';
import type { JsonObject } from '../../../model/inventory';
import { type DestinationKey, objectsOf, readBackend, readDestination } from './destinations';
import { listAt, numberAt, objectAt } from './json-edit';

export interface RouteUse extends DestinationKey {
  /** It takes requests: alone in its rule, or its weight is not 0. */
  readonly live: boolean;
}

/** Destinations of every rule of a route object, mirrors included. */
export function usesOf(
  manifest: Manifest,
  { kind, namespace }: Pick<ConfigRef, 'kind' | 'namespace'>,
  domain: string,
): readonly RouteUse[] {
  const mesh = (destination: JsonObject | null, live: boolean): RouteUse[] => {
    const key = readDestination(destination, namespace, domain);
    return key === null ? [] : [{ ...key, live }];
  };
  if (kind !== 'VirtualService')
    return objectsOf(listAt(manifest.spec, 'rules')).flatMap((rule) =>
      objectsOf(listAt(rule, 'backendRefs')).flatMap((backend) => {
        const key = readBackend(backend, namespace, domain);
        return key === null ? [] : [{ ...key, live: (numberAt(backend, 'weight') ?? 1) > 0 }];
      }),
    );
  const rules = ['http', 'tls', 'tcp'].flatMap((list) => objectsOf(listAt(manifest.spec, list)));
  return rules.flatMap((rule) => {
    const entries = objectsOf(listAt(rule, 'route'));
    return [
      ...entries.flatMap((entry) => mesh(objectAt(entry, 'destination'), entries.length === 1 || (numberAt(entry, 'weight') ?? 0) > 0)),
      ...mesh(objectAt(rule, 'mirror'), true),
      ...objectsOf(listAt(rule, 'mirrors')).flatMap((mirror) => mesh(objectAt(mirror, 'destination'), true)),
    ];
  });
}
