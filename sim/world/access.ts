// Who may do what in the demo cluster: Istio's share in the user-facing roles, and bindings for the demo's groups, which its users have whether
// they come with a token of the kubeconfig or with one of the OpenID provider.
// In: Stamp. Out: RBAC objects, namespace `heddle` with the console's service account, DEMO_USERS.
import type { KubeObject } from '../kubernetes/object';
import { DEMO_GROUPS } from '../openid/identities';
import { buildNamespace, buildObject, buildServiceAccount, type Stamp } from './objects';

export interface DemoUser {
  readonly username: string;
  readonly groups: readonly string[];
}

const AUTHENTICATED = 'system:authenticated';

/** Users of the demo by the name that the kubeconfig gives them. */
export const DEMO_USERS = {
  admin: { username: 'admin', groups: [DEMO_GROUPS.admins, AUTHENTICATED] },
  editor: { username: 'editor', groups: [DEMO_GROUPS.editors, AUTHENTICATED] },
  viewer: { username: 'viewer', groups: [DEMO_GROUPS.viewers, AUTHENTICATED] },
  nobody: { username: 'nobody', groups: [AUTHENTICATED] },
  heddle: {
    username: 'system:serviceaccount:heddle:heddle',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:heddle', AUTHENTICATED],
  },
} as const satisfies Record<string, DemoUser>;

type Rule = Readonly<Record<string, readonly string[]>>;

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const ISTIO_GROUPS = ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io', 'gateway.networking.k8s.io'];

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): Rule => ({
  apiGroups,
  resources,
  verbs,
});

const clusterRole = (stamp: Stamp, name: string, rules: readonly Rule[], labels: Readonly<Record<string, string>> = {}): KubeObject =>
  buildObject(stamp, 'rbac.authorization.k8s.io/v1', 'ClusterRole', { name, labels }, { rules });

// The user-facing roles (view, edit, admin) are the API server's own and are filled by label (Kubernetes: "Aggregated ClusterRoles").
const into = (...roles: readonly string[]): Record<string, string> =>
  Object.fromEntries(roles.map((r) => [`rbac.authorization.k8s.io/aggregate-to-${r}`, 'true']));

interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  readonly namespace?: string;
}

function binding(stamp: Stamp, name: string, role: string, subject: Subject, namespace?: string): KubeObject {
  return buildObject(
    stamp,
    'rbac.authorization.k8s.io/v1',
    namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    { name, ...(namespace === undefined ? {} : { namespace }) },
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [subject.kind === 'ServiceAccount' ? subject : { ...subject, apiGroup: 'rbac.authorization.k8s.io' }],
    },
  );
}

const WORKLOADS = [
  'deployments',
  'deployments/scale',
  'replicasets',
  'replicasets/scale',
  'statefulsets',
  'statefulsets/scale',
  'daemonsets',
];
const CORE_READ = ['configmaps', 'endpoints', 'events', 'namespaces', 'pods', 'pods/log', 'pods/status', 'serviceaccounts', 'services'];

function buildRoles(stamp: Stamp): readonly KubeObject[] {
  const core = [
    rule([''], CORE_READ, READ),
    rule(['apps'], WORKLOADS, READ),
    rule(['batch'], ['jobs', 'cronjobs'], READ),
    rule(['autoscaling'], ['horizontalpodautoscalers'], READ),
    rule(['policy'], ['poddisruptionbudgets'], READ),
    rule(['networking.k8s.io'], ['ingresses'], READ),
    rule(['discovery.k8s.io'], ['endpointslices'], READ),
  ];
  return [
    clusterRole(stamp, 'istio-view', [rule(ISTIO_GROUPS, ['*'], READ)], into('view', 'edit', 'admin')),
    clusterRole(stamp, 'istio-edit', [rule(ISTIO_GROUPS, ['*'], WRITE)], into('edit', 'admin')),
    clusterRole(stamp, 'cluster-view', [rule([''], ['nodes', 'namespaces'], READ)]),
    // What the console itself reads.
    clusterRole(stamp, 'heddle', [
      ...core,
      rule([''], ['nodes'], READ),
      rule(ISTIO_GROUPS, ['*'], READ),
      rule(['admissionregistration.k8s.io'], ['mutatingwebhookconfigurations'], READ),
      rule(['apiextensions.k8s.io'], ['customresourcedefinitions'], READ),
      rule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
      rule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
    ]),
    // access.mode roles: the console decides by its own roles and writes in its own name.
    clusterRole(stamp, 'heddle-write', [rule(ISTIO_GROUPS, ['*'], WRITE)]),
    // The journal of changes, in the namespace where it is kept.
    clusterRole(stamp, 'heddle-journal', [
      rule([''], ['configmaps'], ['get', 'list', 'create', 'update', 'delete']),
      rule(['coordination.k8s.io'], ['leases'], ['get', 'list', 'create', 'update', 'delete']),
    ]),
    // access.mode impersonation: the console asks and writes in the name of whoever is logged in.
    clusterRole(stamp, 'heddle-impersonate', [rule([''], ['users', 'groups'], ['impersonate'])]),
  ];
}

const CONSOLE: Subject = { kind: 'ServiceAccount', name: 'heddle', namespace: 'heddle' };

/** Roles, bindings and the console's own namespace. */
export function buildAccess(stamp: Stamp): readonly KubeObject[] {
  const group = (name: string): Subject => ({ kind: 'Group', name });
  return [
    buildNamespace(stamp, 'heddle'),
    buildServiceAccount(stamp, 'heddle', 'heddle'),
    ...buildRoles(stamp),
    binding(stamp, 'demo-admins', 'cluster-admin', group(DEMO_GROUPS.admins)),
    binding(stamp, 'demo-viewers', 'view', group(DEMO_GROUPS.viewers)),
    binding(stamp, 'demo-viewers-cluster', 'cluster-view', group(DEMO_GROUPS.viewers)),
    // Edits Bookinfo, sees nothing else.
    binding(stamp, 'bookinfo-editors', 'edit', group(DEMO_GROUPS.editors), 'bookinfo'),
    ...['heddle', 'heddle-write', 'heddle-impersonate'].map((role) => binding(stamp, role, role, CONSOLE)),
    binding(stamp, 'heddle-journal', 'heddle-journal', CONSOLE, 'istio-system'),
  ];
}
