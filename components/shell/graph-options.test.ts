// Tests of graph-options: overlays follow labels, labels keep their order, places survive another window.
import { describe, expect, it } from 'vitest';
import { DEFAULT_VIEW } from '../../model/wire';
import { listOverlays } from '../live/label-overlays';
import { EDGE_LABELS } from '../live/screen-url';
import { buildPositionsKey, LABEL_CHOICES, toggleLabel } from './graph-options';

describe('labels', () => {
  it('offers every label once', () => {
    expect(LABEL_CHOICES.map(({ value }) => value).toSorted()).toEqual([...EDGE_LABELS].sort());
  });

  it('asks for what the labels need, once, sorted', () => {
    expect(listOverlays(['rate', 'errors', 'mtls', 'share'])).toEqual([]);
    expect(listOverlays(['p99', 'throughput', 'p50', 'avg'])).toEqual(['latency', 'quantiles', 'throughput']);
  });

  it('toggles in the order of the choices', () => {
    expect(toggleLabel(['rate', 'mtls'], 'errors')).toEqual(['rate', 'errors', 'mtls']);
    expect(toggleLabel(['rate', 'errors'], 'rate')).toEqual(['errors']);
    expect(toggleLabel([], 'p95')).toEqual(['p95']);
  });
});

describe('buildPositionsKey', () => {
  it('is the same for another window and other overlays, another for other namespaces', () => {
    const key = buildPositionsKey(DEFAULT_VIEW);
    expect(buildPositionsKey({ ...DEFAULT_VIEW, windowSeconds: 600, overlays: ['latency'], atSeconds: 1_800_000_000 })).toBe(key);
    expect(buildPositionsKey({ ...DEFAULT_VIEW, namespaces: ['shop'] })).not.toBe(key);
  });
});
