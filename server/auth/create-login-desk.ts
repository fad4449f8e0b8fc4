// The one desk where everybody logs in: chooses the strategy, and around it the rate limit, the audit and the guard of changes.
// In: AuthSettings, Clock, Logger, a ReviewPort. Out: LoginDesk.
import type { MeDocument } from '../../model/account';
import { Failure } from '../../model/failure';
import type { Logger } from '../log';
import type { Clock, ReviewPort } from '../ports';
import { createAddressBook } from './address-book';
import { type Audit, type AuthEvent, createAudit } from './audit';
import type { AuthSettings } from './auth-settings';
import { doctorCookie } from './cookie';
import type { Identified, LoginDesk, Reply } from './desk';
import { buildDoctorDocument, type LoginRecord, openRecord } from './doctor';
import { createHeaderVerifier } from './header';
import { createHeaderStrategy } from './header-strategy';
import type { InboundRequest } from './inbound';
import { createOpenidProvider } from './openid-provider';
import { createOpenidStrategy } from './openid-strategy';
import { createProviderFetch } from './provider-fetch';
import { createRateLimit, type RateLimit } from './rate-limit';
import { checkChange } from './request-guard';
import { createSealer, type Sealer } from './seal';
import { createSessionDesk } from './session-desk';
import { createSessionKeeper } from './session-keeper';
import { createSessionMemory } from './session-memory';
import { createTokenStrategy } from './token-strategy';
import { buildVisit, type Strategy, type Visit } from './visit';

export interface LoginDeskParts {
  readonly settings: AuthSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Reaches the API server; only strategy token asks it. */
  readonly reviews: ReviewPort;
}

/** Pasted tokens cost the API server a review each; redirects cost nothing, and a whole office may share an address. */
const TOKEN_LIMIT = { burst: 10, refillMs: 6_000 };
const LOGIN_LIMIT = { burst: 60, refillMs: 1_000 };

const anonymousStrategy = (settings: AuthSettings): Strategy => ({
  identify: (visit) =>
    Promise.resolve({
      kind: 'caller',
      caller: {
        user: { strategy: 'anonymous', subject: 'anonymous', name: 'anonymous', groups: [] },
        credential: { kind: 'console' },
        address: visit.place.address,
        sessionId: null,
      },
      session: null,
      setCookies: [],
    }),
  record: () => Promise.resolve(null),
  begin: null,
  finish: null,
  loginByToken: null,
  logout: () => Promise.resolve({ location: `${settings.basePath}/`, setCookies: [], subject: null }),
  logoutByProvider: null,
  watchEnd: () => () => {},
  close: () => Promise.resolve(),
});

interface Shared {
  readonly parts: LoginDeskParts;
  readonly sealer: Sealer;
  readonly audit: Audit;
  readonly onLogout: (subject: string) => void;
}

function createStrategy({ parts, sealer, audit, onLogout }: Shared): Strategy {
  const { settings, clock, reviews } = parts;
  const { openid, header } = settings;
  switch (settings.strategy) {
    case 'anonymous':
      return anonymousStrategy(settings);
    case 'header': {
      if (header === null) throw new Failure('badRequest', 'auth.header.keys is not set', 'Set it, or another auth.strategy.');
      const fetch = createProviderFetch(null);
      const verify = createHeaderVerifier(header, clock, fetch);
      return createHeaderStrategy({ settings: { ...settings, header }, verify, fetch, audit, clock, onLogout });
    }
    case 'openid':
    case 'token': {
      const memory = createSessionMemory(clock, settings.sessionMaxMs);
      const keeper = createSessionKeeper(settings, sealer, memory, clock);
      const sessions = createSessionDesk(keeper, memory, settings.accessMode, audit, clock);
      const common = { keeper, memory, sessions, audit, clock, onLogout };
      if (settings.strategy === 'token') return withMemory(createTokenStrategy({ ...common, settings, reviews }), memory.close);
      if (openid === null) throw new Failure('badRequest', 'auth.openid.issuer is not set', 'Set it, or another auth.strategy.');
      const provider = createOpenidProvider(openid, clock, createProviderFetch(openid.caPem));
      return withMemory(createOpenidStrategy({ ...common, settings: { ...settings, openid }, provider, sealer }), memory.close);
    }
  }
}
const withMemory = (strategy: Strategy, closeMemory: () => void): Strategy => ({
  ...strategy,
  close: () => {
    closeMemory();
    return strategy.close();
  },
});

