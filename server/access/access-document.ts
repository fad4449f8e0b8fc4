// What one may do in a namespace, and what to ask an administrator for. Pure. In: Access, a namespace, who asks. Out: AccessDocument.
import { stringify } from 'yaml';
import type { AccessDocument, Deed } from '../../model/account';
import { Failure } from '../../model/failure';
import type { Access } from '../ports';
import { deedsIn } from './deeds';

/** How the rest is asked for: as Kubernetes RBAC for a name that Kubernetes knows, or as a row of the configuration. */
export type Petitioner =
  | { readonly kind: 'kubernetes'; readonly name: string }
  | { readonly kind: 'configuration'; readonly name: string }
  /** Nobody logs in: one role is everybody's. */
  | { readonly kind: 'everybody' };

// RFC 1123 label, as Kubernetes names namespaces.
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** The namespace of a request. @throws Failure badRequest */
export function decodeNamespace(text: string | null): string {
  if (text !== null && NAMESPACE.test(text)) return text;
  throw new Failure(
    'badRequest',
    `namespace=${JSON.stringify((text ?? '').slice(0, 80))} is not the name of a namespace`,
    'Give one name of lower-case letters, digits and dashes.',
  );
}

/** The document of a namespace; the same for one that is hidden and one that does not exist. */
export function buildAccessDocument(namespace: string, access: Access, petitioner: Petitioner): AccessDocument {
  const deeds = deedsIn(namespace).map((deed) => ({ deed, allowed: access.allows(deed) }));
  const missing = deeds.filter(({ allowed }) => !allowed).map(({ deed }) => deed);
  const sees = access.sight === null || access.sight.includes(namespace);
  return { namespace, sees, deeds, request: missing.length === 0 ? null : buildRequest(namespace, missing, petitioner) };
}

function buildRequest(namespace: string, missing: readonly Deed[], petitioner: Petitioner): NonNullable<AccessDocument['request']> {
  switch (petitioner.kind) {
    case 'kubernetes':
      return { kind: 'kubernetes', yaml: buildRole(namespace, missing, petitioner.name) };
    case 'configuration':
      return {
        kind: 'configuration',
        yaml: stringify({ access: { roles: [{ role: 'editor', users: [petitioner.name], namespaces: [namespace] }] } }),
      };
    case 'everybody':
      return { kind: 'configuration', yaml: stringify({ auth: { anonymousRole: 'editor' } }) };
    default:
      return petitioner satisfies never;
  }
}

/** A Role with exactly what is missing, and its binding to the user. */
function buildRole(namespace: string, missing: readonly Deed[], name: string): string {
  const verbs = new Map<string, { readonly group: string; readonly resource: string; readonly verbs: string[] }>();
  for (const { group, resource, verb } of missing) {
    const key = `${group}/${resource}`;
    const own = verbs.get(key);
    if (own === undefined) verbs.set(key, { group, resource, verbs: [verb] });
    else own.verbs.push(verb);
  }
  const rules = new Map<
    string,
    { readonly apiGroups: readonly string[]; readonly resources: string[]; readonly verbs: readonly string[] }
  >();
  for (const { group, resource, verbs: own } of verbs.values()) {
    const key = `${group} ${own.join(' ')}`;
    const rule = rules.get(key);
    if (rule === undefined) rules.set(key, { apiGroups: [group], resources: [resource], verbs: own });
    else rule.resources.push(resource);
  }
  const apiGroup = 'rbac.authorization.k8s.io';
  const metadata = { name: objectName(name), namespace };
  const role = { apiVersion: `${apiGroup}/v1`, kind: 'Role', metadata, rules: [...rules.values()] };
  const binding = {
    apiVersion: `${apiGroup}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup, kind: 'Role', name: metadata.name },
    subjects: [subjectOf(name, apiGroup)],
  };
  return `${stringify(role, { aliasDuplicateObjects: false })}---\n${stringify(binding, { aliasDuplicateObjects: false })}`;
}

// Service accounts are users of this name (Kubernetes, "Authenticating"); RBAC binds them by their own kind.
function subjectOf(name: string, apiGroup: string): Readonly<Record<string, string>> {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  return namespace === undefined || account === undefined
    ? { kind: 'User', apiGroup, name }
    : { kind: 'ServiceAccount', name: account, namespace };
}

/** `heddle-alice-example-com-1x2y3z`: readable, a valid name, and another one for every user. */
function objectName(name: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return ['heddle', ...(readable === '' ? [] : [readable]), textHash(name)].join('-');
}

/** FNV-1a, 32 bits: tells names apart that read alike. */
function textHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
