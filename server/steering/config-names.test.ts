// Names for completion: what is there, sorted, and nothing of namespaces that the reader may not see.
import { describe, expect, it } from 'vitest';
import { buildMeshIndex } from '../istio/mesh-index';
import { listConfigNames } from './config-names';
import { documents, inventoryOf, service } from './testing/mesh';
import { buildVeil } from './veil';

const inventory = inventoryOf(
  documents(
    'kind: Namespace\nmetadata: {name: shop}',
    'kind: Namespace\nmetadata: {name: vault}',
    service('shop', 'reviews', ['v1', 'v2'], '{http: 80, tcp: 90}'),
    service('vault', 'store'),
    'kind: ServiceEntry\nmetadata: {namespace: shop, name: out}\nspec: {hosts: [api.example.com], ports: [{number: 443, name: tls, protocol: TLS}]}',
    'kind: DestinationRule\nmetadata: {namespace: shop, name: r}\nspec: {host: reviews, subsets: [{name: v2}, {name: v1}]}',
    'kind: DestinationRule\nmetadata: {namespace: vault, name: r}\nspec: {host: reviews.shop.svc.cluster.local, subsets: [{name: secret}]}',
    'kind: Gateway\nmetadata: {namespace: vault, name: inner}\nspec: {}',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {namespace: shop, name: edge}\nspec: {listeners: [{name: http, port: 80}]}',
  ),
);
const names = (sight: readonly string[] | null, wanted: readonly string[] | null = null) => {
  const index = buildMeshIndex(inventory);
  return listConfigNames(index, buildVeil(inventory, sight === null ? null : new Set(sight)), wanted);
};

describe('names for completion', () => {
  it('are those of the whole mesh for who sees it', () => {
    const found = names(null);
    expect(found.namespaces).toEqual(['shop', 'vault']);
    expect(found.hosts).toMatchObject([
      { host: 'api.example.com', kind: 'ServiceEntry', ports: [{ number: 443, protocol: 'tls' }], subsets: [] },
      { host: 'reviews.shop.svc.cluster.local', ports: [{ number: 80, name: 'http' }, { number: 90 }], subsets: ['secret', 'v1', 'v2'] },
      { host: 'store.vault.svc.cluster.local' },
    ]);
    expect(found.gateways).toEqual([
      { kind: 'K8sGateway', namespace: 'shop', name: 'edge', listeners: ['http'] },
      { kind: 'Gateway', namespace: 'vault', name: 'inner', listeners: [] },
    ]);
    expect(found.serviceAccounts).toEqual([
      { namespace: 'shop', name: 'default' },
      { namespace: 'vault', name: 'default' },
    ]);
    expect(found.labels.find(({ name }) => name === 'version')?.values).toEqual(['v1', 'v2']);
  });

  it('are cut to what the reader may see', () => {
    const found = names(['shop']);
    expect(JSON.stringify(found)).not.toMatch(/vault|secret|store/);
    expect(found.hosts.map(({ subsets }) => subsets)).toEqual([[], ['v1', 'v2']]);
  });

  it('are narrowed to the namespaces that are asked for, but for gateways and namespaces', () => {
    const found = names(null, ['vault']);
    expect(found.hosts.map(({ name }) => name)).toEqual(['store']);
    expect(found.gateways).toHaveLength(2);
    expect(found.namespaces).toHaveLength(2);
    expect(names(['shop'], ['vault']).hosts).toEqual([]);
  });
});
