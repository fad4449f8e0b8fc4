// What an API server finds or makes when it starts: its own namespaces and roles, and the CRDs of the custom kinds it serves.
import { bootstrapRoles } from './access/bootstrap-roles';
import type { Kind } from './kinds/kind';
import type { KubeObject } from './object';
import { encodeSchema } from './schemas/openapi';
import { formatTime, type ObjectStore } from './store';

const systemNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Writes what is missing; what the world already put in the store stays as it is. */
export function bootstrapCluster(store: ObjectStore, now: () => number): void {
  const crds = store.registry.kinds.filter((kind) => kind.custom).map((kind) => buildDefinition(kind, formatTime(now())));
  for (const object of [...systemNamespaces.map(buildNamespace), ...bootstrapRoles(), ...crds]) {
    const kind = store.registry.findByKind(object.apiVersion, object.kind);
    if (kind !== undefined && store.read(kind.resource, undefined, object.metadata.name) === undefined) store.write(object);
  }
}

function buildNamespace(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** The CustomResourceDefinition of a custom kind, as the charts install it. */
export function buildDefinition(kind: Kind, established: string): KubeObject {
  const schema = { openAPIV3Schema: encodeSchema(crdSchema(kind)) };
  const gatewayApi = kind.group === 'gateway.networking.k8s.io';
  const names = {
    plural: kind.plural,
    singular: kind.singular,
    kind: kind.kind,
    listKind: kind.listKind,
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    categories: kind.categories,
  };
  const additionalPrinterColumns = kind.columns.map(({ name, type, jsonPath, priority }) => ({
    name,
    type,
    jsonPath,
    ...(priority === 0 ? {} : { priority }),
  }));
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    lastTransitionTime: established,
    reason,
    message,
  });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: kind.resource,
      ...(gatewayApi
        ? { annotations: { 'gateway.networking.k8s.io/bundle-version': 'v1.6.0', 'gateway.networking.k8s.io/channel': 'standard' } }
        : { labels: { app: 'istio-pilot', chart: 'istio', heritage: 'Tiller', release: 'istio' } }),
    },
    spec: {
      group: kind.group,
      names,
      scope: kind.namespaced ? 'Namespaced' : 'Cluster',
      conversion: { strategy: 'None' },
      versions: kind.versions.map((name) => ({
        name,
        served: true,
        storage: name === kind.storageVersion,
        schema,
        ...(kind.subresources.includes('status') ? { subresources: { status: {} } } : {}),
        additionalPrinterColumns,
      })),
    },
    status: {
      acceptedNames: names,
      storedVersions: [kind.storageVersion],
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
    },
  };
}

/** A CRD's own schema leaves metadata to the API server. */
function crdSchema(kind: Kind) {
  const schema = kind.schema();
  return { ...schema, properties: { ...schema.properties, metadata: { type: 'object' as const } } };
}
