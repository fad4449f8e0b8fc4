// Step: health of nodes (from all their traffic, see ledger.ts) and of edges (from the codes on the edge).
// In: ledger, codes of the chosen observations, tolerances of both ends. Out: DraftNode.health, DraftEdges.health, edges that hide a failure.
import { HEALTH_RANK } from '../../../model/health';
import { judgeErrors } from '../../../model/health-rules';
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import type { ToleranceSet } from '../tolerance-book';

export function judgeNodes(draft: Draft, context: StepContext): void {
  const ledger = context.traffic.ledger();
  for (const node of draft.nodes) node.health = ledger.healthOf(node.identity);
}

/** Judges codes by what the ends of an edge tolerate; shares are of all codes that were added to the same sums. */
interface Judge {
  /** Sums that one edge needs. */
  readonly width: number;
  /** Adds the codes of an observation to the sums of an edge, which begin at `at`. */
  add(sums: Float64Array, at: number, edge: number, observation: number): void;
  /** HEALTH_RANK of what was added: the worst of the source's outbound and the target's inbound tolerances, as Kiali has it. */
  rank(sums: Float64Array, at: number, edge: number): number;
}

function judgeOf({ edges, nodes }: Draft, { traffic }: StepContext): Judge {
  const { index, tolerances } = traffic;
  const outbound: ToleranceSet[] = [];
  const inbound: ToleranceSet[] = [];
  for (let e = 0; e < edges.count; e++) {
    const source = nodes[column.at(edges.source, e)]?.facts.tolerances ?? null;
    const target = nodes[column.at(edges.target, e)]?.facts.tolerances ?? null;
    outbound.push(source ?? target ?? tolerances.defaults);
    inbound.push(target ?? source ?? tolerances.defaults);
  }
  const half = 1 + tolerances.width;
  const addRate = (sums: Float64Array, cell: number, rate: number, mask: number): void => {
    sums[cell] = column.at(sums, cell) + rate;
    for (let bits = mask, t = 1; bits !== 0; bits >>>= 1, t++) if ((bits & 1) === 1) sums[cell + t] = column.at(sums, cell + t) + rate;
  };
  const rankHalf = (sums: Float64Array, cell: number, set: ToleranceSet | undefined): number => {
    const total = column.at(sums, cell);
    if (total <= 0 || set === undefined) return HEALTH_RANK.na;
    let worst: number = HEALTH_RANK.healthy;
    for (let t = 0; t < set.compiled.length; t++) {
      const part = column.at(sums, cell + t + 1);
      const tolerance = set.compiled[t]?.tolerance;
      if (part > 0 && tolerance !== undefined) worst = Math.max(worst, HEALTH_RANK[judgeErrors((part / total) * 100, tolerance)]);
    }
    return worst;
  };
  return {
    width: 2 * half,
    add: (sums, at, edge, observation) => {
      const [out, into] = [outbound[edge], inbound[edge]];
      if (out === undefined || into === undefined) return;
      for (let c = column.at(index.codeStart, observation); c < column.at(index.codeStart, observation + 1); c++) {
        const code = index.codes.codes[index.codeIndex[c] ?? 0];
        if (code === undefined) continue;
        const rate = column.at(index.codeRate, c);
        addRate(sums, at, rate, out.maskOf('outbound', code));
        addRate(sums, at + half, rate, into.maskOf('inbound', code));
      }
    },
    rank: (sums, at, edge) => Math.max(rankHalf(sums, at, outbound[edge]), rankHalf(sums, at + half, inbound[edge])),
  };
}

export function judgeEdges(draft: Draft, context: StepContext): void {
  const { edges } = draft;
  const judge = judgeOf(draft, context);
  const sums = new Float64Array(edges.count * judge.width);
  for (let c = 0; c < draft.chosen.length; c++) {
    const observation = column.at(draft.chosen, c);
    const [first, second] = [column.at(draft.first, c), column.at(draft.second, c)];
    if (first >= 0) judge.add(sums, first * judge.width, first, observation);
    if (second >= 0) judge.add(sums, second * judge.width, second, observation);
  }
  for (let e = 0; e < edges.count; e++) edges.health[e] = judge.rank(sums, e * judge.width, e);
}

/** 1 for each edge that fails, or stands for calls of which some fail, though all of them together do not. */
export function findFailing(draft: Draft, context: StepContext): Uint8Array {
  const { edges } = draft;
  const judge = judgeOf(draft, context);
  const failing = edges.health.map((rank) => (rank === HEALTH_RANK.failure ? 1 : 0));
  const sums = new Float64Array(judge.width);
  for (let c = 0; c < draft.chosen.length; c++)
    for (const e of [column.at(draft.first, c), column.at(draft.second, c)]) {
      if (e < 0 || failing[e] === 1 || column.at(edges.health, e) === HEALTH_RANK.na) continue;
      sums.fill(0);
      judge.add(sums, 0, e, column.at(draft.chosen, c));
      if (judge.rank(sums, 0, e) === HEALTH_RANK.failure) failing[e] = 1;
    }
  return failing;
}
