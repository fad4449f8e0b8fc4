// Field numbers of the built-in messages that kubectl's own commands send (generated.proto of k8s.io/api and apimachinery). Types come from the
// schemas. Written as "name=number"; * marks a pointer (its zero value counts), ~ a map of quantities.

export interface ProtobufField {
  readonly name: string;
  readonly number: number;
  readonly pointer: boolean;
  readonly quantities: boolean;
}

const withSpec = 'metadata=1 spec=2 status=3';

const layouts: Readonly<Record<string, string>> = {
  ObjectMeta:
    'name=1 generateName=2 namespace=3 selfLink=4 uid=5 resourceVersion=6 generation=7 creationTimestamp=8 deletionTimestamp=9 deletionGracePeriodSeconds=10* labels=11 annotations=12 ownerReferences=13 finalizers=14',
  OwnerReference: 'kind=1 name=3 uid=4 apiVersion=5 controller=6* blockOwnerDeletion=7*',
  LabelSelector: 'matchLabels=1 matchExpressions=2',
  LabelSelectorRequirement: 'key=1 operator=2 values=3',
  DeleteOptions: 'gracePeriodSeconds=1* preconditions=2 orphanDependents=3* propagationPolicy=4 dryRun=5',
  Preconditions: 'uid=1 resourceVersion=2',

  SelfSubjectAccessReview: withSpec,
  SelfSubjectAccessReviewSpec: 'resourceAttributes=1 nonResourceAttributes=2',
  SelfSubjectRulesReview: withSpec,
  SelfSubjectRulesReviewSpec: 'namespace=1',
  SubjectAccessReview: withSpec,
  LocalSubjectAccessReview: withSpec,
  SubjectAccessReviewSpec: 'resourceAttributes=1 nonResourceAttributes=2 user=3 groups=4 uid=6',
  SubjectAccessReviewStatus: 'allowed=1 reason=2 evaluationError=3 denied=4',
  SubjectRulesReviewStatus: 'incomplete=3 evaluationError=4',
  ResourceAttributes: 'namespace=1 verb=2 group=3 version=4 resource=5 subresource=6 name=7',
  NonResourceAttributes: 'path=1 verb=2',
  SelfSubjectReview: 'metadata=1 status=2',
  SelfSubjectReviewStatus: 'userInfo=1',
  UserInfo: 'username=1 uid=2 groups=3',
  TokenReview: withSpec,
  TokenReviewSpec: 'token=1 audiences=2',
  TokenReviewStatus: 'authenticated=1 user=2 error=3 audiences=4',

  Role: 'metadata=1 rules=2',
  ClusterRole: 'metadata=1 rules=2 aggregationRule=3',
  AggregationRule: 'clusterRoleSelectors=1',
  PolicyRule: 'verbs=1 apiGroups=2 resources=3 resourceNames=4 nonResourceURLs=5',
  RoleBinding: 'metadata=1 subjects=2 roleRef=3',
  ClusterRoleBinding: 'metadata=1 subjects=2 roleRef=3',
  RoleRef: 'apiGroup=1 kind=2 name=3',
  Subject: 'kind=1 apiGroup=2 name=3 namespace=4',

  Namespace: withSpec,
  NamespaceSpec: 'finalizers=1',
  NamespaceStatus: 'phase=1',
  ConfigMap: 'metadata=1 data=2 binaryData=3 immutable=4*',
  Secret: 'metadata=1 data=2 type=3 stringData=4 immutable=5*',
  ServiceAccount: 'metadata=1 secrets=2 imagePullSecrets=3 automountServiceAccountToken=4*',
  LocalObjectReference: 'name=1',
  ObjectReference: 'kind=1 namespace=2 name=3 uid=4 apiVersion=5 resourceVersion=6 fieldPath=7',
  Service: withSpec,
  ServiceSpec:
    'ports=1 selector=2 clusterIP=3 type=4 externalIPs=5 sessionAffinity=7 loadBalancerIP=8 loadBalancerSourceRanges=9 externalName=10 externalTrafficPolicy=11 healthCheckNodePort=12 publishNotReadyAddresses=13 ipFamilyPolicy=17 clusterIPs=18 ipFamilies=19 allocateLoadBalancerNodePorts=20* loadBalancerClass=21 internalTrafficPolicy=22',
  ServicePort: 'name=1 protocol=2 port=3 targetPort=4 nodePort=5 appProtocol=6',
  ServiceStatus: 'loadBalancer=1 conditions=2',
  LoadBalancerStatus: 'ingress=1',

  Deployment: withSpec,
  DeploymentSpec:
    'replicas=1* selector=2 template=3 strategy=4 minReadySeconds=5 revisionHistoryLimit=6* paused=7 progressDeadlineSeconds=9*',
  DeploymentStrategy: 'type=1 rollingUpdate=2',
  RollingUpdateDeployment: 'maxUnavailable=1 maxSurge=2',
  DeploymentStatus:
    'observedGeneration=1 replicas=2 updatedReplicas=3 availableReplicas=4 unavailableReplicas=5 conditions=6 readyReplicas=7 collisionCount=8*',
  PodTemplateSpec: 'metadata=1 spec=2',
  PodSpec:
    'volumes=1 containers=2 restartPolicy=3 terminationGracePeriodSeconds=4* activeDeadlineSeconds=5* dnsPolicy=6 nodeSelector=7 serviceAccountName=8 serviceAccount=9 nodeName=10 hostNetwork=11 hostPID=12 hostIPC=13 securityContext=14 imagePullSecrets=15 hostname=16 subdomain=17 schedulerName=19 initContainers=20 automountServiceAccountToken=21* priorityClassName=24 priority=25*',
  Container:
    'name=1 image=2 command=3 args=4 workingDir=5 ports=6 env=7 resources=8 volumeMounts=9 terminationMessagePath=13 imagePullPolicy=14 stdin=16 stdinOnce=17 tty=18 terminationMessagePolicy=20 restartPolicy=24',
  ContainerPort: 'name=1 hostPort=2 containerPort=3 protocol=4 hostIP=5',
  EnvVar: 'name=1 value=2',
  VolumeMount: 'name=1 readOnly=2 mountPath=3 subPath=4',
  ResourceRequirements: 'limits=1~ requests=2~',

  Job: withSpec,
  JobSpec:
    'parallelism=1* completions=2* activeDeadlineSeconds=3* selector=4 manualSelector=5* template=6 backoffLimit=7* ttlSecondsAfterFinished=8* suspend=10*',
  JobStatus: 'active=4 succeeded=5 failed=6 completedIndexes=7 uncountedTerminatedPods=8 ready=9* failedIndexes=10*',
  JobTemplateSpec: 'metadata=1 spec=2',
  CronJob: withSpec,
  CronJobSpec:
    'schedule=1 startingDeadlineSeconds=2* concurrencyPolicy=3 suspend=4* jobTemplate=5 successfulJobsHistoryLimit=6* failedJobsHistoryLimit=7* timeZone=8',
  PodDisruptionBudget: withSpec,
  PodDisruptionBudgetSpec: 'minAvailable=1 selector=2 maxUnavailable=3',
  PodDisruptionBudgetStatus: 'observedGeneration=1 disruptionsAllowed=3 currentHealthy=4 desiredHealthy=5 expectedPods=6',
};

/** The fields of each message, by the message's name. */
export const protobufFields: Readonly<Record<string, readonly ProtobufField[]>> = Object.fromEntries(
  Object.entries(layouts).map(([type, layout]) => [type, layout.split(' ').map(decodeLayout)]),
);

function decodeLayout(text: string): ProtobufField {
  const [, name = '', number = '0', mark = ''] = /^(\w+)=(\d+)([*~]?)$/.exec(text) ?? [];
  return { name, number: Number(number), pointer: mark === '*', quantities: mark === '~' };
}
