// The counter of overlaps: a bench that finds none must be able to find one.
import { describe, expect, it } from 'vitest';
import { buildLayoutInput } from '../../components/graph/canvas/picture';
import type { LayoutInput } from '../../components/graph/layout/arrangement';
import { layoutGraph } from '../../components/graph/layout/layout-graph';
import { buildMeshDocument, replaceVersions } from './mesh-document';
import { buildMeshModel } from './mesh-model';
import { countOverlaps } from './overlaps';

const input: LayoutInput = {
  nodes: ['a', 'b', 'c'].map((id) => ({ id, parent: id === 'c' ? null : 'box', width: 10, above: 5, below: 5 })),
  boxes: ['box', 'other'].map((id) => ({ id, parent: null, kind: 'namespace', titleWidth: 10 })),
  edges: [],
  layerGap: 10,
  aspect: 1,
  layout: 'flow',
};
const arranged = (a: number, b: number, c: number, other: number) => ({
  nodes: new Map([a, b, c].map((x, i) => [['a', 'b', 'c'][i] ?? '', { x, y: 0 }])),
  boxes: new Map([0, other].map((x, i) => [['box', 'other'][i] ?? '', { x, y: -20, width: 100, height: 40 }])),
  annexes: new Map(),
});

describe('countOverlaps', () => {
  it('finds nodes on nodes, boxes on boxes, and nodes in boxes that are not theirs', () => {
    expect(countOverlaps(input, arranged(10, 30, 200, 300))).toEqual({ nodes: 0, boxes: 0, strangers: 0 });
    expect(countOverlaps(input, arranged(10, 15, 200, 300))).toEqual({ nodes: 1, boxes: 0, strangers: 0 });
    expect(countOverlaps(input, arranged(10, 30, 50, 300))).toEqual({ nodes: 0, boxes: 0, strangers: 1 });
    expect(countOverlaps(input, arranged(10, 30, 200, 90))).toEqual({ nodes: 0, boxes: 1, strangers: 0 });
  });
});

describe('the generated mesh', () => {
  it('has as many leaves as asked for, the same ones each time', () => {
    const document = buildMeshDocument(buildMeshModel(200));
    expect(document.nodes).toHaveLength(200);
    expect(buildMeshDocument(buildMeshModel(200))).toEqual(document);
    const ids = new Set<string>(document.nodes.map((node) => node.id));
    expect(ids.size).toBe(200);
    expect(document.edges.filter((edge) => !ids.has(edge.source) || !ids.has(edge.target))).toEqual([]);
    const sizes = new Map(
      document.nodes.map((node) => [node.id as string, { shapeWidth: 40, shapeHeight: 40, lines: [], width: 60, above: 20, below: 30 }]),
    );
    const own = buildLayoutInput(document, sizes, { layerGap: 60, aspect: 1.6, layout: 'flow' });
    expect(countOverlaps(own, layoutGraph(own))).toEqual({ nodes: 0, boxes: 0, strangers: 0 });
    const after = replaceVersions(document, 0.05, 3);
    const stayed = after.nodes.filter((node) => ids.has(node.id)).length;
    expect(stayed).toBeLessThan(200);
    expect(stayed).toBeGreaterThan(180);
  });
});
