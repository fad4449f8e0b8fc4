// What an expression needs, switched on. In: Screen, Needs. Out: the changed parts of the screen, and in words what was switched on. Pure.

import type { Needs } from '../../model/find/needs';
import type { FindOverlay } from '../../model/find/operands';
import { RANKINGS } from '../../model/view-options';
import { listOverlays } from '../live/label-overlays';
import { EDGE_LABELS, type EdgeLabel, type Screen } from '../live/screen-url';

const LABEL_OF: Readonly<Record<FindOverlay, EdgeLabel>> = { latency: 'avg', quantiles: 'p95', requestThroughput: 'requestThroughput' };
const LABEL_WORDS: Readonly<Partial<Record<EdgeLabel, string>>> = {
  avg: 'average latency',
  p95: 'P95 latency',
  requestThroughput: 'throughput of requests',
  mtls: 'mTLS',
};

export interface Applied {
  readonly screen: Partial<Screen>;
  /** What was switched on, in words; empty = nothing. */
  readonly added: readonly string[];
}

/** `shows`: the matches are to be seen (find); what is hidden needs only the data. */
export function applyNeeds(screen: Screen, { overlays, options }: Needs, shows: boolean): Applied {
  const labels = new Set(screen.labels);
  const added: string[] = [];
  const add = (label: EdgeLabel): void => {
    if (labels.has(label)) return;
    labels.add(label);
    added.push(LABEL_WORDS[label] ?? label);
  };
  for (const overlay of overlays) add(LABEL_OF[overlay]);
  if (shows && options.has('security')) add('mtls');
  const ordered = EDGE_LABELS.filter((label) => labels.has(label));
  let view = { ...screen.view, overlays: listOverlays(ordered) };
  if (shows) {
    if (options.has('rank') && view.rank.length === 0) {
      view = { ...view, rank: RANKINGS };
      added.push('ranks');
    }
    if (options.has('idleNodes') && !view.idle) {
      view = { ...view, idle: true };
      added.push('idle nodes');
    }
    if (options.has('operationNodes') && !view.operations) {
      view = { ...view, operations: true };
      added.push('operation nodes');
    }
    if (options.has('serviceNodes') && !view.serviceNodes) {
      view = { ...view, serviceNodes: true };
      added.push('service nodes');
    }
    if (options.has('waypoints') && !view.waypoints) {
      view = { ...view, waypoints: true };
      added.push('waypoints');
    }
  }
  return { screen: added.length === 0 ? {} : { labels: ordered, view }, added };
}
