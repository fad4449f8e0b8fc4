// The layouts beside Flow: nothing overlaps, equal input gives equal output, refreshes move nothing; ELK's words; what is said instead.
import { describe, expect, it } from 'vitest';
import { type Arrangement, type LayoutInput, nodeRect, overlaps } from './arrangement';
import { fromElk, toElk } from './elk-layout';
import { insertNodes } from './insert';
import { createLayoutClient } from './layout-client';
import { layoutGraph } from './layout-graph';
import { decideLayout, LAYOUT_NAMES, type LayoutName, MAX_LAYERED_NODES } from './layout-names';

/** Namespaces of twelve nodes that call each other; every tenth node talks to nobody. */
function input(layout: LayoutName, count = 120, boxed = true): LayoutInput {
  const id = (i: number): string => `ns${Math.floor(i / 12)}/node${i}`;
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: id(i),
    parent: boxed ? `ns${Math.floor(i / 12)}` : null,
    width: 50 + ((i * 37) % 90),
    above: 23,
    below: 40 + ((i * 13) % 17),
  }));
  const edges = nodes.flatMap((node, i) =>
    i % 10 === 9
      ? []
      : [1, 5, 31].map((step) => (i * step + step) % count).flatMap((k) => (k % 10 === 9 ? [] : [{ source: node.id, target: id(k) }])),
  );
  const boxes = Array.from({ length: Math.ceil(count / 12) }, (_, i) => ({
    id: `ns${i}`,
    parent: null,
    kind: 'namespace' as const,
    titleWidth: 80,
  }));
  return { nodes, boxes: boxed ? boxes : [], edges, layerGap: 60, aspect: 1.6, layout };
}

function faults(own: LayoutInput, { nodes, boxes }: Arrangement): string[] {
  const rects = own.nodes.map((node) => ({
    id: node.id,
    parent: node.parent,
    rect: nodeRect(node, nodes.get(node.id) ?? { x: Number.NaN, y: 0 }),
  }));
  const found = rects.flatMap(({ id, rect }, i) =>
    Number.isNaN(rect.x) ? [`${id} has no place`] : rects.slice(i + 1).flatMap((b) => (overlaps(rect, b.rect) ? [`${id} on ${b.id}`] : [])),
  );
  for (const [box, frame] of boxes)
    for (const { id, parent, rect } of rects) if (parent !== box && overlaps(rect, frame)) found.push(`${id} in ${box}`);
  const frames = [...boxes];
  frames.forEach(([a, rect], i) => {
    for (const [b, other] of frames.slice(i + 1)) if (overlaps(rect, other)) found.push(`${a} on ${b}`);
  });
  return found;
}
const flat = ({ nodes }: Arrangement): unknown => [...nodes].sort();

describe.each(['flow', 'pack', 'grid', 'concentric', 'breadthFirst'] as const)('%s', (layout) => {
  const boxed = layout === 'flow' || layout === 'pack' || layout === 'grid';
  const own = input(layout, 120, boxed);

  it('places every node, none on another', () => {
    expect(faults(own, layoutGraph(own))).toEqual([]);
    expect(faults(input(layout, 7, boxed), layoutGraph(input(layout, 7, boxed)))).toEqual([]);
    expect(layoutGraph(input(layout, 0, boxed)).nodes.size).toBe(0);
  });

  it('is a function of the graph, not of the order in which it is told', () => {
    const turned = { ...own, nodes: own.nodes.toReversed(), boxes: own.boxes.toReversed(), edges: own.edges.toReversed() };
    expect(flat(layoutGraph(turned))).toEqual(flat(layoutGraph(own)));
  });

  it('moves nothing at a refresh, not even a border', () => {
    const before = layoutGraph(own);
    expect(insertNodes(before, own).arrangement).toEqual(before);
    const { arrangement } = insertNodes(before, input(layout, 123, boxed));
    for (const [id, at] of before.nodes) expect(arrangement.nodes.get(id)).toEqual(at);
    expect(arrangement.nodes.size).toBe(123);
  });

  it('keeps its boxes, or has none', () => {
    expect(layoutGraph(own).boxes.size).toBe(boxed ? 10 : 0);
  });
});

