// Story: I have a kubeconfig and nothing else: the console finds Prometheus in the cluster, reaches it through the API server, and says so.
import { openClusterApi } from './cluster-api';
import { startConsole } from './console';
import { openGraph } from './graph-screen';
import { expect, test } from './mesh';

const SERVICES = '/api/v1/namespaces/istio-system/services';

test('finds Prometheus by a kubeconfig alone, and says what it found and where to look', async ({ page, mesh }) => {
  const api = openClusterApi(mesh.kubeconfig);
  await api.send('POST', SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'prometheus', namespace: 'istio-system', labels: { 'app.kubernetes.io/name': 'prometheus' } },
    spec: { ports: [{ name: 'http', port: 9090 }] },
  });
  const running = await startConsole({
    prometheus: null,
    kubeconfig: mesh.kubeconfig,
    environment: { HEDDLE_LOG_LEVEL: 'info', HEDDLE_LOG_FORMAT: 'text', HEDDLE_KUBERNETES_CONTEXT: 'admin' },
  });
  try {
    await openGraph(page, running.url, { namespaces: 'bookinfo' });
    const said = running.output();
    expect(said).toContain(`Heddle is running: open ${running.url.replace('127.0.0.1', 'localhost')}`);
    expect(said).toContain('Service prometheus of istio-system, through the API server');
    expect(said).toContain('istiod in istio-system');
  } finally {
    await running.close();
    await api.send('DELETE', `${SERVICES}/prometheus`);
    await api.close();
  }
});

test('says what is missing and how to mend it when there is no Prometheus', async ({ mesh }) => {
  const taken = await fetch('http://localhost:9090').then(
    () => true,
    () => false,
  );
  test.skip(taken, 'a Prometheus of this machine answers at localhost:9090, where the console looks last');
  const running = await startConsole({
    prometheus: null,
    kubeconfig: mesh.kubeconfig,
    until: 'answers',
    environment: { HEDDLE_LOG_LEVEL: 'warn', HEDDLE_MESH_ROOT_NAMESPACE: 'no-mesh-here' },
  });
  try {
    await expect.poll(running.output).toContain('HEDDLE_PROMETHEUS_URL');
    await expect.poll(running.output).toContain('HEDDLE_MESH_ROOT_NAMESPACE');
  } finally {
    await running.close();
  }
});
