// Steps: gRPC messages on edges, and edges that stand still, where the view asks for them. In: extra traffic of the snapshot.
// Out: DraftEdges.more, new edges and nodes. An idle edge is one of which a proxy still holds a series, but counted nothing within the window.
import type { ExtraTraffic } from '../../../model/traffic';
import { selectFlows } from '../build';
import * as column from '../columns';
import type { Draft, StepContext } from '../draft';
import { placeFlows } from '../extra-edges';
import { round4 } from '../round';

/** Positions among the extras of those of a kind that belong to the view, and their flows. */
function chooseExtras(
  context: StepContext,
  kind: ExtraTraffic['kind'],
): { readonly places: readonly number[]; readonly flows: Int32Array } {
  const { extraFlows, snapshot } = context.traffic.index;
  const touches = selectFlows(context);
  const places: number[] = [];
  (snapshot.extras ?? []).forEach((extra, i) => {
    const flow = context.topology.identities.flows[column.at(extraFlows, i)];
    if (extra.kind === kind && flow !== undefined && touches(flow)) places.push(i);
  });
  return { places, flows: Int32Array.from(places, (i) => column.at(extraFlows, i)) };
}

export function addMessages(draft: Draft, context: StepContext): void {
  const { rateGrpc } = context.view;
  if (rateGrpc === 'requests' || rateGrpc === 'none') return;
  const { places, flows } = chooseExtras(context, 'messages');
  const { first, second } = placeFlows(draft, context, flows);
  const [sent, received] = [new Float64Array(draft.edges.count), new Float64Array(draft.edges.count)];
  const touched = new Set<number>();
  places.forEach((place, i) => {
    const extra = context.traffic.index.snapshot.extras?.[place];
    for (const edge of [column.at(first, i), column.at(second, i)]) {
      if (edge < 0 || extra === undefined) continue;
      sent[edge] = column.at(sent, edge) + extra.perSecond;
      received[edge] = column.at(received, edge) + extra.backPerSecond;
      touched.add(edge);
    }
  });
  for (const edge of touched)
    draft.edges.more.set(edge, {
      ...draft.edges.more.get(edge),
      ...(rateGrpc === 'received' ? {} : { requestMessagesPerSecond: round4(column.at(sent, edge)) }),
      ...(rateGrpc === 'sent' ? {} : { responseMessagesPerSecond: round4(column.at(received, edge)) }),
    });
}

export function addIdleEdges(draft: Draft, context: StepContext): void {
  if (!context.view.idleEdges) return;
  const { flows } = chooseExtras(context, 'idle');
  const before = draft.edges.count;
  placeFlows(draft, context, flows);
  for (let edge = before; edge < draft.edges.count; edge++) draft.edges.more.set(edge, { idle: true });
}
