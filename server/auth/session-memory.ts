// What this replica remembers of sessions: the newest form of each (a refresh changes its token while older cookies are still under way),
// what was too large for cookies, ID tokens for logging out, revocations. In: Clock. Out: SessionMemory, bounded; losing it costs a refresh.
import type { Clock } from '../ports';
import type { Secret } from '../secret';
import { ExpiringSet } from './expiring-set';
import type { Session } from './session';

export interface SessionMemory {
  /** Remembers the newest form of a session, whole. */
  keep(session: Session): void;
  /** The newest form that this replica saw; null when it saw none. */
  newest(id: string): Session | null;
  keepIdToken(id: string, token: Secret): void;
  idToken(id: string): Secret | null;
  /** Ends one session on this replica. */
  revoke(session: Session): void;
  /** Ends the sessions of a provider's session (`sid`) or of a subject that were begun until now; returns how many are known here. */
  revokeProvider(realm: string, by: { readonly sid: string | null; readonly subject: string | null }): number;
  isRevoked(session: Session): boolean;
  /** Calls back once when the session is revoked here or reaches its end; returns what calls that off. */
  watchEnd(session: { readonly id: string; readonly endsAtMs: number }, onEnd: () => void): () => void;
  close(): void;
}

const MAX_SESSIONS = 2_000;
const MAX_REVOKED = 50_000;
// Timers of Node overflow after 24 days; a session may last 30.
export const MAX_TIMER_MS = 24 * 3_600_000;

/** `maxAgeMs`: how long sessions can live, and revocations have to count. */
export function createSessionMemory(clock: Clock, maxAgeMs: number): SessionMemory {
  const sessions = new Map<string, { session: Session; idToken: Secret | null }>();
  const revoked = new ExpiringSet(clock, MAX_REVOKED);
  const watchers = new Map<string, Set<() => void>>();

  const touch = (id: string): { session: Session; idToken: Secret | null } | null => {
    const found = sessions.get(id);
    if (found === undefined) return null;
    sessions.delete(id);
    if (found.session.endsAtMs <= clock.now()) return null;
    sessions.set(id, found);
    return found;
  };
  const end = (id: string): void => {
    sessions.delete(id);
    const waiting = watchers.get(id);
    watchers.delete(id);
    if (waiting) for (const call of [...waiting]) call();
  };
  const sidName = (realm: string, sid: string): string => `sid ${realm} ${sid}`;
  const subjectName = (realm: string, subject: string): string => `sub ${realm} ${subject}`;

  return {
    keep: (session) => {
      const held = touch(session.id);
      if (held !== null && held.session.generation > session.generation) return;
      sessions.set(session.id, { session, idToken: held?.idToken ?? null });
      if (sessions.size > MAX_SESSIONS) {
        // A stream that is open must be found when the provider ends its session.
        const oldest = [...sessions.keys()].find((id) => !watchers.has(id));
        if (oldest !== undefined) sessions.delete(oldest);
      }
    },
    newest: (id) => touch(id)?.session ?? null,
    keepIdToken: (id, token) => {
      const held = touch(id);
      if (held !== null) held.idToken = token;
    },
    idToken: (id) => touch(id)?.idToken ?? null,
    revoke: (session) => {
      revoked.add(`id ${session.id}`, Math.max(session.endsAtMs, clock.now() + 1));
      end(session.id);
    },
    revokeProvider: (realm, { sid, subject }) => {
      const untilMs = clock.now() + maxAgeMs;
      if (sid !== null) {
        revoked.add(sidName(realm, sid), untilMs);
        // Of a session whose ID token named no `sid` only the subject can be compared.
        if (subject !== null) revoked.add(subjectName(`${realm} without sid`, subject), untilMs);
      } else if (subject !== null) revoked.add(subjectName(realm, subject), untilMs);
      const ended = [...sessions.values()].filter(
        ({ session }) =>
          session.realm === realm &&
          (sid === null || session.providerSid === null ? session.subject === subject : session.providerSid === sid),
      );
      for (const { session } of ended) end(session.id);
      return ended.length;
    },
    isRevoked: (session) => {
      if (revoked.has(`id ${session.id}`)) return true;
      if (session.providerSid !== null && revoked.has(sidName(session.realm, session.providerSid))) return true;
      const names = [session.realm, ...(session.providerSid === null ? [`${session.realm} without sid`] : [])];
      // Whoever logged in again since then is welcome.
      return names.some((realm) => session.createdAtMs <= (revoked.addedAtMs(subjectName(realm, session.subject)) ?? -1));
    },
    watchEnd: ({ id, endsAtMs }, onEnd) => {
      const waiting = watchers.get(id) ?? new Set();
      watchers.set(id, waiting);
      let cancelTimer = (): void => {};
      const off = (): void => {
        cancelTimer();
        waiting.delete(finish);
        if (waiting.size === 0 && watchers.get(id) === waiting) watchers.delete(id);
      };
      function finish(): void {
        off();
        onEnd();
      }
      function arm(): void {
        const leftMs = endsAtMs - clock.now();
        cancelTimer = leftMs > MAX_TIMER_MS ? clock.after(MAX_TIMER_MS, arm) : clock.after(Math.max(0, leftMs), finish);
      }
      waiting.add(finish);
      arm();
      return off;
    },
    close: () => {
      for (const waiting of [...watchers.values()]) for (const call of [...waiting]) call();
      watchers.clear();
      sessions.clear();
    },
  };
}