describe('layouts', () => {
  it('pack shows larger than flow', () => {
    const side = (layout: LayoutName): number => {
      const boxes = [...layoutGraph(input(layout, 200)).boxes.values()];
      return Math.max(Math.max(...boxes.map((r) => r.x + r.width)) / 1.6, Math.max(...boxes.map((r) => r.y + r.height)));
    };
    expect(side('pack')).toBeLessThan(side('flow'));
  });

  it('concentric puts the most connected in the middle, breadth first the callers to the left', () => {
    const star = (layout: LayoutName): Arrangement =>
      layoutGraph({
        ...input(layout, 30, false),
        edges: Array.from({ length: 29 }, (_, i) => ({ source: 'ns0/node0', target: `ns${Math.floor((i + 1) / 12)}/node${i + 1}` })),
      });
    const far = [...star('concentric').nodes].map(([id, at]) => [id, Math.hypot(at.x, at.y)] as const).sort((a, b) => a[1] - b[1]);
    expect(far[0]?.[0]).toBe('ns0/node0');
    const lefts = [...star('breadthFirst').nodes].sort((a, b) => a[1].x - b[1].x);
    expect(lefts[0]?.[0]).toBe('ns0/node0');
  });

  it('are what was chosen, or say in words what is drawn instead', () => {
    const small = { nodes: 40, namespaces: 3, boxes: 5 };
    for (const layout of LAYOUT_NAMES) expect(decideLayout(layout, small).layout).toBe(layout);
    expect(decideLayout('flow', small).note).toBeNull();
    expect(decideLayout('concentric', small).note).toContain('without boxes');
    expect(decideLayout('concentric', { ...small, boxes: 0 }).note).toBeNull();
    const large = decideLayout('layered', { nodes: MAX_LAYERED_NODES + 1, namespaces: 4, boxes: 4 });
    expect(large).toEqual({ layout: 'flow', note: expect.stringContaining(`up to ${MAX_LAYERED_NODES} nodes`) });
    expect(decideLayout('layered', { nodes: MAX_LAYERED_NODES + 1, namespaces: 1, boxes: 4 }).note).toBeNull();
  });
});

describe('ELK', () => {
  const own = input('layered', 24);

  it('is asked for boxes in boxes and answers places of our kind', () => {
    const question = toElk(own);
    expect(question.children?.map((child) => [child.id, child.children?.length])).toEqual([
      ['ns0', 12],
      ['ns1', 12],
    ]);
    expect(question.edges?.length).toBe(own.edges.filter(({ source, target }) => source !== target).length);
    // An answer as ELK gives it: every place relative to the box around.
    const answer = {
      ...question,
      children:
        question.children?.map((box, b) => ({
          ...box,
          ...{ x: b * 1000, y: 0, width: 900, height: 900 },
          children: (box.children ?? []).map((node, i) => ({ ...node, x: 20 + (i % 4) * 200, y: 40 + Math.floor(i / 4) * 200 })),
        })) ?? [],
    };
    const { nodes, boxes } = fromElk(own, answer);
    expect(faults(own, { nodes, boxes, annexes: new Map() })).toEqual([]);
    expect(boxes.get('ns1')).toEqual({ x: 1000, y: 0, width: 900, height: 900 });
    const first = own.nodes[0];
    expect(nodes.get(first?.id ?? '')).toEqual({ x: 20 + (first?.width ?? 0) / 2, y: 40 + 23 });
  });

  it('that fails gives way to Flow, says so, and is loaded anew when asked again', async () => {
    let loads = 0;
    const client = createLayoutClient(
      () => {
        throw new Error('no worker here');
      },
      () => {
        loads++;
        return Promise.reject(new Error('offline'));
      },
    );
    const laid = await client.layout(own);
    expect(laid?.note).toContain('offline');
    expect(flat(laid?.arrangement ?? layoutGraph(input('grid')))).toEqual(flat(layoutGraph({ ...own, layout: 'flow' })));
    await client.layout(own);
    expect(loads).toBe(2);
    const late = client.layout(own);
    const newer = client.layout(input('grid', 12));
    expect(await late).toBeNull();
    expect((await newer)?.note).toBeNull();
  });
});
