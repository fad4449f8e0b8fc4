// Everything that the console may be asked to do, in the words of Kubernetes RBAC. In: nothing. Out: resources, verbs, the deeds of a namespace.
import type { Deed } from '../../model/account';

export type Verb = Deed['verb'];
export const READ_VERBS: readonly Verb[] = ['get', 'list', 'watch'];
export const WRITE_VERBS: readonly Verb[] = ['create', 'update', 'patch', 'delete'];

interface Resource {
  readonly group: string;
  readonly resource: string;
}

/** Groups of the objects that an editor changes. */
export const MESH_GROUPS: readonly string[] = [
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
];
const of = (group: string, ...resources: readonly string[]): readonly Resource[] => resources.map((resource) => ({ group, resource }));

/** What is read of a namespace beside the mesh's own objects: what runs, and by which name it is called. */
const READ_ONLY: readonly Resource[] = [
  ...of('', 'services', 'pods'),
  ...of('apps', 'deployments', 'statefulsets', 'daemonsets', 'replicasets'),
];
/** Logs of pods are got and nothing else (Kubernetes' own role `view` has it, too). */
export const readsLogsIn = (namespace: string | null): Deed => ({ verb: 'get', group: '', resource: 'pods/log', namespace });
/** Read as well, but by nobody in particular: what they belong to is in the list above. */
const READ_TOO: readonly Resource[] = of('', 'namespaces', 'endpoints', 'serviceaccounts', 'pods/log', 'events');

/** The mesh's own objects in a namespace. */
const CHANGED: readonly Resource[] = [
  ...of('networking.istio.io', 'virtualservices', 'destinationrules', 'gateways', 'serviceentries', 'sidecars', 'workloadentries'),
  ...of('security.istio.io', 'authorizationpolicies', 'peerauthentications', 'requestauthentications'),
  ...of('telemetry.istio.io', 'telemetries'),
  ...of('gateway.networking.k8s.io', 'gateways', 'httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes', 'referencegrants'),
];

const plain = new Set([...READ_ONLY, ...READ_TOO].map(({ group, resource }) => `${group}/${resource}`));

/** True for what a viewer reads; never secrets. */
export const isMeshObject = ({ group, resource }: Resource): boolean => MESH_GROUPS.includes(group) || plain.has(`${group}/${resource}`);
/** True for what an editor changes. */
export const isChangeable = ({ group }: Resource): boolean => MESH_GROUPS.includes(group);

/** Every deed of a namespace that the console knows, in the order in which a person would read them; null: of the whole cluster. */
export const deedsIn = (namespace: string | null): readonly Deed[] => [
  ...READ_ONLY.flatMap(({ group, resource }) => READ_VERBS.map((verb): Deed => ({ verb, group, resource, namespace }))),
  readsLogsIn(namespace),
  ...CHANGED.flatMap(({ group, resource }) => [...READ_VERBS, ...WRITE_VERBS].map((verb): Deed => ({ verb, group, resource, namespace }))),
];

/** Every change in the whole cluster: who may do all of it is an administrator of the mesh. */
export const CHANGES_EVERYWHERE: readonly Deed[] = deedsIn(null).filter((deed) => WRITE_VERBS.includes(deed.verb));

/** Any of these in a namespace lets somebody see it. */
export const sightDeedsIn = (namespace: string): readonly Deed[] =>
  (
    [
      ['', 'services'],
      ['', 'pods'],
      ['networking.istio.io', 'virtualservices'],
    ] as const
  ).flatMap(([group, resource]) => (['list', 'get'] as const).map((verb): Deed => ({ verb, group, resource, namespace })));
