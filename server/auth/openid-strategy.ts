// Logging in by an OpenID provider: leave, come back, stay, renew, log out. In: visits. Out: Strategy.
// Code with PKCE (RFC 7636, S256), state and nonce per attempt, the issuer of the answer checked (RFC 9207).
import * as client from 'openid-client';
import type { Clock } from '../ports';
import { CALLBACK_PATH } from './address-book';
import type { Audit } from './audit';
import type { AuthSettings, OpenidSettings } from './auth-settings';
import { MAX_FORM_BYTES, verifyLogoutToken } from './back-channel';
import { refusedBy } from './caller';
import { clearDoctorCookie, loginSlots, setDoctorCookie } from './cookie';
import type { Identified, Reply } from './desk';
import { RECORD_LIFE_MS, recordOfFault, recordOfSession, sealRecord } from './doctor';
import { ExpiringSet } from './expiring-set';
import { LoginFault } from './fault';
import { localPath } from './local-path';
import { ATTEMPT_LIFE_MS, beginAttempt, findAttempt, type LoginAttempt } from './login-attempt';
import { explainOpenidError } from './openid-fault';
import { readProfile } from './openid-profile';
import type { OpenidConnection, OpenidProvider } from './openid-provider';
import type { Sealer } from './seal';
import type { Session } from './session';
import type { SessionDesk } from './session-desk';
import type { SessionKeeper } from './session-keeper';
import type { SessionMemory } from './session-memory';
import { createSessionRenewal } from './session-renewal';
import type { Strategy, Visit } from './visit';

export interface OpenidParts {
  readonly settings: AuthSettings & { readonly openid: OpenidSettings };
  readonly provider: OpenidProvider;
  readonly sealer: Sealer;
  readonly keeper: SessionKeeper;
  readonly memory: SessionMemory;
  readonly sessions: SessionDesk;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Told of every subject that logged out. */
  readonly onLogout: (subject: string) => void;
}

/** Tokens are renewed this long before their end, so that nobody waits for it and none ends on its way to the API server. */
const RENEW_BEFORE_MS = 30_000;
/** What the console decides itself, whatever `auth.openid.parameters` says. */
const OWN_PARAMETERS = new Set([
  'client_id',
  'client_secret',
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
]);
const NOT_HERE = new Set(['localhost', '127.0.0.1', '[::1]']);

const redirect = (location: string, setCookies: readonly string[] = []): Reply => ({ status: 302, location, body: undefined, setCookies });
const queryOf = (visit: Visit): URLSearchParams => new URL(visit.request.url, 'http://heddle.invalid').searchParams;

