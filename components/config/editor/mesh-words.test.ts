// Tests of names of the mesh in the editor: which names fit where, beside which host, and what the source offers for them.
import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { completeByMesh } from './complete-mesh';
import { createMeshNamesSource, type MeshNamesSource } from './mesh-names-source';
import { wantAt } from './mesh-words';

const NO_FACTS = { kind: null, host: '' };

/** What fits at `|`. */
function wantOf(marked: string, facts: Parameters<typeof wantAt>[3] = NO_FACTS): ReturnType<typeof wantAt> {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const lines = marked.replace('|', '').split('\n');
  return wantAt({ count: lines.length, line: (i) => lines[i] ?? '' }, before.length - 1, before.at(-1)?.length ?? 0, facts);
}

describe('which names fit', () => {
  const route = 'spec:\n  http:\n    - route:\n        - destination:\n            host: "reviews" # here\n';
  it('are hosts, and subsets and ports of the host beside', () => {
    expect(wantOf('spec:\n  hosts:\n    - |')).toEqual({ type: 'host' });
    expect(wantOf('spec:\n  host: re|')).toEqual({ type: 'host' });
    expect(wantOf(`${route}            subset: |`)).toEqual({ type: 'subset', host: 'reviews' });
    expect(wantOf(`${route}            port:\n              number: |`)).toEqual({ type: 'port', host: 'reviews' });
    expect(wantOf('spec:\n  portLevelSettings:\n    - port:\n        number: |', { kind: 'DestinationRule', host: 'a' })).toEqual({
      type: 'port',
      host: 'a',
    });
    expect(wantOf('spec:\n  http:\n    - route:\n        - destination:\n            subset: |')).toBeNull();
  });
  it('are gateways, parents, backends and namespaces', () => {
    expect(wantOf('spec:\n  gateways:\n    - |')).toEqual({ type: 'gateway' });
    expect(wantOf('spec:\n  parentRefs:\n    - name: |')).toEqual({ type: 'parent', namespace: null });
    expect(wantOf('spec:\n  parentRefs:\n    - kind: Service\n      name: |')).toEqual({ type: 'service', namespace: null });
    expect(wantOf('spec:\n  rules:\n    - backendRefs:\n        - namespace: shop\n          name: |')).toEqual({
      type: 'service',
      namespace: 'shop',
    });
    expect(wantOf('spec:\n  exportTo:\n    - |')).toEqual({ type: 'namespace' });
  });
  it('are none where no name belongs', () => {
    for (const text of ['kind: |', 'spec:\n  http:\n    - name: |', 'spec:\n  ho|', 'metadata:\n  name: |'])
      expect(wantOf(text), text).toBeNull();
  });
});

const hostOf = (namespace: string, name: string, subsets: readonly string[]) => ({
  host: `${name}.${namespace}.svc.cluster.local`,
  namespace,
  name,
  kind: 'Service' as const,
  ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }],
  subsets,
});
const names: MeshNamesSource = {
  names: () =>
    Promise.resolve({
      namespaces: ['bookinfo', 'shop'],
      hosts: [hostOf('bookinfo', 'reviews', ['v1']), hostOf('shop', 'cart', ['blue'])],
      gateways: [
        { kind: 'Gateway', namespace: 'istio-system', name: 'ingress', listeners: [] },
        { kind: 'K8sGateway', namespace: 'shop', name: 'front', listeners: ['web'] },
      ],
      gatewayClasses: ['istio'],
      serviceAccounts: [{ namespace: 'bookinfo', name: 'reviews' }],
      labels: [{ name: 'version', values: ['v1', 'v2'] }],
    }),
  service: () => Promise.resolve(null),
};

async function complete(marked: string): Promise<readonly string[]> {
  const doc = marked.replace('|', '');
  const context = new CompletionContext(EditorState.create({ doc }), marked.indexOf('|'), true);
  const result = await completeByMesh(() => ({ names, namespace: 'bookinfo' }))(context);
  return result?.options.map(({ label }) => label) ?? [];
}

describe('completion', () => {
  const at = (host: string, rest: string) =>
    `spec:\n  tcp:\n    - route:\n        - destination:\n            host: ${host}\n            ${rest}`;
  it('offers short hosts of the own namespace, whole ones of others, and all whole after a dot', async () => {
    expect(await complete('spec:\n  host: |')).toEqual(['reviews', 'cart.shop.svc.cluster.local']);
    expect(await complete('spec:\n  host: rev.|')).toEqual(['reviews.bookinfo.svc.cluster.local', 'cart.shop.svc.cluster.local']);
  });
  it('offers subsets and ports of the host, and nothing of a host that is not there', async () => {
    expect(await complete(at('reviews', 'subset: |'))).toEqual(['v1']);
    expect(await complete(at('cart.shop', 'port: {}\n            subset: |'))).toEqual(['blue']);
    expect(await complete(at('nothing', 'subset: |'))).toEqual([]);
    expect(await complete(at('reviews', 'port:\n              number: |'))).toEqual(['9080']);
  });
  it('offers gateways, listeners, accounts and labels of pods', async () => {
    expect(await complete('spec:\n  gateways:\n    - |')).toEqual(['mesh', 'istio-system/ingress']);
    expect(await complete('spec:\n  parentRefs:\n    - namespace: shop\n      name: front\n      sectionName: |')).toEqual(['web']);
    expect(await complete('spec:\n  rules:\n    - from:\n        - source:\n            principals:\n              - |')).toEqual([
      'cluster.local/ns/bookinfo/sa/reviews',
    ]);
    expect(await complete('spec:\n  selector:\n    matchLabels:\n      |')).toEqual(['version']);
    expect(await complete('spec:\n  subsets:\n    - name: v1\n      labels:\n        version: |')).toEqual(['v1', 'v2']);
  });
});

describe('the source', () => {
  it('asks once for a while, and has nothing where the server refuses', async () => {
    let nowMs = 0;
    const asked: string[] = [];
    const source = createMeshNamesSource(
      () => nowMs,
      (url) => {
        asked.push(url instanceof Request ? url.url : url.toString());
        return Promise.resolve(new Response(JSON.stringify({ title: 'no' }), { status: 403 }));
      },
    );
    expect(await source.service('shop', 'cart')).toBeNull();
    expect(await source.service('shop', 'cart')).toBeNull();
    expect(asked).toEqual(['/api/services/shop/cart/routing']);
    nowMs = 60_000;
    expect(await source.service('shop', 'cart')).toBeNull();
    expect([asked.length, await source.names()]).toEqual([2, null]);
  });
});
