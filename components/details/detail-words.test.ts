// Words and addresses of pages: which tab an address opens, where a document is asked for, which graph is around it; hostile names stay names.
import { expect, it } from 'vitest';
import type { DetailPeer } from '../../model/detail';
import type { EntityRef } from '../../model/entity';
import { decodeView } from '../../model/wire';
import { buildDetailPath, elsewhere, graphHrefOf, readTab } from './detail-words';
import { wordPeer } from './peer-table';

const REVIEWS: EntityRef = { kind: 'workload', namespace: 'bookinfo', name: 'reviews-v1' };

it('opens the tab that an address names, the first where the kind has no such tab', () => {
  expect([readTab('service', 'routing'), readTab('workload', 'routing'), readTab('namespace', ''), readTab('app', '__proto__')]).toEqual([
    'routing',
    'overview',
    'overview',
    'overview',
  ]);
});

it('asks for a document under its own name, whatever the name', () => {
  expect(buildDetailPath(REVIEWS, 'duration=5m')).toBe('/api/details/workloads/bookinfo/reviews-v1?duration=5m');
  expect(buildDetailPath({ kind: 'namespace', namespace: 'shop', name: 'shop' }, '')).toBe('/api/details/namespaces/shop');
  expect(buildDetailPath({ ...REVIEWS, name: '../x?y#z' }, '')).toBe('/api/details/workloads/bookinfo/..%2Fx%3Fy%23z');
});

it('leads to the graph around it with the edge chosen, which a page of the graph can read', () => {
  const node = 'workload/Kubernetes/bookinfo/reviews-v1';
  const href = graphHrefOf(REVIEWS, node, 300, 'an>edge|http');
  const query = new URLSearchParams(href.slice(href.indexOf('?')));
  expect(query.get('select')).toBe('an>edge|http');
  expect(decodeView(query)).toMatchObject({ focus: node, graphType: 'workload', serviceNodes: false, windowSeconds: 300, up: 1, down: 1 });
  expect(
    decodeView(new URLSearchParams(graphHrefOf({ kind: 'namespace', namespace: 'shop', name: 'shop' }, null, 60).slice(7))),
  ).toMatchObject({
    namespaces: ['shop'],
    focus: null,
  });
});

it('leads to the dashboard and the explanation with what they ask for filled in', () => {
  expect(elsewhere(REVIEWS, null).map(({ href }) => href)).toEqual([
    '/explain?sourceNamespace=bookinfo&source=reviews-v1',
    '/dashboards/istio-workload?var-namespace=bookinfo&var-workload=reviews-v1',
  ]);
  expect(elsewhere({ ...REVIEWS, kind: 'service' }, null)).toEqual([]);
});

it('counts what may not be seen instead of naming it', () => {
  const peer = { kind: 'hidden', label: 'Hidden', members: 1 } as DetailPeer;
  expect([
    wordPeer(peer, 'inbound'),
    wordPeer({ ...peer, members: 3 }, 'outbound'),
    wordPeer({ ...peer, kind: 'workload', label: 'web' }, 'inbound'),
  ]).toEqual(['1 hidden caller', '3 hidden callees', 'web']);
});
