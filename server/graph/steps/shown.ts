// Step: how much of the view is drawn, and where the rest of its traffic is. In: what became of every observation. Out: totals.shown.
// Counted by observation, each once: so the places of a kind of traffic add up to all that the view chose, whatever is folded.
import type { TrafficPlaces } from '../../../model/graph';
import * as column from '../columns';
import { type Draft, GONE, type StepContext } from '../draft';
import { countedBytes } from '../kinds';
import { round4 } from '../round';

export function tellShown(draft: Draft, { traffic, view }: StepContext): void {
  const { rows } = traffic.index;
  const requests = new Float64Array(Object.keys(GONE).length);
  const bytes = new Float64Array(requests.length);
  for (let c = 0; c < draft.chosen.length; c++) {
    const row = column.at(draft.chosen, c) * column.ROW;
    const place = column.at(draft.gone, c);
    requests[place] = column.at(requests, place) + column.at(rows, row + column.REQUESTS);
    bytes[place] = column.at(bytes, place) + countedBytes(view.rateTcp, rows, row);
  }
  draft.totals = {
    ...draft.totals,
    shown: {
      nodes: draft.nodes.length,
      ofNodes: draft.fullNodes,
      edges: draft.edges.count,
      ofEdges: draft.fullEdges,
      requestsPerSecond: placesOf(requests, draft.whole.requests),
      tcpBytesPerSecond: placesOf(bytes, draft.whole.bytes),
    },
  };
}

function placesOf(sums: Float64Array, whole: number): TrafficPlaces {
  const counted = sums.reduce((total, sum) => total + sum, 0);
  return {
    drawn: round4(column.at(sums, GONE.not)),
    folded: round4(column.at(sums, GONE.folded)),
    hubs: round4(column.at(sums, GONE.hubs)),
    leftOut: round4(column.at(sums, GONE.leftOut)),
    // What sums of many numbers leave behind is nothing.
    hidden: whole - counted > whole * 1e-9 ? round4(whole - counted) : 0,
  };
}
