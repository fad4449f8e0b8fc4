// Finds nodes, boxes and edges by text, for the search box of the graph. In: a graph, what was typed. Out: hits, best first. Pure.
import type { Graph, GraphBox, GraphEdge, GraphNode } from '../graph';

export interface SearchHit {
  readonly kind: 'node' | 'box' | 'edge';
  readonly id: string;
  /** Short name for the list. */
  readonly label: string;
  /** Where it is: kind, namespace, cluster. */
  readonly detail: string;
  /** The field that matched. */
  readonly field: string;
  readonly score: number;
}

type Field = readonly [name: string, value: string | null, weight: number];

const nodeFields = (node: GraphNode): readonly Field[] => [
  ['name', node.label, 1],
  ['workload', node.workload, 0.95],
  ['service', node.service, 0.95],
  ['app', node.app, 0.9],
  ['version', node.version, 0.6],
  ['namespace', node.namespace, 0.5],
  ['cluster', node.cluster, 0.3],
  ...node.hosts.map((host): Field => ['host', host, 0.8]),
];

const boxFields = (box: GraphBox): readonly Field[] => [
  ['name', box.label, 0.97],
  ['app', box.app, 0.8],
  ['namespace', box.namespace, 0.6],
];

/** How well a word fits a text: whole > start > start of a part > anywhere; 0 = not at all. Shorter texts win. */
function matchScore(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at < 0) return 0;
  const base = text === word ? 100 : at === 0 ? 75 : /[-._/ :]/.test(text[at - 1] ?? '') ? 60 : 40;
  return base + (10 * word.length) / text.length;
}

function rank(fields: readonly Field[], words: readonly string[]): { readonly score: number; readonly field: string } | null {
  let total = 0;
  let field = '';
  let top = 0;
  for (const word of words) {
    // `namespace:shop` asks one field only.
    const colon = word.indexOf(':');
    const named = colon > 0 ? fields.filter(([name]) => name === alias(word.slice(0, colon))) : [];
    const wanted = named.length > 0 ? word.slice(colon + 1) : word;
    let best = 0;
    for (const [name, value, weight] of named.length > 0 ? named : fields) {
      const score = value === null ? 0 : matchScore(value.toLowerCase(), wanted) * weight;
      if (score > best) best = score;
      if (score > top) {
        top = score;
        field = name;
      }
    }
    if (best === 0) return null;
    total += best;
  }
  return { score: total / words.length, field };
}

const alias = (name: string): string => ({ ns: 'namespace', svc: 'service', wl: 'workload' })[name] ?? name;

/** Words of a query, lower case. Every word must match somewhere. */
const wordsOf = (text: string): readonly string[] => text.trim().toLowerCase().split(/\s+/).filter(Boolean);

/** What fits a text, best first, ties by name; edges are found by both ends with `a > b` (either side may be empty). */
export function searchGraph(graph: Graph, text: string, limit = Number.POSITIVE_INFINITY): readonly SearchHit[] {
  const hits = text.includes('>') ? searchEdges(graph, text) : searchElements(graph, wordsOf(text));
  return hits.sort((a, b) => b.score - a.score || compare(a.label, b.label) || compare(a.id, b.id)).slice(0, limit);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function searchElements(graph: Graph, words: readonly string[]): SearchHit[] {
  if (words.length === 0) return [];
  const hits: SearchHit[] = [];
  for (const node of graph.nodes) {
    const ranked = rank(nodeFields(node), words);
    if (ranked) hits.push({ kind: 'node', id: node.id, label: node.label, detail: placeOf(node.kind, node), ...ranked });
  }
  for (const box of graph.boxes) {
    const ranked = rank(boxFields(box), words);
    if (ranked) hits.push({ kind: 'box', id: box.id, label: box.label, detail: placeOf(`${box.kind} box`, box), ...ranked });
  }
  return hits;
}

const placeOf = (kind: string, of: { readonly namespace: string }): string => (of.namespace === '' ? kind : `${kind} in ${of.namespace}`);

function searchEdges(graph: Graph, text: string): SearchHit[] {
  const [from = '', to = ''] = text.split('>');
  const [sourceWords, targetWords] = [wordsOf(from), wordsOf(to)];
  if (sourceWords.length + targetWords.length === 0) return [];
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const side = (node: GraphNode, words: readonly string[]): { readonly score: number; readonly field: string } | null =>
    words.length === 0 ? { score: 50, field: 'name' } : rank(nodeFields(node), words);
  const hits: SearchHit[] = [];
  for (const edge of graph.edges) {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    const a = source && side(source, sourceWords);
    const b = target && side(target, targetWords);
    if (source && target && a && b)
      hits.push(edgeHit(edge, source, target, (a.score + b.score) / 2, sourceWords.length > 0 ? a.field : b.field));
  }
  return hits;
}

const edgeHit = (edge: GraphEdge, source: GraphNode, target: GraphNode, score: number, field: string): SearchHit => ({
  kind: 'edge',
  id: edge.id,
  label: `${source.label} > ${target.label}`,
  detail: `${edge.protocol} edge`,
  field,
  score,
});
