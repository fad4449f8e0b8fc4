// What a find query matches, as the field lists it and the canvas marks it. In: query, the drawn document, the server's answer. Out: Found. Pure.
// The drawn graph is searched here, at once; what is folded, and what only the server knows, comes from its answer.
import type { FindDocument } from '../../model/find/document';
import { matchGraph, UNMATCHED } from '../../model/find/evaluate';
import { asksServer } from '../../model/find/needs';
import type { FindQuery } from '../../model/find/query';
import { NO_FACTS } from '../../model/find/read-element';
import { searchGraph } from '../../model/find/search-graph';
import type { GraphNode } from '../../model/graph';
import { HEALTH_RANK, type HealthStatus } from '../../model/health';
import type { GraphDocument } from '../../model/wire';
import { wordNode } from '../ui/node-words';

export interface Hit {
  readonly id: string;
  readonly label: string;
  /** Where it is. */
  readonly detail: string;
  readonly health: HealthStatus | null;
  /** What the canvas shows for it; null where it shows nothing. */
  readonly shownAs: string | null;
  /** Namespace or app to unfold before it is seen; null = none. */
  readonly open: string | null;
}

export interface Found {
  readonly hits: readonly Hit[];
  readonly count: number;
  /** Ids to mark; null = nothing is looked for. */
  readonly matches: ReadonlySet<string> | null;
}

export const NOTHING_FOUND: Found = { hits: [], count: 0, matches: null };

/** True where the drawn graph does not hold everything that the view looks at, or knows too little of it. */
export function wantsServer(query: FindQuery, document: GraphDocument): boolean {
  if (query.kind !== 'text' && query.kind !== 'expression') return false;
  const { shown } = document.totals;
  const partial = shown !== undefined && (shown.nodes < shown.ofNodes || shown.edges < shown.ofEdges);
  return document.folded || partial || asksServer(query);
}

export function buildFound(query: FindQuery, document: GraphDocument, answer: FindDocument | null): Found {
  if (query.kind === 'none' || query.kind === 'error') return NOTHING_FOUND;
  const local = query.kind === 'text' ? findText(query.text, document) : findExpression(query, document);
  if (answer === null) return { hits: local, count: local.length, matches: new Set(local.map(({ id }) => id)) };
  const hits = answer.hits.map(
    (hit): Hit => ({
      id: hit.id,
      label: hit.label,
      detail: hit.kind === 'edge' ? 'edge' : place(hit.nodeKind ?? 'node', hit.namespace),
      health: hit.health,
      shownAs: hit.shownAs,
      open: hit.open,
    }),
  );
  // Boxes are found here only.
  const boxes = local.filter(({ id }) => id.startsWith('box-'));
  return {
    hits: [...boxes, ...hits],
    count: answer.nodes + answer.edges + boxes.length,
    matches: new Set([...local.map(({ id }) => id), ...answer.shown]),
  };
}

const place = (kind: string, namespace: string): string => (namespace === '' ? kind : `${kind} in ${namespace}`);

function findText(text: string, document: GraphDocument): readonly Hit[] {
  const nodes = new Map<string, GraphNode>(document.nodes.map((node) => [node.id, node]));
  return searchGraph(document, text).map(({ id, label, detail }) => {
    const node = nodes.get(id);
    // A version's short label on the canvas ("v1") says nothing in a list.
    return { id, label: node === undefined ? label : wordNode(node), detail, health: node?.health.status ?? null, shownAs: id, open: null };
  });
}

function findExpression({ expression }: Extract<FindQuery, { kind: 'expression' }>, document: GraphDocument): readonly Hit[] {
  const matches = matchGraph(expression, document, NO_FACTS);
  const names = new Map(document.nodes.map((node) => [node.id, wordNode(node)]));
  const worst = (hits: Hit[]): Hit[] =>
    hits.sort(
      (a, b) => HEALTH_RANK[b.health ?? 'na'] - HEALTH_RANK[a.health ?? 'na'] || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0),
    );
  const nodes = document.nodes
    .filter((_, i) => matches.nodes[i] !== UNMATCHED)
    .map(
      (node): Hit => ({
        id: node.id,
        label: wordNode(node),
        detail: place(node.kind, node.namespace),
        health: node.health.status,
        shownAs: node.id,
        open: null,
      }),
    );
  const edges = document.edges
    .filter((_, i) => matches.edges[i] !== UNMATCHED)
    .map(
      (edge): Hit => ({
        id: edge.id,
        label: `${names.get(edge.source) ?? '?'} > ${names.get(edge.target) ?? '?'}`,
        detail: `${edge.protocol} edge`,
        health: edge.health,
        shownAs: edge.id,
        open: null,
      }),
    );
  return [...worst(nodes), ...worst(edges)];
}
