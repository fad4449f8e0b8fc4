// Addresses of the pages on which configuration is edited, of a place in an object too, with the way back. In: refs, paths. Out: addresses. Pure.
import type { ConfigRef } from '../../model/edit';
import { buildEntityPath } from '../../model/entity';
import type { ConfigKind } from '../../model/inventory';

/** Stands for the missing namespace of an object of the whole cluster in an address. */
export const CLUSTER_SCOPE = '-';

/** Address of an object's page. */
export const configHref = ({ kind, namespace, name }: ConfigRef): string =>
  `/config/${[kind, namespace === '' ? CLUSTER_SCOPE : namespace, name].map(encodeURIComponent).join('/')}`;

/** Address of the object's page with the cursor at a field, `spec.http[0].match`; `back`: the page to go back to. */
export function configPlaceHref(ref: ConfigRef, path: string, back: string | null = null): string {
  const query = new URLSearchParams({ ...(path === '' ? {} : { at: path }), ...(back === null ? {} : { back }) }).toString();
  return query === '' ? configHref(ref) : `${configHref(ref)}?${query}`;
}

/** Address of a new object's page. */
export const newConfigHref = (kind: ConfigKind, namespace: string): string =>
  `/config/new?${new URLSearchParams({ kind, ...(namespace === '' ? {} : { in: namespace }) }).toString()}`;

/** Address of the routing of a service. */
export const routingHref = (namespace: string, name: string): string => buildEntityPath({ kind: 'service', namespace, name }, 'routing');

export interface BackLink {
  readonly href: string;
  readonly service: string;
}

/** Where an address says to go back to: the page of a service, and nothing else, since anybody can write an address. */
export function readBack(text: string): BackLink | null {
  const found = /^\/services\/[a-z0-9.-]{1,63}\/([a-z0-9.-]{1,253})(?:\?tab=(?:routing|configuration))?$/.exec(text);
  return found?.[1] === undefined ? null : { href: text, service: found[1] };
}
