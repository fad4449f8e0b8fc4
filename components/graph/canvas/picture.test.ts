// From a document to what is drawn, pointed at, focused and walked through.
import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../model/ids';
import { sampleBox, sampleDocument, sampleEdge, sampleId, sampleNode } from '../sample-graph';
import { buildDrawn, diffDrawn, isNoChange } from './drawn';
import { brightOf, focusOf, focusOfMatches } from './focus';
import { hitTest } from './hit-test';
import { moveCursor } from './navigation';
import { pointAt } from './picture';
import { samplePicture } from './sample-picture';

const box = sampleBox('shop');
const svc = (name: string): ReturnType<typeof sampleNode> => sampleNode(name, { kind: 'service', parent: box.id });
// a -> s -> (b, c), b -> d; e stands alone; all but a and e in a box.
const document = sampleDocument({
  boxes: [box],
  nodes: [
    sampleNode('a'),
    svc('s'),
    sampleNode('b', { parent: box.id }),
    sampleNode('c', { parent: box.id }),
    sampleNode('d', { parent: box.id }),
    sampleNode('e'),
  ],
  edges: [
    sampleEdge('a', 's'),
    sampleEdge('s', 'b'),
    sampleEdge('s', 'c'),
    sampleEdge('b', 'd'),
    sampleEdge('d', 'd'),
    sampleEdge('a', 'gone'),
  ],
});
const picture = samplePicture(document);
const at = (name: string): { readonly x: number; readonly y: number } =>
  picture.nodes.get(sampleId(name))?.at ?? { x: Number.NaN, y: Number.NaN };
const names = (ids: ReadonlySet<string> | null): string[] => document.nodes.filter((n) => ids?.has(n.id)).map((n) => n.label);

describe('buildPicture', () => {
  it('leaves out edges without both ends and what is hidden, and keeps the places', () => {
    expect(picture.edges.size).toBe(5);
    const without = samplePicture(document, (id) => id !== sampleId('b'));
    expect(without.nodes.has(sampleId('b'))).toBe(false);
    expect([...without.edges.values()].map(({ edge }) => edge.target)).not.toContain(sampleId('b'));
    expect(without.nodes.get(sampleId('c'))?.at).toEqual(at('c'));
  });

  it('ends curves at the borders of the shapes, a loop above its node', () => {
    const curve = picture.edges.get(sampleEdge('s', 'b').id)?.curve;
    const radius = Math.hypot((curve?.to.x ?? 0) - at('b').x, (curve?.to.y ?? 0) - at('b').y);
    expect(radius).toBeGreaterThan(19);
    expect(radius).toBeLessThan(23);
    expect(picture.edges.get(sampleEdge('d', 'd').id)?.curve.control.y).toBeLessThan(at('d').y - 60);
  });
});

describe('diffDrawn', () => {
  const look = { bright: null, selection: null, marks: null };
  it('says nothing when nothing drawn has changed, though numbers have', () => {
    const busier = { ...document, edges: document.edges.map((e) => ({ ...e, requestsPerSecond: e.requestsPerSecond * 1.02 })) };
    expect(isNoChange(diffDrawn(buildDrawn(picture, look), buildDrawn(samplePicture(busier), look)))).toBe(true);
  });

  it('names exactly what changed', () => {
    const changed = {
      ...document,
      nodes: document.nodes
        .filter((n) => n.label !== 'e')
        .map((n) => (n.label === 'b' ? { ...n, health: { status: 'failure', reasons: [] } as const } : n)),
    };
    const before = buildDrawn(picture, look);
    const after = buildDrawn(
      {
        ...samplePicture(changed),
        nodes: new Map([...samplePicture(changed).nodes].map(([id, n]) => [id, { ...n, at: picture.nodes.get(id)?.at ?? n.at }])),
      },
      look,
    );
    const change = diffDrawn(before, after);
    expect(change.drop).toEqual([sampleId('e')]);
    expect(change.data.map((x) => x.id)).toEqual([sampleId('b')]);
    expect(change.add).toEqual([]);
    const dimmed = diffDrawn(before, buildDrawn(picture, { bright: new Set([sampleId('a')]), selection: sampleId('a'), marks: null }));
    expect(dimmed.classes.find((x) => x.id === sampleId('a'))?.classes).toBe('selected');
    expect(dimmed.classes.find((x) => x.id === sampleId('e'))?.classes).toBe('dim');
  });

  it('replaces an edge whose ends changed', () => {
    const first = buildDrawn(picture, look);
    const id = sampleEdge('a', 's').id;
    const second = new Map(first);
    const old = first.get(id);
    if (!old) throw new Error('no edge');
    second.set(id, { ...old, ends: { source: sampleId('a'), target: sampleId('e') } });
    expect(diffDrawn(first, second)).toMatchObject({ drop: [id], add: [{ id }] });
  });
});

