// Small parts of the live flow: events as bytes, freshness, the map that forgets, selectors of elements.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { compileHealthRules } from '../../model/health-rules';
import type { WatchState } from '../../model/inventory';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { findElement } from '../graph/element';
import { GraphMemory } from '../graph/memory';
import { projectGraph } from '../graph/project';
import { BOOKINFO_CLUSTER, BOOKINFO_TRAFFIC } from '../graph/testing/bookinfo';
import { inventoryOf, snapshotOf } from '../graph/testing/mesh-fixture';
import { clusterState, metricsState } from './freshness';
import { Lru } from './lru';
import { type DirectedSelector, selectTraffic } from './selectors';
import { encodeComment, encodeEvent, encodeRetry } from './sse';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('server-sent events', () => {
  it('have id, name and data', () => {
    expect(decode(encodeEvent('delta', 'e-1', encode('{"a":1}')))).toBe('id: e-1\nevent: delta\ndata: {"a":1}\n\n');
    expect(decode(encodeEvent('status', null, encode('é')))).toBe('event: status\ndata: é\n\n');
    expect(decode(encodeRetry(2000.4))).toBe('retry: 2000\n\n');
  });
  it('keep data of several lines, and let nothing break out of a line', () => {
    expect(decode(encodeEvent('e', null, encode('a\nb\r\nc\rd')))).toBe('event: e\ndata: a\ndata: b\ndata: c\ndata: d\n\n');
    expect(decode(encodeEvent('x\ndata: y', 'i\r\n\0d', encode('')))).toBe('id: id\nevent: xdata: y\ndata: \n\n');
    expect(decode(encodeComment('a\n\nevent: b'))).toBe(': aevent: b\n\n');
  });
});

describe('freshness', () => {
  const failure = new Failure('metricsUnreachable', 'connection refused', 'Check the address.');
  const snapshot = snapshotOf([]);
  it('of the metrics', () => {
    expect(metricsState(null, null, true)).toEqual({ state: 'waiting', atMs: null, cause: null, next: null });
    expect(metricsState(null, failure, true)).toMatchObject({
      state: 'waiting',
      cause: 'Prometheus cannot be reached: connection refused',
    });
    expect(metricsState(snapshot, null, true)).toMatchObject({ state: 'live', atMs: snapshot.atMs, cause: null });
    expect(metricsState(snapshot, failure, true)).toMatchObject({ state: 'stale', atMs: snapshot.atMs, next: 'Check the address.' });
    expect(metricsState({ ...snapshot, warnings: ['store 3 is down'] }, null, true)).toMatchObject({
      state: 'partial',
      cause: expect.stringContaining('store 3 is down'),
    });
  });
  it('of the cluster', () => {
    const watch = (resource: string, state: WatchState['state'], currentAtMs: number | null): WatchState => ({
      resource,
      state,
      objects: 1,
      currentAtMs,
      cause: state === 'retrying' ? 'connection refused' : null,
    });
    const inventory = inventoryOf(BOOKINFO_CLUSTER);
    expect(clusterState(null, [], true)).toMatchObject({ state: 'waiting', cause: null });
    expect(clusterState(null, [watch('pods', 'retrying', null)], true)).toMatchObject({
      state: 'waiting',
      cause: 'pods cannot be read: connection refused',
    });
    expect(clusterState(inventory, [watch('pods', 'live', 7), watch('services', 'live', 5), watch('x', 'absent', 1)], true)).toMatchObject({
      state: 'live',
      atMs: 5,
    });
    expect(clusterState(inventory, [watch('pods', 'retrying', 3), watch('services', 'live', 5)], true)).toMatchObject({
      state: 'stale',
      atMs: 3,
    });
    expect(clusterState(inventory, [watch('secrets', 'forbidden', null), watch('pods', 'live', 5)], true)).toMatchObject({
      state: 'partial',
      atMs: 5,
      cause: expect.stringContaining('secrets'),
    });
  });
});

it('an Lru forgets by count and by weight, what was read last stays', () => {
  const lru = new Lru<number>(3, 100);
  lru.write('a', 1, 10);
  lru.write('b', 2, 10);
  lru.write('c', 3, 10);
  expect(lru.read('a')).toBe(1);
  lru.write('d', 4, 10);
  expect([lru.read('a'), lru.read('b'), lru.read('c'), lru.read('d')]).toEqual([1, null, 3, 4]);
  lru.write('e', 5, 95);
  expect([lru.size, lru.read('e')]).toEqual([1, 5]);
  lru.write('f', 6, 500);
  expect([lru.size, lru.read('f')]).toEqual([1, 6]);
});

describe('selectors', () => {
  const traffic = new GraphMemory(compileHealthRules([])).read(snapshotOf(BOOKINFO_TRAFFIC), inventoryOf(BOOKINFO_CLUSTER));
  const select = (id: string, view: Partial<ViewSpec> = {}, clusters = false): readonly DirectedSelector[] => {
    const element = findElement(projectGraph(traffic, { ...DEFAULT_VIEW, ...view }), id);
    if (element === null) throw new Error(`no element ${id}`);
    return selectTraffic(element, clusters, false);
  };
  const service = { kind: 'name', cluster: null, name: 'reviews', namespace: 'bookinfo' };
  const page = { kind: 'workload', cluster: null, namespace: 'bookinfo', workload: 'productpage-v1' };
  const v1 = { kind: 'workload', cluster: null, namespace: 'bookinfo', workload: 'reviews-v1' };
  const none = { source: null, destination: null, service: null, protocol: null };

  it('of edges: into a service, on to its workloads, between services', () => {
    expect(select('version/Kubernetes/bookinfo/productpage-v1>service/Kubernetes/bookinfo/reviews|http')).toEqual([
      { direction: 'edge', selector: { source: page, destination: null, service, protocol: 'http' } },
    ]);
    expect(select('service/Kubernetes/bookinfo/reviews>version/Kubernetes/bookinfo/reviews-v1|http')).toEqual([
      { direction: 'edge', selector: { source: null, destination: v1, service, protocol: 'http' } },
    ]);
    expect(select('service/Kubernetes/bookinfo/productpage>service/Kubernetes/bookinfo/reviews|http', { graphType: 'service' })).toEqual([
      {
        direction: 'edge',
        selector: {
          source: { kind: 'app', cluster: null, namespace: 'bookinfo', app: 'productpage', version: null },
          destination: null,
          service,
          protocol: 'http',
        },
      },
    ]);
  });
  it('of nodes and boxes', () => {
    expect(select('version/Kubernetes/bookinfo/reviews-v1', {}, true)).toEqual([
      { direction: 'inbound', selector: { ...none, destination: { ...v1, cluster: 'Kubernetes' } } },
      { direction: 'outbound', selector: { ...none, source: { ...v1, cluster: 'Kubernetes' } } },
    ]);
    expect(select('service/Kubernetes/bookinfo/reviews')).toEqual([{ direction: 'inbound', selector: { ...none, service } }]);
    const namespace = { kind: 'namespace', cluster: null, namespace: 'bookinfo' };
    expect(select('box-namespace/Kubernetes/bookinfo')).toEqual([
      { direction: 'inbound', selector: { ...none, destination: namespace } },
      { direction: 'outbound', selector: { ...none, source: namespace } },
    ]);
    expect(select('namespace/Kubernetes/bookinfo', { level: 'namespaces' })).toHaveLength(2);
    expect(select('app/Kubernetes/bookinfo/reviews', { graphType: 'app' })[0]?.selector.destination).toEqual({
      kind: 'app',
      cluster: null,
      namespace: 'bookinfo',
      app: 'reviews',
      version: null,
    });
  });
});