export function createOpenidStrategy(parts: OpenidParts): Strategy {
  const { settings, provider, sealer, keeper, memory, sessions, audit, clock } = parts;
  const { openid, basePath } = settings;
  const spentStates = new ExpiringSet(clock, 20_000);
  const seenTokens = new ExpiringSet(clock, 20_000);
  const revocations = new Set<Promise<unknown>>();
  const renewals = createSessionRenewal(provider, settings, memory, clock, (session, fault) =>
    audit.note('refresh', fault?.code ?? 'ok', {
      address: 'unknown',
      user: session.name,
      subject: session.subject,
      ...(fault === null ? {} : { text: fault.message }),
    }),
  );

  /** Back to the page of logins, with what the doctor shows in a cookie. */
  async function fail(visit: Visit, fault: LoginFault, redirectUri: string | null, to: string, cookies: readonly string[]): Promise<Reply> {
    audit.note('login', fault.code, {
      address: visit.place.address,
      user: fault.identity?.username ?? null,
      text: fault.message,
    });
    const record = await sealRecord(recordOfFault(fault, 'openid', redirectUri, clock.now()), sealer);
    const query = new URLSearchParams({ failed: fault.code, ...(to === '/' ? {} : { to }) });
    return redirect(`${basePath}/login?${query.toString()}`, [...cookies, setDoctorCookie(visit.jar, record, RECORD_LIFE_MS / 1000)]);
  }

  async function begin(visit: Visit): Promise<Reply> {
    const { place, cookies, jar } = visit;
    const query = queryOf(visit);
    const to = localPath(query.get('to'), basePath) ?? '/';
    const redirectUri = `${place.publicUrl}${CALLBACK_PATH}`;
    try {
      if (!place.isAtPublicUrl && query.get('hop') === null) {
        if (settings.publicUrls.length === 0 && !NOT_HERE.has(place.host.replace(/:\d+$/, '')))
          throw new LoginFault(
            'redirectUriMismatch',
            `The console was opened as ${place.host.slice(0, 120)}, and server.publicUrls is not set: the login would come back to ${redirectUri}.`,
            'Set server.publicUrls to the address that people type, and register its /api/auth/callback with the provider.',
          );
        // Cookies belong to a host: the login has to begin where it comes back to.
        return redirect(`${place.publicUrl}/api/auth/login?${new URLSearchParams({ hop: '1', to }).toString()}`);
      }
      const { configuration } = await provider.connect();
      const { attempt, setCookie } = await beginAttempt(sealer, cookies, jar, clock.now(), redirectUri, to);
      const extra = Object.entries(openid.parameters).filter(([name]) => !OWN_PARAMETERS.has(name));
      const url = client.buildAuthorizationUrl(configuration, {
        ...Object.fromEntries(extra),
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...openid.scopes])].join(' '),
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
      });
      return redirect(url.href, [setCookie]);
    } catch (error) {
      return fail(visit, explainOpenidError(error, { openid, redirectUri, nowMs: clock.now() }), redirectUri, to, []);
    }
  }

  function lost(visit: Visit): LoginFault {
    const { place, cookies, jar } = visit;
    if (!place.isAtPublicUrl)
      return new LoginFault(
        'cookieLost',
        `The login came back to ${place.host.slice(0, 120) || 'a host without a name'}, which is not in server.publicUrls (${settings.publicUrls.join(', ') || 'not set'}).`,
        'Add the address that people type to server.publicUrls; before a proxy, add the proxy to server.trustedProxies so that its X-Forwarded-Host counts.',
      );
    const hasSome = loginSlots(cookies, jar).some((slot) => slot !== null);
    return new LoginFault(
      'cookieLost',
      hasSome
        ? 'The login came back to a browser that has the cookie of another login only: it was finished already, or is older than ten minutes.'
        : 'The login came back to a browser that has no cookie of it: cookies are blocked, it began under another host, or it is older than ten minutes.',
      place.isSecure
        ? 'Log in again. If it stays: open the console by https (the cookie is Secure) and under the one host in server.publicUrls.'
        : 'Log in again. If it stays: allow cookies, and open the console under the one host in server.publicUrls.',
    );
  }

  async function exchange(visit: Visit, attempt: LoginAttempt): Promise<Reply> {
    const connection = await provider.connect();
    // The address that the provider knows, not the one that Next tells.
    const current = new URL(attempt.redirectUri);
    current.search = queryOf(visit).toString();
    const tokens = await client.authorizationCodeGrant(connection.configuration, current, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.codeVerifier,
      idTokenExpected: true,
    });
    const profile = await readProfile(connection, tokens, settings, clock.now(), null);
    const isUserToken = settings.accessMode === 'userToken';
    const canRenew = profile.refreshToken !== null;
    const session = keeper.begin(
      {
        strategy: 'openid',
        subject: profile.subject,
        name: profile.name,
        groups: profile.groups,
        groupsTotal: profile.groups.length,
        claims: profile.claims,
        providerSid: profile.providerSid,
        refreshToken: profile.refreshToken,
        clusterToken: profile.clusterToken,
        tokenEndsAtMs: isUserToken || canRenew ? profile.tokenEndsAtMs : null,
        redirectUri: attempt.redirectUri,
        notes: profile.notes,
      },
      isUserToken && !canRenew ? profile.tokenEndsAtMs : null,
    );
    const lines = await keeper.write(session, visit.cookies, visit.jar);
    if (profile.idToken !== null) memory.keepIdToken(session.id, profile.idToken);
    const before = await sessions.read(visit);
    if (before.kind === 'session') memory.revoke(before.session);
    audit.note('login', 'ok', { address: visit.place.address, user: session.name, subject: session.subject });
    return redirect(`${basePath}${attempt.to}`, [...lines, clearDoctorCookie(visit.jar)]);
  }

  async function finish(visit: Visit): Promise<Reply> {
    const state = queryOf(visit).get('state');
    const found = state === null ? null : await findAttempt(sealer, visit.cookies, visit.jar, clock.now(), state);
    const isFirst = found !== null && spentStates.add(found.attempt.state, clock.now() + ATTEMPT_LIFE_MS);
    if (found === null || !isFirst) {
      // The "back" button, a page loaded again, a second tab: whoever is logged in already needs no error.
      if ((await sessions.read(visit)).kind === 'session') return redirect(`${basePath}/`);
      // Words of an answer that nobody here asked for are not repeated: anybody can send somebody such a link.
      return fail(visit, lost(visit), `${visit.place.publicUrl}${CALLBACK_PATH}`, '/', found === null ? [] : [found.clearCookie]);
    }
    const { attempt, clearCookie } = found;
    try {
      const reply = await exchange(visit, attempt);
      return { ...reply, setCookies: [clearCookie, ...reply.setCookies] };
    } catch (error) {
      const fault = explainOpenidError(error, { openid, redirectUri: attempt.redirectUri, nowMs: clock.now() });
      return fail(visit, fault, attempt.redirectUri, attempt.to, [clearCookie]);
    }
  }

  async function identify(visit: Visit, isFresh: boolean): Promise<Identified> {
    const found = await sessions.read(visit);
    if (found.kind !== 'session') return sessions.refuse(visit, found);
    const { session } = found;
    const leftMs = session.tokenEndsAtMs === null ? Number.POSITIVE_INFINITY : session.tokenEndsAtMs - clock.now();
    const isNear = leftMs <= RENEW_BEFORE_MS;
    const needsToken = settings.accessMode === 'userToken';
    if (isFresh || session.isPartial || (isNear && session.refreshToken !== null)) {
      const renewal = await renewals.renew(session);
      if (renewal.kind === 'renewed') return sessions.admit(visit, renewal.session, true, false);
      // A provider that is away logs nobody out who does not need its token: the console is needed most when much is away.
      const isOver = isFresh || session.isPartial || (leftMs <= 0 && (needsToken || renewal.kind === 'refused'));
      // The cookie stays: another replica may have renewed it just now, and then the browser has a newer one already.
      if (isOver) return refusedBy(renewal.fault);
    } else if (needsToken && leftMs <= 0)
      return refusedBy(new LoginFault('tokenExpired', 'The token for the Kubernetes API has expired.', 'Log in again.'));
    // Just before a renewal the cookie rests: an older form must not overwrite what another replica has renewed. After it, with a provider
    // that is away, requests go on to keep the session alive.
    return sessions.admit(visit, session, found.isStale, isNear && leftMs > 0 && session.refreshToken !== null);
  }

  /** Ends the refresh token at the provider too (RFC 7009): other replicas cannot know of this logout otherwise. */
  function revokeAtProvider({ revoke }: OpenidConnection, session: Session): void {
    if (session.refreshToken === null || revoke === null) return;
    const underWay = revoke(session.refreshToken)
      .catch(() => undefined)
      .finally(() => revocations.delete(underWay));
    revocations.add(underWay);
  }

  return {
    identify,
    begin,
    finish,
    loginByToken: null,
    record: async (visit) => {
      const found = await sessions.read(visit);
      return found.kind === 'session' ? recordOfSession(found.session, settings, clock.now()) : null;
    },
    logout: async (visit) => {
      const found = await sessions.read(visit);
      const session = found.kind === 'session' ? found.session : null;
      const idToken = session === null ? null : memory.idToken(session.id);
      const setCookies = sessions.end(visit, session);
      const here = { location: `${basePath}/login`, setCookies, subject: session?.subject ?? null };
      if (session === null) return here;
      parts.onLogout(session.subject);
      try {
        const connection = await provider.connect();
        const { configuration } = connection;
        revokeAtProvider(connection, session);
        if (configuration.serverMetadata().end_session_endpoint === undefined) return here;
        const url = client.buildEndSessionUrl(configuration, {
          post_logout_redirect_uri: `${visit.place.publicUrl}/login`,
          ...(idToken === null ? {} : { id_token_hint: idToken.reveal() }),
        });
        return { ...here, location: url.href };
      } catch {
        // The provider is away: the session here is over all the same.
        return here;
      }
    },
    logoutByProvider: async (visit, form) => {
      const answer = (status: number, body: unknown): Reply => ({ status, location: null, body, setCookies: [] });
      const address = visit.place.address;
      let reason: string;
      try {
        const token = form.get('logout_token');
        const result =
          (token?.length ?? 0) > MAX_FORM_BYTES
            ? 'it is too large'
            : await verifyLogoutToken(token, await provider.connect(), openid.clientId, openid.clockSkewSeconds, seenTokens, clock);
        if (typeof result !== 'string') {
          memory.revokeProvider(keeper.realm, result);
          if (result.subject !== null) parts.onLogout(result.subject);
          audit.note('providerLogout', 'ok', { address, subject: result.subject });
          return answer(200, {});
        }
        reason = result;
      } catch (error) {
        reason = explainOpenidError(error, { openid, redirectUri: null, nowMs: clock.now() }).message;
      }
      audit.note('providerLogout', 'tokenRefused', { address, text: reason });
      return answer(400, { error: 'invalid_request', error_description: reason });
    },
    watchEnd: sessions.watchEnd,
    close: async () => {
      // What is on its way needs the connection.
      await Promise.allSettled(revocations);
      await provider.close();
    },
  };
}
