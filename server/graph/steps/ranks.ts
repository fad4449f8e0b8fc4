// Step: the rank of every node by the number of its edges, where the view asks for it: 1 for the most, 100 for the fewest.
// In: edges. Out: DraftNode.more.rank. Nodes with as many edges share a rank; ranks are spread over 1 to 100 as in Kiali.
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';

const LAST = 100;

export function rankNodes(draft: Draft, { view }: StepContext): void {
  if (view.rank.length === 0) return;
  const { edges } = draft;
  const degree = new Int32Array(draft.nodes.length);
  const count = (node: number): void => {
    degree[node] = column.at(degree, node) + 1;
  };
  for (let e = 0; e < edges.count; e++) {
    if (view.rank.includes('inbound')) count(column.at(edges.target, e));
    if (view.rank.includes('outbound')) count(column.at(edges.source, e));
  }
  const different = [...new Set(degree)].sort((a, b) => b - a);
  const step = different.length > LAST ? LAST / different.length : 1;
  const rankOf = new Map(different.map((edgesOf, i) => [edgesOf, Math.floor(i * step) + 1]));
  draft.nodes.forEach((node, i) => {
    node.more = { ...node.more, rank: rankOf.get(column.at(degree, i)) ?? LAST };
  });
}