describe('focusOf', () => {
  it('goes through services to the workloads behind, and back to the caller', () => {
    expect(names(focusOf(picture, sampleId('a')))).toEqual(['a', 's', 'b', 'c']);
    expect(names(focusOf(picture, sampleId('c')))).toEqual(['a', 's', 'c']);
    expect(focusOf(picture, sampleId('c'))?.has(box.id)).toBe(true);
  });

  it('shows both ends of an edge, contents and neighbours of a box, nothing for what is not there', () => {
    expect(names(focusOf(picture, sampleEdge('b', 'd').id))).toEqual(['b', 'd']);
    expect(names(focusOf(picture, box.id))).toEqual(['a', 's', 'b', 'c', 'd']);
    expect(focusOf(picture, 'nothing')).toBeNull();
  });

  it('prefers what was searched for, then the selection, then the pointer', () => {
    const [s, c] = [sampleId('s'), sampleId('c')];
    expect(brightOf(picture, { matches: null, selection: null, hover: null })).toBeNull();
    expect(names(brightOf(picture, { matches: null, selection: 'gone', hover: c }))).toEqual(names(focusOf(picture, c)));
    expect(names(brightOf(picture, { matches: null, selection: s, hover: c }))).toEqual(names(focusOf(picture, s)));
    expect(names(brightOf(picture, { matches: new Set(), selection: s, hover: c }))).toEqual([]);
  });

  it('joins matches', () => {
    const bright = focusOfMatches(picture, new Set([sampleId('s'), sampleId('b')]));
    expect(bright.has(sampleEdge('s', 'b').id)).toBe(true);
    expect(bright.has(sampleEdge('s', 'c').id)).toBe(false);
  });
});

describe('hitTest', () => {
  it('finds nodes by shape and label, with at least 24 px at every zoom', () => {
    expect(hitTest(picture, at('b'), 1)?.id).toBe(sampleId('b'));
    expect(hitTest(picture, { x: at('b').x, y: at('b').y + 30 }, 1)?.id).toBe(sampleId('b'));
    expect(hitTest(picture, { x: at('a').x - 110, y: at('a').y }, 0.1)?.id).toBe(sampleId('a'));
    expect(hitTest(picture, { x: at('a').x - 110, y: at('a').y }, 1)).toBeNull();
  });

  it('finds edges near their curve, boxes at their title, and nothing on the ground', () => {
    const edge = sampleEdge('s', 'b').id;
    const middle = pointAt(picture.edges.get(edge)?.curve ?? { from: at('a'), control: at('a'), to: at('a') }, 0.5);
    expect(hitTest(picture, { x: middle.x, y: middle.y + 6 }, 1)).toEqual({ kind: 'edge', id: edge });
    const rect = picture.boxes[0]?.rect ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(hitTest(picture, { x: rect.x + 5, y: rect.y + 5 }, 1)).toEqual({ kind: 'box', id: box.id });
    expect(hitTest(picture, { x: rect.x - 500, y: rect.y - 500 }, 1)).toBeNull();
  });
});

describe('moveCursor', () => {
  const go = (from: string | null, direction: Parameters<typeof moveCursor>[2]): string | null =>
    moveCursor(picture, from === null ? null : sampleId(from), direction);
  it('goes along the calls and among siblings', () => {
    expect(go('a', 'right')).toBe(sampleId('s'));
    expect(go('s', 'left')).toBe(sampleId('a'));
    const [upper, lower] = at('b').y < at('c').y ? ['b', 'c'] : ['c', 'b'];
    expect(go(upper, 'down')).toBe(sampleId(lower));
    expect(go(lower, 'up')).toBe(sampleId(upper));
  });

  it('stays where there is no way on, starts at the beginning, has nowhere to go in an empty graph', () => {
    expect(go('c', 'right')).toBe(sampleId('c'));
    expect(go('e', 'left')).toBe(sampleId('e'));
    expect(picture.nodes.has(go(null, 'right') ?? '')).toBe(true);
    expect(moveCursor(samplePicture(sampleDocument()), null, 'right')).toBeNull();
  });

  it('reaches every node from the first one by keys', () => {
    const seen = new Set<string>();
    const queue = [go(null, 'first')];
    for (let id = queue.pop(); id; id = queue.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      for (const direction of ['left', 'right', 'up', 'down', 'next'] as const) queue.push(moveCursor(picture, id, direction));
    }
    expect(seen.size).toBe(document.nodes.length);
  });
});

it('names an annex after its box', () => {
  const id = nodeId('box-namespace', 'c', 'shop');
  expect(id).toBe(box.id);
  expect(picture.boxes[0]?.title).toBe('shop');
});
