// Our own little drawings, as SVG paths on a 16 × 16 grid, stroked: badges, kinds of nodes, locks, health. Used by the canvas and the legend.
// In: nothing. Out: path texts. No image is ever loaded.
import type { Badge, NodeKind } from '../../../model/graph';

export const BADGE_GLYPHS: Readonly<Record<Badge, string>> = {
  gateway: 'M2.5 14V7.5a5.5 5.5 0 0 1 11 0V14M8 14V7M5.5 9.5L8 7l2.5 2.5',
  waypoint: 'M8 1.8L14.2 8 8 14.2 1.8 8zM5.5 8h5M8.5 6l2 2-2 2',
  faultInjection: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z',
  circuitBreaker: 'M1.5 11h3.5M11 11h3.5M5 11l5-6.5M5 10.5v1M11 10.5v1',
  trafficShifting: 'M1.5 8H5l4-4h5M5 8l4 4h5M12 2l2 2-2 2M12 10l2 2-2 2',
  tcpTrafficShifting: 'M1.5 6.5h3v3h-3zM4.5 8l4.5-4h5M4.5 8L9 12h5M12 2l2 2-2 2M12 10l2 2-2 2',
  mirroring: 'M8 2v12M5.5 5L2.5 8l3 3M2.5 8H6M10.5 5l3 3-3 3M13.5 8H10',
  requestTimeout: 'M8 2.2a5.8 5.8 0 1 0 .01 0M8 4.8V8l2.3 1.7',
  requestRouting: 'M1.5 8H6c3 0 2-4 5-4h3M6 8c3 0 2 4 5 4h3M12 2.2L14 4l-2 1.8M12 10.2l2 1.8-2 1.8',
  virtualService: 'M3 3l5 10 5-10M6.5 3h3',
  noSidecar: 'M8 2v8.5M8 3l4.5 6.5H8M2.5 12h11l-2 2.5h-7zM2 2l12 12.5',
  ambient: 'M1.5 6c2.2-3 4.3-3 6.5 0s4.3 3 6.5 0M1.5 11c2.2-3 4.3-3 6.5 0s4.3 3 6.5 0',
  workloadEntry: 'M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.75h.01M5 11.25h.01',
  trafficSource: 'M2 3v10M5 8h9M10.5 4.5L14 8l-3.5 3.5',
  dead: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  idle: 'M5.5 3v10M10.5 3v10',
  external: 'M9.5 2.5h4v4M13.5 2.5L7.5 8.5M11.5 9.5v4h-9v-9h4',
};

export const KIND_GLYPHS: Readonly<Record<NodeKind, string>> = {
  workload: 'M8 1.8l5.5 3.1v6.2L8 14.2l-5.5-3.1V4.9zM2.5 4.9L8 8l5.5-3.1M8 8v6.2',
  app: 'M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z',
  service: 'M8 5.2V8M8 8l-4 3M8 8l4 3M8 2.2a1.5 1.5 0 1 0 .01 0M3.2 11a1.5 1.5 0 1 0 .01 0M12.8 11a1.5 1.5 0 1 0 .01 0',
  serviceEntry: 'M8 2a6 6 0 1 0 .01 0M2 8h12M8 2C4.8 5.5 4.8 10.5 8 14c3.2-3.5 3.2-8.5 0-12',
  passthrough: 'M5 3v2.5M5 10.5V13M1.5 8h12M10 4.5L13.5 8 10 11.5',
  blackhole: 'M8 2a6 6 0 1 0 .01 0M3.8 3.8l8.4 8.4',
  unknown: 'M5.3 5.7a2.7 2.7 0 1 1 3.9 2.4C8.3 8.6 8 9.1 8 10.1M8 13v.01',
  namespace: '',
  operation: 'M5.5 4L1.5 8l4 4M10.5 4l4 4-4 4M9.2 2.8L6.8 13.2',
  hidden: 'M5 7.5V5.5a3 3 0 0 1 6 0v2M4 7.5h8v5.5H4zM8 9.7v1.1',
};

/** Something with edges that are not drawn. */
export const HUB = 'M8 5.2a2.8 2.8 0 1 0 .01 0M8 1v4.2M8 10.8V15M1 8h4.2M10.8 8H15';

export const LOCK_CLOSED = 'M5 7V5a3 3 0 0 1 6 0v2M3.5 7h9v6.5h-9zM8 9.5v1.5';
export const LOCK_OPEN = 'M5 7V4.5a3 3 0 0 1 5.8-1M3.5 7h9v6.5h-9z';
/** Drawn in the colour of the surface on a filled shape of the status colour. */
export const EXCLAMATION = 'M8 4v5M8 12v.01';
export const TRIANGLE_FILLED = 'M8 1L15.5 14.5H.5z';
export const DISC_FILLED = 'M8 .5a7.5 7.5 0 1 0 .01 0z';
