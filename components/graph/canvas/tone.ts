// Which of the few looks an edge or node has; each is a colour AND a pattern or a glyph. In: model elements. Out: tones. Pure.
import type { GraphEdge, GraphNode } from '../../../model/graph';
import { amountPerSecond } from '../edge-text';

export const TONES = ['healthy', 'degraded', 'failure', 'idle', 'tcp'] as const;
export type Tone = (typeof TONES)[number];

/** TCP has no error codes: blue. Without traffic: grey dots. */
export function edgeTone(edge: GraphEdge): Tone {
  if (amountPerSecond(edge) <= 0) return 'idle';
  switch (edge.health) {
    case 'failure':
      return 'failure';
    case 'degraded':
    case 'notReady':
      return 'degraded';
    case 'healthy':
    case 'na':
      return edge.protocol === 'tcp' ? 'tcp' : 'healthy';
  }
}

export function nodeTone(node: GraphNode): Exclude<Tone, 'tcp'> {
  switch (node.health.status) {
    case 'failure':
      return 'failure';
    case 'degraded':
    case 'notReady':
      return 'degraded';
    case 'healthy':
      return 'healthy';
    case 'na':
      return 'idle';
  }
}

/** Line width in model pixels, in steps of a half so that small changes of traffic redraw nothing. */
export function edgeWidth(edge: GraphEdge): number {
  const amount = edge.protocol === 'tcp' ? amountPerSecond(edge) / 1000 : edge.requestsPerSecond;
  const width = 1.5 + Math.min(2.5, Math.log10(1 + amount));
  return Math.round((width + (edgeTone(edge) === 'failure' ? 1 : 0)) * 2) / 2;
}
