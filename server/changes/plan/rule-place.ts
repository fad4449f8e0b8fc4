// Finding the rule that an intent means, and making the route object where there is none yet.
// In: Draft, RuleRef, a change of one rule. Out: the object written back into the draft, or why not.
import type { Manifest } from '../../../model/change';
import type { ConfigRef, RuleList, RuleRef } from '../../../model/edit';
import { refText } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { backendText, destinationText } from './destinations';
import type { Draft } from './draft';
import { type HostOwner, ownerOf } from './host-owner';
import { isObject, listAt, numberAt, textAt, withField, withItem } from './json-edit';
import { newManifest, withSpec } from './manifest-of';
import { isRefusal, Refusal } from './refusal';

export const ROUTE_KINDS = ['VirtualService', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const;
export type RouteKind = (typeof ROUTE_KINDS)[number];

/** One rule of a route object, and what stands around it. */
export interface RulePlace {
  readonly draft: Draft;
  readonly ref: ConfigRef;
  readonly kind: RouteKind;
  readonly manifest: Manifest;
  /** Which kind of traffic the rule is for. */
  readonly list: RuleList;
  /** `http`, `tls`, `tcp` of a VirtualService; `rules` of a Gateway API route. */
  readonly field: 'http' | 'tls' | 'tcp' | 'rules';
  readonly index: number;
  /** `spec.http[0]` */
  readonly path: string;
  readonly host: string;
  /** The object is made by this edit; its rule is a catch-all to the host. */
  readonly fresh: boolean;
}

const KIND_LISTS: Readonly<Record<Exclude<RouteKind, 'VirtualService'>, RuleList>> = {
  HTTPRoute: 'http',
  GRPCRoute: 'http',
  TCPRoute: 'tcp',
  TLSRoute: 'tls',
};

export const isRouteKind = (kind: string): kind is RouteKind => ROUTE_KINDS.some((known) => known === kind);

export const fieldOfRules = (kind: RouteKind, list: RuleList): RulePlace['field'] => (kind === 'VirtualService' ? list : 'rules');

export const rulesAt = (place: Pick<RulePlace, 'manifest' | 'field'>): readonly Json[] => listAt(place.manifest.spec, place.field);

/** The manifest with another list of rules; an empty list is left out. */
export const withRules = (place: Pick<RulePlace, 'manifest' | 'field'>, rules: readonly Json[]): Manifest =>
  withSpec(place.manifest, withField(place.manifest.spec, place.field, rules.length === 0 ? undefined : rules));

/** The place that a reference names; the index may be one past the last rule. The object is made (not yet written) where there is none. */
export function findPlace(draft: Draft, rule: RuleRef): RulePlace | Refusal {
  const known = rule.object === null ? routeOfHost(draft, rule) : readRoute(draft, rule.object);
  if (isRefusal(known)) return known;
  const made = known === null ? newRoute(draft, rule) : null;
  if (isRefusal(made)) return made;
  const found = known ?? made;
  const kind = found?.ref.kind ?? '';
  if (found === null || !isRouteKind(kind))
    return new Refusal('', `${kind} is no route`, 'Name a VirtualService or a route of the Gateway API.');
  const list = kind === 'VirtualService' ? rule.list : KIND_LISTS[kind];
  const field = fieldOfRules(kind, list);
  const { index, host } = rule;
  return { draft, ...found, kind, list, field, index, path: `spec.${field}[${index}]`, host, fresh: made !== null };
}

interface Route {
  readonly ref: ConfigRef;
  readonly manifest: Manifest;
}

function readRoute(draft: Draft, ref: ConfigRef): Route | Refusal {
  const manifest = draft.read(ref);
  return manifest === null
    ? new Refusal('', `${refText(ref)} is not there any more`, 'Look at the rules as they are now, and make the change again.')
    : { ref, manifest };
}

/** The route object of a host in its own namespace: made by an earlier edit, or by somebody since the editor looked. */
function routeOfHost(draft: Draft, rule: RuleRef): Route | null {
  const owner = ownerOf(draft, rule.host);
  if (owner === null) return null;
  if (rule.as === 'HTTPRoute') {
    const ref: ConfigRef = { kind: 'HTTPRoute', namespace: owner.namespace, name: apiRouteName(owner, rule) };
    const manifest = draft.read(ref);
    return manifest !== null && isParentService(manifest, owner.name, parentPort(owner, rule)) ? { ref, manifest } : null;
  }
  const bound = (manifest: Manifest): boolean => {
    const gateways = listAt(manifest.spec, 'gateways');
    return gateways.length === 0 || gateways.includes('mesh');
  };
  return (
    draft.ofHost('VirtualService', rule.host).find(({ ref, manifest }) => ref.namespace === owner.namespace && bound(manifest)) ?? null
  );
}

/** The port that a route to be made is for; null: the service has only one, which need not be said. */
const parentPort = ({ ports }: HostOwner, rule: RuleRef): number | null => (ports.length === 1 ? null : (rule.port ?? null));

const apiRouteName = (owner: HostOwner, rule: RuleRef): string => {
  const port = parentPort(owner, rule);
  return port === null ? owner.name : `${owner.name}-${port}`;
};

const isParentService = (manifest: Manifest, name: string, port: number | null): boolean =>
  listAt(manifest.spec, 'parentRefs').some(
    (parent) =>
      isObject(parent) && textAt(parent, 'kind') === 'Service' && textAt(parent, 'name') === name && numberAt(parent, 'port') === port,
  );

function newRoute(draft: Draft, rule: RuleRef): Route | Refusal {
  const owner = ownerOf(draft, rule.host);
  if (owner === null)
    return new Refusal(
      '',
      `no service of the mesh has the host ${rule.host}`,
      'Name a service, or make a ServiceEntry for the host first.',
    );
  if (rule.as === 'HTTPRoute') {
    if (owner.service === null)
      return new Refusal(
        '',
        `${rule.host} is no Kubernetes service, to which alone an HTTPRoute can be bound`,
        'Make a VirtualService for it.',
      );
    const port = parentPort(owner, rule);
    if (owner.ports.length !== 1 && (port === null || !owner.ports.includes(port)))
      return new Refusal(
        '',
        port === null
          ? `${rule.host} has ${owner.ports.length} ports, and an HTTPRoute is for one of them`
          : `${rule.host} has no port ${port}, only ${owner.ports.join(', ')}`,
        'Choose the port that the route is for, or make a VirtualService.',
      );
    if (rule.list !== 'http') return new Refusal('', `an HTTPRoute has no ${rule.list} rules`, 'Make a VirtualService for them.');
    const ref: ConfigRef = {
      kind: 'HTTPRoute',
      namespace: owner.namespace,
      name: draft.freeName('HTTPRoute', owner.namespace, apiRouteName(owner, rule)),
    };
    const parent = { group: '', kind: 'Service', name: owner.name, ...(port === null ? {} : { port }) };
    const backend = backendText(draft, ref.namespace, rule.host, port ?? owner.ports[0] ?? null);
    const spec = { parentRefs: [parent], rules: [{ backendRefs: [backend] }] };
    return { ref, manifest: newManifest(draft.inventory, ref, spec) };
  }
  const ref: ConfigRef = {
    kind: 'VirtualService',
    namespace: owner.namespace,
    name: draft.freeName('VirtualService', owner.namespace, owner.name),
  };
  const spec = { hosts: [rule.host], [rule.list]: [defaultRule(rule.list, rule.host)] };
  return { ref, manifest: newManifest(draft.inventory, ref, spec) };
}

/** What happens without any rule: all requests to the host itself. */
function defaultRule(list: RuleList, host: string): JsonObject {
  const route = { route: [{ destination: destinationText(host, null, null) }] };
  // A tls rule must say which names it is for.
  return list === 'tls' ? { match: [{ sniHosts: [host] }], ...route } : route;
}

/** Changes one rule. A new object whose only rule is no catch-all any more gets one behind it, so that nothing else is cut. */
export function editRule(draft: Draft, ref: RuleRef, change: (rule: JsonObject, place: RulePlace) => JsonObject | Refusal): Refusal | null {
  const place = findPlace(draft, ref);
  if (isRefusal(place)) return place;
  const rules = rulesAt(place);
  const rule = rules[place.index];
  if (!isObject(rule)) return missingRule(place);
  const changed = change(rule, place);
  if (isRefusal(changed)) return changed;
  const edited = withItem<Json>(rules, place.index, changed);
  const rest = place.fresh && isConditional(place.kind, changed) ? [rule] : [];
  // An edit that changes nothing makes no object either.
  if (changed !== rule) draft.write(place.ref, withRules(place, [...edited, ...rest]));
  return null;
}

export const missingRule = (place: RulePlace): Refusal =>
  new Refusal(
    place.path,
    `${refText(place.ref)} has no rule ${place.index + 1} under spec.${place.field}`,
    'Look at the rules as they are now, and make the change again.',
  );

/** True where a rule does not take everything. */
export const isConditional = (kind: RouteKind, rule: JsonObject): boolean => {
  const blocks = listAt(rule, kind === 'VirtualService' ? 'match' : 'matches');
  return (
    blocks.length > 0 &&
    !blocks.some((block) => isObject(block) && Object.keys(block).every((name) => name === 'sniHosts' || name === 'name'))
  );
};
