// Mirroring of a rule. In: rule, the mirror or null. Out: the rule, or why not.
import type { Intent } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { backendText, destinationText, hostLike, objectsOf, readBackend, readDestination } from './destinations';
import { ownerOf } from './host-owner';
import { inOrderOf, isObject, listAt, numberAt, objectAt, withField, withItem } from './json-edit';
import { Refusal } from './refusal';
import { countFilters, filterOf, withFilter } from './route-filters';
import type { RulePlace } from './rule-place';
import { cannot, isMeshHttp } from './rule-support';
import { ensureSubset } from './subsets';

export type MirrorEdit = NonNullable<Extract<Intent, { type: 'mirror' }>['mirror']>;

export function withMirror(rule: JsonObject, place: RulePlace, mirror: MirrorEdit | null): JsonObject | Refusal {
  if (place.kind === 'HTTPRoute' || place.kind === 'GRPCRoute') return withApiMirror(rule, place, mirror);
  if (!isMeshHttp(place)) return mirror === null ? rule : cannot(place, 'mirror');
  const several = listAt(rule, 'mirrors');
  if (mirror === null)
    return ['mirror', 'mirrorPercentage', 'mirrorPercent', 'mirrors'].reduce((so, name) => withField(so, name, undefined), rule);
  if (mirror.subset !== null) ensureSubset(place.draft, mirror.host.toLowerCase(), place.ref.namespace, mirror.subset);
  return several.length > 0 ? withMirrors(rule, place, several, mirror) : withOneMirror(rule, place, mirror);
}

/** The destination of a mirror: as it is where it already says so, else in the style of the rule. */
function destinationOf(old: JsonObject | null, rule: JsonObject, place: RulePlace, mirror: MirrorEdit): JsonObject {
  const { namespace } = place.ref;
  const { domain } = place.draft;
  const host = mirror.host.toLowerCase();
  const known = readDestination(old, namespace, domain);
  if (old !== null && known?.host === host && known.subset === mirror.subset && known.port === mirror.port) return old;
  const neighbours = objectsOf(listAt(rule, 'route')).map((entry) => objectAt(entry, 'destination'));
  const text = destinationText(hostLike([old, ...neighbours].filter(isObject), host, namespace, domain), mirror.subset, mirror.port);
  const others = old === null ? {} : Object.fromEntries(Object.entries(old).filter(([name]) => !['host', 'subset', 'port'].includes(name)));
  return old === null ? text : (inOrderOf(old, { ...text, ...others }) as JsonObject);
}

/** Without a percentage everything is mirrored. */
function withPercent(holder: JsonObject, name: string, oldName: string | null, percent: number): JsonObject {
  const written = objectAt(holder, name);
  const now = written === null ? ((oldName === null ? null : numberAt(holder, oldName)) ?? 100) : (numberAt(written, 'value') ?? 0);
  if (now === percent) return holder;
  const clean = oldName === null ? holder : withField(holder, oldName, undefined);
  return withField(clean, name, withField(written ?? {}, 'value', percent));
}

function withOneMirror(rule: JsonObject, place: RulePlace, mirror: MirrorEdit): JsonObject {
  const mirrored = withField(rule, 'mirror', destinationOf(objectAt(rule, 'mirror'), rule, place, mirror));
  return withPercent(mirrored, 'mirrorPercentage', 'mirrorPercent', mirror.percent);
}

function withMirrors(rule: JsonObject, place: RulePlace, mirrors: readonly Json[], mirror: MirrorEdit): JsonObject | Refusal {
  const wanted = mirror.host.toLowerCase();
  const isWanted = (entry: Json): boolean => {
    const key = isObject(entry) ? readDestination(objectAt(entry, 'destination'), place.ref.namespace, place.draft.domain) : null;
    return key?.host === wanted && key.subset === mirror.subset;
  };
  const at = mirrors.length === 1 ? 0 : mirrors.findIndex(isWanted);
  const old = mirrors[at];
  if (!isObject(old))
    return new Refusal(
      `${place.path}.mirrors`,
      `the rule mirrors to ${mirrors.length} destinations, and ${mirror.host} is none of them`,
      'Write the mirrors of the rule as YAML.',
    );
  const moved = withField(old, 'destination', destinationOf(objectAt(old, 'destination'), rule, place, mirror));
  return withField(rule, 'mirrors', withItem<Json>(mirrors, at, withPercent(moved, 'percentage', null, mirror.percent)));
}

function withApiMirror(rule: JsonObject, place: RulePlace, mirror: MirrorEdit | null): JsonObject | Refusal {
  const at = `${place.path}.filters`;
  if (mirror === null) return withFilter(rule, 'RequestMirror', null);
  if (mirror.subset !== null)
    return new Refusal(at, `a ${place.kind} cannot mirror to the subset ${mirror.subset}`, 'Mirror to a Service of that version alone.');
  if (countFilters(rule, 'RequestMirror') > 1)
    return new Refusal(at, 'the rule mirrors to several destinations', 'Write the filters of the rule as YAML.');
  const old = filterOf(rule, 'RequestMirror') ?? {};
  const host = mirror.host.toLowerCase();
  const oldBackend = objectAt(old, 'backendRef');
  const known = oldBackend === null ? null : readBackend(oldBackend, place.ref.namespace, place.draft.domain);
  const ports = ownerOf(place.draft, host)?.ports ?? [];
  const port = mirror.port ?? (known?.host === host ? known.port : null) ?? (ports.length === 1 ? (ports[0] ?? null) : null);
  if (port === null) return new Refusal(at, `a mirror to ${host} needs a port, and ${host} has not exactly one`, 'Name the port.');
  const same = oldBackend !== null && known?.host === host && known.port === port;
  const backend = same ? oldBackend : backendText(place.draft, place.ref.namespace, host, port, oldBackend);
  return withFilter(rule, 'RequestMirror', withFraction(withField(old, 'backendRef', backend), mirror.percent));
}

/** `percent` holds whole numbers only; parts of a percent are a fraction. Neither = everything. */
function withFraction(settings: JsonObject, percent: number): JsonObject {
  const fraction = objectAt(settings, 'fraction');
  const now =
    fraction === null
      ? (numberAt(settings, 'percent') ?? 100)
      : ((numberAt(fraction, 'numerator') ?? 0) * 100) / (numberAt(fraction, 'denominator') ?? 100);
  if (now === percent) return settings;
  const clean = withField(settings, 'fraction', undefined);
  if (Number.isInteger(percent)) return withField(clean, 'percent', percent);
  const whole = { numerator: Math.round(percent * 10_000), denominator: 1_000_000 };
  return withField(withField(clean, 'percent', undefined), 'fraction', whole);
}
