// Pods that behave alike: the ready pods of a workload with the same labels, proxy and account. Routing is decided per group, not per pod.
// In: WorldView, behaviours. Out: Groups, with the identity that telemetry gives them.
import type { MeshSettings } from '../../model/inventory';
import type { Caller } from '../../model/routing';
import type { WorkloadBehaviour } from '../world/behaviour';
import { canonicalRevision, canonicalService, type WorldPod, type WorldView } from '../world/inventory';
import { hashText } from '../world/random';
import { CLUSTER } from '../world/world';

/** How telemetry names a workload (istio.md 1.2). */
export interface Identity {
  readonly workload: string;
  readonly namespace: string;
  readonly app: string;
  readonly version: string;
  readonly canonicalService: string;
  readonly canonicalRevision: string;
  readonly cluster: string;
  /** `spiffe://…`, `unknown` without a certificate. */
  readonly principal: string;
}

export interface Group {
  readonly id: string;
  readonly namespace: string;
  readonly workload: string;
  readonly meshed: boolean;
  readonly gateway: boolean;
  readonly identity: Identity;
  readonly caller: Caller;
  /** Ready pods, at least one. */
  readonly pods: readonly WorldPod[];
  /** One of them, for questions about policy. */
  readonly sample: WorldPod;
  readonly behaviour: WorkloadBehaviour | null;
}

export interface Groups {
  readonly byPod: ReadonlyMap<string, Group>;
  /** By `namespace/workload`. */
  readonly byWorkload: ReadonlyMap<string, readonly Group[]>;
}

function identityOf(pod: WorldPod, mesh: MeshSettings): Identity {
  const { labels } = pod;
  return {
    workload: pod.workloadName,
    namespace: pod.namespace,
    app: labels['app'] ?? 'unknown',
    version: labels['version'] ?? 'unknown',
    canonicalService: canonicalService(labels, pod.workloadName),
    canonicalRevision: canonicalRevision(labels),
    cluster: CLUSTER,
    principal: pod.injected ? `spiffe://${mesh.trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}` : 'unknown',
  };
}

const groupKey = (pod: WorldPod): string => {
  const labels = Object.entries(pod.labels)
    .filter(([key]) => key !== 'pod-template-hash')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${pod.namespace}/${pod.workloadName}/${pod.injected}/${pod.gateway}/${pod.serviceAccount}/${labels.map((l) => l.join('=')).join(',')}`;
};

/** Behaviours found by workload, else by app: a new version behaves as the versions known before. */
export function indexBehaviours(behaviours: readonly WorkloadBehaviour[]): (pod: WorldPod) => WorkloadBehaviour | null {
  const byWorkload = new Map(behaviours.map((b) => [`${b.namespace}/${b.workload}`, b]));
  const byApp = new Map<string, WorkloadBehaviour>();
  for (const b of behaviours) if (!byApp.has(`${b.namespace}/${b.app}`)) byApp.set(`${b.namespace}/${b.app}`, b);
  return (pod) =>
    byWorkload.get(`${pod.namespace}/${pod.workloadName}`) ??
    byApp.get(`${pod.namespace}/${pod.labels['app'] ?? pod.workloadName}`) ??
    null;
}

/** The ready pods of a world in groups. */
export function buildGroups(view: WorldView, behaviourOf: (pod: WorldPod) => WorkloadBehaviour | null): Groups {
  const members = new Map<string, WorldPod[]>();
  for (const pod of view.pods.values()) {
    if (!pod.ready) continue;
    const key = groupKey(pod);
    const own = members.get(key);
    if (own) own.push(pod);
    else members.set(key, [pod]);
  }
  const byPod = new Map<string, Group>();
  const byWorkload = new Map<string, Group[]>();
  for (const [key, pods] of members) {
    const sample = pods[0];
    if (!sample) continue;
    const group: Group = {
      id: `${sample.namespace}/${sample.workloadName}/${hashText(key).toString(36)}`,
      namespace: sample.namespace,
      workload: sample.workloadName,
      meshed: sample.injected,
      gateway: sample.injected && sample.gateway,
      identity: identityOf(sample, view.inventory.mesh),
      caller: {
        cluster: CLUSTER,
        namespace: sample.namespace,
        workload: sample.workloadName,
        podLabels: sample.labels,
        serviceAccount: sample.serviceAccount,
        mode: sample.injected ? (sample.gateway ? 'gateway' : 'sidecar') : 'none',
      },
      pods,
      sample,
      behaviour: behaviourOf(sample),
    };
    for (const pod of pods) byPod.set(`${pod.namespace}/${pod.name}`, group);
    const name = `${group.namespace}/${group.workload}`;
    const own = byWorkload.get(name);
    if (own) own.push(group);
    else byWorkload.set(name, [group]);
  }
  return { byPod, byWorkload };
}
