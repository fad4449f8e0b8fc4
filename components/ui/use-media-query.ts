'use client';
// Whether a CSS media query matches now. In: a query. Out: true or false; false while rendered on the server.
import { useCallback, useSyncExternalStore } from 'react';

/** Follows `query`; environments without matchMedia count as not matching. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      if (typeof window.matchMedia !== 'function') return () => undefined;
      const list = window.matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => typeof window.matchMedia === 'function' && window.matchMedia(query).matches,
    () => false,
  );
}

/** A phone or a narrow window: toolbars shrink into menus, the side panel becomes a drawer at the bottom. */
export const NARROW = '(max-width: 768px)';
