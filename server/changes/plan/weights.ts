// Weights of a rule: existing entries get another weight and keep everything else; destinations that are not there yet are added.
// In: RulePlace, rule, DestinationEdits. Out: the rule, or why not. An entry that the intent does not name stays.
import type { DestinationEdit, Intent } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { backendText, destinationText, findEntry, hostLike, objectsOf, readBackend, readDestination } from './destinations';
import type { Draft } from './draft';
import { ownerOf } from './host-owner';
import { fieldOf, isObject, listAt, numberAt, objectAt, textAt, withField, withItem } from './json-edit';
import { isRefusal, Refusal } from './refusal';
import { editRule, type RulePlace } from './rule-place';
import { ensureSubset } from './subsets';

export const planWeights = (draft: Draft, intent: Extract<Intent, { type: 'weights' }>): Refusal | null =>
  editRule(draft, intent.rule, (rule, place) => {
    const action = actionInTheWay(rule, place);
    if (action !== null) return action;
    // The catch-all of a new object sends to the host as a whole; these destinations take its place.
    const entries = place.fresh ? [] : listAt(rule, entriesField(place));
    const written = withDestinations(place, entries, intent.destinations);
    return isRefusal(written) ? written : withField(rule, entriesField(place), written);
  });

const entriesField = ({ kind }: RulePlace): 'route' | 'backendRefs' => (kind === 'VirtualService' ? 'route' : 'backendRefs');

function actionInTheWay(rule: JsonObject, place: RulePlace): Refusal | null {
  const other = ['redirect', 'directResponse', 'delegate'].find((name) => isObject(fieldOf(rule, name)));
  if (place.kind === 'VirtualService' && other !== undefined)
    return new Refusal(
      `${place.path}.${other}`,
      `the rule has a ${other} and sends to no destination`,
      'Add another rule for the destinations.',
    );
  const redirects = listAt(rule, 'filters').some((filter) => isObject(filter) && textAt(filter, 'type') === 'RequestRedirect');
  return redirects
    ? new Refusal(`${place.path}.filters`, 'the rule redirects and sends to no destination', 'Add another rule for the destinations.')
    : null;
}

/** The entries of a route with the weights of the edits. */
export function withDestinations(place: RulePlace, entries: readonly Json[], edits: readonly DestinationEdit[]): readonly Json[] | Refusal {
  const { draft, kind, ref } = place;
  const mesh = kind === 'VirtualService';
  const keys = entries.map((entry) => {
    if (!isObject(entry)) return null;
    return mesh
      ? readDestination(objectAt(entry, 'destination'), ref.namespace, draft.domain)
      : readBackend(entry, ref.namespace, draft.domain);
  });
  const taken = new Set<number>();
  let written = entries;
  for (const edit of edits) {
    const at = findEntry(keys, edit, taken);
    const old = written[at];
    if (isObject(old)) {
      taken.add(at);
      written = withItem(written, at, withWeight(old, edit.weight, mesh ? 0 : 1));
      continue;
    }
    const entry = mesh ? newEntry(place, objectsOf(written), edit) : newBackend(place, objectsOf(written), edit);
    if (isRefusal(entry)) return entry;
    written = [...written, entry];
  }
  // A single destination takes everything whatever its weight: one that is not written need not be.
  const [only] = written;
  if (mesh && written.length === 1 && isObject(only) && fieldOf(isObject(entries[0]) ? entries[0] : null, 'weight') === undefined)
    return [withField(only, 'weight', undefined)];
  return written;
}

/** A weight that is not written is 0 in a VirtualService with several destinations, 1 in the Gateway API. */
const withWeight = (entry: JsonObject, weight: number, unwritten: number): JsonObject =>
  (numberAt(entry, 'weight') ?? unwritten) === weight && fieldOf(entry, 'weight') !== null ? entry : withField(entry, 'weight', weight);

function newEntry(place: RulePlace, neighbours: readonly JsonObject[], edit: DestinationEdit): JsonObject {
  const { draft, ref } = place;
  const { subset, weight } = edit;
  const host = edit.host.toLowerCase();
  const destinations = neighbours.map((entry) => objectAt(entry, 'destination')).filter(isObject);
  const twin = destinations.find((destination) => readDestination(destination, ref.namespace, draft.domain)?.host === host);
  const port = edit.port ?? numberAt(objectAt(twin ?? null, 'port'), 'number');
  if (subset !== null) ensureSubset(draft, host, ref.namespace, subset);
  return { destination: destinationText(hostLike(destinations, host, ref.namespace, draft.domain), subset, port), weight };
}

/** The port that the route is for, where its parentRef says one. */
const parentPortOf = ({ manifest }: RulePlace): number | null =>
  listAt(manifest.spec, 'parentRefs').flatMap((parent) => (isObject(parent) ? (numberAt(parent, 'port') ?? []) : []))[0] ?? null;

function newBackend(place: RulePlace, neighbours: readonly JsonObject[], edit: DestinationEdit): JsonObject | Refusal {
  const { draft, ref, kind, path } = place;
  const host = edit.host.toLowerCase();
  if (edit.subset !== null)
    return new Refusal(
      `${path}.backendRefs`,
      `${kind} ${ref.namespace}/${ref.name} cannot send to the subset ${edit.subset} of ${host}: the Gateway API knows no subsets`,
      'Send to a Service of that version alone, or use a VirtualService for the host.',
    );
  const ports = ownerOf(draft, host)?.ports ?? [];
  const beside = neighbours.flatMap((entry) => numberAt(entry, 'port') ?? [])[0] ?? (host === place.host ? parentPortOf(place) : null);
  const port = edit.port ?? (ports.length === 1 ? ports[0] : beside) ?? null;
  if (port === null)
    return new Refusal(`${path}.backendRefs`, `a backend of ${host} needs a port, and ${host} has not exactly one`, 'Name the port.');
  return { ...backendText(draft, ref.namespace, host, port, neighbours[0] ?? null), weight: edit.weight };
}
