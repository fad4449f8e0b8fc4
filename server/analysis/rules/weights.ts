// Weights that do not what they seem to: of a single destination, of a destination that stands twice.
import type { RuleList } from '../../../model/edit';
import { groupBy } from '../../istio/memo';
import { destinationsAt, fix, ruleAt } from '../fixes';
import { type DestinationPlace, placesOf } from '../places';
import type { Report, Rule, Subject } from '../rule';

export const weights: Rule = {
  name: 'weights',
  codes: ['KIA1104', 'KIA1105', 'HED0009'],
  on: ['VirtualService'],
  reads: [],
  *check(subject) {
    const { index, object } = subject;
    const routes = placesOf(object, index).filter((place) => place.role === 'route');
    for (const places of groupBy(routes, (place) => `${place.list}/${place.rule}`).values()) yield* checkRule(subject, places);
  },
};

function* checkRule(subject: Subject, places: readonly DestinationPlace[]): Generator<Report> {
  const [first] = places;
  if (first === undefined) return;
  const { list, rule } = first;
  const whole = `spec.${list}[${rule}]`;
  const destinations = destinationsAt(subject, list, rule);
  const edit = (title: string, change: typeof destinations) =>
    change === null ? null : fix(title, { type: 'weights', rule: ruleAt(subject, list, rule), destinations: change });
  if (places.length === 1 && first.weight !== null && first.weight >= 0 && first.weight < 100) {
    yield {
      code: 'KIA1104',
      path: `${whole}.route[${first.position}].weight`,
      message: `the only destination of rule ${rule + 1} has weight ${first.weight}`,
      consequence: 'the weight is ignored: it gets every request',
      fix: edit('Write weight 100', destinations?.map((destination) => ({ ...destination, weight: 100 })) ?? null),
    };
  }
  if (places.length > 1 && places.every(({ weight }) => (weight ?? 0) === 0)) yield noWeight(list, rule, places, edit, destinations);
  const named = new Map<string, DestinationPlace>();
  for (const place of places) {
    const key = `${place.host}|${place.subset ?? ''}|${place.port ?? ''}`;
    const twin = named.get(key);
    if (twin === undefined) {
      named.set(key, place);
      continue;
    }
    yield {
      code: 'KIA1105',
      path: `${whole}.route[${place.position}]`,
      message: `rule ${rule + 1} names ${place.subset === null ? place.host : `subset ${place.subset} of ${place.host}`} twice`,
      consequence: `its weights are added: ${(twin.weight ?? 0) + (place.weight ?? 0)}`,
      fix: edit(
        'Join them',
        destinations?.flatMap((destination, i) =>
          i === place.position
            ? []
            : [i === twin.position ? { ...destination, weight: destination.weight + Math.max(0, place.weight ?? 0) } : destination],
        ) ?? null,
      ),
    };
  }
}

function noWeight(
  list: RuleList,
  rule: number,
  places: readonly DestinationPlace[],
  edit: (title: string, change: ReturnType<typeof destinationsAt>) => ReturnType<typeof fix> | null,
  destinations: ReturnType<typeof destinationsAt>,
): Report {
  const even = Math.floor(100 / places.length);
  return {
    code: 'HED0009',
    path: `spec.${list}[${rule}].route`,
    message: `none of the ${places.length} destinations of rule ${rule + 1} has a weight`,
    consequence: 'istiod refuses the object ("total destination weight = 0"), or the rule sends its requests nowhere',
    fix: edit(
      'Give them equal weights',
      destinations?.map((destination, i) => ({ ...destination, weight: i === 0 ? 100 - even * (places.length - 1) : even })) ?? null,
    ),
  };
}
