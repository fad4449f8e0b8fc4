// Discovery documents: groups, versions and resources, in the legacy form and aggregated (apidiscovery.k8s.io).

import type { JsonRecord } from '../json';
import type { Kind, Subresource } from '../kinds/kind';
import type { GroupVersions, KindRegistry } from '../kinds/kind-registry';
import { joinApiVersion } from '../object';

/** The Kubernetes version this server speaks as. */
export const SERVER_VERSION: JsonRecord = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.4',
  gitCommit: '59526cd4867447956156ae3a602fcbac10a2c335',
  gitTreeState: 'clean',
  buildDate: '2025-04-22T15:56:10Z',
  goVersion: 'go1.23.6',
  compiler: 'gc',
  platform: 'linux/amd64',
};

interface SubresourceForm {
  readonly verbs: readonly string[];
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

const subresources: Readonly<Record<Subresource, SubresourceForm>> = {
  status: { verbs: ['get', 'patch', 'update'] },
  scale: { verbs: ['get', 'patch', 'update'], group: 'autoscaling', version: 'v1', kind: 'Scale' },
  log: { verbs: ['get'] },
};

/** The verbs that a kind or one of its subresources offers; undefined where it has no such subresource. */
export function offeredVerbs(kind: Kind, subresource: string): readonly string[] | undefined {
  if (subresource === '') return kind.verbs;
  const found = kind.subresources.find((name) => name === subresource);
  return found === undefined ? undefined : subresources[found].verbs;
}

/** /api */
export function buildApiVersions(address: string): JsonRecord {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }] };
}

function buildGroup({ group, versions }: GroupVersions): JsonRecord {
  const all = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: all, preferredVersion: all[0] };
}

/** /apis */
export function buildGroupList(registry: KindRegistry): JsonRecord {
  const groups = registry.groups().filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(buildGroup) };
}

/** /apis/<group>; undefined where there is no such group. */
export function buildApiGroup(registry: KindRegistry, group: string): JsonRecord | undefined {
  const found = registry.groups().find((candidate) => candidate.group === group && group !== '');
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...buildGroup(found) };
}

/** /api/v1 and /apis/<group>/<version>; undefined where that is not served. */
export function buildResourceList(registry: KindRegistry, group: string, version: string): JsonRecord | undefined {
  const kinds = registry.servedAt(group, version);
  if (kinds.length === 0) return undefined;
  const resources = kinds.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
      ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
    },
    ...kind.subresources.map((name) => {
      const { verbs, ...other } = subresources[name];
      return { name: `${kind.plural}/${name}`, singularName: '', namespaced: kind.namespaced, kind: kind.kind, ...other, verbs };
    }),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: joinApiVersion(group, version), resources };
}

function aggregatedResource(kind: Kind, version: string): JsonRecord {
  const responseKind = { group: kind.group, version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
    ...(kind.subresources.length === 0
      ? {}
      : {
          subresources: kind.subresources.map((subresource) => {
            const { verbs, ...other } = subresources[subresource];
            return { subresource, responseKind: { ...responseKind, ...other }, verbs };
          }),
        }),
  };
}

/** APIGroupDiscoveryList of the core group (/api) or of all others (/apis). */
export function buildAggregated(registry: KindRegistry, discoveryVersion: 'v2' | 'v2beta1', core: boolean): JsonRecord {
  const items = registry
    .groups()
    .filter(({ group }) => (group === '') === core)
    .map(({ group, versions }) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        resources: registry.servedAt(group, version).map((kind) => aggregatedResource(kind, version)),
        freshness: 'Current',
      })),
    }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${discoveryVersion}`, metadata: {}, items };
}
