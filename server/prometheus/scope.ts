// The query scope: label matchers that every selector of every query must carry, so that a Prometheus shared by several meshes
// answers for one of them. In: PromQL, matchers. Out: PromQL. It is parsed by Prometheus' own grammar, never cut by patterns.
import { parser } from '@prometheus-io/lezer-promql';
import { Failure } from '../../model/failure';

/** A PromQL string literal. */
export const quotePromql = (text: string): string =>
  `"${text.replace(/[\\"\n\r\t]/g, (c) => ({ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c] ?? c)}"`;

/** `promql` with `name="value"` of every label of `scope` added to each of its selectors. @throws Failure internal if it is no PromQL. */
export function applyScope(promql: string, scope: Readonly<Record<string, string>>): string {
  const names = Object.keys(scope);
  if (names.length === 0) return promql;
  return addMatchers(promql, names.map((name) => `${name}=${quotePromql(scope[name] ?? '')}`).join(','));
}

/** `promql` with matchers (`a="b",c!="d"`) added to each of its selectors. @throws Failure internal if it is no PromQL. */
export function addMatchers(promql: string, matchers: string): string {
  const edits: { readonly at: number; readonly text: string }[] = [];
  const faults: number[] = [];
  parser.parse(promql).iterate({
    enter: (ref) => {
      if (ref.type.isError) faults.push(ref.from);
      if (ref.name !== 'VectorSelector') return;
      const list = ref.node.getChild('LabelMatchers');
      if (list === null) edits.push({ at: ref.to, text: `{${matchers}}` });
      else edits.push({ at: list.from + 1, text: list.firstChild === null ? matchers : `${matchers},` });
    },
  });
  if (faults.length > 0)
    throw new Failure(
      'internal',
      `a query of the console is not PromQL: ${promql.slice(0, 200)}`,
      'Report this defect with the text above.',
    );
  let scoped = promql;
  for (const { at, text } of edits.reverse()) scoped = scoped.slice(0, at) + text + scoped.slice(at);
  return scoped;
}
