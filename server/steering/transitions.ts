// What becomes of the requests that a rule takes now, once the rules are others. In: rules before and after. Out: Transition.
// A request is known only by the rule that it took: it shows what that rule asks for and nothing that an earlier one takes. Rules that such
// a request surely takes, or surely does not, are decided; the others may take some of them.
import { conditionNames, covers, excludes } from './match-relations';
import type { Lane, SeenRule } from './seen-rules';

export interface Transition {
  /** Rules that may take the requests afterwards; one: it surely takes all. */
  readonly rules: readonly SeenRule[];
  /** What the requests would have to show to tell which; empty where it is one. */
  readonly asks: readonly string[];
}

/** The rules that may take the requests of `before.rules[place]` in one list. */
function candidates(before: readonly SeenRule[], place: number, after: readonly SeenRule[]): readonly SeenRule[] {
  const own = before[place]?.match ?? null;
  const found: SeenRule[] = [];
  for (const rule of after) {
    if (covers(rule.match, own)) return [...found, rule];
    // What an earlier rule takes never came to this one.
    const taken = before.slice(0, place).some((earlier) => covers(earlier.match, rule.match));
    if (!taken && !excludes(rule.match, own)) found.push(rule);
  }
  return found;
}

/** `lists`: the rules of every lane in which the requests may find themselves afterwards (more than one at gateways with new domains). */
export function followRequests(before: readonly SeenRule[], place: number, lists: readonly Lane[]): Transition {
  const rules = [...new Set(lists.flatMap((lane) => candidates(before, place, lane.rules)))];
  if (rules.length <= 1) return { rules, asks: [] };
  const asks = new Set(rules.flatMap(({ match }) => conditionNames(match)));
  if (lists.length > 1) asks.add('the host header');
  return { rules, asks: [...asks] };
}
