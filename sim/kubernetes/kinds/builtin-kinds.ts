// The table of built-in kinds; adding one is one row. Schemas come from the client's type maps by class name.
import { recordOf, textOf, valueAt } from '../json';
import type { KubeObject } from '../object';
import type { BuiltinSchemas } from '../schemas/builtin';
import * as columns from './columns';
import type { KindRow, SelectableField } from './kind';
import { podColumns } from './pod-columns';

const field =
  (...path: readonly string[]): SelectableField =>
  (object: KubeObject) => {
    const value = valueAt(object, ...path);
    return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  };

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
const eventFields: Readonly<Record<string, SelectableField>> = {
  ...Object.fromEntries(involved.map((name) => [`involvedObject.${name}`, field('involvedObject', name)])),
  reason: field('reason'),
  type: field('type'),
  reportingComponent: field('reportingComponent'),
  source: (event) => textOf(recordOf(event['source'])['component']) ?? textOf(event['reportingComponent']) ?? '',
};
const podFields: Readonly<Record<string, SelectableField>> = {
  'spec.nodeName': field('spec', 'nodeName'),
  'spec.restartPolicy': field('spec', 'restartPolicy'),
  'spec.schedulerName': field('spec', 'schedulerName'),
  'spec.serviceAccountName': field('spec', 'serviceAccountName'),
  'spec.hostNetwork': (pod) => (valueAt(pod, 'spec', 'hostNetwork') === true ? 'true' : 'false'),
  'status.phase': field('status', 'phase'),
  'status.podIP': field('status', 'podIP'),
  'status.nominatedNodeName': field('status', 'nominatedNodeName'),
};

