'use client';
// The time, for ages that count up on the screen. In: how often. Out: ms since the epoch; null while rendered on the server.
import { useCallback, useSyncExternalStore } from 'react';

/** Now, rounded down to `stepMs`, renewed every `stepMs`. */
export function useNow(stepMs: number): number | null {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const timer = setInterval(onChange, stepMs);
      return () => clearInterval(timer);
    },
    [stepMs],
  );
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / stepMs) * stepMs,
    () => null,
  );
}
