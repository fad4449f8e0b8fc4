// The ClusterRole aggregation controller: a ClusterRole with an aggregationRule carries the rules of all ClusterRoles its selectors match.
import { listOf, valueAt } from '../json';
import { matchesLabels } from '../selectors';
import type { ObjectStore } from '../store';

const CLUSTER_ROLES = 'clusterroles.rbac.authorization.k8s.io';

/** Writes the aggregated rules now and after every change of a ClusterRole; returns how to stop. */
export function aggregateRoles(store: ObjectStore): () => void {
  const aggregate = (): void => {
    for (const role of store.list(CLUSTER_ROLES)) {
      const selectors = listOf(valueAt(role, 'aggregationRule', 'clusterRoleSelectors'));
      if (role['aggregationRule'] === undefined) continue;
      const sources = store
        .list(CLUSTER_ROLES)
        .filter((other) => other !== role && selectors.some((selector) => matchesLabels(selector, other.metadata.labels)));
      // An unchanged role is not written again, so the change events this makes come to an end.
      store.write({ ...role, rules: sources.flatMap((source) => listOf(source['rules'])) });
    }
  };
  aggregate();
  return store.onResourceChange(CLUSTER_ROLES, aggregate);
}
