// What is drawn at all: not the hidden, and of the edges those of the chosen mode. In: edges, mode, hidden ids. Out: a test for an id. Pure.
import type { GraphEdge } from '../../../model/graph';
import type { EdgeMode } from '../../live/screen-url';
import { edgeTone } from './tone';

/** Whether the node or edge of an id is drawn. */
export function buildIsShown(edges: readonly GraphEdge[], mode: EdgeMode, hidden: ReadonlySet<string> | null): (id: string) => boolean {
  const tones = new Map<string, ReturnType<typeof edgeTone>>(edges.map((edge) => [edge.id, edgeTone(edge)]));
  return (id) => {
    if (hidden?.has(id)) return false;
    const tone = tones.get(id);
    if (tone === undefined || mode === 'all') return true;
    return mode === 'unhealthy' && (tone === 'failure' || tone === 'degraded');
  };
}
