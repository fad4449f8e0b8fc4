// The real outside world of the live stores: EventSource, fetch, timers, the visibility of the tab.
// In: the browser. Out: LiveEnvironment. The only file of this folder that touches browser globals for data.
import { announceRefusal } from '../ui/session-signal';
import type { LiveEnvironment } from './graph-store';

/** The environment of a store that runs in a browser; requests carry the session cookie and give up after 30 s. */
export function browserEnvironment(): LiveEnvironment {
  return {
    openStream: (url) => new EventSource(url, { withCredentials: false }),
    fetchJson: async (url, signal) => {
      const answer = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
        headers: { accept: 'application/json' },
        cache: 'no-store',
      });
      // The 401 of a proxy need not be JSON, and it counts all the same.
      const body: unknown = answer.status === 401 ? await answer.json().catch(() => null) : await answer.json();
      if (answer.status === 401) announceRefusal();
      return { status: answer.status, body };
    },
    nowMs: () => Date.now(),
    startTimer: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    isHidden: () => document.hidden,
    watchHidden: (callback) => {
      document.addEventListener('visibilitychange', callback);
      return () => document.removeEventListener('visibilitychange', callback);
    },
  };
}
