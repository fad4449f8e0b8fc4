'use client';
// The URL of the graph page as React state: read from the address bar, written back without a round trip to the server.
// In: next/navigation. Out: the Screen, a problem when the URL cannot be read, and `update`.
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { Failure } from '../../model/failure';
import { decodeView, viewKey } from '../../model/wire';
import { DEFAULT_SCREEN, decodeScreen, encodeScreen, type Screen } from './screen-url';
import type { LiveProblem } from './stream-event';

export interface ViewUrl {
  readonly screen: Screen;
  /** Why the URL was not followed; the default screen is shown then. */
  readonly problem: LiveProblem | null;
  /** Changes parts of the screen; replaces the current history entry, the page is not asked for again. */
  readonly update: (change: Partial<Screen>) => void;
}

function readScreen(query: URLSearchParams): { readonly screen: Screen; readonly problem: LiveProblem | null } {
  try {
    return { screen: decodeScreen(query), problem: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      screen: DEFAULT_SCREEN,
      problem: {
        title: 'The address cannot be read',
        detail: error.detail,
        next: 'The default view is shown; correct the address or choose anew.',
      },
    };
  }
}

/** The screen in the URL; `screen.view` keeps its identity while the view is the same. */
export function useViewUrl(): ViewUrl {
  const text = useSearchParams().toString();
  const { screen, problem } = useMemo(() => readScreen(new URLSearchParams(text)), [text]);
  const key = viewKey(screen.view);
  const view = useMemo(() => decodeView(new URLSearchParams(key)), [key]);
  // From the address bar, not from this rendering: two updates in one event must not undo each other.
  const update = useCallback((change: Partial<Screen>) => {
    const current = new URLSearchParams(window.location.search);
    const next = encodeScreen({ ...readScreen(current).screen, ...change }, current).toString();
    window.history.replaceState(null, '', next === '' ? window.location.pathname : `?${next}`);
  }, []);
  return useMemo(() => ({ screen: { ...screen, view }, problem, update }), [screen, view, problem, update]);
}
