// What the renderer is told of each element: only what is drawn by it (shape, place, tone, width, classes), and which of that changed.
// In: a picture, what is bright and selected. Out: DrawnElement by id, and the difference between two such maps. Pure.
import type { Point } from '../layout/arrangement';
import { isPile, PILE_PX } from '../layout/node-size';
import type { Marks } from './marks';
import { lengthOf, type Picture } from './picture';
import { edgeTone, edgeWidth, nodeTone } from './tone';

export interface DrawnElement {
  readonly id: string;
  readonly group: 'nodes' | 'edges';
  /** Edges only. */
  readonly ends: { readonly source: string; readonly target: string } | null;
  readonly data: Readonly<Record<string, string | number>>;
  readonly classes: string;
  /** Nodes and boxes only. */
  readonly at: Point | null;
}

export type DrawnElements = ReadonlyMap<string, DrawnElement>;

export interface Look {
  /** Null = nothing is dimmed. */
  readonly bright: ReadonlySet<string> | null;
  readonly selection: string | null;
  readonly marks: Marks | null;
}

/** Longer edges without trouble are drawn paler: they cross much that they have nothing to do with. */
const FAR_PX = 520;

/** Prefix that keeps the ids of boxes apart from those of nodes inside the renderer. */
const BOX = 'box:';
/** Prefix of the second shape of a pile. */
const BEHIND = 'behind:';

export function buildDrawn(picture: Picture, { bright, selection, marks }: Look): DrawnElements {
  const drawn = new Map<string, DrawnElement>();
  const classes = (id: string, ...more: readonly (string | false)[]): string =>
    [bright !== null && !bright.has(id) && 'dim', selection === id && !more.includes('behind') && 'selected', ...more]
      .filter(Boolean)
      .join(' ');
  for (const { id, box, rect, depth } of picture.boxes) {
    drawn.set(BOX + id, {
      id: BOX + id,
      group: 'nodes',
      ends: null,
      data: { kind: `${box.kind}-box`, tone: 'idle', width: rect.width, height: rect.height, depth },
      classes: classes(box.id, 'box'),
      at: { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 },
    });
  }
  for (const [id, { node, at, size }] of picture.nodes) {
    drawn.set(id, {
      id,
      group: 'nodes',
      ends: null,
      data: { kind: node.kind, tone: nodeTone(node), width: size.shapeWidth, height: size.shapeHeight },
      classes: classes(id, node.outside && 'outside'),
      at,
    });
    if (isPile(node))
      drawn.set(BEHIND + id, {
        id: BEHIND + id,
        group: 'nodes',
        ends: null,
        data: { kind: node.kind, tone: nodeTone(node), width: size.shapeWidth, height: size.shapeHeight },
        classes: classes(id, 'behind', node.outside && 'outside'),
        at: { x: at.x + PILE_PX, y: at.y - PILE_PX },
      });
  }
  for (const [id, { edge, bow, curve }] of picture.edges) {
    const tone = edgeTone(edge);
    const isFar = tone !== 'failure' && tone !== 'degraded' && lengthOf(curve) > FAR_PX;
    drawn.set(id, {
      id,
      group: 'edges',
      ends: { source: edge.source, target: edge.target },
      data: { tone, width: edgeWidth(edge), bow },
      classes: classes(id, markClass(marks, id), edge.source === edge.target ? 'loop' : bow !== 0 && 'bowed', isFar && 'far'),
      at: null,
    });
  }
  return drawn;
}

const markClass = (marks: Marks | null, id: string): string | false => {
  const tone = marks?.get(id)?.tone;
  return tone !== undefined && tone !== 'dim' && `mark-${tone}`;
};

export interface DrawnChange {
  readonly add: readonly DrawnElement[];
  readonly drop: readonly string[];
  readonly data: readonly DrawnElement[];
  readonly classes: readonly DrawnElement[];
  readonly move: readonly DrawnElement[];
}

const sameData = (a: DrawnElement['data'], b: DrawnElement['data']): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);

/** What must be told to a renderer that shows `before` so that it shows `after`. */
export function diffDrawn(before: DrawnElements, after: DrawnElements): DrawnChange {
  const change = {
    add: [] as DrawnElement[],
    drop: [] as string[],
    data: [] as DrawnElement[],
    classes: [] as DrawnElement[],
    move: [] as DrawnElement[],
  };
  for (const [id, old] of before) {
    const now = after.get(id);
    // The renderer cannot change what an edge joins: such an edge is another one.
    if (!now || now.group !== old.group || now.ends?.source !== old.ends?.source || now.ends?.target !== old.ends?.target)
      change.drop.push(id);
  }
  const dropped = new Set(change.drop);
  for (const [id, now] of after) {
    const old = before.get(id);
    if (!old || dropped.has(id)) {
      change.add.push(now);
      continue;
    }
    if (!sameData(old.data, now.data)) change.data.push(now);
    if (old.classes !== now.classes) change.classes.push(now);
    if (old.at?.x !== now.at?.x || old.at?.y !== now.at?.y) change.move.push(now);
  }
  return change;
}

export const isNoChange = (change: DrawnChange): boolean => Object.values(change).every((list: readonly unknown[]) => list.length === 0);
