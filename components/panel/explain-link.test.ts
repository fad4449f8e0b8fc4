// Tests of the way from the graph to the explanation: filled as far as the graph knows.
import { describe, expect, it } from 'vitest';
import { sampleNode } from '../graph/sample-graph';
import { buildExplainHref } from './explain-link';

const source = sampleNode('page', { namespace: 'shop', workload: 'page-v1' });
const target = sampleNode('cart', { hosts: ['cart', 'cart.shop.svc.cluster.local'] });

describe('buildExplainHref', () => {
  it('names caller, host and protocol', () => {
    expect(buildExplainHref({ source, target, protocol: 'grpc' })).toBe(
      '/explain?sourceNamespace=shop&source=page-v1&host=cart.shop.svc.cluster.local&protocol=grpc',
    );
  });

  it('names what there is, and leads nowhere from nothing', () => {
    expect(buildExplainHref({ target })).toBe('/explain?host=cart.shop.svc.cluster.local');
    expect(buildExplainHref({ source: { ...source, workload: null } })).toBeNull();
  });
});
