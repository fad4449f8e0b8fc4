'use client';
// The newest changes of the journal, read once for all charts of a page and kept current. In: children. Out: the same, whose charts mark them.
import { type ReactNode, useMemo } from 'react';
import { ChartMarkersProvider } from '../charts/markers';
import { markerOf } from './change-marker';
import { useChanges } from './use-changes';

/** Enough for the ranges that charts show; the server gives out what its reader may see. */
const NEWEST = { limit: '100' } as const;

export function ChangeMarkers({ children, fetch }: { readonly children: ReactNode; readonly fetch?: typeof globalThis.fetch }): ReactNode {
  const { changes } = useChanges(NEWEST, fetch);
  const markers = useMemo(() => (changes ?? []).map(markerOf), [changes]);
  return <ChartMarkersProvider value={markers}>{children}</ChartMarkersProvider>;
}
