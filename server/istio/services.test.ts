// Services, ports and endpoints behind a host.
import { describe, expect, it } from 'vitest';
import { buildMeshIndex } from './mesh-index';
import { endpointsOf, pickService, servicesForAddress, servicesForHost, visibleService } from './services';
import { inventoryOf, meshOf } from './test-mesh';

const WORLD = `
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: {http: 80}, clusterIp: 10.9.0.1}
---
kind: Service
metadata: {name: manual, namespace: shop}
spec: {ports: {http: 80}, selector: {}}
---
kind: Service
metadata: {name: own, namespace: shop, annotations: {networking.istio.io/exportTo: "., admin"}}
spec: {ports: {http: 80}}
---
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web, version: v1}}
---
kind: Pod
metadata: {name: web-2, namespace: shop, labels: {app: web, version: v2}}
---
kind: Pod
metadata: {name: web-3, namespace: shop, labels: {app: web, version: v1}}
spec: {ready: false}
---
kind: Pod
metadata: {name: elsewhere, namespace: other, labels: {app: web, version: v1}}
---
`;
const entry = (namespace: string, age: number): string =>
  `kind: ServiceEntry\nmetadata: {name: e, namespace: ${namespace}, age: ${age}}\nspec: {hosts: [ext.com], ports: [{number: 80}], resolution: DNS}\n---\n`;

describe('endpoints', () => {
  const inventory = inventoryOf(WORLD);
  const index = buildMeshIndex(inventory);
  const service = [...inventory.services.values()].find(({ name }) => name === 'web');
  const names = (port: number, labels: Record<string, string>): readonly string[] =>
    service === undefined ? [] : endpointsOf(index, service, port, labels).map((pod) => pod.name);

  it.each([
    [80, {}, ['web-1', 'web-2']],
    [80, { version: 'v1' }, ['web-1']],
    [80, { version: 'v3' }, []],
    [81, {}, []],
  ])('of port %s with labels %o are %o', (port, labels, expected) => expect(names(port, labels)).toEqual(expected));

  it('of a service without selector are not known', () => {
    const manual = [...inventory.services.values()].find(({ name }) => name === 'manual');
    expect(manual === undefined ? null : endpointsOf(index, manual, 80, {})).toEqual([]);
  });
});

describe('registry', () => {
  it('finds services by host and by address', () => {
    const index = meshOf(WORLD);
    expect(servicesForHost(index, 'web.shop.svc.cluster.local').map((s) => s.name)).toEqual(['web']);
    expect(servicesForAddress(index, '10.9.0.1').map((s) => s.name)).toEqual(['web']);
    expect(servicesForHost(index, 'web')).toEqual([]);
  });

  it.each([
    ['shop', true],
    ['admin', true],
    ['other', false],
  ])('a service exported to "., admin" is seen from %s: %s', (namespace, seen) =>
    expect(visibleService(meshOf(WORLD), 'own.shop.svc.cluster.local', namespace) !== null).toBe(seen),
  );

  it('prefers the client’s namespace, then the oldest', () => {
    const index = meshOf(entry('b', 2) + entry('a', 1) + entry('c', 3));
    const pick = (namespace: string): string | undefined => pickService(servicesForHost(index, 'ext.com'), namespace)?.namespace;
    expect([pick('c'), pick('b'), pick('x')]).toEqual(['c', 'b', 'a']);
  });
});