/** The rows of every built-in kind, in the order that discovery shows their groups. */
export function builtinKinds(schemas: BuiltinSchemas): readonly KindRow[] {
  const of = (className: string) => () => schemas.schemaOf(className);
  const core = { group: '', versions: ['v1'] };
  const apps = {
    group: 'apps',
    versions: ['v1'],
    categories: ['all'],
    tracksGeneration: true as const,
    subresources: ['scale', 'status'] as const,
  };
  const batch = {
    group: 'batch',
    versions: ['v1'],
    categories: ['all'],
    tracksGeneration: true as const,
    subresources: ['status'] as const,
  };
  const rbac = { group: 'rbac.authorization.k8s.io', versions: ['v1'] };
  const review = { review: true as const, clusterScoped: true as const };
  const authorization = { group: 'authorization.k8s.io', versions: ['v1'] };
  const authentication = { group: 'authentication.k8s.io', versions: ['v1'] };
  const cluster = { clusterScoped: true as const };
  const withStatus = { subresources: ['status'] as const };

  return [
    { ...core, kind: 'ConfigMap', shortNames: ['cm'], columns: columns.configMapColumns, schema: of('V1ConfigMap') },
    { ...core, kind: 'Endpoints', plural: 'endpoints', shortNames: ['ep'], columns: columns.endpointsColumns, schema: of('V1Endpoints') },
    { ...core, kind: 'Event', shortNames: ['ev'], columns: columns.eventColumns, selectableFields: eventFields, schema: of('CoreV1Event') },
    {
      ...core,
      ...cluster,
      ...withStatus,
      kind: 'Namespace',
      shortNames: ['ns'],
      columns: columns.namespaceColumns,
      selectableFields: { 'status.phase': field('status', 'phase') },
      schema: of('V1Namespace'),
    },
    {
      ...core,
      ...cluster,
      ...withStatus,
      kind: 'Node',
      shortNames: ['no'],
      columns: columns.nodeColumns,
      selectableFields: { 'spec.unschedulable': (node) => (valueAt(node, 'spec', 'unschedulable') === true ? 'true' : 'false') },
      schema: of('V1Node'),
    },
    {
      ...core,
      kind: 'Pod',
      shortNames: ['po'],
      categories: ['all'],
      subresources: ['log', 'status'],
      columns: podColumns,
      selectableFields: podFields,
      schema: of('V1Pod'),
    },
    { ...core, kind: 'Secret', columns: columns.secretColumns, selectableFields: { type: field('type') }, schema: of('V1Secret') },
    {
      ...core,
      ...withStatus,
      kind: 'Service',
      shortNames: ['svc'],
      categories: ['all'],
      columns: columns.serviceColumns,
      selectableFields: { 'spec.clusterIP': field('spec', 'clusterIP'), 'spec.type': field('spec', 'type') },
      schema: of('V1Service'),
    },
    { ...core, kind: 'ServiceAccount', shortNames: ['sa'], columns: columns.serviceAccountColumns, schema: of('V1ServiceAccount') },

    { ...apps, kind: 'DaemonSet', ...withStatus, shortNames: ['ds'], columns: columns.daemonSetColumns, schema: of('V1DaemonSet') },
    { ...apps, kind: 'Deployment', shortNames: ['deploy'], columns: columns.deploymentColumns, schema: of('V1Deployment') },
    { ...apps, kind: 'ReplicaSet', shortNames: ['rs'], columns: columns.replicaSetColumns, schema: of('V1ReplicaSet') },
    { ...apps, kind: 'StatefulSet', shortNames: ['sts'], columns: columns.statefulSetColumns, schema: of('V1StatefulSet') },
    { ...authentication, ...review, kind: 'SelfSubjectReview', schema: of('V1SelfSubjectReview') },
    { ...authentication, ...review, kind: 'TokenReview', schema: of('V1TokenReview') },
    { ...authorization, review: true, kind: 'LocalSubjectAccessReview', schema: of('V1LocalSubjectAccessReview') },
    { ...authorization, ...review, kind: 'SelfSubjectAccessReview', schema: of('V1SelfSubjectAccessReview') },
    { ...authorization, ...review, kind: 'SelfSubjectRulesReview', schema: of('V1SelfSubjectRulesReview') },
    { ...authorization, ...review, kind: 'SubjectAccessReview', schema: of('V1SubjectAccessReview') },
    {
      group: 'autoscaling',
      versions: ['v2'],
      kind: 'HorizontalPodAutoscaler',
      shortNames: ['hpa'],
      categories: ['all'],
      ...withStatus,
      columns: columns.autoscalerColumns,
      schema: of('V2HorizontalPodAutoscaler'),
    },
    { ...batch, kind: 'CronJob', shortNames: ['cj'], columns: columns.cronJobColumns, schema: of('V1CronJob') },
    { ...batch, kind: 'Job', columns: columns.jobColumns, schema: of('V1Job') },
    {
      group: 'networking.k8s.io',
      versions: ['v1'],
      kind: 'Ingress',
      plural: 'ingresses',
      shortNames: ['ing'],
      ...withStatus,
      tracksGeneration: true,
      columns: columns.ingressColumns,
      schema: of('V1Ingress'),
    },
    {
      group: 'policy',
      versions: ['v1'],
      kind: 'PodDisruptionBudget',
      shortNames: ['pdb'],
      ...withStatus,
      tracksGeneration: true,
      columns: columns.budgetColumns,
      schema: of('V1PodDisruptionBudget'),
    },
    { ...rbac, ...cluster, kind: 'ClusterRole', columns: columns.createdAtColumns, schema: of('V1ClusterRole') },
    { ...rbac, ...cluster, kind: 'ClusterRoleBinding', columns: columns.bindingColumns, schema: of('V1ClusterRoleBinding') },
    { ...rbac, kind: 'Role', columns: columns.createdAtColumns, schema: of('V1Role') },
    { ...rbac, kind: 'RoleBinding', columns: columns.bindingColumns, schema: of('V1RoleBinding') },
    {
      group: 'admissionregistration.k8s.io',
      versions: ['v1'],
      ...cluster,
      kind: 'MutatingWebhookConfiguration',
      categories: ['api-extensions'],
      tracksGeneration: true,
      columns: columns.webhookColumns,
      schema: of('V1MutatingWebhookConfiguration'),
    },
    {
      group: 'admissionregistration.k8s.io',
      versions: ['v1'],
      ...cluster,
      kind: 'ValidatingWebhookConfiguration',
      categories: ['api-extensions'],
      tracksGeneration: true,
      columns: columns.webhookColumns,
      schema: of('V1ValidatingWebhookConfiguration'),
    },
    {
      group: 'apiextensions.k8s.io',
      versions: ['v1'],
      ...cluster,
      kind: 'CustomResourceDefinition',
      shortNames: ['crd', 'crds'],
      categories: ['api-extensions'],
      verbs: ['get', 'list', 'watch'],
      columns: columns.createdAtColumns,
      schema: of('V1CustomResourceDefinition'),
    },
    { group: 'coordination.k8s.io', versions: ['v1'], kind: 'Lease', columns: columns.createdAtColumns, schema: of('V1Lease') },
    {
      group: 'discovery.k8s.io',
      versions: ['v1'],
      kind: 'EndpointSlice',
      tracksGeneration: true,
      columns: columns.endpointSliceColumns,
      schema: of('V1EndpointSlice'),
    },
  ];
}
