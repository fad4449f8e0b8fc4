// Which findings a change brings, which were there before, which it mends. In: findings before and after. Out: JudgedFinding[].
import { type Finding, findingKey, type JudgedFinding } from '../../model/finding';
import { compareFindings } from './finding-order';

/**
 * New ones first (errors before warnings), then those that existed, then those that are mended. A finding whose rule only moved to
 * another place of the list is the same finding.
 */
export function judgeFindings(before: readonly Finding[], after: readonly Finding[]): readonly JudgedFinding[] {
  const existing: Finding[] = [];
  const left = match(before, after, findingKey, existing);
  const { before: mended, after: fresh } = match(left.before, left.after, placelessKey, existing);
  return [...judged(fresh, 'new'), ...judged(existing, 'existing'), ...judged(mended, 'mended')];
}

const judged = (findings: readonly Finding[], origin: JudgedFinding['origin']): readonly JudgedFinding[] =>
  [...findings].sort(compareFindings).map((finding) => ({ finding, origin }));

interface Unmatched {
  readonly before: readonly Finding[];
  readonly after: readonly Finding[];
}

/** Pairs findings of equal key, each once; those of `after` that found their partner go to `existing`. */
function match(before: readonly Finding[], after: readonly Finding[], keyOf: (finding: Finding) => string, existing: Finding[]): Unmatched {
  const open = new Map<string, Finding[]>();
  for (const finding of before) {
    const key = keyOf(finding);
    const list = open.get(key);
    if (list === undefined) open.set(key, [finding]);
    else list.push(finding);
  }
  const fresh = after.filter((finding) => {
    if (open.get(keyOf(finding))?.shift() === undefined) return true;
    existing.push(finding);
    return false;
  });
  return { before: [...open.values()].flat(), after: fresh };
}

/** The key without positions in lists, in the path and in the words ("rule 2"). */
const placelessKey = (finding: Finding): string =>
  findingKey({
    ...finding,
    path: finding.path.replace(/\[\d+\]/g, '[]'),
    message: finding.message.replace(/\b(rule|match|destination|server|listener) \d+/g, '$1'),
  });
