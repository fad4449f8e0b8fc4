// The arrangements that a reader can choose, in words. In: nothing. Out: names, labels, hints; reading a name from text.

/** `flow`: boxes in columns along the calls; `pack`: boxes packed tightly; `layered`: ELK's layers; the rest as Kiali names them. */
export const LAYOUT_NAMES = ['flow', 'pack', 'layered', 'grid', 'concentric', 'breadthFirst'] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

export const DEFAULT_LAYOUT: LayoutName = 'flow';

/** Nodes up to which ELK's layers are drawn of more than one namespace: beyond, they take many seconds and become too wide to read. */
export const MAX_LAYERED_NODES = 100;
/** Nodes of a single namespace. */
const MAX_LAYERED_NODES_IN_ONE = 300;

export const LAYOUT_CHOICES: readonly { readonly value: LayoutName; readonly label: string; readonly hint: string }[] = [
  { value: 'flow', label: 'Flow', hint: 'Callers left of what they call, boxes in columns' },
  { value: 'pack', label: 'Compact', hint: 'Flow inside each box, boxes packed tightly' },
  { value: 'layered', label: 'Layered (ELK)', hint: `Few crossings, long lines; for one namespace or up to ${MAX_LAYERED_NODES} nodes` },
  { value: 'grid', label: 'Grid', hint: 'The nodes of each box in rows, by name' },
  { value: 'concentric', label: 'Concentric', hint: 'The most connected in the middle; without boxes' },
  { value: 'breadthFirst', label: 'Breadth first', hint: 'Columns by the distance from where traffic begins; without boxes' },
];

/** The name in a text; null if it is none. */
export const readLayoutName = (text: string): LayoutName | null => LAYOUT_NAMES.find((name) => name === text) ?? null;

/** Layouts that place nodes across all boxes: none can be drawn around them. */
export const dropsBoxes = (layout: LayoutName): boolean => layout === 'concentric' || layout === 'breadthFirst';

export interface LayoutDecision {
  readonly layout: LayoutName;
  /** Why it is not the wanted one, or what is missing from it, in words; null = nothing to say. */
  readonly note: string | null;
}

/** The layout that a graph gets when `wanted` is chosen. */
export function decideLayout(
  wanted: LayoutName,
  graph: { readonly nodes: number; readonly namespaces: number; readonly boxes: number },
): LayoutDecision {
  const most = graph.namespaces <= 1 ? MAX_LAYERED_NODES_IN_ONE : MAX_LAYERED_NODES;
  if (wanted === 'layered' && graph.nodes > most)
    return {
      layout: DEFAULT_LAYOUT,
      note: `Layered is drawn for up to ${most} nodes${graph.namespaces > 1 ? ' of several namespaces' : ''}; here are ${graph.nodes}, shown as Flow. Choose fewer namespaces, or fold some.`,
    };
  if (dropsBoxes(wanted) && graph.boxes > 0)
    return { layout: wanted, note: `${labelOf(wanted)} is drawn without boxes: it places nodes across namespaces and apps.` };
  return { layout: wanted, note: null };
}

const labelOf = (name: LayoutName): string => LAYOUT_CHOICES.find(({ value }) => value === name)?.label ?? name;
