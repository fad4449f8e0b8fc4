// Pages from a mesh in YAML: what belongs to what, near names, who decides injection, protocols, mutual TLS, which objects apply; expectations by hand.
import { describe, expect, it } from 'vitest';
import type { EntityKind, EntityRef } from '../../model/entity';
import { buildMeshIndex, type MeshIndex } from '../istio/mesh-index';
import { inventoryOf } from '../steering/testing/mesh';
import { type EntityParts, findEntity, findNear } from './entities';
import { selectEvents } from './events';
import { describeMesh } from './mesh-mode';
import { describeObjects } from './objects';
import { describeMtls, describePorts } from './ports';

const SHOP = `
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: {http-web: [80, web], smtp: 25, odd: 9000}, selector: {app: cart}}
---
kind: Service
metadata: {name: bare, namespace: shop}
spec: {ports: {tcp: 6379}, selector: {app: nobody}}
---
kind: Pod
metadata: {name: cart-v1-6d8f7c9b5-x2x4z, namespace: shop, labels: {app: cart, version: v1}}
spec: {ports: {web: 8080}}
---
kind: Pod
metadata: {name: cart-v2-7c9d8f6b4-aaaaa, namespace: shop, labels: {app: cart, version: v2}}
spec: {ports: {web: 8080}}
---
kind: Pod
metadata: {name: old-v1-5f6b7c8d9-bbbbb, namespace: shop, labels: {app: old, version: v1}}
spec: {mesh: none}
---
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
kind: PeerAuthentication
metadata: {name: cart, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}, portLevelMtls: {25: {mode: DISABLE}}, mtls: {mode: PERMISSIVE}}
---
kind: AuthorizationPolicy
apiVersion: security.istio.io/v1
metadata: {name: other, namespace: shop}
spec: {selector: {matchLabels: {app: nobody}}}
---
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
---
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{route: [{destination: {host: cart}}]}]}
---
kind: Telemetry
apiVersion: telemetry.istio.io/v1
metadata: {name: mesh, namespace: istio-system}
spec: {}
`;

const index: MeshIndex = buildMeshIndex(inventoryOf(SHOP));
const ref = (kind: EntityKind, name: string, namespace = 'shop'): EntityRef => ({ kind, namespace, name });
function partsOf(entity: EntityRef, mesh = index): EntityParts {
  const parts = findEntity(mesh, entity);
  if (parts === null) throw new Error(`no ${entity.name} in the test's mesh`);
  return parts;
}

describe('what belongs to what', () => {
  it('is read from selectors, labels of pods and names', () => {
    const names = ({ services, workloads, pods }: EntityParts): readonly (readonly string[])[] =>
      [services, workloads, pods].map((all) => all.map(({ name }) => name));
    expect(names(partsOf(ref('service', 'cart')))).toEqual([
      ['cart'],
      ['cart-v1', 'cart-v2'],
      ['cart-v1-6d8f7c9b5-x2x4z', 'cart-v2-7c9d8f6b4-aaaaa'],
    ]);
    expect(names(partsOf(ref('app', 'cart')))[1]).toEqual(['cart-v1', 'cart-v2']);
    expect(names(partsOf(ref('workload', 'cart-v2')))).toEqual([['cart'], ['cart-v2'], ['cart-v2-7c9d8f6b4-aaaaa']]);
    expect(names(partsOf(ref('service', 'bare')))[1]).toEqual([]);
    expect(partsOf(ref('namespace', 'shop')).workloads).toHaveLength(3);
  });

  it.each(['', '../x', '__proto__', 'constructor', '%2f', 'a/b', 'x'.repeat(3000)])(
    'finds nothing of the name %j, and is not misled by it',
    (name) => {
      for (const kind of ['workload', 'app', 'service'] as const) expect(findEntity(index, ref(kind, name))).toBeNull();
      expect(() => findNear(index, ref('workload', name), () => true)).not.toThrow();
    },
  );

  it('tells near names, nearest first, of namespaces that may be seen only', () => {
    expect(findNear(index, ref('workload', 'cart-v3'), () => true)).toEqual(['shop/cart-v1', 'shop/cart-v2']);
    expect(findNear(index, ref('service', 'crat'), () => true)).toEqual(['shop/cart']);
    expect(findNear(index, ref('namespace', 'shp', 'shp'), () => true)).toEqual(['shop']);
    expect(findNear(index, ref('workload', 'cart-v3'), () => false)).toEqual([]);
  });
});

