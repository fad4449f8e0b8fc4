// What strategies with sessions share: a found session becomes a caller, a refusal an answer, and requests keep it alive.
// In: SessionKeeper, Clock. Out: SessionDesk.
import { randomInt } from 'node:crypto';
import { Failure } from '../../model/failure';
import type { Clock } from '../ports';
import type { Audit } from './audit';
import type { AccessMode } from './auth-settings';
import { callerOfSession, refusedBy, unauthenticated } from './caller';
import type { Identified, SessionEnd } from './desk';
import { LoginFault } from './fault';
import type { Session } from './session';
import type { FoundSession, SessionKeeper } from './session-keeper';
import { MAX_TIMER_MS, type SessionMemory } from './session-memory';
import type { Visit } from './visit';

/** A session's cookie is written anew by requests at most this often. */
export const SLIDE_MS = 60_000;
/**
 * A stream is not ended sooner than this for a recheck, and then at some moment of a span: the tabs of one browser must not all renew one login
 * at once, maybe at different replicas.
 */
const LEAST_STREAM_MS = 60_000;
export const RECHECK_SPAN_MS = 15_000;

export interface SessionDesk {
  read(visit: Visit): Promise<FoundSession>;
  /** The answer for no session, or one that does not count any more. */
  refuse(visit: Visit, found: Exclude<FoundSession, { kind: 'session' }>): Identified;
  /** The answer for a session; `isDirty`: its cookie has to be written, `mayRest`: otherwise it need not be even if it is old. */
  admit(visit: Visit, session: Session, isDirty: boolean, mayRest: boolean): Promise<Identified>;
  /** Ends a session on this replica and in this browser. */
  end(visit: Visit, session: Session | null): readonly string[];
  watchEnd(identified: Identified, onEnd: (why: SessionEnd) => void): () => void;
}

const WORDS: Readonly<Record<string, string>> = {
  sessionEnded: 'the session has reached its end',
  sessionIdle: 'the session ended for want of requests',
  sessionRevoked: 'the session was ended by a logout',
  sessionUnknown: 'the session is not one of this console, or of another configuration',
};

export function createSessionDesk(keeper: SessionKeeper, memory: SessionMemory, mode: AccessMode, audit: Audit, clock: Clock): SessionDesk {
  return {
    read: ({ cookies, jar }) => keeper.read(cookies, jar),
    refuse: (visit, found) => {
      if (found.kind === 'none') return unauthenticated('there is no session');
      audit.note('request', found.outcome, {
        address: visit.place.address,
        user: found.session?.name ?? null,
        subject: found.session?.subject ?? null,
      });
      // One that this replica cannot open may be another's with a newer key: it is left alone.
      const cleared = found.outcome === 'sessionUnknown' ? [] : keeper.clear(visit.cookies, visit.jar);
      return unauthenticated(WORDS[found.outcome] ?? 'the session does not count', cleared, 'Log in again.');
    },
    admit: async (visit, session, isDirty, mayRest) => {
      const now = clock.now();
      // A logout that the provider sends must find the session on each replica that has a stream of it.
      if (!session.isPartial && memory.newest(session.id) === null) memory.keep(session);
      const isOld = !mayRest && now - session.seenAtMs >= SLIDE_MS;
      const live = isOld || isDirty ? { ...session, seenAtMs: now } : session;
      try {
        const caller = callerOfSession(live, mode, visit.place.address);
        const setCookies = isOld || isDirty ? await keeper.write(live, visit.cookies, visit.jar) : [];
        return {
          kind: 'caller',
          caller,
          session: {
            endsAtMs: live.endsAtMs,
            idleEndsAtMs: keeper.idleEnd(live),
            recheckAtMs: live.tokenEndsAtMs,
            csrfToken: live.csrfToken,
          },
          setCookies,
        };
      } catch (error) {
        if (error instanceof Failure) return { kind: 'unauthenticated', failure: error, setCookies: [] };
        if (!(error instanceof LoginFault)) throw error;
        audit.note('request', error.code, { address: visit.place.address, user: live.name, subject: live.subject, text: error.message });
        return refusedBy(error);
      }
    },
    end: (visit, session) => {
      if (session !== null) memory.revoke(session);
      return keeper.clear(visit.cookies, visit.jar);
    },
    watchEnd: (identified, onEnd) => {
      if (identified.kind !== 'caller' || identified.session === null || identified.caller.sessionId === null) return () => {};
      const { sessionId } = identified.caller;
      const { endsAtMs, recheckAtMs } = identified.session;
      let cancel = (): void => {};
      const off = memory.watchEnd({ id: sessionId, endsAtMs }, () => {
        cancel();
        onEnd('ended');
      });
      const arm = (atMs: number): void => {
        const delayMs = Math.max(atMs - clock.now(), LEAST_STREAM_MS) + randomInt(RECHECK_SPAN_MS);
        cancel = clock.after(Math.min(delayMs, MAX_TIMER_MS), () => {
          // Other requests of the session may have renewed it here meanwhile.
          const newestMs = memory.newest(sessionId)?.tokenEndsAtMs ?? atMs;
          if (newestMs > clock.now()) {
            arm(newestMs);
            return;
          }
          off();
          onEnd('recheck');
        });
      };
      if (recheckAtMs !== null) arm(recheckAtMs);
      return () => {
        cancel();
        off();
      };
    },
  };
}
