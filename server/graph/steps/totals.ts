// Step: sums over what the view shows, taken before folding, so that folding changes no total but the number of edges.
// In: nodes, edges, flows. Out: Draft.totals.
import { countHealth } from '../../../model/health-rules';
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import { dropUncounted } from '../kinds';
import { round4, roundShare } from '../round';

export function sumTotals(draft: Draft, context: StepContext): void {
  const { index } = context.traffic;
  const { topology } = context;
  const { flows, workloads } = topology.identities;
  const seen = new Uint8Array(workloads.length);
  const services = new Tally();
  const apps = new Tally();
  const sums = new Float64Array(column.ROW * 2);
  for (const observation of draft.chosen) {
    const flow = flows[column.at(index.flows, observation)];
    if (flow === undefined) continue;
    seen[flow.source.index] = 1;
    seen[flow.destination.index] = 1;
    if (flow.service.sort === 'service') services.add(topology.serviceNode(flow.service, flow.entry));
    column.addRow(sums, flow.protocol === 'tcp' ? 1 : 0, index.rows, observation);
  }
  let workloadCount = 0;
  for (let i = 0; i < seen.length; i++) {
    const workload = workloads[i];
    if (seen[i] !== 1 || workload?.known !== true) continue;
    workloadCount++;
    if (workload.app !== null) apps.add(topology.workloadNode('app', workload));
  }
  if (context.view.idle)
    for (const { badges, identity, facts } of draft.nodes) {
      if (!badges.includes('idle')) continue;
      if (identity.kind === 'service') services.add(identity.index);
      if (identity.workload !== null) workloadCount++;
      else if (identity.kind === 'app') workloadCount += facts.workloads.length;
      for (const info of facts.workloads) apps.add(topology.workloadNode('app', topology.identities.adopt(info)));
    }
  dropUncounted(context.view.rateTcp, sums, column.ROW);
  const http = column.at(sums, column.MUTUAL) + column.at(sums, column.PLAINTEXT);
  const tcp = column.at(sums, column.ROW + column.MUTUAL) + column.at(sums, column.ROW + column.PLAINTEXT);
  const mutual = http > 0 ? column.at(sums, column.MUTUAL) : column.at(sums, column.ROW + column.MUTUAL);
  const known = http > 0 ? http : tcp;
  draft.totals = {
    services: services.count,
    workloads: workloadCount,
    apps: apps.count,
    edges: draft.edges.count,
    requestsPerSecond: round4(column.at(sums, column.REQUESTS)),
    errorsPerSecond: round4(column.at(sums, column.ERRORS)),
    tcpBytesPerSecond: round4(column.at(sums, column.ROW + column.SENT) + column.at(sums, column.ROW + column.RECEIVED)),
    mtlsShare: known > 0 ? roundShare(mutual, known) : null,
    health: countHealth(draft.nodes.map((n) => n.health.status)),
  };
}

/** Counts different node indexes. */
class Tally {
  count = 0;
  readonly #seen: (boolean | undefined)[] = [];
  add(index: number): void {
    if (this.#seen[index] === true) return;
    this.#seen[index] = true;
    this.count++;
  }
}
