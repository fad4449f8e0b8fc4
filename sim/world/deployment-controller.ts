// Deployments -> ReplicaSets -> Pods: creation, scaling, rolling updates, replacement of deleted pods, start-up times, status.
// In: ClusterPass. Out: writes to the store. The rules are those of Kubernetes' deployment and replica set controllers, reduced to RollingUpdate.
import { isRecord, listOf, recordOf, textOf, valueAt } from '../kubernetes/json';
import type { KubeObject } from '../kubernetes/object';
import type { ClusterPass } from './cluster-pass';
import { isStartable } from './container-status';
import { timeText } from './objects';
import { buildPod, isReady, readyPod, startupMs, templateHash } from './pods';
import { nameSuffix, unitHash, uuidOf } from './random';

const DEPLOYMENTS = 'deployments.apps';
const REPLICA_SETS = 'replicasets.apps';

const textMap = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(recordOf(value)).filter((e): e is [string, string] => typeof e[1] === 'string'));

const replicasOf = (object: KubeObject): number => {
  const n = valueAt(object, 'spec', 'replicas');
  return typeof n === 'number' && n >= 0 ? Math.floor(n) : 1;
};

const ownerName = (object: KubeObject, kind: string): string | null =>
  object.metadata.ownerReferences?.find((o) => o.controller === true && o.kind === kind)?.name ?? null;

const bornAt = (object: KubeObject): number => Date.parse(object.metadata.creationTimestamp ?? '') || 0;

// `25%` of the replicas, rounded up for surge and down for unavailability (Kubernetes: Deployments, "Rolling Update Deployment").
function limitOf(deployment: KubeObject, field: 'maxSurge' | 'maxUnavailable', replicas: number): number {
  const value = valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', field);
  if (typeof value === 'number') return value;
  const percent = Number.parseInt(textOf(value) ?? '25%', 10);
  const part = (replicas * (Number.isNaN(percent) ? 25 : percent)) / 100;
  return field === 'maxSurge' ? Math.ceil(part) : Math.floor(part);
}

function ensureReplicaSet(pass: ClusterPass, deployment: KubeObject, namespace: string): KubeObject {
  const template = recordOf(valueAt(deployment, 'spec', 'template'));
  const hash = templateHash(template);
  const name = `${deployment.metadata.name}-${hash}`;
  const known = pass.list(REPLICA_SETS, namespace).find((o) => o.metadata.name === name);
  if (known) return known;
  const revision = pass.list(REPLICA_SETS, namespace).filter((o) => ownerName(o, 'Deployment') === deployment.metadata.name).length + 1;
  const labels = { ...textMap(valueAt(template, 'metadata', 'labels')), 'pod-template-hash': hash };
  const created = pass.write(REPLICA_SETS, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace,
      uid: uuidOf(`${pass.seed}/ReplicaSet/${namespace}/${name}`),
      creationTimestamp: timeText(pass.mode === 'settled' ? bornAt(deployment) + 1000 : pass.nowMs),
      labels,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: deployment.metadata.name,
          uid: deployment.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas: replicasOf(deployment),
      selector: { matchLabels: { ...textMap(valueAt(deployment, 'spec', 'selector', 'matchLabels')), 'pod-template-hash': hash } },
      template: { ...template, metadata: { ...recordOf(template['metadata']), labels } },
    },
    status: { replicas: 0 },
  });
  pass.record(deployment, 'ScalingReplicaSet', `Scaled up replica set ${name} to ${replicasOf(deployment)}`, 'deployment-controller');
  return created;
}

function createPod(
  pass: ClusterPass,
  set: KubeObject,
  deployment: KubeObject,
  namespace: string,
  namespaceLabels: Readonly<Record<string, string>>,
): void {
  const prefix = `${set.metadata.name}-`;
  const ordinal = pass.allocator.countUp(`${namespace}/${set.metadata.name}`);
  const name = prefix + nameSuffix(`${pass.seed}/${namespace}/${set.metadata.name}/${ordinal}`, 5);
  const settled = pass.mode === 'settled';
  const bornAtMs = settled ? bornAt(set) + 1000 + ordinal * 1000 : pass.nowMs;
  const pod = buildPod({
    seed: pass.seed,
    namespace,
    name,
    generateName: prefix,
    workload: deployment.metadata.name,
    template: valueAt(set, 'spec', 'template'),
    extraLabels: {},
    owner: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: set.metadata.name,
      uid: set.metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    },
    namespaceLabels,
    ip: pass.allocator.allocateIp(),
    bornAtMs,
  });
  // A few pods of a world that has run for days have restarted.
  const restarts = unitHash(name, 3) < 0.04 ? 1 + Math.floor(unitHash(name, 4) * 3) : 0;
  pass.write('pods', settled ? readyPod(pod, bornAtMs + startupMs(name), restarts) : pod);
  pass.record(set, 'SuccessfulCreate', `Created pod: ${name}`, 'replicaset-controller');
  pass.record(
    pod,
    'Scheduled',
    `Successfully assigned ${namespace}/${name} to ${textOf(valueAt(pod, 'spec', 'nodeName')) ?? ''}`,
    'default-scheduler',
  );
}

