// What `kubectl get pods` shows, as kubernetes/pkg/printers/internalversion/printers.go printPod counts it.
import { isRecord, listOf, recordOf, textOf, valueAt } from '../json';
import type { KubeObject } from '../object';
import { ageColumn, type Column, column } from './column';

const statuses = (pod: KubeObject, field: string): readonly Readonly<Record<string, unknown>>[] =>
  listOf(valueAt(pod, 'status', field)).filter(isRecord);

/** Names of the init containers that run on beside the others (restartPolicy Always: sidecars). */
function restartableInits(pod: KubeObject): ReadonlySet<string> {
  const inits = listOf(valueAt(pod, 'spec', 'initContainers')).map(recordOf);
  return new Set(inits.filter((init) => init['restartPolicy'] === 'Always').map((init) => textOf(init['name']) ?? ''));
}

function reasonOf(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  let reason = textOf(valueAt(pod, 'status', 'reason')) ?? textOf(valueAt(pod, 'status', 'phase')) ?? 'Unknown';
  for (const status of [...statuses(pod, 'containerStatuses')].reverse()) {
    const waiting = textOf(valueAt(status, 'state', 'waiting', 'reason'));
    const terminated = valueAt(status, 'state', 'terminated');
    if (waiting !== undefined && waiting !== '') reason = waiting;
    else if (isRecord(terminated)) reason = textOf(terminated['reason']) ?? `ExitCode:${String(terminated['exitCode'])}`;
  }
  if (reason === 'Completed' && statuses(pod, 'containerStatuses').some((status) => status['ready'] === true)) return 'Running';
  return reason;
}

function readyOf(pod: KubeObject): string {
  const sidecars = restartableInits(pod);
  const counted = [
    ...statuses(pod, 'initContainerStatuses').filter((status) => sidecars.has(String(status['name']))),
    ...statuses(pod, 'containerStatuses'),
  ];
  const ready = counted.filter((status) => status['ready'] === true).length;
  return `${ready}/${listOf(valueAt(pod, 'spec', 'containers')).length + sidecars.size}`;
}

function restartsOf(pod: KubeObject): string {
  const counts = statuses(pod, 'containerStatuses').map((status) => status['restartCount']);
  return String(counts.reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0));
}

const orNone = (value: unknown): string => textOf(value) ?? '<none>';

export const podColumns: readonly Column[] = [
  column('Ready', readyOf),
  column('Status', reasonOf),
  column('Restarts', restartsOf),
  ageColumn,
  column('IP', (pod) => orNone(valueAt(pod, 'status', 'podIP')), { wide: true }),
  column('Node', (pod) => orNone(valueAt(pod, 'spec', 'nodeName')), { wide: true }),
  column('Nominated Node', (pod) => orNone(valueAt(pod, 'status', 'nominatedNodeName')), { wide: true }),
  column('Readiness Gates', () => '<none>', { wide: true }),
];
