// RBAC over the roles and bindings in the store (kubernetes/plugin/pkg/auth/authorizer/rbac). In: who wants what. Out: allowed, with the reason.
import { isRecord, listOf, recordOf, textOf, textsOf } from '../json';
import type { KubeObject } from '../object';
import { forbidden, type StatusError } from '../status-error';
import type { ObjectStore } from '../store';
import { decodeServiceAccount, type User } from './user';

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export type Attributes = ResourceAttributes | PathAttributes;

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const RBAC = 'rbac.authorization.k8s.io';
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
];

export class Authorizer {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Whether RBAC, or membership of system:masters, allows it. */
  authorize(user: User, wanted: Attributes): Decision {
    if (user.groups.includes('system:masters')) return { allowed: true, reason: '' };
    const namespace = 'path' in wanted ? '' : wanted.namespace;
    for (const { rules, reason } of this.#grants(user, namespace)) {
      if (rules.some((rule) => allows(rule, wanted))) return { allowed: true, reason };
    }
    return { allowed: false, reason: '' };
  }

  /** Throws the 403 that the API server answers where it is not allowed. */
  require(user: User, wanted: Attributes): void {
    if (!this.authorize(user, wanted).allowed) throw forbiddenError(user, wanted);
  }

  /** Every rule that holds for the user in a namespace (cluster-wide rules included). */
  rulesFor(user: User, namespace: string): readonly PolicyRule[] {
    if (user.groups.includes('system:masters')) return everything;
    return this.#grants(user, namespace).flatMap(({ rules }) => rules);
  }

  #grants(user: User, namespace: string): readonly { readonly rules: readonly PolicyRule[]; readonly reason: string }[] {
    const cluster = this.#store.list(`clusterrolebindings.${RBAC}`);
    const local = namespace === '' ? [] : this.#store.list(`rolebindings.${RBAC}`, namespace);
    return [...cluster, ...local].flatMap((binding) => {
      const subject = listOf(binding['subjects'])
        .filter(isRecord)
        .find((item) => isSubject(item, user, binding.metadata.namespace));
      if (subject === undefined) return [];
      const role = this.#roleOf(binding);
      const roleRef = recordOf(binding['roleRef']);
      const bindingName =
        binding.metadata.namespace === undefined ? binding.metadata.name : `${binding.metadata.name}/${binding.metadata.namespace}`;
      const reason = `RBAC: allowed by ${binding.kind} "${bindingName}" of ${String(roleRef['kind'])} "${String(roleRef['name'])}" to ${String(subject['kind'])} "${String(subject['name'])}"`;
      return role === undefined ? [] : [{ rules: decodeRules(role), reason }];
    });
  }

  #roleOf(binding: KubeObject): KubeObject | undefined {
    const { kind, name } = recordOf(binding['roleRef']);
    const roleName = textOf(name) ?? '';
    if (kind === 'ClusterRole') return this.#store.read(`clusterroles.${RBAC}`, undefined, roleName);
    return kind === 'Role' ? this.#store.read(`roles.${RBAC}`, binding.metadata.namespace, roleName) : undefined;
  }
}

/** The rules of a Role or ClusterRole. */
export function decodeRules(role: KubeObject): readonly PolicyRule[] {
  return listOf(role['rules'])
    .filter(isRecord)
    .map((rule) => ({
      verbs: textsOf(rule['verbs']),
      apiGroups: textsOf(rule['apiGroups']),
      resources: textsOf(rule['resources']),
      resourceNames: textsOf(rule['resourceNames']),
      nonResourceURLs: textsOf(rule['nonResourceURLs']),
    }));
}

function isSubject(subject: Readonly<Record<string, unknown>>, user: User, bindingNamespace: string | undefined): boolean {
  switch (subject['kind']) {
    case 'User':
      return subject['name'] === user.username;
    case 'Group':
      return user.groups.includes(textOf(subject['name']) ?? '');
    case 'ServiceAccount': {
      const account = decodeServiceAccount(user.username);
      return (
        account !== undefined &&
        account.name === subject['name'] &&
        account.namespace === (textOf(subject['namespace']) ?? bindingNamespace)
      );
    }
    default:
      return false;
  }
}

function allows(rule: PolicyRule, wanted: Attributes): boolean {
  if (!rule.verbs.includes('*') && !rule.verbs.includes(wanted.verb)) return false;
  if ('path' in wanted) {
    return rule.nonResourceURLs.some((url) => url === wanted.path || (url.endsWith('*') && wanted.path.startsWith(url.slice(0, -1))));
  }
  const combined = wanted.subresource === '' ? wanted.resource : `${wanted.resource}/${wanted.subresource}`;
  const resource =
    rule.resources.includes('*') ||
    rule.resources.includes(combined) ||
    (wanted.subresource !== '' && rule.resources.includes(`*/${wanted.subresource}`));
  const group = rule.apiGroups.includes('*') || rule.apiGroups.includes(wanted.group);
  return group && resource && (rule.resourceNames.length === 0 || rule.resourceNames.includes(wanted.name));
}

/** The Status of apiserver's responsewriters.Forbidden. */
export function forbiddenError(user: User, wanted: Attributes): StatusError {
  const who = `User "${user.username}"`;
  if ('path' in wanted) return forbidden(`forbidden: ${who} cannot ${wanted.verb} path "${wanted.path}"`, {});
  const { verb, group, resource, subresource, namespace, name } = wanted;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const what = name === '' ? qualified : `${qualified} "${name}"`;
  return forbidden(`${what} is forbidden: ${who} cannot ${verb} resource "${combined}" in API group "${group}" ${where}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  });
}
