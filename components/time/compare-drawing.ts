// What a comparison puts on the canvas: ghosts of what is gone, and marks. In: a graph, its comparison. Out: the graph to draw, marks. Pure.
import type { ChangeTone, ComparisonDocument } from '../../model/comparison';
import { compareBoxes, compareEdges, compareNodes } from '../../model/delta';
import type { GraphDocument } from '../../model/wire';
import type { Mark, Marks, MarkTone } from '../graph/canvas/marks';
import { wordMark } from './compare-words';

/** A graph as it is drawn while somebody compares. */
export interface Drawing {
  readonly document: GraphDocument;
  readonly marks: Marks;
}

const MARK_TONE: Readonly<Record<Exclude<ChangeTone, 'noise'>, MarkTone>> = {
  added: 'added',
  removed: 'removed',
  worse: 'worse',
  better: 'better',
  changed: 'changed',
};

/** The document with the ghosts that it does not have, in canonical order; itself where there are none. */
export function addGhosts(document: GraphDocument, { ghosts }: Pick<ComparisonDocument, 'ghosts'>): GraphDocument {
  const missing = <T extends { readonly id: string }>(own: readonly T[], more: readonly T[]): readonly T[] => {
    const known = new Set(own.map(({ id }) => id));
    return more.filter(({ id }) => !known.has(id));
  };
  const nodes = missing(document.nodes, ghosts.nodes);
  const boxes = missing(document.boxes, ghosts.boxes);
  const present = new Set([...document.nodes, ...nodes].map(({ id }) => id));
  // The graph may have moved on since it was compared: an edge needs both its ends.
  const edges = missing(document.edges, ghosts.edges).filter(({ source, target }) => present.has(source) && present.has(target));
  if (nodes.length + boxes.length + edges.length === 0) return document;
  return {
    ...document,
    nodes: [...document.nodes, ...nodes].sort(compareNodes),
    boxes: [...document.boxes, ...boxes].sort(compareBoxes),
    edges: [...document.edges, ...edges].sort(compareEdges),
  };
}

/** Marks of everything beyond noise of the chosen tones; `dim`: the rest steps back, but for the ends of what is marked. */
export function markChanges(
  document: GraphDocument,
  comparison: Pick<ComparisonDocument, 'edges' | 'nodes'>,
  { tones, dim }: { readonly tones: ReadonlySet<ChangeTone>; readonly dim: boolean },
): Marks {
  const marks = new Map<string, Mark>();
  for (const { id, tone, measures } of [...comparison.nodes, ...comparison.edges]) {
    if (tone === 'noise' || !tones.has(tone)) continue;
    const text = wordMark(tone, measures);
    marks.set(id, { tone: MARK_TONE[tone], ...(text === '' ? {} : { text }) });
  }
  if (!dim || marks.size === 0) return marks;
  const bright = new Set<string>(marks.keys());
  for (const { id, source, target } of document.edges) if (marks.has(id)) bright.add(source).add(target);
  for (const { id } of [...document.nodes, ...document.edges]) if (!bright.has(id)) marks.set(id, { tone: 'dim' });
  return marks;
}
