// Every place of a VirtualService that names a destination, with its path as written. In: ConfigObject, the mesh's domain. Out: DestinationPlace[].
import type { RuleList } from '../../model/edit';
import type { ConfigObject } from '../../model/inventory';
import { resolveHost } from '../istio/names';
import { Fields } from '../istio/read/fields';
import { memoByListed } from './object-memo';

export interface DestinationPlace {
  /** `spec.http[0].route[1].destination`, `spec.http[0].mirror`. */
  readonly path: string;
  readonly list: RuleList;
  /** Index of the rule in its list. */
  readonly rule: number;
  readonly role: 'route' | 'mirror';
  /** Index among the destinations of the rule; -1 for mirrors. */
  readonly position: number;
  /** As written. */
  readonly written: string;
  /** Resolved and lower case. */
  readonly host: string;
  readonly subset: string | null;
  readonly port: number | null;
  /** As written; null where absent. */
  readonly weight: number | null;
  /** Some requests go there: the only destination, or one with a weight. */
  readonly taken: boolean;
}

const places = memoByListed(({ object }, mesh: { readonly domain: string }) => readPlaces(object, mesh.domain));

/** Destinations of a VirtualService in written order; those without a host are left out (the schema speaks of them). */
export const placesOf = (object: ConfigObject, mesh: { readonly domain: string }): readonly DestinationPlace[] =>
  places({ kind: 'VirtualService', object }, mesh);

const LISTS: readonly RuleList[] = ['http', 'tls', 'tcp'];

function readPlaces(object: ConfigObject, domain: string): readonly DestinationPlace[] {
  const spec = Fields.ofSpec(object);
  const places: DestinationPlace[] = [];
  const add = (destination: Fields | null, place: Pick<DestinationPlace, 'list' | 'rule' | 'role' | 'position' | 'weight' | 'taken'>) => {
    const written = destination?.text('host') ?? '';
    if (destination === null || written === '') return;
    places.push({
      ...place,
      path: destination.path,
      written,
      host: resolveHost(written, object.namespace, domain).toLowerCase(),
      subset: destination.text('subset') || null,
      port: destination.object('port')?.number('number') ?? null,
    });
  };
  for (const list of LISTS)
    spec.objects(list).forEach((fields, rule) => {
      const routes = fields.objects('route');
      routes.forEach((route, position) => {
        const weight = route.number('weight');
        const taken = routes.length === 1 || (weight ?? 0) > 0;
        add(route.object('destination'), { list, rule, role: 'route', position, weight, taken });
      });
      if (list !== 'http') return;
      const mirror = { list, rule, role: 'mirror', position: -1, weight: null, taken: false } as const;
      if (fields.has('mirror')) add(fields.object('mirror'), mirror);
      for (const entry of fields.objects('mirrors')) add(entry.object('destination'), mirror);
    });
  return places;
}

export interface TextPlace {
  readonly text: string;
  readonly path: string;
}

/** The texts of a list with their places. */
export function textPlaces(fields: Fields, name: string): readonly TextPlace[] {
  const list = fields.value[name];
  if (!Array.isArray(list)) return [];
  return list.flatMap((text: unknown, i) => (typeof text === 'string' ? [{ text, path: `${fields.path}.${name}[${i}]` }] : []));
}
