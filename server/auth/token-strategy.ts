// Logging in by a pasted Kubernetes token: the API server says who it is. In: visits, a ReviewPort. Out: Strategy.
import { Failure } from '../../model/failure';
import type { Clock, ReviewPort } from '../ports';
import type { Audit } from './audit';
import type { AuthSettings } from './auth-settings';
import { isRecord } from './claims';
import type { Reply } from './desk';
import { recordOfSession } from './doctor';
import { LoginFault } from './fault';
import type { SessionDesk } from './session-desk';
import type { SessionKeeper } from './session-keeper';
import type { SessionMemory } from './session-memory';
import { decodePastedToken, reviewToken } from './token';
import type { Strategy, Visit } from './visit';

export interface TokenParts {
  readonly settings: AuthSettings;
  readonly reviews: ReviewPort;
  readonly keeper: SessionKeeper;
  readonly memory: SessionMemory;
  readonly sessions: SessionDesk;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly onLogout: (subject: string) => void;
}

const DEADLINE_MS = 10_000;

export function createTokenStrategy({ settings, reviews, keeper, memory, sessions, audit, clock, onLogout }: TokenParts): Strategy {
  async function loginByToken(visit: Visit, body: unknown): Promise<Reply> {
    const { address } = visit.place;
    const token = decodePastedToken(isRecord(body) ? body['token'] : null);
    if (token === null) {
      audit.note('login', 'tokenRefused', { address, text: 'what was pasted is not a token' });
      throw new Failure(
        'badRequest',
        'what was pasted is not a token',
        'Paste the output of `kubectl create token <service account> -n <namespace>`.',
      );
    }
    const signal = AbortSignal.any([visit.request.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const identity = await reviewToken(reviews, token, signal);
    if (identity === null || (identity.endsAtMs !== null && identity.endsAtMs <= clock.now())) {
      audit.note('login', 'tokenRefused', { address, text: 'the API server does not accept the token' });
      throw new Failure(
        'unauthenticated',
        'the API server does not accept the token',
        'It may have expired, or be of another cluster: make a new one with `kubectl create token <service account> -n <namespace>`.',
      );
    }
    const session = keeper.begin(
      {
        strategy: 'token',
        subject: identity.uid ?? identity.name,
        name: identity.name,
        groups: identity.groups,
        groupsTotal: identity.groups.length,
        claims: [],
        providerSid: null,
        refreshToken: null,
        clusterToken: settings.accessMode === 'userToken' ? token : null,
        tokenEndsAtMs: identity.endsAtMs,
        redirectUri: null,
        notes: [],
      },
      identity.endsAtMs,
    );
    let setCookies: readonly string[];
    try {
      setCookies = await keeper.write(session, visit.cookies, visit.jar);
    } catch (error) {
      if (!(error instanceof LoginFault)) throw error;
      audit.note('login', error.code, { address, user: session.name, text: error.message });
      throw new Failure('badRequest', 'the token is too long for a cookie', 'Paste the token of a service account.');
    }
    const before = await sessions.read(visit);
    if (before.kind === 'session') memory.revoke(before.session);
    audit.note('login', 'ok', { address, user: session.name, subject: session.subject });
    return { status: 204, location: null, body: undefined, setCookies };
  }

  return {
    identify: async (visit) => {
      const found = await sessions.read(visit);
      // Nothing renews a pasted token; its session ends with it.
      return found.kind === 'session' ? sessions.admit(visit, found.session, found.isStale, false) : sessions.refuse(visit, found);
    },
    record: async (visit) => {
      const found = await sessions.read(visit);
      return found.kind === 'session' ? recordOfSession(found.session, settings, clock.now()) : null;
    },
    begin: null,
    finish: null,
    loginByToken,
    logout: async (visit) => {
      const found = await sessions.read(visit);
      const session = found.kind === 'session' ? found.session : null;
      if (session !== null) onLogout(session.subject);
      return {
        location: `${settings.basePath}/login`,
        setCookies: sessions.end(visit, session),
        subject: session?.subject ?? null,
      };
    },
    logoutByProvider: null,
    watchEnd: sessions.watchEnd,
    close: () => Promise.resolve(),
  };
}
