// Match conditions of a rule. In: rule, MatchEdits. Out: the rule, or why not. VirtualService: blocks under `match`; here also which kind of
// route writes them how.
import type { MatchEdit } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { resolveGatewayName } from '../../istio/names';
import { objectsOf } from './destinations';
import { fieldOf, inOrderOf, listAt, objectAt, textsAt, withField, withPart } from './json-edit';
import { isCatchAll, type LayMatch, layMatches } from './match-blocks';
import { isRefusal, Refusal } from './refusal';
import { layGrpcMatch, layHttpMatch } from './route-matches';
import type { RulePlace } from './rule-place';
import { namedMatchesLike, stringMatchLike } from './text-conditions';

export function withMatches(rule: JsonObject, place: RulePlace, edits: readonly MatchEdit[]): JsonObject | Refusal {
  if (place.kind === 'TCPRoute' || place.kind === 'TLSRoute')
    return edits.every(isCatchAll)
      ? rule
      : new Refusal(
          place.path,
          `the rules of a ${place.kind} have no match conditions`,
          place.kind === 'TLSRoute' ? 'Change its hostnames as YAML, or use a VirtualService.' : 'Use a VirtualService with tcp rules.',
        );
  const field = place.kind === 'VirtualService' ? 'match' : 'matches';
  const blocks = objectsOf(listAt(rule, field));
  // Every rule of `tls` must name its hosts: without other conditions the block of the names stays.
  const wanted = edits.length === 0 && place.list === 'tls' ? [{}] : edits;
  if (blocks.length === 0 && wanted.every(isCatchAll) && place.list !== 'tls') return rule;
  const laid = layMatches(blocks, wanted, layerOf(place, blocks));
  return isRefusal(laid) ? laid : withPart(rule, field, laid);
}

function layerOf(place: RulePlace, blocks: readonly JsonObject[]): LayMatch {
  if (place.kind === 'HTTPRoute') return (block, edit) => layHttpMatch(block, edit, place);
  if (place.kind === 'GRPCRoute') return (block, edit) => layGrpcMatch(block, edit, place);
  if (place.list === 'http') return (block, edit) => laySource(layRequest(block, edit), edit, place);
  return (block, edit) => layStream(block, edit, place, blocks[0] ?? null);
}

/** Conditions on the request. Fields that an edit does not know (withoutHeaders, scheme, authority, name ...) stay. */
function layRequest(block: JsonObject, { path, method, headers = [], queryParams = [] }: MatchEdit): JsonObject {
  const uri = path === undefined || path.type === 'present' ? undefined : stringMatchLike(fieldOf(block, 'uri'), path);
  const pathed = withField(block, 'uri', uri);
  const verb = method === undefined ? undefined : stringMatchLike(fieldOf(block, 'method'), { type: 'exact', value: method });
  const named = withPart(withField(pathed, 'method', verb), 'headers', namedMatchesLike(objectAt(block, 'headers'), headers, true));
  return withPart(named, 'queryParams', namedMatchesLike(objectAt(block, 'queryParams'), queryParams, false));
}

/** Conditions on who asks and where. */
function laySource(
  block: JsonObject,
  { sourceLabels = {}, sourceNamespace, port, gateways = [] }: MatchEdit,
  place: RulePlace,
): JsonObject {
  const labelled = withPart(block, 'sourceLabels', inOrderOf(fieldOf(block, 'sourceLabels'), sourceLabels) as JsonObject);
  const placed = withField(withField(labelled, 'sourceNamespace', sourceNamespace), 'port', port);
  const written = textsAt(block, 'gateways');
  const inFull = (name: string): string => resolveGatewayName(name, place.ref.namespace);
  // A gateway that is written in another form stays in that form.
  const names: readonly Json[] = gateways.map((name) => written.find((text) => inFull(text) === inFull(name)) ?? name);
  return withPart(placed, 'gateways', names);
}

/** Connections have no path, method, headers or parameters; those of TLS must name hosts. */
function layStream(block: JsonObject, edit: MatchEdit, place: RulePlace, first: JsonObject | null): JsonObject | Refusal {
  const { path, method, headers, queryParams } = edit;
  if (path !== undefined || method !== undefined || (headers?.length ?? 0) > 0 || (queryParams?.length ?? 0) > 0)
    return new Refusal(
      `${place.path}.match`,
      `a ${place.list} rule cannot match on the path, method, headers or parameters of a request`,
      'Match on the source, the port or the gateway, or add an http rule.',
    );
  const named = place.list !== 'tls' || listAt(block, 'sniHosts').length > 0;
  const hosts = textsAt(first, 'sniHosts');
  const based = named ? block : withField(block, 'sniHosts', hosts.length > 0 ? hosts : [place.host]);
  return laySource(based, edit, place);
}
