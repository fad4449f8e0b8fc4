// The arrangements that a reader can choose, in words. In: nothing. Out: names, labels, hints; reading a name from text.

/** `flow`: boxes in columns along the calls; `pack`: boxes packed tightly; `layered`: ELK's layers; the rest as Kiali names them. */
export const LAYOUT_NAMES = ['flow', 'pack', 'layered', 'grid', 'concentric', 'breadthFirst'] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

export const DEFAULT_LAYOUT: LayoutName = 'flow';

/** Nodes up to which ELK's layers are drawn: beyond, they take many seconds and become too wide to read. */
export const MAX_LAYERED_NODES = 100;

export const LAYOUT_CHOICES: readonly { readonly value: LayoutName; readonly label: string; readonly hint: string }[] = [
  { value: 'flow', label: 'Flow', hint: 'Callers left of what they call, boxes in columns' },
  { value: 'pack', label: 'Compact', hint: 'The same inside each box, boxes packed tightly' },
  { value: 'layered', label: 'Layered (ELK)', hint: `Few crossings, long lines; for one namespace or up to ${MAX_LAYERED_NODES} nodes` },
  { value: 'grid', label: 'Grid', hint: 'Nodes of each box in rows' },
  { value: 'concentric', label: 'Concentric', hint: 'The most connected in the middle; without boxes' },
  { value: 'breadthFirst', label: 'Breadth first', hint: 'Rows by the distance from where traffic begins; without boxes' },
];

/** The name in a text; null if it is none. */
export const readLayoutName = (text: string): LayoutName | null => LAYOUT_NAMES.find((name) => name === text) ?? null;
