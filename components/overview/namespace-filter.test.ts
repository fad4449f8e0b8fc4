// Tests of namespace-filter: every filter, every order, missing numbers, sums weighted by traffic.
import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../model/health';
import type { NamespaceSummary } from '../../model/wire';
import { listNamespaces, type NamespaceChoice, sumNamespaces } from './namespace-filter';

const counts = (change: Partial<Record<HealthStatus, number>> = {}) => ({
  failure: 0,
  degraded: 0,
  notReady: 0,
  healthy: 0,
  na: 0,
  ...change,
});
const direction = (requestsPerSecond: number, errorShare: number | null) => ({ requestsPerSecond, errorShare, tcpBytesPerSecond: 10 });
const summary = (name: string, change: Partial<NamespaceSummary> = {}): NamespaceSummary => ({
  name,
  cluster: 'Kubernetes',
  mode: 'sidecar',
  revision: null,
  labels: {},
  health: 'healthy',
  apps: counts({ healthy: 1 }),
  workloads: counts({ healthy: 2 }),
  services: counts({ healthy: 1, na: 1 }),
  inbound: direction(1, 0),
  outbound: direction(0, null),
  mtlsShare: 1,
  recent: [],
  ...change,
});
const all: readonly NamespaceSummary[] = [
  summary('shop', { health: 'degraded', inbound: direction(30, 0.02), mtlsShare: 0.5, labels: { team: 'Blue' } }),
  summary('bookinfo', { health: 'failure', inbound: direction(10, 0.3) }),
  summary('empty', { health: 'na', mode: 'none', inbound: direction(0, null), mtlsShare: null }),
  summary('edge', { mode: 'ambient', inbound: direction(10, 0), mtlsShare: 0 }),
];
const any: NamespaceChoice = { text: '', health: null, mode: null, sort: 'name', names: [] };
const names = (choice: Partial<NamespaceChoice>): readonly string[] => listNamespaces(all, { ...any, ...choice }).map((one) => one.name);

describe('listNamespaces', () => {
  it('filters by text in name and labels, health, mode and the choice of the masthead', () => {
    expect(names({ text: 'book' })).toEqual(['bookinfo']);
    expect(names({ text: 'team=blue' })).toEqual(['shop']);
    expect(names({ health: 'failure' })).toEqual(['bookinfo']);
    expect(names({ mode: 'ambient' })).toEqual(['edge']);
    expect(names({ names: ['shop', 'gone'] })).toEqual(['shop']);
    expect(names({ names: ['shop'], health: 'failure' })).toEqual([]);
  });

  it.each([
    ['name', ['bookinfo', 'edge', 'empty', 'shop']],
    ['health', ['bookinfo', 'shop', 'edge', 'empty']],
    ['traffic', ['shop', 'bookinfo', 'edge', 'empty']],
    ['errors', ['bookinfo', 'shop', 'edge', 'empty']],
    ['mtls', ['edge', 'shop', 'bookinfo', 'empty']],
  ] as const)('orders by %s', (sort, expected) => {
    expect(names({ sort })).toEqual(expected);
  });
});

describe('sumNamespaces', () => {
  it('weights the error share by traffic and counts once', () => {
    const totals = sumNamespaces(all);
    expect(totals.errorShare).toBeCloseTo((30 * 0.02 + 10 * 0.3) / 50, 10);
    expect(totals).toMatchObject({ namespaces: 4, apps: 4, workloads: 8, services: 8, requestsPerSecond: 50, tcpBytesPerSecond: 40 });
    expect(totals.health).toEqual(counts({ failure: 1, degraded: 1, healthy: 1, na: 1 }));
  });

  it('has no error share without traffic', () => {
    expect(sumNamespaces([]).errorShare).toBeNull();
  });
});
