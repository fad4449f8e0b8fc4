// The whole picture from nothing: every box is drawn by itself, then placed as one block among its siblings.
// In: LayoutInput. Out: Arrangement with 0,0 at the top left. Deterministic: equal input, equal output, in every engine.
import { type LayoutBox, type LayoutInput, type LayoutResult, PADDING, type Point } from './arrangement';
import { drawBreadthFirst } from './breadth-first';
import { drawColumns } from './columns';
import { drawConcentric } from './concentric';
import { buildContainers, type Containers, liftEdges } from './containers';
import { drawLayered, type Sheet } from './layered';
import type { Block, BlockEdge } from './layers';
import { measureBoxes } from './measure-boxes';
import { drawRows } from './rows';
import { packShelves } from './shelves';

const NODE_GAP = 15;
const ROW_GAP = 44;
/** Layering a dense graph makes one long chain; columns stay readable. Edges per block above which columns are drawn. */
const DENSE = 2.2;
/** Layering costs most where there are many layers: flat graphs beyond this many blocks are drawn in columns. */
const MANY_BLOCKS = 400;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Component {
  readonly blocks: Block[];
  readonly edges: BlockEdge[];
}

function splitComponents(blocks: readonly Block[], edges: readonly BlockEdge[]): Component[] {
  const leader = new Map(blocks.map((block) => [block.id, block.id]));
  const find = (id: string): string => {
    let root = id;
    for (let up = leader.get(root); up !== undefined && up !== root; up = leader.get(root)) root = up;
    for (let at = id; at !== root; ) {
      const up = leader.get(at) ?? root;
      leader.set(at, root);
      at = up;
    }
    return root;
  };
  for (const edge of edges) leader.set(find(edge.source), find(edge.target));
  const components = new Map<string, Component>();
  for (const block of blocks) {
    const root = find(block.id);
    const component = components.get(root) ?? { blocks: [], edges: [] };
    component.blocks.push(block);
    components.set(root, component);
  }
  for (const edge of edges) components.get(find(edge.source))?.edges.push(edge);
  return [...components.values()];
}

/** Contents of a box: each connected part in layers, the parts packed in rows, the largest first. */
function drawParts(blocks: readonly Block[], edges: readonly BlockEdge[], layerGap: number, aspect: number): Sheet {
  const sheets = splitComponents(blocks, edges).map((part) =>
    part.blocks.length > MANY_BLOCKS
      ? drawColumns(part.blocks, part.edges, { columnGap: layerGap, rowGap: NODE_GAP, aspect })
      : drawLayered(part.blocks, part.edges, { layerGap, nodeGap: NODE_GAP }),
  );
  sheets.sort((a, b) => b.width * b.height - a.width * a.height);
  const rows = packShelves(sheets, { gap: NODE_GAP + 6, aspect, minWidth: 0 });
  const places = new Map<string, Point>();
  sheets.forEach((sheet, i) => {
    const corner = rows.corners[i];
    if (corner) for (const [id, place] of sheet.places) places.set(id, { x: corner.x + place.x, y: corner.y + place.y });
  });
  return { places, width: rows.width, height: rows.height };
}

interface Drawn {
  readonly sheet: Sheet;
  readonly width: number;
  readonly height: number;
}

/** Draws the insides of all boxes below `id`, deepest first. */
function drawContents(
  containers: Containers,
  lifted: ReadonlyMap<string | null, readonly BlockEdge[]>,
  input: LayoutInput,
  id: string | null,
  drawn: Map<string | null, Drawn>,
): Drawn {
  const blocks: Block[] = [];
  for (const child of containers.childrenOf(id)) {
    const node = containers.nodes.get(child);
    if (node) blocks.push({ id: child, width: node.width, above: node.above, below: node.below });
    else {
      const inner = drawContents(containers, lifted, input, child, drawn);
      if (inner.width > 0) blocks.push({ id: child, width: inner.width, above: inner.height / 2, below: inner.height / 2 });
    }
  }
  blocks.sort((a, b) => compare(a.id, b.id));
  const edges = lifted.get(id) ?? [];
  const box = id === null ? undefined : containers.boxes.get(id);
  const holdsBoxes = blocks.some(
    (block) => containers.boxes.get(block.id)?.kind !== undefined && containers.boxes.get(block.id)?.kind !== 'app',
  );
  const dense = blocks.length > 12 && edges.length > DENSE * blocks.length;
  // An app's service and versions need no room for labels as long as those between apps.
  const layerGap = box?.kind === 'app' ? Math.max(44, input.layerGap * 0.8) : input.layerGap;
  const isOutermost = box === undefined || box.kind === 'cluster';
  const sheet =
    input.layout === 'grid'
      ? drawRows(blocks, edges, { gap: isOutermost ? ROW_GAP : NODE_GAP + 6, aspect: input.aspect, order: 'name' })
      : input.layout === 'pack' && holdsBoxes && isOutermost
        ? drawRows(blocks, edges, { gap: ROW_GAP, aspect: input.aspect, order: 'flow' })
        : box === undefined && (holdsBoxes || dense)
          ? drawColumns(blocks, edges, { columnGap: layerGap + 10, rowGap: ROW_GAP, aspect: input.aspect })
          : box?.kind === 'cluster'
            ? drawColumns(blocks, edges, { columnGap: layerGap, rowGap: ROW_GAP, aspect: input.aspect })
            : drawParts(blocks, edges, layerGap, input.aspect);
  const result: Drawn = blocks.length === 0 ? { sheet, width: 0, height: 0 } : { sheet, ...boxSize(box, sheet) };
  drawn.set(id, result);
  return result;
}

function boxSize(box: LayoutBox | undefined, sheet: Sheet): { readonly width: number; readonly height: number } {
  if (!box) return { width: sheet.width, height: sheet.height };
  const p = PADDING[box.kind];
  return { width: Math.max(sheet.width + p.left + p.right, box.titleWidth + 24), height: sheet.height + p.top + p.bottom };
}

/** Places everything, whatever the chosen layout; ELK's layers come from elsewhere (see elk-layout.ts). */
export function layoutGraph(input: LayoutInput): LayoutResult {
  switch (input.layout) {
    case 'concentric':
      return drawConcentric(input);
    case 'breadthFirst':
      return drawBreadthFirst(input);
    case 'flow':
    case 'pack':
    case 'grid':
    case 'layered':
      return layoutBoxes(input);
  }
}

/** Box by box; boxes without contents are left out. */
function layoutBoxes(input: LayoutInput): LayoutResult {
  const containers = buildContainers(input);
  const edges = [...input.edges].sort((a, b) => compare(a.source, b.source) || compare(a.target, b.target));
  const lifted = liftEdges(containers, edges);
  const drawn = new Map<string | null, Drawn>();
  drawContents(containers, lifted, input, null, drawn);
  const nodes = new Map<string, Point>();
  const put = (id: string | null, left: number, top: number): void => {
    for (const [child, place] of drawn.get(id)?.sheet.places ?? []) {
      const node = containers.nodes.get(child);
      const box = containers.boxes.get(child);
      const inner = drawn.get(child);
      if (node) nodes.set(child, { x: left + place.x + node.width / 2, y: top + place.y });
      else if (box && inner) put(child, left + place.x + PADDING[box.kind].left, top + place.y - inner.height / 2 + PADDING[box.kind].top);
    }
  };
  put(null, 0, 0);
  return { nodes, boxes: measureBoxes(containers, nodes), annexes: new Map() };
}
