// What happened at an instant, to be marked on every chart that shows it. In: markers from whoever knows them. Out: a context; places. No I/O.
import { createContext, useContext } from 'react';

export interface ChartMarker {
  readonly id: string;
  readonly atMs: number;
  /** "weights of reviews: v1 100 → 80". */
  readonly what: string;
  readonly who: string;
  /** Fully qualified hosts that it touches. */
  readonly hosts: readonly string[];
  /** Where it is told in full. */
  readonly href: string;
}

const MarkersContext = createContext<readonly ChartMarker[]>([]);
export const ChartMarkersProvider = MarkersContext.Provider;
export const useChartMarkers = (): readonly ChartMarker[] => useContext(MarkersContext);

export interface PlacedMarker {
  readonly marker: ChartMarker;
  /** 0 = the start of the range, 1 = its end. */
  readonly share: number;
}

/** Those within a range, oldest first. */
export const placeMarkers = (markers: readonly ChartMarker[], fromMs: number, toMs: number): readonly PlacedMarker[] =>
  toMs <= fromMs
    ? []
    : markers
        .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
        .sort((a, b) => a.atMs - b.atMs)
        .map((marker) => ({ marker, share: (marker.atMs - fromMs) / (toMs - fromMs) }));
