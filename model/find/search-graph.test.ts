// What the search box finds, and in which order.
import { describe, expect, it } from 'vitest';
import { sampleBox, sampleDocument, sampleEdge, sampleId, sampleNode } from '../../components/graph/sample-graph';
import { searchGraph } from './search-graph';

const graph = sampleDocument({
  nodes: [
    sampleNode('cart'),
    sampleNode('shopping-cart'),
    sampleNode('cartography', { namespace: 'maps' }),
    sampleNode('v1', { app: 'reviews', version: 'v1', workload: 'reviews-v1' }),
    sampleNode('stripe', { kind: 'serviceEntry', hosts: ['api.stripe.com'] }),
  ],
  boxes: [sampleBox('maps')],
  edges: [sampleEdge('cart', 'stripe'), sampleEdge('shopping-cart', 'cart'), sampleEdge('cart', 'gone')],
});
const labels = (text: string, limit?: number): string[] => searchGraph(graph, text, limit).map((hit) => hit.label);

describe('searchGraph', () => {
  it('ranks the whole name over its start over the start of a part', () => {
    expect(labels('cart')).toEqual(['cart', 'cartography', 'shopping-cart']);
    expect(labels('CART', 1)).toEqual(['cart']);
  });

  it('finds by workload, host, namespace, and says by which', () => {
    expect(searchGraph(graph, 'reviews-v1')[0]).toMatchObject({ id: sampleId('v1'), field: 'workload' });
    expect(searchGraph(graph, 'api.stripe')[0]).toMatchObject({ id: sampleId('stripe'), field: 'host' });
    expect(labels('maps')).toEqual(['maps', 'cartography']);
  });

  it('wants every word somewhere, and a named field where one is named', () => {
    expect(labels('cart maps')).toEqual(['cartography']);
    expect(labels('ns:maps')).toEqual(['maps', 'cartography']);
    expect(labels('name:maps')).toEqual(['maps']);
    expect(labels('cart nothing')).toEqual([]);
  });

  it('finds edges by their ends, either side open, never those without both', () => {
    expect(labels('cart > stripe')).toEqual(['cart > stripe']);
    expect(labels('> cart')).toEqual(['shopping-cart > cart']);
    expect(labels('cart >')).toEqual(['cart > stripe', 'shopping-cart > cart']);
    expect(labels('>')).toEqual([]);
  });

  it('finds nothing for nothing, and takes any text', () => {
    expect(labels('')).toEqual([]);
    expect(labels('   ')).toEqual([]);
    expect(labels('(*[\\')).toEqual([]);
    expect(labels(':x')).toEqual([]);
  });
});
