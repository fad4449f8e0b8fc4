// The official JavaScript client against the server over HTTPS: typed lists, an informer, a watch that survives being cut.
import { CoreV1Api, CustomObjectsApi, KubeConfig, makeInformer, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate } from './certificate';
import { buildPod, buildVirtualService, startTestCluster, type TestCluster } from './fixtures/small-cluster';
import { valueAt } from './json';

let cluster: TestCluster;
const config = new KubeConfig();
beforeAll(async () => {
  const tls = makeServerCertificate(Date.now());
  cluster = await startTestCluster({ tls });
  config.loadFromOptions({
    clusters: [{ name: 'c', server: cluster.server.url, caData: Buffer.from(tls.cert).toString('base64') }],
    users: [{ name: 'admin', token: 'admin-token' }],
    contexts: [{ name: 'c', cluster: 'c', user: 'admin' }],
    currentContext: 'c',
  });
});
afterAll(() => cluster.server.close());

describe('@kubernetes/client-node', () => {
  it('lists and writes over TLS', async () => {
    const pods = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'bookinfo' });
    expect(pods.items.map((pod) => pod.metadata?.name)).toEqual(['reviews-v1-abc']);
    const custom = config.makeApiClient(CustomObjectsApi);
    const place = { group: 'networking.istio.io', version: 'v1', namespace: 'bookinfo', plural: 'virtualservices' };
    await custom.createNamespacedCustomObject({ ...place, body: buildVirtualService('a') });
    const found: unknown = await custom.getNamespacedCustomObject({ ...place, name: 'a' });
    expect(valueAt(found, 'metadata', 'generation')).toBe(1);
    await expect(custom.getNamespacedCustomObject({ ...place, name: 'b' })).rejects.toMatchObject({ code: 404 });
  });

  it('keeps an informer up to date over a cut and an expired revision', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer<V1Pod>(config, '/api/v1/namespaces/bookinfo/pods', () =>
      core.listNamespacedPod({ namespace: 'bookinfo' }),
    );
    const seen = new Set<string>();
    let restarts = 0;
    informer.on('add', (pod) => seen.add(pod.metadata?.name ?? ''));
    informer.on('error', () => {
      restarts += 1;
      void informer.start();
    });
    await informer.start();
    cluster.store.write(buildPod('before'));
    await expect.poll(() => [...seen], { timeout: 10_000 }).toContain('before');
    cluster.server.faults.expireResourceVersions();
    cluster.server.faults.cutWatches();
    cluster.store.write(buildPod('after'));
    await expect.poll(() => [...seen], { timeout: 10_000 }).toContain('after');
    await informer.stop();
    expect(restarts).toBeLessThan(5);
  });
});
