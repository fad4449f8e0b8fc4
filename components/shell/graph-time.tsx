'use client';
// What the graph page has to do with other instants than now: the buttons, the bars, and the graph as a comparison draws it.
// In: the view, its graph, the address. Out: nodes to render, the document to draw. Everything heavy is loaded when it is asked for.
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { type GraphDocument, type ViewSpec, viewKey } from '../../model/wire';
import type { Marks } from '../graph/canvas/marks';
import type { Drawing } from '../time/compare-drawing';
import { useAddress } from '../ui/use-address';

const TimeBars = dynamic(() => import('../time/time-bars').then((file) => file.TimeBars), { ssr: false });
const TimeMenu = dynamic(() => import('../time/time-menu').then((file) => file.TimeMenu), { ssr: false });

interface Options {
  readonly view: ViewSpec;
  readonly document: GraphDocument | null;
  readonly selection: string | null;
  readonly refreshSeconds: number;
  readonly loading: boolean;
  readonly onAt: (atSeconds: number | null) => void;
  readonly onSelect: (id: string) => void;
}

export interface GraphTime {
  /** The graph to draw: with ghosts of what is gone, while somebody compares. */
  readonly drawn: GraphDocument | null;
  /** The graph to tell of: the one of now, but for a ghost that was chosen. */
  readonly told: GraphDocument | null;
  readonly marks: Marks | null;
  readonly replaying: boolean;
  readonly menu: ReactNode;
  readonly bars: ReactNode;
}

/** Whether an element is drawn that is not there now. */
function isGhost(drawn: GraphDocument, document: GraphDocument | null, id: string | null): boolean {
  if (id === null || drawn === document) return false;
  const has = ({ nodes, edges }: GraphDocument): boolean => nodes.some((node) => node.id === id) || edges.some((edge) => edge.id === id);
  return has(drawn) && (document === null || !has(document));
}

export function useGraphTime({ view, document, selection, refreshSeconds, loading, onAt, onSelect }: Options): GraphTime {
  const [compare, onCompare] = useAddress('compare');
  const [replay, onReplay] = useAddress('replay');
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  // A drawing lags behind a new view, whose graph it is not.
  const current = drawing !== null && document !== null && viewKey(drawing.document.view) === viewKey(document.view) ? drawing : null;
  const address = { compare, replay, onCompare, onReplay, onAt };
  return {
    drawn: current?.document ?? document,
    told: current !== null && isGhost(current.document, document, selection) ? current.document : document,
    marks: current?.marks ?? null,
    replaying: replay !== '',
    menu: <TimeMenu {...address} atSeconds={view.atSeconds} shownAtMs={document?.atMs ?? null} />,
    bars:
      compare === '' && replay === '' ? null : (
        <TimeBars
          {...address}
          view={view}
          document={document}
          selection={selection}
          refreshSeconds={refreshSeconds}
          waiting={loading}
          onSelect={onSelect}
          onDrawing={setDrawing}
        />
      ),
  };
}
