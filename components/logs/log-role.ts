// The Role and RoleBinding that let somebody read logs in a namespace, and nothing else. In: names. Out: YAML. Pure.

/** `user` null: to be filled in. */
export function stringifyRole(namespace: string, user: string | null): string {
  const lines = [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    'metadata:',
    '  name: heddle-read-logs',
    `  namespace: ${namespace}`,
    'rules:',
    '  - apiGroups: [""]',
    '    resources: [pods/log]',
    '    verbs: [get]',
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: RoleBinding',
    'metadata:',
    '  name: heddle-read-logs',
    `  namespace: ${namespace}`,
    'roleRef:',
    '  apiGroup: rbac.authorization.k8s.io',
    '  kind: Role',
    '  name: heddle-read-logs',
    'subjects:',
    '  - kind: User',
    '    apiGroup: rbac.authorization.k8s.io',
    // JSON is YAML: a name may hold anything.
    `    name: ${JSON.stringify(user ?? 'the name that Kubernetes knows you by')}`,
  ];
  return `${lines.join('\n')}\n`;
}
