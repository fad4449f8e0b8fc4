// What the planner writes when a rule is switched off is what the page lists, in the same order; what cannot be put back is not offered.
import { expect, it } from 'vitest';
import type { ConfigObject } from '../../model/inventory';
import { DISABLED_RULES, withDisabledRules } from '../changes/plan/disabled-rules';
import { listDisabledRules } from './disabled-rules';

const rule = { match: [{ uri: { prefix: '/x' } }], route: [{ destination: { host: 'reviews', subset: 'v2' } }] };
const metadata = { name: 'reviews', namespace: 'bookinfo' };
const written = withDisabledRules({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec: {} }, [
  { list: 'http', index: 1, rule },
  { list: 'http', index: 0, rule: { ...rule, timeout: '2s' } },
]);

const objectWith = (annotations: Readonly<Record<string, string>>): ConfigObject => ({
  ...metadata,
  cluster: 'Kubernetes',
  uid: 'u',
  resourceVersion: '1',
  createdAtMs: 0,
  labels: {},
  annotations,
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  generation: 1,
  spec: {},
  status: null,
});

it('lists the rules that the planner switched off, by their position', () => {
  const listed = listDisabledRules(objectWith(written.metadata.annotations ?? {}), 'cluster.local');
  expect(listed.map(({ position, raw }) => [position, raw])).toEqual([
    [0, rule],
    [1, { ...rule, timeout: '2s' }],
  ]);
  expect(listed[0]?.object).toEqual({ kind: 'VirtualService', ...metadata });
  expect(listed[0]?.words).toContain('/x');
});

it.each(['no JSON', '{}', '[{"rule":{}}]', '[{"list":"http","index":-1,"rule":{}}]'])('offers nothing of an annotation like %s', (text) => {
  expect(listDisabledRules(objectWith({ [DISABLED_RULES]: text }), 'cluster.local')).toEqual([]);
});
