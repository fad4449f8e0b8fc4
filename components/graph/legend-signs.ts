// The signs of the legend, for the page and for exported pictures. In: nothing. Out: words with paths.
import type { Badge } from '../../model/graph';
import type { MarkTone } from './canvas/marks';
import type { Tone } from './canvas/tone';

/** Paths on a grid of 24 × 24. */
export const LEGEND_SHAPES: readonly (readonly [words: string, path: string, dashed: boolean, glyph?: string])[] = [
  ['Workload', 'M12 3a9 9 0 1 0 .01 0', false],
  ['App', 'M6 3.5h12a2.5 2.5 0 0 1 2.5 2.5v12a2.5 2.5 0 0 1-2.5 2.5H6A2.5 2.5 0 0 1 3.5 18V6A2.5 2.5 0 0 1 6 3.5z', false],
  ['Service', 'M12 3.5L21.5 20h-19z', false],
  ['External service (ServiceEntry)', 'M3 6h12.5L21.5 12l-6 6H3z', false],
  ['Unknown, passthrough, blocked', 'M8.5 3h7L20.5 8v7l-5 5h-7l-5-5V8z', true],
  ['Hidden by your permissions', 'M12 2L22 12 12 22 2 12z', true, 'M10 11.5v-1.3a2 2 0 0 1 4 0v1.3M9 11.5h6v3.8H9z'],
  [
    'Folded namespace, app or hub: a pile',
    'M3.5 9h12A2.5 2.5 0 0 1 18 11.5v7a2.5 2.5 0 0 1-2.5 2.5h-12A2.5 2.5 0 0 1 1 18.5v-7A2.5 2.5 0 0 1 3.5 9zM6 6V5.5A2.5 2.5 0 0 1 8.5 3h12A2.5 2.5 0 0 1 23 5.5v7a2.5 2.5 0 0 1-2.5 2.5H20.5',
    false,
  ],
  ['Calls, or is called by, a folded hub', 'M12 7.8a4.2 4.2 0 1 0 .01 0M12 2v5.8M12 16.2V22M2 12h5.8M16.2 12H22', false],
];

export const LEGEND_LINES: readonly (readonly [words: string, tone: Tone, dashes: string, width: number])[] = [
  ['Healthy', 'healthy', '', 2],
  ['Degraded', 'degraded', '9 4', 2],
  ['Failure', 'failure', '4 3', 3.5],
  ['TCP', 'tcp', '', 2],
  ['No traffic', 'idle', '3 5', 2],
];

export const LEGEND_BADGES: readonly Badge[] = [
  'gateway',
  'virtualService',
  'requestRouting',
  'trafficShifting',
  'tcpTrafficShifting',
  'faultInjection',
  'requestTimeout',
  'mirroring',
  'circuitBreaker',
  'noSidecar',
  'ambient',
  'waypoint',
  'workloadEntry',
  'trafficSource',
];

/** What comparisons and paths put on nodes and edges, with the colour of the canvas that each takes. */
export const LEGEND_MARKS: readonly (readonly [words: string, tone: Exclude<MarkTone, 'dim'>])[] = [
  ['Added', 'added'],
  ['Removed', 'removed'],
  ['Worse', 'worse'],
  ['Better', 'better'],
  ['On the path', 'path'],
];
