// App and version of workloads as the metrics name them (canonical service and revision): for workloads that the inventory does not know,
// such as those of the past or of other clusters. In: answers of the identity queries. Out: identities by workload key. Pure.
import { workloadKey } from '../../model/ids';
import { UNKNOWN, type WorkloadIdentity } from '../../model/traffic';
import type { QueryAnswer } from './series-memory';

const known = (text: string | undefined): text is string => text !== undefined && text !== '' && text !== UNKNOWN;

/** Identities of all workloads named. Of several versions of one workload (a rollout under one name) the last in the alphabet is taken. */
export function buildIdentities(answers: readonly QueryAnswer[], homeCluster: string | null): ReadonlyMap<string, WorkloadIdentity> {
  const identities = new Map<string, WorkloadIdentity>();
  for (const { columns } of answers)
    for (let i = 0; i < columns.count; i++) {
      const [workload, namespace, app, version, cluster] = columns.labelsOf(columns.slots[i] ?? 0);
      if (!known(workload) || !known(namespace) || !known(app)) continue;
      const key = workloadKey(homeCluster ?? (known(cluster) ? cluster : UNKNOWN), namespace, workload);
      const own = { app, version: known(version) ? version : '' };
      const before = identities.get(key);
      // Peers that know nothing of a version say `latest`; another reporter may know better.
      if (
        before === undefined ||
        rank(own.version) > rank(before.version) ||
        (rank(own.version) === rank(before.version) && own.version > before.version)
      )
        identities.set(key, own);
    }
  return identities;
}

const rank = (version: string): number => (version === '' ? 0 : version === 'latest' ? 1 : 2);
