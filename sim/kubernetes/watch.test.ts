// Watches over HTTP: start, selection, bookmarks, expiry, fan-out, cuts.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPod, PODS, startTestCluster, type TestCluster, type TestWatch, type WatchLine } from './fixtures/small-cluster';
import { valueAt } from './json';

let cluster: TestCluster;
const open: TestWatch[] = [];
beforeAll(async () => {
  cluster = await startTestCluster({ bookmarkIntervalMs: 20 }, { historyLimit: 50 });
});
afterEach(() => {
  for (const watch of open.splice(0)) watch.close();
});
afterAll(() => cluster.server.close());

async function watchPods(query: string, headers?: Readonly<Record<string, string>>): Promise<TestWatch> {
  const watch = await cluster.watch(`${PODS}?watch=true&${query}`, headers === undefined ? {} : { headers });
  open.push(watch);
  return watch;
}

const brief = ({ type, object }: WatchLine): string => `${type} ${String(valueAt(object, 'metadata', 'name'))}`;
const revision = (): string => String(cluster.store.revision);

describe('watch', () => {
  it('starts with what there is, or after a revision', async () => {
    const all = await watchPods('');
    expect((await all.take(1)).map(brief)).toEqual(['ADDED reviews-v1-abc']);
    const from = revision();
    cluster.store.write(buildPod('later'));
    cluster.store.write(buildPod('later', { a: 'b' }));
    cluster.store.remove('pods', 'bookinfo', 'later');
    const later = await watchPods(`resourceVersion=${from}`);
    const events = await later.take(3);
    expect(events.map(brief)).toEqual(['ADDED later', 'MODIFIED later', 'DELETED later']);
    expect(valueAt(events[2]?.object, 'metadata', 'resourceVersion')).toBe(revision());
    expect((await all.take(3)).map(brief)).toEqual(['ADDED later', 'MODIFIED later', 'DELETED later']);
  });

  it('shows objects entering and leaving a selection', async () => {
    const watch = await watchPods(`resourceVersion=${revision()}&labelSelector=canary`);
    cluster.store.write(buildPod('moves'));
    cluster.store.write(buildPod('moves', { canary: '1' }));
    cluster.store.write(buildPod('moves', { canary: '2' }));
    const left = cluster.store.write(buildPod('moves'));
    cluster.store.write(buildPod('other', { canary: '3' }));
    const events = await watch.take(4);
    expect(events.map(brief)).toEqual(['ADDED moves', 'MODIFIED moves', 'DELETED moves', 'ADDED other']);
    // The deleted object is the last one that was selected, at the revision of the change that took it out.
    expect(valueAt(events[2]?.object, 'metadata')).toMatchObject({
      labels: { canary: '2' },
      resourceVersion: left.metadata.resourceVersion,
    });
  });

  it('keeps to its namespace and to one name', async () => {
    const watch = await watchPods(`resourceVersion=${revision()}&fieldSelector=metadata.name%3Done`);
    cluster.store.write({ ...buildPod('one'), metadata: { name: 'one', namespace: 'empty' } });
    cluster.store.write(buildPod('two'));
    cluster.store.write(buildPod('one'));
    const [event] = await watch.take(1);
    expect(valueAt(event?.object, 'metadata')).toMatchObject({ name: 'one', namespace: 'bookinfo' });
  });

  it('marks the end of the initial events, then goes on with bookmarks', async () => {
    const query =
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dreviews-v1-abc';
    const watch = await watchPods(query);
    const [first, end, next] = await watch.take(3);
    expect(first === undefined ? '' : brief(first)).toBe('ADDED reviews-v1-abc');
    expect(end?.type).toBe('BOOKMARK');
    expect(end?.object).toMatchObject({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { resourceVersion: revision(), annotations: { 'k8s.io/initial-events-end': 'true' } },
    });
    expect(next).toMatchObject({ type: 'BOOKMARK', object: { metadata: { resourceVersion: revision() } } });
    expect(valueAt(next?.object, 'metadata')).not.toHaveProperty('annotations');
    await expect(cluster.watch(`${PODS}?watch=true&sendInitialEvents=true`)).rejects.toThrow('422');
  });

  it('ends after its timeout', async () => {
    const watch = await watchPods(`resourceVersion=${revision()}&timeoutSeconds=1`);
    expect(await watch.next()).toBeUndefined();
  });

  it('answers 410 in the stream for a revision that is gone, 504 for one to come', async () => {
    const old = revision();
    for (let index = 0; index < 120; index += 1) cluster.store.write(buildPod('busy', { index: String(index) }));
    const watch = await watchPods(`resourceVersion=${old}`);
    const [event] = await watch.take(1);
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    expect(String(event?.object['message'])).toMatch(/^too old resource version: \d+ \(\d+\)$/);
    expect(await watch.next()).toBeUndefined();
    await expect(cluster.watch(`${PODS}?watch=true&resourceVersion=999999`)).rejects.toThrow('504');
  });

  it('sends tables with their columns once', async () => {
    const watch = await watchPods(`resourceVersion=${revision()}`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    cluster.store.write(buildPod('t', { n: '1' }));
    cluster.store.write(buildPod('t', { n: '2' }));
    const [first, second] = await watch.take(2);
    expect(first?.object).toMatchObject({
      kind: 'Table',
      rows: [{ cells: ['t', '2/2', 'Running', '2', '0s', '10.1.0.1', 'node-1', '<none>', '<none>'] }],
    });
    expect([first, second].map((event) => Array.isArray(event?.object['columnDefinitions']))).toEqual([true, false]);
  });

  it('gives every one of several watchers every change, in order', async () => {
    const watches = await Promise.all(Array.from({ length: 5 }, () => watchPods(`resourceVersion=${revision()}&labelSelector=burst`)));
    for (let index = 0; index < 2000; index += 1) cluster.store.write(buildPod(`b${index % 40}`, { burst: String(index) }));
    const seen = await Promise.all(watches.map((watch) => watch.take(2000)));
    for (const events of seen) {
      expect(events.map(({ object }) => Number(valueAt(object, 'metadata', 'labels', 'burst')))).toEqual(
        Array.from({ length: 2000 }, (_, index) => index),
      );
    }
  });

  it('is cut where a fault asks for it', async () => {
    const watch = await watchPods(`resourceVersion=${revision()}`);
    cluster.server.faults.cutWatches();
    await expect(watch.next()).rejects.toThrow();
    cluster.server.faults.cutWatchesAfterMs = 1;
    const short = await watchPods(`resourceVersion=${revision()}`);
    await expect(short.next()).rejects.toThrow();
    cluster.server.faults.clear();
  });
});
