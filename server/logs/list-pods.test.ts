// Tests of the pods whose logs there are: those that run first, those that have run to their end, of workloads, applications and services.
import { describe, expect, it } from 'vitest';
import { workloadKey } from '../../model/ids';
import type { FinishedPod, Inventory, PodInfo, WorkloadInfo } from '../../model/inventory';
import { DEFAULT_MESH_SETTINGS } from '../../model/inventory';
import { listLogPods } from './list-pods';

const KEY = workloadKey('c', 'shop', 'copy');
const META = { cluster: 'c', namespace: 'shop', uid: '', resourceVersion: '', createdAtMs: 0, annotations: {} };
const LABELS = { app: 'copy' };
const WORKLOAD: WorkloadInfo = {
  ...{ ...META, name: 'copy', key: KEY, kind: 'CronJob', labels: LABELS, podLabels: LABELS, serviceAccount: 'default', app: 'copy' },
  ...{ version: 'v1', mode: 'none', pods: { desired: 1, current: 1, available: 1, ready: 1 }, meshedPods: 0 },
};
const RUNS: PodInfo = {
  ...{ ...META, name: 'copy-2-b', labels: LABELS, workload: KEY, ip: '10.0.0.1', ready: true, phase: 'Running', serviceAccount: 'default' },
  ...{ containers: ['copy', 'istio-proxy'], initContainers: ['wait'], injected: true, ambient: false, restarts: 3, restarted: ['copy'] },
  proxyVersion: null,
};
const FINISHED: FinishedPod = {
  ...{ namespace: 'shop', name: 'copy-1-a', labels: LABELS, workload: KEY, ownerName: 'copy', phase: 'Failed', restarts: 0 },
  ...{ containers: ['copy'], finished: true },
};
const inventory: Inventory = {
  ...{ cluster: 'c', revision: 1, mesh: DEFAULT_MESH_SETTINGS, namespaces: new Map(), services: new Map(), config: new Map() },
  workloads: new Map([[KEY, WORKLOAD]]),
  pods: new Map([['shop/copy-2-b', RUNS]]),
  finishedPods: [FINISHED, { ...FINISHED, namespace: 'pay', name: 'other' }],
};

describe('the pods of logs', () => {
  it.each(['workload', 'app'] as const)('of a %s are those that run, then those that have run', (kind) => {
    expect(listLogPods(inventory, { kind, namespace: 'shop', name: 'copy' }, null)).toEqual({
      namespace: 'shop',
      left: 0,
      pods: [
        {
          ...{ name: 'copy-2-b', workload: 'copy', version: 'v1', phase: 'Running', ready: true, restarts: 3 },
          containers: [
            { name: 'copy', role: 'app', restarted: true },
            { name: 'istio-proxy', role: 'proxy', restarted: false },
            { name: 'wait', role: 'init', restarted: false },
          ],
        },
        {
          ...{ name: 'copy-1-a', workload: 'copy', version: 'v1', phase: 'Failed', ready: false, restarts: 0 },
          containers: [{ name: 'copy', role: 'app', restarted: false }],
        },
      ],
    });
  });

  it('are not told to those who do not see the namespace', () => {
    expect(() => listLogPods(inventory, { kind: 'app', namespace: 'shop', name: 'copy' }, ['pay'])).toThrow(/there is no namespace shop/);
    expect(() => listLogPods(inventory, { kind: 'app', namespace: 'shop', name: 'nope' }, null)).toThrow(/there is no app nope/);
  });
});
