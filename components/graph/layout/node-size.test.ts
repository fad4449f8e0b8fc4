// Sizes that the layout may rely on: room for the text that is drawn.
import { describe, expect, it } from 'vitest';
import { sampleNode } from '../sample-graph';
import { breakLabel, drawnBadges, isPile, NODE_FONT_PX, nodeSize, textWidth } from './node-size';

describe('breakLabel', () => {
  it('leaves short names whole and breaks long ones after a separator', () => {
    expect(breakLabel('cart')).toEqual(['cart']);
    expect(breakLabel('recommendation-service-backend')).toEqual(['recommendation-service-', 'backend']);
    expect(breakLabel('')).toEqual([]);
  });

  it('cuts what does not fit into two lines', () => {
    for (const name of ['x'.repeat(90), `${'part-'.repeat(30)}end`, '服务'.repeat(40)]) {
      const lines = breakLabel(name);
      expect(lines.length).toBeLessThanOrEqual(2);
      expect(lines.at(-1)).toMatch(/…$/);
      for (const line of lines) expect(textWidth(line, NODE_FONT_PX)).toBeLessThanOrEqual(168);
    }
  });
});

describe('nodeSize', () => {
  const node = { kind: 'workload', label: 'reviews', version: 'v2', badges: [], members: 1 } as const;

  it('adds the version where the name does not say it, for workloads and apps only', () => {
    expect(nodeSize(node).lines).toEqual(['reviews', 'v2']);
    expect(nodeSize({ ...node, label: 'reviews-v2' }).lines).toEqual(['reviews-v2']);
    expect(nodeSize({ ...node, version: 'unknown' }).lines).toEqual(['reviews']);
    expect(nodeSize({ ...node, kind: 'service' }).lines).toEqual(['reviews']);
  });

  it('makes room for badges above and every line below', () => {
    const plain = nodeSize(node);
    const badged = nodeSize({ ...node, badges: ['gateway', 'mirroring'] });
    expect(badged.above).toBeGreaterThan(plain.above);
    expect(plain.below).toBeGreaterThan(nodeSize({ ...node, version: null }).below);
    expect(nodeSize({ ...node, label: 'x'.repeat(90) }).width).toBeLessThan(200);
  });

  it('writes the number of members into a folded namespace', () => {
    const folded = nodeSize({ ...node, kind: 'namespace', label: 'shop', members: 1 });
    expect(folded.lines).toEqual(['shop', '1 node']);
    expect(nodeSize({ ...node, kind: 'namespace', label: 'shop', members: 12 }).lines[1]).toBe('12 nodes');
    expect(nodeSize({ ...node, kind: 'namespace', label: 'a-namespace-with-a-long-name', members: 2 }).shapeWidth).toBeGreaterThan(
      folded.shapeWidth,
    );
  });
});

describe('drawnBadges', () => {
  it('leaves out what a more exact badge says, and what the node says itself', () => {
    expect(drawnBadges(['virtualService', 'idle', 'external'])).toEqual(['virtualService']);
    expect(drawnBadges(['virtualService', 'mirroring', 'gateway'])).toEqual(['gateway', 'mirroring']);
  });

  it('draws what is folded as a pile that says what it stands for', () => {
    const app = sampleNode('cart', { kind: 'app', members: 4 });
    expect(isPile(app)).toBe(true);
    expect(nodeSize(app).lines).toEqual(['cart', '4 nodes']);
    const hub = sampleNode('prometheus', { hub: { edges: 48, requestsPerSecond: 1, errorsPerSecond: 0, tcpBytesPerSecond: 0 } });
    expect(isPile(hub)).toBe(true);
    expect(nodeSize(hub).lines).toEqual(['prometheus', '48 edges folded']);
    const single = sampleNode('cart', { kind: 'app' });
    expect(isPile(single)).toBe(false);
    expect(nodeSize(app).above).toBeGreaterThan(nodeSize(single).above);
    // Hidden nodes stand for many workloads, but nothing can be unfolded there.
    expect(isPile(sampleNode('x', { kind: 'hidden', members: 7 }))).toBe(false);
  });
});
