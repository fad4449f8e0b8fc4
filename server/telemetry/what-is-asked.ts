// Small questions about a request and its answers that snapshots and frames share. In: overlays, labels. Out: directions, yes or no. Pure.

import type { TrafficSnapshot } from '../../model/traffic';
import { UNKNOWN } from '../../model/traffic';
import type { Asked } from '../../model/wire';
import type { PayloadDirection } from './queries';
import type { RulesAt } from './rules-keeper';

/** Directions of payload that overlays want. */
export const directionsOf = (overlays: readonly Asked[]): readonly PayloadDirection[] => [
  ...(overlays.includes('requestThroughput') ? (['request'] as const) : []),
  ...(overlays.includes('throughput') ? (['response'] as const) : []),
];

const CLUSTER_LABELS: readonly string[] = ['source_cluster', 'destination_cluster'];

/** Whether labels speak of more than one cluster. */
export function nameSeveralClusters(
  answers: readonly { readonly names: readonly string[]; readonly series: Iterable<readonly string[]> }[],
): boolean {
  const seen = new Set(['', UNKNOWN]);
  for (const { names, series } of answers) {
    const places = CLUSTER_LABELS.map((label) => names.indexOf(label)).filter((place) => place >= 0);
    if (places.length > 0) for (const values of series) for (const place of places) seen.add(values[place] ?? '');
  }
  return seen.size > 3;
}

/** What of a snapshot was recorded by rules. */
export const recordedPartsOf = ({ edges, latency }: RulesAt, wantsQuantiles: boolean): Pick<TrafficSnapshot, 'recorded'> =>
  edges === null && (latency === null || !wantsQuantiles)
    ? {}
    : { recorded: { edgesAtMs: edges?.evaluatedMs ?? null, latencyAtMs: wantsQuantiles ? (latency?.evaluatedMs ?? null) : null } };