function removePod(pass: ClusterPass, pod: KubeObject, set: string): void {
  pass.record(
    pod,
    'Killing',
    `Stopping container ${textOf(recordOf(listOf(valueAt(pod, 'spec', 'containers'))[0])['name']) ?? pod.metadata.name}`,
    'kubelet',
  );
  pass.remove('pods', pod);
  pass.record(pod, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name} of ${set}`, 'replicaset-controller');
}

// Pods to give up first: those not ready, then the youngest.
const byWorth = (a: KubeObject, b: KubeObject): number =>
  Number(isReady(a)) - Number(isReady(b)) || bornAt(b) - bornAt(a) || (a.metadata.name < b.metadata.name ? 1 : -1);

function reconcileDeployment(pass: ClusterPass, deployment: KubeObject, namespaceLabels: Readonly<Record<string, string>>): void {
  const namespace = deployment.metadata.namespace ?? 'default';
  const desired = replicasOf(deployment);
  const current = ensureReplicaSet(pass, deployment, namespace);
  const sets = pass.list(REPLICA_SETS, namespace).filter((o) => ownerName(o, 'Deployment') === deployment.metadata.name);
  const podsOf = (set: KubeObject): KubeObject[] =>
    pass
      .list('pods', namespace)
      .filter((p) => ownerName(p, 'ReplicaSet') === set.metadata.name && p.metadata.deletionTimestamp === undefined);
  const old = sets.filter((s) => s.metadata.name !== current.metadata.name).flatMap((s) => podsOf(s));
  const own = podsOf(current);

  const surge = Math.max(limitOf(deployment, 'maxSurge', desired), desired === 0 ? 0 : 1);
  const wanted = Math.min(desired, Math.max(own.length, old.length === 0 ? desired : desired + surge - old.length));
  for (let n = own.length; n < wanted; n++) createPod(pass, current, deployment, namespace, namespaceLabels);
  for (const pod of [...own].sort(byWorth).slice(0, Math.max(0, own.length - desired))) removePod(pass, pod, current.metadata.name);

  // Old pods go when enough others are ready.
  const least = desired - limitOf(deployment, 'maxUnavailable', desired);
  let ready = [...podsOf(current), ...old].filter(isReady).length;
  for (const pod of [...old].sort(byWorth)) {
    if (isReady(pod) && ready - 1 < least) break;
    if (isReady(pod)) ready -= 1;
    removePod(pass, pod, ownerName(pod, 'ReplicaSet') ?? '');
  }
  // A roll goes on with the next pass: the pods removed now make room for new ones.
  if (old.length > 0) pass.due(pass.nowMs);
  for (const set of sets)
    writeSetStatus(pass, set, set.metadata.name === current.metadata.name ? desired : podsOf(set).length, podsOf(set));
  writeStatus(
    pass,
    deployment,
    current,
    podsOf(current),
    sets.filter((s) => s !== current).flatMap((s) => podsOf(s)),
  );
}

function writeSetStatus(pass: ClusterPass, set: KubeObject, replicas: number, pods: readonly KubeObject[]): void {
  const ready = pods.filter(isReady).length;
  pass.write(REPLICA_SETS, {
    ...set,
    spec: { ...recordOf(set['spec']), replicas },
    status: {
      replicas: pods.length,
      fullyLabeledReplicas: pods.length,
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
      observedGeneration: set.metadata.generation ?? 1,
    },
  });
}

function writeStatus(
  pass: ClusterPass,
  deployment: KubeObject,
  current: KubeObject,
  pods: readonly KubeObject[],
  old: readonly KubeObject[],
): void {
  const all = [...pods, ...old];
  const ready = all.filter(isReady).length;
  const desired = replicasOf(deployment);
  const least = desired - limitOf(deployment, 'maxUnavailable', desired);
  const available = ready >= least;
  const complete = old.length === 0 && pods.length === desired && ready === desired;
  const known = listOf(valueAt(deployment, 'status', 'conditions')).filter(isRecord);
  const condition = (type: string, status: boolean, reason: string, message: string): Readonly<Record<string, unknown>> => {
    const before = known.find((c) => c['type'] === type);
    const text = status ? 'True' : 'False';
    const at = timeText(pass.mode === 'settled' ? bornAt(deployment) + 8000 : pass.nowMs);
    const same = before?.['status'] === text;
    return {
      type,
      status: text,
      reason,
      message,
      lastTransitionTime: same ? before['lastTransitionTime'] : at,
      lastUpdateTime: same && before['reason'] === reason ? before['lastUpdateTime'] : at,
    };
  };
  pass.write(DEPLOYMENTS, {
    ...deployment,
    status: {
      observedGeneration: deployment.metadata.generation ?? 1,
      ...(all.length > 0 ? { replicas: all.length } : {}),
      ...(pods.length > 0 ? { updatedReplicas: pods.length } : {}),
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
      ...(ready < desired ? { unavailableReplicas: desired - ready } : {}),
      conditions: [
        condition(
          'Available',
          available,
          available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
          available ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
        ),
        condition(
          'Progressing',
          true,
          complete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
          `ReplicaSet "${current.metadata.name}" ${complete ? 'has successfully progressed.' : 'is progressing.'}`,
        ),
      ],
    },
  });
}

/** Pods that are starting become ready in their time; pods without an owner are admitted; deleted ones go. */
export function advancePods(pass: ClusterPass, namespace: string, namespaceLabels: Readonly<Record<string, string>>): void {
  for (const pod of [...pass.list('pods', namespace)]) {
    if (pod.metadata.deletionTimestamp !== undefined) {
      pass.remove('pods', pod);
      continue;
    }
    if (textOf(valueAt(pod, 'status', 'podIP')) === undefined) {
      // Created by somebody through the API: goes through the webhook, gets a node and an address.
      pass.write(
        'pods',
        buildPod({
          seed: pass.seed,
          namespace,
          name: pod.metadata.name,
          generateName: '',
          workload: pod.metadata.name,
          template: pod,
          extraLabels: {},
          owner: pod.metadata.ownerReferences?.[0] ?? null,
          namespaceLabels,
          ip: pass.allocator.allocateIp(),
          bornAtMs: pass.nowMs,
        }),
      );
      pass.due(pass.nowMs + startupMs(pod.metadata.name));
      continue;
    }
    if (valueAt(pod, 'status', 'phase') !== 'Pending' || !isStartable(pod)) continue;
    const readyAtMs = bornAt(pod) + startupMs(pod.metadata.name);
    if (pass.nowMs < readyAtMs) {
      pass.due(readyAtMs);
      continue;
    }
    pass.write('pods', readyPod(pod, readyAtMs, 0));
    for (const c of listOf(valueAt(pod, 'spec', 'containers')).filter(isRecord))
      pass.record(pod, 'Started', `Started container ${textOf(c['name']) ?? ''}`, 'kubelet');
  }
}

/** Brings the pods of a namespace to what its Deployments want, and removes what has lost its owner. */
export function reconcileDeployments(pass: ClusterPass, namespace: string, namespaceLabels: Readonly<Record<string, string>>): void {
  const deployments = pass.list(DEPLOYMENTS, namespace);
  const names = new Set(deployments.map((d) => d.metadata.name));
  for (const set of [...pass.list(REPLICA_SETS, namespace)]) {
    const owner = ownerName(set, 'Deployment');
    if (owner !== null && !names.has(owner)) pass.remove(REPLICA_SETS, set);
  }
  const sets = new Set(pass.list(REPLICA_SETS, namespace).map((s) => s.metadata.name));
  for (const pod of [...pass.list('pods', namespace)]) {
    const owner = ownerName(pod, 'ReplicaSet');
    if (owner !== null && !sets.has(owner)) pass.remove('pods', pod);
  }
  advancePods(pass, namespace, namespaceLabels);
  for (const deployment of [...deployments]) reconcileDeployment(pass, deployment, namespaceLabels);
  // What was created just now becomes ready later.
  if (pass.mode === 'live') advancePods(pass, namespace, namespaceLabels);
}
