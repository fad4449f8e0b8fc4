'use client';
// Who the reader is for drafts and for requests that change something. In: the session. Out: a name, a Sender.
import { useMemo } from 'react';
import type { SessionState } from '../live/session-store';
import type { Sender } from './changes-api';

export const readUser = ({ me }: SessionState): string => me?.user?.name ?? 'anonymous';

/** Who sends; the same object while nothing changes. */
export function useSender({ me }: SessionState, ask?: typeof fetch): Sender {
  const csrfToken = me?.csrfToken ?? null;
  return useMemo(() => ({ csrfToken, ...(ask === undefined ? {} : { fetch: ask }) }), [csrfToken, ask]);
}
