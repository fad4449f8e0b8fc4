// A graph in the words of ELK's layered layout, and its answer in ours. In: LayoutInput, ELK's answer. Out: ELK's question, Arrangement. Pure.
// Edges are drawn by us from the places of the nodes: what ELK routes is not used.
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { type Arrangement, type LayoutInput, PADDING, type Point, type Rect } from './arrangement';
import { buildContainers } from './containers';

const NODE_GAP = 18;
const BOX_GAP = 30;

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'POLYLINE',
  'elk.layered.thoroughness': '5',
} as const;

const textOf = (numbers: Readonly<Record<'top' | 'right' | 'bottom' | 'left', number>>): string =>
  `[top=${numbers.top},left=${numbers.left},bottom=${numbers.bottom},right=${numbers.right}]`;

function spacing(input: LayoutInput): Record<string, string> {
  return {
    'elk.layered.spacing.nodeNodeBetweenLayers': String(Math.round(input.layerGap)),
    'elk.spacing.nodeNode': String(NODE_GAP),
    'elk.spacing.componentComponent': String(BOX_GAP),
    'elk.aspectRatio': String(input.aspect),
  };
}

/** The graph in ELK's words: boxes hold what is in them, all edges stand at the top. */
export function toElk(input: LayoutInput): ElkNode {
  const containers = buildContainers(input);
  const childrenOf = (id: string | null): ElkNode[] =>
    [...containers.childrenOf(id)]
      .sort((a, b) => (a < b ? -1 : 1))
      .flatMap((child): ElkNode[] => {
        const node = containers.nodes.get(child);
        if (node) return [{ id: child, width: node.width, height: node.above + node.below }];
        const box = containers.boxes.get(child);
        const children = childrenOf(child);
        if (!box || children.length === 0) return [];
        const minimum = { 'elk.nodeSize.constraints': 'MINIMUM_SIZE', 'elk.nodeSize.minimum': `(${Math.ceil(box.titleWidth + 24)}, 0)` };
        return [{ id: child, children, layoutOptions: { ...spacing(input), ...minimum, 'elk.padding': textOf(PADDING[box.kind]) } }];
      });
  const edges = input.edges.filter(
    ({ source, target }) => source !== target && containers.nodes.has(source) && containers.nodes.has(target),
  );
  return {
    id: '',
    layoutOptions: { ...OPTIONS, ...spacing(input) },
    children: childrenOf(null),
    edges: edges.map(({ source, target }, i) => ({ id: `edge ${i}`, sources: [source], targets: [target] })),
  };
}

/** Places out of ELK's answer, whose coordinates are relative to the box around. */
export function fromElk(input: LayoutInput, answer: ElkNode): Arrangement {
  const byId = new Map(input.nodes.map((node) => [node.id, node]));
  const nodes = new Map<string, Point>();
  const boxes = new Map<string, Rect>();
  const visit = (parent: ElkNode, left: number, top: number): void => {
    for (const child of parent.children ?? []) {
      const x = left + (child.x ?? 0);
      const y = top + (child.y ?? 0);
      const node = byId.get(child.id);
      if (node) nodes.set(child.id, { x: x + node.width / 2, y: y + node.above });
      else boxes.set(child.id, { x, y, width: child.width ?? 0, height: child.height ?? 0 });
      visit(child, x, y);
    }
  };
  visit(answer, 0, 0);
  return { nodes, boxes, annexes: new Map() };
}
