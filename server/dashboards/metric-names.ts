// The metrics that PromQL reads. In: PromQL. Out: names, sorted, each once. Pure; by the official grammar.
import { parser } from '@prometheus-io/lezer-promql';

export function listMetrics(promql: string): readonly string[] {
  const names = new Set<string>();
  parser.parse(promql).iterate({
    enter: (node) => {
      if (node.name !== 'VectorSelector') return;
      const first = node.node.firstChild;
      if (first?.name === 'Identifier') names.add(promql.slice(first.from, first.to));
    },
  });
  return [...names].sort();
}
