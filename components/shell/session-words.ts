// Which notice about the session is due. In: the session, the time, what was dismissed. Out: at most one notice. Pure.
import type { SessionState } from '../live/session-store';
import { plural } from '../ui/format';

export type SessionNotice =
  | { readonly kind: 'ended' }
  | { readonly kind: 'ending'; readonly endsAtMs: number; readonly inWords: string }
  | { readonly kind: 'anonymous' };

/** How long before its end a session is announced to end. */
export const WARNING_MS = 5 * 60_000;

export interface Dismissed {
  /** The end that was announced and read. */
  readonly endsAtMs: number | null;
  readonly anonymous: boolean;
}

export function findSessionNotice(session: SessionState, nowMs: number, dismissed: Dismissed): SessionNotice | null {
  const { status, me } = session;
  if (me === null) return null;
  if (status === 'ended') return { kind: 'ended' };
  if (status !== 'open') return null;
  if (me.strategy === 'anonymous') return dismissed.anonymous || me.sees !== 'all' ? null : { kind: 'anonymous' };
  const { endsAtMs } = me;
  if (endsAtMs === null || dismissed.endsAtMs === endsAtMs) return null;
  const leftMs = endsAtMs - nowMs;
  if (leftMs > WARNING_MS) return null;
  return {
    kind: 'ending',
    endsAtMs,
    inWords: leftMs < 60_000 ? 'in less than a minute' : `in ${plural(Math.round(leftMs / 60_000), 'minute')}`,
  };
}
