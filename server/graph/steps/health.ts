// Step: health of nodes (from all their traffic, see ledger.ts) and of edges (from the codes on the edge).
// In: ledger, codes of the chosen observations, tolerances of both ends. Out: DraftNode.health, DraftEdges.health.
import { HEALTH_RANK } from '../../../model/health';
import { judgeErrors } from '../../../model/health-rules';
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import type { ToleranceSet } from '../tolerance-book';

export function judgeNodes(draft: Draft, context: StepContext): void {
  const ledger = context.traffic.ledger();
  for (const node of draft.nodes) node.health = ledger.healthOf(node.identity);
}

/** Kiali: the worst of the source's outbound and the target's inbound tolerances; shares are of all codes on the edge. */
export function judgeEdges(draft: Draft, context: StepContext): void {
  const { index, tolerances } = context.traffic;
  const { edges, nodes } = draft;
  const outbound: ToleranceSet[] = [];
  const inbound: ToleranceSet[] = [];
  for (let e = 0; e < edges.count; e++) {
    const source = nodes[column.at(edges.source, e)]?.facts.tolerances ?? null;
    const target = nodes[column.at(edges.target, e)]?.facts.tolerances ?? null;
    outbound.push(source ?? target ?? tolerances.defaults);
    inbound.push(target ?? source ?? tolerances.defaults);
  }
  const width = 1 + tolerances.width;
  const sums = new Float64Array(edges.count * 2 * width);
  const add = (cell: number, rate: number, mask: number): void => {
    sums[cell] = column.at(sums, cell) + rate;
    for (let bits = mask, t = 1; bits !== 0; bits >>>= 1, t++) if ((bits & 1) === 1) sums[cell + t] = column.at(sums, cell + t) + rate;
  };
  const addCodes = (edge: number, observation: number): void => {
    const [out, into] = [outbound[edge], inbound[edge]];
    if (out === undefined || into === undefined) return;
    for (let c = column.at(index.codeStart, observation); c < column.at(index.codeStart, observation + 1); c++) {
      const code = index.codes.codes[index.codeIndex[c] ?? 0];
      if (code === undefined) continue;
      const rate = column.at(index.codeRate, c);
      add(edge * 2 * width, rate, out.maskOf('outbound', code));
      add((edge * 2 + 1) * width, rate, into.maskOf('inbound', code));
    }
  };
  for (let c = 0; c < draft.chosen.length; c++) {
    const observation = column.at(draft.chosen, c);
    const [first, second] = [column.at(draft.first, c), column.at(draft.second, c)];
    if (first >= 0) addCodes(first, observation);
    if (second >= 0) addCodes(second, observation);
  }
  const rank = (cell: number, set: ToleranceSet | undefined): number => {
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
  for (let e = 0; e < edges.count; e++) edges.health[e] = Math.max(rank(e * 2 * width, outbound[e]), rank((e * 2 + 1) * width, inbound[e]));
}
