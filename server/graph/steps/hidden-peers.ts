// Step: how many workloads stand behind the hidden callers and callees of a view. In: masked flows and what they were made of.
// Out: DraftNode.members. A service without a workload behind it (nothing answered, or it is outside the cluster) counts as one.
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import { HIDDEN_NODE } from '../topology';

export function countHiddenPeers(draft: Draft, { traffic, topology }: StepContext): void {
  const { mask, index } = traffic;
  if (mask === null) return;
  const { flows, hiddenWorkload } = topology.identities;
  const callers = new Set<number>();
  const callees = new Set<number>();
  const served = new Set<number>();
  const unserved = new Set<number>();
  for (const observation of draft.chosen) {
    const flow = flows[column.at(index.flows, observation)];
    const origin = flows[column.at(mask.origins, observation)];
    if (flow === undefined || origin === undefined) continue;
    if (flow.source === hiddenWorkload) callers.add(origin.source.index);
    if (flow.destination !== hiddenWorkload) continue;
    if (origin.destination.known) {
      callees.add(origin.destination.index);
      served.add(origin.service.index);
    } else unserved.add(origin.service.index);
  }
  for (const service of served) unserved.delete(service);
  for (const node of draft.nodes)
    if (node.identity.kind === 'hidden')
      node.members = Math.max(1, node.identity.id === HIDDEN_NODE.callers ? callers.size : callees.size + unserved.size);
}
