// What the labels on edges need of the server beyond rates. In: labels. Out: overlays. Pure.
import type { Overlay } from '../../model/wire';
import type { EdgeLabel } from './screen-url';

const OVERLAY_OF: Readonly<Partial<Record<EdgeLabel, Overlay>>> = {
  avg: 'latency',
  p50: 'quantiles',
  p95: 'quantiles',
  p99: 'quantiles',
  throughput: 'throughput',
  requestThroughput: 'requestThroughput',
};

/** What the server must collect for these labels; sorted, without duplicates. */
export const listOverlays = (labels: readonly EdgeLabel[]): readonly Overlay[] =>
  [...new Set(labels.map((label) => OVERLAY_OF[label]).filter((overlay) => overlay !== undefined))].sort();
