// What the client's type maps do not tell about built-in API types: required fields, associative lists (staging/src/k8s.io/api types.go:
// +listType, +listMapKey, patchMergeKey), atomic maps, defaults (pkg/apis/*/defaults.go) and closed sets of words.
import type { Schema } from './schema';

type ListFact = Pick<Schema, 'listType' | 'listKeys' | 'patchMergeKey' | 'patchStrategy'>;

export interface ClassFacts {
  readonly required?: readonly string[];
  readonly lists?: Readonly<Record<string, ListFact>>;
  /** +structType=atomic: the whole value has one owner. */
  readonly atomic?: true;
  /** +mapType=atomic fields. */
  readonly atomicMaps?: readonly string[];
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** An associative list: its server-side apply keys, and its strategic merge key (the first of them unless said otherwise). */
function byKeys(...listKeys: readonly string[]): ListFact {
  const [patchMergeKey] = listKeys;
  return { listType: 'map', listKeys, patchStrategy: 'merge', ...(patchMergeKey === undefined ? {} : { patchMergeKey }) };
}

const asSet: ListFact = { listType: 'set', patchStrategy: 'merge' };
const conditions = { lists: { conditions: byKeys('type') } };

const containerLists: Readonly<Record<string, ListFact>> = {
  ports: byKeys('containerPort', 'protocol'),
  env: byKeys('name'),
  volumeMounts: byKeys('mountPath'),
  volumeDevices: byKeys('devicePath'),
  resizePolicy: { listType: 'atomic' },
};

const workloadTemplate = { required: ['selector', 'template'] };

export const builtinFacts: Readonly<Record<string, ClassFacts>> = {
  V1ObjectMeta: { lists: { finalizers: asSet, ownerReferences: byKeys('uid') } },
  V1OwnerReference: { required: ['apiVersion', 'kind', 'name', 'uid'], atomic: true },
  V1LabelSelector: { atomic: true },
  V1LabelSelectorRequirement: { required: ['key', 'operator'] },
  V1ObjectReference: { atomic: true },
  V1LocalObjectReference: { atomic: true },
  V1TypedLocalObjectReference: { required: ['kind', 'name'], atomic: true },
  V1CrossVersionObjectReference: { required: ['kind', 'name'], atomic: true },

  V1NamespaceStatus: conditions,
  V1PodSpec: {
    required: ['containers'],
    lists: {
      containers: byKeys('name'),
      initContainers: byKeys('name'),
      ephemeralContainers: byKeys('name'),
      volumes: { ...byKeys('name'), patchStrategy: 'merge,retainKeys' },
      imagePullSecrets: byKeys('name'),
      hostAliases: byKeys('ip'),
      topologySpreadConstraints: byKeys('topologyKey', 'whenUnsatisfiable'),
    },
    atomicMaps: ['nodeSelector'],
    defaults: {
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
      securityContext: {},
    },
  },
  V1PodStatus: { lists: { conditions: byKeys('type'), podIPs: byKeys('ip'), hostIPs: { listType: 'atomic' } } },
  V1Container: {
    required: ['name'],
    lists: containerLists,
    defaults: {
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: {},
      imagePullPolicy: 'IfNotPresent',
    },
  },
  V1EphemeralContainer: { required: ['name'], lists: containerLists },
  V1ContainerPort: { required: ['containerPort'], defaults: { protocol: 'TCP' } },
  V1EnvVar: { required: ['name'] },
  V1VolumeMount: { required: ['name', 'mountPath'] },
  V1VolumeDevice: { required: ['name', 'devicePath'] },
  V1Volume: { required: ['name'] },
  V1HTTPGetAction: { required: ['port'], defaults: { scheme: 'HTTP' } },
  V1ConfigMapKeySelector: { required: ['key'], atomic: true },
  V1SecretKeySelector: { required: ['key'], atomic: true },
  V1ObjectFieldSelector: { required: ['fieldPath'], atomic: true },
  V1ResourceFieldSelector: { required: ['resource'], atomic: true },
  V1NodeSelector: { required: ['nodeSelectorTerms'], atomic: true },
  V1NodeSelectorTerm: { atomic: true },
  V1ServiceSpec: {
    lists: { ports: { listType: 'map', listKeys: ['port', 'protocol'], patchMergeKey: 'port', patchStrategy: 'merge' } },
    atomicMaps: ['selector'],
    defaults: { type: 'ClusterIP', sessionAffinity: 'None' },
  },
  V1ServicePort: { required: ['port'], defaults: { protocol: 'TCP' } },
  V1ServiceStatus: conditions,
  V1ServiceAccount: { lists: { secrets: byKeys('name') } },
  V1NodeStatus: { lists: { conditions: byKeys('type'), addresses: byKeys('type') } },
  V1NodeSpec: { lists: { podCIDRs: asSet } },
  CoreV1Event: { required: ['metadata', 'involvedObject'] },
  CoreV1EndpointPort: { required: ['port'], atomic: true },
  V1EndpointAddress: { required: ['ip'], atomic: true },

  V1DeploymentSpec: {
    ...workloadTemplate,
    defaults: {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: {} },
    },
  },
  V1RollingUpdateDeployment: { defaults: { maxSurge: '25%', maxUnavailable: '25%' } },
  V1DeploymentStatus: conditions,
  V1ReplicaSetSpec: { required: ['selector'], defaults: { replicas: 1 } },
  V1ReplicaSetStatus: conditions,
  V1StatefulSetSpec: {
    ...workloadTemplate,
    defaults: { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady', updateStrategy: { type: 'RollingUpdate' } },
  },
  V1StatefulSetStatus: conditions,
  V1DaemonSetSpec: { ...workloadTemplate, defaults: { revisionHistoryLimit: 10, updateStrategy: { type: 'RollingUpdate' } } },
  V1DaemonSetStatus: conditions,
  V1JobSpec: { required: ['template'], defaults: { completions: 1, parallelism: 1, backoffLimit: 6 } },
  V1CronJobSpec: { required: ['schedule', 'jobTemplate'], defaults: { concurrencyPolicy: 'Allow', suspend: false } },
  V1EndpointSlice: { required: ['addressType', 'endpoints'] },
  V1Endpoint: { required: ['addresses'], lists: { addresses: { listType: 'set' } } },

  V1RoleBinding: { required: ['roleRef'] },
  V1ClusterRoleBinding: { required: ['roleRef'] },
  V1RoleRef: { required: ['apiGroup', 'kind', 'name'], atomic: true },
  RbacV1Subject: { required: ['kind', 'name'], atomic: true },
  V1PolicyRule: { required: ['verbs'] },
  V1MutatingWebhookConfiguration: { lists: { webhooks: byKeys('name') } },
  V1MutatingWebhook: { required: ['name', 'clientConfig', 'sideEffects', 'admissionReviewVersions'] },
  V1ValidatingWebhookConfiguration: { lists: { webhooks: byKeys('name') } },
  V1ValidatingWebhook: { required: ['name', 'clientConfig', 'sideEffects', 'admissionReviewVersions'] },
  V1PodDisruptionBudgetStatus: conditions,
  V2HorizontalPodAutoscalerSpec: { required: ['scaleTargetRef', 'maxReplicas'], defaults: { minReplicas: 1 } },
  V2HorizontalPodAutoscalerStatus: conditions,
  V1IngressTLS: { lists: { hosts: { listType: 'atomic' } } },
  V1HTTPIngressRuleValue: { required: ['paths'] },
  V1HTTPIngressPath: { required: ['pathType', 'backend'] },
  V1CustomResourceDefinitionStatus: conditions,
  V1TokenReview: { required: ['spec'] },
  V1SubjectAccessReview: { required: ['spec'] },
  V1LocalSubjectAccessReview: { required: ['spec'] },
  V1SelfSubjectAccessReview: { required: ['spec'] },
  V1SelfSubjectRulesReview: { required: ['spec'] },
};

/** Fields whose words the built-in validation holds closed. */
export const closedToStrings: Readonly<Record<string, readonly string[]>> = {
  'V1ServiceSpec.type': ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
  'V1ServicePort.protocol': ['SCTP', 'TCP', 'UDP'],
  'V1ContainerPort.protocol': ['SCTP', 'TCP', 'UDP'],
  'V1PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'V1Container.imagePullPolicy': ['Always', 'IfNotPresent', 'Never'],
  'V1DeploymentStrategy.type': ['Recreate', 'RollingUpdate'],
  'V1EndpointSlice.addressType': ['FQDN', 'IPv4', 'IPv6'],
  'V1HTTPIngressPath.pathType': ['Exact', 'ImplementationSpecific', 'Prefix'],
  'V1LabelSelectorRequirement.operator': ['DoesNotExist', 'Exists', 'In', 'NotIn'],
  'RbacV1Subject.kind': ['Group', 'ServiceAccount', 'User'],
};
