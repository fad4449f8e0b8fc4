'use client';
// Parameters of the address that belong to one page (filters, which parts are shown), beside the view that components/live keeps there.
// In: names of parameters. Out: their texts and a setter that replaces them in place, without asking the server.
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** Puts parameters in place of all whose names match; the others stay. Takes the address bar as it is now. */
export function replaceParameters(own: RegExp, next: URLSearchParams): void {
  const query = new URLSearchParams([...new URLSearchParams(window.location.search)].filter(([name]) => !own.test(name)));
  for (const [name, value] of next) query.append(name, value);
  const all = query.toString();
  window.history.replaceState(null, '', all === '' ? window.location.pathname : `?${all}`);
}

/** The parameter's text ('' where absent) and a setter; '' removes it. */
export function useAddress(name: string): readonly [string, (text: string) => void] {
  const text = useSearchParams().get(name) ?? '';
  const write = useCallback(
    (next: string) => {
      // From the address bar, not from this rendering: two changes in one event must not undo each other.
      const query = new URLSearchParams(window.location.search);
      if (next === '') query.delete(name);
      else query.set(name, next);
      replaceParameters(/./, query);
    },
    [name],
  );
  return [text, write];
}
