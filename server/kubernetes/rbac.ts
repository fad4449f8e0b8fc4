// The rights in a cluster that the console needs, from the list of what it reads. In: CONFIG_RESOURCES. Out: rules of RBAC. The chart's
// files are written from here (server/testing/chart holds them equal).
import { CONFIG_RESOURCES } from './resources';

/** A rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1). */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'patch', 'update'];

/** What server/kubernetes/reader watches beside the mesh's own kinds, in all namespaces. */
const CORE_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  '': ['namespaces', 'pods', 'services'],
  apps: ['daemonsets', 'deployments', 'statefulsets'],
};

/** Plural names of the mesh's kinds by API group, sorted. */
function configByGroup(): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, plural } of CONFIG_RESOURCES) groups.set(group, [...(groups.get(group) ?? []), plural].sort());
  return groups;
}

/** Everything that the inventory is made of, logs of pods and events: read only, in the whole cluster. */
export const buildViewRules = (): readonly PolicyRule[] => [
  ...[...Object.entries(CORE_RESOURCES), ...configByGroup()].map(([group, resources]) => ({ apiGroups: [group], resources, verbs: READ })),
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  // Asked for when somebody looks at a page.
  { apiGroups: [''], resources: ['events'], verbs: ['get', 'list'] },
];

/** The mesh's own kinds: what the console changes in its own name. GatewayClasses belong to whoever runs the cluster. */
export const buildEditRules = (): readonly PolicyRule[] =>
  [...configByGroup()].map(([group, plurals]) => ({
    apiGroups: [group],
    resources: plurals.filter((plural) => plural !== 'gatewayclasses'),
    verbs: WRITE,
  }));

/** In the namespace of the journal: changes and saved cases (ConfigMaps), and who looks after a change (Leases). */
export const buildJournalRules = (): readonly PolicyRule[] => [
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'delete', 'get', 'list', 'update'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'delete', 'get', 'list', 'update'] },
];

/** In the root namespace of the mesh: its configuration, by name. */
export const buildRootNamespaceRules = (): readonly PolicyRule[] => [
  { apiGroups: [''], resources: ['configmaps'], resourceNames: ['istio'], verbs: READ },
];
