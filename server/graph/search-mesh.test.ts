// Searching the whole mesh from a folded view: what is found, and what of the view stands for it.
import { describe, expect, it } from 'vitest';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW } from '../../model/wire';
import { GraphMemory } from './memory';
import { projectGraph } from './project';
import { meshView, searchMesh } from './search-mesh';
import { inventoryOf, type ObservationSpec, snapshotOf } from './testing/mesh-fixture';

describe('searchMesh', () => {
  const traffic = new GraphMemory(compileHealthRules([])).read(
    snapshotOf([
      { from: 'shop/cart-v1', to: 'shop/cart-v2', codes: { '200': 3 } },
      { from: 'pay/bank-v1', to: 'shop/cart-v1', codes: { '200': 1, '503': 1 } },
      ...Array.from({ length: 60 }, (_, i): ObservationSpec => ({ from: `bulk/w${i}`, to: `bulk/w${i + 1}` })),
    ]),
    inventoryOf({ workloads: { 'shop/cart-v1': {}, 'shop/cart-v2': {}, 'pay/bank-v1': {} } }),
  );
  const base = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false } as const;
  const search = (text: string, view: Partial<typeof DEFAULT_VIEW>) => {
    const spec = { ...base, ...view };
    return searchMesh(text, projectGraph(traffic, meshView(spec)).graph, projectGraph(traffic, spec).graph, 5);
  };

  it('finds what is folded, and says what to open', () => {
    const { hits, more, query, atMs } = search('cart', { level: 'namespaces' });
    expect([query, atMs, more]).toEqual(['cart', 5, 0]);
    expect(hits.map((h) => [h.id, h.shownAs, h.open])).toEqual([
      ['workload/Kubernetes/shop/cart-v1', 'namespace/Kubernetes/shop', 'shop'],
      ['workload/Kubernetes/shop/cart-v2', 'namespace/Kubernetes/shop', 'shop'],
    ]);
    expect(hits[0]).toMatchObject({ kind: 'workload', label: 'cart-v1', app: 'cart', health: 'failure', requestsPerSecond: 5 });
    expect(search('cart', { level: 'apps' }).hits.map((h) => [h.shownAs, h.open])).toEqual([
      ['app/Kubernetes/shop/cart', 'shop/cart'],
      ['app/Kubernetes/shop/cart', 'shop/cart'],
    ]);
    expect(search('cart-v1', {}).hits.map((h) => [h.shownAs, h.open])).toEqual([['workload/Kubernetes/shop/cart-v1', null]]);
  });
  it('looks beyond what the view shows', () => {
    expect(search('bank', { namespaces: ['bulk'] }).hits.map((h) => [h.label, h.shownAs])).toEqual([['bank-v1', null]]);
    expect(search('bank', { focus: 'workload/Kubernetes/bulk/w3' }).hits).toHaveLength(1);
  });
  it('gives at most fifty, and says how many more there are', () => {
    const { hits, more } = search('bulk', {});
    expect([hits.length, more]).toEqual([50, 11]);
  });
  it('finds nothing of what is not there', () => {
    expect(search('nobody', {}).hits).toEqual([]);
  });
});