/** The desk of one console. @throws Failure badRequest for settings that cannot be used */
export function createLoginDesk(parts: LoginDeskParts): LoginDesk {
  const { settings, clock, log } = parts;
  const book = createAddressBook(settings);
  const sealer = createSealer(settings.sessionKeys);
  const audit = createAudit(settings.strategy, log, clock);
  const listeners = new Set<(subject: string) => void>();
  const strategy = createStrategy({
    parts,
    sealer,
    audit,
    onLogout: (subject) => {
      for (const tell of listeners) tell(subject);
    },
  });
  const tokenLimit = createRateLimit(clock, TOKEN_LIMIT.burst, TOKEN_LIMIT.refillMs);
  const loginLimit = createRateLimit(clock, LOGIN_LIMIT.burst, LOGIN_LIMIT.refillMs);
  if (settings.sessionKeys.length === 0 && (settings.strategy === 'openid' || settings.strategy === 'token'))
    log.warn('auth.sessionKeys is not set: sessions end with this process, and other replicas do not know them', {});
  if (settings.openid?.issuer.startsWith('http://') === true)
    log.warn('auth.openid.issuer is not https: tokens travel in the clear', { issuer: settings.openid.issuer });

  const visitOf = (request: InboundRequest): Visit => buildVisit(request, book, settings.basePath);
  const needed = <T>(method: T | null, what: string): T => {
    if (method !== null) return method;
    throw new Failure('notFound', `there is no ${what} with auth.strategy ${settings.strategy}`, 'Open /login to see how to log in.');
  };
  const limit = (bucket: RateLimit, visit: Visit, event: AuthEvent): void => {
    if (bucket.take(visit.place.address)) return;
    audit.note(event, 'tooManyAttempts', { address: visit.place.address });
    throw new Failure('tooManyRequests', 'too many logins were tried from this address', 'Wait a minute, then try again.');
  };
  const guard = (visit: Visit, csrfToken: string | null): void => {
    const fault = checkChange(visit.request, book, visit.place, csrfToken);
    if (fault === null) return;
    audit.note('request', fault.outcome, { address: visit.place.address, text: fault.failure.detail });
    throw fault.failure;
  };
  const csrfOf = (identified: Identified): string | null => (identified.kind === 'caller' ? (identified.session?.csrfToken ?? null) : null);

  return {
    strategy: settings.strategy,
    providerHost: settings.openid === null ? null : new URL(settings.openid.issuer).host,
    identify: (request, options) => strategy.identify(visitOf(request), options?.fresh === true),
    guard: (request, identified) => guard(visitOf(request), csrfOf(identified)),
    begin: async (request): Promise<Reply> => {
      const visit = visitOf(request);
      const begin = needed(strategy.begin, 'login by a provider');
      limit(loginLimit, visit, 'login');
      return begin(visit);
    },
    finish: async (request) => {
      const visit = visitOf(request);
      const finish = needed(strategy.finish, 'login by a provider');
      limit(loginLimit, visit, 'login');
      return finish(visit);
    },
    loginByToken: async (request, body) => {
      const visit = visitOf(request);
      const login = needed(strategy.loginByToken, 'login by a token');
      guard(visit, null);
      limit(tokenLimit, visit, 'login');
      return login(visit, body);
    },
    logout: async (request) => {
      const visit = visitOf(request);
      // Renewing tokens only to end them would be odd: the session is only looked at.
      const identified = await strategy.identify(visit, false);
      guard(visit, csrfOf(identified));
      const { location, setCookies, subject } = await strategy.logout(visit);
      if (subject !== null)
        audit.note('logout', 'ok', {
          address: visit.place.address,
          user: identified.kind === 'caller' ? identified.caller.user.name : null,
          subject,
        });
      return { status: 200, location: null, body: { location }, setCookies };
    },
    logoutByProvider: async (request, form) => {
      const visit = visitOf(request);
      const logout = needed(strategy.logoutByProvider, 'back-channel logout');
      limit(loginLimit, visit, 'providerLogout');
      return logout(visit, form);
    },
    diagnose: async (request) => {
      const visit = visitOf(request);
      const failed = await openRecord(doctorCookie(visit.cookies, visit.jar), sealer, clock.now());
      const record: LoginRecord | null =
        (failed?.strategy === settings.strategy ? failed : null) ??
        (settings.strategy === 'anonymous' ? recordOfNobody(settings, clock.now()) : await strategy.record(visit));
      if (record === null) throw new Failure('unauthenticated', 'there is no login to look at', 'Log in, then look again.');
      return buildDoctorDocument(record, settings, book.publicUrls);
    },
    describe: (identified, access): MeDocument => {
      const isCaller = identified.kind === 'caller';
      const session = isCaller ? identified.session : null;
      const sight = access === null ? [] : access.sight;
      return {
        strategy: settings.strategy,
        user:
          isCaller && settings.strategy !== 'anonymous'
            ? { name: identified.caller.user.name, groups: identified.caller.user.groups }
            : null,
        endsAtMs: session?.endsAtMs ?? null,
        idleEndsAtMs: session?.idleEndsAtMs ?? null,
        csrfToken: session?.csrfToken ?? null,
        sees: sight === null ? 'all' : sight.length > 0 ? 'some' : 'none',
        isAdmin: access?.isAdmin ?? false,
      };
    },
    watchEnd: (identified, onEnd) => strategy.watchEnd(identified, onEnd),
    watchLogouts: (onLogout) => {
      listeners.add(onLogout);
      return () => listeners.delete(onLogout);
    },
    encodeMetrics: () => audit.encode(),
    close: () => strategy.close(),
  };
}

const recordOfNobody = (settings: AuthSettings, atMs: number): LoginRecord => ({
  strategy: 'anonymous',
  atMs,
  claims: [],
  username: null,
  subject: null,
  groups: [],
  redirectUri: null,
  findings: [
    {
      severity: 'ok',
      code: 'nobodyLogsIn',
      text: `Nobody logs in (auth.strategy ${settings.strategy}): everybody has the rights of auth.anonymousRole.`,
      fix: null,
    },
  ],
});
