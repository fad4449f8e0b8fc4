// The roles and bindings that an API server makes for itself when it starts (plugin/pkg/auth/authorizer/rbac/bootstrappolicy).
import type { KubeObject } from '../object';

const RBAC = 'rbac.authorization.k8s.io';
const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const readVerbs = ['get', 'list', 'watch'];
const writeVerbs = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const namespacedCore = ['configmaps', 'endpoints', 'pods', 'services', 'serviceaccounts'];
const workloads = [
  {
    apiGroups: ['apps'],
    resources: ['daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'replicasets/scale', 'statefulsets', 'statefulsets/scale'],
  },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'] },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
];

function clusterRole(name: string, rules: readonly unknown[], labels: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name, labels: { ...bootstrapping, ...labels } }, rules };
}

/** A role made of all roles labelled aggregate-to-<name>. */
function aggregated(name: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
  const clusterRoleSelectors = [{ matchLabels: { [`${RBAC}/aggregate-to-${name}`]: 'true' } }];
  return { ...clusterRole(name, [], labels), aggregationRule: { clusterRoleSelectors } };
}

function binding(name: string, role: string, ...groups: readonly string[]): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: bootstrapping },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: groups.map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
  };
}

const publicPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const discoveryPaths = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];

/** ClusterRoles and ClusterRoleBindings every cluster starts with. */
export function bootstrapRoles(): readonly KubeObject[] {
  return [
    clusterRole('cluster-admin', [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]),
    clusterRole('system:discovery', [{ nonResourceURLs: discoveryPaths, verbs: ['get'] }]),
    clusterRole('system:public-info-viewer', [{ nonResourceURLs: publicPaths, verbs: ['get'] }]),
    clusterRole('system:basic-user', [
      { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], verbs: ['create'] },
      { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
    ]),
    clusterRole('system:auth-delegator', [
      { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
      { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
    ]),
    aggregated('view', { [`${RBAC}/aggregate-to-edit`]: 'true' }),
    aggregated('edit', { [`${RBAC}/aggregate-to-admin`]: 'true' }),
    aggregated('admin'),
    clusterRole(
      'system:aggregate-to-view',
      [
        {
          apiGroups: [''],
          resources: [...namespacedCore, 'events', 'namespaces', 'pods/log', 'pods/status', 'services/status'],
          verbs: readVerbs,
        },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: readVerbs },
        ...workloads.map((rule) => ({ ...rule, verbs: readVerbs })),
      ],
      { [`${RBAC}/aggregate-to-view`]: 'true' },
    ),
    clusterRole(
      'system:aggregate-to-edit',
      [
        { apiGroups: [''], resources: ['secrets'], verbs: readVerbs },
        { apiGroups: [''], resources: [...namespacedCore, 'secrets', 'events'], verbs: writeVerbs },
        { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
        ...workloads.map((rule) => ({ ...rule, verbs: writeVerbs })),
      ],
      { [`${RBAC}/aggregate-to-edit`]: 'true' },
    ),
    clusterRole(
      'system:aggregate-to-admin',
      [
        { apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'], verbs: ['create'] },
        { apiGroups: [RBAC], resources: ['rolebindings', 'roles'], verbs: [...readVerbs, ...writeVerbs] },
      ],
      { [`${RBAC}/aggregate-to-admin`]: 'true' },
    ),
    binding('cluster-admin', 'cluster-admin', 'system:masters'),
    binding('system:discovery', 'system:discovery', 'system:authenticated'),
    binding('system:basic-user', 'system:basic-user', 'system:authenticated'),
    binding('system:public-info-viewer', 'system:public-info-viewer', 'system:authenticated', 'system:unauthenticated'),
  ];
}
