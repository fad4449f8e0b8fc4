// The word that the server takes this browser for nobody any more (an answer 401), from wherever it came to whoever shows it.
// In: a call by what asked. Out: a call to what listens, over an event of the window, so that neither knows the other.
const REFUSED = 'heddle:refused';

/** Says that a request of ours was answered 401. */
export function announceRefusal(): void {
  if (typeof window !== 'undefined') window.dispatchEvent(new Event(REFUSED));
}

/** Calls back at every refusal; returns the end of it. */
export function watchRefusals(callback: () => void): () => void {
  window.addEventListener(REFUSED, callback);
  return () => window.removeEventListener(REFUSED, callback);
}
