// The logs' part of an EngineApi: which pods there are, as the watches know them. In: ClusterReader. Out: that call. Lines themselves are read
// on the thread that answers HTTP (server/logs).
import type { EngineApi } from './engine-rpc';
import { whyUnread } from './live/freshness';
import { listLogPods } from './logs/list-pods';
import type { ClusterReader } from './ports';

export const logCallsOf = (cluster: Pick<ClusterReader, 'inventory' | 'watches'>): Pick<EngineApi, 'fetchLogPods'> => ({
  fetchLogPods: (entity, sight) =>
    new Promise((resolve) => {
      const inventory = cluster.inventory();
      if (inventory === null) throw whyUnread(cluster.watches(), sight === null);
      resolve(listLogPods(inventory, entity, sight));
    }),
});
