'use client';
// A small choice of this reader (theme, panel width, cards or list) that stays in this browser.
// In: a key, the choices that are valid, a default. Out: the value and a setter; without localStorage it lives as long as the component.
import { useCallback, useState, useSyncExternalStore } from 'react';

const CHANGED = 'heddle:stored';

function subscribe(onChange: () => void): () => void {
  window.addEventListener('storage', onChange);
  window.addEventListener(CHANGED, onChange);
  return () => {
    window.removeEventListener('storage', onChange);
    window.removeEventListener(CHANGED, onChange);
  };
}

function readText(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    // Blocked by the browser's settings: the choice is not remembered, nothing else changes.
    return null;
  }
}

function writeText(key: string, text: string): boolean {
  try {
    window.localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** The choice stored under `key`, equal in every component and tab; `decode` answers null for a text that is no valid choice. */
export function useStored<T>(
  key: string,
  standard: T,
  decode: (text: string) => T | null,
  encode: (value: T) => string,
): readonly [T, (value: T) => void] {
  const [unsaved, setUnsaved] = useState<string | null>(null);
  const stored = useSyncExternalStore(
    subscribe,
    () => readText(key),
    () => null,
  );
  const write = useCallback(
    (value: T) => {
      const text = encode(value);
      setUnsaved(writeText(key, text) ? null : text);
      window.dispatchEvent(new Event(CHANGED));
    },
    [key, encode],
  );
  const text = unsaved ?? stored;
  return [(text === null ? null : decode(text)) ?? standard, write];
}
