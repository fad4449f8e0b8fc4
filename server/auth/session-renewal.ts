// Renews the tokens of a session quietly: once per session however many requests ask (refresh tokens count once), soon before their end.
// In: Session, OpenidProvider. Out: the renewed session, or why not.
import * as client from 'openid-client';
import type { Clock } from '../ports';
import { ExpiringSet } from './expiring-set';
import { LoginFault } from './fault';
import { explainOpenidError } from './openid-fault';
import { type ProfileSettings, readProfile } from './openid-profile';
import type { OpenidProvider } from './openid-provider';
import type { Session } from './session';
import type { SessionMemory } from './session-memory';

export type Renewal =
  | { readonly kind: 'renewed'; readonly session: Session }
  /** The provider gives no more tokens: the login is over once the present ones are. */
  | { readonly kind: 'refused'; readonly fault: LoginFault }
  /** The provider cannot be asked now. */
  | { readonly kind: 'away'; readonly fault: LoginFault };

export interface SessionRenewal {
  renew(session: Session): Promise<Renewal>;
}

const QUIET_AFTER_FAILURE_MS = 15_000;
const AWAY = new Set(['providerUnreachable', 'providerMalformed', 'clientRefused', 'issuerMismatch']);

/** `onOutcome` is told of every renewal that was tried. */
export function createSessionRenewal(
  provider: OpenidProvider,
  settings: ProfileSettings,
  memory: SessionMemory,
  clock: Clock,
  onOutcome: (session: Session, fault: LoginFault | null) => void,
): SessionRenewal {
  const underWay = new Map<string, Promise<Renewal>>();
  // A refresh token that was refused stays refused; the newer form of the session may be good.
  const spent = new ExpiringSet(clock, 5_000);
  let away: { readonly fault: LoginFault; readonly untilMs: number } | null = null;

  async function attempt(session: Session): Promise<Renewal> {
    const { refreshToken } = session;
    const name = `${session.id} ${session.generation}`;
    if (refreshToken === null || spent.has(name))
      return {
        kind: 'refused',
        fault: new LoginFault('tokenExpired', 'The tokens of this login have expired.', 'Log in again.'),
      };
    if (away !== null && away.untilMs > clock.now()) return { kind: 'away', fault: away.fault };
    try {
      const connection = await provider.connect();
      const tokens = await client.refreshTokenGrant(connection.configuration, refreshToken.reveal());
      const profile = await readProfile(connection, tokens, settings, clock.now(), session.subject);
      // Without an ID token or userinfo nothing new is known of the person.
      const isTold = profile.claims.length > 0;
      const renewed: Session = {
        ...session,
        ...(isTold
          ? { name: profile.name, groups: profile.groups, groupsTotal: profile.groups.length, claims: profile.claims, notes: profile.notes }
          : {}),
        refreshToken: profile.refreshToken ?? refreshToken,
        clusterToken: profile.clusterToken,
        tokenEndsAtMs: profile.tokenEndsAtMs,
        seenAtMs: clock.now(),
        generation: session.generation + 1,
        isPartial: !isTold && session.isPartial,
      };
      if (settings.accessMode === 'userToken' && (renewed.clusterToken === null || (renewed.tokenEndsAtMs ?? 0) <= clock.now()))
        throw new LoginFault(
          'tokenExpired',
          'The provider renewed the login without a token for the Kubernetes API.',
          'Set access.userToken to access, or have the provider send an ID token with each refresh.',
        );
      memory.keep(renewed);
      if (profile.idToken !== null) memory.keepIdToken(session.id, profile.idToken);
      away = null;
      onOutcome(renewed, null);
      return { kind: 'renewed', session: renewed };
    } catch (error) {
      const fault = explainOpenidError(error, { openid: settings.openid, redirectUri: null, nowMs: clock.now() });
      onOutcome(session, fault);
      if (AWAY.has(fault.code)) {
        away = { fault, untilMs: clock.now() + QUIET_AFTER_FAILURE_MS };
        return { kind: 'away', fault };
      }
      spent.add(name, session.endsAtMs);
      return { kind: 'refused', fault };
    }
  }

  return {
    renew: (session) => {
      const waiting = underWay.get(session.id);
      if (waiting !== undefined) return waiting;
      const started = attempt(session).finally(() => underWay.delete(session.id));
      underWay.set(session.id, started);
      return started;
    },
  };
}
