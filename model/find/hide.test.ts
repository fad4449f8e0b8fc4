// What hide takes away, what it leaves, and that plain words hide as they find.
import { describe, expect, it } from 'vitest';
import { sampleDocument, sampleEdge, sampleNode } from '../../components/graph/sample-graph';
import type { HealthStatus } from '../health';
import { hideElements } from './hide';
import { parseQuery } from './query';
import { NO_FACTS } from './read-element';
import { randomExpression, randomGraph, randomOf } from './testing/random-expression';

const node = (name: string, status: HealthStatus = 'healthy'): ReturnType<typeof sampleNode> =>
  sampleNode(name, { health: { status, reasons: [] } });
// gw -> a -> b(fails), a -> c, d alone, e(fails) -> c
const graph = sampleDocument({
  nodes: [node('gw'), node('a'), node('b', 'failure'), node('c'), node('d'), node('e', 'degraded')],
  edges: [
    sampleEdge('gw', 'a'),
    sampleEdge('a', 'b', { health: 'failure' }),
    sampleEdge('a', 'c', { protocol: 'tcp', health: 'na' }),
    sampleEdge('e', 'c'),
  ],
});
const left = (hide: string): string[] => {
  const { nodes, edges } = hideElements(parseQuery(hide), graph, NO_FACTS);
  const name = (id: string): string => id.split('/').at(-1) ?? '';
  return [
    ...graph.nodes.filter(({ id }) => !nodes.has(id)).map(({ label }) => label),
    ...graph.edges.filter(({ id }) => !edges.has(id)).map(({ source, target }) => `${name(source)}>${name(target)}`),
  ];
};

describe('hideElements', () => {
  it('leaves what fails, with both ends', () => expect(left('healthy')).toEqual(['a', 'b', 'e', 'a>b']));
  it('takes the edges of hidden nodes', () => expect(left('name = a')).toEqual(['gw', 'b', 'c', 'd', 'e', 'e>c']));
  it('takes nodes that had no other edge, but never those that fail', () => {
    expect(left('protocol = http')).toEqual(['a', 'b', 'c', 'd', 'e', 'a>c']);
    expect(left('protocol = tcp')).toEqual(['gw', 'a', 'b', 'c', 'd', 'e', 'gw>a', 'a>b', 'e>c']);
  });
  it('hides what plain words find', () => {
    expect(left('e')).toEqual(left('name contains e'));
    expect(left('a > b')).toEqual(['gw', 'a', 'b', 'c', 'd', 'e', 'gw>a', 'a>c', 'e>c']);
  });
  it('hides nothing for nothing or an error', () => {
    expect(left('')).toHaveLength(10);
    expect(left('foo = ')).toHaveLength(10);
  });
  it('leaves no edge without both ends, whatever the expression', () => {
    const random = randomOf(5);
    const world = randomGraph(random, 30, 80);
    for (let i = 0; i < 500; i++) {
      const { nodes, edges } = hideElements({ kind: 'expression', expression: randomExpression(random) }, world, NO_FACTS);
      for (const edge of world.edges) if (!edges.has(edge.id)) expect(nodes.has(edge.source) || nodes.has(edge.target)).toBe(false);
    }
  });
});
