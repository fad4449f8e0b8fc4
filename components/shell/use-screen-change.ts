'use client';
// Changes of the screen that start from what the address says now. In: a change as a function. Out: the address, replaced.
// A rendering lags behind the address bar: two quick clicks that both start from the rendered screen would undo each other.
import { useCallback } from 'react';
import { decodeScreen, type Screen } from '../live/screen-url';
import { useViewUrl } from '../live/view-url';

export type ScreenChange = (screen: Screen) => Partial<Screen>;

/** Applies a change to the screen in the address bar; to the rendered one where the address cannot be read. */
export function useScreenChange(): (change: ScreenChange) => void {
  const { screen, update } = useViewUrl();
  return useCallback(
    (change) => {
      let current = screen;
      try {
        current = decodeScreen(new URLSearchParams(window.location.search));
      } catch {
        // A bad address shows the default screen (useViewUrl says so): the change starts from there and mends it.
      }
      update(change(current));
    },
    [screen, update],
  );
}

/** The list with the value added or taken away, sorted. */
export const toggleName = (names: readonly string[], name: string): readonly string[] =>
  names.includes(name) ? names.filter((other) => other !== name) : [...names, name].sort();
