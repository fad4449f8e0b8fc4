// The word that a change was applied, confirmed or set back in this browser, from whatever did it to whoever shows changes.
// In: a call. Out: a call to what listens, over an event of the window, so that neither knows the other.
const CHANGED = 'heddle:changes';

export function announceChange(): void {
  if (typeof window !== 'undefined') window.dispatchEvent(new Event(CHANGED));
}

/** Calls back at every change; returns the end of it. */
export function watchChanges(callback: () => void): () => void {
  window.addEventListener(CHANGED, callback);
  return () => window.removeEventListener(CHANGED, callback);
}
