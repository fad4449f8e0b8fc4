// The object store: identity, order of events, history and compaction.
import { describe, expect, it } from 'vitest';
import { buildPod, buildVirtualService, START_MS, smallWorld } from './fixtures/small-cluster';
import { ObjectStore } from './store';

const newStore = (historyLimit?: number): ObjectStore =>
  new ObjectStore({ now: () => START_MS, ...(historyLimit === undefined ? {} : { historyLimit }) });

describe('ObjectStore', () => {
  it('gives new objects an identity, the same in every run', () => {
    const [first, second] = [newStore(), newStore()].map((store) => {
      store.seed(smallWorld());
      return store.read('services', 'bookinfo', 'reviews');
    });
    expect(first?.metadata.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(first).toEqual(second);
    expect(first?.metadata).toMatchObject({ creationTimestamp: '2026-03-01T12:00:00Z' });
  });

  it('keeps identity on a write, moves the generation only for the desired state, and drops writes that change nothing', () => {
    const store = newStore();
    const created = store.write(buildVirtualService('a'));
    const revision = store.revision;
    expect(store.write({ ...created })).toBe(created);
    expect(store.revision).toBe(revision);
    const status = store.write({ ...created, status: { observedGeneration: 1 } });
    expect(status.metadata).toMatchObject({ generation: 1, uid: created.metadata.uid, resourceVersion: String(revision + 1) });
    const changed = store.write({ ...status, spec: { hosts: ['b'] }, metadata: { name: 'a', namespace: 'bookinfo', uid: 'forged' } });
    expect(changed.metadata).toMatchObject({ generation: 2, uid: created.metadata.uid });
  });

  it('stores every version of a kind as one object, and freezes it', () => {
    const store = newStore();
    const object = store.write({ ...buildVirtualService('a'), apiVersion: 'networking.istio.io/v1alpha3' });
    expect(object.apiVersion).toBe('networking.istio.io/v1');
    expect(store.list('virtualservices.networking.istio.io', 'bookinfo')).toEqual([object]);
    expect(Object.isFrozen(object['spec'])).toBe(true);
    expect(() => store.write({ apiVersion: 'v2', kind: 'Pod', metadata: { name: 'x' } })).toThrow('no kind Pod in v2');
  });

  it('lists in key order and tells each listener every change in order, also changes that listeners make', () => {
    const store = newStore();
    const seen: string[] = [];
    store.onChange(({ object }) => {
      if (object.metadata.name === 'b' && store.read('pods', 'bookinfo', 'echo') === undefined) store.write(buildPod('echo'));
    });
    const stop = store.onChange(({ type, object }) =>
      seen.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion ?? ''}`),
    );
    store.write(buildPod('b'));
    store.write(buildPod('a'));
    store.remove('pods', 'bookinfo', 'b');
    store.remove('pods', 'bookinfo', 'b');
    stop();
    store.write(buildPod('later'));
    expect(seen).toEqual(['ADDED b 2', 'ADDED echo 3', 'ADDED a 4', 'DELETED b 5']);
    expect(store.list('pods').map((pod) => pod.metadata.name)).toEqual(['a', 'echo', 'later']);
  });

  it('rebuilds the past from its history until that is compacted', () => {
    const store = newStore(2);
    store.write(buildPod('a', { step: '1' }));
    store.write(buildPod('b'));
    const past = store.revision;
    store.write(buildPod('a', { step: '2' }));
    store.remove('pods', 'bookinfo', 'b');
    const then = store.snapshotAt('pods', past);
    expect(then?.objects.map((pod) => [pod.metadata.name, pod.metadata.labels?.['step']])).toEqual([
      ['a', '1'],
      ['b', undefined],
    ]);
    expect(store.changesAfter('pods', past)?.map((event) => event.type)).toEqual(['MODIFIED', 'DELETED']);
    for (const name of ['c', 'd', 'e']) store.write(buildPod(name));
    expect(store.changesAfter('pods', past)).toBeUndefined();
    expect(store.snapshotAt('pods', past)).toBe(then);
    store.compact();
    expect(store.snapshotAt('pods', past)).toBeUndefined();
    expect(store.changesAfter('pods', store.revision)).toEqual([]);
  });
});