describe('the mesh', () => {
  it('names the label that decides, and what is not as it asks', () => {
    // The namespace of the fixture carries its label without the decoded injection: it is said of the pods alone.
    const asked = buildMeshIndex({
      ...index.inventory,
      namespaces: new Map(
        [...index.inventory.namespaces].map(([name, one]) => [name, { ...one, injection: { mode: 'enabled' as const, revision: null } }]),
      ),
    });
    expect(describeMesh(asked, partsOf(ref('workload', 'cart-v1'), asked))).toEqual({
      mode: 'sidecar',
      revision: null,
      reasons: ['Label istio-injection: enabled of namespace shop asks for sidecars.'],
    });
    const { mode, reasons } = describeMesh(asked, partsOf(ref('workload', 'old-v1'), asked));
    expect([mode, reasons.length]).toEqual(['none', 2]);
    expect(reasons[1]).toMatch(/^Yet its pod has no proxy/);
    expect(describeMesh(index, partsOf(ref('workload', 'old-v1'))).reasons).toEqual([
      'Neither namespace shop nor the pods have a label that asks for a sidecar or for ambient mode.',
    ]);
    expect(describeMesh(index, partsOf(ref('service', 'bare'))).reasons).toEqual([
      'No workload stands behind it that could be in the mesh.',
    ]);
  });

  it('says what is spoken on ports and what it was read from', () => {
    const ports = describePorts(index, partsOf(ref('service', 'cart')));
    expect(ports.map(({ port, protocol, decidedBy }) => [port, protocol, decidedBy])).toEqual([
      [80, 'http', 'The port’s name begins with http.'],
      [25, 'tcp', 'Port 25 is one on which the server speaks first: it is taken for TCP.'],
      [9000, 'auto', 'Name odd names no protocol that Istio knows: it is found out from the first bytes.'],
    ]);
  });

  it('says which objects decide mutual TLS of a port: port over workload over mesh', () => {
    const [web, smtp] = describePorts(index, partsOf(ref('service', 'cart')));
    const cart = { kind: 'PeerAuthentication', namespace: 'shop', name: 'cart' };
    expect([web?.mtls.demands, web?.mtls.demandedBy]).toEqual(['PERMISSIVE', cart]);
    expect([web?.mtls.clients, web?.mtls.clientsBy]).toEqual(['istioMutual', { kind: 'DestinationRule', namespace: 'shop', name: 'cart' }]);
    expect([smtp?.mtls.demands, smtp?.mtls.demandedBy]).toEqual(['DISABLE', cart]);
    expect(smtp?.mtls.why).toMatch(/takes plaintext only/);
    expect(describeMtls(index, partsOf(ref('namespace', 'shop')))).toMatchObject({
      demands: 'STRICT',
      demandedBy: { kind: 'PeerAuthentication', namespace: 'istio-system', name: 'default' },
    });
    // No pod: what those to come will be asked.
    expect(describePorts(index, partsOf(ref('service', 'bare')))[0]?.mtls).toMatchObject({ demands: 'STRICT', clients: null });
    // The container's port, by the service that names it.
    expect(describePorts(index, partsOf(ref('workload', 'cart-v1'))).map(({ port, name }) => [port, name])).toEqual([
      [25, 'cart:25'],
      [8080, 'cart:80'],
      [9000, 'cart:9000'],
    ]);
  });
});

it('lists what applies, nearest first, each once, and nothing that selects others', () => {
  const list = (entity: EntityRef): readonly string[] =>
    describeObjects(index, partsOf(entity), []).map(({ ref: { kind, namespace, name }, how }) => `${how} ${kind} ${namespace}/${name}`);
  expect(list(ref('service', 'cart'))).toEqual([
    'routes VirtualService shop/cart',
    'traffic DestinationRule shop/cart',
    'selects PeerAuthentication shop/cart',
    'mesh PeerAuthentication istio-system/default',
    'mesh Telemetry istio-system/mesh',
  ]);
  expect(list(ref('workload', 'old-v1'))).toEqual(['mesh PeerAuthentication istio-system/default', 'mesh Telemetry istio-system/mesh']);
  expect(list(ref('namespace', 'shop'))).toContain('in AuthorizationPolicy shop/other');
});

describe('events', () => {
  const event = (kind: string, name: string, lastAtMs = 0) => ({
    type: 'Normal',
    reason: 'Seen',
    message: '',
    about: { kind, name },
    count: 1,
    lastAtMs,
  });
  const members = { workloads: ['cart-v1'], pods: ['cart-v1-6d8f7c9b5-x2x4z'] };

  it('are those of a workload, its ReplicaSets and its pods, gone ones too, newest first', () => {
    const all = [
      event('Pod', 'cart-v1-6d8f7c9b5-x2x4z', 1),
      event('Pod', 'cart-v1-6d8f7c9b5-ggggg', 3),
      event('ReplicaSet', 'cart-v1-6d8f7c9b5', 2),
      event('Deployment', 'cart-v1', 4),
      event('Pod', 'cart-v10-6d8f7c9b5-x2x4z', 9),
      event('Pod', 'cart-v1-extra-6d8f7c9b5-x2x4z', 9),
      event('Service', 'cart-v1', 9),
    ];
    expect(selectEvents(all, ref('workload', 'cart-v1'), members).events.map(({ about }) => about)).toEqual([
      'Deployment cart-v1',
      'Pod cart-v1-6d8f7c9b5-ggggg',
      'ReplicaSet cart-v1-6d8f7c9b5',
      'Pod cart-v1-6d8f7c9b5-x2x4z',
    ]);
    expect(selectEvents(all, ref('namespace', 'shop'), members).events).toHaveLength(7);
    expect(selectEvents([event('Service', 'cart'), event('Service', 'carts')], ref('service', 'cart'), members).events).toHaveLength(1);
  });

  it('are cut where there are too many, and that is said', () => {
    const many = Array.from({ length: 230 }, (_, i) => event('Deployment', 'cart-v1', i));
    const { events, more } = selectEvents(many, ref('workload', 'cart-v1'), members);
    expect([events.length, more, events[0]?.lastAtMs]).toEqual([200, 30, 229]);
  });
});
