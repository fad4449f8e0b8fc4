// The URL and back.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { DEFAULT_VIEW } from '../../model/wire';
import { DEFAULT_SCREEN, decodeScreen, encodeScreen, type Screen } from './screen-url';

describe('screen in the URL', () => {
  it('is empty for the default and read back as the default', () => {
    expect(encodeScreen(DEFAULT_SCREEN).toString()).toBe('');
    expect(decodeScreen(new URLSearchParams())).toEqual(DEFAULT_SCREEN);
  });

  it('survives the way there and back', () => {
    const screen: Screen = {
      view: { ...DEFAULT_VIEW, graphType: 'workload', namespaces: ['a', 'b'], windowSeconds: 300, hide: 'healthy' },
      selection: 'workload/c/shop/x%2f>service/c/shop/y|http',
      find: 'name = "a & b"',
      labels: ['rate', 'p95', 'mtls'],
      edges: 'unhealthy',
      traffic: true,
      positions: 'mine',
      layout: 'grid',
      badges: ['security', 'sidecars'],
    };
    expect(decodeScreen(new URLSearchParams(encodeScreen(screen).toString()))).toEqual(screen);
  });

  it('tells no labels from the default labels, drops unknown words, sorts', () => {
    expect(decodeScreen(new URLSearchParams('labels=')).labels).toEqual([]);
    expect(encodeScreen({ ...DEFAULT_SCREEN, labels: [] }).toString()).toBe('labels=');
    expect(decodeScreen(new URLSearchParams('labels=p99,nonsense,rate&edges=some')).labels).toEqual(['rate', 'p99']);
    expect(decodeScreen(new URLSearchParams('edges=some')).edges).toBe('all');
  });

  it('keeps foreign parameters, cuts endless text, refuses a view that cannot be read', () => {
    expect(encodeScreen(DEFAULT_SCREEN, new URLSearchParams('tab=3&find=old')).toString()).toBe('tab=3');
    expect(decodeScreen(new URLSearchParams({ find: 'x'.repeat(5000) })).find).toHaveLength(1000);
    expect(() => decodeScreen(new URLSearchParams('graphType=pie'))).toThrow(Failure);
  });
});
