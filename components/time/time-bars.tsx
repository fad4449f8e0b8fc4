'use client';
// The bars about time that the address asks for: a comparison, a replay, both. In: the view, its graph, the parameters. Out: bars below the graph.
import type { ReactNode } from 'react';
import type { GraphDocument, ViewSpec } from '../../model/wire';
import { ChangeMarkers } from '../changes/change-markers';
import { CompareBar } from './compare-bar';
import type { Drawing } from './compare-drawing';
import { ReplayBar } from './replay-bar';
import { decodeRange, encodeRange, readCompare } from './time-url';

interface Props {
  readonly view: ViewSpec;
  readonly document: GraphDocument | null;
  readonly selection: string | null;
  readonly refreshSeconds: number;
  /** The graph of the view is still being read. */
  readonly waiting: boolean;
  /** Texts of the address; '' = not asked for. */
  readonly compare: string;
  readonly replay: string;
  readonly onCompare: (text: string) => void;
  readonly onReplay: (text: string) => void;
  readonly onAt: (atSeconds: number | null) => void;
  readonly onSelect: (id: string) => void;
  readonly onDrawing: (drawing: Drawing | null) => void;
}

export function TimeBars(props: Props): ReactNode {
  const { view, document, selection, refreshSeconds, waiting, compare, replay, onCompare, onReplay, onAt, onSelect, onDrawing } = props;
  const baseline = readCompare(compare);
  const range = decodeRange(replay);
  return (
    <>
      {baseline === null ? null : (
        <CompareBar
          view={view}
          document={document}
          baseline={baseline}
          selection={selection}
          refreshSeconds={refreshSeconds}
          onBaseline={onCompare}
          onClose={() => onCompare('')}
          onSelect={onSelect}
          onDrawing={onDrawing}
        />
      )}
      {range === null ? null : (
        <ChangeMarkers>
          <ReplayBar
            view={view}
            range={range}
            waiting={waiting}
            onAt={onAt}
            onRange={(next, atSeconds) => {
              onReplay(encodeRange(next));
              onAt(atSeconds);
            }}
            onLive={() => {
              onReplay('');
              onAt(null);
            }}
          />
        </ChangeMarkers>
      )}
    </>
  );
}
