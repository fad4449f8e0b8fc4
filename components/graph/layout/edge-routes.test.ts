// Bends: none without reason, apart for parallel edges, around what lies in the way.
import { describe, expect, it } from 'vitest';
import type { Point, Rect } from './arrangement';
import { pointOnCurve, routeEdges } from './edge-routes';

const centres = new Map<string, Point>([
  ['a', { x: 0, y: 0 }],
  ['b', { x: 600, y: 0 }],
  ['m', { x: 300, y: 0 }],
  ['far', { x: 300, y: 400 }],
]);
const shapes = new Map<string, Rect>([...centres].map(([id, at]) => [id, { x: at.x - 20, y: at.y - 20, width: 40, height: 40 }]));
const without = (id: string): Map<string, Rect> => new Map([...shapes].filter(([own]) => own !== id));

describe('routeEdges', () => {
  it('leaves edges straight that meet nothing', () => {
    expect(routeEdges([{ id: 'e', source: 'a', target: 'b' }], centres, without('m')).size).toBe(0);
  });

  it('leads an edge around a node on its line', () => {
    const bow = routeEdges([{ id: 'e', source: 'a', target: 'b' }], centres, shapes).get('e') ?? 0;
    expect(Math.abs(bow)).toBeGreaterThan(40);
    const middle = pointOnCurve({ x: 0, y: 0 }, { x: 600, y: 0 }, bow, 0.5);
    expect(Math.abs(middle.y)).toBeGreaterThan(20);
    expect(middle.x).toBe(300);
  });

  it('keeps parallel edges apart, there and back, and three of them', () => {
    const bows = routeEdges(
      [
        { id: 'there', source: 'a', target: 'b' },
        { id: 'back', source: 'b', target: 'a' },
        { id: 'tcp', source: 'a', target: 'b' },
      ],
      centres,
      without('m'),
    );
    const middles = [
      pointOnCurve({ x: 0, y: 0 }, { x: 600, y: 0 }, bows.get('there') ?? 0, 0.5).y,
      pointOnCurve({ x: 600, y: 0 }, { x: 0, y: 0 }, bows.get('back') ?? 0, 0.5).y,
      pointOnCurve({ x: 0, y: 0 }, { x: 600, y: 0 }, bows.get('tcp') ?? 0, 0.5).y,
    ];
    expect(new Set(middles.map(Math.round)).size).toBe(3);
  });

  it('passes over loops and edges without places', () => {
    const edges = [
      { id: 'loop', source: 'a', target: 'a' },
      { id: 'lost', source: 'a', target: 'nowhere' },
    ];
    expect(routeEdges(edges, centres, shapes).size).toBe(0);
  });
});
