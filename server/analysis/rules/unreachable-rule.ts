// Rules of a VirtualService that can never win because earlier ones take all that they match, and matches without effect.

import type { RuleList } from '../../../model/edit';
import type { FindingFix } from '../../../model/finding';
import { describeHit } from '../../istio/http-match';
import { anyMatch, type HttpMatch, type HttpRule, type StreamMatch, type StreamRule } from '../../istio/http-rule';
import { readVirtualService } from '../../istio/read/virtual-service';
import { coversMatch, coversStream } from '../covering';
import { fix, ruleAt } from '../fixes';
import type { Report, Rule, Subject } from '../rule';

export const unreachableRule: Rule = {
  name: 'unreachable-rule',
  codes: ['IST0130', 'IST0131'],
  on: ['VirtualService'],
  reads: [],
  *check(subject) {
    const view = readVirtualService(subject.object);
    yield* checkHttp(subject, view.http, view.gateways);
    for (const list of ['tls', 'tcp'] as const) yield* checkStreams(subject, list, view[list], view.gateways);
  },
};

function* checkStreams(subject: Subject, list: 'tls' | 'tcp', rules: readonly StreamRule[], bound: readonly string[]): Generator<Report> {
  const blocks = rules.map((rule) => rule.matches);
  for (const [i, matches] of blocks.entries()) {
    const earlier = blocks.slice(0, i);
    const taker = (match: StreamMatch | null): number =>
      earlier.findIndex((others) =>
        others.length === 0 ? true : match !== null && others.some((other) => coversStream(other, match, bound)),
      );
    const takers = matches.length === 0 ? [taker(null)] : matches.map(taker);
    const [first = -1] = takers;
    if (takers.every((each) => each >= 0)) {
      yield unreachable(subject, list, i, first, '', fixFor(subject, list, i, first, false));
      continue;
    }
    for (const [k, match] of matches.entries()) {
      const at = takers[k] ?? -1;
      const same = at < 0 && matches.slice(0, k).some((other) => coversStream(other, match, bound));
      if (at < 0 && !same) continue;
      yield {
        code: 'IST0131',
        path: match.path,
        message: `match ${k + 1} of rule ${i + 1} has no effect: ${same ? 'an earlier match of the rule' : `rule ${at + 1}`} takes its connections first`,
        consequence: same
          ? 'none; an earlier match of the same rule says the same'
          : `these connections go where rule ${at + 1} sends them`,
      };
    }
  }
}

interface Block {
  readonly rule: number;
  readonly match: HttpMatch;
  /** The rule has no match at all. */
  readonly implied: boolean;
}

const blocksOf = (rule: HttpRule, i: number): readonly Block[] =>
  rule.matches.length === 0
    ? [{ rule: i, match: anyMatch(rule.pointer.path), implied: true }]
    : rule.matches.map((match) => ({ rule: i, match, implied: false }));

function* checkHttp(subject: Subject, rules: readonly HttpRule[], bound: readonly string[]): Generator<Report> {
  const earlier: Block[] = [];
  for (const [i, rule] of rules.entries()) {
    const own = blocksOf(rule, i);
    const takers = own.map((block, k) => {
      const before = earlier.find((other) => coversMatch(other.match, block.match, bound));
      return before ?? own.slice(0, k).find((other) => coversMatch(other.match, block.match, bound)) ?? null;
    });
    const [first] = takers;
    if (first && takers.every((taker) => taker !== null && taker.rule < i)) {
      const wider = own.every((block) => !coversMatch(block.match, first.match, bound));
      const words = own.map(({ match }) => describeHit(match)).join(' or ');
      yield unreachable(subject, 'http', i, first.rule, ` (${words})`, fixFor(subject, 'http', i, first.rule, wider));
    } else
      for (const [k, taker] of takers.entries()) {
        const block = own[k];
        if (taker === null || block === undefined) continue;
        yield {
          code: 'IST0131',
          path: block.match.path,
          message: `match ${k + 1} of rule ${i + 1} (${describeHit(block.match)}) has no effect: rule ${taker.rule + 1} (${describeHit(taker.match)}) takes its requests first`,
          consequence:
            taker.rule === i
              ? 'none; an earlier match of the same rule says the same'
              : `these requests go where rule ${taker.rule + 1} sends them`,
        };
      }
    // What a delegate takes of a rule's requests is not seen here.
    if (rule.delegate === null) earlier.push(...own);
  }
}

function unreachable(subject: Subject, list: RuleList, i: number, taker: number, words: string, mend: FindingFix | null): Report {
  const name = readVirtualService(subject.object).http[i]?.name;
  return {
    code: 'IST0130',
    path: `spec.${list}[${i}]`,
    message: `rule ${i + 1}${list === 'http' && name ? ` "${name}"` : ''}${words} can never win: rule ${taker + 1} takes all that it matches`,
    consequence: `its requests go where rule ${taker + 1} sends them`,
    fix: mend,
  };
}

/** A narrower rule belongs before the wider one; one that says the same can go. */
function fixFor(subject: Subject, list: RuleList, i: number, taker: number, wider: boolean): FindingFix {
  const rule = ruleAt(subject, list, i);
  return wider
    ? fix(`Move it before rule ${taker + 1}`, { type: 'moveRule', rule, to: taker })
    : fix('Remove it', { type: 'removeRule', rule });
}
